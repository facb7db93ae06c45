"""清单版本: which text of a list governs a day, and which moves a text may make, by hand."""

from datetime import date
from itertools import product

import pytest

from registry.domain.catalogue import MatterList
from registry.domain.edition import (
    EDITION_MOVES,
    OPEN,
    SIGNED,
    EditionState,
    ListEdition,
    text_on,
)
from registry.domain.vocabulary import Grade, Kind, Polarity

MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)
ALLOWED = {
    ("propose", "proposed"), ("publish", "proposed"), ("withdraw", "proposed"),
    ("withdraw", "published"), ("take_up", "published"), ("supersede", "in_force"),
}  # fmt: skip


def a_text(title: str) -> MatterList:
    return MatterList(
        county="990102", id="L", title=title, polarity=Polarity.ASSIST, kinds=[Kind.TASK],
        instrument="文件", grade=Grade.FULL, source="原文",
    )  # fmt: skip


def an_edition(title: str, first: date, state: str, before: MatterList | None) -> ListEdition:
    return ListEdition(
        county="990102", id=f"led-{title}", list_id="L", title=title, state=EditionState(state),
        effective_from=first, area="/x/", matters=a_text(title), replaces=before, proposed_by="p",
    )  # fmt: skip


def told(current: MatterList | None, *editions: ListEdition) -> list[str]:
    """The titles that govern the day before and the day of March, May and July."""
    days = [date(2026, 2, 28), MARCH, date(2026, 4, 30), MAY, date(2026, 6, 30), JULY]
    found = [text_on(current, editions, day) for day in days]
    return [one.title if one else "-" for one in found]


def test_a_day_is_governed_by_the_text_that_stood_then() -> None:
    first = an_edition("一", MARCH, "superseded", a_text("原"))
    second = an_edition("二", MAY, "in_force", a_text("一，后来导入更正过"))
    corrected = a_text("二，更正过")
    assert told(corrected, second, first) == [
        "原", "一，后来导入更正过", "一，后来导入更正过", "二，更正过", "二，更正过", "二，更正过",
    ]  # fmt: skip


def test_a_published_text_governs_from_its_day_before_anything_has_brought_it_in() -> None:
    waiting = an_edition("新", MAY, "published", None)
    assert told(a_text("原"), waiting) == ["原", "原", "原", "新", "新", "新"]
    found = text_on(a_text("原"), [waiting], JULY)
    assert found is not None and found.area == "/x/", "a street's list stays the street's"


def test_a_new_list_is_not_there_before_its_day() -> None:
    assert told(a_text("新"), an_edition("新", MAY, "in_force", None)) == [
        "-", "-", "-", "新", "新", "新",
    ]  # fmt: skip
    assert told(None, an_edition("新", MAY, "published", None))[3] == "新"


def test_a_list_without_editions_is_what_it_is_on_every_day() -> None:
    assert set(told(a_text("原"))) == {"原"}


@pytest.mark.parametrize(("move", "state"), list(product(EDITION_MOVES, EditionState)))
def test_a_text_makes_these_moves_and_no_others(move: str, state: EditionState) -> None:
    assert (state in EDITION_MOVES[move]) == ((move, state.value) in ALLOWED)


def test_what_is_signed_and_what_is_not_in_force_yet() -> None:
    assert {s.value for s in SIGNED} == {"published", "in_force", "superseded"}
    assert {s.value for s in OPEN} == {"proposed", "published"}
