"""申报 draft, edit, submit, withdraw: what the asking side does (P14, M8)."""

from typing import Annotated

import msgspec

from registry.actions.judging import judge_filing
from registry.actions.office import Answer, Desk, refusal_facts
from registry.actions.routing import open_case, resume_case
from registry.actions.views import RequestView, view
from registry.domain.admission import Verdict
from registry.domain.approval import Task, TaskState
from registry.domain.audit import Finding
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing, required_gaps
from registry.domain.records import Text, Wire
from registry.domain.request import MOVES, Request, State, Target
from registry.domain.vocabulary import Outcome, Receiver
from registry.policies.overlay import Governing

TRANSITION = declare(
    "request.state", RefusalKind.CONFLICT, "申请处于「{state}」状态，不能办理「{act}」",
    "The request is {state}; {act} is not possible now.", recorded=True,
)  # fmt: skip
INCOMPLETE = declare(
    "request.incomplete", RefusalKind.INVALID, "必填内容未填齐：{missing}",
    "Required fields are missing: {missing}.", recorded=True,
)  # fmt: skip
OUTSIDE = declare(
    "area.outside", RefusalKind.INVALID, "区划 {area} 不在申请单位的辖区内",
    "Area {area} lies outside the applicant's own area.", recorded=True,
)  # fmt: skip
REFUSED = declare(
    "request.refused", RefusalKind.INVALID, "预审不通过，申请仍为草稿；可修改后重报或坚持申报",
    "Refused on precheck; the request stays a draft. Change its substance, or insist.",
    recorded=True,
)  # fmt: skip
NO_REASON = declare(
    "request.insist_reason", RefusalKind.INVALID, "坚持申报须说明理由", "To insist, give a reason."
)
NO_RECEIVER = declare(
    "receiver.none", RefusalKind.INVALID, "所选范围内没有承接主体 {receiver}",
    "No {receiver} exists in the chosen areas.", recorded=True,
)  # fmt: skip
NESTED = declare(
    "request.nested", RefusalKind.INVALID, "子事项不能再含子事项", "A child item has no children."
)


class DraftCommand(Wire, frozen=True, kw_only=True):
    """起草: a filing, with child items where it is a composite (组合申报, M18)."""

    filing: Filing
    children: Annotated[list[Filing], msgspec.Meta(max_length=30)] = []
    inseparable: bool = False
    """整体申报: one refusal stops all."""
    on_behalf_of: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    """代录 (P12): the organisation that really asks; the recorder's own shows beside it."""


class SubmitCommand(Wire, frozen=True, kw_only=True):
    """签发并提交."""

    insist: bool = False
    reason: Text = ""


def owners(request: Request) -> list[str]:
    """Organisations whose request it is: every applicant, and who recorded it for them."""
    asking = [a.organisation_id for a in request.filing.applicants]
    recorder = request.recorded_by_organisation_id
    return asking + ([recorder] if recorder else [])


def draft(desk: Desk, command: DraftCommand) -> Answer:
    """起草申请: keeps a draft; nothing is judged yet."""
    recorder = _authorise_draft(desk, command)
    parent = _add(desk, command.filing, recorder, parent=None)
    if command.children:
        parent = desk.unit.change(parent, composite=True, inseparable=command.inseparable)
    for child in command.children:
        _add(desk, child, recorder, parent=parent.id)
    desk.about(parent)
    return Answer(body=view(desk, parent), version=parent.version)


def _authorise_draft(desk: Desk, command: DraftCommand) -> str | None:
    asking = [a.organisation_id for a in command.filing.applicants]
    if command.on_behalf_of is None:
        desk.authorise("request.draft", owners=asking)
        return None
    post = desk.authorise("request.record", paths=[desk.places.county().path])
    return post.organisation_id


def _add(desk: Desk, filing: Filing, recorder: str | None, parent: str | None) -> Request:
    request = Request(
        county=desk.unit.county, id=desk.id("req"), kind=filing.kind, title=filing.title,
        applicant_id=filing.leading, recorded_by_organisation_id=recorder, parent_id=parent,
        filing=filing, drafted_by=desk.actor.person_id, disclosure=filing.disclosure,
        disclosure_reason=filing.disclosure_reason,
    )  # fmt: skip
    _target(desk, request)
    return desk.unit.add(request)


def _target(desk: Desk, request: Request) -> None:
    """Keep the areas as rows, each checked against the applicant's own area."""
    filing = request.filing
    homes = [
        desk.places.home(desk.places.organisation(a.organisation_id)) for a in filing.applicants
    ]
    areas = [desk.places.area(t, filing.starts_on or desk.today) for t in filing.targets]
    for area in areas:
        if not all(area.path.startswith(home.path) for home in homes):
            raise Refusal(OUTSIDE, area=area.name)
    for line in filing.funding:
        if line.payer_id:
            desk.places.organisation(line.payer_id)
    wanted = {f"{request.id}.{area.id}": area for area in areas}
    for old in desk.unit.find(Target, request_id=request.id):
        if old.id not in wanted:
            desk.unit.change(old, withdrawn=True, path="/")
    for id, area in wanted.items():
        kept = desk.unit.maybe(Target, id)
        if kept is None:
            desk.unit.add(Target(county=desk.unit.county, id=id, request_id=request.id,
                                 area_id=area.id, path=area.path))  # fmt: skip
        elif kept.withdrawn:
            desk.unit.change(kept, withdrawn=False, path=area.path)


def edit(desk: Desk, request_id: str, version: int | None, filing: Filing) -> Answer:
    """修改: a draft, or what was returned for supplementing."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    act = "request.record_edit" if request.recorded_by_organisation_id else "request.edit"
    desk.authorise(act, owners=owners(request), paths=_paths(desk, request))
    move(request, "edit")
    desk.check_version(request, version)
    changed = desk.unit.change(
        request, filing=filing, kind=filing.kind, title=filing.title, applicant_id=filing.leading,
        disclosure=filing.disclosure, disclosure_reason=filing.disclosure_reason,
    )  # fmt: skip
    _target(desk, changed)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def move(request: Request, act: str) -> State:
    """The state after an act, from the one table of moves.

    Raises:
        Refusal: ``request.state``.
    """
    after = MOVES[act].get(request.state)
    if after is None:
        raise Refusal(TRANSITION, state=request.state.value, act=act)
    return after


def submit(desk: Desk, request_id: str, version: int | None, command: SubmitCommand) -> Answer:
    """签发提交: judged, then handed to the first approver; a refused one stays a draft."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    act = "request.submit_recorded" if request.recorded_by_organisation_id else "request.submit"
    desk.authorise(act, owners=owners(request), paths=_paths(desk, request))
    move(request, "submit")
    desk.check_version(request, version)
    if command.insist and not command.reason.strip():
        raise Refusal(NO_REASON)
    if request.composite:
        return _submit_composite(desk, request, command)
    submitted, verdict = _submit_one(desk, request, command)
    desk.about(submitted)
    return _told(desk, submitted, [verdict] if submitted.state is State.DRAFT else [])


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
        applied_on=desk.today,
    )  # fmt: skip
    desk.about(after)
    return Answer(body=view(desk, after), version=after.version)


def _judge(desk: Desk, request: Request) -> tuple[Request, Verdict]:
    if gaps := required_gaps(request.filing):
        raise Refusal(INCOMPLETE, missing="、".join(gaps), request_id=request.id)
    for receiver in request.filing.receivers:
        _needs_receiver(desk, request, receiver)
    filing = request.filing
    dates = Governing(
        applied=desk.today,
        decided=desk.today,
        entered=max(filing.starts_on or desk.today, desk.today),
    )
    verdict = judge_filing(desk, request, dates)
    changed = desk.unit.change(
        request, outcome=verdict.outcome, verdict_id=verdict.id, absolute=verdict.absolute,
        pack=verdict.pack_digest,
    )  # fmt: skip
    desk.pack = verdict.pack_digest
    return changed, verdict


def _needs_receiver(desk: Desk, request: Request, receiver: Receiver) -> None:
    targets = [desk.places.area(t, desk.today) for t in request.filing.targets]
    if receiver is Receiver.STREET:
        return
    if not desk.places.communities(targets, receiver, desk.today):
        raise Refusal(NO_RECEIVER, receiver=receiver.value)


def _submit_one(desk: Desk, request: Request, command: SubmitCommand) -> tuple[Request, Verdict]:
    changed, verdict = _judge(desk, request)
    if verdict.outcome is Outcome.REFUSED and not command.insist:
        return changed, verdict
    return _hand_over(desk, request, changed, command), verdict


def _hand_over(desk: Desk, before: Request, judged: Request, command: SubmitCommand) -> Request:
    insisted = command.insist and judged.outcome is Outcome.REFUSED
    fields = {
        "submitted_by": desk.actor.person_id,
        "insisted": insisted,
        "insist_reason": command.reason if insisted else "",
    }
    _flag_letter(desk, judged)
    if before.state is State.RETURNED:
        return resume_case(desk, desk.unit.change(judged, **fields))
    submitted = desk.unit.change(judged, state=State.SUBMITTED, applied_on=desk.today, **fields)
    return open_case(desk, submitted)


def _flag_letter(desk: Desk, request: Request) -> None:
    """The same number twice from one organisation is flagged, not refused (P2)."""
    letter = request.filing.letter
    if letter is None:
        return
    same = [
        other for other in desk.unit.find(Request, applicant_id=request.applicant_id)
        if other.id != request.id and other.filing.letter is not None
        and other.filing.letter.document_number == letter.document_number
        and other.parent_id != request.parent_id
    ]  # fmt: skip
    if same:
        desk.unit.add(Finding(
            county=desk.unit.county, id=desk.id("fnd"), code="letter.number_twice",
            object_kind="request", object_id=request.id, organisation_id=request.applicant_id,
            opened_on=desk.today, detail=f"发文字号 {letter.document_number} 已用于另一申请",
            detail_en="This document number already stands on another request.",
            facts={"other": same[0].id},
        ))  # fmt: skip


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


def withdraw(desk: Desk, request_id: str, version: int | None) -> Answer:
    """撤回: the asking side takes it back before a decision."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    act = "request.submit_recorded" if request.recorded_by_organisation_id else "request.withdraw"
    desk.authorise(act, owners=owners(request), paths=_paths(desk, request))
    after = move(request, "withdraw")
    desk.check_version(request, version)
    for task in desk.unit.find(Task, request_id=request.id, state=TaskState.OPEN.value):
        desk.unit.change(task, state=TaskState.CANCELLED)
    for child in desk.unit.find(Request, parent_id=request.id):
        if child.state in MOVES["withdraw"]:
            desk.unit.change(child, state=State.WITHDRAWN)
    changed = desk.unit.change(request, state=after)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def _paths(desk: Desk, request: Request) -> list[str]:
    return [t.path for t in desk.unit.find(Target, request_id=request.id) if not t.withdrawn]
