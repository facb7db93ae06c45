"""名下事项 everything one person holds: what a handover has to leave in somebody's hands (P16)."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from registry.actions.conference.sitting import member_of
from registry.actions.office import Desk
from registry.actions.succession.inheriting import LIVE, WAYS
from registry.actions.succession.planning import titled
from registry.domain.afterwards import Review, Revocation
from registry.domain.approval import Task
from registry.domain.conference import Conference
from registry.domain.delegation import Absence, Delegation
from registry.domain.funds import Voucher, VoucherState
from registry.domain.notice import Notice
from registry.domain.people import Post
from registry.domain.phrase import Phrase
from registry.domain.records import Record
from registry.domain.request import Request
from registry.domain.succession import HandedItem, Handing, Handover
from registry.store.naming import naming
from registry.store.tables import BY_RECORD


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """一类事项: which rows a person holds, in which organisation, and what a handover does."""

    live: Callable[[Any, date], bool]
    whose: Callable[[Any], set[str | None]]
    where: str = "organisation_id"
    how: Handing = Handing.HANDED


def _of(record: type[Record]) -> Callable[[Any, date], bool]:
    return WAYS[record].live


HELD: dict[type[Record], Way] = {
    Request: Way(live=lambda r, _: r.state in LIVE, whose=lambda r: {r.holder_id or r.drafted_by},
                 where="applicant_id"),
    Task: Way(live=_of(Task), whose=lambda r: {r.person_id}),
    Phrase: Way(live=_of(Phrase), whose=lambda r: {r.person_id}),
    Notice: Way(live=lambda r, _: not r.read, whose=lambda r: {r.person_id}, where=""),
    Delegation: Way(live=_of(Delegation), whose=lambda r: {r.from_person_id, r.to_person_id},
                    how=Handing.ENDED),
    Absence: Way(live=_of(Absence), whose=lambda r: {r.person_id}, how=Handing.ENDED),
    Voucher: Way(live=lambda r, _: r.state is VoucherState.RECORDED,
                 whose=lambda r: {r.recorded_by}, where="issuer_id", how=Handing.FOLLOWED),
    Revocation: Way(live=_of(Revocation), whose=lambda r: {r.proposed_by}, how=Handing.FOLLOWED),
    Review: Way(live=_of(Review), whose=lambda r: {r.asked_by}, where="applicant_id",
                how=Handing.FOLLOWED),
    Conference: Way(live=_of(Conference),
                    whose=lambda r: {r.called_by, *(m.person_id for m in r.members)},
                    how=Handing.FOLLOWED),
}  # fmt: skip
"""Every kind of record that lies in one person's hands."""


def holdings(desk: Desk, person_id: str) -> list[tuple[Record, HandedItem]]:
    """What a person holds today, kind by kind, each with its line of the list."""
    balance = _passed_on(desk, person_id)
    found = []
    for kind, way in HELD.items():
        name = str(BY_RECORD[kind].name)
        taken = [id for (k, id), count in balance.items() if k == name and count > 0]
        rows = {r.id: r for r in naming(desk.unit, kind, [person_id])}
        rows |= {r.id: r for r in desk.unit.find(kind, id=taken)}
        for id in sorted(rows):
            record = rows[id]
            own = int(person_id in way.whose(record))
            if way.live(record, desk.today) and own + balance[name, id] > 0:
                found.append((record, _item(desk, record, way, person_id)))
    return found


def _passed_on(desk: Desk, person_id: str) -> Counter[tuple[str, str]]:
    """What a person only follows up: how often it was handed to them, less how often by them."""
    balance: Counter[tuple[str, str]] = Counter()
    for handover in naming(desk.unit, Handover, [person_id]):
        for line in handover.items:
            if line.how is Handing.FOLLOWED:
                balance[line.kind, line.id] += line.to_person_id == person_id
                balance[line.kind, line.id] -= handover.person_id == person_id
    return balance


def _item(desk: Desk, record: Record, way: Way, person_id: str) -> HandedItem:
    recorded = getattr(record, "recorded_by_organisation_id", None)
    seat = member_of(record, person_id) if isinstance(record, Conference) else None
    if seat is not None:  # a seat belongs to the body that it is held for, not to the one that met
        recorded = seat.organisation_id
    return HandedItem(
        kind=str(BY_RECORD[type(record)].name), id=record.id, title=titled(desk, record),
        organisation_id=recorded or (getattr(record, way.where) if way.where else None),
        how=way.how,
    )  # fmt: skip


def posts_of(desk: Desk, person_id: str) -> list[Post]:
    """任职 of a person that have not ended."""
    posts = desk.unit.find(Post, person_id=person_id)
    return [p for p in posts if p.valid_to is None or p.valid_to >= desk.today]
