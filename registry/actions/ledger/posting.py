"""记账 what a voucher does to the accounts, and the one check that none is overdrawn (E5–E8)."""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.actions.office import Desk
from registry.domain.accounts import (
    ACCOUNT_ZH,
    OPEN,
    STAGE_ZH,
    Account,
    Flow,
    Slot,
    VoucherStage,
    balances,
    overdrawn,
    room,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherLine, flows
from registry.domain.records import FEN_MAX
from registry.store.rooms import moved, sought

EXCEEDS = declare(
    "voucher.exceeds", RefusalKind.INVALID,
    "{stage_zh}：「{account_zh}」可用 {available_fen:元}，不足 {asked_fen:元}（{invariant}）",
    "{stage}: {available_fen:yuan} are left in {account}, less than the {asked_fen:yuan} asked for "
    "({invariant}).",
    recorded=True,
)  # fmt: skip
TOO_MUCH = declare(
    "voucher.too_much", RefusalKind.INVALID,
    "一个社区一件事项的核定合计不得超过 {most_fen:元}（E1 金额以分计，有上限）",
    "What one community is granted of one matter is at most {most_fen:yuan} in all (E1).",
    recorded=True,
)  # fmt: skip
CHAIN = "E5 累计不得超过上一环节"


def lines_of(desk: Desk, presence_ids: Iterable[str]) -> list[VoucherLine]:
    """Every line ever posted for these presences, reversals and what waits among them."""
    return desk.unit.find(VoucherLine, presence_id=sorted(set(presence_ids)))


def unsettled(lines: Iterable[VoucherLine]) -> set[str]:
    """Presences with money under way, held or owed."""
    return {
        slot.presence_id for slot, fen in balances(flows(lines)).items()
        if slot.account in OPEN and fen > 0
    }  # fmt: skip


def post(
    desk: Desk, voucher: Voucher, fresh: Sequence[VoucherLine],
    held: Sequence[VoucherLine] | None = None,
) -> list[VoucherLine]:  # fmt: skip
    """Write a voucher and its lines, where every account it draws on has enough.

    Args:
        held: every line of these presences, where the caller has read them.

    Raises:
        Refusal: ``voucher.exceeds``, with the account and what is left in it.
    """
    check_room(_moved(desk, fresh) if held is None else flows(held), fresh)
    desk.unit.add(voucher)
    return [desk.unit.add(line) for line in fresh]


def _moved(desk: Desk, fresh: Sequence[VoucherLine]) -> list[Flow]:
    """What has moved in the accounts of these lines, summed where nothing more is asked: what is
    granted in all (E1) is of every line and year, and what this act itself wrote is no sum yet."""
    if any(Account.SOURCE in (line.debit, line.credit) for line in fresh) or desk.unit.writes(
        VoucherLine
    ):  # fmt: skip
        return flows(lines_of(desk, (line.presence_id for line in fresh)))
    return moved(desk.unit.reading, desk.unit.county, sought(fresh))


def check_room(held: Iterable[Flow], fresh: Sequence[VoucherLine]) -> None:
    """Refuse lines that would take more out of an account than is there, 分.

    Args:
        held: what has moved in these accounts so far.

    Raises:
        Refusal: ``voucher.exceeds``, ``voucher.too_much``.
    """
    before = room(held)
    after = dict(before)
    for slot, fen in room(flows(fresh)).items():
        after[slot] = after.get(slot, 0) + fen
    if short := overdrawn(after):
        raise Refusal(EXCEEDS, **_told(short[0], before, after, fresh[0].stage))
    granted: dict[str, int] = {}
    for slot, fen in after.items():
        if slot.account is Account.SOURCE:
            granted[slot.presence_id] = granted.get(slot.presence_id, 0) - fen
    if max(granted.values(), default=0) > FEN_MAX:
        raise Refusal(TOO_MUCH, most_fen=FEN_MAX, invariant="E1")


def _told(
    slot: Slot, before: dict[Slot, int], after: dict[Slot, int], stage: VoucherStage
) -> dict[str, Any]:
    left = max(before.get(slot, 0), 0)
    return {
        "invariant": CHAIN, "stage": stage.value, "stage_zh": STAGE_ZH[stage],
        "account": slot.account.value, "account_zh": ACCOUNT_ZH[slot.account],
        "available_fen": left, "asked_fen": before.get(slot, 0) - after[slot],
        "presence_id": slot.presence_id, "funding_key": slot.funding_key, "year": slot.year,
    }  # fmt: skip
