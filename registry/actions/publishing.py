"""发布 rule packs, lists and calendars enter the store: checked, then published by two people."""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk
from registry.domain.calendar import CalendarYear, read_calendar_csv
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.pack import PackState, PublishedPack
from registry.domain.records import NATION, Wire
from registry.policies.loader import PackError, load_pack

BROKEN = declare(
    "pack.broken", RefusalKind.INVALID, "规则包有误：{file} 第 {line} 行第 {column} 列：{message}",
    "The pack is wrong at {file}:{line}:{column}: {message}", recorded=True,
)  # fmt: skip
FOREIGN = declare(
    "pack.jurisdiction", RefusalKind.INVALID, "规则包属于 {jurisdiction}，不属于本级",
    "The pack belongs to {jurisdiction}, not here.", recorded=True,
)  # fmt: skip
PUBLISHED = declare(
    "pack.published", RefusalKind.CONFLICT, "规则包已发布，不能再改", "A published pack is fixed.",
    recorded=True,
)  # fmt: skip
CELLS = declare(
    "import.cells", RefusalKind.INVALID, "表格有 {count} 处错误，未导入任何一行",
    "The sheet has {count} errors; no row was imported.", recorded=True,
)  # fmt: skip


class ProposeCommand(Wire, frozen=True, kw_only=True):
    """提交规则包待发布."""

    files: Annotated[dict[str, str], msgspec.Meta(min_length=2, max_length=50)]
    document_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    effective_from: date | None = None
    """Absent: as the pack itself says."""


def propose(desk: Desk, command: ProposeCommand) -> Answer:
    """Bring in a pack; the strict loader refuses anything mistyped."""
    desk.authorise("pack.propose", paths=_paths(desk))
    try:
        pack = load_pack(command.files)
    except PackError as error:
        raise Refusal(BROKEN, file=error.file, line=error.line, column=error.column,
                      message=error.message) from error  # fmt: skip
    identity = pack.document.pack
    if identity.jurisdiction != desk.unit.county:
        raise Refusal(FOREIGN, jurisdiction=identity.jurisdiction)
    held = desk.unit.maybe(PublishedPack, identity.id)
    if held is not None and held.state is not PackState.PROPOSED:
        raise Refusal(PUBLISHED)
    made = PublishedPack(
        county=desk.unit.county, id=identity.id, name=identity.name, level=identity.level,
        state=PackState.PROPOSED, parent=identity.parent, digest=pack.digest,
        effective_from=command.effective_from or identity.effective_from,
        effective_to=identity.effective_to, document_number=command.document_number,
        files=command.files, proposed_by=desk.actor.person_id,
    )  # fmt: skip
    fields = {
        n: getattr(made, n) for n in made.__struct_fields__ if n not in ("county", "id", "version")
    }
    kept = desk.unit.add(made) if held is None else desk.unit.change(held, **fields)
    desk.about(kept)
    desk.pack = pack.digest
    return Answer(body=kept, version=kept.version)


def publish(desk: Desk, id: str, version: int | None) -> Answer:
    """Put a proposed pack in force: by another person than who proposed it."""
    held = desk.unit.get(PublishedPack, id, lock=True)
    desk.about(held)
    tied = ["proposed"] if held.proposed_by == desk.actor.person_id else []
    desk.authorise("pack.publish", paths=_paths(desk), ties=tied)
    desk.check_version(held, version)
    if held.state is not PackState.PROPOSED:
        raise Refusal(PUBLISHED)
    changed = desk.unit.change(held, state=PackState.PUBLISHED, published_by=desk.actor.person_id)
    desk.about(changed)
    desk.pack = held.digest
    return Answer(body=changed, version=changed.version)


def put_list(desk: Desk, one: MatterList) -> Answer:
    """Keep a list, as a first version or the next."""
    desk.authorise("list.import", paths=_paths(desk))
    held = desk.unit.maybe(MatterList, one.id)
    if held is None:
        kept = desk.unit.add(one)
    else:
        fields = {
            n: getattr(one, n)
            for n in one.__struct_fields__
            if n not in ("county", "id", "version")
        }
        kept = desk.unit.change(held, **fields)
    desk.about(kept)
    return Answer(body={"id": kept.id, "items": len(kept.items)}, version=kept.version)


def put_calendar(desk: Desk, data: bytes) -> Answer:
    """Bring in a year's holiday table; provisional dates are recomputed by ``tick``."""
    desk.authorise("calendar.import", paths=_paths(desk))
    table, errors = read_calendar_csv(data)
    if errors or table is None:
        raise Refusal(CELLS, count=len(errors), errors=msgspec.to_builtins(errors))
    held = desk.unit.maybe(CalendarYear, f"calendar.{table.year}")
    if held is None:
        kept = desk.unit.add(
            CalendarYear(county=desk.unit.county, id=f"calendar.{table.year}", year=table.year,
                         days=table.days)
        )  # fmt: skip
    else:
        kept = desk.unit.change(held, days=table.days)
    desk.about(kept)
    return Answer(body={"year": kept.year, "days": len(kept.days)}, version=kept.version)


def _paths(desk: Desk) -> list[str]:
    if desk.unit.county == NATION or desk.actor.cli:
        return ["/"]
    path = desk.office.county_path(desk.unit.county)
    return [path] if path else ["/"]
