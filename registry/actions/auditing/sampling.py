"""抽样 a project draws records by seed from a snapshot of what its people may read."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from registry.actions.auditing.projects import running, team
from registry.actions.office import Answer, Desk
from registry.actions.seeing import ACT, scopes
from registry.domain.auditing import AuditProject, Sample
from registry.domain.bank import BankLine
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from registry.domain.records import Ident, Line, Record, Wire
from registry.domain.request import Request
from registry.domain.sampling import Drawn, Method, draw, layered
from registry.domain.spending import Expenditure
from registry.store import tables
from registry.store.reader import Page
from registry.store.visible import Scope

RESOURCE = declare(
    "sample.resource", RefusalKind.INVALID, "此类记录不能按这种方法抽样：{resource}",
    "Records of this kind cannot be drawn so: {resource}.",
)  # fmt: skip
FILTER = declare(
    "sample.filter", RefusalKind.INVALID, "抽样条件不认识：{name}", "Unknown filter: {name}."
)

POPULATIONS: dict[str, tuple[type[Record], str]] = {
    "requests": (Request, ""), "presences": (Presence, ""), "vouchers": (Voucher, "total_fen"),
    "expenditures": (Expenditure, "amount_fen"), "bank-lines": (BankLine, "amount_fen"),
}  # fmt: skip
"""What can be drawn from, by resource, and which field says how much it weighs."""
FILTERS = ("state", "kind", "stage", "organisation_id", "payer_id", "year", "request_id", "source")
_AT_ONCE = 4_096
_YEAR = re.compile("[0-9]{4}")


class SampleCommand(Wire, frozen=True, kw_only=True):
    """抽样: of what, how many, how, by which seed."""

    project_id: Ident
    resource: Annotated[str, msgspec.Meta(max_length=60)]
    method: Method = Method.COUNT
    size: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    by_community: bool = False
    """分层: by organisation or area, each by itself."""
    filters: dict[str, str] = {}
    seed: Line | None = None
    """Absent = one is made, and shown."""
    as_of: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """快照号; absent = what stands now."""


def sample(desk: Desk, command: SampleCommand) -> Answer:
    """抽样: the ids are kept with method, seed and snapshot, by which anybody draws them again.

    Raises:
        Refusal: ``sample.resource``, ``sample.filter``, ``audit.ended``, ``access.hidden``.
    """
    project = desk.unit.maybe(AuditProject, command.project_id)
    desk.authorise("sample.draw", owners=team(desk, project))
    running(desk, command.project_id)
    kind, weight = _population(command)
    head = desk.office.store.reader.head(desk.unit.county)
    as_of = command.as_of or head
    if as_of > head:
        raise Refusal(FILTER, name="as_of")
    seen = scopes(desk.office, desk.actor, ACT[kind], desk.unit.county)
    rows = [_one(row, weight) for row in _walk(desk, kind, seen, (command.filters, as_of))]
    seed = command.seed or desk.office.source.token(16).hex()
    if command.by_community:
        parts = layered(command.method, seed, rows, command.size)
        ids = sorted(id for part in parts.values() for id in part)
    else:
        ids = draw(command.method, seed, rows, command.size)
    kept = desk.unit.add(
        Sample(
            county=desk.unit.county, id=desk.id("smp"), project_id=command.project_id,
            person_id=desk.actor.person_id, resource=command.resource,
            filters={**command.filters}, method=_told(command), seed=seed, as_of=as_of,
            population=len(rows), ids=ids,
        )
    )  # fmt: skip
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def _told(command: SampleCommand) -> str:
    layers = "+community" if command.by_community else ""
    return f"{command.method.value}{layers}:{command.size}"


def _population(command: SampleCommand) -> tuple[type[Record], str]:
    found = POPULATIONS.get(command.resource)
    if found is None or (command.method is Method.AMOUNT and not found[1]):
        raise Refusal(RESOURCE, resource=command.resource)
    for name in command.filters:
        if name not in FILTERS or name not in tables.BY_RECORD[found[0]].c:
            raise Refusal(FILTER, name=name)
    return found


def _walk(
    desk: Desk, kind: type[Record], seen: list[Scope], of: tuple[dict[str, str], int]
) -> Iterator[Any]:
    """The records as they stood, page by page."""
    filters: dict[str, Any] = {**of[0]}
    if "year" in filters and not _YEAR.fullmatch(filters["year"]):
        raise Refusal(FILTER, name="year")
    filters |= {"year": int(filters["year"])} if "year" in filters else {}
    after = None
    while seen:
        page = Page(after=after, limit=_AT_ONCE, as_of=of[1])
        rows = desk.office.store.reader.page(kind, seen, filters, page)
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = f"{rows[-1].county}|{rows[-1].id}"


def _one(row: Any, weight: str) -> Drawn:
    layer = getattr(row, "organisation_id", None) or getattr(row, "area_path", "") or ""
    return Drawn(row.id, int(getattr(row, weight)) if weight else 0, layer)
