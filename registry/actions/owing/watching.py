"""到期经费 what late money brings about, and that its arrival ends it (P4): both sides are told.

The community may suspend where a rule of the gate ``continue`` lets it; what a rule keeps going,
statutory help and a government's emergency decision, goes on, and 应付未付 is opened with its clock.
"""

from collections.abc import Sequence
from typing import NamedTuple

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.filing import owners
from registry.actions.judging import ask_gate, kept
from registry.actions.ledger.posting import lines_of
from registry.actions.living.suspended import open_of
from registry.actions.office import Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.owing import payments
from registry.actions.owing.findings import ARREARS, SHORT, UNPAID
from registry.actions.owing.lateness import (
    Lateness,
    lateness,
    rule_of,
    short_at_start,
    standing_at,
)
from registry.actions.owing.payments import Paid
from registry.actions.owing.reckoning import books_of, owing
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.doubts import Doubt
from registry.domain.living import Suspension
from registry.domain.notice import NoticeKind
from registry.domain.presence import Presence, PresenceState, admission_of
from registry.domain.reckoning import yuan
from registry.domain.records import Record
from registry.domain.request import Request
from registry.domain.vocabulary import Gate, Outcome

AT_WORK = (PresenceState.ACTIVE, PresenceState.SUSPENDED)
NOT_BEGUN = (PresenceState.PLANNED, PresenceState.AGREED)


class Between(NamedTuple):
    """双方: whose matter it is, and who pays for it."""

    request: Request
    presence: Presence
    payers: list[str]


def arrears_id(presence_id: str) -> str:
    """The one finding of a presence that it goes on unpaid, opened again where it comes back."""
    return f"{presence_id}.arrear"


def watch(desk: Desk, presence: Presence) -> str | None:
    """Bring about what late money of a presence brings, or end it where the money is there; the id
    of what changed."""
    lines = lines_of(desk, [presence.id])
    owed = owing(desk, [presence], books_of(lines))
    late, short = lateness(desk, presence, owed), short_at_start(desk, presence, owed)
    paid, before = Paid(presence, lines, owed, late, short), standing_of(desk, [presence.id])
    if late is None:
        changed = payments.bring(desk, paid, [])
        return _over(desk, presence, before, short=short) or next(iter(changed), None)
    asked = next((one for one in before if says(one, late)), None)
    if asked is not None:
        verdicts = asked.facts.get("evidence", {}).get("verdicts", [])
        return next(iter(payments.bring(desk, paid, verdicts)), None)
    return _late(desk, paid, late, before)


def standing_of(desk: Desk, presence_ids: Sequence[str] | None = None) -> list[Finding]:
    """What stands open of late money, of these presences or of all."""
    codes = [UNPAID.code, SHORT.code, ARREARS.code]
    if presence_ids is None:
        return keeping.open_of(desk, codes)
    return keeping.open_of(desk, codes, object_id=list(presence_ids))


def says(held: Finding, late: Lateness) -> bool:
    """Whether a finding says already what is late."""
    same = held.facts.get("due") == late.due and held.facts["missing_fen"] == late.missing_fen
    return same and held.code == payments.kind_of(late).code


def _late(desk: Desk, paid: Paid, late: Lateness, before: Sequence[Finding]) -> str:
    """Something further is late: told to both sides, and by which rule the community may stop, or
    that its work goes on unpaid."""
    presence = paid.presence
    request = desk.unit.get(Request, admission_of(presence))
    doubt, verdict = _brings(desk, request, presence)
    verdicts = [verdict.id] if verdict is not None else []
    payments.bring(desk, paid, verdicts)
    found = desk.unit.get(Finding, payments.finding_id(presence.id, payments.kind_of(late)))
    if doubt is ARREARS:
        found = keeping.tell(desk, Seen(
            ARREARS, arrears_id(presence.id), presence.id, request.applicant_id,
            presence.area_path, late.facts, {"verdicts": verdicts},
        ))  # fmt: skip
        if not presence.arrears:
            desk.unit.change(presence, arrears=True)
    told = {step for one in before for step in _instalments(one)}
    # That part of it came since is no news; that a further instalment is missing is.
    if not before or set(_instalments(found)) - told:
        words = (_told_late(doubt, late, verdict), "Money is late.")
        tell_both(desk, Between(request, presence, late.payers), words, found)
    return found.id


def _instalments(finding: Finding) -> list[tuple[str, str]]:
    due = finding.facts.get("due") or []
    return [(one["funding_key"], one["due_on"]) for one in due]


def _brings(desk: Desk, request: Request, presence: Presence) -> tuple[Doubt, Verdict | None]:
    """Which finding it is, and the verdict by which the community may suspend, if it may."""
    rule = rule_of(desk)
    if presence.state in NOT_BEGUN or rule is None:
        return UNPAID, None
    if presence.state not in AT_WORK:
        return ARREARS, None  # the work is done: it is owed, and nothing is left to suspend
    state, measured = standing_at(desk, Gate.CONTINUE, request, presence)
    verdict = ask_gate(desk, Gate.CONTINUE, request, state=state, about=presence, measured=measured)
    if rule.brings == "owe" or presence.arrears or kept_going(desk, verdict):
        return ARREARS, None
    may = rule.brings == "suspend" and verdict.outcome is not Outcome.ALLOWED
    return UNPAID, kept(desk, verdict) if may else None


def kept_going(desk: Desk, verdict: Verdict) -> bool:
    """Whether a rule that met stands there to lift others: by it the work is not to stop."""
    rules = (rule for pack in desk.rulebook().overlay.packs for rule in pack.document.rule)
    lifting = {rule.id for rule in rules if rule.lifts}
    return any(hit.outcome is Outcome.ALLOWED and hit.rule in lifting for hit in verdict.rules)


def _told_late(doubt: Doubt, late: Lateness, verdict: Verdict | None) -> str:
    owed = f"{late.since} 到期的经费尚有 {yuan(late.missing_fen)} 未到账"
    if doubt is ARREARS:
        return f"{owed}，工作照常进行，已列入应付未付"
    return f"{owed}，按规则社区可以暂停执行" if verdict is not None else owed


def tell_both(desk: Desk, between: Between, words: tuple[str, str], about: Record) -> None:
    """Tell both sides: who pays and who asks on one, the community on the other."""
    request, presence, payers = between
    whose = dict.fromkeys([*payers, *owners(request), presence.organisation_id])
    message = Message(
        kind=NoticeKind.AFTERWARDS, request_id=request.id,
        text=f"{words[0]}：{presence.title}", text_en=f"{words[1]} {presence.title}",
    )  # fmt: skip
    tell(desk, [person for id in whose for person in heads(desk, id)], message, about)


def _over(
    desk: Desk, presence: Presence, before: Sequence[Finding], *, short: int
) -> str | None:  # fmt: skip
    """The money has come: nothing is late any more, the work goes on, both sides are told."""
    # 应付未付 of a statutory matter that began unpaid stays until what it needed has come.
    over = [f for f in before if not (f.code == ARREARS.code and short)]
    for finding in over:
        keeping.close(desk, finding.id)
    ended = over and any(f.code == ARREARS.code for f in over)
    if presence.arrears and ended:
        presence = desk.unit.change(presence, arrears=False)
    resumed = _resume(desk, presence) if not short else None
    if not over and resumed is None:
        return None
    request = desk.unit.get(Request, admission_of(presence))
    words = "经费已到账" + ("，恢复执行" if resumed is not None else "")
    about: Record = over[0] if over else presence
    payers = [line.payer_id for line in request.filing.funding if line.payer_id]
    said = (words, "The money has come.")
    tell_both(desk, Between(request, presence, payers), said, about)
    return about.id


def _resume(desk: Desk, presence: Presence) -> Presence | None:
    """恢复执行 of what the community suspended for money, once the rules let it go on; what others
    let rest, or another reason, is not begun again by money."""
    if presence.state is not PresenceState.SUSPENDED:
        return None
    if presence.ends_on is not None and presence.ends_on < desk.today:
        return None
    held, request = open_of(desk, presence), desk.unit.get(Request, admission_of(presence))
    if not held or not all(_for_money(desk, request, one) for one in held):
        return None
    state, measured = standing_at(desk, Gate.CONTINUE, request, presence)
    verdict = ask_gate(desk, Gate.CONTINUE, request, state=state, about=presence, measured=measured)
    if verdict.outcome is not Outcome.ALLOWED:
        return None
    for one in held:
        desk.unit.change(
            one, resumed_on=desk.today, resumed_by=desk.actor.person_id, resumed_why="经费已到账"
        )
    return desk.unit.change(presence, state=PresenceState.ACTIVE)


def _for_money(desk: Desk, request: Request, suspension: Suspension) -> bool:
    """Whether the rules let the community, or its street for it, stop because money was missing."""
    if suspension.organisation_id in owners(request):
        return False
    verdict = desk.unit.maybe(Verdict, suspension.verdict_id)
    if verdict is None or verdict.outcome is Outcome.ALLOWED:
        return False
    return any(facts.get("money") in ("short", "none") for facts in verdict.facts)
