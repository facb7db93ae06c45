"""资源 what can be read by pages, each with the type that its records have.

Records that leave in a form of their own, wider or narrower than they are kept, come as plain data.
"""

from typing import Any, Generic, Literal, NamedTuple, TypeVar

import msgspec

from registry.domain.admission import Verdict
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision, Opinion, Step, Task
from registry.domain.areas import Area
from registry.domain.audit import Event, Finding
from registry.domain.certifying import CertificateDemand
from registry.domain.document import Document
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.redress import Complaint, Declining, Objection
from registry.domain.request import Request
from registry.domain.spending import Claim
from registry.domain.walls import Board

T = TypeVar("T")
Plain = dict[str, Any]


class Kind(NamedTuple, Generic[T]):
    """一类记录: its name in the API, and what one of them is."""

    name: str
    record: type[T]


class PageOf(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """一页; ``next`` is empty after the last one."""

    items: list[T]
    next: str | None = None
    snapshot: int | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """一条记录的变化 between two snapshots: what of it is other, before and after."""

    id: str
    change: Literal["came", "changed", "went"]
    before: Plain = {}
    after: Plain = {}


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """前后对比的一页; it may be short, or empty, while ``next`` is given."""

    first: int
    last: int
    items: list[Difference]
    next: str | None = None


REQUESTS = Kind("requests", Request)
VERDICTS = Kind("verdicts", Verdict)
DECISIONS = Kind("decisions", Decision)
TASKS = Kind("tasks", Task)
STEPS = Kind("steps", Step)
OPINIONS = Kind("opinions", Opinion)
AGREEMENTS = Kind("agreements", Agreement)
PRESENCES = Kind("presences", Presence)
VOUCHERS = Kind("vouchers", Voucher)
VOUCHER_LINES = Kind("voucher-lines", VoucherLine)
CLAIMS = Kind("claims", Claim)
DOCUMENTS = Kind("documents", Document)
AREAS = Kind("areas", Area)
ORGANISATIONS = Kind("organisations", Organisation)
FINDINGS = Kind("findings", Finding)
BOARDS = Kind("boards", Board)
CERTIFICATE_DEMANDS = Kind("certificate-demands", CertificateDemand)
DECLININGS = Kind("declinings", Declining)
OBJECTIONS = Kind("objections", Objection)
COMPLAINTS = Kind("complaints", Complaint)
EVENTS = Kind("events", Event)
EXPENDITURES = Kind("expenditures", Plain)
INDICATORS = Kind("indicators", Plain)
PEOPLE = Kind("people", Plain)

TYPED: dict[str, Kind[Any]] = {
    kind.name: kind for kind in list(globals().values()) if isinstance(kind, Kind)
}
"""By name. Any other resource is read as ``Kind("…", dict)``."""
