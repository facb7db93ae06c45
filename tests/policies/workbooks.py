"""工作簿 made or spoilt for a test: xlsx files as an officer, or somebody worse, would hand in."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook

from registry.policies.drafting.sheets import out
from registry.policies.drafting.workbook import write_xlsx
from registry.policies.examples import PACKS


def folder(own: str = "demo-county") -> dict[str, bytes]:
    """The files of a pack that came."""
    root = PACKS / own
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in sorted(root.rglob("*")) if p.is_file() and p.suffix in {".toml", ".csv"}
    }  # fmt: skip


def exported(files: dict[str, bytes]) -> bytes:
    """A folder as the workbook that `pack export` writes."""
    sheets = out(files)
    return write_xlsx(sheets.grids, sheets.closed)


def edited(data: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook after somebody changed it in a spreadsheet."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(*rows: list[Any], title: str = "规则") -> bytes:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(book)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet_xml(rows: str) -> bytes:
    """The XML of a sheet with these rows, as no spreadsheet would write it."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    ).encode()
