"""明细账分页: a page of the entries is walked to by their days and what all come to is kept; both are at
every moment what finding every entry gives, for whoever reads, on both engines."""

from functools import partial
from random import Random
from typing import Any

import msgspec
import pytest

from registry.actions.office import Call, Office
from registry.actions.owing.arrears import readers
from registry.actions.statements import detail as entering
from registry.actions.statements.detail import Detail, DetailQuery
from registry.domain.accounts import VoucherStage
from registry.domain.funds import Voucher, VoucherState
from registry.store.entries import Entries, entered, entries
from tests.actions.case import Hands
from tests.actions.ledger_invariants import COUNTY
from tests.actions.measuring import plans
from tests.actions.test_statement_pages import ACTS, READERS, ROUNDS, STREET, played
from tests.actions.test_statements import make
from tests.conftest import Hand

LOOKS: tuple[dict[str, Any], ...] = (
    {}, {"year": 2026}, {"area": STREET}, {"stage": VoucherStage.REVERSAL},
    {"stage": VoucherStage.DISPATCH}, {"state": VoucherState.RECORDED},
)  # fmt: skip
__all__ = ["played"]


def asked(run: Any, who: str, **told: Any) -> Detail:
    actor = Hand(run.office, who).actor
    call = Call(actor=actor, county=COUNTY, act="voucher.read")
    return entering.detail(run.office, actor, call, DetailQuery(**told))


def leafed(run: Any, who: str, told: dict[str, Any]) -> Detail:
    """The whole of it, put together from its pages."""
    parts = [asked(run, who, limit=9, **told)]
    while (after := parts[-1].next) is not None:
        parts.append(asked(run, who, limit=9, after=after, **told))
    assert len({(one.many, one.total_fen) for one in parts}) == 1
    return msgspec.structs.replace(parts[-1], items=[row for part in parts for row in part.items])


def found(run: Any, who: str, told: dict[str, Any]) -> Detail:
    """The same, every entry found and added up anew."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(entering, "LEAST", 2**63)
        patched.setattr(entering, "_all", _added)
        return leafed(run, who, told)


def _added(desk: Any, sought: Any) -> tuple[int, int]:
    return entered(desk.unit.connection, desk.unit.county, sought)


def test_pages_and_their_sum_are_at_every_moment_what_finding_every_entry_gives(
    played: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "LEAST", 0)
    chance, seen = Random(20260303), set[tuple[str, int]]()
    for _ in range(ROUNDS):
        for _ in range(ACTS):
            played.something_happens(chance.randrange(2**64))
        days = sorted({v.dated_on for v in played.office.store.reader.find(Voucher, COUNTY)})
        span = {"first": days[len(days) // 3], "last": days[-len(days) // 3]}
        for who in READERS:
            for look in (*LOOKS, span, span | {"stage": VoucherStage.DISPATCH}):
                told = leafed(played, who, look)
                assert told == found(played, who, look), (who, look)
                assert told.many == len(told.items)
                seen.add((who, told.many))
    assert len({many for _, many in seen}) > len(READERS)


def test_a_page_is_walked_to_by_days_and_sorts_no_more_than_one(
    one_hand: Hands, one_office: Office
) -> None:
    """On SQLite, which plans alike whatever a database holds."""
    make(one_hand)
    actor = Hand(one_office, "auditor").actor
    sought = Entries(seen=readers(one_office, actor, COUNTY), state="confirmed")
    with one_office.store.reader.moment() as connection:
        walk = partial(entries, connection, COUNTY, sought, (None, 9), many=True)
        told = plans(connection, walk)
    assert "ix_voucher_dated_on" in told
    assert "SCAN" not in told
