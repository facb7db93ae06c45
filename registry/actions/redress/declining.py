"""不予承接 a numbered paper of the community, where the rules give the right (P10).

Nobody else can void it or take it back; the community itself may say later that it carries on.
"""

from registry.actions.judging import kept
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.presences import admitted_still, check_term, misplaced, move
from registry.actions.redress.breaching import breach
from registry.actions.redress.subjects import AboutCommand, Subject, Words, subject_of, told_of
from registry.actions.redress.weighing import (
    DeclineCommand,
    Weighed,
    weighed_admitted,
    weighed_told,
)
from registry.actions.vouching.issuing import vouch
from registry.domain.admission import Verdict
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.presence import Presence, PresenceState, admission_of
from registry.domain.records import Record, Wire
from registry.domain.redress import Declining, Ground
from registry.domain.request import Request
from registry.domain.serial import Paper

NO_RIGHT = declare(
    "declining.no_right", RefusalKind.INVALID,
    "规则没有给出此时不予承接的权利（{clause}）；可以提出异议，或者先行承接、保留意见",
    "The rules give no right to decline this now ({clause}); raise an objection, or carry it on "
    "under reserve.",
    recorded=True,
)  # fmt: skip
NOT_SO = declare(
    "declining.ground", RefusalKind.INVALID,
    "按规则核对，所填理由不成立（{clause}）；请改填实际理由，或者提出异议",
    "As the rules measure it the ground is not so ({clause}); state the real one, or object.",
    recorded=True,
)  # fmt: skip
EARLY = declare(
    "declining.early", RefusalKind.INVALID,
    "约定 {starts_on} 开始，未到开始之日，不能以经费未到位为由不予承接",
    "It begins on {starts_on}; before that day money that is not there is no ground.",
    recorded=True,
)  # fmt: skip
ADMITTED = declare(
    "declining.admitted", RefusalKind.INVALID,
    "这里只登记超出准入范围或者交错承接主体的部分，须用一句话写明；整项不予承接的，在该进驻事项上办理",
    "Here only what goes beyond an admission, or went to the wrong receiver, is declined, told in "
    "a line; the whole is refused at the presence itself.",
)  # fmt: skip
TWICE = declare(
    "declining.twice", RefusalKind.CONFLICT, "今天已就同一件事出具过不予承接告知书（{number}），不再重复出具",
    "The same was declined today already ({number}); it is not numbered twice.", recorded=True,
)  # fmt: skip
RESUMED = declare(
    "declining.resumed", RefusalKind.CONFLICT, "该事项已经恢复承接",
    "The community has taken it up again already.", recorded=True,
)  # fmt: skip

_SILENT = "规则文本没有规定"
_SAID = ("不予承接", "Declined")


PARTIAL: tuple[Ground, ...] = ("beyond", "wrong_receiver")
"""Grounds that leave the admission itself as it is."""


class RefuseCommand(Wire, frozen=True, kw_only=True):
    """不予承接 of what was admitted: the ground, and why."""

    ground: Ground
    text: Words


class ResumeCommand(Wire, frozen=True, kw_only=True):
    """恢复承接: why."""

    text: Words


def refuse(desk: Desk, id: str, version: int | None, command: RefuseCommand) -> Answer:
    """不予承接 an admitted matter that has not begun: where the start gate bars it and the packs give
    the right. What is there for good reason is not refused, and statutory help never."""
    held = desk.unit.get(Presence, id, lock=True)
    subject, _ = subject_of(desk, AboutCommand(presence_id=id), "presence.refuse")
    after = move(held, "refuse")
    desk.check_version(held, version)
    early = held.starts_on is not None and desk.today < held.starts_on
    if command.ground == "unfunded" and early:
        raise Refusal(EARLY, starts_on=str(held.starts_on))
    paper = _Paper(id=desk.id("dcl"), ground=command.ground, text=command.text, whole=True)
    weighed = weighed_admitted(desk, held, command.ground)
    _check(weighed, held)
    desk.unit.change(held, state=after)
    return _issued(desk, subject, weighed, paper)


def decline(desk: Desk, command: DeclineCommand) -> Answer:
    """不予承接 what was never admitted, or goes beyond what was: the admission itself stays."""
    subject, _ = subject_of(desk, command, "declining.issue")
    part = command.ground in PARTIAL and command.subject is not None
    if subject.presence is not None and not part:
        raise Refusal(ADMITTED)
    _check_once(desk, subject, command)
    paper = _Paper(
        id=desk.id("dcl"), ground=command.ground, text=command.text, asked_by=command.asked_by
    )
    weighed = weighed_told(desk, subject, command, paper.id)
    _check(weighed, subject.presence or subject.request)
    return _issued(desk, subject, weighed, paper)


class _Paper(Wire, frozen=True, kw_only=True):
    """What the paper says besides what is on record."""

    id: str
    ground: Ground
    text: str
    asked_by: str = ""
    whole: bool = False


def _check(weighed: Weighed, about: Record | None) -> None:
    """Refuse where there is no right, with the clause; what the rules said is kept.

    Raises:
        Refusal: ``declining.ground``, ``declining.no_right``.
    """
    if weighed.right.granted:
        return
    code = NO_RIGHT if weighed.right.holds else NOT_SO
    first = weighed.verdicts[0]
    raise Refusal(
        code, rules=first.rules, keep=weighed.verdicts, verdict_id=first.id,
        clause="；".join(weighed.clauses) or _SILENT, **({"object_id": about.id} if about else {}),
    )  # fmt: skip


def _check_once(desk: Desk, subject: Subject, command: DeclineCommand) -> None:
    """Nobody can void a paper: what was merely sent twice gets no second number.

    Raises:
        Refusal: ``declining.twice``.
    """
    told = (subject.presence_id, subject.request_id, subject.title, subject.department_id,
            command.asked_by, command.ground, command.text, desk.today, None)  # fmt: skip
    for held in desk.unit.find(Declining, organisation_id=subject.community.id):
        was = (held.presence_id, held.request_id, held.subject, held.department_id,
               held.asked_by, held.ground, held.text, held.issued_on, held.resumed_on)  # fmt: skip
        if told == was:
            raise Refusal(TWICE, number=held.number)


def _issued(desk: Desk, subject: Subject, weighed: Weighed, paper: _Paper) -> Answer:
    """The paper, numbered in the community's name, told to department and street."""
    verdicts: list[Verdict] = [kept(desk, verdict) for verdict in weighed.verdicts]
    desk.pack = verdicts[0].pack_digest
    id, body = paper.id, subject.community
    issued = desk.unit.add(
        Declining(
            county=desk.unit.county, id=id,
            number=take_paper_number(desk, Paper.REFUSAL, body, object_id=id) or id,
            presence_id=subject.presence_id, request_id=subject.request_id,
            subject=subject.title, organisation_id=body.id, body_name=body.name,
            area_path=subject.area.path, department_id=subject.department_id,
            asked_by=paper.asked_by, ground=paper.ground, text=paper.text,
            clauses=weighed.clauses, verdict_id=verdicts[0].id, issued_on=desk.today,
            person_id=desk.actor.person_id, whole=paper.whole,
            recorded_by=desk.actor.person_id if subject.recorded else None,
        )
    )  # fmt: skip
    if subject.department_id is not None:
        breach(desk, issued, subject.department_id, clauses=weighed.clauses,
               path=subject.area.path, stated=weighed.breach)  # fmt: skip
    said = (f"{body.name}{_SAID[0]}（{issued.number}）", f"{_SAID[1]} ({issued.number})")
    told_of(desk, subject, said, issued)
    desk.about(issued)
    return Answer(body=issued, version=issued.version)


def _check_there(desk: Desk, presence: Presence) -> None:
    """Refuse to take up what is no more: its term is over, its area fell away, its admission did.

    Raises:
        Refusal: ``presence.over``, ``presence.state``.
    """
    check_term(desk, presence)
    request = desk.unit.get(Request, admission_of(presence))
    if presence.dropped or not admitted_still(desk, request):
        raise misplaced(presence, "take-up")


def resume(desk: Desk, id: str, version: int | None, command: ResumeCommand) -> Answer:
    """恢复承接: a later word of the community; the paper keeps its number and what it said."""
    held = desk.unit.get(Declining, id, lock=True)
    desk.about(held)
    desk.authorise("declining.resume", owners=[held.organisation_id])
    if held.resumed_on is not None:
        raise Refusal(RESUMED)
    desk.check_version(held, version)
    about = AboutCommand(
        presence_id=held.presence_id, request_id=held.request_id, subject=held.subject,
        department_id=held.department_id, organisation_id=held.organisation_id,
    )  # fmt: skip
    resumed = desk.unit.change(
        held, resumed_on=desk.today, resumed_by=desk.actor.person_id, resumed_why=command.text
    )
    if held.whole and held.presence_id is not None:
        presence = desk.unit.get(Presence, held.presence_id, lock=True)
        if presence.state is PresenceState.REFUSED:
            _check_there(desk, presence)
            desk.unit.change(presence, state=move(presence, "take-up"))
            # What was changed meanwhile stands on no paper of this community yet.
            vouch(desk, desk.unit.get(Request, admission_of(presence)))
    subject, _ = subject_of(desk, about, "declining.resume")
    said = (f"{held.body_name}恢复承接（{held.number}）", f"Taken up again ({held.number})")
    told_of(desk, subject, said, resumed)
    desk.about(resumed)
    return Answer(body=resumed, version=resumed.version)
