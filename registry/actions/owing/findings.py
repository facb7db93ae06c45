"""应付疑点 the findings of this room: one table of their codes and neutral words."""

from typing import NamedTuple


class Said(NamedTuple):
    """说法: what a finding says, in both languages; a person judges it."""

    zh: str
    en: str


LATE = "funds.late"
ARREARS = "funds.arrears"
HELD_OVER = "funds.held_over"
REFUND_LATE = "funds.refund_late"

CODES: dict[str, Said] = {
    LATE: Said("经费超过规定期限仍未到账", "The money is past its day and not there."),
    ARREARS: Said(
        "事项照常进行，到期经费尚未到账，列入应付未付",
        "The work goes on; money that fell due is still owed.",
    ),
    HELD_OVER: Said(
        "街道收到的经费超过规定期限尚未转拨社区",
        "What the street received is past its day and not passed on.",
    ),
    REFUND_LATE: Said(
        "清算应退回的经费超过规定期限尚未退回",
        "What is to be given back after a clearance is past its day and not back.",
    ),
}
"""Code → what is said of it."""
