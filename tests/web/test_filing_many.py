"""批量申报: many filings from one sheet; each line is told what the rules say, or why it is wrong."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from registry.actions.office import Office
from registry.domain.document import Document
from registry.domain.request import Request, State
from registry.web.filing.columns import FILES, NEEDED, columns
from registry.web.filing.files import MOST as ZIPPED
from registry.web.filing.files import unpacked
from registry.web.filing.many import PATH
from registry.web.filing.workbook import ERROR, MOST
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
HEADING = {column.path: column.heading for column in columns()}
LINE = {
    "kind": "工作任务", "title": "楼道灯具编号拍照", "content": "登记灯具\n一户不漏", "standard": "一户不漏",
    "responsible_party": "演示县民政局", "receivers": "居民委员会", "targets": "990102001001",
    "role": "协助", "concerns_residents": "是", "duration": "阶段性", "starts_on": "2026-04-01",
    "ends_on": "2026年6月30日", "funding.0.mode": "随事转移支付", "funding.0.amount_fen": "0.8万元",
    "funding.0.fiscal_year": "2026",
}  # fmt: skip


def words(path: str, wire: str) -> str:
    column = next(one for one in columns() if one.path == path)
    return next(zh for zh, value in column.words.items() if value == wire)


def line(**changes: str) -> dict[str, str]:
    coded = {"kind": "task", "receivers": "residents_committee", "role": "assist",
             "duration": "phase", "funding.0.mode": "transfer"}  # fmt: skip
    return LINE | {path: words(path, wire) for path, wire in coded.items()} | changes


def sheet(*lines: dict[str, str], heads: list[str] | None = None) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(heads or list(HEADING.values()))
    for one in lines:
        book.active.append([one.get(path, "") for path in HEADING])
    book.save(out)
    return out.getvalue()


def sent(seat: Seat, data: bytes, name: str = "三月申报.xlsx") -> Any:
    return seat.post(PATH, seat.hidden(PATH), files={"file": (name, data)})


def drafts(office: Office) -> list[Request]:
    return list(office.store.reader.find(Request, "990102"))


def read(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).worksheets[0]]


def test_every_column_has_a_name_of_its_own() -> None:
    assert len(set(HEADING.values())) == len(HEADING) and all(HEADING.values())


def test_the_template_names_its_columns_in_chinese_and_lists_what_may_stand_in_them(
    seat: Seats,
) -> None:
    answer = seat("dept.clerk").get(PATH + "/template.xlsx")
    assert answer.headers["content-disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(answer.content))
    heads = [str(cell.value).removesuffix("*") for cell in book.worksheets[0][1]]
    assert heads == list(HEADING.values()) and book.sheetnames[1] == "代码表"
    listed = {cell.value for row in book.worksheets[1] for cell in row}
    assert {words("kind", "task"), "演示县民政局", "990102001001"} <= listed
    assert len([h for h in book.worksheets[0][1] if str(h.value).endswith("*")]) == len(NEEDED)


def test_right_lines_become_drafts_and_wrong_ones_come_back_with_their_reason(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    data = sheet(
        line(), line(title="由社区实施行政处罚"), line(kind="随便"), line(starts_on="下个月"),
        line(targets="没有的社区"), line(title="=1+1"), line(title=""),
    )  # fmt: skip
    at = sent(clerk, data).headers["location"]
    page = clerk.get(at).text
    assert drafts(one_office) == []
    for told in ("可以导入的 2 行", "有误的 5 行", "第43条", "不能填「随便」", "不是日期",
                 "没有「没有的社区」", "必填"):  # fmt: skip
        assert told in page, told
    hidden = clerk.hidden(at)
    picks = {"pick": ["2", "3", "4", "5", "6", "7", "8"]}
    for _ in range(2):
        assert clerk.post(at, hidden | picks).status_code == 303
    made = drafts(one_office)
    assert [r.title for r in made] == [LINE["title"], "由社区实施行政处罚"]
    assert made[0].state is State.DRAFT and made[0].filing.funding[0].amount_fen == 800_000
    assert made[0].filing.content == LINE["content"]
    assert made[0].applicant_id == "o-990102-civil"
    assert f'href="/case/{made[0].id}"' in clerk.get(at).text
    rows = read(clerk.get(at + "/errors.xlsx").content)
    assert rows[0][-1] == ERROR and len(rows) == 6
    assert "不能填「随便」" in rows[1][-1] and rows[1][0] == "随便"


def test_the_sheet_of_errors_is_handed_in_again_once_it_is_put_right(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    at = sent(clerk, sheet(line(role="随便"))).headers["location"]
    book = load_workbook(io.BytesIO(clerk.get(at + "/errors.xlsx").content))
    place = list(HEADING).index("role") + 1
    book.worksheets[0].cell(row=2, column=place).value = words("role", "assist")
    out = io.BytesIO()
    book.save(out)
    again = sent(clerk, out.getvalue()).headers["location"]
    clerk.post(again, clerk.hidden(again) | {"pick": "2"})
    assert [r.title for r in drafts(one_office)] == [LINE["title"]]


def test_a_line_that_the_act_refuses_is_told_why_and_the_others_are_kept(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    other = line(**{"applicants.0.organisation_id": "o-990102-finance"})
    at = sent(clerk, sheet(other, line())).headers["location"]
    clerk.post(at, clerk.hidden(at) | {"pick": ["2", "3"]})
    assert len(drafts(one_office)) == 1
    page = clerk.get(at).text
    assert "有误的 1 行" in page and "已存为草稿的 1 行" in page


@pytest.mark.parametrize(("data", "told"), [
    (b"\xd0\xcf\x11\xe0old", "另存为 .xlsx"),
    (b"%PDF-1.7", "PDF"),
    (b"PK\x03\x04 no workbook", ""),
    (b"", ""),
    (sheet(line(), heads=["标题", "别的"]), "不认识的列「别的」"),
    (sheet(), f"1 至 {MOST} 行"),
    (sheet(*[line()] * (MOST + 1)), f"1 至 {MOST} 行"),
])  # fmt: skip
def test_what_is_no_such_sheet_says_what_to_do(seat: Seats, data: bytes, told: str) -> None:
    answer = sent(seat("dept.clerk"), data)
    assert answer.status_code == 422 and 'role="alert"' in answer.text and told in answer.text


def test_a_sheet_saved_as_csv_is_read_as_well(seat: Seats) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADING.values(), [line().get(path, "") for path in HEADING]])
    at = sent(seat("dept.clerk"), text.getvalue().encode("gb18030"), "三月.csv").headers["location"]
    assert "可以导入的 1 行" in seat("dept.clerk").get(at).text


def test_a_sheet_is_read_by_who_handed_it_in_alone(seat: Seats) -> None:
    at = sent(seat("dept.clerk"), sheet(line())).headers["location"]
    other = seat("dept.head")
    assert other.get(at).status_code == 404 and other.get(at + "/errors.xlsx").status_code == 404


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(f"附件/{name}", data)
    return out.getvalue()


def test_what_only_a_kind_states_has_columns_of_its_own(seat: Seats, one_office: Office) -> None:
    board = line(
        kind=words("kind", "signboard"),
        title="挂牌",
        **{"signboard.wording": "演示驿站", "signboard.place": words("signboard.place", "wall")},
    )
    form = line(kind=words("kind", "report"), title="报表", **{"form.fields": "姓名、住址"})
    clerk = seat("dept.clerk")
    at = sent(clerk, sheet(board, form)).headers["location"]
    clerk.post(at, clerk.hidden(at) | {"pick": ["2", "3"]})
    made = {r.title: r.filing for r in drafts(one_office)}
    assert made["挂牌"].signboard is not None and made["挂牌"].signboard.wording == "演示驿站"
    assert made["报表"].form is not None and made["报表"].form.words == ["姓名", "住址"]


def test_a_cell_that_another_kind_states_is_told_with_whose_it_is(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = sent(clerk, sheet(line(**{"signboard.wording": "演示驿站"}))).headers["location"]
    page = clerk.get(at).text
    assert "这一列只有" in page and "请清空" in page


def test_files_that_lines_name_come_along_in_a_zip(seat: Seats, one_office: Office) -> None:
    clerk = seat("dept.clerk")
    at = sent(clerk, sheet(line(**{FILES: "来文.txt、方案.txt"}))).headers["location"]
    told = clerk.hidden(at) | {"pick": "2"}
    assert "请一并选择附件压缩包" in clerk.post(at, told).text
    half = {"zip": ("附件.zip", packed(**{"来文.txt": b"1"}), "application/zip")}
    assert "请确认附件不涉及国家秘密" in clerk.post(at, told, files=half).text
    told |= {"_not_secret": "true"}
    no = clerk.post(at, told, files=half)
    assert no.status_code == 422 and "压缩包里没有：方案.txt" in no.text
    assert not drafts(one_office), "nothing is made before every file is there"
    whole = {"zip": ("附件.zip", packed(**{"来文.txt": b"1", "方案.txt": b"2"}), "application/zip")}
    for _ in range(2):
        assert clerk.post(at, told, files=whole).status_code == 303
    held = one_office.store.reader.find(Document, "990102", parent_id=drafts(one_office)[0].id)
    assert sorted(d.name for d in held) == ["方案.txt", "来文.txt"]


def test_a_file_that_is_not_taken_is_told_and_its_draft_stays(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    at = sent(clerk, sheet(line(**{FILES: "程序.exe"}))).headers["location"]
    zipped = {"zip": ("附件.zip", packed(**{"程序.exe": b"MZ\x90\x00\x00"}), "application/zip")}
    done = clerk.post(at, clerk.hidden(at) | {"pick": "2", "_not_secret": "true"}, files=zipped)
    assert done.status_code == 303 and len(drafts(one_office)) == 1
    assert "没有附上：" in clerk.get(at).text


def named_in(code: str) -> bytes:
    """A zip whose one name is written by a code page, as older systems do."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("X" * len("来文.txt".encode(code)), b"1")
    return out.getvalue().replace(b"X" * len("来文.txt".encode(code)), "来文.txt".encode(code))


@pytest.mark.parametrize("code", ["gbk", "utf-8"])
def test_names_in_a_zip_are_read_as_they_were_packed(code: str) -> None:
    assert list(unpacked(named_in(code))[0]) == ["来文.txt"]


def test_a_zip_that_is_none_or_too_much_is_told() -> None:
    assert unpacked(b"PK\x03\x04 nothing")[1]
    many = packed(**{f"{n}.txt": b"1" for n in range(ZIPPED + 1)})
    assert "超过" in unpacked(many)[1][0].zh
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for n in range(4):
            made.writestr(f"{n}.txt", bytes(20 << 20))
    assert "超过" in unpacked(bomb.getvalue())[1][0].zh
