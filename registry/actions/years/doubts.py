"""年度疑点 what the turning of a year brings to light: one table of codes, with the law behind each."""

from registry.domain.records import Wire


class Doubt(Wire, frozen=True, kw_only=True):
    """疑点 as it is told, in words that judge nobody."""

    code: str
    zh: str
    en: str
    law: str


SURPLUS_DUE = Doubt(
    code="year.surplus_due",
    zh="结转资金已满规则包规定的年数仍未用完，应作为结余上缴，尚未缴清",
    en="Money was carried over as often as the pack allows and is not used up; it is to be handed "
    "in and is not yet.",
    law="预算法 第42条",
)  # fmt: skip
DOUBTS = (SURPLUS_DUE,)
