"""表格: what the one CSV reader accepts, and how it names what it refuses."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.records import Line, Wire
from registry.domain.sheets import read_sheet, sheet_row, typed


def rows(text: str, **options: int) -> list[dict[str, str]]:
    read, errors = read_sheet(text.encode(), ("name",), ("note",), **options)
    assert errors == []
    return read


def places(data: bytes, **options: int) -> list[tuple[int, str]]:
    read, errors = read_sheet(data, ("name",), ("note",), **options)
    assert read == []
    assert all(e.message and e.message_en for e in errors)
    return [(e.row, e.column) for e in errors]


def test_the_three_encodings_of_an_office_read_the_same() -> None:
    text = "name,note\n演示社区,备注\n"
    wanted = [{"name": "演示社区", "note": "备注"}]
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert read_sheet(text.encode(encoding), ("name",), ("note",)) == (wanted, [])


def test_bytes_in_no_known_encoding_are_refused() -> None:
    assert places(b"name\n\xff\xff\n") == [(1, "")]


def test_a_formula_stays_the_text_it_is() -> None:
    assert rows("name\n=1+1\n")[0]["name"] == "=1+1"


def test_an_absent_optional_column_reads_as_empty() -> None:
    assert rows("name\nx\n") == [{"name": "x", "note": ""}]


def test_a_heading_is_known_whichever_width_its_brackets_were_typed_in() -> None:
    for heading in ("名称（全称）", "名称(全称)", " 名称(全称） "):
        read = read_sheet(f"{heading}\n甲\n".encode(), ("name",), names={"名称（全称）": "name"})
        assert read == ([{"name": "甲"}], [])


def test_cells_are_trimmed_and_a_quoted_comma_stays() -> None:
    assert rows('name\n" a,b "\n')[0]["name"] == "a,b"


def test_empty_lines_at_the_end_are_no_rows() -> None:
    assert len(rows("name,note\nx,y\n,\n\n")) == 1


def test_an_empty_line_inside_is_an_error_of_that_row() -> None:
    assert places(b"name,note\nx,y\n,\nx,y\n") == [(3, "")]


def test_a_nul_is_refused_with_its_row() -> None:
    assert places(b"name\nx\ny\x00\n") == [(3, "")]


def test_a_control_character_is_refused_with_its_cell() -> None:
    assert places(b"name,note\nx,a\x07b\n") == [(2, "note")]


def test_missing_unknown_and_doubled_columns_are_each_named() -> None:
    assert places(b"note,note,other\n") == [(1, "name"), (1, "note"), (1, "other")]


def test_a_row_of_another_width_is_refused() -> None:
    assert places(b"name,note\nx\nx,y,z\n") == [(2, ""), (3, "")]


def test_an_open_quote_is_refused() -> None:
    assert places(b'name\nx\n"y\n')[0][1] == ""


def test_an_empty_file_is_refused() -> None:
    assert places(b"") == [(1, "")]
    assert places(b"\n\n") == [(1, "")]


def test_more_rows_than_the_limit_are_refused_and_as_many_are_not() -> None:
    assert places(b"name\n1\n2\n3\n", row_limit=2) == [(4, "")]
    assert len(rows("name\n1\n2\n", row_limit=2)) == 2


def test_one_bad_row_leaves_no_rows() -> None:
    assert places(b"name,note\ngood,y\nbad\n") == [(3, "")]


def test_the_first_row_under_the_header_is_row_two() -> None:
    assert sheet_row(0) == 2


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_crash(data: bytes) -> None:
    read, errors = read_sheet(data, ("name",), ("note",), row_limit=5)
    assert not (read and errors)


class Form(Wire, frozen=True, kw_only=True):
    name: Line
    on: date
    words: list[Line] = []


def test_a_refused_cell_names_its_column() -> None:
    for cells, column in (
        ({"name": "x", "on": "2026-02-30"}, "on"),
        ({"name": "", "on": "2026-01-01"}, "name"),
        ({"name": "x", "on": "2026-01-01", "words": ["a", " "]}, "words"),
    ):
        read, errors = typed(cells, Form, 7)
        assert read is None
        assert [(e.row, e.column) for e in errors] == [(7, column)]


def test_an_empty_cell_takes_the_default() -> None:
    assert typed({"name": "x", "on": "2026-01-01", "words": ""}, Form, 2)[1] == []
