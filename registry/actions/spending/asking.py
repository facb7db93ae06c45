"""支出要求 what the packs ask of whatever is spent: particulars, signatures, papers, and which uses.

Where no pack says anything, nothing is asked and no use is blocked.
"""

from typing import get_args

from registry.actions.granting import admitted
from registry.actions.judging import pass_gate
from registry.actions.office import Desk
from registry.actions.presences import standing
from registry.domain.accounts import Account
from registry.domain.details import Purpose
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funding import FundingLine
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from registry.domain.spending import Uses
from registry.domain.vocabulary import Gate, Kind
from registry.policies.judge import Rulebook
from registry.policies.purse import SpendingRule, UseRule

UNTOLD = declare(
    "expenditure.untold", RefusalKind.INVALID,
    "支出、垫付、归垫和直接支付须连同用途、收款人等明细一并登记（POST /expenditures；E18）",
    "What is spent, advanced, repaid or paid directly is recorded with its particulars: use POST "
    "/expenditures (E18).", recorded=True,
)  # fmt: skip
SPENT = frozenset({Account.SPENT, Account.ADVANCED})
_PURPOSES = frozenset(get_args(Purpose))


def spends(line: VoucherLine) -> bool:
    """Whether a line spends, or pays in advance; one that takes that back does not."""
    return line.debit in SPENT and line.sign > 0


def asked_of(desk: Desk, line: FundingLine) -> SpendingRule | None:
    """What is asked of whatever is spent of a funding line."""
    rule = desk.rulebook().overlay.setting(lambda d: d.spending)
    return rule if rule is not None and (not rule.modes or line.mode in rule.modes) else None


def uses_of(desk: Desk, kind: Kind, line: FundingLine) -> Uses | None:
    """The rules on uses that speak of a funding line, the nearest pack's; ``None`` = none do and
    the line names no purpose."""
    rules = _rules(desk, kind, line)
    if not rules and line.purpose is None:
        return None
    return Uses(
        allowed={word: name for rule in rules for word, name in rule.allowed.items()},
        blocked={word: name for rule in rules for word, name in rule.blocked.items()},
        approved=line.purpose, purposes=_PURPOSES,
    )  # fmt: skip


def _rules(desk: Desk, kind: Kind, line: FundingLine) -> list[UseRule]:
    every = desk.rulebook().overlay.setting(lambda d: d.use or None) or []
    return [
        rule for rule in every
        if (not rule.modes or line.mode in rule.modes) and (not rule.kinds or kind in rule.kinds)
    ]  # fmt: skip


def names_of(book: Rulebook) -> dict[str, str]:
    """What the packs call the uses that they name, by their words."""
    rules = book.overlay.setting(lambda d: d.use or None) or []
    return {word: name for rule in rules for word, name in (rule.blocked | rule.allowed).items()}


def fact_of(desk: Desk, kind: Kind, line: FundingLine, use: str) -> str:
    """用途 as the rules are asked of it: unset, within, outside or blocked (E18)."""
    uses = uses_of(desk, kind, line)
    return "unset" if uses is None else uses.fact(use)


def check_untold(desk: Desk, request: Request, voucher: Voucher, lines: list[VoucherLine]) -> None:
    """Let money be spent on a voucher that tells no particulars only where none are asked, no rule
    on uses speaks of it and the admission stands.

    Raises:
        Refusal: ``expenditure.untold``, ``gate.refused``.
    """
    spent = [line for line in lines if spends(line)]
    if not spent:
        return
    if request.state is not State.APPROVED:
        raise Refusal(UNTOLD)
    funding = {line.key: line for line in admitted(desk, request).funding}
    for key in dict.fromkeys(line.funding_key for line in spent):
        rule = asked_of(desk, funding[key])
        asked = rule is not None and rule.particulars
        if asked or _rules(desk, request.filing.kind, funding[key]):
            raise Refusal(UNTOLD)
    for id in dict.fromkeys(line.presence_id for line in spent):
        state, measured = standing(desk, request, desk.unit.get(Presence, id))
        pass_gate(desk, Gate.SPEND, request, state=state, about=voucher, measured=measured)
