"""签发提交 a filing is judged and handed to the first approver; a refused one stays a draft."""

from registry.actions.afterwards.amending import check_change
from registry.actions.between.resuming import asked, resume_case
from registry.actions.certifying.proposing import draft_for
from registry.actions.doubting import keeping
from registry.actions.doubting.cases import LETTER_TWICE
from registry.actions.doubting.keeping import Seen
from registry.actions.figures import check_formulas
from registry.actions.filing import hands, move, owners, target_paths
from registry.actions.judging import NO_RECEIVER as NO_RECEIVER  # noqa: PLC0414 - an answer
from registry.actions.judging import check_receivers, judge_filing
from registry.actions.likeness import flag_refiled
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk, refusal_facts
from registry.actions.routing import open_case
from registry.actions.rules.expiring import flag_bases
from registry.actions.views import RequestView, view
from registry.domain.admission import Verdict
from registry.domain.document_number import writings
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import required_gaps
from registry.domain.records import Text, Wire
from registry.domain.request import Purpose, Request, State
from registry.domain.serial import Paper
from registry.domain.vocabulary import Outcome
from registry.policies.dictionary import field_zh
from registry.policies.overlay import Governing

INCOMPLETE = declare(
    "request.incomplete", RefusalKind.INVALID, "提交前还要补齐：{missing_zh}",
    "Required fields are missing: {missing}.", recorded=True,
)  # fmt: skip
REFUSED = declare(
    "request.refused", RefusalKind.INVALID, "预审不通过，申请仍为草稿；可修改后重报或坚持申报",
    "Refused on precheck; the request stays a draft. Change its substance, or insist.",
    recorded=True,
)  # fmt: skip
NO_LETTER = declare(
    "request.letter", RefusalKind.INVALID, "代录须写明来文：文号、日期、签发人",
    "What is recorded for another needs its letter: number, date, who signed it.", recorded=True,
)  # fmt: skip
NO_REASON = declare(
    "request.insist_reason", RefusalKind.INVALID, "坚持申报须说明理由", "To insist, give a reason."
)
WHOLE = declare(
    "request.inseparable", RefusalKind.CONFLICT, "整体申报的子事项只能随整体一并提交",
    "A part of an inseparable filing is submitted with the whole.", recorded=True,
)  # fmt: skip


class SubmitCommand(Wire, frozen=True, kw_only=True):
    """签发并提交."""

    insist: bool = False
    reason: Text = ""


def submit(desk: Desk, request_id: str, version: int | None, command: SubmitCommand) -> Answer:
    """签发提交: judged, then handed to the first approver; a refused one stays a draft."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    act = "request.submit_recorded" if request.recorded_by_organisation_id else "request.submit"
    desk.authorise(act, owners=owners(request), paths=target_paths(desk, request))
    move(request, "submit")
    desk.check_version(request, version)
    _check_whole(desk, request)
    if request.recorded_by_organisation_id and request.filing.letter is None:
        raise Refusal(NO_LETTER)
    check_change(desk, request)
    if command.insist and not command.reason.strip():
        raise Refusal(NO_REASON)
    if request.composite:
        return _submit_composite(desk, request, command)
    judged, verdict = _judge(desk, request)
    # Nobody insists on leaving where the rules do not let it go.
    insists = command.insist and request.purpose is not Purpose.LEAVE
    stays = verdict.outcome is Outcome.REFUSED and not insists
    submitted = judged if stays else _hand_over(desk, request, judged, command)
    desk.about(submitted)
    return _told(desk, submitted, [verdict] if stays else [])


def _check_whole(desk: Desk, request: Request) -> None:
    """Parts of an inseparable filing stand or fall together when they are first submitted."""
    if request.parent_id is None or request.state is not State.DRAFT:
        return
    parent = desk.unit.get(Request, request.parent_id)
    if parent.inseparable and parent.state is State.DRAFT:
        raise Refusal(WHOLE)


def _submit_composite(desk: Desk, parent: Request, command: SubmitCommand) -> Answer:
    """Each child is a request of its own; the parent holds no verdict."""
    children = [
        c for c in desk.unit.find(Request, parent_id=parent.id)
        if c.state in (State.DRAFT, State.RETURNED)
    ]  # fmt: skip
    judged = [(child, *_judge(desk, child)) for child in children]
    refused = [v for _, _, v in judged if v.outcome is Outcome.REFUSED]
    held = bool(refused) and parent.inseparable and not command.insist
    for child, changed, verdict in judged:
        stays = held or (verdict.outcome is Outcome.REFUSED and not command.insist)
        if not stays:
            _hand_over(desk, child, changed, command)
    if held:
        return _told(desk, parent, refused)
    after = desk.unit.change(
        parent, state=move(parent, "submit"), submitted_by=desk.actor.person_id,
        applied_on=desk.today, worked_on_by=hands(parent, desk.on_behalf_of),
        number=_number(desk, parent),
    )  # fmt: skip
    desk.about(after)
    return Answer(body=view(desk, after), version=after.version)


def _judge(desk: Desk, request: Request) -> tuple[Request, Verdict]:
    if gaps := required_gaps(request.filing):
        told = "、".join(field_zh("filing", name) for name in gaps)
        raise Refusal(INCOMPLETE, missing="、".join(gaps), missing_zh=told, request_id=request.id)
    if request.purpose is not Purpose.LEAVE:
        check_formulas(desk, request.filing)
    check_receivers(desk, request.filing, desk.today)
    filing = request.filing
    dates = Governing(
        applied=desk.today,
        decided=desk.today,
        entered=max(filing.starts_on or desk.today, desk.today),
    )
    verdict = judge_filing(desk, request, dates)
    # Of leaving there is no outcome by which anything enters: nothing is judged anew from it.
    outcome = None if request.purpose is Purpose.LEAVE else verdict.outcome
    changed = desk.unit.change(
        request, outcome=outcome, verdict_id=verdict.id, absolute=verdict.absolute,
        pack=verdict.pack_digest,
    )  # fmt: skip
    desk.pack = verdict.pack_digest
    flag_refiled(desk, changed)
    flag_bases(desk, changed)
    draft_for(desk, filing, verdict)
    return changed, verdict


def _number(desk: Desk, request: Request) -> str:
    """申请编号: taken when it is first submitted, and its own from then on."""
    if request.number:
        return request.number
    body = desk.places.organisation(request.applicant_id)
    return take_paper_number(desk, Paper.REQUEST, body, object_id=request.id)


def _hand_over(desk: Desk, before: Request, judged: Request, command: SubmitCommand) -> Request:
    insisted = command.insist and judged.outcome is Outcome.REFUSED
    fields = {
        "submitted_by": desk.actor.person_id,
        "worked_on_by": hands(before, before.submitted_by, desk.on_behalf_of),
        "insisted": insisted,
        "insist_reason": command.reason if insisted else "",
        "rests_on": judged.verdict_id,
        "asks_for": asked(judged.filing),
        "number": _number(desk, judged),
    }
    _flag_letter(desk, judged)
    if before.state is State.RETURNED:
        return resume_case(desk, before, desk.unit.change(judged, **fields))
    submitted = desk.unit.change(judged, state=State.SUBMITTED, applied_on=desk.today, **fields)
    return open_case(desk, submitted)


def _flag_letter(desk: Desk, request: Request) -> None:
    """The same number twice from one organisation is flagged, not refused (P2); the parts of one
    paper share its letter."""
    if not request.letter_number:
        return
    same = [
        other
        for other in desk.unit.find(
            Request,
            applicant_id=request.applicant_id,
            letter_number=writings(request.letter_number),
        )
        if other.parent_id in (None, request.id)
        and _file(other) != _file(request)
        and other.id != request.parent_id
    ]
    if same:
        keeping.tell(desk, Seen(
            LETTER_TWICE, f"{request.id}.letter", request.id, request.applicant_id,
            facts={"letter_number": request.letter_number},
            evidence={"requests": [other.id for other in same]},
        ))  # fmt: skip


def _file(request: Request) -> str:
    """A change bears the letter of what it changes."""
    return request.amends or request.id


def _told(desk: Desk, request: Request, refused: list[Verdict]) -> Answer:
    body: RequestView = view(desk, request)
    if not refused:
        return Answer(body=body, version=request.version)
    rules = [hit for verdict in refused for hit in verdict.rules]
    refusal = Refusal(
        REFUSED, rules=rules, request_id=request.id, verdict_id=refused[0].id,
        verdict_ids=[v.id for v in refused], version=request.version,
    )  # fmt: skip
    return Answer(body=body, version=request.version, refused=refusal_facts(refusal))
