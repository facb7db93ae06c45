"""写出 one sheet as a file of any form, streamed: a batch of rows is held, whatever the size."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple, Protocol

import msgspec

from registry.actions.exporting.parquet import write_parquet
from registry.actions.exporting.workbook import write_xlsx
from registry.domain.exporting import Column, Form, Holds
from registry.store.exported import RISKY, Rows
from registry.store.flat import flat

Progress = Callable[[int], None]
"""Told how many rows are written."""
Batch = Sequence[Sequence[Any]]
Veil = Callable[[Rows], Iterator[Batch]]
"""Reads the rows as somebody may see them, where not everybody sees them whole."""


class Names(Protocol):
    """名称旁注."""

    def columns(self, own: Sequence[Column]) -> list[Column]: ...

    def lines(self, batch: Batch) -> list[list[Any]]: ...


class Asked(NamedTuple):
    """所要的写法."""

    form: Form
    words: bool = True
    """Headings in Chinese, codes as they are called; otherwise names and codes as they are."""
    veil: Veil | None = None
    on_progress: Progress = lambda rows: None
    called: "Names | None" = None
    """What ids are called, beside them, in what people open."""


def write(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    """Write the rows; returns how many there were."""
    return _WRITERS[asked.form](rows, out, asked)


def columns(rows: Rows) -> list[Column]:
    """The columns as they are written."""
    return list(rows.columns())


def batches(rows: Rows, asked: Asked) -> Iterator[Batch]:
    """The values of each row."""
    written = 0
    for batch in flat(rows) if asked.veil is None else asked.veil(rows):
        yield batch
        written += len(batch)
        asked.on_progress(written)


def _csv(rows: Rows, out: IO[bytes], asked: Asked, encoding: str = "utf-8") -> int:
    told, written = columns(rows), 0
    say, guard = _saying(told, asked.words), _guarding(told)
    out.write(b"\xef\xbb\xbf" if encoding == "utf-8" else b"")
    out.write(_line(_heads(rows, asked)).encode(encoding))
    for batch in batches(rows, asked):
        page = io.StringIO(newline="")
        csv.writer(page).writerows(map(guard, map(say, batch)))
        out.write(page.getvalue().encode(encoding))
        written += len(batch)
    return written


def _guarding(told: Sequence[Column]) -> Callable[[list[Any]], list[Any]]:
    """Makes a row's texts such as no spreadsheet takes for a formula."""
    texts = [n for n, column in enumerate(told) if column.holds in (Holds.TEXT, Holds.JSON)]
    risky = frozenset(RISKY)

    def guard(row: list[Any]) -> list[Any]:
        for n in texts:
            value = row[n]
            if value and value[0] in risky:
                row[n] = f"'{value}"
        return row

    return guard


def _line(cells: Iterable[str]) -> str:
    page = io.StringIO(newline="")
    csv.writer(page).writerow(cells)
    return page.getvalue()


def _heads(rows: Rows, asked: Asked) -> list[str]:
    return [c.zh if asked.words else c.name for c in columns(rows)]


def _saying(told: Sequence[Column], words: bool) -> Callable[[Sequence[Any]], list[Any]]:
    """Tells a row with codes and flags as they are called, or as they are."""
    if not words:
        return list
    named: list[tuple[int, Mapping[Any, str]]] = []
    for n, column in enumerate(told):
        if column.codes:
            named.append((n, column.codes))
        elif column.holds is Holds.FLAG:
            named.append((n, _FLAGS))

    def say(row: Sequence[Any]) -> list[Any]:
        made = list(row)
        for n, called in named:
            made[n] = called.get(made[n], made[n])
        return made

    return say


_FLAGS = {0: "否", 1: "是"}


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
    names, told, wanted = asked.called if asked.words else None, columns(rows), rows.wanted
    about = [["名称", rows.sheet.zh], ["name", rows.sheet.en], ["县（市、区）代码", wanted.county],
             ["快照号", f"{wanted.county}-{wanted.as_of}"],
             ["时刻", "东八区时间，写到秒；原值（UTC）见 CSV UTC+8, to the second"]]  # fmt: skip
    told = names.columns(told) if names else told
    say, made = _saying(told, asked.words), batches(rows, asked)
    batched = map(names.lines, made) if names else made
    lines = (list(map(say, batch)) for batch in batched)
    heads = [c.zh if asked.words else c.name for c in told]
    return write_xlsx(
        out, about, heads, lines, title=rows.sheet.zh[:20], holds=[c.holds for c in told]
    )


def _parquet(rows: Rows, out: IO[bytes], asked: Asked) -> int:
    return write_parquet(out, columns(rows), batches(rows, asked), snapshot=(
        rows.wanted.county, rows.wanted.as_of))  # fmt: skip


_WRITERS: dict[Form, Callable[[Rows, IO[bytes], Asked], int]] = {
    Form.CSV: _csv, Form.CSV_GB18030: _gb18030, Form.JSONL: _jsonl, Form.XLSX: _xlsx,
    Form.PARQUET: _parquet,
}  # fmt: skip
