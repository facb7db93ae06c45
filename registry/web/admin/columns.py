"""花名册的列 what the columns and words of a sheet are called by those who fill it in; its template.

Programs name them as the API does; either is read, and what comes back is in officials' words.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from registry.actions.staff.staffing import MACHINE
from registry.domain.sheets import read_lines
from registry.domain.vocabulary import CommunityType, Custody, Level, OrganisationKind
from registry.web.tongue import Tongue, words

_ZH = Tongue("zh")
_CODED: dict[str, type[StrEnum]] = {
    "kind": OrganisationKind, "level": Level, "custody": Custody, "community_type": CommunityType,
}  # fmt: skip
_HOW = {
    "id": "字母、数字和 - . _，全县不重复，一经使用不变",
    "county": "本县填 {county}",
    "area_code": "12 位；单位在县级的填县代码，街道、社区的填各自代码，见「代码表」",
    "functions": "规则包据此找到单位，如 admission_office；可填多个，用顿号分开，没有不填",
    "custody": "只有社区（村）填；只能填「代码表」中的词",
    "telephone": "例如 0000-1234567",
    "uscc": "18 位",
    "parent_id": "上级单位的编号，见「代码表」",
    "valid_from": "写成 2026-03-01",
    "valid_to": "写成 2026-12-31；长期的不填",
    "username": "登录用：小写字母、数字和 . _ -，不与他人重复",
    "posts": "可不填，只供核对；任职另填任职表，由安全保密管理员导入",
    "organisation_id": "见「代码表」",
    "community_code": "12 位", "street_code": "12 位", "community": "全称", "street": "全称",
}  # fmt: skip
"""How a column is filled in; one of a few words says so by itself."""
_WORD = "只能填「代码表」中的词"


class Table(NamedTuple):
    """一种表: its word, the act it is brought in by, its columns: needed, then possible."""

    word: str
    act: str
    needed: tuple[str, ...]
    possible: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, in their order."""
        return (*self.needed, *self.possible)


Codes = dict[str, dict[str, str]]
"""By column: a word in Chinese → what it is on record."""


def called(tongue: Tongue, kind: str, column: str) -> str:
    """What a column is called in the words of the page; else as the dictionary has it."""
    key = f"admin.column_{column}"
    return tongue.t(key) if key in words() else tongue.field(column, kind)


def heading(kind: str, column: str) -> str:
    """列名 as the sheet bears it: what stands before the first comma."""
    return called(_ZH, kind, column).partition("，")[0]


def codes(columns: Sequence[str], roles: Sequence[str]) -> Codes:
    """What may stand in the columns that take one of a few words."""
    found = {one: {_ZH.code(w): w.value for w in _CODED[one]} for one in columns if one in _CODED}
    if "role" in columns:
        found["role"] = {_ZH.role(role): role for role in roles if role not in MACHINE}
    return found


def read(text: str, kind: str, columns: Sequence[str], coded: Codes) -> str:
    """A sheet as it came, in the names and words on record; the column of errors left out."""
    wrong = _ZH.t("admin.sheet_wrong")
    lines, errors = read_lines(text.encode("utf-8", "replace"))
    heads = [cell.strip().removesuffix("*").strip() for cell in lines[0]] if lines else []
    names = {heading(kind, one): one for one in columns}
    if errors or not any(head in names or head == wrong for head in heads):
        return text
    known = [names.get(head, head) for head in heads]
    body = ([_word(coded, known, at, c) for at, c in enumerate(line)] for line in lines[1:])
    kept = [at for at, head in enumerate(known) if head != wrong]
    return _csv([[line[at] for at in kept if at < len(line)] for line in (known, *body)])


def _word(coded: Codes, heads: Sequence[str], at: int, cell: str) -> str:
    held = coded.get(heads[at], {}) if at < len(heads) else {}
    return held.get(cell.strip(), cell)


def told(
    lines: Sequence[Sequence[str]], kind: str, columns: Sequence[str], coded: Codes
) -> list[list[str]]:
    """The same rows with names and words as officials write them."""
    heads = [cell.strip() for cell in lines[0]] if lines else []
    back = {one: {word: zh for zh, word in held.items()} for one, held in coded.items()}
    body = ([_word(back, heads, at, cell) for at, cell in enumerate(line)] for line in lines[1:])
    return [[heading(kind, h) if h in columns else h for h in heads], *body] if heads else []


def template(
    kind: str, table: Table, coded: Codes, county: str
) -> tuple[list[list[str]], list[list[str]]]:
    """The heads of an empty sheet, and how each of its columns is filled in."""
    heads = [heading(kind, one) + ("*" if one in table.needed else "") for one in table.columns]
    how = [["列", "是否必填", "怎么填"]]
    for one in table.columns:
        said = _HOW.get(one, _WORD if one in coded else "文字").format(county=county)
        how.append([heading(kind, one), "必填" if one in table.needed else "", said])
    return [heads], how


def code_rows(kind: str, coded: Codes, lists: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """代码表: words that a column takes, and names with their codes, side by side."""
    held = {heading(kind, one): list(found) for one, found in coded.items()} | dict(lists)
    most = max((len(one) for one in held.values()), default=0)
    rows = [[one[at] if at < len(one) else "" for one in held.values()] for at in range(most)]
    return [list(held), *rows] if held else []


def _csv(rows: Sequence[Sequence[str]]) -> str:
    page = io.StringIO(newline="")
    csv.writer(page).writerows(rows)
    return page.getvalue()
