"""提示 what lists and prohibitions say of as much as was typed; what only later steps ask is told
apart from what stands against the matter itself.
"""

from typing import Any, NamedTuple

import msgspec

from registry.actions.judging import PrecheckCommand
from registry.api.acts import PRECHECK
from registry.domain.errors import Refusal
from registry.domain.filing import Filing, LegalBasis
from registry.domain.funding import FundingLine
from registry.domain.records import civil
from registry.domain.vocabulary import FundingMode, Outcome, Receiver
from registry.domain.vocabulary import Kind as Matter
from registry.web.filing.checking import explained_of
from registry.web.filing.paper import GROUPS, Paper, of_group
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, Typed, command_of


class Hints(NamedTuple):
    """提示."""

    hints: Any
    """The explanation of so much; ``None`` = nothing yet."""
    later: frozenset[str]
    """Rules that stand against it only for want of what a later step asks."""


NOTHING = Hints(None, frozenset())
_LATER = ("basis", "money")
"""Steps still to come, which the rules ask about from the start."""


def hinted(paper: Paper) -> Hints:
    """What is said of as much as was typed."""
    areas = [s.area.id for s in paper.streets()[:1]]
    guess: Typed = {
        "kind": [Matter.TASK.value], "receivers": [Receiver.RESIDENTS_COMMITTEE.value],
        "targets": areas, "title": [""],
    } | {n: v for n, v in paper.given.items() if any(v)}  # fmt: skip
    filing = command_of(Filing, Filled(fields_of(Filing), guess))
    if filing is None:
        return NOTHING
    try:
        told = explained_of(paper, filing)
    except Refusal:
        return NOTHING
    return Hints(told, _later(paper, filing, told))


def _later(paper: Paper, filing: Filing, told: Any) -> frozenset[str]:
    """The rules that refuse it now and would not, had the steps still to come been answered."""
    against = {one.rule for one in told.matched if one.outcome is Outcome.REFUSED}
    reached = any(of_group(path, GROUPS[group]) for path in paper.given for group in _LATER)
    if not against or reached:
        return frozenset()
    visit, year = paper.visit, civil(paper.visit.office.clock()).year
    line = FundingLine(key="f", mode=FundingMode.TRANSFER, payer_id=filing.leading, amount_fen=1,
                       fiscal_year=year)  # fmt: skip
    basis = LegalBasis(level="statute", title="-")
    filled = msgspec.structs.replace(filing, bases=[basis], funding=[line])
    call = visit.call(paper.actor, PRECHECK.act)
    try:
        verdict = visit.office.ask(call, PRECHECK.make(visit, PrecheckCommand(filing=filled))).body
    except Refusal:
        return frozenset()
    return frozenset(against - {hit.rule for hit in verdict.rules})
