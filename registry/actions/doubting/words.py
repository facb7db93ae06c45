"""疑点用语 of this room: neutral words, and the clause each is seen in the light of."""

from registry.domain.records import Wire


class Doubt(Wire, frozen=True, kw_only=True):
    """疑点种类: what is said of it; before a person has judged it nobody has broken any rule."""

    code: str
    zh: str
    en: str
    law: str = ""
    """As the statute stands; empty = none that was read speaks of it."""


SAME_HAND = Doubt(
    code="ledger.same_hand", zh="凭证的登记人与确认人为同一人，请核对",
    en="One person recorded and confirmed this voucher: please check",
)  # fmt: skip
ONE_SIDED = Doubt(
    code="funds.one_sided", zh="付款方已拨付、收款方超过规定期限未确认到账，请双方核对",
    en="Sent by the payer, and past its day not confirmed where it goes: both sides please check",
    law="预算法 第57条",
)  # fmt: skip
NO_PAPERS = Doubt(
    code="spending.no_papers", zh="支出没有登记发票、凭据或者附件，请补充",
    en="No invoice, paper or document stands behind this expenditure: please add one",
    law="财政违法行为处罚处分条例 第6条",
)  # fmt: skip
DOUBTS = (SAME_HAND, ONE_SIDED, NO_PAPERS)
