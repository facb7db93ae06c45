"""不予承接 whether a community may decline, as the rules say: a pure answer from two questions.

A ground claims something that the rules can measure. Where they measure otherwise, or give no right
to refuse, there is none, whatever the paper says.
"""

from collections.abc import Sequence
from typing import Protocol

from registry.domain.admission import FACTS, Hit
from registry.domain.records import Wire
from registry.domain.redress import Ground
from registry.domain.vocabulary import Default, Gate, Outcome


class Said(Protocol):
    """What the rules answered at one gate: a verdict, or what becomes one."""

    @property
    def outcome(self) -> Outcome: ...
    @property
    def deciding(self) -> list[str]: ...
    @property
    def rules(self) -> list[Hit]: ...
    @property
    def defaulted(self) -> Default | None: ...
    @property
    def refusal_right(self) -> bool | None: ...
    @property
    def department_in_breach(self) -> bool | None: ...
    @property
    def facts(self) -> list[dict[str, str]]: ...


Facts = dict[str, frozenset[str]]
"""Columns of one row of facts and the values that fit, all of them together."""


class Claim(Wire, frozen=True, kw_only=True):
    """理由: the gate that is asked about it, and the facts that must be so there."""

    gate: Gate
    facts: tuple[Facts, ...]
    """One of these suffices."""
    forbidden: bool = False
    """The rules must refuse it as well: what is forbidden needs no further right to decline."""


def _is(column: str, *values: str) -> Facts:
    return {column: frozenset(values)}


_NOT_ADMITTED = Claim(gate=Gate.START, facts=(_is("decision", "none"),))
CLAIMS: dict[Ground, Claim] = {
    "unadmitted": _NOT_ADMITTED,
    # What goes beyond an admission was never admitted.
    "beyond": _NOT_ADMITTED,
    "other": _NOT_ADMITTED,
    "unfunded": Claim(gate=Gate.START, facts=(_is("money", "none", "short"),)),
    "off_list": Claim(gate=Gate.FILE, facts=(_is("standing", "off", "near", "unread"),)),
    "wrong_receiver": Claim(gate=Gate.FILE,
                            facts=(_is("standing", "other_receiver", "other_role"),)),
    "barred": Claim(gate=Gate.FILE, forbidden=True, facts=(
        {"ground": frozenset(FACTS["ground"]) - {"none"}, "match": frozenset({"exact"})},
        _is("certificate", "negative"))),
}  # fmt: skip


class Right(Wire, frozen=True, kw_only=True):
    """拒绝权: whether it is there, and if not, for want of what."""

    granted: bool
    holds: bool
    """What the ground claims is so."""
    gate: Gate
    """The gate whose answer gives or denies it: its clauses are printed."""


def right_of(ground: Ground, start: Said, entering: Said | None) -> Right:
    """Whether the community may decline on this ground.

    Args:
        start: what the rules say of starting it as it stands; where nothing was admitted, as
            without a decision. What may start all the same (法定协助, 应急) is not declined.
        entering: what they say of it as a new filing; ``None`` = it was not asked.
    """
    claim = CLAIMS[ground]
    said = start if claim.gate is Gate.START else entering
    holds = said is not None and _holds(claim, said)
    if claim.forbidden:
        # It is declined unless the text itself denies the right.
        free = said is not None and said.refusal_right is not False
        return Right(granted=holds and free, holds=holds, gate=claim.gate)
    if start.outcome is Outcome.ALLOWED:
        return Right(granted=False, holds=holds, gate=Gate.START)
    return Right(granted=holds and stated(_rights(start, entering)) is True, holds=holds,
                 gate=claim.gate)  # fmt: skip


def _holds(claim: Claim, said: Said) -> bool:
    if claim.forbidden and (said.outcome is not Outcome.REFUSED or said.defaulted is not None):
        return False
    return any(_fits(row, facts) for row in said.facts for facts in claim.facts)


def _fits(row: dict[str, str], facts: Facts) -> bool:
    return all(row.get(column) in values for column, values in facts.items())


def _rights(start: Said, entering: Said | None) -> list[bool | None]:
    return [start.refusal_right, entering.refusal_right if entering is not None else None]


def breach_of(start: Said, entering: Said | None) -> bool | None:
    """部门违规: as the answers state it; ``None`` = the texts are silent."""
    later = entering.department_in_breach if entering is not None else None
    return stated([start.department_in_breach, later])


def stated(answers: Sequence[bool | None]) -> bool | None:
    """The first answer that is given."""
    return next((one for one in answers if one is not None), None)


def clauses_of(said: Said) -> list[str]:
    """The clauses that decided, each once."""
    return list(dict.fromkeys(hit.clause for hit in said.rules if hit.rule in said.deciding))
