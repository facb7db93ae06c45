"""履职清单表、文件表 reading a street's list of duties and the register of instruments from sheets."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal, TypeVar

import msgspec

from registry.domain.instrument import InstrumentCommand
from registry.domain.records import Line, Wire
from registry.domain.sheets import CellError, Errors, Rows, read_sheet, sheet_row, typed

Number = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z.\-]+$")]


class DutyRow(Wire, frozen=True, kw_only=True):
    """履职事项清单一行 (P35): what the street itself must do, helps with, or does no more."""

    number: Number
    title: Line
    duty: Annotated[
        Literal["基本", "配合", "上级收回"],
        msgspec.Meta(description="基本履职、配合履职、上级收回"),
    ] = msgspec.field(name="class")
    departments: str = ""
    basis: str = ""
    aliases: str = ""
    """Other names printed in the list, parted by ；."""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


R = TypeVar("R", DutyRow, InstrumentCommand)


def read_duties_csv(data: bytes) -> tuple[list[DutyRow], list[CellError]]:
    """履职事项清单: ``number, title, class`` and ``departments, basis, aliases, note, valid_from,
    valid_to``; any error and there is no row."""
    columns = (
        ("number", "title", "class"),
        ("departments", "basis", "aliases", "note", "valid_from", "valid_to"),
    )
    return _read(read_sheet(data, *columns), DutyRow, lambda row: row.number, "number")


def read_instruments_csv(data: bytes) -> tuple[list[InstrumentCommand], list[CellError]]:
    """文件表: ``document_number, title, issuer, issued_on, effective_on`` and ``lapses_on,
    repealed_by, published_at``; any error and there is no row."""
    columns = (
        ("document_number", "title", "issuer", "issued_on", "effective_on"),
        ("lapses_on", "repealed_by", "published_at"),
    )
    return _read(
        read_sheet(data, *columns), InstrumentCommand,
        lambda row: row.document_number, "document_number",
    )  # fmt: skip


def _read(
    sheet: tuple[Rows, Errors], form: type[R], key: Callable[[R], str], column: str
) -> tuple[list[R], Errors]:
    lines, errors = sheet
    rows: dict[str, R] = {}
    for index, cells in enumerate(lines):
        number = sheet_row(index)
        row, found = typed(cells, form, number)
        if row is not None and key(row) in rows:
            found.append(
                CellError(
                    row=number, column=column, message="与上面的行重复",
                    message_en="repeats a row above",
                )
            )  # fmt: skip
        if row is not None:
            rows[key(row)] = row
        errors += found
    return ([], errors) if errors else (list(rows.values()), [])
