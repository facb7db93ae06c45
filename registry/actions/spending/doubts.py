"""支出疑点 what is told of spending that somebody should look at again: one table, in neutral words.

A finding says what was seen and proves nothing; before a person has judged it nobody has broken
any rule.
"""

from registry.actions.doubting.words import CLAIMED
from registry.domain.doubts import Asked, Doubt

_ROWS = ("expenditures", "vouchers")
_OF_LINE = ("funding_key", "year", "amount_fen")

INVOICE = Doubt(
    code="spending.invoice_twice", name="发票重复待核",
    zh="同一发票号码出现在 {count} 张凭证上，请核对",
    en="One invoice number stands on {count} vouchers.", law=CLAIMED, about=("expenditure",),
    facts=("count", "amount_fen"), evidence=_ROWS, asked=Asked.COMMUNITY,
)  # fmt: skip
PAYEE = Doubt(
    code="spending.payee_twice", name="收款人及金额重复待核",
    zh="同一收款人、同一金额在不同社区、事项或者年度列支 {count} 笔，请核对",
    en="One payee got one amount {count} times in several communities, items or years.",
    law=CLAIMED, about=("expenditure",), facts=("count", "amount_fen"), evidence=_ROWS,
    asked=Asked.COMMUNITY,
)  # fmt: skip
EVIDENCE = Doubt(
    code="spending.evidence_twice", name="数量凭据重复待核",
    zh="同一份数量凭据用于 {count} 张凭证，请核对",
    en="The same papers stand behind {count} vouchers.", law=CLAIMED, about=("expenditure",),
    facts=("count", "amount_fen"), evidence=_ROWS, asked=Asked.COMMUNITY,
)  # fmt: skip
ROUND = Doubt(
    code="spending.round_sum", name="年末整数支出待核", zh="年末整数支出，请核对是否据实列支",
    en="A round sum at the end of the year.", about=("expenditure",),
    facts=("paid_on", "amount_fen"), evidence=_ROWS, asked=Asked.COMMUNITY,
)  # fmt: skip
QUANTITY = Doubt(
    code="spending.quantity_above", name="数量超过服务人口待核",
    zh="列支数量 {quantity} 超过核定的服务数量 {served}，请核对",
    en="{quantity} were paid for, {served} were to be served.", law=CLAIMED, about=("presence",),
    facts=(*_OF_LINE, "unit", "quantity", "served"), evidence=_ROWS, asked=Asked.COMMUNITY,
)  # fmt: skip
SPLIT = Doubt(
    code="spending.split", name="限额以下分次支付待核",
    zh="同一收款人 {count} 笔支出单笔低于、合计达到限额标准，请核对是否为同一采购",
    en="{count} payments to one payee, each below a threshold, together reach it.",
    about=("expenditure",), facts=("count", "at_fen", "amount_fen"), evidence=_ROWS,
    asked=Asked.COMMUNITY,
)  # fmt: skip
HANDLER = Doubt(
    code="spending.payee_handled", name="收款人与经办人同名待核", zh="收款人与经办人同名，请核对",
    en="The payee bears the name of who handled it.", about=("expenditure",),
    facts=("amount_fen",), evidence=_ROWS, asked=Asked.COMMUNITY,
)  # fmt: skip
ADVANCE = Doubt(
    code="spending.advance_not_repaid", name="垫付款未归还待核", zh="垫付款超过规定期限尚未归还",
    en="What was advanced was not repaid in the time given.", about=("presence",),
    facts=(*_OF_LINE, "since"), evidence=("vouchers",), asked=Asked.PAYER,
)  # fmt: skip
OFF_PURPOSE = Doubt(
    code="spending.off_purpose", name="用途待核",
    zh="支出用途「{use}」不在允许范围之内，经加批列支，请核对是否用于本事项",
    en="The use {use} is outside what is allowed and was let pass by a second approver.",
    law="预算法 第63条", about=("expenditure",), facts=("use", "amount_fen"), evidence=_ROWS,
    asked=Asked.COMMUNITY,
)  # fmt: skip
DOUBTS = (INVOICE, PAYEE, EVIDENCE, ROUND, QUANTITY, SPLIT, HANDLER, ADVANCE, OFF_PURPOSE)
"""Every code that is opened here."""
