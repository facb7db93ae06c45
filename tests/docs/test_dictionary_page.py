"""数据字典: every field that leaves has a Chinese name and every code a word; the page is theirs."""

import re

import pytest

from registry.api.dictionary import HEADER, ResourceLine, as_csv, dictionary
from registry.api.lists import RESOURCES
from tests.docs.dictionary_page import PAGE, page

CHINESE = re.compile("[\u4e00-\u9fff]")
LINES = dictionary().resources


def test_the_page_is_what_the_types_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.docs.dictionary_page"


def test_every_resource_is_in_it() -> None:
    assert [line.name for line in LINES] == list(RESOURCES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_every_field_and_every_code_has_a_chinese_name(line: ResourceLine) -> None:
    assert [f.name for f in line.fields if not CHINESE.search(f.zh)] == []
    codes = [(f.name, c.value) for f in line.fields for c in f.codes if not CHINESE.search(c.zh)]
    assert codes == []


def test_an_amount_says_its_unit() -> None:
    units = {f.name: f.unit for line in LINES for f in line.fields if f.name.endswith("_fen")}
    assert units
    assert set(units.values()) == {"分"}


def test_a_sheet_of_it_has_a_line_a_field() -> None:
    lines = as_csv().removeprefix("\ufeff").splitlines()
    assert lines[0].split(",") == list(HEADER)
    assert len(lines) == 1 + sum(len(line.fields) for line in LINES)
