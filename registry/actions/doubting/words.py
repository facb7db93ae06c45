"""疑点用语 of this room: neutral words, and the clause each is seen in the light of."""

from registry.domain.doubts import Asked, Doubt

CLAIMED = "财政违法行为处罚处分条例 第6条"

SAME_HAND = Doubt(
    code="ledger.same_hand", name="登记人与确认人同一人待核",
    zh="凭证的登记人与确认人为同一人，请核对",
    en="One person recorded and confirmed this voucher: please check",
    about=("voucher",), facts=("number", "amount_fen", "title"), evidence=("vouchers",),
    asked=Asked.ISSUER,
)  # fmt: skip
ONE_SIDED = Doubt(
    code="funds.one_sided", name="单边未达待核",
    zh="付款方已拨付、收款方超过规定期限未确认到账，请双方核对",
    en="Sent by the payer, and past its day not confirmed where it goes: both sides please check",
    law="预算法 第57条", about=("presence",),
    facts=("presence_id", "funding_key", "year", "amount_fen", "since", "last_day"),
    evidence=("vouchers",), asked=Asked.RECEIVER,
)  # fmt: skip
NO_PAPERS = Doubt(
    code="voucher.missing", name="支出凭据缺失待补",
    zh="支出没有登记发票、凭据或者附件，请补充",
    en="No invoice, paper or document stands behind this expenditure: please add one",
    law=CLAIMED, about=("voucher",), facts=("number", "amount_fen", "title"),
    evidence=("vouchers",), asked=Asked.ISSUER,
)  # fmt: skip
REUSED = Doubt(
    code="voucher.reused", name="同一附件多张凭证待核",
    zh="同一份附件用于 {count} 张支出凭证，请核对",
    en="One paper stands behind {count} vouchers of spending: please check",
    law=CLAIMED, about=("voucher",), facts=("count", "amount_fen"), evidence=("vouchers",),
    asked=Asked.ISSUER,
)  # fmt: skip
DOUBTS = (SAME_HAND, ONE_SIDED, NO_PAPERS, REUSED)
