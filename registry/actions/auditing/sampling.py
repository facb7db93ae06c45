"""抽样 a project draws records by seed from a snapshot of what its people may read."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import msgspec

from registry.actions.auditing.projects import running, team
from registry.actions.office import Answer, Call, Desk, Office
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


class Population(NamedTuple):
    """总体: what may be drawn, as it stood."""

    as_of: int
    rows: list[Drawn]


def population(office: Office, call: Call, command: SampleCommand) -> Population | None:
    """Read the population beside the act, so that no writing waits for it; ``None`` where the
    person may not draw, which the act itself refuses and records.

    Raises:
        Refusal: ``sample.resource``, ``sample.filter``, ``audit.ended``.
    """

    def verb(desk: Desk) -> Answer:
        return Answer(body=_may(desk, command))

    try:
        office.ask(call, verb)
    except Refusal as refusal:
        if refusal.recorded:
            return None
        raise
    return _read(office, call, command)


def sample(desk: Desk, command: SampleCommand, of: Population | None = None) -> Answer:
    """抽样: the ids are kept with method, seed and snapshot, by which anybody draws them again.

    Args:
        of: what was read ahead.

    Raises:
        Refusal: ``sample.resource``, ``sample.filter``, ``audit.ended``, ``access.hidden``.
    """
    _may(desk, command)
    as_of, rows = of or _read(desk.office, desk.call, command)
    seed = command.seed or desk.office.source.token(16).hex()
    ids = _drawn(command, seed, rows)
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


def drawn_anew(office: Office, call: Call, held: Sample) -> list[str]:
    """What the same seed draws from the same snapshot now: the very ids, or the sample is wrong. Of
    who sees less of it than who drew, it is no proof.

    Raises:
        Refusal: ``sample.resource``, ``sample.filter``.
    """
    told, _, size = held.method.partition(":")
    method, _, layers = told.partition("+")
    if method not in {*Method} or not size.isdecimal():
        raise Refusal(RESOURCE, resource=held.resource)
    command = SampleCommand(
        project_id=held.project_id or "", resource=held.resource, method=Method(method),
        size=int(size), by_community=bool(layers), filters=held.filters, seed=held.seed,
        as_of=held.as_of,
    )  # fmt: skip
    return _drawn(command, held.seed, _read(office, call, command).rows)


def _drawn(command: SampleCommand, seed: str, rows: list[Drawn]) -> list[str]:
    if command.by_community:
        parts = layered(command.method, seed, rows, command.size)
        return sorted(id for part in parts.values() for id in part)
    return draw(command.method, seed, rows, command.size)


def _may(desk: Desk, command: SampleCommand) -> AuditProject:
    project = desk.unit.maybe(AuditProject, command.project_id)
    desk.authorise("sample.draw", owners=team(desk, project))
    return running(desk, command.project_id)


def _read(office: Office, call: Call, command: SampleCommand) -> Population:
    kind, weight = _population(command)
    head = office.store.reader.head(call.county)
    as_of = command.as_of or head
    if as_of > head:
        raise Refusal(FILTER, name="as_of")
    seen = scopes(office, call.actor, ACT[kind], call.county)
    walked = _walk(office, kind, seen, (command.filters, as_of))
    return Population(as_of, [_one(row, weight) for row in walked])


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
    office: Office, kind: type[Record], seen: list[Scope], of: tuple[dict[str, str], int]
) -> Iterator[Any]:
    """The records as they stood, page by page."""
    filters: dict[str, Any] = {**of[0]}
    if "year" in filters and not _YEAR.fullmatch(filters["year"]):
        raise Refusal(FILTER, name="year")
    filters |= {"year": int(filters["year"])} if "year" in filters else {}
    after = None
    while seen:
        page = Page(after=after, limit=_AT_ONCE, as_of=of[1])
        rows = office.store.reader.page(kind, seen, filters, page)
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = f"{rows[-1].county}|{rows[-1].id}"


def _one(row: Any, weight: str) -> Drawn:
    layer = getattr(row, "organisation_id", None) or getattr(row, "area_path", "") or ""
    return Drawn(row.id, int(getattr(row, weight)) if weight else 0, layer)
