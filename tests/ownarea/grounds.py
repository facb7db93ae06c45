"""场地: the door of a registry in which the same things lie in five places, and what each person may
be told of them."""

import io
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from pyarrow.parquet import read_table

from registry.actions.office import Answer, Office
from registry.actions.staff.accounts import issue_token
from registry.api.resources import RESOURCES
from registry.app import create_app
from registry.clock import Source
from registry.domain.hashing import TREES
from registry.domain.people import Person, Post
from registry.domain.records import Record
from registry.store import tables
from registry.store.store import Store
from tests.conftest import Hand, MovingClock
from tests.joined import settings_for
from tests.ownarea import laying, placed, reach, richer
from tests.ownarea.knocking import Counting, Door, Told, counted
from tests.ownarea.placed import NEIGHBOUR, PLACES, TOKEN, World
from tests.ownarea.reach import Reader, Records

API = "/api/v1"
NONE = "none-such-here"
ALWAYS = ("dept2.clerk", "street2.clerk", "community2.head", "other.head")
"""Asked of everything: another department, street and community, another county."""
_ENDS = re.compile(rf"-(?:{'|'.join([*(p.name for p in PLACES), 'away', 'addressed'])})\b")
_BEFORE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{3,80}$")
PARENTS = {"signature": ("agreements", "agreement_id"), "receipt": ("presences", "presence_id"),
           "target": ("requests", "request_id"),
           "complaint_source": ("complaints", "complaint_id")}  # fmt: skip
"""Records without a list of their own: whoever reads the one they hang on is told of them."""


def ids_in(text: str) -> set[str]:
    """Ids of records that were laid down in a place."""
    found = set()
    for end in _ENDS.finditer(text):
        before = _BEFORE.search(text[max(0, end.start() - 81) : end.start()])
        if before is not None:
            found.add(before[0] + end[0])
    return found


def opened(body: bytes) -> str:
    """An answer as text, with all that lies in archives and databases within it; amounts in 分
    however they are written."""
    text = body.decode("utf-8", "replace")
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            text = "\n".join(opened(archive.read(name)) for name in archive.namelist())
    elif body[:4] == b"PAR1":
        text = str(read_table(io.BytesIO(body)).to_pylist())
    elif body[:15] == b"SQLite format 3":
        with tempfile.NamedTemporaryFile() as file:
            file.write(body)
            file.flush()
            held = sqlite3.connect(file.name)
            text = "\n".join(held.iterdump())
            held.close()
    elif "�" in text:
        text += body.decode("gb18030", "replace")
    return text + "\n" + _plain_amounts(text)


def _plain_amounts(text: str) -> str:
    """Amounts in 元 as they would stand in 分."""
    written = re.findall(r"[0-9][0-9,]*\.[0-9]{2}\b", text)
    return " ".join(one.replace(",", "").replace(".", "") for one in written)


@dataclass
class Grounds:
    """场地: the door, what stands behind it, and what each person may be told."""

    door: Door
    office: Office
    world: World
    records: Records
    people: dict[str, Reader]
    tokens: dict[str, dict[str, str]]
    marked: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    _may: dict[str, tuple[set[str], str]] = field(default_factory=dict)
    _seen: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, body: bytes = b"", **more: str) -> Told:
        return self.door.ask(method, path, {**self.tokens.get(who, {}), **more}, body)

    def send(self, who: str, path: str, command: Any, **more: str) -> Told:
        held = {"content-type": "application/json", **more}
        return self.ask(who, "POST", path, msgspec.json.encode(command), **held)

    def seen(self, who: str, name: str) -> list[Any]:
        """What of a resource the tables let the person see."""
        if (who, name) not in self._seen:
            self._seen[who, name] = reach.seen(self.records, self.people[who], name)
        return self._seen[who, name]

    def may(self, who: str) -> tuple[set[str], str]:
        """Marks that the person may be told, and all they may read as one text."""
        if who not in self._may:
            found: list[Any] = []
            for name in RESOURCES:
                if name != "events":
                    found += self.seen(who, name)
            known = {(tables.BY_RECORD[type(r)].name, r.id) for r in found}
            for kind, told in self.records.all.items():
                above = PARENTS.get(tables.BY_RECORD[kind].name)
                if above is not None:
                    of = tables.BY_RECORD[RESOURCES[above[0]].record].name
                    found += [r for r in told if (of, getattr(r, above[1])) in known]
            marks: set[str] = set()
            for record in found:
                marks |= self.marks_of(record)
            self._may[who] = marks, "\n".join(str(r) for r in found)
        return self._may[who]

    def marks_of(self, record: Any) -> set[str]:
        """Marks that were written in a record."""
        return self.marked.get((tables.BY_RECORD[type(record)].name, record.id), set())

    def foreign(
        self, who: str, told: Told, also: Sequence[str] = (), theirs: Sequence[Any] = ()
    ) -> list[str]:
        """Of an answer, the marks and ids that are not for the person.

        Args:
            theirs: records that are told the person here, though in no list of theirs.
        """
        marks, text = self.may(who) if who else (set(), "")
        marks = marks.union(*(self.marks_of(r) for r in theirs))
        text = "\n".join([text, *map(str, theirs)])
        said = "\n".join(f"{k}: {v}" for k, v in told.headers.items()) + opened(told.body)
        strange = (self.world.marks.get(t) for t in sorted(set(TOKEN.findall(said)) - marks))
        wrong = [
            f"{m.table} {m.id}.{'.'.join(m.at)} of {m.place}"
            for m in strange
            if m is not None and not {m.table, f"{m.table}.{m.at[-1]}"} & {*also}
        ]  # fmt: skip
        ids = {i for i in ids_in(said) if i not in text}
        return wrong + sorted(i for i in ids if self.tables.get(i) not in also)

    def strange(self, who: str, name: str, theirs: Sequence[Any] = ()) -> Any:
        """A record of a resource that the person may not see, of their county if there is one;
        ``None`` where they see all."""
        if name == "events":
            return None
        mine = {(r.county, r.id) for r in [*self.seen(who, name), *theirs]}
        county, kind = self.people[who].county, RESOURCES[name].record
        found = [r for r in self.records.all[kind] if (r.county, r.id) not in mine]
        if reach.rules()[name].purpose == "all":  # A city reads the directories below it by name.
            found = [r for r in found if county not in reach.SUPERIOR.get(r.county, ())]
        return next((r for r in found if r.county == county), found[0] if found else None)


def alike(there: Told, nowhere: Told, id: str) -> bool:
    """The same answer, for the same price; what was asked for may be said again."""
    one, other = there.text.replace(id, NONE), nowhere.text
    one, other = (re.sub("content-length: [0-9]+", "", said) for said in (one, other))
    return (there.status, one, there.statements) == (nowhere.status, other, nowhere.statements)


def some(grounds: Grounds, of: str, many: int, whole: bool) -> list[str]:
    """Who is asked of one thing: over all things everybody; in a full run everybody of each."""
    others = sorted(set(grounds.people) - set(ALWAYS))
    if whole:
        return [*ALWAYS, *others]
    first = sum(of.encode())
    return [*ALWAYS, *(others[(first + n * 11) % len(others)] for n in range(many))]


@contextmanager
def standing(template: Path, folder: Path, url: str, counting: Counting) -> Iterator[Grounds]:
    """The grounds on a database that holds what the demo does.

    Args:
        template: a seeded SQLite file, on which the stories are played.
    """
    found = placed.every_kind(placed.told(template, folder / "stories"))
    store = Store(url, url, folder)
    office = Office(store, MovingClock(), Source(3), trees=TREES)
    made = _laid(office, folder, found, counting)
    yield made
    made.door.close()
    store.close()


def _laid(office: Office, folder: Path, found: list[Record], counting: Counting) -> Grounds:
    _posted(office)
    world = laying.lay(office, found)
    richer.fill(office, world, found)
    records = Records(office)
    held = [p for p in records.all[Person] if p.username]
    marked: dict[tuple[str, str], set[str]] = {}
    for token, mark in world.marks.items():
        marked.setdefault((mark.table, mark.id), set()).add(token)
    return Grounds(
        Door(create_app(office, settings_for(folder), owns=False), counting), office, world,
        records, {p.username: records.reader(p) for p in held},
        {p.username: {"authorization": f"Bearer {issue_token(office, p).token}"} for p in held},
        marked, {r.id: tables.BY_RECORD[k].name for k, told in records.all.items() for r in told},
    )  # fmt: skip


def _posted(office: Office) -> None:
    """An auditor in the county beside, whom a project lets in here."""
    by = Hand(office, "other.office", NEIGHBOUR)
    post = next(
        p for p in office.store.reader.find(Post, NEIGHBOUR)
        if p.person_id == by.actor.person_id
    )  # fmt: skip
    made = msgspec.structs.replace(post, id="pst-visiting", role="auditor", version=1)
    by.do(lambda desk: Answer(body=desk.unit.add(made)))
    office.bearers.forget()


@contextmanager
def on_sqlite(template: Path, folder: Path) -> Iterator[Grounds]:
    """The grounds on SQLite."""
    shutil.copy(template, folder / "registry.db")
    with counted() as counting:
        url = f"sqlite:///{folder / 'registry.db'}"
        with standing(template, folder, url, counting) as made:
            yield made
