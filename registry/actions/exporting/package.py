"""审计包 made: the log, the rows under it, proofs where only a part goes out, and the same to read.

Each file is made once and noted when it is whole; whoever begins again goes on after the last. The
manifest comes last, and the package gets its name after that: half a package has none.
"""

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from registry.actions.exporting.beside import reading_copies
from registry.actions.exporting.ground import Ground
from registry.actions.exporting.parts import Part, part_of, proofs
from registry.actions.exporting.writing import Progress
from registry.actions.sealing import checkpointing
from registry.domain.audit import canonical
from registry.store import packaged
from registry.store.scan import steady
from registry.store.totals import totals

FORMAT = "registry-audit-package/1"
WITHHELD = ("complaint_source", "one_time_code", "person")
"""Tables whose rows stay: who complained (P10), one-time codes, digests of passwords. Their entries
are in, with the digests of these rows."""
_JOURNAL, _PIECE, _SECOND = ".made.jsonl", 1 << 20, 19
Pieces = Iterator[tuple[int, bytes]]
"""(rows, octets) of a file, some at a time."""


class Listed(NamedTuple):
    """清单一行."""

    sha256: str
    bytes: int
    rows: int | None


def write_package(of: Ground, file: Path, on_progress: Progress, release: str = "") -> int:
    """Write a package as one zip; returns how many entries of the log are in it."""
    folder = file.with_name(f"{file.name}.d")
    entries, _ = write_folder(of, folder, on_progress, release)
    with zipfile.ZipFile(file, "w") as out:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as held, out.open(info, "w", force_zip64=True) as into:
                shutil.copyfileobj(held, into, _PIECE)
    shutil.rmtree(folder)
    return entries


def write_folder(
    of: Ground, folder: Path, on_progress: Progress, release: str = ""
) -> tuple[int, str]:
    """Write a package as a folder, going on where one was left half made; returns how many entries
    of the log are in it, and the SHA-256 of its manifest."""
    with steady(of.office.store.reader) as moment:
        part = None if of.actor is None else part_of(of, moment)
        making = _Making(of, folder, release, on_progress)
        log = packaged.Log(moment, of.county, of.as_of)
        making.log(log, part)
        making.rows(log, part)
        if part is not None:
            for name, octets in proofs(of, part):
                making.made(name, partial(_put, octets))
        for name, write in reading_copies(of, release):
            making.made(name, write)
        told = totals(sorted(folder.glob("rows/voucher_line.jsonl")), making.counts())
        return making.finish(told, part)


class _Making:
    """制作中 one package: what is whole already stands in a journal beside it."""

    def __init__(self, of: Ground, folder: Path, release: str, on_progress: Progress) -> None:
        self.of, self.folder, self.release = of, folder, release
        self.on_progress, self.listed, self.written = on_progress, dict[str, Listed](), 0
        whose = "" if of.actor is None else of.actor.person_id
        told = {"format": FORMAT, "county": of.county, "seq": of.as_of, "release": release,
                "whose": whose}  # fmt: skip
        journal, self._first = folder / _JOURNAL, canonical(told).decode()
        lines = journal.read_text("utf-8").split("\n") if journal.exists() else []
        if lines[:1] != [self._first]:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            journal.write_text(f"{self._first}\n", "utf-8")
            lines = []
        for line in lines[1:-1]:
            name, *rest = msgspec.json.decode(line)
            self.listed[name] = Listed(*rest)

    def file(self, name: str, read: Callable[[], Pieces]) -> None:
        """One file out of its pieces, unless it is whole already."""

        def write(path: Path) -> int | None:
            rows = 0
            with path.open("wb") as out:
                for many, octets in read():
                    out.write(octets)
                    rows += many
                    self.on_progress(self.written + rows)
            self.written += rows
            return rows if name.endswith(".jsonl") else None

        self.made(name, write)

    def made(self, name: str, write: Callable[[Path], int | None]) -> None:
        """One file that writes itself; nothing is listed of one that stays empty."""
        if name in self.listed:
            return
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = write(path)
        digest, octets = hashlib.sha256(), 0
        with path.open("rb") as held:
            while piece := held.read(_PIECE):
                digest.update(piece)
                octets += len(piece)
        if not octets and name.startswith("rows/"):
            path.unlink()
            return
        self.listed[name] = Listed(digest.hexdigest(), octets, rows)
        with (self.folder / _JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(msgspec.json.encode([name, *self.listed[name]]).decode() + "\n")

    def log(self, log: packaged.Log, part: Part | None) -> None:
        """Entries, checkpoint, keys."""
        of = self.of

        def entries() -> Pieces:
            for batch in packaged.entries(log):
                kept = [e for seq, e, _ in batch if part is None or seq in part]
                yield len(kept), b"".join(entry + b"\n" for entry in kept)

        def leaves() -> Pieces:
            for batch in packaged.entries(log):
                yield 0, b"".join(bytes.fromhex(leaf) for _, _, leaf in batch)

        for name, octets in checkpointing.packaged(of.office, of.county, of.as_of).items():
            if part is None or name != "log/checkpoint.sm3":
                self.made(name, partial(_put, octets))
        self.file("log/entries.jsonl", entries)
        if part is None:
            self.file("log/leaves", leaves)

    def rows(self, log: packaged.Log, part: Part | None) -> None:
        """Every version of every row that the entries name."""
        for name in packaged.TABLES:
            if name in WITHHELD:
                continue
            scopes = None if part is None else part.scopes(name)
            if scopes == []:
                continue

            def lines(name: str = name, scopes: Any = scopes) -> Pieces:
                for batch in packaged.lines(log, name, scopes):
                    kept = [line for seq, line in batch if part is None or seq in part]
                    yield len(kept), b"".join(line + b"\n" for line in kept)

            self.file(f"rows/{name}.jsonl", lines)

    def counts(self) -> dict[str, int]:
        """Rows of each table."""
        return {n[5:-6]: f.rows or 0 for n, f in self.listed.items() if n.startswith("rows/")}

    def finish(self, told_totals: dict[str, int], part: Part | None) -> tuple[int, str]:
        """The manifest, after all that it lists."""
        files = {
            name: {"sha256": f.sha256, "bytes": f.bytes}
            | ({} if f.rows is None else {"rows": f.rows})
            for name, f in sorted(self.listed.items())
        }  # fmt: skip
        told: dict[str, Any] = {
            "format": FORMAT, "county": self.of.county, "seq": self.of.as_of,
            "release": self.release, "whole": part is None, "ordered": self._ordered(),
            "files": files, "totals": told_totals, "withheld": list(WITHHELD),
        }  # fmt: skip
        told["digest"] = hashlib.sha256(canonical(told)).hexdigest()
        octets = canonical(told) + b"\n"
        (self.folder / "manifest.json").write_bytes(octets)
        (self.folder / _JOURNAL).unlink()
        return self.listed["log/entries.jsonl"].rows or 0, hashlib.sha256(octets).hexdigest()

    def _ordered(self) -> bool:
        """Whether no entry is dated before the one it follows, to the second."""
        last = ""
        with (self.folder / "log/entries.jsonl").open("rb") as held:
            for line in held:
                at = _AT.decode(line).at[:_SECOND]
                if at < last:
                    return False
                last = at
        return True


def _put(octets: bytes, path: Path) -> None:
    path.write_bytes(octets)


class _At(msgspec.Struct):
    at: str


_AT = msgspec.json.Decoder(_At)
