"""申报 draft, edit, submit, withdraw: what the asking side does (P14, M8)."""

from typing import Annotated, Any

import msgspec

from registry.actions import evidence
from registry.actions.deciding import settle_parent
from registry.actions.figures import by_id
from registry.actions.office import FORBIDDEN, Answer, Desk
from registry.actions.papers.blank import take
from registry.actions.places import UNKNOWN_AREA
from registry.actions.steps import clear
from registry.actions.views import view
from registry.domain.areas import Area
from registry.domain.document_number import printed
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.request import MOVE_ZH, MOVES, STATE_ZH, Purpose, Request, State, Target

TRANSITION = declare(
    "request.state", RefusalKind.CONFLICT, "申请现为「{state_zh}」，此时不能办理「{act_zh}」",
    "The request is {state}; {act} is not possible now.", recorded=True,
)  # fmt: skip
OUTSIDE = declare(
    "area.outside", RefusalKind.INVALID, "区划 {area} 不在申请单位的辖区内",
    "Area {area} lies outside the applicant's own area.", recorded=True,
)  # fmt: skip
BEHALF = declare(
    "request.on_behalf", RefusalKind.INVALID, "代录的单位 {organisation} 不是牵头申请单位",
    "{organisation} is not the leading applicant of what is recorded.", recorded=True,
)  # fmt: skip


class DraftCommand(Wire, frozen=True, kw_only=True):
    """起草: a filing, with child items where it is a composite (组合申报, M18)."""

    filing: Filing
    children: Annotated[list[Filing], msgspec.Meta(max_length=30)] = []
    inseparable: bool = False
    """整体申报: one refusal stops all."""
    on_behalf_of: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    """代录 (P12): the organisation that really asks; the recorder's own shows beside it."""


def owners(request: Request) -> list[str]:
    """Organisations whose request it is: every applicant, and who recorded it for them."""
    asking = [a.organisation_id for a in request.filing.applicants]
    recorder = request.recorded_by_organisation_id
    return asking + ([recorder] if recorder else [])


def draft(desk: Desk, command: DraftCommand) -> Answer:
    """起草申请: keeps a draft; nothing is judged yet."""
    recorder = _authorise_draft(desk, command)
    parent = put_down(desk, command.filing, recorder)
    if command.children:
        parent = desk.unit.change(parent, composite=True, inseparable=command.inseparable)
    for child in command.children:
        put_down(desk, child, recorder, parent=parent.id)
    desk.about(parent)
    return Answer(body=view(desk, parent), version=parent.version)


def _authorise_draft(desk: Desk, command: DraftCommand) -> str | None:
    leading = {f.leading for f in (command.filing, *command.children)}
    if command.on_behalf_of is None:
        for own in leading:
            desk.authorise("request.draft", owners=[own])
        return None
    if leading != {command.on_behalf_of}:
        raise Refusal(BEHALF, organisation=command.on_behalf_of)
    post = desk.authorise("request.record", paths=[desk.places.county().path])
    return post.organisation_id


def put_down(
    desk: Desk, filing: Filing, recorder: str | None, *, parent: str | None = None,
    amends: Request | None = None, **asks: Any,
) -> Request:  # fmt: skip
    """Keep a draft, held by whoever drafts it.

    Args:
        recorder: the organisation that records it for another (代录).
        parent: id of the composite it is a part of.
        amends: what it would change; who worked on that decides nothing in this either.
        asks: ``purpose`` and what belongs to it, where it asks for something else than a change.
    """
    asks.setdefault("purpose", Purpose.CHANGE if amends else Purpose.ENTER)
    filing = _as_printed(by_id(desk, filing))
    behalf = [desk.on_behalf_of] if desk.on_behalf_of else []
    request = Request(
        county=desk.unit.county, id=desk.id("req"), kind=filing.kind, title=filing.title,
        applicant_id=filing.leading, recorded_by_organisation_id=recorder, parent_id=parent,
        filing=filing, drafted_by=desk.actor.person_id, holder_id=desk.actor.person_id,
        worked_on_by=[*behalf, *(hands(amends, amends.drafted_by, amends.submitted_by)
                                 if amends else [])],
        amends=amends.id if amends else None, edition=amends.edition if amends else 1,
        letter_number=_letter(filing), beside=_beside(filing),
        disclosure=filing.disclosure, disclosure_reason=filing.disclosure_reason, **asks,
    )  # fmt: skip
    _target(desk, request, held=[])
    kept = desk.unit.add(request)
    take(desk, kept, filing)
    return kept


def _as_printed(filing: Filing) -> Filing:
    """The filing with its 发文字号 as papers print them, whatever brackets they were typed in."""
    replace, letter = msgspec.structs.replace, filing.letter
    bases = [replace(b, document_number=printed(b.document_number)) for b in filing.bases]
    if letter is not None:
        letter = replace(letter, document_number=printed(letter.document_number))
    return replace(filing, bases=bases, letter=letter)


def _beside(filing: Filing) -> str | None:
    others = [a.organisation_id for a in filing.applicants if a.organisation_id != filing.leading]
    return "|".join(["", *others, ""]) if others else None


def _letter(filing: Filing) -> str | None:
    return filing.letter.document_number if filing.letter else None


def _target(desk: Desk, request: Request, held: list[Target]) -> None:
    """Keep the areas as rows beside those held, each checked against the applicant's own area."""
    filing = request.filing
    papers = evidence.named_in(filing)
    evidence.check(desk, papers, request.id, request.parent_id, request.amends)
    areas = _ground(desk, filing)
    wanted = {f"{request.id}.{area.id}": area for area in areas}
    for old in held:
        if old.id not in wanted:
            desk.unit.change(old, withdrawn=True, path="/")
    before = {target.id: target for target in held}
    for id, area in wanted.items():
        kept = before.get(id)
        if kept is None:
            desk.unit.add(Target(county=desk.unit.county, id=id, request_id=request.id,
                                 area_id=area.id, path=area.path))  # fmt: skip
        elif kept.withdrawn:
            desk.unit.change(kept, withdrawn=False, path=area.path)


def _ground(desk: Desk, filing: Filing) -> list[Area]:
    """The areas a filing names, each in force and within the ground of all who ask."""
    homes = [desk.places.home(desk.places.standing(a.organisation_id)) for a in filing.applicants]
    on = filing.starts_on or desk.today
    areas = [desk.places.area(t, on) for t in filing.targets]
    for area in areas:
        if not area.in_force(on):
            raise Refusal(UNKNOWN_AREA, area=area.name)
        if not all(area.path.startswith(home.path) for home in homes):
            raise Refusal(OUTSIDE, area=area.name)
    for line in filing.funding:
        if line.payer_id:
            desk.places.standing(line.payer_id)
    return areas


def edit(desk: Desk, request_id: str, version: int | None, filing: Filing) -> Answer:
    """修改: a draft, or what was returned for supplementing."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    act = "request.record_edit" if request.recorded_by_organisation_id else "request.edit"
    post = desk.authorise(act, owners=owners(request), paths=target_paths(desk, request))
    own = (request.applicant_id, post.organisation_id)
    if request.recorded_by_organisation_id is None and filing.leading not in own:
        zh, en = desk.office.access.named(act)
        raise Refusal(FORBIDDEN, act=act, act_zh=zh, act_en=en)
    move(request, "edit")
    desk.check_version(request, version)
    filing = _as_printed(by_id(desk, filing))
    changed = desk.unit.change(
        request, filing=filing, kind=filing.kind, title=filing.title, applicant_id=filing.leading,
        disclosure=filing.disclosure, disclosure_reason=filing.disclosure_reason,
        letter_number=_letter(filing),
        beside=_beside(filing),
        worked_on_by=hands(request, desk.actor.person_id, desk.on_behalf_of),
    )  # fmt: skip
    _target(desk, changed, held=desk.unit.find(Target, request_id=changed.id))
    take(desk, changed, filing)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def hands(request: Request, *people: str | None) -> list[str]:
    """Everybody who has worked on the filing, each once."""
    return list(dict.fromkeys([*request.worked_on_by, *(p for p in people if p)]))


def move(request: Request, act: str) -> State:
    """The state after an act, from the one table of moves.

    Raises:
        Refusal: ``request.state``.
    """
    after = MOVES[act].get(request.state)
    if after is None:
        raise Refusal(
            TRANSITION, state=request.state.value, state_zh=STATE_ZH[request.state], act=act,
            act_zh=MOVE_ZH[act],
        )  # fmt: skip
    return after


def withdraw(desk: Desk, request_id: str, version: int | None) -> Answer:
    """撤回: the asking side takes it back before a decision."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    act = "request.submit_recorded" if request.recorded_by_organisation_id else "request.withdraw"
    desk.authorise(act, owners=owners(request), paths=target_paths(desk, request))
    after = move(request, "withdraw")
    desk.check_version(request, version)
    clear(desk, request)
    for child in desk.unit.find(Request, parent_id=request.id):
        if child.state in MOVES["withdraw"]:
            clear(desk, child)
            desk.unit.change(child, state=State.WITHDRAWN)
    changed = desk.unit.change(request, state=after)
    if changed.parent_id is not None:
        settle_parent(desk, changed.parent_id)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def target_paths(desk: Desk, request: Request) -> list[str]:
    """Paths of the areas the request is meant for, as it now stands."""
    return [t.path for t in desk.unit.find(Target, request_id=request.id) if not t.withdrawn]
