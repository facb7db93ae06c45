"""单边账: what stands in one side's books only is told, with its days, in the order of the codes."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from registry.actions import reading
from registry.actions.office import Answer
from registry.actions.reconciling import incomes, masking, noting, offering, one_sided, siding
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.bank import (
    ClassifyCommand,
    LineClass,
    MatchCommand,
    NoteCommand,
    OtherIncome,
    ReasonCommand,
)
from registry.domain.presence import Presence
from tests.actions import case
from tests.actions.case import Hands, admitted, voucher
from tests.actions.lived import put
from tests.actions.refused import refused
from tests.actions.stated import CIVIL, bank, lines, only, said, treasury
from tests.actions.test_funding import admitted_in_the_second_street, confirm, dispatched, record
from tests.actions.test_reconciling import SENT, STREET_NAME, arrived
from tests.conftest import MovingClock


def report(hand: Hands, by: str = "finance.clerk", **query: Any) -> one_sided.OneSided:
    asked = one_sided.OneSidedQuery(**query)
    found: one_sided.OneSided = hand(by).do(lambda desk: Answer(body=one_sided.report(desk, asked)))
    return found


def told(hand: Hands, by: str = "finance.clerk", **query: Any) -> list[tuple[str, str, int, int]]:
    return [
        (item.kind.value, item.books, item.payer_fen, item.receiver_fen)
        for item in report(hand, by, **query).items
    ]


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """Admitted work in one community."""
    return case.presence_of(one_hand, admitted(one_hand))


# ---- the report ----------------------------------------------------------------------------------


def test_what_was_sent_stands_on_one_side_until_the_other_has_confirmed_it(
    hand: Hands, clock: MovingClock
) -> None:
    presence = case.presence_of(hand, admitted(hand))
    assert told(hand) == []
    dispatched(hand, presence)
    assert told(hand) == [("payer_only", "vouchers", SENT, 0)]
    clock.at += dt.timedelta(days=9)
    (item,) = report(hand).items
    assert (item.days, item.presence_id, item.area_code) == (9, presence.id, "990102001001")
    kept = record(hand, "street.clerk", voucher(presence, "street_arrival", "到1", 100_000))
    assert told(hand) == [("payer_only", "vouchers", SENT, 0)]
    confirm(hand, "street.head", kept)
    assert told(hand) == [("differs", "vouchers", SENT, 100_000)]
    arrived(hand, presence, 200_000, "到2")
    assert told(hand) == []


def test_days_count_from_the_oldest_that_is_still_on_its_way(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    dispatched(one_hand, presence, 100)
    record(one_hand, "dept.head", voucher(presence, "order", "令2", 200))
    clock.at += dt.timedelta(days=4)
    late = case.voucher(presence, "dispatch", "拨2", 200)
    kept = record(one_hand, "finance.clerk", _on(late, dt.date(2026, 3, 5)))
    confirm(one_hand, "finance.head", kept)
    assert report(one_hand).items[0].since == dt.date(2026, 3, 2)
    arrived(one_hand, presence, 100)
    assert report(one_hand).items[0].since == dt.date(2026, 3, 5)


def _on(command: Any, day: dt.date) -> Any:
    return msgspec.structs.replace(command, dated_on=day)


def test_lines_without_a_voucher_stand_there_until_they_are_settled(one_hand: Hands) -> None:
    treasury(one_hand, f"{STREET_NAME},{CIVIL},7,T1")
    bank(one_hand, "8,,某某单位名称,K1", ",9,某某单位名称,K2")
    expected = {
        ("payer_only", "treasury", 700, 0), ("receiver_only", "bank", 0, 800),
        ("payer_only", "bank", 900, 0),
    }  # fmt: skip
    assert set(told(one_hand)) == expected
    line = only(one_hand, external_key="K1")
    said(one_hand, "street.clerk", "classify", line, ClassifyCommand(classed_as=LineClass.INTEREST))
    assert ("receiver_only", "bank", 0, 800) not in told(one_hand)
    said(one_hand, "finance.clerk", "flag", only(one_hand, external_key="T1"),
         ReasonCommand(reason="请说明"))  # fmt: skip
    assert ("payer_only", "treasury", 700, 0) in told(one_hand)


def test_a_voucher_that_the_statement_of_its_days_does_not_show_is_told(
    one_hand: Hands, presence: Presence
) -> None:
    sent = dispatched(one_hand, presence)
    arrived(one_hand, presence)
    assert told(one_hand) == []
    bank(one_hand, "1,,某某单位名称,K1")
    assert ("no_statement", "bank", SENT, 0) in told(one_hand)
    treasury(one_hand, f"某某某某单位,{CIVIL},1,T1")
    assert ("no_statement", "treasury", 0, SENT) in told(one_hand)
    treasury(one_hand, f"{STREET_NAME},{CIVIL},1000,T2")
    part = only(one_hand, external_key="T2")
    said(one_hand, "finance.clerk", "match", part, MatchCommand(voucher_id=sent.id))
    assert ("differs", "treasury", 100_000, SENT) in told(one_hand)


def test_places_stand_in_the_order_of_their_codes_whatever_they_wait_for(one_hand: Hands) -> None:
    far = case.presence_of(one_hand, admitted_in_the_second_street(one_hand))
    near = case.presence_of(one_hand, admitted(one_hand))
    dispatched(one_hand, far, 500_000)
    record(one_hand, "dept.head", voucher(near, "order", "令9", 1))
    kept = record(one_hand, "finance.clerk", voucher(near, "dispatch", "拨9", 1))
    confirm(one_hand, "finance.head", kept)
    assert [item.area_code for item in report(one_hand).items] == ["990102001001", "990102002001"]
    first = report(one_hand, limit=1)
    assert first.next is not None
    second = report(one_hand, after=first.next, limit=1)
    assert (second.items[0].area_code, second.next) == ("990102002001", None)
    assert [total.difference_fen for total in first.totals] == [500_001]
    assert len(report(one_hand, area="990102002").items) == 1


@pytest.mark.parametrize(
    ("by", "sees"),
    [("finance.head", 2), ("county.office", 2), ("auditor", 2), ("street.clerk", 2),
     ("community.head", 1), ("dept.head", 1), ("street2.clerk", 0), ("dept2.head", 0),
     ("community2.worker", 0)],
)  # fmt: skip
def test_each_sees_its_own_side(one_hand: Hands, presence: Presence, by: str, sees: int) -> None:
    dispatched(one_hand, presence)
    bank(one_hand, "8,,某某单位名称,K1")
    assert len(report(one_hand, by).items) == sees


def test_who_may_read_no_money_gets_no_report(one_hand: Hands) -> None:
    with refused("access.reading"):
        report(one_hand, "sys.admin")


def sides(hand: Hands, id: str, by: str = "finance.head") -> siding.VoucherSides:
    found: siding.VoucherSides = hand(by).do(lambda d: Answer(body=siding.sides(d, id)))
    return found


def test_a_voucher_is_matched_when_both_sides_have_confirmed_one_amount(
    hand: Hands,
) -> None:
    presence = case.presence_of(hand, admitted(hand))
    sent = dispatched(hand, presence)
    assert not sides(hand, sent.id).matched
    arrived(hand, presence, 200_000)
    told = sides(hand, sent.id, "dept.head").sides[0]
    assert (told.payer_fen, told.receiver_fen) == (SENT, 200_000)
    arrived(hand, presence, 100_000, "到2")
    told_all = sides(hand, sent.id)
    assert (told_all.matched, told_all.on_statements) == (True, False)
    treasury(hand, f"{STREET_NAME},{CIVIL},3000,T1")
    assert sides(hand, sent.id).on_statements
    said(hand, "finance.clerk", "unmatch", only(hand), ReasonCommand(reason="再核"))
    treasury(hand, f"{STREET_NAME},{CIVIL},2999,T2")
    part = only(hand, external_key="T2")
    said(hand, "finance.clerk", "match", part, MatchCommand(voucher_id=sent.id))
    assert not sides(hand, sent.id).matched, "the treasury's list shows another amount"
    with refused("access.hidden"):
        sides(hand, sent.id, "street2.head")


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "name"),
    [("auditor", "王小明"), ("street.head", "王小明"), ("finance.clerk", "王**"),
     ("county.office", "王**")],
)  # fmt: skip
def test_a_persons_name_is_shown_to_the_holder_and_to_auditors(
    one_hand: Hands, by: str, name: str
) -> None:
    bank(one_hand, "8,,王小明,K1,,,付王小明")
    person = one_hand(by)
    (line,) = masking.shown(person.office, person.actor, lines(one_hand))
    assert (line.counterparty, line.memo) == (name, f"付{name}")


@pytest.mark.parametrize(
    ("name", "veiled"),
    [("欧阳娜娜", True), ("阿依古丽·买买提", True), ("John Smith", True), ("某某物业服务有限公司", False),
     ("演示县民政局", False)],
)  # fmt: skip
def test_in_doubt_a_name_is_a_persons(one_hand: Hands, name: str, veiled: bool) -> None:
    bank(one_hand, f"8,,{name},K1")
    assert only(one_hand).personal is veiled


def test_a_kept_gift_does_not_carry_the_givers_name_further(one_hand: Hands) -> None:
    bank(one_hand, "8,,王小明,K1,,,王小明捐款")
    said(one_hand, "street.clerk", "classify", only(one_hand),
         ClassifyCommand(classed_as=LineClass.DONATION))  # fmt: skip
    (income,) = one_hand("auditor").office.store.reader.find(OtherIncome, "990102")
    assert "王小明" not in f"{income.counterparty}{income.purpose}"


# ---- offers --------------------------------------------------------------------------------------


def test_what_might_fit_is_offered_and_nothing_is_matched_by_asking(
    one_hand: Hands, presence: Presence
) -> None:
    sent = dispatched(one_hand, presence)
    treasury(one_hand, f"{STREET_NAME},,3000,T1", f"{STREET_NAME},,3000,T2")
    line = only(one_hand, external_key="T1")
    found = one_hand("finance.clerk").do(lambda d: Answer(body=offering.offered(d, line.id)))
    (offer,) = found.offers
    assert (offer.voucher_id, offer.same_amount, offer.same_place) == (sent.id, True, True)
    with refused("access.hidden"):
        one_hand("street2.clerk").do(lambda d: Answer(body=offering.offered(d, line.id)))


# ---- other sources -------------------------------------------------------------------------------

SHEET = "社区,资金来源,年度,金额(元),收支,用途,发票号,流水号\n"


def brought(hand: Hands, *rows: str, by: str = "street.clerk") -> incomes.IncomesTaken:
    found = incomes.read("其他.csv", (SHEET + "".join(f"{row}\n" for row in rows)).encode())
    taken: incomes.IncomesTaken = hand(by).do(lambda d: incomes.bring_in(d, found))
    return taken


def findings(hand: Hands, code: str = "funds.double_funding") -> list[Finding]:
    return list(hand("auditor").office.store.reader.find(Finding, "990102", code=code))


def test_money_from_other_sources_comes_in_once(hand: Hands) -> None:
    rows = ("990102001001,运转经费,2026,14.5万元,收,,,", "990102001002,捐赠,2026,600.00,收,,,K1")
    assert brought(hand, *rows).added == 2
    again = brought(hand, *rows, "990102001002,捐赠,2026,1,收,,,K2")
    assert (again.added, again.known) == (1, 2)
    assert brought(hand, "990102001002,捐赠,2026,601,收,,,K1").otherwise == [2]
    kept = hand("auditor").office.store.reader.find(OtherIncome, "990102")
    assert sorted(one.amount_fen for one in kept) == [100, 60_000, 14_500_000]


def test_every_bad_cell_of_a_sheet_is_told(one_hand: Hands) -> None:
    with refused("import.cells") as info:
        brought(one_hand, "没有的社区,捐赠,2026,1,收,,,", "990102001001,彩票,2026,1,收,,,",
                "990102001001,捐赠,1999,1,收,,,", "990102001001,捐赠,2026,-1,收,,,")  # fmt: skip
    assert {e["row"] for e in info.value.facts["errors"]} >= {3, 4, 5}
    with refused("import.cells") as info:
        brought(one_hand, "没有的社区,捐赠,2026,1,收,,,")
    assert info.value.facts["errors"][0]["column"] == "community"


@pytest.mark.parametrize("by", ["street2.clerk", "dept.clerk", "auditor", "community2.worker"])
def test_other_sources_are_told_by_who_is_concerned(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        brought(one_hand, "990102001001,捐赠,2026,1,收,,,", by=by)


def test_an_invoice_under_two_sources_is_asked_about_and_in_one_source_is_not(
    one_hand: Hands,
) -> None:
    out = "990102001001,{},2026,80,支,,{},{}"
    brought(one_hand, out.format("惠民", "发-001", "K1"), out.format("惠民", "发 001", "K2"))
    assert findings(one_hand) == []
    brought(one_hand, out.format("运转经费", "发001", "K3"))
    (finding,) = findings(one_hand)
    assert (finding.facts["by"], finding.facts["amount_fen"]) == ("invoice", 8_000)
    assert sum(len(ids) for ids in finding.facts["evidence"].values()) == 3
    before = tick(one_hand("auditor").office).get("double_funding", 0)
    assert tick(one_hand("auditor").office).get("double_funding", 0) == 0
    assert before <= 2


def test_a_matter_paid_from_two_sources_is_asked_about(one_hand: Hands, presence: Presence) -> None:
    row = "990102001001,惠民,2026,500,收,{},,"
    brought(one_hand, row.format("别的事情"))
    assert findings(one_hand) == []
    brought(one_hand, row.format(presence.title))
    (finding,) = findings(one_hand)
    assert finding.facts["evidence"]["presences"] == [presence.id]
    assert not {"违规", "违法"} & set(finding.detail)


def test_a_matter_that_is_paid_from_one_source_again_is_asked_about_no_longer(hand: Hands) -> None:
    there = case.presence_of(hand, admitted(hand))
    brought(hand, f"990102001001,惠民,2026,500,收,{there.title},,")
    (finding,) = findings(hand)
    office = hand("auditor").office
    tick(office)
    assert "double_funding" not in tick(office), "it holds still"
    put(hand, there, share_fen=0)
    assert tick(office)["double_funding"] == 1
    assert findings(hand)[0].closed_on is not None
    put(hand, there, share_fen=1)
    assert tick(office)["double_funding"] == 1, "and is opened again when it comes again"
    assert findings(hand)[0].closed_on is None and findings(hand)[0].id == finding.id


# ---- notes ---------------------------------------------------------------------------------------


def test_a_community_notes_work_without_an_admission_to_the_office_alone(hand: Hands) -> None:
    command = NoteCommand(text="上门登记宠物信息", asked_by="某单位")
    hand("community.worker").do(lambda d: noting.note(d, command))
    (finding,) = findings(hand, "work.unregistered")
    assert finding.facts["text"] == "上门登记宠物信息"
    for by, sees in (("county.office", 1), ("auditor", 1), ("community.head", 1),
                     ("street.head", 0), ("dept.head", 0), ("community2.head", 0)):  # fmt: skip
        assert len(_read(hand, by)) == sees, by


def _read(hand: Hands, by: str) -> list[Finding]:
    person = hand(by)
    query = reading.ListQuery(equals={"code": "work.unregistered"})
    return list(reading.page(person.office, person.actor, Finding, query).items)


@pytest.mark.parametrize("by", ["dept.head", "street.head", "auditor", "finance.clerk"])
def test_only_a_community_notes_it(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        one_hand(by).do(lambda d: noting.note(d, NoteCommand(text="某事")))
