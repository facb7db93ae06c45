"""重判 what one or two rulebooks say of cases on record, as if each were filed on one day.

The one function behind simulation and re-evaluation. Facts that a kept verdict was made from are
used again where nothing they were read from has changed (``policies/measuring/reading``); else the
filing is read anew. The days before entry are those of the real filing: nobody files again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import msgspec

from registry.actions.afterwards.amended import original_by
from registry.actions.matters import matter_of
from registry.actions.office import Call, Desk, Office
from registry.actions.rejudging.granted import as_granted
from registry.actions.rules.exceptions import waived_for
from registry.actions.rules.instruments import registered
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
from registry.store.footing import Kept
from registry.store.scan import Case, Moment, Whole, kept, pieces, wholes
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


class _Seen(NamedTuple):
    """见过: what is known of all verdicts with one footing."""

    fresh: bool
    """What their facts were read from is what they would be read from on the day."""
    plain: Restated | None
    """The answer where the facts alone give it; ``None`` where the state of a basis does too."""


class _Read(NamedTuple):
    """已读: one case with all that was kept of it."""

    case: Case
    whole: Whole
    kept: Kept | None


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
        self._moment, self._county = connection, county
        self._seen: dict[str, _Seen] = {}
        self._known: dict[bytes, tuple[Stand, ...]] = {}
        self._met: dict[Any, Any] = {}

    def restated(self, batch: Sequence[Case]) -> list[tuple[Case, Restated | None]]:
        """The answers of every rulebook, case by case; ``None`` where one cannot be judged, for
        something it names is no longer on record. Composites are left out."""
        self._learn(batch)
        found: dict[str, Restated | None] = {}
        apart = []
        for case in batch:
            plain = self._plainly(case)
            if plain is None:
                apart.append(case)
            else:
                found[case.id] = plain
        for some in pieces(apart):
            for read in self._read(some):
                found[read.case.id] = self._restated(read)
        return [(case, found[case.id]) for case in batch if case.id in found]

    def _plainly(self, case: Case) -> Restated | None:
        """The answer that the columns alone give: the case need not be read."""
        seen = self._seen.get(case.footing or "")
        if seen is None or self._near(case) or not self._same(case, seen):
            return None
        return seen.plain

    def _learn(self, batch: Sequence[Case]) -> None:
        """Look at one verdict of every footing not met before."""
        if len(self._seen) >= _MOST:
            self._seen.clear()
        new = {c.footing: c.verdict_id for c in batch if c.footing and c.footing not in self._seen}
        for some in pieces([(f, v) for f, v in new.items() if f and v]):
            made = kept(self._moment, self._county, [v for _, v in some])
            self._seen |= {f: self._look(made[v]) for f, v in some}

    def _look(self, kept: Kept) -> _Seen:
        fresh = all(reading == kept.reading for reading in self._readings)
        plain = None
        if fresh and not _by_basis(kept):
            plain = Restated(self._said(bytes(kept.facts), "", {}), True)
        seen = _Seen(fresh, plain)
        met: _Seen = self._met.setdefault(seen, seen)
        return met

    def _read(self, cases: Sequence[Case]) -> list[_Read]:
        """Cases with their filings and the facts kept."""
        told = wholes(self._moment, self._county, [c.id for c in cases])
        verdicts = [c.verdict_id for c in cases if c.footing and c.verdict_id]
        facts = kept(self._moment, self._county, verdicts) if verdicts else {}
        made = [(c, told[c.id], facts.get(c.verdict_id or "")) for c in cases if c.id in told]
        return [_Read(c, *as_granted(self._sides[0], c, w, held)) for c, w, held in made]

    def granted(self, case: Case, whole: Whole) -> Whole:
        """A case as far as it was granted."""
        return as_granted(self._sides[0], case, whole, None)[0]

    def _restated(self, read: _Read) -> Restated | None:
        case = read.case
        seen = self._seen.get(case.footing or "")
        try:
            waived = self._waived(read)
            if read.kept is not None and seen is not None and self._same(case, seen):
                return Restated(self._remembered(read, read.kept, waived), True)
            return Restated(self._anew(read, waived), False)
        except Refusal:
            return None

    def _same(self, case: Case, seen: _Seen) -> bool:
        """Whether the facts of its verdict are what they would be today: nothing that they were
        read from has changed, the filing was not touched since, and all of it was granted."""
        touched = case.state in _EDITABLE and case.event_from != case.judged
        return seen.fresh and not touched and case.narrowed_by is None

    def _remembered(self, read: _Read, kept: Kept, waived: Mapping[str, str]) -> tuple[Stand, ...]:
        """The answer by the facts kept, the state of its bases and exceptions told anew."""
        word = self._basis(read.whole) if _by_basis(kept) else ""
        told = f"{read.case.footing}{word}".encode()
        key = hashlib.blake2b(
            told + (msgspec.json.encode(waived) if waived else b""), digest_size=16
        ).digest()  # fmt: skip
        if key not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = self._said(bytes(kept.facts), word, waived)
        return self._known[key]

    def _said(self, facts: bytes, basis: str, waived: Mapping[str, str]) -> tuple[Stand, ...]:
        """What every rulebook says of kept facts; there are few different answers, each is held
        once."""
        vectors = [(Receiver(f["receiver"]), vector_of(f)) for f in _facts.decode(facts)]
        vectors = _put(vectors, _BASIS, basis) if basis else vectors
        made = tuple(self._stand(side.book, vectors, waived) for side in self._sides)
        met: tuple[Stand, ...] = self._met.setdefault(made, made)
        return met

    def _anew(self, read: _Read, waived: Mapping[str, str]) -> tuple[Stand, ...]:
        case, filing = read.case, read.whole.filing()
        applied = read.whole.applied_on or self._on
        found, made = [], {}
        for side, reading in zip(self._sides, self._readings, strict=True):
            if reading not in made:
                matter = matter_of(
                    side, filing, Gate.FILE, applied=self._on, request_id=case.id,
                    changing=partial(original_by, side, case.amends),
                )  # fmt: skip
                book = side.book
                vectors = book.facts(self._told(matter, read.kept)).vectors
                days = lead_time(filing, applied, book.calendar, book.gauges.apply_ahead)
                made[reading] = _put(vectors, _LEAD, days)
            found.append(self._stand(side.book, made[reading], waived))
        return tuple(found)

    def _stand(self, book: Rulebook, vectors: Vectors, waived: Mapping[str, str]) -> Stand:
        made = stand(book, vectors, self._on, waived)
        met: Stand = self._met.setdefault(made, made)
        return met

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

    def _basis(self, whole: Whole) -> str:
        """The state of its bases on the day: instruments begin and lapse."""
        numbers = {b.document_number for b in _based.decode(whole.body).filing.bases}
        for number in numbers - self._instruments.keys() - {""}:
            self._instruments[number] = registered(self._sides[0], [number]).get(number)
        found = {n: i for n in numbers if (i := self._instruments.get(n)) is not None}
        return status_word(numbers - {""}, found, self._on)

    def _near(self, case: Case) -> bool:
        """Whether an exception may stand for this case."""
        return bool(self._waivers) and any(
            (not w.scope.requests or case.id in w.scope.requests)
            and (not w.scope.kinds or case.kind in w.scope.kinds)
            and (not w.scope.applicants or case.applicant_id in w.scope.applicants)
            for w in self._waivers
        )

    def _waived(self, read: _Read) -> dict[str, str]:
        """Exceptions that stand on the day for this case; the filing is read only where one may."""
        if not self._near(read.case):
            return {}
        return waived_for(self._sides[0], read.whole.filing(), read.case.id, self._on)


def _by_basis(kept: Kept) -> bool:
    """Whether the state of its bases is among the facts."""
    return b'"basis_state"' in bytes(kept.facts)


def _put(vectors: Sequence[tuple[Receiver, Any]], column: int, word: str) -> Vectors:
    return [(who, (*v[:column], word, *v[column + 1 :])) for who, v in vectors]
