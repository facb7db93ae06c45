"""审计文书: 取证单 and 问题清单 say what is known, and judge nothing before it was judged."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.xml.functions import fromstring

from registry.actions.auditing import docx, life, papers
from registry.actions.seeding import person_actor
from registry.domain.audit import Finding
from registry.policies.neutral import judging
from tests.actions.audited import answered, asked_about, doubted, opened, taken
from tests.actions.case import Hands
from tests.actions.refused import refused

LAW = "财政违法行为处罚处分条例 第6条"
COUNTY = "990102"


def sheet(hand: Hands, by: str = "auditor") -> papers.Paper:
    office = hand(by).office
    return papers.evidence(office, person_actor(office, by), COUNTY, "f-1")


def listing(hand: Hands, project: str, by: str = "auditor") -> papers.Paper:
    office = hand(by).office
    return papers.problems(office, person_actor(office, by), COUNTY, project)


def text_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        page = fromstring(package.read("word/document.xml"))
    return "".join(page.itertext())


def established(hand: Hands) -> tuple[Finding, Any]:
    project = opened(hand)
    finding = answered(hand, asked_about(hand, doubted(hand), project))
    return taken(
        hand, finding, life.collect, text="发票两张，合计 100 元", amount_fen=10000
    ), project


def test_the_sheet_says_unit_facts_amount_and_answer(hand: Hands) -> None:
    established(hand)
    said = dict(sheet(hand).rows)
    assert said["取证情况"] == "发票两张，合计 100 元"
    assert (said["金额（元）"], said["被审计单位反馈"]) == ("100.00", "情况说明如下")
    assert said["系统比对"] == "比对仍可见" and "定性" not in said


def test_before_it_is_judged_no_paper_judges(one_hand: Hands) -> None:
    finding, project = established(one_hand)
    for paper in (sheet(one_hand), listing(one_hand, project.id)):
        for data in (text_of(papers.as_docx(paper)), papers.as_csv(paper).decode("utf-8-sig"),
                     papers.as_page(paper).decode()):  # fmt: skip
            assert judging(data) == [] and LAW not in data
    finding = taken(one_hand, finding, life.qualify, law=LAW)
    assert LAW in text_of(papers.as_docx(sheet(one_hand)))
    assert LAW in text_of(papers.as_docx(listing(one_hand, project.id)))


@pytest.mark.parametrize("step", [life.collect])
def test_an_auditor_writes_no_verdict_before_it_is_judged(one_hand: Hands, step: Any) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    with refused("finding.words"):
        taken(one_hand, finding, step, text="该单位违规发放补贴")


def test_the_unit_reads_its_own_part_of_the_sheet_and_no_list(one_hand: Hands) -> None:
    _, project = established(one_hand)
    said = dict(sheet(one_hand, "community.head").rows)
    assert (said["取证情况"], said["被审计单位反馈"]) == ("", "情况说明如下")
    with refused("access.reading"):
        listing(one_hand, project.id, "community.head")
    with refused("access.hidden"):
        sheet(one_hand, "street.head")


def test_every_form_opens_and_takes_no_text_for_a_formula(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand, title="=1+1"))
    taken(one_hand, finding, life.collect, text='=HYPERLINK("http://x")&<b>')
    paper = sheet(one_hand)
    book = load_workbook(io.BytesIO(papers.as_xlsx(paper)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "'=HYPERLINK" in papers.as_csv(paper).decode("utf-8-sig")
    assert "<b>" not in papers.as_page(paper).decode()
    assert "&<b>" in text_of(papers.as_docx(paper))


def test_the_day_by_which_a_unit_answers_is_a_day_in_the_workbook(one_hand: Hands) -> None:
    project = opened(one_hand)
    finding = asked_about(one_hand, doubted(one_hand), project)
    paper = listing(one_hand, project.id)
    book = load_workbook(io.BytesIO(papers.as_xlsx(paper)))
    days = [c for row in book.active.iter_rows() for c in row if c.data_type == "d"]
    assert [day.value.date() for day in days] == [finding.due_on]
    assert "年" in days[0].number_format


def test_the_same_paper_is_the_same_bytes() -> None:
    one = docx.made("题", ["行"], [["甲", "乙\n丙"]])
    assert one == docx.made("题", ["行"], [["甲", "乙\n丙"]])
