"""表决 a member votes on a case, once: with their own account, or on paper that the office enters."""

from registry.actions import evidence
from registry.actions.conference.conferring import check_convened
from registry.actions.conference.sitting import VOTING, check_may_vote, member_of, no_member
from registry.actions.office import Answer, Desk
from registry.actions.rules.signing import county_paths
from registry.actions.ties import of_recorder
from registry.domain.approval import Ballot
from registry.domain.conference import Conference, ConferenceVote, Member
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import Request

OFF_AGENDA = declare(
    "conference.off_agenda", RefusalKind.INVALID, "案件 {request} 不在本次会议的议程上",
    "Case {request} is not on the agenda of this meeting.",
)  # fmt: skip
VOTED = declare(
    "conference.voted", RefusalKind.CONFLICT, "{person} 对本案已经表决，不能再投",
    "{person} has voted on this case; there is no second vote.", recorded=True,
)  # fmt: skip
NO_PAPER = declare(
    "conference.paper", RefusalKind.INVALID, "代为登记表决，须附本人签名的纸质表决票",
    "A vote entered for a member needs the paper ballot they signed.", recorded=True,
)  # fmt: skip
TOO_EARLY = declare(
    "conference.too_early", RefusalKind.CONFLICT, "会议定于 {held_on} 召开，尚未到期",
    "The meeting is held on {held_on}; that day has not come.",
)  # fmt: skip


class VoteCommand(Wire, frozen=True, kw_only=True):
    """表决票."""

    request_id: Ident
    ballot: Ballot
    """``comment`` is 弃权: it counts among those who may vote and does not agree."""
    text: Text = ""
    for_person: Ident | None = None
    """The member whose paper ballot is entered; absent = one's own vote."""
    document_id: Ident | None = None
    """The paper ballot, uploaded to the meeting."""


def vote(desk: Desk, id: str, version: int | None, command: VoteCommand) -> Answer:
    """表决 on one case.

    Raises:
        Refusal: ``conference.stands_aside``, ``conference.voted``, ``conference.off_agenda``,
            ``conference.too_early``, ``conference.state``, ``conference.paper``.
    """
    held = desk.unit.get(Conference, id, lock=True)
    desk.about(held)
    member = _entered(desk, held, command) if command.for_person else _own(desk, held)
    check_convened(held)
    desk.check_version(held, version)
    check_day(desk, held)
    evidence.check(desk, [command.document_id], held.id)
    item = next((i for i in held.agenda if i.request_id == command.request_id), None)
    if item is None:
        raise Refusal(OFF_AGENDA, request=command.request_id)
    request = desk.unit.get(Request, command.request_id)
    check_may_vote(desk, request, item, member)
    # The id says of what it is: were the meeting not held against others, it would still be one.
    key = f"{held.id}.{request.id}.{member.person_id}"
    if desk.unit.maybe(ConferenceVote, key) is not None:
        raise Refusal(VOTED, person=member.person_id)
    given = desk.unit.add(
        ConferenceVote(
            county=desk.unit.county, id=key, conference_id=held.id, request_id=request.id,
            person_id=member.person_id, organisation_id=member.organisation_id,
            ballot=command.ballot, text=command.text, recorded_by=desk.actor.person_id,
            document_id=command.document_id, given_at=desk.now,
        )
    )  # fmt: skip
    return Answer(body=given, version=given.version)


def check_day(desk: Desk, held: Conference) -> None:
    """Nobody votes and nothing is closed before the day of the meeting."""
    if desk.today < held.held_on:
        raise Refusal(TOO_EARLY, held_on=held.held_on)


def _own(desk: Desk, held: Conference) -> Member:
    """The seat of who is acting: what they sit for is theirs, whatever else they may do."""
    mine = member_of(held, desk.actor.person_id)
    owners = [mine.organisation_id] if mine else []
    desk.authorise(VOTING, owners=owners, paths=county_paths(desk))
    if mine is None:
        raise no_member(desk.actor.person_id)
    return mine


def _entered(desk: Desk, held: Conference, command: VoteCommand) -> Member:
    """The seat of the member whose paper ballot the office of the conference enters."""
    request = desk.unit.maybe(Request, command.request_id)
    desk.authorise(
        "conference.record", owners=[held.organisation_id], paths=county_paths(desk),
        ties=of_recorder(desk, request) if request else (),
    )  # fmt: skip
    member = member_of(held, command.for_person or "")
    if member is None:
        raise no_member(command.for_person or "")
    if command.document_id is None:
        raise Refusal(NO_PAPER)
    return member
