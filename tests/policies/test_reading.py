"""所读: the digest changes with everything the facts are read from, and with nothing else."""

from datetime import date, timedelta

import msgspec

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.matching import MatchIndex
from registry.policies.judge import Rulebook
from registry.policies.standing import Lists
from tests.policies.rulebooks import DEMO, book, matter, on_one_day, pack, row, rule
from tests.policies.rulebooks import book_of as stacked

DAY = date(2026, 3, 2)


def with_lists(lists: list[MatterList]) -> Rulebook:
    made = book(DEMO)
    index = MatchIndex.build(lists, made.lists.index.tuning)
    return Rulebook(made.overlay, Lists(lists, index), made.calendar)


def changed(one: MatterList, items: list[ListItem]) -> MatterList:
    return msgspec.structs.replace(one, items=items)


def lists() -> list[MatterList]:
    return list(book(DEMO).lists.lists.values())


def test_a_verdict_says_what_its_facts_were_read_from() -> None:
    judged = book(DEMO).judge(matter(DAY), on_one_day(DAY))
    assert judged.reading == book(DEMO).reading(DAY)
    assert judged.fields()["reading"] == judged.reading


def test_another_day_with_the_same_lists_reads_the_same() -> None:
    assert book(DEMO).reading(DAY) == book(DEMO).reading(DAY + timedelta(days=1))


def test_an_item_that_leaves_changes_it_from_that_day_on() -> None:
    first, *rest = lists()
    leaving = msgspec.structs.replace(first.items[0], valid_to=DAY)
    after = with_lists([changed(first, [leaving, *first.items[1:]]), *rest])
    assert after.reading(DAY) == book(DEMO).reading(DAY)
    assert after.reading(DAY + timedelta(days=1)) != book(DEMO).reading(DAY)


def test_a_word_changed_in_an_item_changes_it() -> None:
    first, *rest = lists()
    other = msgspec.structs.replace(first.items[0], aliases=["另一个名称"])
    assert with_lists([changed(first, [other, *first.items[1:]]), *rest]).reading(DAY) != book(
        DEMO
    ).reading(DAY)


def test_a_list_brought_in_again_unchanged_changes_nothing() -> None:
    again = [msgspec.structs.replace(one, version=one.version + 1) for one in lists()]
    assert with_lists(again).reading(DAY) == book(DEMO).reading(DAY)


def test_a_number_of_the_pack_changes_it_and_a_rule_alone_does_not() -> None:
    rows = [row("A", "needs_approval", kind="task")]
    plain = stacked(pack("p", [rule("A")], rows))
    ruled = stacked(pack("p", [rule("A"), rule("B")], [*rows, row("B", "refused", kind="app")]))
    asked = {"conditions": {"required": ["staff"]}}
    conditioned = stacked(pack("p", [rule("A")], rows, document=asked))
    assert ruled.reading(DAY) == plain.reading(DAY)
    assert conditioned.reading(DAY) != plain.reading(DAY)
