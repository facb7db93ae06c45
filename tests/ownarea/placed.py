"""各处之事 what lives in five places at once: the stories' records, played once, laid down in each
under ids of its own, every text of theirs marked, so that what is seen anywhere tells whence it is.

A place is a county, a street, a community, a department and the people there. Records of a kind
that no story makes are made from their type.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.api import samples
from registry.app import create_app
from registry.cli.player import Player
from registry.cli.stories import all_stories
from registry.clock import Source
from registry.domain.areas import Area
from registry.domain.calendar import CalendarYear
from registry.domain.catalogue import MatterList
from registry.domain.delegation import Delegation
from registry.domain.document import Document
from registry.domain.evaluating import OneTimeCode
from registry.domain.pack import PackRun, PublishedPack
from registry.domain.people import Organisation, Person, Post
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.serial import Serial
from registry.domain.succession import Reorganisation, Succession
from registry.domain.vouching import SigningKey
from registry.store import tables
from registry.store.store import Store
from tests.api.lived import rows, source
from tests.conftest import MovingClock
from tests.joined import settings_for

HOME, NEIGHBOUR = "990102", "990103"
TOLD = ("whole-way", "after-the-decision", "refusing", "chain", "conference", "existing")
"""Stories of the ordinary run: between them they make most kinds of record."""
GIVEN = (Area, Organisation, Person, Post, CalendarYear, MatterList, PublishedPack, Serial,
         Reorganisation, Succession, SigningKey, OneTimeCode)  # fmt: skip
"""Kinds that stand for the whole county, or by which somebody would come to a post or lose it."""
LONG_AGO = {"valid_from": "2025-01-02", "valid_to": "2025-01-03"}
_CJK = re.compile("[一-鿿]")
TOKEN = re.compile(r"zq[0-9]{6}z|8877[0-9]{6}7788|(?<![0-9])77[0-9]{6}77(?![0-9])")
"""A mark in a text, in what is written in digits, or an amount in 分."""
_DIGITS = ("telephone", "phone", "account", "payee_account", "payee_bank_account", "contact")
_NUMBERS = ("number", "key", "external_key", "row_key", "name", "provider_key", "sha256", "paper")


class Place(NamedTuple):
    """地方: what stands there for the county, street, community and department of the stories."""

    name: str
    county: str
    street: str
    community: str
    department: str
    people: dict[str, str]


_NEXT = {"dept.": "dept2.", "street.": "street2.", "community.": "community2."}
_FAR = {"street.": "township.", "community.": "village."}
PLACES = (
    Place("here", HOME, "990102001", "990102001001", "civil", {}),
    Place("beside", HOME, "990102001", "990102001002", "urban", {"dept.": "dept2."}),
    Place("next", HOME, "990102002", "990102002001", "urban", _NEXT),
    Place("far", HOME, "990102100", "990102100200", "civil", _FAR),
    Place("other", NEIGHBOUR, "990103001", "990103001001", "civil", {}),
)


class Mark(NamedTuple):
    """记号: where a mark was written."""

    place: str
    table: str
    id: str
    at: tuple[str, ...]


class World(NamedTuple):
    """一方: what was laid down, by place, and every mark."""

    placed: dict[str, list[Record]]
    marks: dict[str, Mark]


# ---- what there is to lay down -------------------------------------------------------------------


_FORMED = {
    "month": "2026-03",
    "period": "2026Q1",
    "role": "street.head",
    "counts": [1, 1, 1, 1, 1],
    "organisations": [],
}
"""What has a form of its own, that no example meets."""


def told(template: Path, folder: Path, ids: Sequence[str] = TOLD) -> list[Record]:
    """Every record of some stories, each played on a registry of its own."""
    stories = {story.id: story for story in all_stories()}
    found: list[Record] = []
    for id in ids:
        here = folder / id
        here.mkdir(parents=True)
        shutil.copy(template, here / "registry.db")
        url = f"sqlite:///{here / 'registry.db'}"
        store = Store(url, url, here)
        clock = MovingClock()
        office = Office(store, clock, Source(len(found) + 11))
        _played(office, clock, here, stories[id])
        found += [msgspec.structs.replace(r, version=1) for r in _made(office)]
        store.close()
    return found


def _played(office: Office, clock: MovingClock, folder: Path, story: Any) -> None:
    def bearer(username: str) -> str:
        person = office.store.reader.person_named(username)
        assert person is not None
        return issue_token(office, person).token

    app = create_app(office, settings_for(folder), owns=False)
    with TestClient(app) as client:
        played = Player(client, bearer, lambda at: setattr(clock, "at", at)).play(story)
    assert not [p for p in played if p.problems], story.id


def _made(office: Office) -> Iterator[Record]:
    for kind in tables.BY_RECORD:
        if kind not in GIVEN:
            yield from office.store.reader.find(kind, HOME)


def every_kind(found: list[Record]) -> list[Record]:
    """What was found, and one record of each kind that is missing."""
    presence = next(r for r in found if isinstance(r, Presence) and r.request_id)
    known = {type(r) for r in found}
    lived = [*rows(presence).values(), source(presence)]
    found = found + [r for r in lived if type(r) not in known]
    known = {type(r) for r in found}
    missing = [k for k in tables.BY_RECORD if k not in known and k not in GIVEN]
    return found + [_sampled(kind, presence) for kind in missing]


def _sampled(kind: type[Record], presence: Presence) -> Record:
    """A record by its type, of the community, the street and the department of the stories."""
    community, department, street = presence.organisation_id, "o-990102-civil", "o-990102001"
    told = samples.sample(kind) | {"id": f"{tables.BY_RECORD[kind].name}-s", "version": 1}
    told |= {name: value for name, value in _FORMED.items() if name in told}
    given: dict[str, Any] = {
        "county": HOME, "organisation_id": community, "department_id": department,
        "payer_id": department, "handler_id": street, "issuer_id": street, "account_id": community,
        "against_id": department, "area_id": presence.area_id, "area_path": presence.area_path,
        "person_id": "person-community.worker", "request_id": presence.request_id,
        "presence_id": presence.id, "object_id": presence.request_id,
        "from_person_id": "person-street.head",
        "to_person_id": "person-street.clerk", "reason": "演示事由", "detail": "演示内容",
        "project_id": "audit_project-s", "finding_id": "finding-s", "document_id": None,
        "posts_ended": [], "text": "演示文本", "note": "演示备注", "number": "演示1号", "title": "演示题目",
    }  # fmt: skip
    for name in sorted(given.keys() & told.keys()):
        told = _given(told, kind, {name: given[name]})
    for name, value in list(told.items()):
        told = _given(told, kind, {name: _walked(value, (name,), _in_chinese)})
    return msgspec.convert(told, kind, strict=False)


def _in_chinese(value: Any, at: tuple[str, ...]) -> Any:
    """A text that an example says nothing in: in Chinese it is marked."""
    name = next((n for n in reversed(at) if n), "")
    return f"演示{name}" if value == f"{name}-1" and name in _TEXTS else value


_TEXTS = ("title", "person_name", "content", "name", "answer", "item", "wording", "purpose",
          "law", "demands", "question", "payee_name", "handler_name", "what")  # fmt: skip


def _given(told: dict[str, Any], kind: type[Record], more: dict[str, Any]) -> dict[str, Any]:
    """What was told with a field given, where the kind's form lets it be."""
    try:
        msgspec.convert(told | more, kind, strict=False)
    except msgspec.ValidationError:
        return told
    return told | more


# ---- as one of a place ---------------------------------------------------------------------------


def moving(place: Place, ids: list[str]) -> Callable[[Record], Record]:
    """A record of the stories as one of a place; two places change their parts."""
    swapped = {"990102001001": place.community, "990102001": place.street,
               "990102001000": f"{place.street}000",
               "-civil": f"-{place.department}"}  # fmt: skip
    swapped |= {new: old for old, new in swapped.items() if new != old}
    if place.county != HOME:
        swapped = {"990102001001": place.community, "990102001": place.street,
                   "990102001000": f"{place.street}000", HOME: place.county}  # fmt: skip
    codes = re.compile("|".join(f"{re.escape(code)}(?![0-9a-z])" for code in swapped))
    known = set(ids)
    people = re.compile(r"person-(dept\.|street\.|community\.)")
    whoever = re.compile(r"person-[a-z0-9.]+")

    def move(record: Record) -> Record:
        text = msgspec.json.encode(record).decode()
        text = _ID.sub(lambda m: _here(m[0], known, place.name), text)
        text = codes.sub(lambda m: swapped[m[0]], text)
        text = people.sub(lambda m: "person-" + place.people.get(m[1], m[1]), text)
        if place.county != HOME:
            there = "other.head" if place.county == NEIGHBOUR else "nobody"
            text = whoever.sub(f"person-{there}", text)
        told = msgspec.json.decode(text)
        if isinstance(record, Delegation):
            told |= LONG_AGO
        return msgspec.convert(told, type(record))

    return move


_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:\-]{4,}")


def _here(text: str, known: set[str], place: str) -> str:
    """An id of the stories as the place's own, alone or at the head of another."""
    head, dot, rest = text.partition(".")
    if dot and head in known:
        return f"{head}-{place}.{rest}"
    return f"{text}-{place}" if text in known else text


def marked(record: Record, place: Place, marks: dict[str, Mark]) -> Record:
    """The record with every text of it marked, as far as its form lets one."""
    told, begun = msgspec.to_builtins(record), len(marks)
    at = (place.name, tables.BY_RECORD[type(record)].name, record.id)
    try:  # All at once, as most forms let one.
        whole, made = _texts(told, at, begun)
        done = msgspec.convert(whole, type(record))
        marks.update(made)
        return done
    except msgspec.ValidationError:
        pass
    for name, value in list(told.items()):
        part, made = _texts({name: value}, at, len(marks))
        try:
            msgspec.convert(told | part, type(record))
        except msgspec.ValidationError:
            continue
        told |= part
        marks.update(made)
    return msgspec.convert(told, type(record))


def _texts(
    told: dict[str, Any], at: tuple[str, str, str], begun: int
) -> tuple[dict[str, Any], dict[str, Mark]]:
    """What was told with its texts marked, and the marks; numbers from ``begun``."""
    made: dict[str, Mark] = {}

    def mark(value: Any, path: tuple[str, ...]) -> Any:
        number = begun + len(made)
        if isinstance(value, str):
            token = _token(value, path[-1], number)
        else:
            token = f"77{_apart(number):06}77" if path[-1].endswith("_fen") and value > 0 else None
        if token is None:
            return value
        made[token] = Mark(*at, path)
        if isinstance(value, str):
            return token if token.startswith("8") else value + token
        return int(token)

    return _walked(told, (), mark), made


_PRIME = 999_983
"""Below a million, and two more than a multiple of three: no two numbers have one cube by it."""


def _apart(number: int) -> int:
    """A number of its own for each, so far from the next that the sum of some amounts is hardly
    ever another's: an amount that is told was read from its row, and not reckoned."""
    return pow(number, 3, _PRIME)


def _token(text: str, name: str, number: int) -> str | None:
    if name in _DIGITS and text.isdigit():
        return f"8877{number:06}7788"
    written = _CJK.search(text) or (name in _NUMBERS and not re.fullmatch("[0-9a-f]{64}", text))
    return f"zq{number:06}z" if written else None


def _walked(value: Any, at: tuple[str, ...], mark: Callable[[Any, tuple[str, ...]], Any]) -> Any:
    if isinstance(value, dict):
        return {k: _walked(v, (*at, k), mark) for k, v in value.items()}
    if isinstance(value, list):
        return [_walked(v, at, mark) for v in value]
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return mark(value, at)
    return value


def kept(office: Office, record: Record, marks: dict[str, "Mark"], place: Place) -> Record:
    """A document, or the rows of a run, with a file of its own, in which a mark stands."""
    token = f"zq{len(marks):06}z"
    at = (place.name, tables.BY_RECORD[type(record)].name, record.id, ("content",))
    if isinstance(record, Document):
        marks[token] = Mark(*at)
        content = f"演示附件 {token}".encode()
        return msgspec.structs.replace(
            record, sha256=office.store.files.put(content), size=len(content)
        )
    if isinstance(record, PackRun) and record.rows_sha256 is not None:
        marks[token] = Mark(*at)
        rows = office.store.files.put(f"编号,结果\r\n演示,{token}\r\n".encode())
        return msgspec.structs.replace(record, rows_sha256=rows)
    return record


def like(record: Record, **changes: Any) -> Record:
    """A record like another, unmarked."""
    text = msgspec.json.encode(record).decode()
    text = TOKEN.sub(lambda m: "" if m[0].startswith("z") else "100000", text)
    return msgspec.convert(msgspec.json.decode(text) | changes, type(record))
