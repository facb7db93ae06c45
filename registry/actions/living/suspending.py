"""暂停执行 a matter is suspended where the rules let it be, and goes on when that is over (P4).

The community stops only where a rule of the gate ``continue`` says that it may. Who asks the matter
of it, or decided it, may let it rest as well; but what a rule keeps going by lifting another, as
statutory help and a government's emergency decision, nobody stops: what is owed is recorded as due.
"""

from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.doubting import keeping
from registry.actions.judging import ask_gate, kept, pass_gate
from registry.actions.living.sides import asking_side, deciding_side, request_of
from registry.actions.living.suspended import ended, open_of
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.owing.lateness import standing_at
from registry.actions.owing.watching import kept_going
from registry.actions.presences import arrear_of, check_term, move
from registry.actions.rules.exceptions import uses_of
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.living import Suspension
from registry.domain.people import PostView
from registry.domain.presence import Presence, admission_of
from registry.domain.records import Ident, Record, Text, Wire
from registry.domain.request import Request
from registry.domain.serial import Paper
from registry.domain.vocabulary import Gate, Outcome

GO_ON = declare(
    "suspension.no_ground", RefusalKind.INVALID,
    "规则没有允许暂停的情形，事项继续执行；经费未到的，欠付的列入应付未付",
    "No rule lets it be suspended: the work goes on, and money that is owed is recorded as due.",
    recorded=True,
)  # fmt: skip
NOT_SUSPENDED = declare(
    "suspension.none", RefusalKind.CONFLICT, "没有在暂停中的记录", "Nothing is suspended here.",
    recorded=True,
)  # fmt: skip
_OWING = ("short", "none")
"""Words of the fact ``money`` where something is owed."""

Why = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]


class SuspendCommand(Wire, frozen=True, kw_only=True):
    """暂停: why; with what shows it."""

    reason: Why
    document_id: Ident | None = None


class ResumeCommand(Wire, frozen=True, kw_only=True):
    """恢复执行: why, if there is something to say."""

    reason: Text = ""


def suspend(desk: Desk, id: str, version: int | None, command: SuspendCommand) -> Answer:
    """暂停: by the community, or its street for it; by who asks the matter; by who decided it."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    held = request_of(desk, presence)
    over = [*asking_side(held, presence), *deciding_side(desk, held)]
    post = desk.authorise(
        "presence.suspend", owners=[presence.organisation_id, *over], paths=[presence.area_path]
    )
    after = move(presence, "suspend")
    desk.check_version(presence, version)
    request = desk.unit.get(Request, admission_of(presence))
    evidence.check(desk, [command.document_id], id, request.id)
    verdict = _let_pass(desk, request, presence, by_order=post.organisation_id in over)
    changed = desk.unit.change(presence, state=after)
    desk.unit.add(_suspension(desk, changed, (post, verdict), command))
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def _let_pass(desk: Desk, request: Request, presence: Presence, *, by_order: bool) -> Verdict:
    state, measured = standing_at(desk, Gate.CONTINUE, request, presence)
    verdict = ask_gate(desk, Gate.CONTINUE, request, state=state, about=presence, measured=measured)
    free = by_order and not kept_going(desk, verdict)
    if verdict.outcome is Outcome.ALLOWED and not free:
        owed = state["money"] in _OWING and presence.share_fen > 0
        due = _due(desk, request, presence, measured) if owed else []
        raise Refusal(
            GO_ON, rules=verdict.rules, keep=[verdict, *uses_of(desk, verdict), *due],
            verdict_id=verdict.id, **measured,
        )  # fmt: skip
    desk.pack = verdict.pack_digest
    return kept(desk, verdict)


def _due(
    desk: Desk, request: Request, presence: Presence, measured: dict[str, int]
) -> list[Record]:
    """应付未付 instead of a suspension; nothing where it is recorded already."""
    arrear = arrear_of(request, presence, measured)
    held = desk.unit.maybe(Finding, arrear.id)
    fresh = keeping.drawn(desk, arrear)
    if fresh is None or (held is not None and held.closed_on is None):
        return []
    return [
        fresh,
        msgspec.structs.replace(presence, version=presence.version + 1, arrears=True),
    ]


def _suspension(
    desk: Desk, presence: Presence, by: tuple[PostView, Verdict], command: SuspendCommand
) -> Suspension:
    (post, verdict), id = by, desk.id("sus")
    body = desk.places.organisation(post.organisation_id)
    return Suspension(
        county=desk.unit.county, id=id, presence_id=presence.id,
        number=take_paper_number(desk, Paper.SUSPENSION, body, object_id=id),
        title=presence.title, request_id=admission_of(presence), area_path=presence.area_path,
        organisation_id=post.organisation_id, person_id=desk.actor.person_id,
        on_behalf_of=desk.on_behalf_of, reason=command.reason, verdict_id=verdict.id,
        document_id=command.document_id, since=desk.today,
    )  # fmt: skip


def resume(desk: Desk, id: str, version: int | None, command: ResumeCommand) -> Answer:
    """恢复执行: freely by who suspended it; by who decided the matter once the rules let it go on.
    What who asks let rest is not begun again without them."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    held, request = open_of(desk, presence), request_of(desk, presence)
    above, whose = deciding_side(desk, request), [s.organisation_id for s in held]
    if not set(whose) & {*asking_side(request, presence), *above}:
        # Its street entered it for the community, or it did so itself.
        whose.append(presence.organisation_id)
    post = desk.authorise("presence.resume", owners=[*whose, *above])
    after = move(presence, "resume")
    desk.check_version(presence, version)
    check_term(desk, presence)
    if not held:
        raise Refusal(NOT_SUSPENDED)
    if request is not None and post.organisation_id not in whose:
        state, measured = standing_at(desk, Gate.CONTINUE, request, presence)
        pass_gate(desk, Gate.CONTINUE, request, state=state, about=presence, measured=measured)
    for one in held:
        body = desk.places.organisation(one.organisation_id)
        number = take_paper_number(desk, Paper.RESUMPTION, body, object_id=one.id)
        desk.unit.change(one, **ended(desk, command.reason), resumed_number=number)
    changed = desk.unit.change(presence, state=after)
    desk.about(changed)
    return Answer(body=changed, version=changed.version)
