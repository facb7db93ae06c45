"""文件登记 (P35): the instruments that packs, lists and requests rest on, and their dates."""

from collections.abc import Sequence

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.places import above
from registry.actions.rules.signing import county_paths
from registry.actions.sheets import sheet_refused
from registry.domain.document import Document
from registry.domain.document_number import folded, writings
from registry.domain.duty_sheets import read_instruments_csv
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.instrument import Instrument, InstrumentCommand

TWICE = declare(
    "instrument.twice", RefusalKind.CONFLICT, "发文字号 {number} 已登记",
    "The document number {number} is registered already.", recorded=True,
)  # fmt: skip


def record(desk: Desk, command: InstrumentCommand) -> Answer:
    """登记文件: one document number stands once in a jurisdiction."""
    desk.authorise("instrument.record", paths=county_paths(desk))
    _check(desk, command, None)
    kept = desk.unit.add(_made(desk, command))
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def amend(desk: Desk, id: str, version: int | None, command: InstrumentCommand) -> Answer:
    """更正文件登记: its lapse, its repeal, where it was published."""
    held = desk.unit.get(Instrument, id, lock=True)
    desk.about(held)
    desk.authorise("instrument.amend", paths=county_paths(desk))
    desk.check_version(held, version)
    _check(desk, command, held)
    changed = desk.unit.change(held, **msgspec.structs.asdict(command))
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def import_instruments(desk: Desk, data: bytes) -> Answer:
    """文件表导入: all or nothing; what is there is put right where the sheet says otherwise."""
    desk.authorise("instrument.import", paths=county_paths(desk))
    rows, errors = read_instruments_csv(data)
    sheet_refused(errors)
    there = {folded(one.document_number): one for one in desk.unit.find(Instrument)}
    counts = {"added": 0, "changed": 0, "held": 0}
    for row in rows:
        held = there.get(folded(row.document_number))
        if held is None:
            desk.unit.add(_made(desk, row))
        elif wanted := _differing(held, row):
            desk.unit.change(held, **wanted)
        word = "added" if held is None else "changed" if wanted else "held"
        counts[word] += 1
    return Answer(body=counts)


def registered(desk: Desk, numbers: Sequence[str]) -> dict[str, Instrument]:
    """The instruments of these numbers, as the county or the nearest level above has them."""
    if not numbers:
        return {}
    wanted = sorted({form for number in numbers for form in writings(number)})
    found: dict[str, Instrument] = {}
    for county in above(desk.unit.county):
        if found.keys() >= set(numbers):
            break
        for one in desk.unit.beside(county).find(Instrument, document_number=wanted):
            same = folded(one.document_number)
            for number in (n for n in numbers if folded(n) == same):
                found.setdefault(number, one)
    return found


def _check(desk: Desk, command: InstrumentCommand, held: Instrument | None) -> None:
    same = desk.unit.find(Instrument, document_number=writings(command.document_number))
    if any(held is None or one.id != held.id for one in same):
        raise Refusal(TWICE, number=command.document_number)
    if command.document_id is not None:
        desk.unit.get(Document, command.document_id)


def _made(desk: Desk, command: InstrumentCommand) -> Instrument:
    fields = msgspec.structs.asdict(command)
    return Instrument(county=desk.unit.county, id=desk.id("ins"), **fields)


def _differing(held: Instrument, row: InstrumentCommand) -> dict[str, object]:
    """What a sheet says otherwise; a cell left empty says nothing, nor do other brackets around the
    year of its number."""
    told = msgspec.structs.asdict(row) | {"document_number": held.document_number}
    return {n: v for n, v in told.items() if v not in (None, "") and getattr(held, n) != v}
