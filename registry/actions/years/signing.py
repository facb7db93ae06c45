"""期初签认 the street signs, then the community: only then does an opening balance count (P11).

What both signed is posted as one dated voucher of a funding line of its own, so that no sum mixes
what was there before with what was granted since.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.ledger.closed import check_open
from registry.actions.ledger.posting import post
from registry.actions.office import Answer, Desk
from registry.actions.ties import acting
from registry.actions.years.numbering import free_number
from registry.domain.accounts import Account, Move, VoucherStage
from registry.domain.closing import OpeningBalance, OpeningState, opening_key
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.people import PostView
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Ident, Wire

SIGNED = declare(
    "opening.signed", RefusalKind.CONFLICT, "期初余额已经双方签认，或者已经撤下",
    "Both have signed it, or it was taken back.", recorded=True,
)  # fmt: skip
ENDED = declare(
    "opening.ended", RefusalKind.CONFLICT,
    "该存量事项已经处置，不能再签认它的期初余额；请撤下后按处置结果重新导入",
    "What it is for has been settled; take it back, and bring it in for what came of it.",
    recorded=True,
)  # fmt: skip
TITLE = "期初"
UNSIGNED: dict[str, None] = {"street_signed_by": None, "street_signed_for": None}
"""What a row that is taken back, or brought in anew, says of signatures."""


class OpeningSignCommand(Wire, frozen=True, kw_only=True):
    """签认."""

    document_id: Ident | None = None
    """双方签字的余额表, scanned."""


class WithdrawCommand(Wire, frozen=True, kw_only=True):
    """撤下."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


def sign(desk: Desk, id: str, version: int | None, command: OpeningSignCommand) -> Answer:
    """签认: the street first, then the community by another person (E13).

    Raises:
        Refusal: ``opening.signed``, ``opening.ended``, ``voucher.year_closed``.
    """
    balance = desk.unit.get(OpeningBalance, id, lock=True)
    desk.about(balance)
    first = balance.state is OpeningState.IMPORTED

    def ties(post: PostView) -> list[str]:
        signed = {balance.street_signed_by, balance.street_signed_for}
        return ["recorded"] if signed & acting(desk, post) else []

    act = "opening.sign_street" if first else "opening.sign_community"
    owners = [] if first else [balance.organisation_id]
    desk.authorise(act, owners=owners, paths=[balance.area_path], ties=ties)
    if balance.state in (OpeningState.SIGNED, OpeningState.WITHDRAWN):
        raise Refusal(SIGNED)
    desk.check_version(balance, version)
    evidence.check(desk, [command.document_id], balance.id, balance.presence_id)
    presence = desk.unit.get(Presence, balance.presence_id, lock=True)
    if presence.state is not PresenceState.LEGACY:
        raise Refusal(ENDED)
    papers = {"document_id": command.document_id or balance.document_id}
    if first:
        after = desk.unit.change(
            balance, state=OpeningState.STREET_SIGNED, street_signed_by=desk.actor.person_id,
            street_signed_for=desk.on_behalf_of, **papers,
        )  # fmt: skip
    else:
        voucher = _posted(desk, balance, presence)
        after = desk.unit.change(
            balance, state=OpeningState.SIGNED, community_signed_by=desk.actor.person_id,
            voucher_id=voucher.id, **papers,
        )  # fmt: skip
        desk.business_date = balance.as_on
    desk.about(after)
    return Answer(body=after, version=after.version)


def withdraw(desk: Desk, id: str, version: int | None, command: WithdrawCommand) -> Answer:
    """撤下 before both have signed; the row may be brought in again with other figures."""
    balance = desk.unit.get(OpeningBalance, id, lock=True)
    desk.about(balance)
    desk.authorise("opening.withdraw", paths=[balance.area_path])
    if balance.state in (OpeningState.SIGNED, OpeningState.WITHDRAWN):
        raise Refusal(SIGNED)
    desk.check_version(balance, version)
    desk.note = {"reason": command.reason}
    after = desk.unit.change(balance, state=OpeningState.WITHDRAWN, **UNSIGNED)
    desk.about(after)
    return Answer(body=after, version=after.version)


def _posted(desk: Desk, balance: OpeningBalance, presence: Presence) -> Voucher:
    """One voucher, recorded by whoever signed for the street, confirmed by the community's."""
    year = balance.as_on.year
    opened = Opened(presence, Account(balance.at), balance.amount_fen, balance.year)
    voucher = voucher_of(
        desk, opened, (balance.payer_id, balance.as_on),
        recorded_by=balance.street_signed_by or "", document_id=balance.document_id,
    )  # fmt: skip
    line = opening_line(voucher, opened, Move(opened.at, Account.OPENING))
    check_open(desk, [line], year)
    post(desk, voucher, [line])
    return voucher


class Opened(msgspec.Struct, frozen=True):
    """期初一笔: of which matter, where it lies, how much, of which year's money."""

    presence: Presence
    at: Account
    amount_fen: int
    source_year: int


def voucher_of(
    desk: Desk, opened: Opened, told: tuple[str, date], *, recorded_by: str,
    document_id: str | None = None, note: str = "",
) -> Voucher:  # fmt: skip
    """The voucher of one opening amount, in the community's own numbers.

    Args:
        told: payer and date.
    """
    payer, dated_on = told
    presence, year = opened.presence, dated_on.year
    return Voucher(
        county=desk.unit.county, id=desk.id("vch"), request_id=presence.request_id,
        stage=VoucherStage.OPENING,
        number=free_number(desk, presence.organisation_id, year, TITLE), payer_id=payer,
        issuer_id=presence.organisation_id, fiscal_year=year, dated_on=dated_on,
        total_fen=opened.amount_fen, state=VoucherState.CONFIRMED, document_id=document_id,
        note=note, recorded_by=recorded_by, confirmed_by=desk.actor.person_id,
        confirmed_for=desk.on_behalf_of, confirmed_on=desk.today,
    )  # fmt: skip


def opening_line(voucher: Voucher, opened: Opened, move: Move, *, sign: int = 1) -> VoucherLine:
    """The line of such a voucher."""
    return VoucherLine(
        county=voucher.county, id=f"{voucher.id}.l0", voucher_id=voucher.id,
        request_id=opened.presence.request_id, presence_id=opened.presence.id,
        funding_key=opening_key(voucher.payer_id), stage=VoucherStage.OPENING, debit=move.debit,
        credit=move.credit, amount_fen=opened.amount_fen, sign=sign, counted=True,
        year=voucher.fiscal_year, payer_id=voucher.payer_id,
        area_path=opened.presence.area_path, dated_on=voucher.dated_on,
        source_year=opened.source_year,
    )  # fmt: skip
