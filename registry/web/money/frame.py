"""经费栏目 the rooms of money, each as far as the person may enter, and a page within them."""

from typing import Any

from registry.actions.ledger.recording import act_of
from registry.domain.accounts import VoucherStage
from registry.domain.voucher_sheets import SHEETED
from registry.web.serving import shown
from registry.web.shell import entered
from registry.web.visit import Visit

RECORDS = ("voucher.record", *(f"voucher.{stage}" for stage in VoucherStage))
"""Acts of which one suffices to be offered the form of a voucher."""
SHEETS = tuple(act_of(stage) for stage in SHEETED)
"""Acts of which one suffices to be offered the sheet of vouchers."""
ROOMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/money", "items", ()), ("/money/voucher", "voucher", RECORDS),
    ("/money/many", "many", SHEETS), ("/money/reallocate", "reallocate", ("voucher.reallocate",)),
    ("/money/arrears", "arrears", ()), ("/money/entries", "entries", ()),
    ("/money/statement", "statement", ()), ("/money/bank", "bank", ("bank.read",)),
)  # fmt: skip
"""Address, word, acts of which one suffices (none = whoever reads vouchers)."""
_WITHIN = {
    "preview": "bank", "line": "bank", "choose": "voucher", "stages": "voucher", "slip": "voucher",
    "many_look": "many",
}  # fmt: skip
"""Pages that stand within another room."""


def opened(visit: Visit, here: str, *, within: str = "", **context: Any) -> Any:
    """A page of the room: the rooms beside it, and what is common to them.

    Args:
        within: the room that it stands in, where that is not told by the page.
    """
    beside = entered(visit.office, visit.actor(), ROOMS)
    told: dict[str, Any] = {"given": visit.query, "stages": list(VoucherStage)} | context
    return shown(
        visit, f"money/{here}.html", beside=beside, room=within or _WITHIN.get(here, here), **told
    )
