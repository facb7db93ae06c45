"""核定数与账一致 what a presence says it is granted is what the books say, after every change.

``Presence.share_fen`` is kept and not derived: lists, notices and the public read it without the
ledger. Whatever moves 已核定, a decision, 追加, 追减, 调剂 or their reversal, comes here.
"""

from collections.abc import Iterable, Mapping

from registry.actions.granting import admitted
from registry.actions.ledger.grounds import CHANGING
from registry.actions.office import Desk
from registry.domain.accounts import Account
from registry.domain.filing import Filing
from registry.domain.funds import VoucherLine
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.shares import by_result

Added = Mapping[str, Mapping[str, int]]
"""Presence → funding line → 分 granted beyond the decision, or less."""


def true_up(desk: Desk, lines: Iterable[VoucherLine]) -> None:
    """Bring the presences of lines that have just been confirmed to what is granted now."""
    for id, by_line in changes(lines).items():
        presence = desk.unit.get(Presence, id, lock=True)
        if presence.request_id is None:
            continue
        filing = admitted(desk, desk.unit.get(Request, presence.request_id))
        _add(desk, presence, filing, by_line)


def lay_over(
    desk: Desk, filing: Filing, presences: Iterable[Presence], lines: Iterable[VoucherLine]
) -> None:
    """After a decision laid out its shares anew: what was added and taken since stays so."""
    since = changes(line for line in lines if line.counted)
    for presence in presences:
        if presence.id in since and not presence.dropped:
            _add(desk, presence, filing, since[presence.id])


def changes(lines: Iterable[VoucherLine]) -> dict[str, dict[str, int]]:
    """What lines add to the grant of each presence, by funding line, 分."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        if line.stage not in CHANGING or line.voided:
            continue
        by_line = found.setdefault(line.presence_id, {})
        up = 1 if line.debit is Account.PLEDGED else -1
        by_line[line.funding_key] = by_line.get(line.funding_key, 0) + up * line.amount_fen
    return found


def _add(desk: Desk, presence: Presence, filing: Filing, by_line: Mapping[str, int]) -> None:
    """A line without a schedule falls due at once with all that is added to it, unless it is
    settled by its result."""
    at_once = {line.key for line in filing.funding if not line.schedule and not by_result(line)}
    share = max(presence.share_fen + sum(by_line.values()), 0)
    first = presence.first_due_fen + sum(fen for key, fen in by_line.items() if key in at_once)
    fields = {"share_fen": share, "first_due_fen": min(max(first, 0), share)}
    if any(getattr(presence, name) != value for name, value in fields.items()):
        desk.unit.change(presence, **fields)
