"""场景: a county's log that honest people write, who keeps what of it, and an insider with every
right
on database and files. The insider speaks to the database directly, past the registry.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import msgspec
import psycopg
from pysqlite3 import dbapi2 as sqlite3

from registry.actions.office import Call, Office
from registry.actions.sealing import checkpointing, keys, peering, submitting, witnessing
from registry.actions.sealing.keys import RotateCommand, note_key
from registry.actions.sealing.peering import PeerCommand
from registry.actions.sealing.submitting import Outcome, Submitted
from registry.actions.seeding import operator
from registry.clock import Source
from registry.domain.audit import Finding, canonical, leaf
from registry.domain.merkle import Head, Tree
from registry.domain.records import NATION, civil
from registry.domain.sealing import Peer, PeerKind
from registry.store import tables
from registry.store.engine import open_engine
from registry.store.entry import Header
from registry.store.faults import Fault, Kept, Report
from registry.store.sealed import kept_of
from registry.store.store import Store
from registry.store.verify import verify
from tests.store.ledger import COUNTY, finding

BEGIN = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ROWS = tuple(str(table.name) for table in tables.BY_RECORD.values())


class Clock:
    """Moves by a minute with each act."""

    def __init__(self) -> None:
        self.at = BEGIN

    def __call__(self) -> datetime:
        return self.at


class Scene:
    """A registry as its honest people use it."""

    def __init__(self, store: Store, site: str, clock: Clock | None = None) -> None:
        self.store, self.site, self.clock = store, site, clock or Clock()
        self.office = Office(store, self.clock, Source(), site=site)
        self._numbers = count(self.store.reader.head(COUNTY) + 100)

    def act(self, *, at: datetime | None = None, name: str = "") -> int:
        """One honest act: something is found. Returns its number in the log."""
        self.clock.at += timedelta(minutes=1)
        number = next(self._numbers)
        record = finding(name or f"x{number}", detail=f"第 {number} 件")
        moment = at or self.clock.at

        def job(unit: Any) -> int:
            unit.add(record)
            return int(unit.flush(header(number, record.id, moment)).seq)

        return int(self.store.writer.submit(COUNTY, job).result())

    def change(self, name: str) -> int:
        """A record gets a further version."""
        self.clock.at += timedelta(minutes=1)
        number = next(self._numbers)

        def job(unit: Any) -> int:
            unit.change(unit.get(Finding, name), detail=f"改 {number}")
            return int(unit.flush(header(number, name, self.clock.at)).seq)

        return int(self.store.writer.submit(COUNTY, job).result())

    def seal(self) -> bytes:
        """The log is signed; the note, for whoever keeps it."""
        checkpointing.seal(self.office, COUNTY)
        return checkpointing.shown(self.office, COUNTY).note.encode()

    def rotate(self, *, lost: bool = False) -> None:
        """The log's key is followed by another."""
        call = Call(actor=operator(COUNTY, "root"), county=COUNTY, act="key.rotate")
        command = RotateCommand(reason="例行轮换", lost=lost)
        self.office.perform(call, partial(keys.rotate, command=command))

    def meet(self, witness: "Scene") -> None:
        """Another instance agrees to witness this log."""
        own = str(note_key(keys.standing(self.office, COUNTY)))
        theirs = str(note_key(keys.witness_key(witness.office)))
        witness.peer(NATION, PeerCommand(kind=PeerKind.LOG, vkey=own))
        self.peer(COUNTY, PeerCommand(kind=PeerKind.WITNESS, vkey=theirs))

    def peer(self, county: str, command: PeerCommand) -> None:
        call = Call(actor=operator(county, "root"), county=county, act="witness.set")
        self.office.perform(call, partial(peering.set_peer, command=command))

    def submit(self, witness: "Scene") -> list[Submitted]:
        """The last checkpoint is taken to the witness."""
        return submitting.submit(self.office, COUNTY, lambda _peer: Line(witness))

    def outcome(self, witness: "Scene") -> Outcome:
        (told,) = self.submit(witness)
        return told.outcome

    def report(self, *kept: bytes) -> Report:
        """What a verification says, given what was kept elsewhere."""
        engine = open_engine(self.store.url, readonly=True)
        try:
            with engine.connect() as connection:
                held = [kept_of(connection, [COUNTY], octets) for octets in kept]
            return verify(engine, COUNTY, kept=held)
        finally:
            engine.dispose()

    def fault(self, *kept: bytes) -> Fault:
        found = self.report(*kept).fault
        assert found is not None
        return found


class Line:
    """A witness called without a wire between."""

    def __init__(self, witness: Scene) -> None:
        self._witness = witness

    def add(self, request: bytes) -> tuple[Any, bytes, str]:
        said = witnessing.add_checkpoint(self._witness.office, request)
        return said.kind, said.text.encode(), ""


def header(number: int, id: str, at: datetime) -> Header:
    return Header(
        actor=f"p-{number}", act="test.act", object_kind="finding", object_id=id,
        business_date=civil(at), at=at, salt=f"{number:032x}",
    )  # fmt: skip


class Insider:
    """内鬼: the database's superuser, or the owner of its file; the guards go first."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.url = scene, scene.store.url
        self.sqlite = self.url.startswith("sqlite:")

    def does(self, *statements: str, given: Sequence[Any] = ()) -> None:
        """Statements in one transaction, with ``?`` for values."""
        with self._open() as connection:
            for statement in statements:
                connection.execute(self._said(statement), given)
            connection.commit()

    def sees(self, query: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return [tuple(row) for row in connection.execute(self._said(query), given).fetchall()]

    def _said(self, statement: str) -> str:
        return statement if self.sqlite else statement.replace("?", "%s")

    def _open(self) -> Any:
        if not self.sqlite:
            connection: Any = psycopg.connect(self.url)
            connection.execute("SET session_replication_role = replica")
            return connection
        file = sqlite3.connect(self.url.removeprefix("sqlite:///"))
        names = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            file.execute(f"DROP TRIGGER {name}")
        return file

    # -------------------------------------------------------------------- writing history anew

    def cut(self, size: int) -> None:
        """The log and all that hangs on it as it stood at a size: an old backup."""
        where = f"county = '{COUNTY}' AND"
        self.does(
            *(f"DELETE FROM {name} WHERE {where} event_from > {size}" for name in ROWS),
            *(f"UPDATE {name} SET event_to = NULL WHERE {where} event_to > {size}"
              for name in ROWS),
            f"DELETE FROM event WHERE {where} seq > {size}",
            f"UPDATE log_head SET seq = {size} WHERE county = '{COUNTY}'",
            *(f"DELETE FROM {name} WHERE {where} size > {size}"
              for name in ("checkpoint", "cosignature")),
        )  # fmt: skip

    def rewrite(self, order: Sequence[int | dict[str, Any]]) -> None:
        """History in another order: numbers of entries that stay, and entries made up. Every
        number, leaf, node and checkpoint is made anew, and signed with the stolen key."""
        places = {old: new for new, old in enumerate(order, 1) if isinstance(old, int)}
        held = {row[0]: row[1] for row in self.sees("SELECT seq, entry FROM event WHERE county = ?",
                                                    (COUNTY,))}  # fmt: skip
        gone = [seq for seq in held if seq not in places]
        listed = ", ".join(map(str, gone)) or "0"
        where = f"county = '{COUNTY}' AND"
        self.does(*(f"DELETE FROM {name} WHERE {where} event_from IN ({listed})" for name in ROWS))
        self.does(f"DELETE FROM event WHERE {where} seq IN ({listed})")
        moved = {old: new for old, new in places.items() if old != new}
        for shift in (10**6, 0):
            for old, new in moved.items():
                before, after = (old, new + shift) if shift else (new + 10**6, new)
                self._move(before, after)
        for new, one in enumerate(order, 1):
            told = msgspec.json.decode(held[one]) if isinstance(one, int) else one
            self._enter(new, told | {"seq": new}, made_up=isinstance(one, dict))
        self.does(f"UPDATE log_head SET seq = {len(order)} WHERE county = '{COUNTY}'")
        self.sign_anew()

    def _move(self, before: int, after: int) -> None:
        where = f"WHERE county = '{COUNTY}' AND"
        self.does(
            *(f"UPDATE {name} SET {column} = {after} {where} {column} = {before}"
              for name in ROWS for column in ("event_from", "event_to")),
            f"UPDATE event SET seq = {after} {where} seq = {before}",
        )  # fmt: skip

    def _enter(self, seq: int, told: dict[str, Any], *, made_up: bool) -> None:
        entry = canonical(told)
        if made_up:
            columns = ("actor", "act", "outcome", "code", "object_kind", "object_id",
                       "object_version", "business_date")  # fmt: skip
            at = datetime.fromisoformat(told["at"]).isoformat(timespec="microseconds")
            marks = ", ".join("?" * (len(columns) + 5))
            names = f"county, seq, at, entry, leaf, {', '.join(columns)}"
            values = (COUNTY, seq, at, entry.decode(), leaf(entry), *(told[c] for c in columns))
            self.does(f"INSERT INTO event ({names}) VALUES ({marks})", given=values)
            return
        self.does("UPDATE event SET entry = ?, leaf = ? WHERE county = ? AND seq = ?",
                  given=(entry.decode(), leaf(entry), COUNTY, seq))  # fmt: skip

    def made_up(self, number: int, at: datetime) -> dict[str, Any]:
        """An entry of nothing that ever happened."""
        told = msgspec.to_builtins(header(number, "x", at))
        return {**told, "v": 1, "county": COUNTY, "seq": 0, "rows": []}

    def sign_anew(self) -> None:
        """Every checkpoint again, over what the log says now, with the stolen key."""
        office = self.scene.office
        leaves = [
            bytes.fromhex(row[0])
            for row in self.sees("SELECT leaf FROM event WHERE county = ? ORDER BY seq", (COUNTY,))
        ]
        sizes = [
            (row[0], row[1])
            for row in self.sees(
                "SELECT size, at FROM checkpoint WHERE county = ? AND tree = 'sha256'", (COUNTY,)
            )
        ]
        self.does(*(f"DELETE FROM {t} WHERE county = '{COUNTY}'"
                    for t in ("checkpoint", "cosignature", "log_node")))  # fmt: skip
        key = keys.standing(office, COUNTY)
        for size, at in sorted(sizes):
            if size > len(leaves):
                continue
            tree = Tree()
            for one in leaves[:size]:
                tree.add(one)
            made = checkpointing.signed(office, key, "sha256", Head(size, tree.digest()))
            self.does("INSERT INTO checkpoint (county, tree, size, root, at, note)"
                      " VALUES (?, 'sha256', ?, ?, ?, ?)",
                      given=(COUNTY, size, made.root, at, made.note))  # fmt: skip


__all__ = ["BEGIN", "COUNTY", "Clock", "Insider", "Kept", "Line", "Outcome", "Peer", "Scene"]
