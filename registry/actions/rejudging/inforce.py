"""现行状态 a digest of all that is in force in a county on a day: another digest, and what is live is
judged anew."""

import hashlib
from datetime import date

import msgspec

from registry.actions.office import Office
from registry.actions.places import above
from registry.domain.errors import Refusal
from registry.domain.instrument import Instrument
from registry.policies.overlay import Governing
from registry.store.waivers import standing


def in_force_digest(office: Office, county: str, on: date) -> str | None:
    """Packs and their rows in force, lists as they stand, instruments by their state, exceptions
    honoured; ``None`` where no pack governs the county."""
    try:
        book = office.rulebooks.of(county, on)
    except Refusal:
        return None
    table = book.overlay.active(Governing(applied=on, decided=on, entered=on))
    with office.store.reader.connect() as connection:
        waivers = [(w.id, w.version) for w in standing(connection, county, on)]
    instruments = [
        (code, i.document_number, i.status(on).value)
        for code in above(county)
        for i in office.store.reader.find(Instrument, code)
    ]
    told = [
        book.overlay.digest, [(r.pack, r.row.line, r.rule.id) for r in table.rows],
        book.reading(on), sorted(instruments), waivers,
    ]  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()
