"""读法 rows as a person's own lists show them, for a page that puts many of them together."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.querying.many import many
from registry.actions.reading import ELSEWHERE, NOT_READABLE, ListQuery, PageOf, page
from registry.domain.approval import Decision
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.filing import Filing
from registry.domain.funding import FundingLine
from registry.domain.grant import narrowed
from registry.domain.people import Actor, Organisation
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request
from registry.store.keepers import keepers

R = TypeVar("R", bound=Record)
_PAGE = 1 << 9
"""Rows read at a time."""


class Read:
    """读法: rows as the person's own lists show them; what they may not list is not there."""

    def __init__(self, office: Office, actor: Actor, county: str) -> None:
        self._office, self._actor, self._county = office, actor, county
        self._held: dict[str, list[Any]] = {}

    def all(self, kind: type[R], equals: dict[str, Any]) -> list[R]:
        """Every row that fits, in the order of ids; asked of the store once."""
        what = f"{kind.__name__}|{sorted(equals.items())}"
        if what not in self._held:
            self._held[what] = self._all(kind, equals)
        return self._held[what]

    def _all(self, kind: type[R], equals: dict[str, Any]) -> list[R]:
        found: list[R] = []
        after: str | None = None
        while True:
            query = ListQuery(limit=_PAGE, county=self._county, equals=equals, after=after)
            try:
                told = page(self._office, self._actor, kind, query)
            except Refusal:
                return found
            found += told.items
            after = told.next
            if after is None:
                return found

    def part(self, kind: type[R], query: ListQuery) -> PageOf:
        """One page of the rows that fit.

        Raises:
            Refusal: ``query.text``, ``query.cursor``.
        """
        asked = msgspec.structs.replace(query, county=self._county)
        try:
            return page(self._office, self._actor, kind, asked)
        except Refusal as refusal:
            if refusal.code in (NOT_READABLE, ELSEWHERE):
                return PageOf(items=[])
            raise

    def many(self, kind: type[R], equals: dict[str, Any]) -> int:
        """How many rows fit."""
        query = ListQuery(county=self._county, equals=equals)
        return many(self._office, self._actor, kind, query) or 0

    def bodies_of(self, area: Area) -> list[str]:
        """The organisations of the community, and those that carry what is in it, by id."""
        reader = self._office.store.reader
        held = reader.find(Organisation, self._county, area_id=area.id)
        with reader.moment() as connection:
            carrying = keepers(connection, self._county, area.id)
        return sorted({*carrying, *(body.id for body in held)})

    def funding(self, matters: Iterable[Presence]) -> dict[str, list[FundingLine]]:
        """经费 of each admission as it was granted."""
        return {id: filing.funding for id, filing in self.filings(matters).items()}

    def filings(self, matters: Iterable[Presence]) -> dict[str, Filing]:
        """What was asked in each admission, as far as it was granted."""
        ids = sorted({p.request_id for p in matters if p.request_id})
        requests = self.all(Request, {"id": ids}) if ids else []
        by = sorted({r.decision_id for r in requests if r.decision_id})
        find = self._office.store.reader.find
        grants = {d.id: d.grant for d in find(Decision, self._county, id=by)} if by else {}
        return {r.id: narrowed(r.filing, grants.get(r.decision_id or "")) for r in requests}

    def names(self, ids: Iterable[str | None]) -> dict[str, str]:
        """Names of bodies here and above."""
        asked = sorted({id for id in ids if id})
        find = self._office.store.reader.find
        return {o.id: o.name for c in above(self._county) for o in find(Organisation, c, id=asked)}
