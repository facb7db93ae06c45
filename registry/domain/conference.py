"""联席会议 an agenda of cases, who sat, how each voted, and the minutes decisions rest on."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from registry.domain.approval import Ballot
from registry.domain.records import Ident, Record, Wire


class ConferenceState(StrEnum):
    """会议状态."""

    CONVENED = "convened"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Member(Wire, frozen=True, kw_only=True):
    """成员: a person who sits for an organisation."""

    person_id: Ident
    organisation_id: Ident


class AgendaItem(Wire, frozen=True, kw_only=True):
    """议题: one case, by its task at the conference; ``result`` once the meeting is closed."""

    request_id: Ident
    task_id: Ident
    result: Ballot | None = None
    agree: int = 0
    disagree: int = 0
    abstain: int = 0
    may_vote: int = 0
    """Members present who need not stand aside (回避) in this case."""
    needed: int = 0
    """Agreements it took, by the pack's share of those who may vote."""
    skipped: str = ""
    """Code that kept it from being decided though it was voted on: withdrawn meanwhile, a gate …"""


class Conference(Record, frozen=True, kw_only=True):
    """联席会议: one meeting of the body, called, held and closed with its minutes."""

    organisation_id: str
    title: str
    held_on: date
    seated: str
    """Organisations whose people sit, ``|id|id|``: they read what their people sit in."""
    place: str = ""
    state: ConferenceState = ConferenceState.CONVENED
    members: list[Member]
    agenda: list[AgendaItem]
    present: list[str] = []
    """Ids of the members who sat."""
    quorum: int = 0
    """Members who had to be there, by the pack's share of all; set when it is closed."""
    minutes_number: str = ""
    """会议纪要文号."""
    document_id: str | None = None
    """会议纪要 as document."""
    called_by: str
    closed_by: str | None = None
    closed_on: date | None = None
    reason: str = ""
    """Why it was called off."""


class ConferenceVote(Record, frozen=True, kw_only=True):
    """表决: one member's vote on one case; there is never a second."""

    conference_id: str
    request_id: str
    person_id: str
    organisation_id: str
    ballot: Ballot
    text: str = ""
    recorded_by: str
    """Who entered it: the member, or the secretary from the paper ballot."""
    document_id: str | None = None
    """The paper ballot, where the secretary entered it."""
    given_at: datetime


class Tally(Wire, frozen=True, kw_only=True):
    """计票: the ballots on one case of those who were present and may vote."""

    agree: int
    disagree: int
    abstain: int
    may_vote: int

    @property
    def given(self) -> int:
        """Ballots given; who gave none counts among those who may vote all the same."""
        return self.agree + self.disagree + self.abstain


def least(count: int, percent: int) -> int:
    """法定人数: the least whole number of people that is ``percent`` in a hundred of ``count``."""
    return -(-count * percent // 100)


def tally(ballots: Sequence[Ballot], may_vote: int) -> Tally:
    """Count the ballots on one case."""
    return Tally(
        agree=ballots.count(Ballot.AGREE), disagree=ballots.count(Ballot.DISAGREE),
        abstain=ballots.count(Ballot.COMMENT), may_vote=may_vote,
    )  # fmt: skip


def result_of(counted: Tally, percent: int) -> Ballot | None:
    """表决结果: carried, not carried, or ``None`` where nobody voted and the case is put off."""
    if not counted.given:
        return None
    carried = counted.agree >= least(counted.may_vote, percent)
    return Ballot.AGREE if carried else Ballot.DISAGREE


def seated(members: Sequence[Member]) -> str:
    """The organisations of the members, as they are looked up."""
    return "|".join(["", *dict.fromkeys(m.organisation_id for m in members), ""])
