"""应付疑点 the findings of this room: one table of their codes and neutral words."""

from registry.domain.doubts import Asked, Doubt

_IN_TIME = "预算法 第57条"
"""及时、足额拨付."""
_OF_LATE = ("amount_fen", "needed_fen", "arrived_fen", "missing_fen", "due_on", "due")

LATE = Doubt(
    code="funds.late", name="迟付待核", zh="经费超过规定期限仍未到账",
    en="The money is past its day and not there.", law=_IN_TIME, about=("presence",),
    facts=_OF_LATE, evidence=("verdicts",), asked=Asked.APPLICANT,
)  # fmt: skip
ARREARS = Doubt(
    code="funds.arrears", name="应付未付",
    zh="事项照常进行，到期经费尚未到账，列入应付未付",
    en="The work goes on; money that fell due is still owed.", law=_IN_TIME, about=("presence",),
    facts=_OF_LATE, evidence=("verdicts",), asked=Asked.APPLICANT,
)  # fmt: skip
HELD_OVER = Doubt(
    code="funds.held_over", name="滞留超期待核",
    zh="街道收到的经费超过规定期限尚未转拨社区",
    en="What the street received is past its day and not passed on.",
    law="财政违法行为处罚处分条例 第6条", about=("presence",),
    facts=("presence_id", "funding_key", "year", "amount_fen", "since", "last_day"),
    evidence=("holds",), asked=Asked.STREET,
)  # fmt: skip
REFUND_LATE = Doubt(
    code="funds.refund_late", name="应退未退待核",
    zh="清算应退回的经费超过规定期限尚未退回",
    en="What is to be given back after a clearance is past its day and not back.",
    about=("clearance",), facts=("presence_id", "funding_key", "amount_fen", "due_on"),
    evidence=("clearances",), asked=Asked.COMMUNITY,
)  # fmt: skip
DOUBTS = (LATE, ARREARS, HELD_OVER, REFUND_LATE)
"""Every code that is opened here."""
