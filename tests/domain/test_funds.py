"""经费: shares lose nothing, totals count only what is confirmed, arrival follows the custody."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.accounts import STAGES, Account, Told, VoucherStage, moves
from registry.domain.amounts import share
from registry.domain.funding import FundingLine
from registry.domain.funds import Entry, VoucherLine, arrived, chain, totals
from registry.domain.owing import arrived_in
from registry.domain.records import FEN_MAX
from registry.domain.vocabulary import Custody

A, S = Account, VoucherStage
AMOUNT = st.integers(min_value=0, max_value=FEN_MAX)
PARTS = st.integers(min_value=1, max_value=400)


@given(AMOUNT, PARTS)
def test_shares_sum_to_the_amount(amount: int, parts: int) -> None:
    shares = [share(amount, parts, i) for i in range(parts)]
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True), "the first shares take the remainder"


def _line(amount: int, *, counted: bool = True, sign: int = 1, **fields: str) -> VoucherLine:
    stage = VoucherStage(fields.get("stage", "dispatch"))
    return VoucherLine(
        county="990102", id="l", voucher_id="v", request_id="r",
        presence_id=fields.get("presence", "p1"), funding_key=fields.get("key", "F1"), stage=stage,
        amount_fen=amount, sign=sign, counted=counted,
    )  # fmt: skip


def test_what_is_not_confirmed_does_not_count() -> None:
    key = ("p1", "F1", VoucherStage.DISPATCH)
    assert totals([_line(100), _line(50, counted=False)]) == {key: 100}


def test_a_reversal_takes_back_from_the_stage_it_reverses() -> None:
    key = ("p1", "F1", VoucherStage.DISPATCH)
    assert totals([_line(100), _line(30, sign=-1)]) == {key: 70}
    assert totals([_line(100), _line(30, sign=-1, counted=False)]) == {key: 100}


def test_nothing_is_netted_between_communities_lines_or_stages() -> None:
    lines = [_line(1), _line(2, presence="p2"), _line(4, key="F2"), _line(8, stage="order")]
    assert sorted(totals(lines).values()) == [1, 2, 4, 8]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.booleans()), max_size=20))
def test_totals_are_what_a_hand_would_add(moves: list[tuple[int, bool]]) -> None:
    lines = [_line(amount, sign=-1 if back else 1) for amount, back in moves]
    by_hand = sum(-amount if back else amount for amount, back in moves)
    assert sum(totals(lines).values()) == by_hand


# ---- custody -----------------------------------------------------------------------------------


MOVED = [
    (stage, move, custody)
    for custody in Custody
    for stage in (S.DISPATCH, S.STREET_ARRIVAL, S.COMMUNITY_ARRIVAL, S.EXPENDITURE, S.REFUND,
                  S.SURPLUS)
    for told in (Told(), Told(at=A.STREET), Told(at=A.COMMUNITY))
    for move in moves(stage, custody, told)
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(MOVED), st.integers(1, 9), st.booleans())))
def test_what_has_arrived_is_the_same_whether_read_off_the_chain_or_line_by_line(
    told: list[Any],
) -> None:
    lines = [
        VoucherLine(
            county="990102", id=f"v.l{n}", voucher_id="v", request_id="r",
            presence_id="p", funding_key="F1",
            stage=stage, amount_fen=fen, counted=True, sign=-1 if back else 1,
            debit=move.credit if back else move.debit, credit=move.debit if back else move.credit,
        )
        for n, ((stage, move, _), fen, back) in enumerate(told)
    ]  # fmt: skip
    for at in ("street", "community"):
        assert arrived_in(chain(lines), at) == arrived(lines, at)


def test_every_custody_has_its_stages_and_begins_with_the_order() -> None:
    assert set(STAGES) == set(Custody)
    for stages in STAGES.values():
        assert stages[:2] == (VoucherStage.ORDER, VoucherStage.DISPATCH)
        assert VoucherStage.REVERSAL not in stages
        assert len(set(stages)) == len(stages)


# ---- amounts on the wire -----------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1, 1.5, "100", True, None])
def test_an_entry_is_a_whole_positive_amount_within_bounds(amount: object) -> None:
    raw = {"presence_id": "p", "funding_key": "F1", "amount_fen": amount}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(raw, Entry)


@pytest.mark.parametrize("amount", [1, 10**15])
def test_the_smallest_and_the_greatest_amount_are_taken(amount: int) -> None:
    raw = {"presence_id": "p", "funding_key": "F1", "amount_fen": amount}
    assert msgspec.convert(raw, Entry).amount_fen == amount


def _funding(**fields: object) -> FundingLine:
    plain = {"key": "F1", "mode": "transfer", "amount_fen": 100, "fiscal_year": 2026}
    return msgspec.convert(plain | fields, FundingLine)


def test_a_rate_times_its_quantity_is_the_amount() -> None:
    assert _funding(rate_fen=5, quantity=20).amount_fen == 100
    with pytest.raises(msgspec.ValidationError, match="rate_fen"):
        _funding(rate_fen=5, quantity=21)


def test_a_schedule_sums_to_the_amount() -> None:
    halves = [
        {"due_on": "2026-04-01", "amount_fen": 50},
        {"due_on": "2026-06-01", "amount_fen": 50},
    ]
    assert len(_funding(schedule=halves).schedule) == 2
    with pytest.raises(msgspec.ValidationError, match="schedule"):
        _funding(schedule=halves[:1])
