"""花名册的列 what the columns and words of a sheet are called by those who fill it in; its template."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.domain import area_sheets, people_sheets
from registry.web.tongue import Tongue, words

_LABELS = people_sheets.LABELS | {"areas": area_sheets.LABELS}
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
    """列名 as the sheet bears it; what is no column stays as it is."""
    return _LABELS[kind].get(column, column)


def told(lines: Sequence[Sequence[str]], kind: str, coded: Codes) -> list[list[str]]:
    """The same rows with names and words as officials write them, those of a program too."""
    heads = [cell.strip() for cell in lines[0]] if lines else []
    back = {one: {word: zh for zh, word in held.items()} for one, held in coded.items()}
    body = ([_word(back, heads, at, cell) for at, cell in enumerate(line)] for line in lines[1:])
    return [[heading(kind, head) for head in heads], *body] if heads else []


def _word(coded: Codes, heads: Sequence[str], at: int, cell: str) -> str:
    held = coded.get(heads[at], {}) if at < len(heads) else {}
    return held.get(cell.strip(), cell)


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
