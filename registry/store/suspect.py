"""待核的账 what the books themselves show that should not be: one statement for each question."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, or_, select

from registry.domain.accounts import VoucherStage
from registry.domain.funds import Voucher, VoucherState
from registry.domain.records import Wire
from registry.domain.spending import Expenditure
from registry.store import tables
from registry.store.columns import said

ONE_PERSON = (
    VoucherStage.PLEDGE, VoucherStage.ORDER, VoucherStage.CARRY_OUT, VoucherStage.CARRY_IN,
)  # fmt: skip
"""Stages that one act posts and nobody confirms besides."""


class Papered(Wire, frozen=True, kw_only=True):
    """一张凭证 that a question is about."""

    voucher_id: str
    request_id: str | None
    number: str
    issuer_id: str
    amount_fen: int


class Which(Wire, frozen=True, kw_only=True):
    """哪些凭证: those written after an event, and these besides."""

    since: int | None = None
    """``None`` = only these."""
    ids: list[str] = []


def same_hand(connection: Connection, county: str, which: Which) -> list[Papered]:
    """Confirmed vouchers whose recorder confirmed them."""
    v = tables.BY_RECORD[Voucher]
    recorded, confirmed = (said(connection.dialect, v, n) for n in ("recorded_by", "confirmed_by"))
    query = select(v.c.id, v.c.request_id, v.c.number, v.c.issuer_id, v.c.total_fen).where(
        v.c.county == county, v.c.event_to.is_(None), _meant(v, which),
        v.c.state == VoucherState.CONFIRMED.value, recorded == confirmed,
        v.c.stage.not_in([stage.value for stage in ONE_PERSON]),
    )  # fmt: skip
    return _papered(connection, query)


def without_papers(connection: Connection, county: str, which: Which) -> list[Papered]:
    """Confirmed vouchers with an expenditure behind which no invoice, paper or document stands; a
    voucher's own document is paper enough."""
    v, e = tables.BY_RECORD[Voucher], tables.BY_RECORD[Expenditure]
    bare = select(e.c.voucher_id).where(
        e.c.county == county, e.c.event_to.is_(None), e.c.invoice_key.is_(None),
        e.c.evidence_key.is_(None),
    )  # fmt: skip
    query = select(v.c.id, v.c.request_id, v.c.number, v.c.issuer_id, v.c.total_fen).where(
        v.c.county == county, v.c.event_to.is_(None), _meant(v, which),
        v.c.state == VoucherState.CONFIRMED.value, v.c.id.in_(bare),
        said(connection.dialect, v, "document_id").is_(None),
    )  # fmt: skip
    return _papered(connection, query)


def _meant(v: Table, which: Which) -> ColumnElement[bool]:
    named = v.c.id.in_(which.ids)
    return named if which.since is None else or_(v.c.event_from > which.since, named)


def _papered(connection: Connection, query: Select[Any]) -> list[Papered]:
    rows = connection.execute(query)
    return [
        Papered(voucher_id=id, request_id=request, number=number, issuer_id=issuer, amount_fen=fen)
        for id, request, number, issuer, fen in rows
    ]
