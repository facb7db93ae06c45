"""Refusals 不予办理: an expected "no", with a permanent dotted code and a sentence in two languages.

The domain knows no HTTP numbers; the door maps ``RefusalKind`` to a status.
``catalogue()`` is the generated page of errors; a test raises every code in it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.domain.amounts import told_yuan


class RefusalKind(StrEnum):
    """拒绝类别."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    STALE = "stale"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    INVALID = "invalid"
    PRECONDITION_REQUIRED = "precondition_required"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class Sentence(tuple[RefusalKind, str, str, bool]):
    """One line of the catalogue: (kind, zh template, en template, recorded as a refused act)."""

    __slots__ = ()


_CATALOGUE: dict[str, Sentence] = {}
SENTENCES: Mapping[str, Sentence] = MappingProxyType(_CATALOGUE)
"""The same to look one code up in, in the order of their declaration."""


def declare(code: str, kind: RefusalKind, zh: str, en: str, *, recorded: bool = False) -> str:
    """Add ``code`` to the catalogue and return it; a second declaration is a programming error."""
    if code in _CATALOGUE:
        raise ValueError(f"declared twice: {code}")
    _CATALOGUE[code] = Sentence((kind, zh, en, recorded))
    return code


def catalogue() -> dict[str, Sentence]:
    """Every refusal the registry can answer, by code, in code order."""
    return dict(sorted(_CATALOGUE.items()))


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """不予办理: raised by a decision, answered as problem+json.

    Args:
        code: a declared dotted code.
        rules: the rows of a verdict that refused, where a rule pack did.
        keep: records that stay though the act is refused: the verdict that refused it.
        facts: what the sentence is about; also fills its placeholders. ``words`` among them says
            how the sentences name what the other facts give by id.
    """

    def __init__(
        self, code: str, *, rules: list[Any] | None = None, keep: Sequence[Any] = (), **facts: Any
    ) -> None:
        kind, zh, en, recorded = _CATALOGUE[code]
        super().__init__(code)
        self.code, self.kind, self.recorded, self.keep = code, kind, recorded, keep
        self.facts, self.rules = facts, rules or []
        amounts = {k: Amount(v) for k, v in facts.items() if k.endswith(_FEN) and type(v) is int}
        said = _Blank(facts | amounts | facts.get("words", {}))
        self.detail, self.detail_en = zh.format_map(said), en.format_map(said)


_FEN = "_fen"


class Amount(int):
    """金额 in 分, which a sentence tells in 元: ``{left_fen:元}`` is 1,450.00元."""

    def __format__(self, form: str) -> str:
        if form not in ("元", "yuan"):
            return super().__format__(form)
        return f"{told_yuan(self)}{'' if form == '元' else ' '}{form}"


class _Unsaid(str):
    __slots__ = ()

    def __format__(self, form: str) -> str:
        return str(self)


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return _Unsaid(f"<{key}>")
