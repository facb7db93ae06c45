"""年度疑点 what the turning of a year brings to light: one table of codes, with the law behind each."""

from registry.domain.doubts import Asked, Doubt

SURPLUS_DUE = Doubt(
    code="year.surplus_due", name="结余应缴未缴待核",
    zh="结转资金已满规则包规定的年数仍未用完，应作为结余上缴，尚未缴清",
    en="Money was carried over as often as the pack allows and is not used up; it is to be handed "
    "in and is not yet.",
    law="预算法 第42条", about=("presence",), facts=("amount_fen", "funding_key", "year"),
    evidence=("vouchers",), asked=Asked.COMMUNITY,
)  # fmt: skip
DOUBTS = (SURPLUS_DUE,)
