"""重判 what one or two rulebooks say of cases on record, as if each were filed on one day.

The one function behind simulation and re-evaluation. Facts that a kept verdict was made from are
used again where nothing they were read from has changed (``policies/measuring/reading``); else the
filing is read anew. The days before entry are those of the real filing: nobody files again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from registry.actions.exceptions import waived_for
from registry.actions.instruments import registered
from registry.actions.matters import matter_of
from registry.actions.office import Call, Desk, Office
from registry.domain.admission import COLUMNS, Vector
from registry.domain.errors import Refusal
from registry.domain.instrument import Instrument
from registry.domain.matching import Match, MatchIndex
from registry.domain.people import Actor
from registry.domain.vocabulary import Gate, Kind, Receiver
from registry.domain.waiver import Waiver
from registry.policies.judge import Rulebook, vector_of
from registry.policies.measuring.facts import Matter
from registry.policies.measuring.measured import lead_time
from registry.policies.measuring.registered import status_word
from registry.policies.simulation import Stand, stand
from registry.policies.standing import Lists
from registry.store.scan import Case, Kept, Moment, filing_of
from registry.store.shelf import Shelf
from registry.store.unit import Unit
from registry.store.waivers import standing

Vectors = list[tuple[Receiver, Vector]]
_MOST = 65_536
"""Answers kept at once: memory. Each is a digest and a reference, for few answers differ."""
_TEXTS = 512
"""Texts read, kept at once: memory. They repeat less than facts do, and hold more."""
_COUNTED = ("R12", "R15")
_BASIS, _LEAD = COLUMNS.index("basis_state"), COLUMNS.index("lead_time")
_EDITABLE = frozenset({"draft", "returned"})
_facts = msgspec.json.Decoder(list[dict[str, str]])


class _Number(msgspec.Struct, frozen=True):
    document_number: str = ""


class _Bases(msgspec.Struct, frozen=True):
    bases: list[_Number] = []


class _Based(msgspec.Struct, frozen=True):
    filing: _Bases


_based = msgspec.json.Decoder(_Based)


class Restated(NamedTuple):
    """重判结果: one answer a rulebook, in order; whether the kept facts were used again."""

    stands: tuple[Stand, ...]
    reused: bool


class _Remembering(MatchIndex):
    """A match index that reads the same text once."""

    def __init__(self, index: MatchIndex) -> None:
        self.__dict__ |= index.__dict__
        self._known: dict[bytes, list[Match]] = {}

    def find(self, title: str, text: str, kind: Kind, on: date | None = None) -> list[Match]:
        told = f"{kind.value}\0{on}\0{title}\0{text}".encode()
        key = hashlib.blake2b(told, digest_size=16).digest()
        if key not in self._known:
            if len(self._known) >= _TEXTS:
                self._known.clear()
            self._known[key] = super().find(title, text, kind, on)
        return self._known[key]


class _Side(Desk):
    """One rulebook's view of the county: what asks for rules on any day is given these."""

    def __init__(self, office: Office, unit: Unit, call: Call, book: Rulebook) -> None:
        super().__init__(office, unit, call)
        index = _Remembering(book.lists.index)
        self.book = Rulebook(book.overlay, Lists(book.lists.lists.values(), index), book.calendar)

    def rulebook(self, on: date | None = None) -> Rulebook:
        return self.book


class Restater:
    """重判 of one county's cases by some rulebooks on one day, on a connection that only reads."""

    def __init__(
        self, office: Office, connection: Moment, county: str, *,
        books: Sequence[Rulebook], on: date,
    ) -> None:  # fmt: skip
        unit = Unit(connection, county, Shelf())
        nobody = Actor(person_id="system", name="system", county=county)
        call = Call(actor=nobody, county=county, act="pack.simulate")
        self._sides = [_Side(office, unit, call, book) for book in books]
        self._on = on
        self._readings = [side.book.reading(on) for side in self._sides]
        self._counting = {reading.partition(".")[2] for reading in self._readings}
        self._waivers: list[Waiver] = standing(connection, county, on)
        self._instruments: dict[str, Instrument | None] = {}
        self._known: dict[bytes, tuple[Stand, ...]] = {}
        self._met: dict[Stand, Stand] = {}
        self._pairs: dict[tuple[Stand, ...], tuple[Stand, ...]] = {}

    def restate(self, case: Case) -> Restated | None:
        """The answer of every rulebook; ``None`` where the case cannot be judged, for something it
        names is no longer on record."""
        try:
            waived = self._waived(case)
            kept = case.verdict
            if kept is not None and self._same(case, kept):
                return Restated(self._remembered(case, kept, waived), True)
            return Restated(self._anew(case, waived), False)
        except Refusal:
            return None

    def _same(self, case: Case, kept: Kept) -> bool:
        """Whether the facts of its verdict are what they would be today: the filing was not
        touched since, and nothing that it was read from has changed."""
        if case.state in _EDITABLE and case.event_from != kept.event_from:
            return False
        return all(reading == kept.reading for reading in self._readings)

    def _remembered(self, case: Case, kept: Kept, waived: Mapping[str, str]) -> tuple[Stand, ...]:
        raw = bytes(kept.facts)
        word = self._basis(case) if b'"basis_state"' in raw else ""
        told = raw + word.encode() + (msgspec.json.encode(waived) if waived else b"")
        key = hashlib.blake2b(told, digest_size=16).digest()
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            vectors = [(Receiver(f["receiver"]), vector_of(f)) for f in _facts.decode(raw)]
            if word:
                vectors = _put(vectors, _BASIS, word)
            made = tuple(self._stand(side.book, vectors, waived) for side in self._sides)
            found = self._known[key] = self._pairs.setdefault(made, made)
        return found

    def _anew(self, case: Case, waived: Mapping[str, str]) -> tuple[Stand, ...]:
        filing = filing_of(case)
        found, made = [], {}
        for side, reading in zip(self._sides, self._readings, strict=True):
            if reading not in made:
                matter = matter_of(side, filing, Gate.FILE, applied=self._on, request_id=case.id)
                vectors = side.book.facts(self._told(matter, case.verdict)).vectors
                book = side.book
                days = lead_time(
                    filing, case.applied_on or self._on, book.calendar, book.gauges.apply_ahead
                )
                made[reading] = _put(vectors, _LEAD, days)
            found.append(self._stand(side.book, made[reading], waived))
        return tuple(found)

    def _stand(self, book: Rulebook, vectors: Vectors, waived: Mapping[str, str]) -> Stand:
        """The answer of one rulebook; there are few different ones, each is held once."""
        made = stand(book, vectors, self._on, waived)
        return self._met.setdefault(made, made)

    def _told(self, matter: Matter, kept: Kept | None) -> Matter:
        """What the register counted when it was filed stands, unless what is counted changed: a
        quota filled later does not turn against those who were first."""
        if kept is None or self._counting != {kept.reading.partition(".")[2]}:
            return matter
        facts = _facts.decode(kept.facts)
        grounds: dict[str, tuple[str, list[str]]] = {
            f["ground"]: (f["match"], []) for f in facts if f["ground"] in _COUNTED
        }
        held = facts[0].get("held", "none")
        return msgspec.structs.replace(
            matter, grounds=grounds, state={**matter.state, "held": held}
        )

    def _basis(self, case: Case) -> str:
        """The state of its bases on the day: instruments begin and lapse."""
        numbers = {b.document_number for b in _based.decode(case.body).filing.bases}
        for number in numbers - self._instruments.keys() - {""}:
            self._instruments[number] = registered(self._sides[0], [number]).get(number)
        found = {n: i for n in numbers if (i := self._instruments.get(n)) is not None}
        return status_word(numbers - {""}, found, self._on)

    def _waived(self, case: Case) -> dict[str, str]:
        """Exceptions that stand on the day for this case; the filing is read only where one may."""
        near = any(
            (not w.scope.requests or case.id in w.scope.requests)
            and (not w.scope.kinds or case.kind in w.scope.kinds)
            and (not w.scope.applicants or case.applicant_id in w.scope.applicants)
            for w in self._waivers
        )
        return waived_for(self._sides[0], filing_of(case), case.id, self._on) if near else {}


def _put(vectors: Sequence[tuple[Receiver, Any]], column: int, word: str) -> Vectors:
    return [(who, (*v[:column], word, *v[column + 1 :])) for who, v in vectors]
