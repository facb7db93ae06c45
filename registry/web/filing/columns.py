"""批量申报表的列 what a line of the sheet of filings holds, what each column is called, and how its cells
are read: words, names and codes as officials write them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from registry.domain.filing import DETAIL_OF, Filing
from registry.domain.vocabulary import Kind as Matter
from registry.web.forms.fields import Field, Form, fields_of
from registry.web.forms.filled import Typed, Wrong
from registry.web.tongue import LANGUAGES, Tongue

PATHS = (
    "kind", "title", "content", "standard", "process", "necessity", "responsible_party",
    "applicants.0.organisation_id", "receivers", "community_type", "targets", "role",
    "concerns_residents", "bases.0.level", "bases.0.title", "bases.0.document_number",
    "bases.0.article", "bases.0.issued_by", "letter.document_number", "letter.dated_on",
    "letter.signed_by", "letter.contact", "letter.telephone", "duration", "starts_on", "ends_on",
    "hours_per_cycle", "cycle", "headcount", "technical", "funding.0.mode", "funding.0.payer_id",
    "funding.0.amount_fen", "funding.0.fiscal_year", "funding.0.basis", "disclosure",
)  # fmt: skip
FILES = "_files"
"""附件文件名: of files that come along in a zip."""
DETAILS = tuple(sorted(set(DETAIL_OF.values())))
"""What only some kinds state; each asks its own columns."""
NEEDED = ("kind", "title", "receivers", "targets")
"""Columns without which no line is a filing."""
APPLICANT, LEADING = "applicants.0.organisation_id", "applicants.0.leading"
AREAS = "targets"
_BODIES = (APPLICANT, "funding.0.payer_id")
_YES, _NO = ("是", "true", "yes", "√"), ("否", "false", "no", "×")
_PARTS = re.compile(r"[\n、,，;；]+")
ZH = Tongue(LANGUAGES[0])


class Column(NamedTuple):
    """一列."""

    path: str
    heading: str
    field: Field

    @property
    def detail(self) -> str:
        """Of what only some kinds state, its name."""
        name = self.path.partition(".")[0]
        return name if name in DETAILS else ""

    @property
    def kinds(self) -> str:
        """Which kinds state it, as they are called; empty = all."""
        return _kinds(self.detail)

    @property
    def words(self) -> dict[str, str]:
        """What may stand in it, where that is closed: the Chinese word → the wire word."""
        return {ZH.choice(code, self.field.name): code.value for code in self.field.codes}


class Book(NamedTuple):
    """名册: what names of bodies and places stand for; a name that two bear stands for nothing."""

    bodies: dict[str, str]
    areas: dict[str, str]


@cache
def columns() -> tuple[Column, ...]:
    """Every column, in the order of the sheet."""
    own = [
        f"{field.name}.{one.name}" for field in fields_of(Filing) if field.name in DETAILS
        for one in field.fields if one.form in _CELLS or (field.name, one.name) in _NAMED
    ]  # fmt: skip
    files = Column(FILES, "附件文件名", Field(name="documents", form=Form.WORDS))
    return (*(_column(path) for path in (*PATHS, *own)), files)


_CELLS = {
    Form.LINE, Form.TEXT, Form.INTEGER, Form.MONEY, Form.DAY, Form.FLAG, Form.ONE, Form.MANY,
    Form.WORDS,
}  # fmt: skip
"""What one cell can say; a file is named in a column of its own."""
_NAMED = {("form", "fields")}
"""Lists of which a cell gives the names alone."""


def _column(path: str) -> Column:
    fields, told = fields_of(Filing), list[str]()
    field, group = fields[0], ""
    for name in (part for part in path.split(".") if not part.isdigit()):
        field = next(one for one in fields if one.name == name)
        told.append(ZH.field(name, "requests", group))
        fields, group = field.fields, name
    money = "（元）" if field.form is Form.MONEY else ""
    return Column(path, "·".join(told) + money, field)


def read_line(cells: dict[str, str], book: Book, own: str) -> tuple[Typed, list[Wrong]]:
    """A line as it would have been typed into the form, and the cells that say nothing known.

    Args:
        cells: by the path of their column.
        own: who asks where the line does not say.
    """
    given: Typed = {APPLICANT: [own], LEADING: ["true"]} if own else {LEADING: ["true"]}
    wrong: list[Wrong] = []
    for column in columns():
        if column.path != FILES and (cell := cells.get(column.path, "").strip()):
            try:
                given |= _told(column, _read(column, cell, book))
            except KeyError as unknown:
                wrong.append(_strange(column, str(unknown.args[0])))
    return given, wrong + _foreign(given, cells)


def files_of(cells: dict[str, str]) -> list[str]:
    """The files that a line names, each once."""
    return list(dict.fromkeys(_split(cells.get(FILES, ""))))


def _told(column: Column, said: list[str]) -> Typed:
    if column.field.form is Form.WORDS:
        return {column.path: ["\n".join(said)]}
    if column.field.form is not Form.GROUPS:
        return {column.path: said}
    return {f"{column.path}.{at}.name": [name] for at, name in enumerate(said)}


def _foreign(given: Typed, cells: dict[str, str]) -> list[Wrong]:
    """Cells that only another kind states."""
    kind = given.get("kind", [""])[0]
    if kind not in set(Matter):
        return []
    mine = DETAIL_OF.get(Matter(kind), "")
    held = [c for c in columns() if c.detail and c.detail != mine and cells.get(c.path, "").strip()]
    for column in held:
        given.pop(column.path, None)
    return [
        Wrong(c.path, f"这一列只有{_kinds(c.detail)}填，请清空", "this kind does not state it; clear it")
        for c in held
    ]  # fmt: skip


def _kinds(detail: str) -> str:
    return "、".join(f"「{ZH.code(kind)}」" for kind, of in DETAIL_OF.items() if of == detail)


def _read(column: Column, cell: str, book: Book) -> list[str]:
    """Raises ``KeyError`` naming the word that stands for nothing."""
    field = column.field
    if field.codes:
        known = column.words | {code.value: code.value for code in field.codes}
        return [known[one] for one in (_split(cell) if field.form is Form.MANY else [cell])]
    if column.path == AREAS:
        return [book.areas[one] for one in _split(cell)]
    if column.path in _BODIES:
        return [book.bodies[cell]]
    if field.form in (Form.WORDS, Form.GROUPS):
        return _split(cell)
    if field.form is Form.FLAG:
        return ["true"] if cell.lower() in _YES else [] if cell.lower() in _NO else _unknown(cell)
    return [cell]


def _unknown(word: str) -> list[str]:
    raise KeyError(word)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(cell) if part.strip()]


def _strange(column: Column, word: str) -> Wrong:
    if column.field.codes or column.field.form is Form.FLAG:
        known = "、".join(column.words or (_YES[0], _NO[0]))
        return Wrong(
            column.path, f"不能填「{word}」，只能填：{known}", f"{word} is none of: {known}"
        )
    return Wrong(
        column.path, f"没有「{word}」，或者不止一个同名的；请照「代码表」填名称或者代码",
        f"{word} is unknown, or the name of several; write the name or the code of the list",
    )  # fmt: skip


def book_of(names: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """What each name stands for; names of several are left out, ids and codes never.

    Args:
        names: id, and everything it may be called by; its own id among it.
    """
    found: dict[str, set[str]] = {}
    for id, called in names:
        for name in (id, *called):
            if name:
                found.setdefault(name, set()).add(id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}
