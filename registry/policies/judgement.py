"""预审结果 what one decision gives back before it is kept as a verdict."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import msgspec

from registry.domain.admission import COLUMNS, QUIET, Hit, Vector
from registry.domain.records import Wire
from registry.domain.vocabulary import Default, Outcome, Receiver
from registry.policies.active import Answer


class Judgement(Wire, frozen=True, kw_only=True):
    """预审结果 before it is given an id and kept as a ``Verdict``."""

    answer: Answer
    """What the matching rows say; the same for every matter that they match."""
    vectors: list[tuple[Receiver, Vector]]
    suggestions: list[str]
    would_be: Outcome | None = None
    measured: dict[str, Any] = {}
    reading: str = ""
    """Digest of what the facts were read from (``reading``)."""

    @property
    def outcome(self) -> Outcome:
        return self.answer.outcome

    @property
    def absolute(self) -> bool:
        return self.answer.absolute

    @property
    def deciding(self) -> list[str]:
        return self.answer.deciding

    @property
    def rules(self) -> list[Hit]:
        return self.answer.rules

    @property
    def defaulted(self) -> Default | None:
        return self.answer.defaulted

    @property
    def refusal_right(self) -> bool | None:
        return self.answer.refusal_right

    @property
    def department_in_breach(self) -> bool | None:
        return self.answer.department_in_breach

    @property
    def waivers(self) -> list[str]:
        return self.answer.waivers

    @property
    def packs(self) -> list[str]:
        return self.answer.packs

    @property
    def pack_digest(self) -> str:
        return self.answer.pack_digest

    @property
    def facts(self) -> list[dict[str, str]]:
        """The rows of facts by column, those left out that say nothing."""
        return [told(vector) for _, vector in self.vectors]

    def fields(self) -> dict[str, Any]:
        """What a verdict keeps of it."""
        return msgspec.structs.asdict(self.answer) | {
            "facts": self.facts, "suggestions": self.suggestions, "would_be": self.would_be,
            "measured": self.measured, "reading": self.reading,
        }  # fmt: skip


_in_order: Callable[[Mapping[str, str]], Vector] = itemgetter(*COLUMNS)


def told(vector: Vector) -> dict[str, str]:
    """One row of facts by column; a newer column that says nothing is left out."""
    named = zip(COLUMNS, vector, strict=True)
    return {column: value for column, value in named if QUIET.get(column) != value}


def vector_of(facts: Mapping[str, str]) -> Vector:
    """A row of facts as a kept verdict told it, made whole again to be replayed."""
    return _in_order({**QUIET, **facts})
