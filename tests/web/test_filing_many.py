"""批量申报: many filings from one sheet; each line is told what the rules say, or why it is wrong."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from registry.actions.office import Office
from registry.domain.request import Request, State
from registry.web.filing.columns import NEEDED, columns
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
