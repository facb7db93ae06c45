"""联席会议 an agenda of cases, who sat, how each voted, and the minutes decisions rest on."""

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


class Conference(Record, frozen=True, kw_only=True):
    """联席会议: one meeting of the body, called, held and closed with its minutes."""

    organisation_id: str
    title: str
    held_on: date
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
