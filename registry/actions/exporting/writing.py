"""写出 one sheet as a file of any form, streamed: a batch of rows is held, whatever the size."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, NamedTuple

import msgspec

from registry.actions.exporting.parquet import write_parquet
from registry.actions.exporting.workbook import write_xlsx
from registry.domain.exporting import Column, Form, Holds
from registry.store.exported import HISTORY, RISKY, Rows

Progress = Callable[[int], None]
"""Told how many rows are written."""
Batch = Sequence[Sequence[Any]]
Veil = Callable[[Rows], Iterator[Batch]]
"""Reads the rows as somebody may see them, where not everybody sees them whole."""


class Asked(NamedTuple):
    """所要的写法."""

    form: Form
    words: bool = True
    """Headings in Chinese, codes as they are called; otherwise names and codes as they are."""
    veil: Veil | None = None
    on_progress: Progress = lambda rows: None


def write(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    """Write the rows; returns how many there were."""
    return _WRITERS[asked.form](rows, out, asked)


def columns(rows: Rows) -> list[Column]:
    """The columns as they are written."""
    return [*rows.sheet.columns, *(HISTORY if rows.wanted.history else ())]


def batches(rows: Rows, asked: Asked) -> Iterator[Batch]:
    """The values of each row."""
    written = 0
    for batch in rows.batches(rows.values()) if asked.veil is None else asked.veil(rows):
        yield batch
        written += len(batch)
        asked.on_progress(written)


def _csv(rows: Rows, out: IO[bytes], asked: Asked, encoding: str = "utf-8") -> int:
    out.write(b"\xef\xbb\xbf" if encoding == "utf-8" else b"")
    out.write(_line(_heads(rows, asked)).encode(encoding))
    written = 0
    for many, text in rows.text(words=asked.words) if asked.veil is None else _lines(rows, asked):
        out.write(text.encode(encoding))
        written += many
        asked.on_progress(written)
    return written


def _lines(rows: Rows, asked: Asked) -> Iterator[tuple[int, str]]:
    """CSV of rows that not everybody sees whole."""
    told = columns(rows)
    for batch in asked.veil(rows) if asked.veil else ():
        page = io.StringIO(newline="")
        csv.writer(page).writerows(
            [_safe(v) for v in row] for row in (_worded(told, r, asked.words) for r in batch)
        )
        yield len(batch), page.getvalue()


def _safe(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def _line(cells: Iterable[str]) -> str:
    page = io.StringIO(newline="")
    csv.writer(page).writerow(cells)
    return page.getvalue()


def _heads(rows: Rows, asked: Asked) -> list[str]:
    return [c.zh if asked.words else c.name for c in columns(rows)]


def _worded(told: Sequence[Column], row: Sequence[Any], words: bool) -> list[Any]:
    """A row with codes and flags as they are called."""
    if not words:
        return list(row)
    made = []
    for column, value in zip(told, row, strict=True):
        if column.codes:
            made.append(column.codes.get(value, value))
        elif column.holds is Holds.FLAG and value is not None:
            made.append("是" if value else "否")
        else:
            made.append(value)
    return made


def _gb18030(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    return _csv(rows, out, asked, "gb18030")


def _jsonl(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    told, encode, written = columns(rows), msgspec.json.Encoder().encode, 0
    for batch in batches(rows, asked):
        out.write(b"".join(encode(dict(_typed(told, row))) + b"\n" for row in batch))
        written += len(batch)
    return written


def _typed(told: Sequence[Column], row: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for column, value in zip(told, row, strict=True):
        if value is not None and column.holds is Holds.FLAG:
            yield column.name, bool(value)
        elif value is not None and column.holds is Holds.JSON:
            yield column.name, msgspec.Raw(str(value).encode())
        else:
            yield column.name, value


def _xlsx(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    told, wanted = columns(rows), rows.wanted
    about = [["名称", rows.sheet.zh], ["name", rows.sheet.en], ["县(市、区)代码", wanted.county],
             ["快照号", f"{wanted.county}-{wanted.as_of}"]]  # fmt: skip
    lines = ([_worded(told, row, asked.words) for row in batch] for batch in batches(rows, asked))
    return write_xlsx(out, about, _heads(rows, asked), lines, title=rows.sheet.zh[:20])


def _parquet(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    return write_parquet(out, columns(rows), batches(rows, asked), snapshot=(
        rows.wanted.county, rows.wanted.as_of))  # fmt: skip


_WRITERS: dict[Form, Callable[[Rows, IO[bytes], Asked], int]] = {
    Form.CSV: _csv, Form.CSV_GB18030: _gb18030, Form.JSONL: _jsonl, Form.XLSX: _xlsx,
    Form.PARQUET: _parquet,
}  # fmt: skip
