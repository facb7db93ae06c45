"""决定公文 受理、补正、不予受理 and the decisions, each with its clauses and its way of review."""

from collections.abc import Mapping
from datetime import date

import msgspec

from registry.actions.papers.book import Book, called, day, pairs, term, yuan
from registry.domain.afterwards import Correction, Review, ReviewResult
from registry.domain.approval import Decision, DecisionKind, Step, Task
from registry.domain.areas import Area
from registry.domain.filing import Filing
from registry.domain.grant import narrowed
from registry.domain.paper import Grid, Paper
from registry.domain.records import civil
from registry.domain.request import Request, State
from registry.policies.dictionary import code_zh

_WORDS: dict[DecisionKind, str] = {
    DecisionKind.ADMITTED: "admitted", DecisionKind.NOT_ADMITTED: "not_admitted",
    DecisionKind.NOT_ACCEPTED: "not_accepted", DecisionKind.REVOKED: "revoked",
    DecisionKind.UPHELD: "review", DecisionKind.ANNULLED: "review",
}  # fmt: skip
_RESULT: dict[ReviewResult, str] = {
    ReviewResult.UPHELD: "维持原决定", ReviewResult.REPLACED: "变更原决定",
    ReviewResult.ANNULLED: "撤销原决定，由其他人员重新办理",
}  # fmt: skip


def applicants(book: Book, filing: Filing, on: date | None) -> str:
    """申请单位, the leading one first."""
    rest = [a.organisation_id for a in filing.applicants if a.organisation_id != filing.leading]
    return book.names([filing.leading, *rest], on)


def places(book: Book, filing: Filing, on: date | None) -> str:
    """涉及范围 by the names of that day."""
    today = on or book.desk.today
    areas: list[Area] = book.desk.places.areas(filing.targets, today)
    return "、".join(book.desk.places.name_on(area, today) for area in areas)


def first_body(book: Book, request: Request) -> str:
    """受理机构: who had the first step on the desk."""
    steps = sorted(book.unit.find(Step, request_id=request.id), key=lambda s: s.ordinal)
    if not steps:
        return ""
    tasks = book.unit.find(Task, request_id=request.id, step_id=steps[0].id)
    return book.names(sorted({t.organisation_id for t in tasks}), request.accepted_on)


def _facts(book: Book, request: Request, on: date | None) -> dict[str, str]:
    return {
        "title": request.title, "applicant": applicants(book, request.filing, on),
        "case": called(request),
    }  # fmt: skip


def acceptance(book: Book, request: Request) -> Paper:
    """受理通知书."""
    on = request.accepted_on
    body = request.accepted_by_name or first_body(book, request)
    due = day(request.due_on) + ("（暂定）" if request.due_provisional else "")
    facts = _facts(book, request, on) | {"body": body, "on": day(on), "due": due}
    return book.paper(
        "acceptance", facts, on, number=request.acceptance_number, number_zh="文号", signed_by=body,
        signed_on=on, copies=_copied(request.filing), of=request,
    )  # fmt: skip


def supplement(book: Book, request: Request) -> Paper:
    """补正通知书: what is missing, all at once."""
    _, at = book.since(request, _returned(book, request))
    on = civil(at)
    body = request.returned_by_name or first_body(book, request)
    facts = _facts(book, request, on) | {"body": body}
    items = [f"{n}. {item}" for n, item in enumerate(request.return_items, start=1)]
    return book.paper(
        "supplement", facts, on, number=request.supplement_number, number_zh="文号", signed_by=body,
        signed_on=on, after=items, of=request,
    )  # fmt: skip


def _returned(book: Book, request: Request) -> int:
    """The version with which it was sent back: edits since leave it where it is."""
    version = request.version
    while version > 1:
        at, _ = book.since(request, version)
        held = book.office.store.reader.get(Request, book.county, request.id, as_of=at - 1)
        if held is None or held.state is not State.RETURNED:
            break
        version -= 1
    return version


def decision(book: Book, held: Decision) -> Paper:
    """决定书 of any kind, as it was issued: what it was about as it stood that day."""
    request, on = book.case(held.request_id, held), held.issued_on
    before = book.unit.maybe(Decision, held.replaces) if held.replaces else None
    facts = _facts(book, request, on) | {
        "body": held.body_name, "reason": held.reason, "ratified": held.ratified_by_name,
        "amends": request.title if held.amends else "",
        "before": f"{before.number}决定" if before else "原决定", "result": code_zh(held.kind),
    }  # fmt: skip
    admitted = held.kind is DecisionKind.ADMITTED
    return _signed(
        book,
        _WORDS[held.kind],
        held,
        facts,
        grids=_granted(book, request, held) if admitted else [],
    )


def review(book: Book, held: Review) -> Paper:
    """复核决定书: on the number of the decision that it came to."""
    result = book.unit.get(Decision, held.result_id or "")
    request = book.case(held.request_id, result)
    before = book.unit.get(Decision, held.decision_id)
    facts = _facts(book, request, result.issued_on) | {
        "applicant": book.name(held.applicant_id, result.issued_on), "body": result.body_name,
        "before": f"{before.number}决定", "grounds": held.reason,
        "reason": held.result_reason or result.reason,
        "result": _RESULT[held.result] if held.result else "",
    }  # fmt: skip
    return _signed(book, "review", result, facts)


def _signed(
    book: Book, words: str, held: Decision, facts: Mapping[str, str], *,
    grids: list[Grid] | None = None,
) -> Paper:  # fmt: skip
    made = book.paper(
        words, facts, held.issued_on, number=held.number, number_zh="文号",
        clauses=held.clauses, signed_by=held.body_name, grids=grids or [],
        signed_on=held.reissued_on or held.issued_on, notes=_since(book, held), of=held,
    )  # fmt: skip
    closing = [*made.closing, held.review] if held.review else made.closing
    return msgspec.structs.replace(made, closing=closing)


def _granted(book: Book, request: Request, held: Decision) -> list[Grid]:
    """准予范围: what is admitted, no more."""
    filing, on = narrowed(request.filing, held.grant), held.issued_on
    fen = sum(line.amount_fen for line in filing.funding)
    told = {
        "事项名称": filing.title, "事项类别": code_zh(filing.kind),
        "承接主体": "、".join(code_zh(r) for r in filing.receivers),
        "涉及范围": places(book, filing, on), "社区角色": code_zh(filing.role),
        "工作内容": filing.content, "工作标准": filing.standard,
        "责任主体": filing.responsible_party, "期限": term(filing.starts_on, filing.ends_on),
        "经费（元）": yuan(fen) if fen else "",
        "公开属性": code_zh(request.disclosure) if request.disclosure else "",
    }  # fmt: skip
    return [Grid(rows=pairs(told))]


def _since(book: Book, held: Decision) -> list[str]:
    """What became of it: void, replaced, corrected."""
    told = []
    if held.voided_on is not None:
        told.append(f"本文号已于{day(held.voided_on)}作废：{held.void_reason}")
    if held.reissued_on is not None:
        told.append(f"本决定于{day(held.issued_on)}作出，原文号作废后以本文号重发。")
    if any(one.voided_on is None for one in book.unit.find(Decision, request_id=held.request_id)
           if one.replaces == held.id):  # fmt: skip
        told.append("本决定已由后一决定代替。")
    for one in book.unit.find(Correction, request_id=held.request_id):
        if one.object_id == held.id:
            told.append(f"{day(one.made_on)}更正：“{one.was}”更正为“{one.becomes}”。")
    return told


def _copied(filing: Filing) -> str:
    return "、".join(filing.letter.copied_to) if filing.letter is not None else ""
