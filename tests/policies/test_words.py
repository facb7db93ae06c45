"""用词: every column and value of the tables has a Chinese word, and each word means one thing."""

import pytest

from registry.domain.admission import FACTS
from registry.policies import words
from registry.policies.lists import COLUMNS as ITEM_COLUMNS
from registry.policies.loader import MODE_COLUMNS, ROUTE_FACTS
from registry.policies.measures import MODES

CLOSED = {**FACTS, **ROUTE_FACTS, "mode": MODES}
COLUMNS = [*CLOSED, *MODE_COLUMNS, "eft", "rule", "flow"]


@pytest.mark.parametrize("column", sorted(CLOSED))
def test_every_value_of_a_column_has_a_chinese_word_of_its_own(column: str) -> None:
    told = [words.value_zh(column, value) for value in CLOSED[column]]
    assert all(not word.isascii() for word in told), dict(zip(CLOSED[column], told, strict=True))
    assert len(set(told)) == len(told)
    assert "任意" not in told


@pytest.mark.parametrize("column", sorted(CLOSED))
def test_a_value_is_read_back_from_either_word(column: str) -> None:
    for value in CLOSED[column]:
        assert words.value_of(column, value) == value
        assert words.value_of(column, words.value_zh(column, value)) == value


def test_every_column_has_a_chinese_name_of_its_own_and_is_read_back() -> None:
    names = [words.column_zh(column) for column in dict.fromkeys(COLUMNS)]
    assert all(not name.isascii() for name in names)
    assert len(set(names)) == len(names)
    assert [words.column_of(name) for name in names] == list(dict.fromkeys(COLUMNS))


def test_every_column_of_a_list_has_a_chinese_name_of_its_own() -> None:
    names = [words.item_zh(column) for column in ITEM_COLUMNS]
    assert all(not name.isascii() for name in names)
    assert [words.item_of(name) for name in names] == list(ITEM_COLUMNS)


@pytest.mark.parametrize("word", ["", "*", "任意"])
def test_nothing_a_star_and_its_word_all_mean_any(word: str) -> None:
    assert words.value_of("gate", word) == "*"


def test_an_unknown_word_stays_as_it_is() -> None:
    assert words.value_of("gate", "大门") == "大门"
    assert words.column_of("大门") is None
