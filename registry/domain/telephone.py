"""电话代录 what a street entered for a community by telephone, and what that says of it (P9)."""

from datetime import datetime
from enum import StrEnum

from registry.domain.people import RoleName
from registry.domain.records import Ident, Wire


class Telephoned(Wire, frozen=True, kw_only=True):
    """来电: who of the community telephoned, and when; who took it is who acts."""

    person_id: Ident
    at: datetime


class CallState(StrEnum):
    """核对情况."""

    WAITING = "waiting"
    """待社区核对."""
    CONFIRMED = "confirmed"
    """社区已核对."""
    CONTRADICTED = "contradicted"
    """社区有异议: what was entered is not what was said; it is put right by its own acts."""


class TelephoneEntry(Wire, frozen=True, kw_only=True):
    """电话代录: one act done in a community's name by what it said on the telephone."""

    id: str
    organisation_id: str
    act: str
    act_zh: str
    object_kind: str
    object_id: str
    told_by: str
    """来电人, by name."""
    told_at: datetime
    taken_by: str
    """代录人, by name."""
    entered_at: datetime
    state: CallState
    checked_by: str = ""
    checked_at: datetime | None = None
    reason: str = ""
    """What is not so, where the community says that."""


class Caller(Wire, frozen=True, kw_only=True):
    """可以来电的人: who holds a post in the community today."""

    person_id: str
    name: str
    roles: list[RoleName]
