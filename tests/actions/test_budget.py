"""预算指标: codes of their own year, money split from what another confirmed, never more than it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import msgspec
import pytest

from registry.actions.budgeting import indicating, provisions, tables
from registry.actions.budgeting.indicating import AdjustCommand, IndicatorView
from registry.actions.ledger import confirming, recording
from registry.actions.office import Call
from registry.domain.accounts import VoucherStage
from registry.domain.budget import IndicatorCommand
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherCommand
from registry.domain.presence import Presence
from registry.domain.vocabulary import Grade, Level
from registry.policies.purse import IndicatorRule, Provision
from tests.actions import case
from tests.actions.case import Hands, admitted
from tests.actions.refused import refused

CODES = "年度,类别,编码,名称\n2026,支出功能分类,2080208,基层政权建设和社区治理\n"
CIVIL = "o-990102-civil"


def taken(hand: Hands, text: str, table: tables.Table = "codes", by: str = "finance.clerk") -> Any:
    rows = tables.read(table, text.encode())
    return hand(by).do(lambda d: tables.take_in(d, table, rows))


def ordered(**changes: Any) -> IndicatorCommand:
    told = {
        "number": "演财预〔2026〕1号", "year": 2026, "payer_id": CIVIL, "amount_fen": 500_000,
        "functional_code": "2080208", "dated_on": "2026-01-10", **changes,
    }  # fmt: skip
    return msgspec.convert(told, IndicatorCommand)


def recorded(hand: Hands, **changes: Any) -> IndicatorView:
    found: IndicatorView = hand("finance.clerk").do(
        lambda d: indicating.record(d, ordered(**changes))
    )
    return found


def indicator(hand: Hands, **changes: Any) -> IndicatorView:
    """Recorded by one, confirmed by another."""
    taken(hand, CODES)
    made = recorded(hand, **changes)
    after: IndicatorView = hand("finance.head").do(
        lambda d: indicating.confirm(d, made.id, made.version)
    )
    return after


def split(presence: Presence, number: str, amount: int, of: str) -> VoucherCommand:
    made = case.voucher(presence, "allot", number, amount)
    (line,) = made.lines
    return msgspec.structs.replace(made, lines=[msgspec.structs.replace(line, indicator_id=of)])


def entered(hand: Hands, by: str, command: VoucherCommand) -> Voucher:
    kept: Voucher = hand(by).do(lambda d: recording.record(d, command)).voucher
    return kept


def confirmed(hand: Hands, by: str, kept: Voucher) -> None:
    hand(by).do(lambda d: confirming.confirm(d, kept.id, kept.version))


def presence_of(hand: Hands) -> Presence:
    return case.presence_of(hand, admitted(hand))


# ---- codes ---------------------------------------------------------------------------------------


def test_a_code_of_another_year_is_refused(one_hand: Hands) -> None:
    taken(one_hand, CODES)
    with refused("budget.code") as info:
        recorded(one_hand, year=2025)
    assert "E19" in info.value.detail


def test_an_indicator_keeps_the_name_its_code_had_in_its_year(hand: Hands) -> None:
    held = indicator(hand)
    taken(hand, CODES.replace("基层政权建设和社区治理", "改了名"))
    assert held.functional_name == "基层政权建设和社区治理"
    later = recorded(hand, number="演财预〔2026〕2号")
    assert later.functional_name == "改了名"


def test_the_same_table_again_changes_nothing(one_hand: Hands) -> None:
    assert taken(one_hand, CODES).added == 1
    again = taken(one_hand, CODES)
    assert (again.added, again.changed) == (0, 0)


def test_every_bad_cell_of_a_table_is_told(one_hand: Hands) -> None:
    with pytest.raises(Refusal) as info:
        taken(one_hand, "年度,类别,编码,名称\n1999,支出功能分类,1,甲\n2026,别的,2,乙\n")
    assert [one["row"] for one in info.value.facts["errors"]] == [2, 3]


def test_a_department_brings_in_no_table(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        taken(one_hand, CODES, by="dept.head")


# ---- indicators ----------------------------------------------------------------------------------


def test_who_recorded_an_indicator_does_not_confirm_it(one_hand: Hands) -> None:
    taken(one_hand, CODES)
    made = recorded(one_hand)
    with refused("access.forbidden"):
        one_hand("finance.clerk").do(lambda d: indicating.confirm(d, made.id, made.version))


def test_one_number_stands_once_in_a_year(one_hand: Hands) -> None:
    indicator(one_hand)
    with refused("indicator.number"):
        recorded(one_hand)
    with refused("indicator.year"):
        recorded(one_hand, year=2030)


def test_a_confirmed_indicator_is_not_confirmed_again(one_hand: Hands) -> None:
    held = indicator(one_hand)
    with refused("indicator.confirmed"):
        one_hand("finance.head").do(lambda d: indicating.confirm(d, held.id, held.version))


# ---- split ---------------------------------------------------------------------------------------


def test_no_more_is_split_than_the_indicator_holds(hand: Hands) -> None:
    presence, held = presence_of(hand), indicator(hand)
    kept = entered(hand, "dept.clerk", split(presence, "分1", 300_000, held.id))
    with refused("indicator.exceeds") as info:
        entered(hand, "dept.clerk", split(presence, "分2", 200_001, held.id))
    assert (info.value.facts["left_fen"], info.value.facts["asked_fen"]) == (200_000, 200_001)
    confirmed(hand, "dept.head", kept)
    entered(hand, "dept.clerk", split(presence, "分2", 200_000, held.id))


def test_a_split_names_an_indicator_that_is_the_payers_and_confirmed(one_hand: Hands) -> None:
    presence = presence_of(one_hand)
    with refused("indicator.missing"):
        entered(one_hand, "dept.clerk", case.voucher(presence, "allot", "分1", 1))
    taken(one_hand, CODES)
    waiting = recorded(one_hand)
    others = recorded(one_hand, number="另1", payer_id="o-990102-finance")
    for id in (waiting.id, others.id, "ind-none"):
        with refused("indicator.unknown"):
            entered(one_hand, "dept.clerk", split(presence, "分1", 1, id))


def test_an_order_draws_on_what_was_split_and_on_no_more(one_hand: Hands) -> None:
    presence, held = presence_of(one_hand), indicator(one_hand)
    kept = entered(one_hand, "dept.clerk", split(presence, "分1", 100, held.id))
    confirmed(one_hand, "dept.head", kept)
    order = split(presence, "令1", 101, held.id)
    with refused("voucher.exceeds") as info:
        entered(one_hand, "dept.head", msgspec.structs.replace(order, stage=VoucherStage.ORDER))
    assert info.value.facts["account"] == "allotted"
    order = split(presence, "令1", 100, held.id)
    entered(one_hand, "dept.head", msgspec.structs.replace(order, stage=VoucherStage.ORDER))
    office = one_hand("finance.clerk").office
    (shown,) = indicating.views(office, [msgspec.convert(
        {n: v for n, v in msgspec.to_builtins(held).items()
         if n not in ("split_fen", "ordered_fen", "left_fen")}, indicating.Indicator
    )])  # fmt: skip
    assert (shown.split_fen, shown.ordered_fen, shown.left_fen) == (100, 100, 499_900)


def test_an_indicator_is_not_cut_below_what_is_split(one_hand: Hands) -> None:
    presence, held = presence_of(one_hand), indicator(one_hand)
    entered(one_hand, "dept.clerk", split(presence, "分1", 300_000, held.id))
    for fen, code in ((299_999, "indicator.below_split"), (300_000, None)):
        order = AdjustCommand(amount_fen=fen, reason="追减", dated_on=date(2026, 3, 1))

        def verb(d: Any, order: AdjustCommand = order) -> Any:
            return indicating.adjust(d, held.id, held.version, order)

        if code:
            with refused(code):
                one_hand("finance.clerk").do(verb)
        else:
            assert one_hand("finance.clerk").do(verb).confirmed_by is None, "it is confirmed anew"


def test_twenty_splits_at_once_never_exceed_the_indicator(hand: Hands) -> None:
    presence, held = presence_of(hand), indicator(hand, amount_fen=100)
    person = hand("dept.clerk")

    def one(number: int) -> bool:
        try:
            person.do(lambda d: recording.record(d, split(presence, f"分{number}", 10, held.id)))
        except Refusal as refusal:
            assert refusal.code == "indicator.exceeds"
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(20))) == 10


# ---- standards a head ----------------------------------------------------------------------------


def test_a_standard_a_head_stands_beside_what_the_budget_has(
    one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """文件 001: so much a resident and year, by the county: population × standard against 指标."""
    indicator(one_hand, amount_fen=900)
    taken(one_hand, "区划代码,口径,数量,统计日期,来源\n990102000000,城市居民人口,100,2025-12-31,演示\n",
          "populations")  # fmt: skip
    person = one_hand("county.office")
    rule = Provision(level=Level.COUNTY, rate_fen=10, population="城市居民人口",
                     clause="演示", grade=Grade.CONFIGURED)  # fmt: skip
    stated(person, rule, monkeypatch)
    call = Call(actor=person.actor, county=person.county, act="provision.read")
    (figure,) = provisions.asked(person.office, call, 2026).items
    assert (figure.required_fen, figure.provided_fen, figure.short_fen) == (1000, 900, 100)
    assert figure.formula.endswith("= 1000 分")


def stated(person: Any, rule: Provision, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that states a standard."""
    _with(person, monkeypatch, provision=[rule])


def _with(person: Any, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    """The county's own pack with further settings."""
    books = person.office.rulebooks
    plain = books.of

    def of(*args: Any) -> Any:
        book = plain(*args)
        first, *others = book.overlay.packs
        document = msgspec.structs.replace(first.document, **settings)
        own = msgspec.structs.replace(first, document=document)
        monkeypatch.setattr(book.overlay, "packs", [own, *others])
        return book

    monkeypatch.setattr(books, "of", of)


def test_where_the_packs_ask_for_an_indicator_an_order_names_it(
    one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence, held = presence_of(one_hand), indicator(one_hand)
    kept = entered(one_hand, "dept.clerk", split(presence, "分1", 100, held.id))
    confirmed(one_hand, "dept.head", kept)
    asks(one_hand("dept.head"), monkeypatch)
    with refused("gate.refused") as info:
        entered(one_hand, "dept.head", case.voucher(presence, "order", "令1", 100))
    assert "DM-INDICATOR" in [rule["rule"] for rule in info.value.rules]
    order = msgspec.structs.replace(
        split(presence, "令1", 100, held.id), stage=VoucherStage.ORDER
    )  # fmt: skip
    entered(one_hand, "dept.head", order)


def asks(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack by which money is asked for only out of an indicator."""
    _with(person, monkeypatch, indicator=IndicatorRule(required=True, grade=Grade.CONFIGURED))
