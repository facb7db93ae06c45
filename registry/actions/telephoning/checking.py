"""社区核对 what a street entered in a community's name is confirmed by the community, or it says that
it was not so: on record, and put right by the act's own ways."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from registry.actions.acted import names_of
from registry.actions.burden.at_the_door import area_of
from registry.actions.office import HIDDEN, Answer, Desk, Office
from registry.actions.outbox import Message, heads, tell
from registry.actions.telephoning.taking import MARK
from registry.domain.audit import Event
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Actor, Organisation, Person, Post
from registry.domain.records import Ident, Wire, civil
from registry.domain.telephone import Caller, CallState, TelephoneEntry
from registry.domain.vocabulary import OrganisationKind
from registry.policies.access import shipped as access
from registry.store.planned import Position
from registry.store.reader import Page, Reader

CHECK = "telephone.check"
CHECKED = declare(
    "telephone.checked", RefusalKind.CONFLICT, "这条电话代录已经核对过",
    "This was checked already.", recorded=True,
)  # fmt: skip
REASON = declare(
    "telephone.reason", RefusalKind.INVALID, "请写明哪里不对", "Say what is not so.",
)  # fmt: skip
_READ = 1 << 9
"""Entries of the log read at a time."""
LONGEST = 1 << 9
"""Letters of what is not so."""
MOST = 1 << 7
"""Entries told of one community, the latest first."""
_SAYS = {True: CallState.CONFIRMED, False: CallState.CONTRADICTED}


Said = Annotated[str, msgspec.Meta(max_length=LONGEST, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class CheckCommand(Wire, frozen=True, kw_only=True):
    """核对: whether what was entered is what was said."""

    entry_id: Ident
    right: bool
    reason: Annotated[
        str, msgspec.Meta(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
    ] = ""


class CallPage(Wire, frozen=True, kw_only=True):
    """电话代录 of one community: what was entered, and who might telephone."""

    organisation_id: str
    """The community; empty = nobody is registered there."""
    entries: list[TelephoneEntry]
    callers: list[Caller]


def check(desk: Desk, command: CheckCommand) -> Answer:
    """社区核对: by anybody with a post in the community but who took the call.

    Raises:
        Refusal: ``telephone.checked``, ``telephone.reason``.
    """
    held = desk.unit.maybe(Notice, command.entry_id, lock=True)
    if held is None or not held.id.startswith(f"{MARK}-"):
        raise Refusal(HIDDEN)
    took = _event(desk.office.store.reader, held)
    by_me = took is not None and took.actor == desk.actor.person_id
    desk.authorise(CHECK, owners=[held.person_id], ties=["recorded"] if by_me else ())
    desk.about(held)
    if held.read:
        raise Refusal(CHECKED)
    if not command.right and not command.reason.strip():
        raise Refusal(REASON)
    kept = desk.unit.change(held, read=True, read_at=desk.now)
    desk.note = {"right": command.right, "reason": command.reason.strip()}
    if not command.right:
        _tell_street(desk, held, took)
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def _tell_street(desk: Desk, held: Notice, took: Event | None) -> None:
    body = desk.places.organisation(held.person_id)
    over = heads(desk, body.parent_id) if body.parent_id else []
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"{body.name}对电话代录有异议：{held.text}",
        text_en=f"{body.name} says that this is not what was said: {held.text_en}",
    )  # fmt: skip
    tell(desk, [*([took.actor] if took else []), *over], message, held)


def _event(reader: Reader, held: Notice) -> Event | None:
    """The entry of the log in which it was entered."""
    found = _events(reader, held.county, [held])
    return found[held.id][0] if held.id in found else None


def _events(reader: Reader, county: str, held: list[Notice]) -> dict[str, tuple[Event, Any]]:
    """By entry: the event in which it was made, and what that says of the call."""
    found: dict[str, tuple[Event, Any]] = {}
    ids = {one.id for one in held}
    for event in _log(reader, county, sorted({one.object_id for one in held})):
        told = msgspec.json.decode(event.entry)["note"].get("telephone")
        if told is not None and told["entry"] in ids:
            found[told["entry"]] = (event, told)
    return found


def _log(reader: Reader, county: str, objects: list[str]) -> list[Event]:
    found: list[Event] = []
    after: Position | None = None
    while objects:
        told = reader.events([county], {"object_id": objects}, Page(limit=_READ, after=after))
        found += told
        if len(told) < _READ:
            break
        after = Position(county, told[-1].seq)
    return found


def entries(office: Office, actor: Actor, named: str, county: str | None) -> CallPage:
    """电话代录 in the name of one community, the latest first.

    Raises:
        Refusal: ``access.reading``, ``access.hidden``, ``door.place``.
    """
    code = county or actor.county
    area = area_of(office, actor, named, code)
    find = office.store.reader.find
    bodies = [
        body.id for body in find(Organisation, code, area_id=area.id)
        if body.kind is OrganisationKind.COMMUNITY
    ]  # fmt: skip
    held = _entries(office, code, person_id=bodies)
    held = sorted(held, key=lambda n: (n.made_at, n.id), reverse=True)[:MOST]
    return CallPage(
        organisation_id=bodies[0] if bodies else "", entries=_told(office, code, held),
        callers=_callers(office, code, bodies),
    )  # fmt: skip


def waiting_of(office: Office, county: str, bodies: list[str]) -> list[Notice]:
    """What waits to be checked by communities."""
    return _entries(office, county, person_id=bodies, read=False)


def _entries(office: Office, county: str, **of: Any) -> list[Notice]:
    held = office.store.reader.find(Notice, county, **of)
    return [one for one in held if one.id.startswith(f"{MARK}-")]


def _told(office: Office, county: str, held: list[Notice]) -> list[TelephoneEntry]:
    reader = office.store.reader
    made = _events(reader, county, held)
    said = {e.object_id: e for e in _log(reader, county, [n.id for n in held if n.read])
            if e.act == CHECK and e.outcome == "done"}  # fmt: skip
    people = {e.actor for e, _ in made.values()} | {t["told_by"] for _, t in made.values()}
    names = names_of(office, county, sorted(people | {e.actor for e in said.values()}))
    return [_one(n, made[n.id], said.get(n.id), names) for n in held if n.id in made]


def _one(
    held: Notice, made: tuple[Event, Any], said: Event | None, names: dict[str, str]
) -> TelephoneEntry:
    event, told = made
    checked: dict[str, Any] = {}
    if said is not None:
        note = msgspec.json.decode(said.entry)["note"]
        checked = {"state": _SAYS[note["right"]], "checked_by": names.get(said.actor, ""),
                   "checked_at": said.at, "reason": note["reason"]}  # fmt: skip
    return TelephoneEntry(
        id=held.id, organisation_id=held.person_id, act=event.act,
        act_zh=access("indexed").named(event.act)[0], object_kind=held.object_kind,
        object_id=held.object_id, told_by=names.get(told["told_by"], ""),
        told_at=datetime.fromisoformat(told["told_at"]),
        taken_by=names.get(event.actor, ""), entered_at=event.at,
        **{"state": CallState.WAITING} | checked,
    )  # fmt: skip


def _callers(office: Office, county: str, bodies: list[str]) -> list[Caller]:
    today, find = civil(office.clock()), office.store.reader.find
    posts = [p for p in find(Post, county, organisation_id=bodies) if p.in_force(today)]
    people = find(Person, county, id=sorted({p.person_id for p in posts})) if posts else []
    return [
        Caller(person_id=p.id, name=p.name,
               roles=sorted({post.role for post in posts if post.person_id == p.id}))
        for p in people if p.in_force(today)
    ]  # fmt: skip
