"""可选对象 what a field that names a record may be filled with: what the person may read, by name.

A short list is shown whole; a long one is looked through by a word, however long it is.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.querying.askable import Condition, Op, worded
from registry.actions.reading import ListQuery
from registry.actions.staff import directory
from registry.api.lists import RESOURCES
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.web.forms.fields import Field, Form

OF = {
    "organisation": "organisations", "area": "areas", "person": "people", "request": "requests",
    "presence": "presences", "department": "organisations", "payer": "organisations",
    "agent": "organisations", "instrument": "instruments", "revocation": "revocations",
    "posting": "postings", "voucher": "vouchers", "project": "audit-projects",
    "expenditure": "expenditures", "holder": "people", "against": "organisations",
    "into": "presences", "indicator": "indicators", "applicant": "organisations",
    "provider": "organisations", "issuer": "organisations", "handler": "organisations",
    "reverses": "vouchers", "edition": "list-editions", "account": "organisations",
}  # fmt: skip
"""What a field refers to → the list in which it is found."""
PEOPLE = "people"
_NAMES = ("name", "title", "number", "document_number", "subject", "wording", "code")
FEW = 60
"""Choices that are shown all at once; of more, those that a word finds."""
LEAST, MATCHES = 2, 20
"""Characters of such a word; how many found are shown."""
_PAGE, _SCANNED = 500, 5_000
"""Rows of a list without an index of words that are looked through."""
FIND = "_find."
"""Before the path of a field: the word that is looked for in its list."""


class Option(NamedTuple):
    """可选对象."""

    id: str
    name: str


class Options(list[Option]):
    """可选对象 of one list: all of it, or, where ``more``, the first few and a way to the rest."""

    def __init__(
        self, few: Iterable[Option] = (), *, of: str = "", more: bool = False,
        look: Callable[..., list[Option]] = lambda **_: [],
    ) -> None:  # fmt: skip
        super().__init__(few)
        self.of, self.more, self._look = of, more, look

    def found(self, word: str) -> list[Option]:
        """What a word finds, and one more than is shown where there are more."""
        return self._look(word=word.strip())

    def named(self, ids: Iterable[str]) -> list[Option]:
        """What was chosen, by name; what names nothing that may be read, by its id."""
        wanted = list(dict.fromkeys(id for id in ids if id))
        told = {one.id: one for one in self._look(ids=wanted)} if wanted else {}
        return [told.get(id, Option(id, id)) for id in wanted]


class Shelf(NamedTuple):
    """一张名录: which list, for whom."""

    office: Office
    actor: Actor
    name: str
    county: str | None

    def rows(self, query: ListQuery) -> tuple[list[Any], str | None]:
        """One page of the list.

        Raises:
            Refusal: ``access.reading``; whatever the question is refused with.
        """
        record: Any = RESOURCES[self.name].record
        page = reading.page(self.office, self.actor, record, query)
        return list(page.items), page.next

    def look(self, word: str = "", ids: list[str] | None = None) -> list[Option]:
        """By a word, or by ids."""
        try:
            if ids is not None:
                where = [Condition(field="id", op=Op.IN, value=ids)]
                return _told(self._page(where=where, limit=_PAGE))
            if len(word) < LEAST:
                return []
            return _told(self._worded(word)) or self._scanned(word)
        except Refusal:
            return _with(word, ids, _colleagues(self)) if self.name == PEOPLE else []

    def _page(self, **more: Any) -> list[Any]:
        return self.rows(ListQuery(county=self.county, **more))[0]

    def _worded(self, word: str) -> list[Any]:
        if not worded(RESOURCES[self.name].record):
            return []
        return self._page(text=word, limit=MATCHES + 1)

    def _scanned(self, word: str) -> list[Option]:
        """What holds the word in its name, code or id, row by row: lists without words."""
        found: list[Option] = []
        after: str | None = None
        for _ in range(0, _SCANNED, _PAGE):
            rows, after = self.rows(ListQuery(county=self.county, limit=_PAGE, after=after))
            found += _with(word, None, _told(rows))
            if after is None or len(found) > MATCHES:
                break
        return found[: MATCHES + 1]


def _with(word: str, ids: list[str] | None, among: list[Option]) -> list[Option]:
    if ids is not None:
        return [one for one in among if one.id in ids]
    low = word.lower()
    return [one for one in among if low in one.name.lower() or low in one.id.lower()]


def _told(rows: Iterable[Any]) -> list[Option]:
    return [Option(row.id, _called(row)) for row in rows]


def _called(row: Any) -> str:
    told, name = getattr(row, "code", None) or getattr(row, "username", None), name_of(row)
    return f"{name} {told}" if told and told != name else name


def _colleagues(shelf: Shelf) -> list[Option]:
    """Of whoever may not read accounts: who holds a post in a body of their own."""
    found: dict[str, Option] = {}
    for body in dict.fromkeys(p.organisation_id for p in shelf.actor.posts):
        try:
            held = directory.listed(shelf.office, shelf.actor, body)
        except Refusal:
            continue
        found |= {one.person_id: Option(one.person_id, one.name) for one in held.people}
    return list(found.values())


def name_of(record: Any) -> str:
    """What people call a record; its id where it has no name."""
    for name in _NAMES:
        value = getattr(record, name, None)
        if isinstance(value, str) and value:
            return value
    return str(getattr(record, "id", record))


def referred(fields: tuple[Field, ...]) -> set[str]:
    """Every list that a form picks from."""
    found: set[str] = set()
    for field in fields:
        if field.refers in OF and field.form is not Form.FILE:
            found.add(OF[field.refers])
        found |= referred(field.fields)
    return found


def options(
    office: Office, actor: Actor, wanted: set[str], county: str | None = None
) -> dict[str, Options]:
    """What may be picked of each list; a list that may not be read has none."""
    return {name: choosing(Shelf(office, actor, name, county)) for name in sorted(wanted)}


def choosing(shelf: Shelf) -> Options:
    """What may be picked of one list."""
    try:
        rows, after = shelf.rows(ListQuery(limit=FEW, county=shelf.county))
        few, more = _told(rows), after is not None
    except Refusal:
        few, more = _colleagues(shelf) if shelf.name == PEOPLE else [], False
    return Options(few, of=shelf.name, more=more, look=shelf.look)


def sought(posted: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The words that lists are looked through by, by their fields."""
    return {name: [word] for name, word in posted if name.startswith(FIND)}


def codes(field: Field) -> list[str]:
    """The wire words of a field, in order."""
    return [one.value for one in field.codes]


__all__ = ["OF", "Option", "Options", "codes", "name_of", "options", "referred"]
