"""全县页、审计页、报表页: in the order of codes, every figure with its rows, no verdict before its time."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from gzip import compress
from html import unescape
from urllib.parse import quote

import pytest
from docx import Document
from openpyxl import load_workbook

from registry.actions.office import Office
from registry.domain.existing import Sheet
from registry.web import cleanup
from registry.web.report import span_of, spans
from registry.web.reported import Cell, Row
from tests.actions import stocktaken
from tests.conftest import Hand
from tests.web.seated import Seat
from tests.web.test_case import admitted

Seats = Callable[[str], Seat]


def test_communities_stand_in_the_order_of_codes_with_the_same_figures_in_chart_and_table(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    page = seat("county.office").get("/county").text
    codes = re.findall(r'data-label="编号">(\d{12})<', page)
    assert len(codes) > 10 and codes == sorted(codes)
    assert len(re.findall(r"<svg", page)) == len(codes) + 1
    assert "不是排名" in page and "/records/presences?area_id=" in page


def test_a_community_reads_no_other_communities_load(seat: Seats) -> None:
    page = seat("community.head").get("/county").text
    assert re.findall(r'data-label="编号">(\d{12})<', page) == ["990102001001"]


def test_the_table_of_the_load_is_taken_away_with_figures_that_can_be_reckoned_with(
    seat: Seats,
) -> None:
    office = seat("county.office")
    answer = office.get("/county/load.csv")
    assert answer.status_code == 200 and answer.text.count("\n") > 10
    book = load_workbook(io.BytesIO(office.get("/county/load.xlsx").content))
    rows = list(book.worksheets[-1].iter_rows(min_row=2, values_only=True))
    assert len(rows) > 10
    for code, name, *figures in rows:
        assert isinstance(code, str) and isinstance(name, str)
        assert all(isinstance(one, int) for one in figures), figures


def test_the_load_of_a_place_is_asked_for_by_its_name_or_its_code(seat: Seats) -> None:
    office = seat("county.office")
    name, code = re.findall(r"<h3>(\S+) ", office.get("/county").text)[0], "990102001000"
    for asked in (name, code):
        page = office.get(f"/county?area={quote(asked)}").text
        codes = re.findall(r'data-label="编号">(\d{12})<', page)
        assert codes and {one[:9] for one in codes} == {code[:9]}
        assert f'name="area" class="short" value="{asked}"' in page
    for word, like in (("无此地", "—"), ("演示", "990102")):
        told = office.get(f"/county?area={quote(word)}")
        assert told.status_code == 422 and "place.named" in told.text and like in told.text
    table = office.get(f"/county/load.csv?area={quote(name)}").content
    assert table == office.get(f"/county/load.csv?area={code}").content


def test_all_communities_stand_on_one_page_by_street_and_it_stays_light(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    page = seat("county.office").get("/county").text
    codes = re.findall(r'data-label="编号">(\d{12})<', page)
    streets = {code[:9] for code in codes}
    assert len(codes) > 200 and len(re.findall(r"<h3>", page)) == len(streets)
    weight = len(compress(page.encode(), 5))
    assert weight * 300 / len(codes) < 100_000, weight


def test_what_became_of_the_old_stock_stands_before_and_after_and_as_a_file(seat: Seats) -> None:
    office = seat("county.office")
    page = office.get("/county/cleanup").text
    for word in ("原有", "现有", "逾期未处置", "保留", "牌子", "工作机构"):
        assert word in page, word
    for link in set(re.findall(r'href="(/records/[^"]+)"', page)):
        assert office.get(unescape(link)).status_code == 200, link
    for kind in ("boards", "bureaus"):
        assert f"/records/{kind}?origin.in=admitted,unadmitted&amp;state.in=" in page, kind
    then = office.get("/county/cleanup?since=2026-01-01")
    assert then.status_code == 200 and "当日" in then.text
    assert "清理前后" in office.get("/county/cleanup.csv").content.decode("utf-8-sig")
    assert office.get("/county/cleanup?since=nonsense").status_code == 400


def test_every_figure_of_a_sheet_leads_to_as_many_rows(seat: Seats, one_office: Office) -> None:
    hand = partial(Hand, one_office)
    there = [stocktaken.brought(hand, sheet)[0] for sheet in ("items", "groups", "boards")]
    stocktaken.judged(hand, there[0])
    office = seat("county.office")
    links = re.findall(
        r'href="(/county/cleanup/\w+\?sheet=\w+)">(\d+)</a>', office.get("/county/cleanup").text
    )
    assert len(links) == 5 * len(Sheet)
    for link, many in links:
        page = office.get(link).text
        assert len(re.findall(r'<a href="/records/presences/', page)) == int(many), link
    told = dict(links)
    assert told["/county/cleanup/unjudged?sheet=groups"] == "1"
    assert told["/county/cleanup/unsettled?sheet=items"] == "1"
    assert there[0].title in office.get("/county/cleanup/unsettled?sheet=items").text


def test_more_rows_than_a_page_holds_follow_on_the_next(
    seat: Seats, one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "MOST", 1)
    rows = [stocktaken.ROWS["groups"], stocktaken.ROWS["groups"].replace("巡查群", "值守群")]
    stocktaken.brought(partial(Hand, one_office), "groups", *rows)
    office, at = seat("county.office"), "/county/cleanup/now"
    first = office.get(f"{at}?sheet=groups").text
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    second = office.get(at + unescape(onward[1])).text
    found = [re.findall(r'href="(/records/presences/[^"]+)"', page) for page in (first, second)]
    assert [len(one) for one in found] == [1, 1] and found[0] != found[1]
    assert 'rel="next"' not in second


@pytest.mark.parametrize("path", ["/now?sheet=nothing", "/nothing?sheet=groups", "/now"])
def test_a_figure_that_is_none_has_no_page(seat: Seats, path: str) -> None:
    assert seat("county.office").get("/county/cleanup" + path).status_code == 404


def test_boards_and_offices_of_the_last_months_stand_beside_what_stands_now(seat: Seats) -> None:
    page = seat("county.office").get("/county/cleanup").text
    assert "近十二个月末在挂的牌子、在设的机构" in page
    for kind in ("牌子", "工作机构"):
        assert f"<h3>{kind}</h3>" in page and f'class="num">{kind}</th>' in page, kind
    assert page.count('<polyline class="trace"') == 2


def test_the_tables_of_the_county_are_taken_away_as_they_stand(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    office = seat("county.office")
    flow = office.get("/county/flow.csv").content.decode("utf-8-sig")
    assert "申报,1" in flow and "/records/requests?" in flow
    assert zipfile.is_zipfile(io.BytesIO(office.get("/county/load.xlsx").content))
    page = office.get("/county").text
    assert 'href="/packs"' in page and 'href="/county/cleanup"' in page


def test_each_step_of_the_funnel_leads_to_as_many_rows(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    office = seat("county.office")
    page = office.get("/county/flow").text
    links = re.findall(r'href="(/records/requests\?state[^"]+)">(\d+)</a>', page)
    assert len(links) >= 3
    for link, many in links:
        listed = office.get(link.replace("&amp;", "&")).text
        assert f"本页 {many} 条" in listed or f"{many}" in listed.partition("<table")[0], link


@pytest.mark.parametrize("kind", ["month", "quarter", "year"])
def test_a_report_is_read_and_taken_away_as_docx_and_xlsx(
    seat: Seats, one_office: Office, kind: str
) -> None:
    admitted(seat, one_office)
    office = seat("county.office")
    page = office.get(f"/county/report?kind={kind}").text
    assert "申报" in page and "8,000.00" in page
    for form in ("docx", "xlsx"):
        answer = office.get(f"/county/report?kind={kind}&format={form}")
        assert zipfile.is_zipfile(io.BytesIO(answer.content)), form
        assert quote("事项准入") in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))["月报、季报、年报"]
    figures = [row[2] for row in book.iter_rows(min_row=2, values_only=True)]
    assert 8000 in figures and not any(isinstance(one, str) and one != "—" for one in figures)
    assert book.column_dimensions["B"].width > 20, "names of figures are not cut off"


def test_a_report_as_docx_is_fit_to_be_read_and_each_figure_in_it_leads_to_its_rows(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    taken = seat("county.office").get("/county/report?kind=year&format=docx").content
    paper = Document(io.BytesIO(taken))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows[0] == ["类别", "指标", "本期", "上期", "环比", "上年同期", "同比"]
    groups = [row[0] for row in rows[1:] if row[0]]
    assert len(groups) == len(set(groups)), "each heading stands once"
    assert "申报" in rows[1] and rows[1][2] == "1"
    leads = {one.target_ref for one in paper.part.rels.values() if one.is_external}
    assert any("/records/requests?" in one and one.startswith("http") for one in leads)
    assert taken == seat("county.office").get("/county/report?kind=year&format=docx").content


def test_every_figure_of_a_report_leads_to_as_many_rows(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    office = seat("county.office")
    page = office.get("/county/report?kind=year").text
    found = re.findall(r'href="(/records/[^"]+)">(\d+)</a>', page)
    assert len(found) > 60 and {"1"} <= {many for _, many in found}
    for link, many in found:
        listed = office.get(unescape(link))
        assert listed.status_code == 200, link
        if many != "0":
            assert f"{many} 条" in listed.text, link
    for word in ("逾期", "应付未付", "年度评估决定：续期", "满意度登记", "牌子（块）", "报表"):
        assert word in page, word


def test_a_change_is_told_against_the_last_period_and_a_year_before_and_of_nothing_not_at_all() -> (
    None
):
    row = Row("", "", (Cell("3", 3), Cell("2", 2), Cell("0", 0)))
    assert (row.change(1), row.change(2)) == ("+50.0%", "")
    assert Row("", "", (Cell("1", 1), Cell("4", 4), Cell("—"))).change(1) == "-75.0%"


def test_a_report_as_a_file_says_of_each_figure_the_query_it_answers(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    answer = seat("county.office").get("/county/report?kind=quarter&format=csv")
    heads, *lines = answer.content.decode("utf-8-sig").splitlines()
    assert "环比" in heads and "同比" in heads and heads.endswith("查询地址")
    assert len(lines) > 40 and all("/records/" in x or "/money/" in x or "/county?" in x
                                   for x in lines)  # fmt: skip


def test_who_may_not_read_is_told_a_dash_and_no_nought(seat: Seats) -> None:
    told = seat("sec.admin").get("/county/report")
    assert told.status_code == 200
    assert '<td class="num" data-label="本期">—</td>' in told.text


def test_periods_are_civil_ones_with_the_one_before_and_the_same_a_year_before() -> None:
    assert span_of("month", date(2024, 2, 10)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert span_of("quarter", date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
    this, last, year = spans("month", date(2024, 2, 29))
    assert last == (date(2024, 1, 1), date(2024, 1, 31))
    assert year == (date(2023, 2, 1), date(2023, 2, 28)) and this.last == date(2024, 2, 29)
    assert spans("year", date(2026, 5, 1))[1:] == ((date(2025, 1, 1), date(2025, 12, 31)),) * 2


def test_nonsense_in_the_address_of_a_report_is_told(seat: Seats) -> None:
    office = seat("county.office")
    for path in ("/county/report?on=0000-00-00", "/county/flow?from=x", "/county?on=2999-01-01",
                 "/county/report?on=0001-01-01"):  # fmt: skip
        assert 400 <= office.get(path).status_code < 500, path
    assert office.get("/county?figure=none").status_code == 200


def test_the_auditor_sees_findings_and_begins_projects_and_samples(seat: Seats) -> None:
    page = seat("auditor").get("/audit").text
    assert "/do/audit_project.open" in page and "/audit/draw" in page
    assert "疑点不是结论" in page


def test_a_unit_that_is_asked_begins_no_audit(seat: Seats) -> None:
    answer = seat("dept.head").get("/audit")
    assert answer.status_code == 200 and "/do/audit_project.open" not in answer.text
