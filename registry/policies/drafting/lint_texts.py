"""清单文本检查 a list as somebody would publish it: every cell sound, every number once, no quarrel.

Pure. A problem stands at the row of its item, counted from 1, and at the column of its cell; what
concerns the whole list stands at row 0.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.vocabulary import GRADES_OFF, Grade, Polarity
from registry.policies import words
from registry.policies.drafting.lint_lists import Claim, disputes
from registry.policies.drafting.problems import Place, Problem, problem
from registry.policies.lists import COLUMNS

ITEMS = 2_000
"""Items of one list: what a page and a text index still bear."""
LENGTH = 2_000
"""Characters of a cell."""
WHOLE = 0
"""The row of what concerns the whole list."""
_NUMBER = re.compile(r"[0-9A-Za-z._:\-]{1,120}")
"""What a filing may name an item by."""
_BARRING = frozenset({Polarity.BARRED, Polarity.CANCELLED})
_NEEDED = ("title", "basis", "source")
_LINES = "\n\t"


def check_text(
    one: MatterList, others: Sequence[MatterList], named: Collection[str]
) -> list[Problem]:
    """Everything wrong with a list, the whole first, then item by item.

    Args:
        others: the lists that stand beside it.
        named: ids of the lists that the rules in force name.
    """
    found = [*_whole(one, named), *_twice(one, others)]
    for row, item in enumerate(one.items, start=1):
        found += _cells(one, item, row)
    return [*found, *_quarrels(one, [o for o in others if o.id in named])]


def _whole(one: MatterList, named: Collection[str]) -> Iterator[Problem]:
    place = (one.id, WHOLE, 1)
    for name in ("id", "title", "instrument", "source"):
        text = getattr(one, name)
        why = _wrong(text, number=name == "id") if text.strip() else ("没有填写", "missing")
        if why:
            yield _cell(place, name, why)
    if not one.kinds:
        yield _cell(place, "kinds", ("没有填写", "missing"))
    if _reversed(one.valid_from, one.valid_to):
        yield _cell(place, "valid_to", ("早于生效日", "lies before valid_from"))
    if one.items_read and one.count_stated not in (None, len(one.items)):
        yield problem("list.count", place, stated=str(one.count_stated), held=str(len(one.items)))
    if len(one.items) > ITEMS:
        yield problem("list.long", place, most=str(ITEMS), held=str(len(one.items)))
    if one.id not in named and not one.area:
        yield problem("list.unnamed", place, name=one.id)


def _twice(one: MatterList, others: Sequence[MatterList]) -> Iterator[Problem]:
    """A number is cited without its list: it may stand once alone."""
    counted = Counter(item.id for item in one.items)
    elsewhere = {item.id: held.id for held in others for item in held.items}
    for row, item in enumerate(one.items, start=1):
        place = (one.id, row, 1)
        if counted[item.id] > 1:
            yield problem("list.item_twice", place, id=item.id, other=one.id)
        elif item.id in elsewhere:
            yield problem("list.item_twice", place, id=item.id, other=elsewhere[item.id])


def _cells(one: MatterList, item: ListItem, row: int) -> Iterator[Problem]:
    for column in COLUMNS:
        why = _of(item, column)
        if why:
            yield _cell((one.id, row, COLUMNS.index(column) + 1), column, why)
    if one.polarity in _BARRING and not item.ground:
        yield problem("list.item_ground", (one.id, row, COLUMNS.index("ground") + 1), id=item.id)
    if item.grade in GRADES_OFF:
        yield problem("list.item_off", (one.id, row, COLUMNS.index("grade") + 1), id=item.id)
    elif item.grade is Grade.REPORTED:
        yield problem("list.item_reported", (one.id, row, COLUMNS.index("grade") + 1), id=item.id)


def _of(item: ListItem, column: str) -> tuple[str, str] | None:
    """What is wrong with a cell, in both languages."""
    value = getattr(item, column)
    texts = value if isinstance(value, list) else [value]
    wrong = next((w for t in texts if isinstance(t, str) and (w := _wrong(t))), None)
    if wrong:
        return wrong
    if column == "id" and not _NUMBER.fullmatch(item.id):
        return _wrong(item.id, number=True)
    if column in _NEEDED and not value.strip():
        return ("没有填写", "missing")
    if column == "ground" and value and value not in words.values("ground"):
        return ("没有这种情形", "no such ground")
    if column == "valid_to" and _reversed(item.valid_from, item.valid_to):
        return ("早于生效日", "lies before valid_from")
    return None


def _wrong(text: str, *, number: bool = False) -> tuple[str, str] | None:
    if number and not _NUMBER.fullmatch(text):
        return ("只能用字母、数字和 . _ : -", "letters, digits and . _ : - only")
    if len(text) > LENGTH:
        return (f"超过 {LENGTH} 字", f"more than {LENGTH} characters")
    if not all(c.isprintable() or c in _LINES for c in text):
        return ("含有看不见的字符", "holds characters that do not print")
    return None


def _reversed(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and last < first


def _cell(place: Place, column: str, why: tuple[str, str]) -> Problem:
    told: dict[str, Any] = {"column": words.item_zh(column), "why": " ".join(why)}
    return problem("sheet.item", place, {"column": column}, **told)


def _quarrels(one: MatterList, beside: Sequence[MatterList]) -> Iterator[Problem]:
    """Titles that this list permits and another forbids, or the other way round."""
    rows = {item.id: row for row, item in enumerate(one.items, start=1)}
    claims = [
        Claim(held, item) for held in (one, *beside) if not held.advisory
        for item in held.items if item.on
    ]  # fmt: skip
    for permits, forbids, title in disputes(claims):
        mine = next((c for c in (permits, forbids) if c.list.id == one.id), None)
        if mine is None:
            continue
        settled = permits.list.county != forbids.list.county or (
            permits.list.statutory or forbids.list.statutory
        )
        column = COLUMNS.index("title") + 1
        yield problem(
            "list.disputed" if settled else "list.opposed", (one.id, rows[mine.item.id], column),
            title=title, one=permits.list.id, other=forbids.list.id,
        )  # fmt: skip
