"""筛选 what a box is narrowed by, as it stands in the address: kept from page to page, and on the way
through its cases."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions.boxed import Box, BoxQuery, OwedKind
from registry.domain.approval import StepAct
from registry.domain.vocabulary import Kind

BOX, AFTER = "box", "after"
FIELDS = ("text", "due", "what", "kind", "applicant", "area", "unread")
"""Names in the address, in the order of the form."""
NAMES = frozenset({BOX, AFTER, *FIELDS})
LATE = "late"
DAYS = (0, 3, 5, 10, 20)
"""Working days left that may be picked; an address may say others."""
OF_BOX: dict[Box, frozenset[str]] = {
    Box.TODO: frozenset(FIELDS) - {"unread"}, Box.DONE: frozenset({"text", "kind", "applicant",
                                                                   "area"}),
    Box.STARTED: frozenset({"text", "kind", "applicant", "area"}),
    Box.COPIED: frozenset({"text", "kind", "applicant", "area", "unread"}),
}  # fmt: skip
"""What each box is narrowed by."""
FIRST = ("text", "due", "unread")
"""What stands open in the form; the rest is folded until it is used."""


class Narrowing:
    """筛选: what an address asks of a box; what it says wrongly is shown as not said."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.box = _read(query.get(BOX, ""), Box) or Box.TODO
        self.after = query.get(AFTER) or None
        said = {n: query.get(n, "").strip() for n in FIELDS if n in OF_BOX[self.box]}
        self._asked: dict[str, Any] = {}
        self.given: dict[str, str] = {}
        """What was said and understood, by the names of the form."""
        for name, value in said.items():
            found = _asked(name, value) if value else None
            if found is not None:
                self._asked |= found
                self.given[name] = value

    @property
    def folded(self) -> bool:
        """Whether anything is asked that the form does not show at once."""
        return not any(name in self.given for name in FIELDS if name not in FIRST)

    def query(self, limit: int, *, detailed: bool = False) -> BoxQuery:
        """The same as actions are asked.

        Raises:
            msgspec.ValidationError: something is longer than it may be.
        """
        told = {BOX: self.box, AFTER: self.after, "limit": limit, "detailed": detailed}
        return msgspec.convert(told | self._asked, BoxQuery)

    def address(self, **more: str) -> str:
        """The query of an address that asks the same; ``after`` only where it is given."""
        return urlencode({BOX: self.box.value} | self.given | {n: v for n, v in more.items() if v})


def _asked(name: str, value: str) -> dict[str, Any] | None:
    """What one part of the form asks; ``None`` where it is nothing that could be asked."""
    if name == "due":
        if value == LATE:
            return {"late": True}
        return _fits({"due_within": int(value)} if value.isdecimal() else None)
    if name == "what":
        act, owed = _read(value, StepAct), _read(value, OwedKind)
        return {"act": act} if act else {"owed": owed} if owed else None
    if name == "kind":
        kind = _read(value, Kind)
        return {"kind": kind} if kind else None
    if name == "unread":
        return {"unread": True}
    return _fits({name: value})


def _fits(asked: dict[str, Any] | None) -> dict[str, Any] | None:
    try:
        if asked is not None:
            msgspec.convert(asked, BoxQuery)
    except msgspec.ValidationError:
        return None
    return asked


def _read(value: str, words: Any) -> Any:
    try:
        return words(value)
    except ValueError:
        return None
