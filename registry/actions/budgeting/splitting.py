"""指标分解 an indicator is split over items and communities, never over more than it holds (P6)."""

from collections.abc import Sequence

from registry.actions.office import Desk
from registry.domain.accounts import Account, VoucherStage
from registry.domain.budget import Indicator
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherCommand, VoucherLine
from registry.store import indicators
from registry.store.indicators import Used

UNKNOWN = declare(
    "indicator.unknown", RefusalKind.INVALID,
    "指标 {indicator} 不存在、尚未确认，或者不属于付款单位的{year}年度（E4、E19）",
    "Indicator {indicator} is not there, not confirmed, or not of this payer and of {year} "
    "(E4, E19).", recorded=True,
)  # fmt: skip
EXCEEDS = declare(
    "indicator.exceeds", RefusalKind.INVALID,
    "指标 {number} 未分解 {left_fen:元}，不足 {asked_fen:元}（E5 分解合计不得超过指标）",
    "Indicator {number} has {left_fen:yuan} left, less than the {asked_fen:yuan} asked for (E5).",
    recorded=True,
)  # fmt: skip
NAMES_NONE = declare(
    "indicator.missing", RefusalKind.INVALID, "「指标分解」的每条分录须写明指标",
    "Every line of a split names its indicator.", recorded=True,
)  # fmt: skip
RETURNED = declare(
    "indicator.returned", RefusalKind.INVALID,
    "从指标 {number} 申请而未退回的为 {ordered_fen:元}，不能退回 {asked_fen:元}（E5、E20 专款专用）",
    "Of indicator {number} {ordered_fen:yuan} were ordered and not given back: {asked_fen:yuan} "
    "cannot go back to it (E5, E20).", recorded=True,
)  # fmt: skip


def used(desk: Desk, indicator_id: str) -> Used:
    """What was split from an indicator and ordered out of that so far."""
    return indicators.used(desk.unit.connection, desk.unit.county, [indicator_id]).get(
        indicator_id, Used()
    )


def covered(desk: Desk, command: VoucherCommand) -> str:
    """Whether an order names the indicators that it draws on, where the packs ask for them."""
    rule = desk.rulebook().overlay.setting(lambda d: d.indicator)
    if rule is None or not rule.required:
        return "unset"
    named = [entry.indicator_id is not None for entry in command.lines]
    return "covered" if all(named) else "short" if any(named) else "none"


def check_indicators(desk: Desk, voucher: Voucher, fresh: Sequence[VoucherLine]) -> None:
    """Refuse lines that name an indicator which is not theirs, or split more than it holds.

    Raises:
        Refusal: ``indicator.missing``, ``indicator.unknown``, ``indicator.exceeds``,
            ``indicator.returned``.
    """
    if voucher.stage is VoucherStage.REVERSAL:
        return
    asked: dict[str, int] = {}
    for line in fresh:
        if line.indicator_id is not None:
            asked[line.indicator_id] = asked.get(line.indicator_id, 0) + line.amount_fen
        elif voucher.stage is VoucherStage.ALLOT:
            raise Refusal(NAMES_NONE)
    years = {line.year for line in fresh}
    for id, amount_fen in sorted(asked.items()):
        # Held, so that of two who split the same at once the second sees what the first took.
        held = desk.unit.maybe(Indicator, id, lock=True)
        if held is None or held.confirmed_by is None or (
            held.payer_id not in desk.places.before(voucher.payer_id) or years != {held.year}
        ):  # fmt: skip
            raise Refusal(UNKNOWN, indicator=id, year="、".join(map(str, sorted(years))))
        if voucher.stage is VoucherStage.ALLOT:
            _check_room(desk, held, amount_fen)
        elif voucher.stage is VoucherStage.REFUND:
            _check_returned(desk, held, fresh)


def _check_room(desk: Desk, held: Indicator, asked_fen: int) -> None:
    left = held.amount_fen - used(desk, held.id).split_fen
    if asked_fen > left:
        raise Refusal(EXCEEDS, number=held.number, left_fen=left, asked_fen=asked_fen)


def _check_returned(desk: Desk, held: Indicator, fresh: Sequence[VoucherLine]) -> None:
    """What was not ordered out of an indicator does not go back to it: else more could be ordered
    of it than it holds."""
    left: dict[tuple[str, str, int], int] = {}
    for line in desk.unit.find(VoucherLine, indicator_id=held.id):
        ordered = line.stage is VoucherStage.ORDER and (line.counted or line.sign < 0)
        back = line.stage is VoucherStage.REFUND and (line.counted or line.sign > 0)
        if not line.voided and Account.ALLOTTED in (line.debit, line.credit):
            way = line.sign * (ordered - back)
            left[line.key] = left.get(line.key, 0) + way * line.amount_fen
    for line in fresh:
        if line.indicator_id == held.id and line.debit is Account.ALLOTTED:
            had = left.get(line.key, 0)
            if line.amount_fen > had:
                raise Refusal(
                    RETURNED, number=held.number, ordered_fen=max(had, 0),
                    asked_fen=line.amount_fen,
                )  # fmt: skip
            left[line.key] = had - line.amount_fen
