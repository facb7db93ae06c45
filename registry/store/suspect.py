"""待核的账 what the books themselves show that should not be: one statement for each question."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select

from registry.domain.accounts import VoucherStage
from registry.domain.document import Document
from registry.domain.funds import Voucher, VoucherState
from registry.domain.records import Wire
from registry.domain.spending import Expenditure
from registry.store import tables
from registry.store.columns import said

ONE_PERSON = (
    VoucherStage.PLEDGE, VoucherStage.ORDER, VoucherStage.CARRY_OUT, VoucherStage.CARRY_IN,
)  # fmt: skip
"""Stages that one act posts and nobody confirms besides."""
PAID = (VoucherStage.EXPENDITURE, VoucherStage.ADVANCE)
"""What a repayment shows was shown by its advance; one payment order may stand behind several."""
_AT_ONCE = 512


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
    bare = exists().where(
        e.c.county == county, e.c.voucher_id == v.c.id, e.c.event_to.is_(None),
        e.c.invoice_key.is_(None), e.c.evidence_key.is_(None),
    )  # fmt: skip
    query = select(v.c.id, v.c.request_id, v.c.number, v.c.issuer_id, v.c.total_fen).where(
        v.c.county == county, v.c.event_to.is_(None), _meant(v, which),
        v.c.state == VoucherState.CONFIRMED.value, bare,
        said(connection.dialect, v, "document_id").is_(None),
    )  # fmt: skip
    return _papered(connection, query)


def on_one_paper(connection: Connection, county: str, which: Which) -> dict[str, list[Papered]]:
    """Vouchers of spending that share one paper, by what is in the paper: it may lie there under
    several names. Voided ones and those that were taken back apart."""
    v, d = tables.BY_RECORD[Voucher], tables.BY_RECORD[Document]
    back: Any = v.alias("back")
    taken_back = exists().where(
        back.c.county == v.c.county, back.c.request_id == v.c.request_id,
        back.c.event_to.is_(None), back.c.stage == VoucherStage.REVERSAL.value,
        back.c.state == VoucherState.CONFIRMED.value,
        said(connection.dialect, back, "reverses_id") == v.c.id,
    )  # fmt: skip
    bears = and_(
        d.c.county == v.c.county, d.c.event_to.is_(None),
        d.c.id == said(connection.dialect, v, "document_id"),
    )  # fmt: skip
    here = (v.c.county == county, v.c.event_to.is_(None),
            v.c.stage.in_([stage.value for stage in PAID]))  # fmt: skip
    papers = select(d.c.sha256).select_from(v.join(d, bears)).where(*here, _meant(v, which))
    digests = sorted(set(connection.execute(papers).scalars()))
    found: dict[str, list[Papered]] = {}
    query = (
        select(d.c.sha256, v.c.id, v.c.request_id, v.c.number, v.c.issuer_id, v.c.total_fen)
        .select_from(v.join(d, and_(bears, d.c.request_id == v.c.request_id)))
        .where(*here, v.c.state != VoucherState.VOIDED.value, ~taken_back)
        .order_by(d.c.sha256, v.c.id)
    )
    for first in range(0, len(digests), _AT_ONCE):
        some = digests[first : first + _AT_ONCE]
        for sha, *row in connection.execute(query.where(d.c.sha256.in_(some))):
            found.setdefault(sha, []).extend(_rows([row]))
    return {sha: rows for sha, rows in found.items() if len(rows) > 1}


def _meant(v: Any, which: Which) -> ColumnElement[bool]:
    named = v.c.id.in_(which.ids)
    return named if which.since is None else or_(v.c.event_from > which.since, named)


def _papered(connection: Connection, query: Select[Any]) -> list[Papered]:
    return _rows(connection.execute(query))


def _rows(rows: Iterable[Any]) -> list[Papered]:
    return [
        Papered(voucher_id=id, request_id=request, number=number, issuer_id=issuer, amount_fen=fen)
        for id, request, number, issuer, fen in rows
    ]
