"""清单文本: what keeps a list from being published, told at its item and cell; and what it changes."""

from datetime import date

import msgspec
import pytest

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.vocabulary import Grade, Polarity
from registry.policies.drafting import lint_texts
from registry.policies.drafting.diff_text import diff_text
from registry.policies.drafting.grids import Grid
from registry.policies.drafting.lint_texts import WHOLE, check_text
from registry.policies.drafting.matter_text import MatterText, grid_of, read, taken, text_of
from registry.policies.lists import COLUMNS
from tests.policies.rulebooks import a_list

ITEM = {"title": "巡查", "basis": "文件第一条", "grade": "全文", "source": "原文"}


def text(*ids: str, polarity: str = "assist", **changed: object) -> MatterList:
    items = [{"id": id, **ITEM, "title": f"事项{id}"} for id in ids]
    return msgspec.structs.replace(a_list("L", polarity, *items), **changed)


def with_item(one: MatterList, **changed: object) -> MatterList:
    first: ListItem = msgspec.structs.replace(one.items[0], **changed)
    return msgspec.structs.replace(one, items=[first, *one.items[1:]])


def found(one: MatterList, *others: MatterList) -> list[tuple[str, int]]:
    told = check_text(one, others, ["L", *(other.id for other in others)])
    return [(problem.code, problem.line) for problem in told]


def test_a_sound_list_has_nothing_wrong() -> None:
    assert found(text("A", "B")) == []


@pytest.mark.parametrize(
    ("changed", "column"),
    [({"title": " "}, "title"), ({"source": ""}, "source"), ({"id": "有空 格"}, "id"),
     ({"ground": "R99"}, "ground"), ({"note": "a\x07b"}, "note"), ({"basis": "长" * 2001}, "basis"),
     ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "valid_to"),
     ({"aliases": ["好", "\x00"]}, "aliases")],
)  # fmt: skip
def test_a_cell_that_is_unsound_is_told_at_its_item_and_column(
    changed: dict[str, object], column: str
) -> None:
    told = check_text(with_item(text("A", "B"), **changed), [], ["L"])
    assert [(p.code, p.line, p.column) for p in told] == [
        ("sheet.item", 1, COLUMNS.index(column) + 1)
    ]
    assert told[0].facts == {"column": column}


def test_what_concerns_the_whole_list_is_told_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert found(text("A", count_stated=2)) == [("list.count", WHOLE)]
    assert found(text("A", instrument="", kinds=[])) == [("sheet.item", WHOLE)] * 2
    assert found(text("A", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1))) == [
        ("sheet.item", WHOLE)
    ]
    assert [p.code for p in check_text(text("A"), [], [])] == ["list.unnamed"]
    assert check_text(text("A", area="/x/"), [], []) == [], "a street's list needs no pack"
    monkeypatch.setattr(lint_texts, "ITEMS", 1)
    assert found(text("A", "B")) == [("list.long", WHOLE)]


def test_a_number_is_used_once_on_all_lists_that_stand_together() -> None:
    assert found(text("A", "A")) == [("list.item_twice", 1), ("list.item_twice", 2)]
    other = msgspec.structs.replace(text("B"), id="M", items=text("A").items[:1])
    other = with_item(other, title="别的")
    assert found(text("A"), other) == [("list.item_twice", 1)]


def test_an_item_that_bars_states_its_ground_and_one_that_rests_on_a_report_is_pointed_out() -> (
    None
):
    assert found(text("A", polarity="barred")) == [("list.item_ground", 1)]
    assert found(with_item(text("A"), grade=Grade.REPORTED)) == [("list.item_reported", 1)]
    assert found(with_item(text("A"), grade=Grade.INFERRED)) == [("list.item_off", 1)]


def test_a_title_is_not_permitted_here_and_forbidden_beside() -> None:
    barred = with_item(text("B", polarity="barred"), ground="R1", title="事项A")
    barred = msgspec.structs.replace(barred, id="M")
    assert found(text("A"), barred) == [("list.opposed", 1)]
    above = msgspec.structs.replace(barred, county="000000")
    assert found(text("A"), above) == [("list.disputed", 1)], "two texts differ: a person decides"
    assert found(text("A"), msgspec.structs.replace(barred, advisory=True)) == []


def test_a_draft_keeps_what_cannot_be_read_and_says_where() -> None:
    draft = text_of(text("A", "B")).put(2, {"id": "B", "title": "事项", "grade": "没有"})
    one, wrong = read(draft, "990102")
    assert one is None and {(p.line, p.facts["column"]) for p in wrong} == {
        (2, "basis"),
        (2, "grade"),
        (2, "source"),
    }
    assert draft.rows[1]["grade"] == "没有"
    head = msgspec.structs.replace(draft, head=draft.head | {"polarity": "", "year": "明年"})
    told = {p.facts["column"] for p in read(head, "990102")[1] if p.line == WHOLE}
    assert told == {"polarity", "year"}
    bare = text_of(text("A")).head | {"polarity": Polarity.CANCELLED.value}
    told_of = read(MatterText(head=bare, rows=text_of(text("A")).rows), "990102")[1]
    assert [(p.code, p.line) for p in told_of] == [("list.item_ground", 1)]


def test_rows_are_put_moved_dropped_and_found_by_words() -> None:
    draft = text_of(text("A", "B", "C"))

    def order(one: MatterText) -> str:
        return "".join(row["id"] for row in one.rows)

    assert order(draft.swap(2, True)) == "BAC" and order(draft.swap(1, True)) == "ABC"
    assert order(draft.swap(3, False)) == "ABC" and order(draft.drop(2)) == "AC"
    assert order(draft.insert(1, {"id": "X"})) == "XABC" and order(draft.put(9, {"id": "X"})) == (
        "ABCX"
    )
    assert [at for at, _ in draft.like("事项b  文件")] == [2] and len(draft.like("")) == 3
    assert draft.put(1, {"id": "A", "note": "一行\n两行"}).rows[0]["note"] == "一行 两行"


def test_a_sheet_is_the_items_and_the_items_are_a_sheet() -> None:
    draft = text_of(with_item(text("A", "B"), ground="R1", hints=["甲", "乙"]))
    again, wrong = taken(draft, grid_of(draft))
    assert not wrong and again == draft
    grid = grid_of(draft)
    grid.rows[2][1][COLUMNS.index("grade")] = "没有这一级"
    same, wrong = taken(draft, grid)
    assert same == draft and [(p.line, p.column) for p in wrong] == [
        (3, COLUMNS.index("grade") + 1)
    ]
    rules = Grid(name="x", rows=[(1, ["关口", "结果", "规则"]), (2, ["申报", "拒绝", "R"])])
    assert [p.code for p in taken(draft, rules)[1]]


def test_what_a_text_changes_is_told_of_the_whole_of_items_and_of_their_order() -> None:
    before = text("A", "B")
    after = with_item(text("B", "A", "C", title="改名"), title="换了说法")
    told = [(c.code, c.id) for c in diff_text(before, after)]
    assert told == [("list.changed", "title"), ("list.ordered", "L"), ("item.changed", "B"),
                    ("item.added", "C")]  # fmt: skip
    assert [c.code for c in diff_text(None, text("A"))] == ["list.added", "item.added"]
    assert diff_text(before, before) == []
