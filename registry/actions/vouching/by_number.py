"""按编号核验 a notice by the number that is printed on it, for anybody who has no QR at hand.

Only of class ``open`` (P8): of the others an answer by number would let anybody count them, so they
are answered as if there were none, and the page says that the QR tells of every notice.
"""

from datetime import date

from registry.actions.office import Office
from registry.actions.vouching.telling import LISTED
from registry.domain import document_number
from registry.domain.approval import Decision
from registry.domain.presence import Presence
from registry.domain.records import Fen, Line, Wire, civil
from registry.domain.vocabulary import Disclosure
from registry.domain.vouching import AdmissionNotice
from registry.store.reader import Reader

GOOD, ENDED, REPLACED = "good", "ended", "replaced"


class NumberQuery(Wire, frozen=True, kw_only=True):
    """核验条件."""

    number: Line


class NumberedNotice(Wire, frozen=True, kw_only=True):
    """通知书 as it stands today: what the paper prints, and whether it is good."""

    county: str
    number: str
    edition: int
    title: str
    community: str
    issuer: str
    issued_on: date
    starts_on: date | None
    ends_on: date | None
    share_fen: Fen
    """分."""
    standing: str
    """good, replaced, suspended, withdrawn, ended."""


def of_number(office: Office, query: NumberQuery) -> list[NumberedNotice]:
    """The open notices of a number, in whatever brackets it was typed; the latest edition first. By
    the number of the decision, as public lists tell it, those of every community."""
    reader, today = office.store.reader, civil(office.clock())
    writings = document_number.writings(query.number)
    found = []
    for county in reader.partitions():
        notices = [n for n in _numbered(reader, county, writings) if n.open]
        ids = sorted({n.presence_id for n in notices})
        held = {p.id: p for p in (reader.find(Presence, county, id=ids) if ids else [])}
        found += [
            _told(n, held[n.presence_id], today) for n in notices
            if held[n.presence_id].disclosure is Disclosure.OPEN
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one.county, one.number, -one.edition))


def _numbered(reader: Reader, county: str, writings: list[str]) -> list[AdmissionNotice]:
    if found := reader.find(AdmissionNotice, county, number=writings):
        return found
    decisions = [one.id for one in reader.find(Decision, county, number=writings)]
    return reader.find(AdmissionNotice, county, decision_id=decisions) if decisions else []


def _told(notice: AdmissionNotice, presence: Presence, today: date) -> NumberedNotice:
    over = notice.ends_on is not None and notice.ends_on < today
    standing = ENDED if over else LISTED.get(presence.state, GOOD)
    return NumberedNotice(
        county=notice.county, number=notice.number, edition=notice.edition, title=notice.title,
        community=notice.scope, issuer=notice.issuer_name, issued_on=notice.issued_on,
        starts_on=notice.starts_on, ends_on=notice.ends_on, share_fen=notice.share_fen,
        standing=REPLACED if notice.replaced else standing,
    )  # fmt: skip
