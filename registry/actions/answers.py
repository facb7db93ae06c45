"""答复 what an act gives back, and a refusal as data: kept, replayed, raised anew."""

import hashlib
from typing import Any

import msgspec

from registry.domain.errors import Refusal
from registry.domain.records import Wire


class Answer(Wire, frozen=True, kw_only=True):
    """答复: what an act gives back, and the version of the object it concerns."""

    body: Any
    version: int | None = None
    refused: dict[str, Any] | None = None
    """Set where the rows stay though the answer is a refusal (a refused submission)."""


def refusal_facts(refusal: Refusal) -> dict[str, Any]:
    """A refusal as data, to be kept, replayed and answered."""
    return {
        "code": refusal.code, "detail": refusal.detail, "detail_en": refusal.detail_en,
        "facts": msgspec.to_builtins(refusal.facts), "rules": msgspec.to_builtins(refusal.rules),
    }  # fmt: skip


def plain_facts(refusal: Refusal) -> dict[str, Any]:
    """The facts of a refusal that an entry of the log keeps: words and whole numbers."""
    facts = msgspec.to_builtins(refusal.facts)
    return {k: v for k, v in facts.items() if isinstance(v, str | int)}


def settled(answer: Answer) -> Answer:
    """The answer, or the refusal it holds, raised."""
    if answer.refused is not None:
        held = answer.refused
        raise Refusal(held["code"], rules=held["rules"], **held["facts"])
    return answer


def fingerprint(*parts: object) -> str:
    """Digest of what a request asks, to tell a retry from another request under the same key."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()
