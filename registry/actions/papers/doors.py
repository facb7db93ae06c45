"""社区公文 异议单、不予承接告知书、一次性告知单、牌子清理通知单: what a community says, and is told."""

from registry.actions.certifying import slips
from registry.actions.papers.book import Book, day, pairs
from registry.actions.redress import papers as refusals
from registry.actions.walls import papers as orders
from registry.domain.certifying import DEMANDER_ZH, CertificateDemand
from registry.domain.paper import Grid, Paper
from registry.domain.redress import OBJECTION_ZH, Declining, Objection
from registry.domain.walls import CleanupOrder


def objection(book: Book, held: Objection) -> Paper:
    """异议单, with the answer once there is one."""
    community = book.name(held.organisation_id, held.raised_on)
    to = book.name(held.handler_id, held.raised_on)
    asking = book.name(held.department_id, held.raised_on)
    facts = {
        "title": held.subject, "to": to, "community": community, "text": held.text,
        "department": asking,
    }  # fmt: skip
    told = {
        "要求单位": asking, "提出日期": day(held.raised_on), "答复期限": day(held.due_on),
        "状态": OBJECTION_ZH[held.state],
        "答复": held.answer and f"{'异议成立' if held.upheld else '异议不成立'}。{held.answer}",
        "答复依据": "\n".join(held.answer_clauses), "答复文号": held.answer_number,
        "答复单位": to if held.answered_on else "", "答复日期": day(held.answered_on),
    }  # fmt: skip
    return book.paper(
        "objection", facts, held.raised_on, number=held.number, grids=[Grid(rows=pairs(told))],
        clauses=held.clauses, signed_by=community, signed_on=held.raised_on, of=held,
    )  # fmt: skip


def declining(book: Book, held: Declining) -> Paper:
    """不予承接告知书 in the community's name."""
    told = refusals.handed(book.office, book.call, held.id)
    facts = {
        "title": held.subject + ("（整项）" if held.whole else ""), "to": told.asker,
        "community": held.body_name, "text": held.text, "ground": told.ground_zh,
        "telephone": told.telephone,
    }  # fmt: skip
    again = f"已于{day(held.resumed_on)}恢复承接：{held.resumed_why}" if held.resumed_on else ""
    return book.paper(
        "declining", facts, held.issued_on, number=_number(held), clauses=held.clauses,
        signed_by=held.body_name, signed_on=held.issued_on, notes=[again] if again else [],
        of=held,
    )  # fmt: skip


def _number(held: Declining) -> str:
    """Its number; empty where the packs gave none, and it goes by its id."""
    return held.number if held.number != held.id else ""


def slip(book: Book, held: CertificateDemand) -> Paper:
    """一次性告知单: what is asked, why not here, who verifies."""
    told = slips.handed(book.office, book.call, held.id)
    given = told.answer
    asker = DEMANDER_ZH[given.demander] if given.demander else "未说明"
    facts = {
        "title": given.words, "community": told.community, "answer": given.answer_zh,
        "telephone": told.telephone,
    }  # fmt: skip
    grid = Grid(rows=pairs({
        "所要的证明": given.words, "索要方": asker + ("（外地）" if given.out_of_area else ""),
        "答复": given.answer_zh, "理由和依据": "\n".join(slips.reasons(given)),
        "由谁核验": "\n".join(slips.verified(given)),
        "咨询": "\n".join(f"{one.name}{slips.called(one)}" for one in given.ask),
    }))  # fmt: skip
    return book.paper(
        "slip", facts, held.recorded_on, number=held.slip_number, grids=[grid],
        signed_by=told.community, signed_on=held.recorded_on, of=held,
    )  # fmt: skip


def cleanup(book: Book, held: CleanupOrder) -> Paper:
    """牌子清理通知单."""
    told = orders.handed(book.office, book.call, held.id)
    departments = dict.fromkeys(one.department for one in told.walls if one.department)
    facts = {
        "department": "、".join(departments) or "设置单位", "community": told.community,
        "reason": held.reason, "due": day(held.due_on), "telephone": told.telephone,
    }  # fmt: skip
    rows = [[str(n), w.name, w.department or "未查明"] for n, w in enumerate(told.walls, start=1)]
    return book.paper(
        "cleanup", facts, held.issued_on, number=told.number,
        grids=[Grid(headings=["序号", "牌子、机构", "设置单位"], rows=rows)], clauses=held.clauses,
        signed_by=told.issuer, signed_on=held.issued_on, copies=told.community,
        notes=[told.ended] if told.ended else [], of=held,
    )  # fmt: skip
