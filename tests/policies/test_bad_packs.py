"""坏输入: whatever is handed in, each fault is told by its place, and nothing is half taken."""

import io
import zipfile
from typing import Any

import pytest

from registry.policies.drafting.grids import ROWS, cell, read_csv
from registry.policies.drafting.problems import Problem
from registry.policies.drafting.sheets import taken
from registry.policies.drafting.workbook import read_xlsx
from tests.policies.drafts import HEAD, IDENTITY, codes, draft, found, rule
from tests.policies.test_sheets import lists, took
from tests.policies.workbooks import edited, exported, folder, plain, sheet_xml, with_part

OWN = "zhengzhou-erqi"
HEADER = ["关口", "清单地位", "允许或拒绝", "预审意见", "规则编号"]
GOOD = ["申报", "清单外", "允许", "须申报准入", "EQ-OFF"]


def refused(data: bytes, into: dict[str, bytes] | None = None) -> list[Problem]:
    changed, problems = took(data, into or folder(OWN))
    assert changed == {}
    assert problems
    return problems


def where(data: bytes) -> list[tuple[str, str]]:
    return [(p.code, cell(p)) for p in refused(data)]


def spoilt(change: Any) -> bytes:
    return edited(exported(folder(OWN)), change)


# ---- every problem of a draft at once -----------------------------------------------------------


def test_every_line_that_cannot_be_read_is_told_and_not_only_the_first() -> None:
    rows = "p,file,off\np,gate,*,*,*,*,*,*,deny,refused,A\nq,file,*,*,*,*,*,*,deny,refused,B\n"
    problems = found(draft(rows=rows))
    assert [(p.file, p.line) for p in problems] == [("rules.csv", n) for n in (2, 3, 4)]


def test_every_field_that_is_wrong_is_told_on_its_line() -> None:
    text = IDENTITY.replace('"county"', '"parish"').replace("2026-01-01", '"soon"')
    text += 'colour = "red"\n'
    files = draft(rule("A", 'grade = "hearsay"'), rule("B", "absolute = 1"), identity=text)
    lines = files["pack.toml"].splitlines()
    told = {lines[p.line - 1] for p in found(files)}
    assert told == {
        'level = "parish"', 'effective_from = "soon"', 'colour = "red"', 'grade = "hearsay"',
        "absolute = 1",
    }  # fmt: skip


def test_a_word_that_is_not_of_a_closed_field_is_told_with_the_words_that_are() -> None:
    (told,) = found(draft(identity=IDENTITY.replace('"county"', '"县"')))
    assert told.zh == "'县'不在可用的词里，可用：national province city county"


def test_a_default_for_a_kind_that_does_not_exist_is_told_with_the_kinds_there_are() -> None:
    files = draft(below='\n[default_of]\ntask = "deny"\norgan = "deny"\n')
    (told,) = [p for p in found(files) if p.severity == "error"]
    assert files["pack.toml"].splitlines()[told.line - 1] == 'organ = "deny"'
    assert "'organ'不在可用的词里" in told.zh
    assert "office 工作机构" in told.zh


@pytest.mark.parametrize("spoilt_line", ["review_on = 2026-13-01", "until = “小包”"])
def test_a_line_of_toml_that_cannot_be_read_is_told_with_its_mend(spoilt_line: str) -> None:
    (told,) = found(draft(identity=IDENTITY + spoilt_line + "\n"))
    assert told.zh == "这一行读不懂"
    assert "英文半角" in told.mend


def test_wrong_rows_and_wrong_fields_are_told_together() -> None:
    files = draft(rows="p,file\n", identity=IDENTITY + "colour = 1\n")
    assert {p.file for p in found(files)} == {"pack.toml", "rules.csv"}


def test_every_case_that_is_wrong_is_told() -> None:
    one = '[[case]]\nid = "{}"\nsource = "虚构"\nmark = "Q"\n'
    problems = found(draft(cases__a_toml=one.format("a") + one.format("b")))
    marks = [p.line for p in problems if "mark" in p.en or "Q" in p.en]
    assert marks == [4, 8]


@pytest.mark.parametrize("missing", ["pack.toml", "rules.csv"])
def test_a_folder_without_its_two_files_is_told(missing: str) -> None:
    files = {name: text for name, text in draft().items() if name != missing}
    assert codes(files) == ["format"]


@pytest.mark.parametrize("text", ["", "\x00", "[[[", "a = 1\na = 2", "[pack]\nid = 1\n" * 2, "﻿"])
def test_a_pack_toml_of_any_text_is_told_and_nothing_breaks(text: str) -> None:
    assert {p.severity for p in found({"pack.toml": text, "rules.csv": HEAD})} == {"error"}


# ---- workbooks ----------------------------------------------------------------------------------


def test_an_unknown_word_is_told_by_its_cell() -> None:
    assert where(plain(HEADER, ["大门", *GOOD[1:]])) == [("format", "规则!A2")]
    assert where(plain(HEADER, GOOD, [*GOOD[:3], "也许", GOOD[4]])) == [("format", "规则!D3")]


def test_every_bad_row_is_told_and_none_is_taken() -> None:
    bad = ["申报", "无此", "允许", "须申报准入", "EQ-OFF"]
    assert where(plain(HEADER, bad, GOOD, bad)) == [("format", "规则!B2"), ("format", "规则!B4")]


def test_a_row_of_a_rule_without_clause_is_told_by_its_cell() -> None:
    problems = refused(plain(HEADER, GOOD, [*GOOD[:4], "EQ-NOWHERE"]))
    assert ("规则!A3", "format") in [(cell(p), p.code) for p in problems if p.file == "规则"]
    assert any("没有条文" in p.zh for p in problems)


def test_a_row_without_a_rule_at_all_is_told() -> None:
    assert ("format", "规则!E2") in where(plain(HEADER, [*GOOD[:4], None]))


def test_a_formula_is_told_by_its_cell() -> None:
    assert where(plain(HEADER, ['=IF(1,"申报","")', *GOOD[1:]])) == [("sheet.formula", "规则!A2")]


def test_merged_cells_are_told_by_the_first() -> None:
    merged = spoilt(lambda book: book["规则"].merge_cells("B4:B9"))
    assert ("sheet.merged", "规则!B4") in where(merged)


def test_an_error_in_a_cell_is_told() -> None:
    assert where(plain(HEADER, ["#N/A", *GOOD[1:]])) == [("sheet.error_value", "规则!A2")]


def test_a_line_break_in_a_cell_is_told() -> None:
    assert where(plain(HEADER, ["申报\n申报", *GOOD[1:]])) == [("sheet.control", "规则!A2")]


@pytest.mark.parametrize(
    ("header", "code", "at"),
    [
        ([*HEADER, "颜色"], "sheet.column_unknown", "规则!F1"),
        ([*HEADER, "关口"], "sheet.column_twice", "规则!F1"),
        ([HEADER[0], *HEADER[3:]], "sheet.column_missing", "规则!A1"),
        (["一", "二"], "sheet.header", "规则!A1"),
    ],
)
def test_a_header_that_is_not_understood_is_told(header: list[str], code: str, at: str) -> None:
    assert (code, at) in where(plain(header, GOOD))


def test_a_cell_beyond_the_header_is_told() -> None:
    assert where(plain(HEADER, [*GOOD, "备注"])) == [("sheet.beyond", "规则!F2")]


def test_an_empty_workbook_has_nothing_to_take() -> None:
    assert [p.code for p in refused(plain())] == ["sheet.header"]


def test_two_sheets_of_one_table_are_refused() -> None:
    def twice(book: Any) -> None:
        copy = book.copy_worksheet(book["规则"])
        copy.title = "规则二"

    assert [p.code for p in refused(spoilt(twice))] == ["sheet.twice"]


def test_a_list_is_not_taken_into_a_pack_nor_a_table_into_lists() -> None:
    assert {p.code for p in refused(exported(lists()))} == {"sheet.stranger"}
    assert {p.code for p in refused(exported(folder(OWN)), lists())} == {"sheet.stranger"}


def test_a_list_that_the_catalogue_does_not_name_is_refused() -> None:
    def rename(book: Any) -> None:
        book["DEMO-LIST"].title = "NEW-LIST"

    assert [p.code for p in refused(edited(exported(lists()), rename), lists())] == [
        "sheet.stranger"
    ]


def test_a_bad_item_is_told_by_its_cell() -> None:
    def spoil(book: Any) -> None:
        sheet = book["DEMO-LIST"]
        head = [c.value for c in sheet[2]]
        sheet.cell(row=4, column=head.index("role") + 1).value = "旁观"
        sheet.cell(row=6, column=head.index("basis") + 1).value = None

    problems = refused(edited(exported(lists()), spoil), lists())
    assert [(p.code, cell(p)[:12]) for p in problems] == [
        ("sheet.item", "DEMO-LIST!K4"), ("sheet.item", "DEMO-LIST!H6"),
    ]  # fmt: skip


# ---- files that are not what they seem ----------------------------------------------------------


def _encrypted_flag() -> bytes:
    data = bytearray(plain(HEADER, GOOD))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.not_zip"),
        (b"not a workbook", "file.not_zip"),
        (b"PK\x03\x04" + b"\x00" * 40, "file.not_zip"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 512, "file.encrypted"),
        (_encrypted_flag(), "file.encrypted"),
        (plain(HEADER, GOOD)[:-30], "file.not_zip"),
    ],
    ids=["empty", "text", "broken", "old form", "flagged", "cut short"],
)
def test_a_file_that_is_no_workbook_is_told(data: bytes, code: str) -> None:
    grids, (problem,) = read_xlsx("x.xlsx", data)
    assert (grids, problem.code) == ([], code)


def test_a_zip_of_something_else_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert [p.code for p in read_xlsx("x.xlsx", out.getvalue())[1]] == ["file.not_zip"]


def test_macros_are_refused() -> None:
    data = with_part(plain(HEADER, GOOD), "xl/vbaProject.bin", b"\x00")
    assert [p.code for p in refused(data)] == ["file.macros"]


def test_a_zip_bomb_is_refused_without_unpacking_it_whole() -> None:
    data = with_part(plain(HEADER, GOOD), "xl/media/image1.png", b"\x00" * (80 * 1024 * 1024))
    assert len(data) < 200_000
    assert [p.code for p in refused(data)] == ["file.bomb"]


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(
        with_part(plain(HEADER, GOOD), "xl/media/image1.png", b"\x00" * (80 * 1024 * 1024))
    )
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1024).to_bytes(4, "little")
    assert refused(bytes(data))[0].code in {"file.bomb", "file.not_zip"}


def test_more_rows_than_are_read_are_refused() -> None:
    last = sheet_xml(
        f'<row r="{ROWS + 1}"><c r="A{ROWS + 1}" t="inlineStr"><is><t>x</t></is></c></row>'
    )
    data = with_part(plain(HEADER, GOOD), "xl/worksheets/sheet1.xml", last)
    assert ("sheet.rows", f"规则!A{ROWS + 1}") in where(data)


def test_a_million_rows_are_refused() -> None:
    rows = "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, 1_000_001))
    data = with_part(plain(HEADER, GOOD), "xl/worksheets/sheet1.xml", sheet_xml(rows))
    assert {p.code for p in refused(data)} == {"sheet.rows"}
    grid, _, (told,) = read_csv("x.csv", ("关口\n" * 1_000_000).encode())
    assert (grid, told.code) == (None, "sheet.rows")


def test_a_sheet_that_claims_to_be_vast_is_read_by_what_it_holds() -> None:
    small = plain(HEADER, GOOD)
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml")
    vast = text.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    assert vast != text
    grids, problems = read_xlsx("x.xlsx", with_part(small, "xl/worksheets/sheet1.xml", vast))
    assert (len(grids[0].rows), problems) == (2, [])


def test_one_long_text_shown_in_many_cells_is_refused() -> None:
    line = '<c t="s"><v>0</v></c>' * 100
    cells = "".join(f'<row r="{n}">{line}</row>' for n in range(1, 101))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    words = f'<sst xmlns="{space}"><si><t>{"长" * 32_000}</t></si></sst>'
    data = with_part(plain(HEADER, GOOD), "xl/worksheets/sheet1.xml", sheet_xml(cells))
    data = with_part(data, "xl/sharedStrings.xml", words.encode())
    assert [p.code for p in refused(data)] == ["file.unreadable"]


def test_entities_that_grow_are_refused() -> None:
    laughs = '<!DOCTYPE l [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>').decode()
    data = with_part(
        plain(HEADER, GOOD), "xl/worksheets/sheet1.xml",
        text.replace('<?xml version="1.0"?>', '<?xml version="1.0"?>' + laughs).encode(),
    )  # fmt: skip
    assert [p.code for p in refused(data)] == ["file.unreadable"]


def test_a_workbook_without_its_sheet_is_refused() -> None:
    data = with_part(plain(HEADER, GOOD), "xl/worksheets/sheet1.xml", b"<nothing")
    assert [p.code for p in refused(data)] == ["file.unreadable"]


# ---- CSV ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe\x00g\x00", "file.encoding"),
        (b"\x81\x20", "file.encoding"),
        (b"gate,\x00\n", "file.encoding"),
        (b'"gate', "file.csv"),
        (("关口\n" * (ROWS + 1)).encode(), "sheet.rows"),
        ("关口,预审意见,规则编号\n=1+1,x,y\n".encode(), "sheet.formula"),
        (("a," * 300).encode(), "sheet.columns"),
    ],
    ids=["utf-16", "neither", "nul", "open quote", "rows", "formula", "columns"],
)
def test_a_csv_that_cannot_be_read_is_told(data: bytes, code: str) -> None:
    assert code in [p.code for p in read_csv("x.csv", data)[2]]


def test_nothing_to_take_is_said() -> None:
    assert [p.code for p in taken([], folder(OWN))[1]] == ["sheet.none"]


def test_what_a_bad_sheet_is_meant_for_stays_as_it_was() -> None:
    files = folder(OWN)
    before = dict(files)
    refused(plain(HEADER, ["大门", *GOOD[1:]]), files)
    assert files == before


@pytest.mark.parametrize("word", ["任务事项", "tasks"])
def test_a_wrong_word_in_a_sheet_is_told_with_the_words_an_official_knows(word: str) -> None:
    def spoil(book: Any) -> None:
        book["规则"]["B3"] = word

    (told,) = refused(spoilt(spoil))
    assert told.zh.startswith(f"gate 关口：'{word}'不在可用的词里，可用：* 任意、file 申报、")


@pytest.mark.parametrize(
    ("column", "word", "told"),
    [
        ("社区角色", "主责任", "主责 lead"), ("依据等级", "新闻", "报道"),
        ("事项名称", None, "没有填写"),
    ],
)  # fmt: skip
def test_a_bad_cell_of_a_list_is_told_with_what_may_stand_there(
    column: str, word: str | None, told: str
) -> None:
    def spoil(book: Any) -> None:
        sheet = book["TJ-CERT-OK"]
        at = [cell.value for cell in sheet[1]].index(column) + 1
        sheet.cell(3, at).value = word

    problems = refused(edited(exported(lists()), spoil), lists())
    assert told in problems[0].zh
    assert problems[0].line == 3


def test_two_items_of_one_number_are_told_at_the_later_cell() -> None:
    def spoil(book: Any) -> None:
        sheet = book["CN-CERT-NEG"]
        sheet["A4"] = sheet["A3"].value

    (told,) = refused(edited(exported(lists()), spoil), lists())
    assert cell(told) == "CN-CERT-NEG!A4"
