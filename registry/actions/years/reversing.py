"""冲销期初 what street and community signed by mistake is taken back by both: the street asks, the
community agrees by another person, and a voucher of its own takes out what was posted (E12, P11).
"""

from typing import Annotated

import msgspec

from registry.actions.ledger.closed import check_open
from registry.actions.ledger.posting import lines_of, post
from registry.actions.office import Answer, Desk
from registry.actions.ties import acting
from registry.actions.years.numbering import free_number
from registry.actions.years.signing import ENDED, UNSIGNED
from registry.domain.accounts import VoucherStage
from registry.domain.closing import OpeningBalance, OpeningState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.people import PostView
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Wire

NOT_SIGNED = declare(
    "opening.not_signed", RefusalKind.CONFLICT,
    "只有双方都已签认的期初余额才冲销；没有签完的直接撤下（E12 只以冲销更正）",
    "Only what both have signed is reversed; before that it is simply taken back (E12).",
    recorded=True,
)  # fmt: skip
TITLE = "期初冲销"


class ReverseCommand(Wire, frozen=True, kw_only=True):
    """冲销期初."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


def reverse(desk: Desk, id: str, version: int | None, command: ReverseCommand) -> Answer:
    """冲销期初余额: the street asks, then the community, by another person, has it taken out; the
    row may be brought in again with other figures. What was spent of it meanwhile stays in the way.

    Raises:
        Refusal: ``opening.not_signed``, ``opening.ended``, ``voucher.exceeds``,
            ``voucher.year_closed``.
    """
    balance = desk.unit.get(OpeningBalance, id, lock=True)
    desk.about(balance)
    presence = desk.unit.get(Presence, balance.presence_id, lock=True)
    first = balance.reversing_by is None

    def ties(post: PostView) -> list[str]:
        asked = {balance.reversing_by, balance.reversing_for}
        return ["recorded"] if asked & acting(desk, post) else []

    act = "opening.reverse_street" if first else "opening.reverse_community"
    owners = [] if first else [presence.organisation_id]
    desk.authorise(act, owners=owners, paths=[presence.area_path], ties=ties)
    if balance.state is not OpeningState.SIGNED:
        raise Refusal(NOT_SIGNED, invariant="E12")
    desk.check_version(balance, version)
    if presence.state is not PresenceState.LEGACY:
        raise Refusal(ENDED)
    if first:
        after = desk.unit.change(
            balance, reversing_by=desk.actor.person_id, reversing_for=desk.on_behalf_of,
            reversing_why=command.reason,
        )  # fmt: skip
    else:
        voucher = _taken_out(desk, balance, presence)
        after = desk.unit.change(
            balance, state=OpeningState.WITHDRAWN, reversal_id=voucher.id, reversing_by=None,
            reversing_for=None, reversing_why="", **UNSIGNED,
        )  # fmt: skip
    desk.note = {"reason": command.reason}
    desk.about(after)
    return Answer(body=after, version=after.version)


def _taken_out(desk: Desk, balance: OpeningBalance, presence: Presence) -> Voucher:
    """One voucher, recorded by whoever asked for the street, confirmed by the community's."""
    original = desk.unit.get(Voucher, balance.voucher_id or "")
    year, issuer = original.fiscal_year, presence.organisation_id
    voucher = Voucher(
        county=desk.unit.county, id=desk.id("vch"), request_id=original.request_id,
        stage=VoucherStage.REVERSAL, number=free_number(desk, issuer, year, TITLE),
        payer_id=original.payer_id, issuer_id=issuer, fiscal_year=year, dated_on=desk.today,
        total_fen=original.total_fen, state=VoucherState.CONFIRMED, reverses_id=original.id,
        reversed_stage=VoucherStage.OPENING, note=balance.reversing_why,
        recorded_by=balance.reversing_by or "", recorded_for=balance.reversing_for,
        confirmed_by=desk.actor.person_id, confirmed_for=desk.on_behalf_of,
        confirmed_on=desk.today,
    )  # fmt: skip
    lines = [
        msgspec.structs.replace(
            line, id=f"{voucher.id}.l{at}", version=1, voucher_id=voucher.id, sign=-1,
            debit=line.credit, credit=line.debit, reverses=line.id, dated_on=desk.today,
        )
        for at, line in enumerate(desk.unit.find(VoucherLine, voucher_id=original.id))
    ]  # fmt: skip
    check_open(desk, lines, year)
    post(desk, voucher, lines, lines_of(desk, [presence.id]))
    return voucher
