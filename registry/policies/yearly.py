"""年度评估建议 what the packs' numbers and gates make of one matter; silent packs propose nothing.

The lines are those of ``[evaluation]``; whether it may leave, or go on, is said by the table at the
gates ``exit`` and ``renew``. Where neither speaks it is 待定: a person weighs the figures.
"""

from registry.domain.admission import Hit
from registry.domain.evaluating import Proposal
from registry.domain.records import Wire
from registry.domain.vocabulary import Outcome, Trigger
from registry.policies.measures import Evaluation, Exit

TENTHS = 10
_LIKE = "R12"
"""The ground of likeness: it is there already."""


class Weighed(Wire, frozen=True, kw_only=True):
    """研判所据."""

    line: Proposal | None = None
    """Where its weighted result lies between the lines; ``None`` = no result, or no lines."""
    leaves: bool = False
    """The table lets it leave for a reason that the packs name."""
    held_back: bool = False
    """It lies below the line for leaving, and the table does not let it go."""
    adjusts: bool = False
    """It lies below the line for a change as well."""
    adverse: bool = False
    """Something stands against it of which the packs say nothing."""
    renewable: bool = False
    """The gate ``renew`` lets it pass."""
    alike: bool = False
    """Another does the same already, says the gate ``renew``."""


def line_of(tenths: int | None, rule: Evaluation | None) -> Proposal | None:
    """Where a result in tenths lies between the lines of a pack; it is well above where a pack
    draws a line that it does not fall below."""
    if tenths is None or rule is None:
        return None
    if rule.exit_below is not None and tenths < rule.exit_below * TENTHS:
        return Proposal.EXIT
    if adjusts(tenths, rule):
        return Proposal.ADJUST
    drawn = rule.exit_below is not None or rule.adjust_below is not None
    return Proposal.RENEW if drawn else None


def adjusts(tenths: int, rule: Evaluation) -> bool:
    """Whether a result lies below the line for a change."""
    return rule.adjust_below is not None and tenths < rule.adjust_below * TENTHS


def names(rule: Exit | None, trigger: Trigger) -> bool:
    """Whether ``[exit]`` names what brings a matter to leave."""
    return rule is not None and trigger in rule.triggers


def speaks(asked: list[str], without: list[str]) -> bool:
    """Whether the rules that decide are others because of what was stated: the table knows it."""
    return asked != without


def alike(outcome: Outcome, rules: list[Hit], deciding: list[str]) -> bool:
    """Whether it does not go on because the same is there already."""
    hits = [hit for hit in rules if hit.rule in deciding]
    return outcome is not Outcome.ALLOWED and any(hit.ground == _LIKE for hit in hits)


def proposed(weighed: Weighed) -> Proposal | None:
    """What should become of it; ``None`` = the packs do not say."""
    if weighed.leaves:
        return Proposal.EXIT
    if weighed.line is Proposal.ADJUST or (weighed.held_back and weighed.adjusts):
        return Proposal.ADJUST
    if weighed.alike:
        return Proposal.MERGE
    well = weighed.line is Proposal.RENEW and weighed.renewable and not weighed.adverse
    return Proposal.RENEW if well else None
