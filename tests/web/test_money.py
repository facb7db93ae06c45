"""经费页: the chain as picture and table, statements as files, a bank's file looked at, then kept."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from registry.actions.office import Office
from registry.domain.bank import BankLine
from registry.web.charts import Bar, Caption, Pair, bars, chain, funnel, line, multiple
from tests.conftest import MovingClock
from tests.web.seated import Seat
from tests.web.test_case import admitted

Seats = Callable[[str], Seat]
BANK = "日期,收入,支出,对方户名,摘要,流水号\n2026-03-02,,30.00,演示商店,笔,L-1\n"
CHARTS = [
    lambda rows: bars(Caption("a", "图", "说"), rows),
    lambda rows: funnel(Caption("a", "图", "说"), rows),
    lambda rows: line(Caption("a", "图", "说"), rows),
    lambda rows: chain(Caption("a", "图", "说"), rows),
    lambda rows: multiple(Caption("a", "图", "说"), Pair(0, sum(r.value for r in rows)), 3),
]


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_tells_itself_without_eyes_and_is_the_same_for_the_same_data(
    draw: Callable[[list[Bar]], str],
) -> None:
    rows = [Bar("<b>一", 3, "3.00", "/x?a=1&b=2"), Bar("二", 0, "0.00")]
    drawn = str(draw(rows))
    assert drawn == str(draw(rows)) and "<b>" not in drawn
    assert '<title id="a-t">图</title><desc id="a-d">说</desc>' in drawn
    assert "style=" not in drawn and "nan" not in drawn
    assert str(draw([])).startswith("<svg")


def test_marks_stand_in_the_order_given_and_nothing_is_drawn_as_something() -> None:
    drawn = str(bars(Caption("a", "图"), [Bar("小", 1, "1"), Bar("大", 9, "9"), Bar("无", 0, "0")]))
    assert drawn.index("小") < drawn.index("大") < drawn.index("无")
    assert re.findall(r'width="(\d+)" height="12"', drawn) == ["38", "340", "0"]


def test_every_amount_of_the_chain_leads_to_its_entries(seat: Seats, one_office: Office) -> None:
    case, finance = admitted(seat, one_office), seat("finance.clerk")
    assert f"/money/items/{case.id}" in finance.get("/money").text
    page = finance.get(f"/money/items/{case.id}").text
    assert page.count("<svg") == 1 and "8,000.00" in page
    for stage in ("pledge", "allot", "order", "dispatch", "community_arrival", "expenditure"):
        assert f"request_id={case.id}&amp;stage={stage}" in page, stage
    found = finance.get(f"/money/entries?request_id={case.id}&stage=pledge").text
    assert "合计 8,000.00 元" in found and "/money/vouchers/" in found


def test_a_statement_is_printed_and_taken_away_in_every_form(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    finance = seat("finance.clerk")
    page = finance.get("/money/statement?by=community").text
    links = re.findall(r'href="(/money/files/[^"]+)"', page)
    assert len(links) == 4
    for link in links:
        answer = finance.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200 and answer.content, link


def test_a_statement_is_read_a_page_at_a_time_and_its_sum_is_of_all_pages(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    admitted(seat, one_office)
    finance, seen, path = seat("finance.clerk"), [], "/money?limit=1"
    while path:
        page = finance.get(path).text
        seen += re.findall(r'<td data-label="[^"]+"><a href="/money/items/([^"]+)"', page)
        assert "16,000.00" in page and "全部合计" in page
        more = re.search(r'href="(\?[^"]+)" rel="next"', page)
        path = "/money" + more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 2
    assert "全部合计" not in finance.get("/money").text
    assert finance.get("/money/statement?after=0|nobody").status_code == 400


def test_who_may_read_no_vouchers_finds_no_money(seat: Seats) -> None:
    admin = seat("sys.admin")
    assert 'href="/money"' not in admin.get("/desk").text
    assert admin.get("/money").status_code == 403


def test_nonsense_in_the_address_is_told_and_breaks_nothing(seat: Seats) -> None:
    finance = seat("finance.clerk")
    for path in ("/money?year=abc", "/money/entries?from=2026-99-99", "/money/arrears?area=%00",
                 "/money/items/none", "/money/bank/none", "/money/files/x?format=exe"):  # fmt: skip
        assert 400 <= finance.get(path).status_code < 500, path


def test_a_statement_of_a_bank_is_looked_at_before_it_is_kept_and_kept_once(
    seat: Seats, one_office: Office
) -> None:
    finance = seat("finance.clerk")
    typed = finance.hidden("/money/bank") | {"source": "bank", "account": "云笺演示街道办事处"}
    file = {"file": ("流水.csv", BANK.encode())}
    nobody = finance.post("/money/bank", typed | {"account": ""}, files=file)
    assert nobody.status_code == 422 and "没有写明是谁的账户" in nobody.text
    looked = finance.post("/money/bank", typed, files=file)
    assert "账户单位：云笺演示街道办事处" in looked.text
    assert looked.status_code == 200 and "演示商店" in looked.text, looked.text[-2000:]
    assert not one_office.store.reader.find(BankLine, "990102")
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"',
                           looked.text.rpartition("<main")[2]))  # fmt: skip
    for _ in range(2):
        done = finance.post("/money/bank/import", form)
        assert done.status_code == 200 and "新增 1 笔" in done.text, done.text[-2000:]
    held = one_office.store.reader.find(BankLine, "990102")
    assert len(held) == 1
    page = finance.get(f"/money/bank/{held[0].id}").text
    assert "流水归类" in page and "30.00" in page
    assert "撤回核对、归类" not in page, "nothing was said of it yet"
    assert "o-990102001<" not in page and "云笺演示街道办事处" in page
    done = finance.hand_in(f"/do/bank.classify?id={held[0].id}", classed_as="transfer")
    assert done.status_code == 303, done.text[-1500:]
    page = finance.get(f"/money/bank/{held[0].id}").text
    assert "撤回核对、归类" in page and "流水列为疑点" not in page


@pytest.mark.parametrize(
    ("name", "data"), [("a.csv", b"\xff\xfe\x00"), ("a.xlsx", b"PK\x03\x04broken"), ("a.csv", b"")]
)
def test_a_file_that_is_no_statement_is_told_and_what_was_typed_stays(
    seat: Seats, name: str, data: bytes
) -> None:
    finance = seat("finance.clerk")
    typed = finance.hidden("/money/bank") | {"source": "bank", "account": "某街道"}
    answer = finance.post("/money/bank", typed, files={"file": (name, data)})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert 'value="某街道"' in answer.text


def _looked_at(finance: Seat, content: bytes) -> dict[str, str]:
    typed = finance.hidden("/money/bank") | {"source": "bank", "account": "云笺演示街道办事处"}
    looked = finance.post("/money/bank", typed, files={"file": ("流水.csv", content)})
    assert looked.status_code == 200, looked.text[-2000:]
    return finance.sent(looked)


def test_a_file_that_was_looked_at_is_its_persons_alone_and_gone_after_an_hour(
    seat: Seats, clock: MovingClock
) -> None:
    finance = seat("finance.clerk")
    form = _looked_at(finance, BANK.encode())
    other = seat("finance.head")
    taken = other.post(
        "/money/bank/import", form | {"_token": other.hidden("/money/bank")["_token"]}
    )
    assert taken.status_code in (403, 422) and "新增" not in taken.text
    wrong = finance.post("/money/bank/import", form | {"digest": "0" * 64})
    assert wrong.status_code == 422 and "请重新选择文件" in wrong.text
    for path in ("../../registry.db", ""):
        assert finance.post("/money/bank/import", form | {"digest": path}).status_code == 422
    clock.at += timedelta(minutes=25)
    assert "新增 1 笔" in finance.post("/money/bank/import", form).text
    late = _looked_at(finance, BANK.replace("30.00", "31.00").replace("L-1", "L-2").encode())
    clock.at += timedelta(minutes=61)
    seated = seat("finance.clerk")
    gone = seated.post(
        "/money/bank/import", late | {"_token": seated.hidden("/money/bank")["_token"]}
    )
    assert gone.status_code == 422 and "请重新选择文件" in gone.text


def test_a_countys_month_of_lines_is_taken_at_once_and_its_preview_stays_small(
    seat: Seats, one_office: Office
) -> None:
    finance = seat("finance.clerk")
    lines = [
        f"2026-03-02,,{n + 1}.00,演示商店{n:06d}有限责任公司,办公用品采购{'备注' * 30},L-{n:06d}"
        for n in range(20_000)
    ]  # fmt: skip
    content = "\n".join([BANK.splitlines()[0], *lines]).encode()
    assert len(content) > 4 << 20
    typed = finance.hidden("/money/bank") | {"source": "bank", "account": "云笺演示街道办事处"}
    looked = finance.post("/money/bank", typed, files={"file": ("流水.csv", content)})
    assert "20000 笔" in looked.text and len(looked.content) < 30_000
    small = BANK.encode() + b"x" * (33 << 20)
    large = finance.post("/money/bank", typed, files={"file": ("流水.csv", small)})
    assert large.status_code in (413, 422)
