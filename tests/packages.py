"""审计包 for tests: honest logs of a fictional county, written as a package, small and seeded."""

import json
import random
import zipfile
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.domain.audit import RowSeal, canonical, seal
from registry.domain.checkpoint import Checkpoint, LogProof
from registry.domain.hashing import hashing
from registry.domain.merkle import Head, Tree, inclusion
from registry.domain.signed_note import (
    KeyKind,
    Note,
    NoteKey,
    Signature,
    cosign,
    sign_note,
    succession,
)
from registry.store.entry import Header, entered

COUNTY, ORIGIN = "990102", "log.example/990102"
BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = ("材料不齐", "已受理", "同意", 'a "quoted" word', "line\nfeed", "€ é 𝄞", "back\\slash", "")


class Pen:
    """A key with its private half."""

    def __init__(self, name: str, seed: int, kind: KeyKind = KeyKind.NOTE) -> None:
        private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.sign = private.sign
        self.key = NoteKey(name, kind, private.public_key().public_bytes_raw())


class Line(NamedTuple):
    """One row version as a package holds it."""

    table: str
    id: str
    version: int
    octets: bytes


class Log:
    """A log and its rows, grown act by act."""

    def __init__(self, seed: int = 1, *, plain: bool = False) -> None:
        self.chance, self.plain = random.Random(seed), plain
        self.entries: list[bytes] = []
        self.rows: list[list[Line]] = []
        self.held: dict[tuple[str, str], dict[str, Any]] = {}
        self.at, self.requests = BEGAN, list[str]()

    # ---- acts

    def act(self, rows: Iterable[tuple[str, str, dict[str, Any]]], **note: Any) -> None:
        """Append an entry that writes a version of each row."""
        lines, seq = [self._line(*row) for row in rows], len(self.entries) + 1
        seals = [
            RowSeal(t=o.table, id=o.id, v=o.version, d=sha256(o.octets).hexdigest()) for o in lines
        ]
        self.at += timedelta(microseconds=self.chance.randrange(90_000_000))
        header = Header(
            actor="p-1", post="street.clerk", act="request.submit", object_kind="request",
            object_id=lines[0].id if lines else "none", object_version=1, pack=None,
            business_date=date(2026, 3, 2), at=self.at, note=note,
            salt=f"{self.chance.getrandbits(128):032x}",
        )  # fmt: skip
        event = entered(header, COUNTY, seq, seals)
        self.entries.append(event.entry.encode())
        self.rows.append(sorted(lines, key=lambda o: (o.table, o.id.encode())))

    def _line(self, table: str, id: str, fields: dict[str, Any]) -> Line:
        before = self.held.get((table, id), {"version": 0})
        row = {**before, **fields, "county": COUNTY, "id": id, "version": before["version"] + 1}
        self.held[table, id] = row
        kept = {name: value for name, value in row.items() if value is not None}
        octets = canonical({"row": kept, "table": table})
        assert sha256(octets).hexdigest() == seal(table, row)
        return Line(table, id, row["version"], octets)

    def grow(self, many: int) -> "Log":
        """Append acts of every kind."""
        while len(self.entries) < many:
            self.chance.choice((self._filing, self._filing, self._refused, self._money))()
        return self

    def _name(self, table: str) -> str:
        return f"{table[:3]}-{self.chance.getrandbits(64):016x}"

    def _body(self) -> str:
        words = ("plain",) if self.plain else WORDS
        return canonical({"title": self.chance.choice(words), "n": [1, {"deep": True}]}).decode()

    def _filing(self) -> None:
        id = self.chance.choice([*self.requests[-20:], self._name("request")])
        self.requests += [id] if ("request", id) not in self.held else []
        fields = {"state": self.chance.choice(("draft", "filed")), "body": self._body()}
        tasks = [("task", self._name("task"), {"request_id": id, "body": self._body()})
                 for _ in range(self.chance.randrange(3))]  # fmt: skip
        why = {} if self.plain else {"why": self.chance.choice(WORDS), "days": 5}
        deep = {"list": [1, {"a": None}]} if self.chance.random() < 0.2 and not self.plain else {}
        self.act([("request", id, fields), *tasks], **why, **deep)

    def _refused(self) -> None:
        self.act([])

    def _money(self) -> None:
        """核定 of a sum and an order of a part of it, each recorded, the second confirmed later."""
        fen = self.chance.randrange(100, 10**9)
        slot = {"presence_id": self._name("presence"), "funding_key": "f1", "year": 2026}
        self._voucher("pledge", ("pledged", "source"), fen, slot, state="confirmed")
        part = self.chance.randrange(1, fen + 1)
        id = self._voucher("order", ("ordered", "pledged"), part, slot, state="recorded")
        if self.chance.random() < 0.8:
            lines = [key for n in (0, 1) if (key := ("voucher_line", f"{id}.l{n}")) in self.held]
            self.act([("voucher", id, {"state": "confirmed"}),
                      *((table, line, {"counted": True}) for table, line in lines)])  # fmt: skip

    def _voucher(
        self, stage: str, way: tuple[str, str], fen: int, slot: dict[str, Any], *, state: str
    ) -> str:
        id, first = self._name("voucher"), self.chance.randrange(fen) if fen > 1 else 0
        voucher = {"stage": stage, "total_fen": fen, "state": state, "body": self._body()}
        line = {"voucher_id": id, "stage": stage, "debit": way[0], "credit": way[1], "sign": 1,
                "counted": state == "confirmed", "indicator_id": None, "body": "{}",
                **slot}  # fmt: skip
        parts = [part for part in (first, fen - first) if part]
        self.act([("voucher", id, voucher),
                  *(("voucher_line", f"{id}.l{n}", {**line, "amount_fen": part})
                    for n, part in enumerate(parts))])  # fmt: skip
        return id

    # ---- its tree

    def head(self, size: int | None = None, hash: str = "sha256") -> Head:
        tree = Tree(hash)
        for entry in self.entries[:size]:
            tree.add(hashing(hash).leaf(entry))
        return Head(tree.size, tree.digest())

    def proof(self, seq: int, note: Note, *, extra: bool = False, hash: str = "sha256") -> LogProof:
        how = hashing(hash)
        leaves = [how.leaf(entry) for entry in self.entries]

        def read(level: int, at: int) -> bytes:
            return how.folded(leaves[at << level : (at + 1) << level])

        path = inclusion(seq - 1, len(leaves), read, hash)
        return LogProof(seq - 1, tuple(path), note, self.entries[seq - 1] if extra else None)


def lines_of(octets: Iterable[bytes]) -> bytes:
    return b"".join(one + b"\n" for one in octets)


class Signers(NamedTuple):
    """Whose keys a package bears: of the log, oldest first, and of its witnesses."""

    log: tuple[Pen, ...] = (Pen(ORIGIN, 1),)
    witnesses: tuple[Pen, ...] = ()

    def keys(self) -> bytes:
        lines = [str(self.log[0].key)]
        for old, new in zip(self.log, self.log[1:], strict=False):
            signature = b64encode(old.sign(succession(old.key, new.key))).decode()
            lines.append(f"{new.key} {signature}")
        return lines_of(line.encode() for line in lines)

    def note(self, head: Head, *, sm3: bool = False) -> Note:
        pen, name = self.log[-1], ORIGIN + ("/sm3" if sm3 else "")
        text = str(Checkpoint(name, head))
        seen = [] if sm3 else [cosign(text, 1_772_413_200, w.key, w.sign) for w in self.witnesses]
        key = pen.key.beside() if sm3 else pen.key
        lines: list[Signature] = [sign_note(text, key, pen.sign), *seen]
        return Note(text, tuple(lines))


SOLE = Signers()
"""One key, and no witness."""


def files_of(
    log: Log, signers: Signers = SOLE, *, sm3: bool = False, only: Iterable[int] | None = None,
    leaves: bool = True,
) -> dict[str, bytes]:  # fmt: skip
    """The files of a package but its manifest. ``only`` = a part: these entries and their rows."""
    seqs = range(1, len(log.entries) + 1) if only is None else sorted(only)
    note = signers.note(log.head())
    made = {
        "log/entries.jsonl": lines_of(log.entries[seq - 1] for seq in seqs),
        "log/checkpoint": str(note).encode(),
        "log/keys.txt": signers.keys(),
        "tables/request.csv": "﻿编号,标题\r\n1,甲\r\n".encode(),
    }
    if sm3:
        made["log/checkpoint.sm3"] = str(signers.note(log.head(hash="sm3"), sm3=True)).encode()
    if only is None and leaves:
        made["log/leaves"] = b"".join(hashing().leaf(entry) for entry in log.entries)
    for seq in seqs if only is not None else ():
        made[f"log/proofs/{seq}.tlog-proof"] = str(log.proof(seq, note)).encode()
    tables: dict[str, list[bytes]] = {}
    for seq in seqs:
        for line in log.rows[seq - 1]:
            tables.setdefault(line.table, []).append(line.octets)
    made |= {f"rows/{table}.jsonl": lines_of(lines) for table, lines in tables.items()}
    return made


def with_manifest(
    files: dict[str, bytes], size: int, *, whole: bool = True, totals: Any = None, **other: Any
) -> dict[str, bytes]:
    """The files and a manifest that lists them as they are."""
    listed = {
        name: {"sha256": sha256(octets).hexdigest(), "bytes": len(octets)}
        | ({"rows": octets.count(b"\n")} if name.endswith(".jsonl") else {})
        for name, octets in files.items() if name != "manifest.json"
    }  # fmt: skip
    told = {
        "format": "registry-audit-package/1", "county": COUNTY, "seq": size, "release": "0.1.0",
        "whole": whole, "ordered": True, "files": listed, "totals": totals,
    } | other  # fmt: skip
    told["digest"] = sha256(canonical(told)).hexdigest()
    return files | {"manifest.json": canonical(told) + b"\n"}


def totals_of(files: dict[str, bytes]) -> dict[str, Any]:
    """Sums of a package's rows, reckoned apart from the verifier."""
    rows: Counter[str] = Counter()
    now: dict[str, Any] = {}
    for name, octets in files.items():
        if name.startswith("rows/"):
            table = name[5:-6]
            lines = octets.decode().split("\n")[:-1]
            rows[table] += len(lines)
            if table == "voucher_line":
                now |= {(one := json.loads(line)["row"])["id"]: one for line in lines}
    accounts: Counter[str] = Counter()
    stages: Counter[str] = Counter()
    for line in now.values():
        if line["counted"]:
            accounts[line["debit"]] += line["amount_fen"]
            accounts[line["credit"]] -= line["amount_fen"]
            stages[line["stage"]] += line["sign"] * line["amount_fen"]
    sums = {"rows": rows, "account": accounts, "stage": stages}
    return {f"{what} {name}": fen for what, all in sums.items() for name, fen in all.items()}


def package(log: Log, signers: Signers = SOLE, **more: Any) -> dict[str, bytes]:
    """A whole package, or with ``only`` a part."""
    files = files_of(log, signers, **more)
    whole = more.get("only") is None
    return with_manifest(files, len(log.entries), whole=whole, totals=totals_of(files))


def to_folder(files: dict[str, bytes], folder: Path) -> Path:
    for name, octets in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
    return folder


def to_zip(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), octets)
    return path
