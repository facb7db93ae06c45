"""拒绝权研判 the rules are asked whether the community may decline: of what was admitted, by its own
gate; of what was not, by what the community tells of it.
"""

from typing import Annotated

import msgspec

from registry.actions.judging import ask_gate
from registry.actions.office import Desk
from registry.actions.presences import admitted_still, standing
from registry.actions.redress.subjects import AboutCommand, Subject, Words
from registry.actions.rules.exceptions import waived_for
from registry.domain.admission import Verdict
from registry.domain.areas import AreaKind
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Applicant, Filing
from registry.domain.presence import Presence, admission_of
from registry.domain.records import Record, Text, Wire
from registry.domain.redress import Ground
from registry.domain.request import Request
from registry.domain.vocabulary import Duration, Gate, Kind, Level, OrganisationKind, Receiver, Role
from registry.policies.declining import Right, breach_of, clauses_of, right_of
from registry.policies.measuring.facts import Matter
from registry.policies.overlay import Governing

ASKER = declare(
    "redress.asker", RefusalKind.INVALID, "请写明是哪个单位要求的；系统里没有的，写明单位类别和层级",
    "Say which body asks it; of one the registry does not know, its kind and level.",
)  # fmt: skip

_UNKNOWN = "unknown"
_ALONE = {"money": "not_needed", "agreement": "not_needed"}
"""What is asked about one ground must not be answered for want of something else."""


class DeclineCommand(AboutCommand, frozen=True, kw_only=True):
    """不予承接 of what was not admitted, or goes beyond what was: what is asked, as far as told."""

    ground: Ground
    text: Words
    kind: Kind = Kind.TASK
    content: Text = ""
    receiver: Receiver | None = None
    """承接主体 it was handed to; absent = the committee of the place."""
    role: Role = Role.ASSIST
    asked_by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """Who asks, as written, where the registry does not know the body."""
    asker_kind: OrganisationKind | None = None
    asker_level: Level | None = None
    emergency_decision: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """所在地人民政府的应急决定, where one was shown: such work goes on."""


class Weighed(Wire, frozen=True, kw_only=True):
    """研判结果: the right, and the verdicts it was read from."""

    right: Right
    verdicts: list[Verdict]
    """That which gives or denies the right first."""
    breach: bool | None

    @property
    def clauses(self) -> list[str]:
        return clauses_of(self.verdicts[0])


def weighed_admitted(desk: Desk, presence: Presence, ground: Ground) -> Weighed:
    """Whether what was admitted may be declined as it stands today.

    Raises:
        Refusal: ``presence.legacy``.
    """
    request = desk.unit.get(Request, admission_of(presence))
    state, measured = standing(desk, request, presence)
    kept = {"money": state["money"]} if ground == "unfunded" else {}
    facts = {"decision": state["decision"], **_ALONE, **kept}
    told = measured if ground == "unfunded" else {}
    start = ask_gate(desk, Gate.START, request, state=facts, about=presence, measured=told)
    entering = None
    if ground == "barred":
        entering = ask_gate(desk, Gate.FILE, request, state={}, about=presence)
    return _weighed(ground, start, entering)


def weighed_told(desk: Desk, subject: Subject, command: DeclineCommand, about: str) -> Weighed:
    """Whether what the community tells of may be declined.

    Args:
        about: id of the paper that declines it.
    """
    request = subject.request
    if subject.presence is None and request is not None and command.ground != "beyond":
        decided = "approved" if admitted_still(desk, request) else "none"
        start = ask_gate(desk, Gate.START, request, state={"decision": decided, **_ALONE},
                         about=request)  # fmt: skip
        return _weighed(command.ground, start, _entered(desk, request, request))
    filing = _filing(subject, command)
    start = _asked(desk, filing, subject, command, gate=Gate.START, about=about)
    entering = _asked(desk, filing, subject, command, gate=Gate.FILE, about=about)
    return _weighed(command.ground, start, entering)


def _entered(desk: Desk, request: Request, about: Record) -> Verdict:
    return ask_gate(desk, Gate.FILE, request, state={}, about=about)


def _weighed(ground: Ground, start: Verdict, entering: Verdict | None) -> Weighed:
    right = right_of(ground, start, entering)
    asked = [start, *([entering] if entering is not None else [])]
    asked.sort(key=lambda verdict: verdict.gate is not right.gate)
    unadmitted = any(row["decision"] == "none" for row in start.facts)
    breach = breach_of(start, entering) if unadmitted else None
    return Weighed(right=right, verdicts=asked, breach=breach)


def _filing(subject: Subject, command: DeclineCommand) -> Filing:
    """What the rules are asked about: what the community was told, no more."""
    return Filing(
        kind=subject.presence.kind if subject.presence else command.kind, title=subject.title,
        applicants=[Applicant(organisation_id=subject.department_id or _UNKNOWN)],
        receivers=[command.receiver or _committee(subject)], targets=[subject.area.id],
        community_type=subject.area.community_type, role=command.role, content=command.content,
        government_emergency_decision=command.emergency_decision,
        duration=Duration.EMERGENCY if command.emergency_decision else Duration.TEMPORARY,
    )  # fmt: skip


def _committee(subject: Subject) -> Receiver:
    if subject.presence is not None:
        return subject.presence.receiver
    village = subject.area.kind is AreaKind.VILLAGE_COMMITTEE
    return Receiver.VILLAGE_COMMITTEE if village else Receiver.RESIDENTS_COMMITTEE


def _asked(
    desk: Desk, filing: Filing, subject: Subject, command: DeclineCommand, *,
    gate: Gate, about: str,
) -> Verdict:  # fmt: skip
    """The verdict on what is no request: judged as of today, by what stands on the lists."""
    kind, level = _asker(desk, subject, command)
    matter = Matter(
        gate=gate, filing=filing, applicant_kind=kind, applicant_level=level, applied=desk.today,
        state={"decision": "none", **_ALONE}, paths=[subject.area.path],
    )  # fmt: skip
    dates = Governing(applied=desk.today, decided=desk.today, entered=desk.today)
    waived = waived_for(desk, filing, subject.request_id, desk.today)
    judgement = desk.rulebook().judge(matter, dates, waived)
    return Verdict(
        county=desk.unit.county, id=desk.id("vdt"), gate=gate, object_id=about,
        request_id=subject.request_id, governing=msgspec.structs.asdict(dates),
        **judgement.fields(),
    )  # fmt: skip


def _asker(desk: Desk, subject: Subject, command: DeclineCommand) -> tuple[OrganisationKind, Level]:
    if subject.department_id is not None:
        body = desk.places.organisation(subject.department_id)
        return body.kind, body.level
    if command.asker_kind is None or command.asker_level is None:
        raise Refusal(ASKER)
    return command.asker_kind, command.asker_level
