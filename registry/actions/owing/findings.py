"""应付疑点 the findings of this room: one table of their codes and neutral words."""

from registry.domain.doubts import Asked, Doubt

_IN_TIME = "预算法 第57条"
"""及时、足额拨付."""
_OF_LATE = (
    "amount_fen", "needed_fen", "sent_fen", "arrived_fen", "missing_fen", "due_on", "due",
)  # fmt: skip
_BEHIND = ("requests", "vouchers", "verdicts")

STARTED = Doubt(
    code="funds.started_unfunded", name="未到账先启动待核",
    zh="事项已经启动，启动前应到账的经费尚未到账",
    en="The work has begun; the money that was to be there before is not.", about=("presence",),
    facts=("amount_fen", "started_on"), evidence=("requests",), asked=Asked.PAYER,
)  # fmt: skip
UNPAID = Doubt(
    code="funds.unpaid", name="批而未付待核",
    zh="经费已经批准，超过规定期限一笔也没有拨付",
    en="It was granted; its day is past and nothing of it was sent.", law=_IN_TIME,
    about=("presence",), facts=_OF_LATE, evidence=_BEHIND, asked=Asked.PAYER,
)  # fmt: skip
SHORT = Doubt(
    code="funds.short", name="未足额到账待核",
    zh="经费已拨付一部分或者尚在途中，超过规定期限没有足额到账",
    en="Part of it was sent or is on its way; its day is past and not all of it is there.",
    law=_IN_TIME, about=("presence",), facts=_OF_LATE, evidence=_BEHIND, asked=Asked.PAYER,
)  # fmt: skip
LATE = Doubt(
    code="funds.late", name="迟付待核", zh="到期经费超过规定期限才到账，请说明原因",
    en="The money is there and came after its day: please say why.", law=_IN_TIME,
    about=("presence",), facts=("amount_fen", "due_on", "late"), evidence=("requests", "vouchers"),
    asked=Asked.PAYER,
)  # fmt: skip
ARREARS = Doubt(
    code="funds.arrears", name="应付未付",
    zh="事项照常进行，到期经费尚未到账，列入应付未付",
    en="The work goes on; money that fell due is still owed.", law=_IN_TIME, about=("presence",),
    facts=_OF_LATE, evidence=_BEHIND, asked=Asked.APPLICANT,
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
DOUBTS = (STARTED, UNPAID, SHORT, LATE, ARREARS, HELD_OVER, REFUND_LATE)
"""Every code that is opened here."""
