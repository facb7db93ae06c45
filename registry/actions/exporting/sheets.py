"""表 what can be taken away of each kind of record: every list of the registry, and what a list
shows only as part of another thing."""

from typing import Any

from registry.actions.exporting.columns import columns_of
from registry.domain.agreement import Signature
from registry.domain.exporting import Sheet
from registry.domain.funds import VoucherLine
from registry.domain.people import Post
from registry.domain.presence import Receipt
from registry.domain.request import Target

PARTS: tuple[tuple[str, type[Any], str, str], ...] = (
    ("voucher-lines", VoucherLine, "凭证分录", "lines of vouchers"),
    ("targets", Target, "进驻的社区", "communities a request is meant for"),
    ("signatures", Signature, "协议签署", "signatures under agreements"),
    ("receipts", Receipt, "保障到位", "what was given as promised"),
    ("posts", Post, "任职", "posts that people hold"),
)
"""Records without a list of their own that an auditor needs all the same."""


def sheet_of(
    name: str, record: type[Any], words: tuple[str, str], shown: type[Any] | None = None
) -> Sheet:
    """A sheet of a kind of record.

    Args:
        shown: the form in which it leaves elsewhere: what that leaves out is left out here.
    """
    return Sheet(name, *words, record, tuple(columns_of(name, record, shown)))


def parts() -> dict[str, Sheet]:
    """The sheets of what has no list, by name."""
    return {name: sheet_of(name, record, (zh, en)) for name, record, zh, en in PARTS}
