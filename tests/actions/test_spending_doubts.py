"""支出疑点: the same invoice, payee, papers twice; parts, round sums, too many; opened and closed."""

from datetime import date
from typing import Any

import pytest

from registry.actions import ticking
from registry.actions.ledger import confirming
from registry.actions.office import Answer
from registry.actions.spending import doubts
from registry.actions.spending.lapsing import outstanding
from registry.domain.audit import Finding
from registry.domain.budget import PopulationCount
from registry.domain.presence import Presence
from registry.store.spent import Advanced
from tests.actions import case, spent
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.actions.spent import confirmed, findings, spending, told

TWO = {"targets": ["990102001001", "990102001005"]}


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """All its money is in the community's books."""
    return spent.funded(one_hand)


def _both(hand: Hands, presence: Presence, first: dict[str, Any], second: dict[str, Any]) -> None:
    for number, changes in (("支1", first), ("支2", second)):
        line = told(presence, **changes)
        confirmed(hand, spent.spent(hand, spending(presence, number, line)))


def _open(hand: Hands) -> set[str]:
    return {one.code for one in doubts.DOUBTS if findings(hand, one.code)}


# ---- the same twice ------------------------------------------------------------------------------


def test_one_invoice_on_two_vouchers_is_told_however_it_is_typed(hand: Hands) -> None:
    presence = spent.funded(hand)
    _both(hand, presence, {"amount_fen": 1_000},
          {"amount_fen": 2_000, "invoice_number": "2600-０００1"})  # fmt: skip
    (found,) = findings(hand, doubts.INVOICE.code)
    assert (found.facts["count"], found.facts["amount_fen"]) == (2, 3_000)
    assert len(found.facts["evidence"]["expenditures"]) == 2
    assert found.law.startswith("财政违法行为处罚处分条例")
    assert not any(word in found.detail for word in ("违规", "违法"))


def test_one_invoice_over_two_lines_of_one_voucher_is_nothing(
    one_hand: Hands, presence: Presence
) -> None:
    lines = [told(presence, amount_fen=fen) for fen in (1_000, 2_000)]
    confirmed(one_hand, spent.spent(one_hand, spending(presence, "支1", *lines)))
    assert _open(one_hand) == set()


def test_the_same_papers_under_another_name_are_found_by_what_is_in_them(
    one_hand: Hands, presence: Presence
) -> None:
    papers = [spent.paper(one_hand, presence, content) for content in (b"one", b"one", b"two")]
    for at, paper in enumerate(papers):
        line = told(presence, invoice_number=str(at), quantity=10, unit="户", evidence_ids=[paper],
                    amount_fen=1_000)  # fmt: skip
        confirmed(one_hand, spent.spent(one_hand, spending(presence, f"支{at}", line)))
    (found,) = findings(one_hand, doubts.EVIDENCE.code)
    assert found.facts["count"] == 2
    assert _open(one_hand) == {doubts.EVIDENCE.code}


def test_one_payee_month_by_month_in_one_item_is_nothing(
    one_hand: Hands, presence: Presence
) -> None:
    _both(one_hand, presence, {"invoice_number": "1"}, {"invoice_number": "2"})
    assert findings(one_hand, doubts.PAYEE.code) == []


def test_one_payee_and_amount_in_two_items_is_told(hand: Hands) -> None:
    cases = [
        case.admitted(hand, title=title, funding=[spent.FUNDING])
        for title in ("楼道灯具编号拍照", "小区围栏编号拍照")
    ]
    hand("auditor").office.clock.at = spent.LATER
    for number, request in enumerate(cases):
        presence = case.presence_of(hand, request)
        case.funded(hand, presence, 800_000, series=str(number))
        line = told(presence, invoice_number=str(number))
        confirmed(hand, spent.spent(hand, spending(presence, f"支{number}", line)))
    (found,) = findings(hand, doubts.PAYEE.code)
    assert found.facts["count"] == 2


def test_of_a_finding_over_two_communities_neither_is_the_owner(one_hand: Hands) -> None:
    places = _two(one_hand)
    for number, place in enumerate(places):
        line = told(place, amount_fen=1_000, lender=spent.SHOP)
        command = spending(place, f"垫{number}", line, stage="advance")
        confirmed(one_hand, spent.spent(one_hand, command, by="street.clerk"))
    (found,) = findings(one_hand, doubts.INVOICE.code)
    assert found.organisation_id is None
    street = places[0].area_path.strip("/").rpartition("/")[0]
    assert found.area_path == f"/{street}/"


# ---- parts, round sums, too many -----------------------------------------------------------------


def _parts(hand: Hands, presence: Presence, days: tuple[str, str], fen: int) -> None:
    for number, day in enumerate(days):
        line = told(presence, amount_fen=fen, invoice_number=str(number), paid_on=day)
        confirmed(hand, spent.spent(hand, spending(presence, f"支{number}", line)))


def test_payments_each_below_a_threshold_and_together_above_are_told(hand: Hands) -> None:
    presence = spent.funded(hand)
    _parts(hand, presence, ("2026-04-01", "2026-04-18"), 250_000)
    (found,) = findings(hand, doubts.SPLIT.code)
    assert (found.facts["at_fen"], found.facts["amount_fen"]) == (500_000, 500_000)


@pytest.mark.parametrize(
    ("days", "fen"),
    [(("2026-03-10", "2026-04-18"), 250_000), (("2026-04-01", "2026-04-18"), 249_999)],
)
def test_payments_far_apart_or_small_are_nothing(
    one_hand: Hands, presence: Presence, days: tuple[str, str], fen: int
) -> None:
    _parts(one_hand, presence, days, fen)
    assert findings(one_hand, doubts.SPLIT.code) == []


def test_a_round_sum_is_told_only_at_the_end_of_a_year(one_hand: Hands) -> None:
    presence = spent.funded(one_hand)
    line = told(presence, amount_fen=100_000, invoice_number="1")
    confirmed(one_hand, spent.spent(one_hand, spending(presence, "支1", line)))
    assert findings(one_hand, doubts.ROUND.code) == []
    spent.days_later(one_hand, date(2026, 12, 28))
    for number, fen in (("2", 100_001), ("3", 200_000)):
        line = told(presence, amount_fen=fen, invoice_number=number, paid_on="2026-12-28",
                    served_on="2026-06-30")  # fmt: skip
        command = spending(presence, f"支{number}", line, dated_on="2026-12-28")
        confirmed(one_hand, spent.spent(one_hand, command))
    (found,) = findings(one_hand, doubts.ROUND.code)
    assert found.facts["amount_fen"] == 200_000


def test_more_than_were_to_be_served_is_told(one_hand: Hands, presence: Presence) -> None:
    for number, quantity in enumerate((600, 400, 1)):
        paper = spent.paper(one_hand, presence, str(number).encode())
        line = told(presence, amount_fen=1_000, invoice_number=str(number), quantity=quantity,
                    unit="户", evidence_ids=[paper])  # fmt: skip
        assert findings(one_hand, doubts.QUANTITY.code) == []
        confirmed(one_hand, spent.spent(one_hand, spending(presence, f"支{number}", line)))
    (found,) = findings(one_hand, doubts.QUANTITY.code)
    assert (found.facts["quantity"], found.facts["served"]) == (1_001, 1_000)


def test_more_than_live_there_is_told_though_more_were_granted(hand: Hands) -> None:
    presence = spent.funded(hand)
    count = PopulationCount(
        county="990102", id="pop-1", area_id=presence.area_id, area_path=presence.area_path,
        what="户", count=300, counted_on=date(2026, 1, 1), source="社区台账(演示)",
        recorded_by="person-finance.clerk",
    )  # fmt: skip
    hand("county.head").do(lambda d: Answer(body=d.unit.add(count)))
    for number, quantity in enumerate((300, 1)):
        paper = spent.paper(hand, presence, str(number).encode())
        line = told(presence, amount_fen=1_000, invoice_number=str(number), quantity=quantity,
                    unit="户", evidence_ids=[paper])  # fmt: skip
        assert findings(hand, doubts.QUANTITY.code) == []
        confirmed(hand, spent.spent(hand, spending(presence, f"支{number}", line)))
    (found,) = findings(hand, doubts.QUANTITY.code)
    assert (found.facts["quantity"], found.facts["served"]) == (301, 300)
    office = hand("auditor").office
    ticking.tick(office)
    before = office.store.reader.counts()
    ticking.tick(office)
    assert office.store.reader.counts() == before


def test_a_quantity_of_something_else_is_not_held_against_it(
    one_hand: Hands, presence: Presence
) -> None:
    paper = spent.paper(one_hand, presence, b"sheets")
    line = told(presence, quantity=5_000, unit="张", evidence_ids=[paper])
    confirmed(one_hand, spent.spent(one_hand, spending(presence, "支1", line)))
    assert findings(one_hand, doubts.QUANTITY.code) == []


def test_a_payee_of_the_handlers_name_is_told(one_hand: Hands, presence: Presence) -> None:
    for number, name in enumerate(("演示·社区工作者", "演示·旁人")):
        line = told(presence, invoice_number=str(number), payee={"kind": "person", "name": name})
        confirmed(one_hand, spent.spent(one_hand, spending(presence, f"支{number}", line)))
    assert len(findings(one_hand, doubts.HANDLER.code)) == 1


# ---- opened once, closed when it no longer holds -------------------------------------------------


def test_a_finding_is_closed_when_what_it_tells_is_void(hand: Hands) -> None:
    presence = spent.funded(hand)
    confirmed(hand, spent.spent(hand, spending(presence, "支1", told(presence, amount_fen=1_000))))
    second = spent.spent(hand, spending(presence, "支2", told(presence, amount_fen=2_000)))
    ticking.tick(hand("auditor").office)
    assert _open(hand) == {doubts.INVOICE.code}, (
        "what waits for confirmation is told at the next tick"
    )
    order = confirming.VoidCommand(reason="重复录入")
    hand("community.cashier").do(
        lambda d: confirming.void(d, second.voucher.id, second.voucher.version, order)
    )
    assert _open(hand) == set()
    spent.spent(hand, spending(presence, "支3", told(presence, amount_fen=2_000)))
    ticking.tick(hand("auditor").office)
    assert _open(hand) == {doubts.INVOICE.code}, "and opened again when it comes again"


def test_to_look_again_changes_nothing(hand: Hands) -> None:
    presence = spent.funded(hand)
    _both(hand, presence, {"amount_fen": 250_000}, {"amount_fen": 250_000})
    office = hand("auditor").office
    ticking.tick(office)
    assert _open(hand) == {doubts.INVOICE.code, doubts.SPLIT.code}
    before = office.store.reader.counts()
    ticking.tick(office)
    assert office.store.reader.counts() == before


def test_a_third_one_is_told_in_the_same_finding(one_hand: Hands, presence: Presence) -> None:
    for number in range(3):
        line = told(presence, amount_fen=1_000)
        confirmed(one_hand, spent.spent(one_hand, spending(presence, f"支{number}", line)))
    every = one_hand("auditor").office.store.reader.find(
        Finding, "990102", code=doubts.INVOICE.code
    )
    assert [one.facts["count"] for one in every] == [3]


def test_what_is_repaid_counts_against_the_oldest_advance() -> None:
    def row(day: int, fen: int) -> Advanced:
        return Advanced(
            request_id="r", presence_id="p", area_path="/", payer_id="o", funding_key="F1",
            year=2026, dated_on=date(2026, 4, day), amount_fen=fen,
            voucher_id=f"v{day}",
        )  # fmt: skip

    rows = [row(1, 500), row(5, 300), row(9, -600), row(12, 40)]
    assert outstanding(rows) == [(date(2026, 4, 5), 200), (date(2026, 4, 12), 40)]


def _two(hand: Hands) -> list[Presence]:
    """One matter in two communities of one street."""
    request = case.admitted(hand, funding=[spent.FUNDING], **TWO)
    hand("auditor").office.clock.at = spent.LATER
    found = hand("auditor").office.store.reader.find(Presence, "990102", request_id=request.id)
    return list(found)


def test_what_two_communities_spend_is_not_on_one_voucher(one_hand: Hands) -> None:
    places = _two(one_hand)
    lines = [told(place, amount_fen=100, lender=spent.SHOP) for place in places]
    with refused("expenditure.community"):
        spent.spent(
            one_hand, spending(places[0], "垫1", *lines, stage="advance"), by="street.clerk"
        )
