"""供阅读 what lies in an audit package beside the log and the rows: the same, to be read. Nothing
of it is proven; what is proven is ``log/`` and ``rows/``."""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from registry.actions.exporting import accounting, giving
from registry.actions.exporting.database import table_name, write_database
from registry.actions.exporting.ground import Ground, on_a_letter
from registry.actions.exporting.writing import Asked, write
from registry.actions.statements import journals
from registry.domain.document import Document
from registry.domain.errors import Refusal
from registry.domain.exporting import Form, Sheet
from registry.domain.funds import VoucherLine
from registry.domain.pack import PublishedPack
from registry.store.exported import RISKY, Rows
from registry.store.journalled import Wanted
from registry.store.recorded import records
from registry.store.scan import steady

Write = Callable[[Path], int | None]
_SAFE = str.maketrans({"/": "_", "\\": "_", ":": "_"})


def reading_copies(of: Ground, release: str) -> Iterator[tuple[str, Write]]:
    """(name, what writes it) of each file."""
    for sheet in of.sheets.values():
        if of.scopes(sheet.record) != []:
            yield f"tables/{table_name(sheet)}.csv", partial(_sheet, of, sheet)
    yield "tables/codes.csv", partial(_codes, of)
    yield "documents.csv", partial(_documents, of)
    if _on_a_letter(of):
        yield from _attachments(of)
    yield from _packs(of)
    for form in journals.Form:
        yield f"books/{form.value}.journal", partial(_journal, of, form)
    yield "books/360giving.json", partial(_giving, of)
    yield "books/gbt24589-subset.xml", partial(_accounting, of)
    yield "audit.db", partial(_database, of, release)


def _sheet(of: Ground, sheet: Sheet, path: Path) -> None:
    with steady(of.office.store.reader) as moment, path.open("wb") as out:
        rows = of.rows(moment, sheet)
        if rows is not None:
            write(rows, out, Asked(Form.CSV, veil=of.veil(sheet)))


def _codes(of: Ground, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        page = csv.writer(out)
        page.writerow(("表", "table", "列", "column", "代码", "含义"))
        for sheet in of.sheets.values():
            for column in sheet.columns:
                for code, zh in column.codes.items():
                    page.writerow((sheet.zh, table_name(sheet), column.zh, column.name, code, zh))


def _records(of: Ground, kind: type[Any]) -> Iterator[Any]:
    sheet = next(s for s in of.sheets.values() if s.record is kind)
    with steady(of.office.store.reader) as moment:
        rows: Rows | None = of.rows(moment, sheet)
        if rows is not None:
            for batch in records(rows):
                yield from (record for record, _ in batch)


def _on_a_letter(of: Ground) -> bool:
    """Whether nothing of it is read but what a project or a letter opened (P30)."""
    return on_a_letter(of.scopes(Document))


def _documents(of: Ground, path: Path) -> None:
    """Papers by number and digest; where somebody looks on a letter they lie beside it."""
    attached = _on_a_letter(of)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        page = csv.writer(out)
        page.writerow(
            ("序号", "编号", "名称", "种类", "所附对象", "对象编号", "字节数", "SHA-256", "文件")
        )
        for number, one in enumerate(_records(of, Document), 1):
            told = (one.id, one.name, one.type.value, one.parent_kind, one.parent_id)
            file = _filed(number, one) if attached else ""
            page.writerow([number, *map(_safe, told), one.size, one.sha256, file])


def _attachments(of: Ground) -> Iterator[tuple[str, Write]]:
    """The papers themselves, under their numbers in the list."""
    for number, one in enumerate(_records(of, Document), 1):
        yield _filed(number, one), partial(_content, of, one.sha256)


def _filed(number: int, one: Document) -> str:
    return f"attachments/{number:05}{_ENDINGS.get(one.media_type, '.txt')}"


_ENDINGS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip


def _content(of: Ground, sha256: str, path: Path) -> None:
    path.write_bytes(of.office.store.files.read(sha256))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text


def _packs(of: Ground) -> Iterator[tuple[str, Write]]:
    """The rules as they were published, file by file."""
    for pack in _records(of, PublishedPack):
        for name, text in sorted(pack.files.items()):
            place = "/".join(part.translate(_SAFE) for part in name.split("/"))
            yield f"packs/{pack.id.translate(_SAFE)}/{place}", partial(_text, text)


def _text(text: str, path: Path) -> None:
    path.write_bytes(text.encode())


def _journal(of: Ground, form: journals.Form, path: Path) -> None:
    scopes = of.scopes(VoucherLine)
    wanted = Wanted(of.county, of.as_of, seen=scopes)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        if scopes != []:
            for line in journals.journal(of.office.store.reader, wanted, form):
                out.write(f"{line}\n")


def _giving(of: Ground, path: Path) -> None:
    try:
        giving.write_giving(of, path, _quiet)
    except Refusal:
        path.write_bytes(b"")


def _accounting(of: Ground, path: Path) -> None:
    accounting.write_accounting(of, path, _quiet)


def _database(of: Ground, release: str, path: Path) -> None:
    write_database(of, path, _quiet, release)


def _quiet(_rows: int) -> None:
    return None
