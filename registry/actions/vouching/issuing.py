"""发通知书 one signed notice for each community that an admission opens, renewed when it changes.

凭单进入、无单可拒: who comes to the door shows it. A paper that was handed out stays as it is; what
changes is a next edition, and the one before it is marked as replaced.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from registry.actions.entering import number_of, sharing
from registry.actions.granting import admitted
from registry.actions.office import Desk
from registry.actions.vouching.keeping import signing_key
from registry.domain.approval import Decision, DecisionKind
from registry.domain.filing import Condition, Filing
from registry.domain.notice_code import code, payload
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from registry.domain.vocabulary import Disclosure
from registry.domain.vouching import AdmissionNotice, SigningKey

OVER = frozenset({
    PresenceState.COMPLETED, PresenceState.EXITED, PresenceState.EXPIRED, PresenceState.REFUSED,
})  # fmt: skip
"""States in which nothing opens a door any more."""


def vouch(desk: Desk, request: Request) -> list[AdmissionNotice]:
    """Issue what the communities of an admission are to be shown as it stands now: a first edition,
    or a next one where the one they have says something else. For a change, those of its original.
    """
    stood = desk.unit.get(Request, request.amends) if request.amends else request
    decision = desk.unit.maybe(Decision, stood.decision_id) if stood.decision_id else None
    if decision is None or decision.kind is not DecisionKind.ADMITTED:
        return []
    doors = sharing(desk.unit.find(Presence, request_id=stood.id))
    living = [p for p in doors if p.state not in OVER]
    if not living:
        return []
    held = current(desk.unit.find(AdmissionNotice, request_id=stood.id))
    told = _told(desk, decision, admitted(desk, stood), living)
    stale = [one for one in told if _differs(held.get(one.presence_id), one)]
    return signed(desk, [(held.get(one.presence_id), one) for one in stale])


def current(notices: Sequence[AdmissionNotice]) -> dict[str, AdmissionNotice]:
    """The edition in force of each presence."""
    return {n.presence_id: n for n in notices if not n.replaced}


def signed(
    desk: Desk, pairs: Sequence[tuple[AdmissionNotice | None, AdmissionNotice]]
) -> list[AdmissionNotice]:
    """Sign notices and record them, each in the place of the edition before it.

    Args:
        pairs: the edition before, if any, and what the next says.
    """
    if not pairs:
        return []
    key = signing_key(desk)
    made = []
    for before, said in pairs:
        if before is not None:
            desk.unit.change(before, replaced=True)
        made.append(desk.unit.add(_signed(desk, key, before, said)))
    return made


def _signed(
    desk: Desk, key: SigningKey, before: AdmissionNotice | None, said: AdmissionNotice
) -> AdmissionNotice:
    edition = before.edition + 1 if before else 1
    notice = msgspec.structs.replace(
        said, id=f"{said.presence_id}.n{edition}", version=1, edition=edition, key_id=key.id,
        issued_on=desk.today, replaced=False,
    )  # fmt: skip
    octets = payload(notice)
    written = code(octets, desk.office.store.keys.sign(key.id, octets))
    return msgspec.structs.replace(notice, code=written)


_TOLD = (
    "number", "title", "scope", "scope_code", "starts_on", "ends_on", "share_fen", "conditions",
    "issuer_name", "open",
)  # fmt: skip
"""What makes another edition where it changes."""


def _differs(held: AdmissionNotice | None, told: AdmissionNotice) -> bool:
    return held is None or any(getattr(held, n) != getattr(told, n) for n in _TOLD)


def _told(
    desk: Desk, decision: Decision, filing: Filing, doors: Sequence[Presence]
) -> list[AdmissionNotice]:
    """What the notice of each door says, not signed yet."""
    places = desk.places.areas([door.area_id for door in doors], desk.today)
    shared: dict[str, Any] = {
        "county": desk.unit.county, "decision_id": decision.id, "issuer_name": decision.body_name,
        "conditions": [_worded(c) for c in filing.conditions], "issued_on": desk.today,
        "id": "", "key_id": "", "code": "",
    }  # fmt: skip
    return [
        AdmissionNotice(
            number=f"{decision.number}-{number_of(door) + 1:03d}",
            request_id=door.request_id or "",
            presence_id=door.id,
            organisation_id=door.organisation_id,
            area_path=door.area_path,
            title=door.title,
            scope=place.name,
            scope_code=place.code,
            starts_on=door.starts_on,
            ends_on=door.ends_on,
            share_fen=door.share_fen,
            open=door.disclosure is Disclosure.OPEN,
            **shared,
        )
        for door, place in zip(doors, places, strict=True)
    ]


def _worded(condition: Condition) -> str:
    """保障条件 in one line, as the paper prints it."""
    count = f" {condition.quantity}{condition.unit}" if condition.quantity else ""
    return f"{condition.description}{count}"
