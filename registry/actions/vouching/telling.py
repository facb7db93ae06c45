"""公开状况 what anybody may ask without signing in: the keys, and what does not stand today.

Numbers only (P8): no title, no community, no reason. The status of a day is signed, so that it may
be published anywhere.
"""

from base64 import urlsafe_b64encode
from datetime import date, datetime

import msgspec

from registry.actions.office import HIDDEN, Office
from registry.actions.vouching.keeping import standing
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.presence import PresenceState
from registry.domain.records import SHANGHAI, Wire, civil
from registry.domain.succession import Succession
from registry.domain.vocabulary import OrganisationKind
from registry.domain.vouching import (
    AdmissionNotice,
    KeyGone,
    KeyPurpose,
    KeyState,
    Renamed,
    SignedStatus,
    SigningKey,
    Status,
)
from registry.store.vouched import amiss

FORM = 1
"""Form of the status file."""
UNSIGNED = declare(
    "status.unsigned", RefusalKind.UNAVAILABLE, "本机没有 {county} 的签名密钥，无法出具状况文件",
    "No signing key of {county} lies here, so there is no status to publish.",
)  # fmt: skip
WHICH = declare(
    "status.county", RefusalKind.MALFORMED, "请用 county 指明区县：{counties}",
    "Name the county: {counties}.",
)  # fmt: skip

P = PresenceState
LISTED: dict[PresenceState, str] = {
    P.SUSPENDED: "suspended", P.EXITED: "withdrawn", P.REFUSED: "withdrawn",
    P.COMPLETED: "ended", P.EXPIRED: "ended",
}  # fmt: skip
"""Which list a notice stands in by the state of its presence."""


class PublicKey(Wire, frozen=True, kw_only=True):
    """公钥 as the page carries it."""

    county: str
    id: str
    public: str
    revoked: str = ""
    """Instant from which it is revoked; empty = it is not."""


class PublicCounty(Wire, frozen=True, kw_only=True):
    """区县 as the page names it: where to ask and to complain."""

    code: str
    name: str
    office: str = ""
    telephone: str = ""


def keys(office: Office) -> list[PublicKey]:
    """Every public half there ever was, by county."""
    reader = office.store.reader
    return [
        PublicKey(county=county, id=key.id, public=key.public, revoked=_instant(key.revoked_from))
        for county in reader.partitions()
        for key in reader.find(SigningKey, county)
        if key.purpose is KeyPurpose.NOTICE
    ]


def counties(office: Office) -> list[PublicCounty]:
    """The counties of this installation, with the office that answers for admissions."""
    reader, today = office.store.reader, civil(office.clock())
    found = []
    for code in reader.partitions():
        for area in reader.find(Area, code, level=AreaLevel.COUNTY):
            answering = [o for o in reader.find(Organisation, code)
                         if OrganisationKind.ADMISSION_OFFICE in o.functions
                         and o.in_force(today)][:1]  # fmt: skip
            found += [
                PublicCounty(
                    code=code,
                    name=area.name,
                    office=answering[0].name if answering else "",
                    telephone=answering[0].telephone if answering else "",
                )
            ]
    return found


def status(office: Office, county: str | None = None) -> SignedStatus:
    """What does not stand today as its paper says, signed.

    Raises:
        Refusal: ``status.county``, ``status.unsigned``, ``access.hidden``.
    """
    named = {one.code: one.name for one in counties(office)}
    code = county or next(iter(named), "")
    if county is None and len(named) != 1:
        raise Refusal(WHICH, counties=", ".join(named))
    if code not in named:
        raise Refusal(HIDDEN)
    key = standing(office, code)
    if key is None:
        raise Refusal(UNSIGNED, county=named[code])
    text = msgspec.json.encode(_told(office, code, named[code], key))
    signature = urlsafe_b64encode(office.store.keys.sign(key.id, text)).decode().rstrip("=")
    return SignedStatus(status=text.decode(), signature=signature, key=key.id)


def _told(office: Office, county: str, name: str, key: SigningKey) -> Status:
    reader, today = office.store.reader, civil(office.clock())
    serial = reader.head(county)
    lists: dict[str, list[str]] = {}
    with reader.connect() as connection:
        rows = amiss(connection, county, [state.value for state in LISTED], today)
    for number, edition, replaced, state in rows:
        word = "replaced" if replaced else LISTED[PresenceState(state)]
        lists.setdefault(word, []).append(f"{number}/{edition}")
    gone = [
        KeyGone(key=k.id, since=_instant(k.revoked_from))
        for k in reader.find(SigningKey, county, state=KeyState.REVOKED.value)
        if k.purpose is KeyPurpose.NOTICE
    ]
    return Status(
        form=FORM, county=county, name=name, on=today, serial=serial, key=key.id, revoked=gone,
        renamed=_renamed(office, county, today), **lists,
    )  # fmt: skip


def _renamed(office: Office, county: str, today: date) -> list[Renamed]:
    """Communities whose papers of class ``open`` print another name than they bear today: old paper
    keeps its name until its next edition."""
    reader = office.store.reader
    moved = {s.successor_id for s in reader.find(Succession, county, object_kind="area")}
    areas = reader.find(Area, county, id=sorted(moved)) if moved else []
    here = {area.path: area for area in areas if area.in_force(today)}
    ids = sorted(area.id for area in here.values())
    bodies = [one.id for one in reader.find(Organisation, county, area_id=ids)] if ids else []
    held = reader.find(AdmissionNotice, county, organisation_id=bodies, replaced=False)
    found = {
        (one.scope_code, one.scope): here[one.area_path]
        for one in held
        if one.open and one.area_path in here and one.scope != here[one.area_path].name
    }
    return [
        Renamed(code=code, was=was, now=area.name, now_code=area.code)
        for (code, was), area in sorted(found.items(), key=lambda item: item[0])
    ]


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(SHANGHAI).isoformat(timespec="seconds")
