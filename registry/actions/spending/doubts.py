"""支出疑点 what is told of spending that somebody should look at again: one table, in neutral words.

A finding says what was seen and proves nothing; before a person has judged it nobody has broken
any rule.
"""

from typing import NamedTuple


class Doubt(NamedTuple):
    """疑点种类: what is said of it, and the clause it is seen in the light of."""

    zh: str
    en: str
    law: str = ""
    """As the statute stands; empty = none that was read speaks of it."""


_CLAIMED = "财政违法行为处罚处分条例 第6条"
INVOICE = "spending.invoice_twice"
PAYEE = "spending.payee_twice"
EVIDENCE = "spending.evidence_twice"
ROUND = "spending.round_sum"
QUANTITY = "spending.quantity_above"
SPLIT = "spending.split"
HANDLER = "spending.payee_handled"
ADVANCE = "spending.advance_not_repaid"

DOUBTS: dict[str, Doubt] = {
    INVOICE: Doubt(
        "同一发票号码出现在 {count} 张凭证上，请核对",
        "One invoice number stands on {count} vouchers.", _CLAIMED,
    ),
    PAYEE: Doubt(
        "同一收款人、同一金额在不同社区、事项或者年度列支 {count} 笔，请核对",
        "One payee got one amount {count} times in several communities, items or years.", _CLAIMED,
    ),
    EVIDENCE: Doubt(
        "同一份数量凭据用于 {count} 张凭证，请核对",
        "The same papers stand behind {count} vouchers.", _CLAIMED,
    ),
    ROUND: Doubt(
        "年末整数支出，请核对是否据实列支", "A round sum at the end of the year.", ""
    ),
    QUANTITY: Doubt(
        "列支数量 {quantity} 超过核定的服务数量 {served}，请核对",
        "{quantity} were paid for, {served} were to be served.", _CLAIMED,
    ),
    SPLIT: Doubt(
        "同一收款人 {count} 笔支出单笔低于、合计达到限额标准，请核对是否为同一采购",
        "{count} payments to one payee, each below a threshold, together reach it.", "",
    ),
    HANDLER: Doubt(
        "收款人与经办人同名，请核对", "The payee bears the name of who handled it.", ""
    ),
    ADVANCE: Doubt(
        "垫付款超过规定期限尚未归还", "What was advanced was not repaid in the time given.", ""
    ),
}  # fmt: skip
"""Code → what is told; every finding of this room is one of these."""
