"""进驻公文 准入通知书、协议书、暂停、恢复、退出通知书、催办单、交接清单."""

from datetime import date

from registry.actions.filing import owners
from registry.actions.papers.book import NUMERALS, Book, called, day, pairs, term, yuan
from registry.actions.succession import handover_page
from registry.domain.admission import Verdict
from registry.domain.agreement import Agreement, Side, Signature
from registry.domain.approval import Decision, DecisionKind, Task, TaskState
from registry.domain.living import Departure, Suspension
from registry.domain.movement import Movement
from registry.domain.paper import Grid, Paper
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.request import Request
from registry.domain.succession import HANDING_ZH, LEAVING_ZH, Handover
from registry.domain.vouching import AdmissionNotice
from registry.policies.dictionary import code_zh


def notice(book: Book, held: AdmissionNotice) -> Paper:
    """准入通知书 with the code by which a phone checks it."""
    facts = {
        "title": held.title, "community": held.scope, "body": held.issuer_name,
        "case": called(book.unit.get(Request, held.request_id)),
    }  # fmt: skip
    told = {
        "事项": held.title, "社区": held.scope + (f"（{held.scope_code}）" if held.scope_code else ""),
        "期限": term(held.starts_on, held.ends_on), "本社区经费（元）": yuan(held.share_fen),
        "保障条件": "\n".join(held.conditions) or "没有",
    }  # fmt: skip
    edition = f"（第{held.edition}版）" if held.edition > 1 else ""
    return book.paper(
        "notice", facts, held.issued_on, number=held.number + edition,
        grids=[Grid(rows=pairs(told))], signed_by=held.issuer_name, signed_on=held.issued_on,
        notes=["本版已由后一版代替，以最新一版为准。"] if held.replaced else [],
        qr=list(book.head.link(held.code)) if book.head.link is not None else [held.code],
        qr_note="扫描二维码核验真伪和现状", of=held,
    )  # fmt: skip


def agreement(book: Book, held: Agreement) -> Paper:
    """协议书 as its text stands, with who has signed it."""
    request, terms = book.unit.get(Request, held.request_id), held.terms
    on = civil(book.since(held)[1])
    asking = book.names(owners(request)[:1], on)
    communities = book.names(_communities(book, request), on)
    facts = {"title": request.title, "department": asking, "case": called(request)}
    clauses = {
        "工作任务": terms.task, "工作标准": terms.standard, "双方责任": terms.responsibility,
        "验收办法": terms.acceptance, "期限": term(terms.starts_on, terms.ends_on),
        "经费": f"{yuan(terms.money_fen)}元" if terms.money_fen else "不涉及经费",
        "随事下放的权限": "；".join(terms.powers), "退出办法": terms.exit_terms,
    }  # fmt: skip
    articles = [f"{NUMERALS[n]}、{name}：{text}"
                for n, (name, text) in enumerate(pairs(clauses))]  # fmt: skip
    admission = _admission(book, request)
    edition = f"，第{held.edition}版" if admission and held.edition > 1 else ""
    return book.paper(
        "agreement", facts, on, number=admission + edition, number_zh="准入文号",
        before=[f"甲方（申请单位）：{asking}", f"乙方（社区）：{communities}"], after=articles,
        seal=False, notes=_signed(book, held), of=held,
    )  # fmt: skip


def _communities(book: Book, request: Request) -> list[str]:
    found = book.unit.find(Presence, request_id=request.id)
    return sorted({p.organisation_id for p in found if not p.dropped})


def _admission(book: Book, request: Request) -> str:
    """准入文号; empty before there is one."""
    found = book.unit.find(Decision, request_id=request.id)
    told = [d for d in found if d.kind is DecisionKind.ADMITTED and d.voided_on is None]
    return max(told, key=lambda d: (d.issued_on, d.id)).number if told else ""


def _signed(book: Book, held: Agreement) -> list[str]:
    """签署登记: what the registry knows of signatures on this text; a click is none (P31)."""
    found = book.unit.find(Signature, agreement_id=held.id)
    return [
        f"{book.name(one.organisation_id, one.signed_on)}已于{day(one.signed_on)}"
        f"{'书面签署' if one.means == 'paper' else '电子签章'}"
        f"{f'，原件存于{one.original_at}' if one.original_at else ''}。"
        for one in sorted(found, key=lambda s: (s.side is Side.COMMUNITY, s.signed_on, s.id))
        if one.edition == held.edition
    ]  # fmt: skip


def urging(book: Book, held: Movement) -> Paper:
    """催办单 to whoever has the case on the desk."""
    request, on = book.case(held.request_id, held), civil(held.at)
    tasks = book.unit.find(Task, request_id=request.id)
    then = [book.then(Task, t.id, held) for t in tasks]
    to = [t.organisation_id for t in then if t is not None and t.state is TaskState.OPEN]
    by = book.name(held.organisation_id, on)
    facts = {
        "title": request.title, "to": book.names(to, on), "by": by, "text": held.text,
        "due": day(request.due_on), "case": called(request),
    }  # fmt: skip
    return book.paper(
        "urging", facts, on, number=held.number, signed_by=by, signed_on=on,
        of=held,
    )  # fmt: skip


def suspension(book: Book, held: Suspension) -> Paper:
    """暂停执行通知书."""
    return _moved(book, "suspension", held, held.reason)


def resumption(book: Book, held: Suspension) -> Paper:
    """恢复执行通知书, once it goes on."""
    return _moved(book, "resumption", held, held.resumed_why)


def _moved(book: Book, kind: str, held: Suspension, reason: str) -> Paper:
    presence = book.unit.get(Presence, held.presence_id)
    on = held.resumed_on if kind == "resumption" else held.since
    by = book.name(held.organisation_id, on)
    facts = {
        "title": held.title or presence.title, "body": by, "reason": reason, "on": day(on),
        "department": book.name(presence.department_id, on),
        "community": book.name(presence.organisation_id, on),
    }  # fmt: skip
    clauses = _rested(book, held.verdict_id)
    number = held.resumed_number if kind == "resumption" else held.number
    return book.paper(
        kind, facts, on, number=number, number_zh="文号", clauses=clauses, signed_by=by, signed_on=on,
        copies=_others(book, presence, held.organisation_id), of=held,
    )  # fmt: skip


def _rested(book: Book, verdict_id: str | None) -> list[str]:
    """依据: clauses of what the rules said, each once."""
    found = book.unit.maybe(Verdict, verdict_id) if verdict_id else None
    return list(dict.fromkeys(h.clause for h in found.rules if h.clause)) if found else []


def _others(book: Book, presence: Presence, by: str) -> str:
    """抄送: the community, where it is not the one that speaks."""
    return "" if presence.organisation_id == by else book.name(presence.organisation_id, None)


def departure(book: Book, held: Departure) -> Paper:
    """退出通知书 with what is still to be put in order."""
    presence = book.unit.get(Presence, held.presence_id)
    decision = book.unit.maybe(Decision, held.decision_id) if held.decision_id else None
    community = book.name(held.organisation_id, held.left_on)
    by = decision.body_name if decision is not None else community
    facts = {
        "title": held.title or presence.title, "community": community, "body": by,
        "reason": "。".join(t for t in (code_zh(held.trigger), held.reason) if t),
        "on": day(held.left_on),
        "department": book.name(held.department_id or presence.department_id, held.left_on),
    }  # fmt: skip
    rows = [
        ["牌子和机构", f"应清理{len(held.boards)}处" + _done(held.boards_gone_on) if held.boards else "没有"],
        ["经费", "尚未结清" if held.money_open and not held.money_settled_on
         else "已结清" + _done(held.money_settled_on)],
        ["填报", "停止填报" + _done(held.report_stopped_on) if held.report_stopped_on else "—"],
    ]  # fmt: skip
    return book.paper(
        "departure", facts, held.left_on, number_zh="文号",
        number=held.number or (decision.number if decision else ""),
        grids=[Grid(headings=["应办结的事项", "现状"], rows=rows)],
        clauses=_rested(book, held.verdict_id) or (decision.clauses if decision else []),
        signed_by=by, signed_on=held.left_on, copies="" if by == community else community,
        notes=[f"本事项已于{day(held.back_on)}恢复。"] if held.back_on else [], of=held,
    )  # fmt: skip


def _done(on: date | None) -> str:
    return f"（{day(on)}办结）" if on is not None else ""


def handover(book: Book, held: Handover) -> Paper:
    """交接清单, to be signed by both and by who watches."""
    told = handover_page.listed(book.office, book.call, held.id)
    names = told.names
    rows = [
        [str(n), handover_page.KIND_ZH.get(item.kind, item.kind), item.title,
         HANDING_ZH[item.how], names.get(item.to_person_id or "", "—")]
        for n, item in enumerate(held.items, start=1)
    ]  # fmt: skip
    facts = {
        "person": held.person_name, "reason": LEAVING_ZH[held.reason], "on": day(held.done_on),
    }  # fmt: skip
    posts = [[str(n), post] for n, post in enumerate(told.posts, start=1)]
    grids = [Grid(caption=f"一、终止任职（{len(posts)}项）", headings=["序号", "任职"], rows=posts)]
    grids += [Grid(caption=f"二、交接事项（{len(rows)}项）",
                   headings=["序号", "种类", "名称", "方式", "接收人"], rows=rows)]  # fmt: skip
    return book.paper(
        "handover", facts, held.done_on, number=held.number, grids=[g for g in grids if g.rows],
        closing=[f"账号：{'停用' if held.frozen else '保留'}", f"办理人：{book.person(held.done_by)}"],
        seal=False, of=held,
    )  # fmt: skip
