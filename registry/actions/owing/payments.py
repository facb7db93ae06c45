"""拨付疑点 what is asked of who pays a matter: nothing sent by its day, not all of it there, there
after its day, or begun without it. Told apart from 应付未付, by which the work goes on.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Desk
from registry.actions.owing.findings import LATE, SHORT, STARTED, UNPAID
from registry.actions.owing.lateness import Lateness, clock_of, rule_of
from registry.actions.owing.reckoning import Owing
from registry.domain.accounts import VoucherStage
from registry.domain.audit import Finding
from registry.domain.doubts import Doubt
from registry.domain.funds import VoucherLine, arrived
from registry.domain.owing import came_late
from registry.domain.presence import Presence, PresenceState, admission_of

S = VoucherStage
BEGUN = (PresenceState.ACTIVE, PresenceState.SUSPENDED)
_IDS = {UNPAID.code: "unpaid", SHORT.code: "short", LATE.code: "late", STARTED.code: "started"}
_MOVED = (S.ORDER, S.DISPATCH, S.STREET_ARRIVAL, S.COMMUNITY_ARRIVAL)


class Paid(NamedTuple):
    """拨付情况 of one presence, as the books have it now."""

    presence: Presence
    lines: Sequence[VoucherLine]
    owed: Sequence[Owing]
    late: Lateness | None
    short_fen: int
    """What is missing of what was to be there for the start, 分."""


def finding_id(presence_id: str, doubt: Doubt) -> str:
    """The one finding of a presence of this kind, opened again where it comes back."""
    return f"{presence_id}.{_IDS[doubt.code]}"


def kind_of(late: Lateness) -> Doubt:
    """批而未付 where nothing was sent, 未足额 where part of it was, or is on its way."""
    return SHORT if late.sent_fen else UNPAID


def begun_without(presence: Presence, short_fen: int) -> bool:
    """Whether its work goes on, and what was to be there before is not."""
    return presence.state in BEGUN and presence.started_on is not None and short_fen > 0


def bring(desk: Desk, paid: Paid, verdicts: Sequence[str]) -> list[str]:
    """Open, bring up to date and close what is asked of who pays; ids of what changed.

    Args:
        verdicts: by which the community may suspend, where it may.
    """
    held = desk.unit.maybe(Finding, finding_id(paid.presence.id, LATE))
    seen = [*_owed(paid, verdicts), *_started(paid), *_came(desk, paid, held)]
    return keeping.set_right(desk, seen, [finding_id(paid.presence.id, d) for d in _KINDS])


_KINDS = (UNPAID, SHORT, LATE, STARTED)


def _asks(paid: Paid, doubt: Doubt, facts: dict[str, Any], vouchers: Sequence[str]) -> Seen:
    payers = list(dict.fromkeys(one.line.payer_id for one in paid.owed if one.line.payer_id))
    evidence = {"requests": [admission_of(paid.presence)], "vouchers": vouchers}
    return Seen(
        doubt, finding_id(paid.presence.id, doubt), paid.presence.id,
        payers[0] if payers else paid.presence.department_id, paid.presence.area_path, facts,
        {name: ids for name, ids in evidence.items() if name in doubt.evidence},
    )  # fmt: skip


def _owed(paid: Paid, verdicts: Sequence[str]) -> list[Seen]:
    if paid.late is None:
        return []
    keys = {one["funding_key"] for one in paid.late.due}
    vouchers = {
        line.voucher_id for line in paid.lines
        if line.stage in _MOVED and line.counted and (not keys or line.funding_key in keys)
    }  # fmt: skip
    seen = _asks(paid, kind_of(paid.late), paid.late.facts, sorted(vouchers))
    return [seen._replace(evidence={**seen.evidence, "verdicts": verdicts})]


def _started(paid: Paid) -> list[Seen]:
    if not begun_without(paid.presence, paid.short_fen):
        return []
    facts = {"amount_fen": paid.short_fen, "started_on": str(paid.presence.started_on)}
    return [_asks(paid, STARTED, facts, [])]


def _came(desk: Desk, paid: Paid, held: Finding | None) -> list[Seen]:
    """逾期到账: what has come after its day stays told, whatever is given back later; what is
    missing again is told as missing."""
    found = {(one["funding_key"], one["due_on"]): one for one in _told(held, "late")}
    vouchers = set(_told(held, "evidence").get("vouchers", [])) if found else set()
    for one in paid.owed if rule_of(desk) is not None else ():
        own = [x for x in paid.lines if x.funding_key == one.line.key and x.counted]
        days = sorted({x.dated_on for x in own if x.dated_on})
        reached = [(day, _by(own, day, one.at)) for day in days]
        for came in came_late(one.steps, one.promised_fen, reached, clock_of(desk)):
            found[one.line.key, str(came.due_on)] = {
                "funding_key": one.line.key, "due_on": str(came.due_on),
                "last_day": str(came.last_day), "came_on": str(came.came_on),
                "amount_fen": came.amount_fen,
            }  # fmt: skip
            vouchers |= {
                x.voucher_id for x in own
                if x.stage in _MOVED and x.dated_on and came.last_day < x.dated_on <= came.came_on
            }  # fmt: skip
    again = {one["funding_key"]: one["due_on"] for one in (paid.late.due if paid.late else [])}
    late = [one for (key, due), one in sorted(found.items()) if due < again.get(key, "9")]
    if not late:
        return []
    facts = {
        "amount_fen": sum(one["amount_fen"] for one in late), "late": late,
        "due_on": min(one["due_on"] for one in late),
    }  # fmt: skip
    return [_asks(paid, LATE, facts, sorted(vouchers))]


def _told(held: Finding | None, name: str) -> Any:
    """What stands told already; in a form of before the kinds were told apart there is nothing."""
    return {} if held is None or held.closed_on is not None else held.facts.get(name, {})


def _by(lines: Sequence[VoucherLine], day: date, at: str) -> int:
    return arrived((line for line in lines if line.dated_on and line.dated_on <= day), at)
