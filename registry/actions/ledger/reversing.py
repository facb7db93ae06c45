"""冲销 a confirmed voucher is taken back, whole or in part, by a voucher of its own (E12)."""

from collections.abc import Iterable, Sequence

import msgspec

from registry.actions.ledger.grounds import check_both_sides
from registry.actions.ledger.rightful import DATED
from registry.actions.office import Desk
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Entry, Voucher, VoucherLine, VoucherState

NOT_ISSUER = declare(
    "voucher.not_issuer", RefusalKind.FORBIDDEN, "凭证 {voucher} 由别的单位开具，只能由开具单位冲销",
    "Voucher {voucher} was issued by another body; only that body reverses it.", recorded=True,
)  # fmt: skip
REVERSES = declare(
    "voucher.reverses", RefusalKind.INVALID,
    "冲销凭证须指明一张已确认的凭证且金额不超过它（E12 只以冲销更正）",
    "A reversal names a confirmed voucher and takes back no more than it held (E12).",
    recorded=True,
)  # fmt: skip
_KEPT = frozenset(
    {VoucherStage.REVERSAL, VoucherStage.PLEDGE, VoucherStage.CARRY_OUT, VoucherStage.CARRY_IN}
)
"""No reversal takes back a reversal, a decision or the closing of a year."""


def reversal(
    desk: Desk, voucher: Voucher, entries: Sequence[Entry], issuer: str
) -> tuple[Voucher, list[VoucherLine]]:
    """The voucher that takes back, and its lines: those of the original the other way round.

    Raises:
        Refusal: ``voucher.reverses``, ``voucher.not_issuer``, ``voucher.dated``,
            ``voucher.reallocate``.
    """
    original = desk.unit.maybe(Voucher, voucher.reverses_id or "")
    if original is None or original.request_id != voucher.request_id or (
        original.state is not VoucherState.CONFIRMED or original.stage in _KEPT
    ):  # fmt: skip
        raise Refusal(REVERSES)
    if issuer not in desk.places.heirs([original.issuer_id]):
        raise Refusal(NOT_ISSUER, voucher=original.number)
    if voucher.dated_on < original.dated_on:
        raise Refusal(
            DATED, dated_on=str(voucher.dated_on), first=str(original.dated_on),
            last=str(desk.today),
        )  # fmt: skip
    lines = desk.unit.find(VoucherLine, voucher_id=original.id)
    back = taken_back(desk, original)
    made: list[VoucherLine] = []
    for key, amount_fen in _by_line(entries).items():
        own = [line for line in lines if (line.presence_id, line.funding_key) == key]
        made += _lines(voucher, own, amount_fen, (back, len(made)))
    if original.stage is VoucherStage.REALLOCATE:
        check_both_sides(made)
    return msgspec.structs.replace(
        voucher, reversed_stage=original.stage, payer_id=original.payer_id
    ), made


def taken_back(desk: Desk, original: Voucher) -> dict[str, int]:
    """What earlier reversals took back of each line, waiting ones too, 分."""
    back: dict[str, int] = {}
    for line in desk.unit.find(VoucherLine, request_id=original.request_id):
        if line.reverses and not line.voided:
            back[line.reverses] = back.get(line.reverses, 0) + line.amount_fen
    return back


def _lines(
    voucher: Voucher, own: list[VoucherLine], amount_fen: int, at: tuple[dict[str, int], int]
) -> list[VoucherLine]:
    """An amount taken off the lines of one funding line, from the first on; lines that one entry
    made together are taken back together."""
    back, first = at
    made: list[VoucherLine] = []
    for group in _groups(own):
        left = group[0].amount_fen - back.get(group[0].id, 0)
        taken = min(left, amount_fen)
        if taken <= 0:
            continue
        amount_fen -= taken
        made += [
            msgspec.structs.replace(
                line, id=f"{voucher.id}.l{first + len(made) + n}", version=1,
                voucher_id=voucher.id, amount_fen=taken, sign=-1, counted=False,
                debit=line.credit, credit=line.debit, reverses=line.id, dated_on=voucher.dated_on,
            )
            for n, line in enumerate(group)
        ]  # fmt: skip
    if amount_fen or not made:
        raise Refusal(REVERSES)
    return made


def _groups(own: list[VoucherLine]) -> list[list[VoucherLine]]:
    """Lines by the entry that made them: the number before the dot."""
    groups: dict[str, list[VoucherLine]] = {}
    for line in own:
        groups.setdefault(line.id.rsplit(".l", 1)[1].split(".")[0], []).append(line)
    return list(groups.values())


def _by_line(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Amounts by (presence, funding line), 分: one voucher may name the same line twice."""
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.presence_id, entry.funding_key)
        sums[key] = sums.get(key, 0) + entry.amount_fen
    return sums
