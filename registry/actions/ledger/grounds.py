"""依据 what a voucher must rest on: documents where the pack asks, an approval for what is changed
after the decision (追加, 追减, 调剂), and money that stays money of its year (E5, E13, E20).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.actions.office import Desk
from registry.domain.accounts import STAGE_ZH, Account, VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherCommand, VoucherLine
from registry.domain.people import PostView

GROUNDS = declare(
    "voucher.grounds", RefusalKind.INVALID,
    "「{stage_zh}」须附批准文件并写明理由（E5 追加追减、E20 调剂须另行批准）",
    "{stage} needs the document that approves it, and a reason (E5, E20).", recorded=True,
)  # fmt: skip
DOCUMENT = declare(
    "voucher.document", RefusalKind.INVALID,
    "本地规则要求「{stage_zh}」附原始凭证（E13 凭证须有附件）",
    "The rules in force ask for a document with {stage} (E13).", recorded=True,
)  # fmt: skip
REASON = declare(
    "voucher.reason", RefusalKind.INVALID, "冲销须写明理由（E12 更正须写明原因）",
    "A reversal says why (E12).", recorded=True,
)  # fmt: skip
UNEQUAL = declare(
    "voucher.reallocate", RefusalKind.INVALID,
    "调剂须调出等于调入：{year} 年调出 {out_fen:元}，调入 {in_fen:元}（E20 专款专用）",
    "What is given must be what is received: in {year} {out_fen:yuan} out, {in_fen:yuan} in (E20).",
    recorded=True,
)  # fmt: skip
SAME_BODY = declare(
    "voucher.same_body", RefusalKind.FORBIDDEN,
    "调剂须由登记单位以外的单位批准（E20 调剂须另行批准）",
    "What one body asks to reallocate another approves (E20).", recorded=True,
)  # fmt: skip
CHANGING = frozenset({VoucherStage.INCREASE, VoucherStage.DECREASE, VoucherStage.REALLOCATE})
"""What changes, after the decision, what a community is granted."""


def check_grounds(
    desk: Desk, command: VoucherCommand, years: Mapping[tuple[str, str], int]
) -> None:
    """Refuse what rests on nothing.

    Args:
        years: the fiscal year of each (presence, funding line).

    Raises:
        Refusal: ``voucher.grounds``, ``voucher.reason``, ``voucher.document``,
            ``voucher.reallocate``.
    """
    stage = command.stage
    told: dict[str, Any] = {"stage": stage.value, "stage_zh": STAGE_ZH[stage]}
    if stage in CHANGING and (command.document_id is None or not command.note.strip()):
        raise Refusal(GROUNDS, **told)
    if stage is VoucherStage.REVERSAL and not command.note.strip():
        raise Refusal(REASON)
    rule = desk.rulebook().overlay.setting(lambda d: d.vouchers)
    if rule is not None and stage in rule.documented and command.document_id is None:
        raise Refusal(DOCUMENT, **told)
    if stage is VoucherStage.REALLOCATE:
        _check_equal(command, years)


def _check_equal(command: VoucherCommand, years: Mapping[tuple[str, str], int]) -> None:
    sides: dict[int, list[int]] = {}
    for entry in command.lines:
        year = entry.year or years[entry.presence_id, entry.funding_key]
        sides.setdefault(year, [0, 0])[0 if entry.out else 1] += entry.amount_fen
    _same(sides)


def check_both_sides(lines: Sequence[VoucherLine]) -> None:
    """Refuse that of a reallocation one side alone is taken back, or more of it than of the other.

    Raises:
        Refusal: ``voucher.reallocate``.
    """
    sides: dict[int, list[int]] = {}
    for line in lines:
        gives = line.debit is Account.SOURCE
        sides.setdefault(line.year, [0, 0])[0 if gives else 1] += line.amount_fen
    _same(sides)


def _same(sides: Mapping[int, list[int]]) -> None:
    for year, (given, received) in sorted(sides.items()):
        if given != received:
            raise Refusal(UNEQUAL, year=year, out_fen=given, in_fen=received)


def check_other_body(voucher: Voucher, post: PostView) -> None:
    """Refuse that the body which asks for a reallocation, or to take one back, approves it, in
    whatever post.

    Raises:
        Refusal: ``voucher.same_body``.
    """
    moved = VoucherStage.REALLOCATE in (voucher.stage, voucher.reversed_stage)
    if moved and voucher.issuer_id in (
        post.organisation_id, *post.formerly
    ):  # fmt: skip
        raise Refusal(SAME_BODY)
