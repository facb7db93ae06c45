"""审计包: an honest one raises no alarm, and whatever was changed, cut, added or moved is named."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from registry.domain.audit import canonical
from registry.domain.merkle import Head
from registry.domain.signed_note import KeyKind
from tests.offline.given import PROGRAM, fault_of, kind_of, program
from tests.packages import (
    COUNTY,
    ORIGIN,
    Log,
    Pen,
    Signers,
    files_of,
    package,
    to_folder,
    to_zip,
    with_manifest,
)

Files = dict[str, bytes]
MANY = 1_000


@cache
def log(many: int = MANY, seed: int = 7) -> Log:
    return Log(seed).grow(many)


@cache
def good(many: int = MANY) -> Files:
    return package(log(many), sm3=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return to_folder(good(), tmp_path / "package")


def relisted(files: Files, **other: Any) -> Files:
    """The manifest made true again, as whoever changes a package would."""
    told = json.loads(files["manifest.json"])
    kept = {name: told[name] for name in ("whole", "totals")}
    return with_manifest(files, told["seq"], **{**kept, **other})


# --------------------------------------------------------------------------------- honest ones


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", PROGRAM, *map(str, words)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_folder_and_a_zip_are_verified_by_the_program_alone(folder: Path) -> None:
    archive = to_zip(good(), folder.parent / "package.zip")
    for path in (folder, archive):
        done = run(path)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"核验通过 verified: {ORIGIN} seq {len(log().entries)}" in done.stdout
        assert "the package's own key" in done.stdout
    assert "own" not in run(folder, "--key", Signers().log[0].key).stdout


@pytest.mark.parametrize("many", [1, 2, 3, 255, 256, 257])
def test_a_log_of_any_size_is_verified(many: int) -> None:
    assert kind_of(package(Log(many).grow(many))) == ""


def honest(seed: int) -> str:
    chance = random.Random(seed)
    made = Log(seed, plain=chance.random() < 0.3).grow(chance.randrange(1, 60))
    size = len(made.entries)
    part = sorted(chance.sample(range(1, size + 1), chance.randrange(1, size + 1)))
    witnesses = [Pen(f"w{n}", 100 + n, KeyKind.COSIGNATURE) for n in range(chance.randrange(3))]
    pens = [Pen(ORIGIN, n + 1) for n in range(chance.randrange(1, 4))]
    signers = Signers(tuple(pens), tuple(witnesses))
    files = package(made, signers, sm3=chance.random() < 0.3, leaves=chance.random() < 0.5,
                    only=part if chance.random() < 0.3 else None)  # fmt: skip
    key = [str(chance.choice(pens).key)] if chance.random() < 0.5 else []
    return kind_of(files, key=key, witness=[str(pen.key) for pen in witnesses])


def test_two_hundred_honest_packages_raise_no_alarm() -> None:
    assert {seed: kind for seed in range(200) if (kind := honest(seed))} == {}


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_honest_packages_raise_no_alarm() -> None:
    assert {seed: kind for seed in range(200, 10_200) if (kind := honest(seed))} == {}


# --------------------------------------------------------------------------- every byte changed


def flips(files: Files, chance: random.Random, per_file: int) -> Iterator[tuple[str, int]]:
    for name, octets in sorted(files.items()):
        ends = {0, 1, len(octets) - 2, len(octets) - 1}
        inner = {chance.randrange(len(octets)) for _ in range(per_file)}
        yield from ((name, at) for at in sorted(ends | inner))


def flipped(octets: bytes, at: int, chance: random.Random) -> bytes:
    other = octets[at] ^ (1 << chance.randrange(8))
    return octets[:at] + bytes([other]) + octets[at + 1 :]


STARTS = {
    "manifest.json": {"manifest"}, "log/entries.jsonl": {"entry", "log"}, "log/leaves": {"log"},
    "log/checkpoint": {"checkpoint"}, "log/checkpoint.sm3": {"checkpoint"}, "log/keys.txt": {"key"},
}  # fmt: skip


def expected(name: str) -> set[str]:
    """How the kinds begin by which a changed byte of a file is told, its manifest made anew."""
    return STARTS.get(name, {"row"} if name.startswith("rows/") else {"file"})


def test_a_changed_byte_anywhere_is_found(tmp_path: Path) -> None:
    chance, files = random.Random(5), good()
    folder = to_folder(files, tmp_path)
    missed = []
    for name, at in flips(files, chance, 6):
        (folder / name).write_bytes(flipped(files[name], at, chance))
        found = fault_of(folder)
        (folder / name).write_bytes(files[name])
        if found is None or not expected(name) & {found.kind.split(".")[0]} | {"file"}:
            missed.append((name, at))
    assert missed == []


def test_a_changed_byte_is_told_by_what_it_belies_though_the_manifest_was_made_anew() -> None:
    chance, files = random.Random(6), dict(good(60))
    wrong = []
    for name, at in flips(files, chance, 12):
        if name in ("manifest.json", "tables/request.csv"):
            continue  # A list made anew is a list: nothing else vouches for these.
        changed = relisted(files | {name: flipped(files[name], at, chance)})
        found = kind_of(changed)
        if found.split(".")[0] not in expected(name):
            wrong.append((name, at, found))
    assert wrong == []


def test_a_changed_entry_is_named_by_its_number() -> None:
    chance, files = random.Random(8), good(60)
    lines = files["log/entries.jsonl"].split(b"\n")
    for seq in (1, 2, 30, len(lines) - 1):
        salt = lines[seq - 1].index(b'"salt":"') + 8
        line = flipped(lines[seq - 1], salt, random.Random(0))
        changed = [*lines[: seq - 1], line.replace(b"\n", b"0"), *lines[seq:]]
        made = relisted(files | {"log/entries.jsonl": b"\n".join(changed)})
        found = fault_of_files(made, chance)
        assert (found.kind, found.seq) in (("entry.leaf", seq), ("entry.form", seq))


def fault_of_files(files: Files, chance: random.Random) -> Any:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return fault_of(to_folder(files, Path(folder)))


class OneFile:
    """As much of a package as reading one file of lines needs."""

    county, whole = COUNTY, False

    def __init__(self, octets: bytes) -> None:
        self.octets, self.quick = octets, quick()
        self.files = {name: {} for name in good() if name.startswith("rows/")}

    def pieces(self, name: str) -> Iterator[tuple[bytes, list[bytes]]]:
        *lines, cut = self.octets.split(b"\n")
        yield self.octets, [*lines, cut] if cut else lines


def read_alone(name: str, octets: bytes) -> Any:
    """One line, as the program reads it: what was read, or the fault."""
    verify = program()
    try:
        if name == "log/entries.jsonl":
            return [lines for _, lines, _ in verify.entries(OneFile(octets))]
        return [row[2] for row in verify.rows_of(OneFile(octets), name[5:-6], database())]
    except verify.Fault as found:
        return found.kind


@cache
def quick() -> Any:
    verify = program()
    return verify.re.compile(verify.QUICK.replace("COUNTY", COUNTY).encode())


@cache
def database() -> Any:
    db = program().sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE held (name, id, version, told)")
    return db


@pytest.mark.parametrize(
    "step", [397, pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(7200)])]
)
def test_each_byte_of_each_line_of_a_thousand_entries_changes_what_is_read(step: int) -> None:
    """What a line was hashed to, or whether it is one at all; and nothing but a fault is raised."""
    chance, count = random.Random(9), 0
    for name, octets in good().items():
        if not name.endswith(".jsonl"):
            continue
        for line in octets.split(b"\n")[:-1]:
            true = read_alone(name, line + b"\n") if name.startswith("rows/") else [[line]]
            for at in range(count % step, len(line) + 1, step):
                changed = flipped(line + b"\n", at, chance)
                assert read_alone(name, changed) != true, (name, changed)
            count += 1


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ["manifest.json", "log/checkpoint", "log/checkpoint.sm3",
                                  "log/keys.txt"])  # fmt: skip
def test_each_byte_of_what_vouches_for_the_rest_is_bound(name: str, tmp_path: Path) -> None:
    folder, chance, octets = to_folder(good(), tmp_path), random.Random(3), good()[name]
    for at in range(len(octets)):
        (folder / name).write_bytes(flipped(octets, at, chance))
        found = fault_of(folder)
        assert found is not None, at
        assert found.kind.split(".")[0] in expected(name) | {"file"}


# ------------------------------------------------------------- lines taken out, moved and doubled


def taken_out(lines: list[bytes], at: int) -> list[bytes]:
    return lines[:at] + lines[at + 1 :]


def doubled(lines: list[bytes], at: int) -> list[bytes]:
    return lines[: at + 1] + lines[at:]


def swapped(lines: list[bytes], at: int) -> list[bytes]:
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def moved(lines: list[bytes], at: int) -> list[bytes]:
    return [*taken_out(lines, at), lines[at]]


Change = Callable[[list[bytes], int], list[bytes]]
ROWS = ("request", "task", "voucher", "voucher_line")
EXPECTED: list[tuple[str, Change, str]] = [
    ("log/entries.jsonl", taken_out, "entry.seq"),
    ("log/entries.jsonl", doubled, "entry.seq"),
    ("log/entries.jsonl", swapped, "entry.seq"),
    ("log/entries.jsonl", moved, "entry.seq"),
    *((f"rows/{table}.jsonl", taken_out, "row.missing") for table in ROWS),
    *((f"rows/{table}.jsonl", doubled, "row.double") for table in ROWS),
]


@pytest.mark.parametrize(("name", "change", "kind"), EXPECTED)
def test_a_line_taken_out_moved_or_doubled_is_named(name: str, change: Change, kind: str) -> None:
    files = good(60)
    lines = files[name].split(b"\n")[:-1]
    for at in (0, len(lines) // 2, len(lines) - 2):
        octets = b"".join(line + b"\n" for line in change(lines, at))
        found = fault_of_files(relisted(files | {name: octets}), random.Random(0))
        assert found.kind == kind
        if name.startswith("log/"):
            assert found.seq == at + 1 + (change is doubled)
        elif kind == "row.missing":
            told = json.loads(lines[at])["row"]
            assert found.row == (name[5:-6], told["id"], told["version"])


@pytest.mark.parametrize("table", ROWS)
def test_rows_in_another_order_are_another_file(table: str) -> None:
    files, name = good(60), f"rows/{table}.jsonl"
    lines = files[name].split(b"\n")[:-1]
    octets = b"".join(line + b"\n" for line in swapped(lines, 3))
    assert kind_of(files | {name: octets}) == "file.digest"


def test_entries_cut_off_or_added_at_the_end_are_named() -> None:
    files, end = good(60), Log(7).grow(70)
    size = len(log(60).entries)
    short = files | {"log/entries.jsonl": b"\n".join(files["log/entries.jsonl"].split(b"\n")[:-2])}
    short["log/entries.jsonl"] += b"\n"
    assert kind_of(relisted(short)) == "log.short"
    longer = files_of(end)["log/entries.jsonl"].split(b"\n")[: size + 1]
    assert (
        kind_of(relisted(files | {"log/entries.jsonl": b"\n".join(longer) + b"\n"})) == "entry.seq"
    )


def test_a_row_of_which_no_entry_knows_is_named() -> None:
    files, name = good(60), "rows/request.jsonl"
    row = {"county": COUNTY, "id": "req-x", "version": 1, "body": "{}", "state": "filed"}
    line = canonical({"row": row, "table": "request"}) + b"\n"
    assert kind_of(relisted(files | {name: files[name] + line})) == "row.unlogged"
    alone = files | {"rows/other.jsonl": line.replace(b'"table":"request"', b'"table":"other"')}
    assert kind_of(relisted(alone)) == "row.unlogged"


def test_a_file_taken_out_added_or_twice_in_the_archive_is_named(tmp_path: Path) -> None:
    import zipfile

    files = good(60)
    for name in files:
        assert kind_of({n: o for n, o in files.items() if n != name}) == "file.missing"
        without = {n: o for n, o in files.items() if n not in (name, "manifest.json")}
        if name not in ("manifest.json", "log/leaves", "log/checkpoint.sm3", "tables/request.csv"):
            kind = kind_of(with_manifest(without, len(log(60).entries)))
            assert kind in ("file.missing", "row.missing")
    assert kind_of(files | {"rows/extra.jsonl": b""}) == "file.extra"
    archive = to_zip(files, tmp_path / "twice.zip")
    with pytest.warns(UserWarning), zipfile.ZipFile(archive, "a") as added:
        added.writestr("log/checkpoint", files["log/checkpoint"])
    assert fault_of(archive).kind == "file.extra"


def test_a_changed_archive_is_found_or_holds_the_very_same_files(tmp_path: Path) -> None:
    import zipfile

    files, chance = good(60), random.Random(4)
    archive = to_zip(files, tmp_path / "package.zip")
    octets = archive.read_bytes()
    for at in sorted(chance.sample(range(len(octets)), 120)):
        archive.write_bytes(flipped(octets, at, chance))
        done = run_inside(archive)
        if done == 0:
            with zipfile.ZipFile(archive) as held:
                assert {n: held.read(n) for n in held.namelist()} == files
        assert done in (0, 1, 2)


def run_inside(path: Path, *words: str) -> int:
    """Exit code of the program, in this process."""
    kept, sys.argv = sys.argv, ["verify.py", str(path), *words]
    try:
        return int(program().main())
    finally:
        sys.argv = kept


# --------------------------------------------------------------- wrong though everything is hashed


def forged(act: Callable[[Log], None], *, seed: int = 3) -> str:
    """What is said of a log that was really signed so: its own rows do not hold together."""
    made = Log(seed).grow(30)
    act(made)
    return kind_of(package(made))


def written(table: str, id: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    return table, id, {"body": "{}", **fields}


def line(voucher: str, at: int, way: tuple[str, str], fen: int, **more: Any) -> Any:
    told = {"voucher_id": voucher, "stage": "pledge", "debit": way[0], "credit": way[1], "sign": 1,
            "counted": True, "amount_fen": fen, "presence_id": "p", "funding_key": "f",
            "year": 2026}  # fmt: skip
    return written("voucher_line", f"{voucher}.l{at}", **(told | more))


def voucher(id: str, fen: int, *, state: str = "confirmed", stage: str = "pledge") -> Any:
    return written("voucher", id, total_fen=fen, state=state, stage=stage)


PLEDGED = ("pledged", "source")
FORGED = {
    "money.sum": lambda made: made.act([voucher("v", 100), line("v", 0, PLEDGED, 99)]),
    "money.confirmed": lambda made: made.act(
        [voucher("v", 100, state="recorded"), line("v", 0, PLEDGED, 100)]
    ),
    "money.overdrawn": lambda made: made.act(
        [voucher("v", 100), line("v", 0, ("ordered", "pledged"), 100)]
    ),
    "row.chain": lambda made: (
        made.held.__setitem__(("request", "gap"), {"version": 1}),
        made.act([written("request", "gap")]),
    ),
    "row.double": lambda made: (
        made.act([written("request", "two")]),
        made.held.pop(("request", "two")),
        made.act([written("request", "two")]),
    ),
}


@pytest.mark.parametrize("kind", FORGED)
def test_what_was_signed_and_does_not_hold_together_is_named(kind: str) -> None:
    assert forged(FORGED[kind]) == kind


def test_an_entry_that_moves_two_amounts_is_told_once() -> None:
    back = [voucher("r", 40, stage="repayment"),
            line("r", 0, ("lender", "advanced"), 40, stage="repayment"),
            line("r", 1, ("spent", "community"), 40, stage="repayment")]  # fmt: skip
    refund = [voucher("b", 30, stage="refund"),
              line("b", 0, ("street", "community"), 30, stage="refund"),
              line("b", 1, ("pledged", "street"), 30, stage="refund")]  # fmt: skip

    def act(made: Log) -> None:
        made.act([voucher("v", 100), line("v", 0, PLEDGED, 100)])
        made.act([voucher("c", 100), line("c", 0, ("community", "pledged"), 100)])
        made.act([voucher("a", 40), line("a", 0, ("advanced", "lender"), 40)])
        made.act(back)
        made.act(refund)

    assert forged(act) == ""


def test_totals_of_the_manifest_are_added_up_again() -> None:
    files = good(60)
    told = json.loads(files["manifest.json"])["totals"]
    assert {name.split()[0] for name in told} == {"rows", "account", "stage"}
    for name, sum in told.items():
        assert kind_of(relisted(files, totals=told | {name: sum + 1})) == "total"
    assert kind_of(relisted(files, totals=None)) == ""


def test_an_entry_dated_before_the_one_it_follows_is_named_where_that_was_promised() -> None:
    made = Log(3).grow(30)
    made.at = made.at.replace(year=2025)
    made.act([])
    files = package(made)
    assert kind_of(files) == "entry.time"
    assert kind_of(relisted(files, ordered=False)) == ""


NOT_CANONICAL = [
    (b'"act":', b'"act": '), (b'"clock_fixed":false', b'"clock_fixed":FALSE'),
    (b'"object_version":1', b'"object_version":1.0'), (b'"pack":null', b'"pack":NaN'),
    (b'{"act":"request.submit","actor":"p-1"', b'{"actor":"p-1","act":"request.submit"'),
    (b'"code":""', b'"code":"\\u0041"'), (b'"note":{}', b'"note":{"b":1,"a":2}'),
    (b'"note":{}', b'"note":{"a":1.5}'), (b'"note":{}', b'"note":{"a":1,"a":1}'),
    (b'"code":""', b'"code":"\x01"'), (b'"code":""', b'"code":"\xff"'), (b'"v":1', b'"v":2'),
    (b'"county":"990102"', b'"county":"990103"'), (b'"rows":[]', b'"rows":[1]'),
    (b'"rows":[]', b'"rows":{}'),
    (b'"note":{}', b'"note":{"a":' + b"[" * 9000 + b"]" * 9000 + b"}"),
    (b'"seq":1', b'"seq":01'), (b'"seq":1', b'"seq":true'), (b'"salt":"', b'"salt":"\xed\xa0\x80'),
]  # fmt: skip


@pytest.mark.parametrize("at", range(len(NOT_CANONICAL)))
def test_an_entry_in_another_form_is_named_though_it_was_signed(at: int) -> None:
    made = Log(1)
    made.act([])
    made.act([])
    before = made.entries[0]
    made.entries[0] = before.replace(*NOT_CANONICAL[at], 1)
    assert made.entries[0] != before
    assert kind_of(package(made)) == "entry.form"


def test_an_entry_of_a_later_shape_is_read_as_long_as_it_is_canonical() -> None:
    made = Log(1)
    made.act([written("request", "r1")])
    told = json.loads(made.entries[0]) | {"zone": {"deep": [1, "二", None, {"a": True}]}}
    made.entries[0] = canonical(told)
    assert kind_of(package(made)) == ""


# -------------------------------------------------------------------- keys, witnesses, old heads


def test_a_package_made_up_with_other_keys_is_none_to_who_holds_the_true_one() -> None:
    forged = package(log(60), Signers((Pen(ORIGIN, 66),)))
    assert kind_of(forged) == ""
    assert kind_of(forged, key=[str(Signers().log[0].key)]) == "key.unknown"


def test_a_key_follows_another_only_by_its_signature() -> None:
    pens = (Pen(ORIGIN, 1), Pen(ORIGIN, 2), Pen(ORIGIN, 3))
    files = package(log(60), Signers(pens))
    for pen in pens:
        assert kind_of(files, key=[str(pen.key)]) == ""
    keys = files["log/keys.txt"].decode().split("\n")
    unsigned = "\n".join([keys[0], str(pens[1].key), keys[2], ""]).encode()
    by_another = "\n".join([keys[0], f"{pens[1].key} {keys[2].split()[1]}", keys[2], ""]).encode()
    elsewhere = Signers((pens[0], Pen("other.example", 2), pens[2])).keys()
    for octets in (unsigned, by_another, elsewhere):
        assert kind_of(relisted(files | {"log/keys.txt": octets})) == "key.succession"


def test_a_checkpoint_under_a_key_that_was_replaced_is_none() -> None:
    pens = (Pen(ORIGIN, 1), Pen(ORIGIN, 2))
    files = package(log(60), Signers(pens))
    old = str(Signers(pens[:1]).note(log(60).head())).encode()
    assert kind_of(relisted(files | {"log/checkpoint": old})) == "checkpoint.signature"


def test_so_many_witnesses_as_are_asked_for_have_signed() -> None:
    pens = tuple(Pen(f"w{n}.example", 50 + n, KeyKind.COSIGNATURE) for n in range(3))
    files = package(log(60), Signers(witnesses=pens[:2]))
    keys = [str(pen.key) for pen in pens]
    assert kind_of(files, witness=keys[:2]) == ""
    assert kind_of(files, witness=keys) == "witness.few"
    assert kind_of(files, witness=keys, at_least=2) == ""
    assert kind_of(files, witness=keys[2:], at_least=1) == "witness.few"


def test_a_root_or_size_that_another_tree_has_is_not_this_logs() -> None:
    files, head = good(60), log(60).head()
    other = str(Signers().note(Head(head.size, bytes(32)))).encode()
    assert kind_of(relisted(files | {"log/checkpoint": other})) == "log.root"
    less = str(Signers().note(log(60).head(10))).encode()
    assert kind_of(relisted(files | {"log/checkpoint": less})) == "checkpoint.size"
    sm3 = str(Signers().note(Head(head.size, bytes(32)), sm3=True)).encode()
    assert kind_of(relisted(files | {"log/checkpoint.sm3": sm3})) == "log.root"


@pytest.mark.parametrize("size", [1, 2, 31, 32, 60])
def test_a_log_that_was_rewritten_does_not_contain_the_checkpoint_that_was_kept(
    size: int, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(str(Signers().note(log(60).head(size))), "utf-8")
    assert fault_of(to_folder(good(60), tmp_path / "true"), kept) is None
    rewritten = to_folder(package(Log(8).grow(60)), tmp_path / "rewritten")
    assert fault_of(rewritten) is None, "it is whole in itself, and signed with the very key"
    found = fault_of(rewritten, kept)
    assert (found.kind, found.seq) == ("log.kept", size)


def test_a_log_that_was_rolled_back_does_not_reach_the_checkpoint_that_was_kept(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(str(Signers().note(log(60).head())), "utf-8")
    before = Log(7).grow(40)
    assert fault_of(to_folder(package(before), tmp_path / "old"), kept).kind == "log.kept"


# ------------------------------------------------------------------------------------- a part


def part(many: int = 60) -> Files:
    return package(log(many), only=[2, 3, 17, 40, 59])


def test_a_part_of_a_log_is_proven_entry_by_entry() -> None:
    assert kind_of(part()) == ""


def test_a_part_may_leave_rows_out_and_changes_none() -> None:
    files = part()
    name = next(n for n in files if n.startswith("rows/"))
    lines = files[name].split(b"\n")[:-1]
    fewer = b"".join(one + b"\n" for one in lines[1:])
    assert kind_of(relisted(files | {name: fewer}, totals=None)) == ""
    other = lines[0].replace(b'"body":"', b'"body":" ', 1)
    assert other != lines[0]
    changed = b"".join(one + b"\n" for one in [other, *lines[1:]])
    assert kind_of(relisted(files | {name: changed}, totals=None)) == "row.digest"


def test_an_entry_of_a_part_without_its_own_proof_is_named() -> None:
    files = part()
    own, other = "log/proofs/17.tlog-proof", "log/proofs/40.tlog-proof"
    assert kind_of(relisted(files | {own: files[other]})) == "entry.proof"
    without = {name: octets for name, octets in files.items() if name != own}
    assert kind_of(relisted(without)) == "file.missing"
    lines = files["log/entries.jsonl"].split(b"\n")
    salted = lines[2].replace(b'"salt":"', b'"salt":"0')
    changed = b"\n".join([*lines[:2], salted, *lines[3:]])
    assert kind_of(relisted(files | {"log/entries.jsonl": changed})) == "entry.proof"
    turned = b"\n".join([lines[1], lines[0], *lines[2:]])
    assert kind_of(relisted(files | {"log/entries.jsonl": turned})) == "entry.proof"


# ------------------------------------------------------------------------------- exit codes


def test_the_exit_code_says_verified_found_or_cannot_tell(tmp_path: Path) -> None:
    folder = to_folder(good(60), tmp_path / "package")
    kept = tmp_path / "kept"
    kept.write_text(str(Signers().note(log(60).head(9))), "utf-8")
    assert run("consistency", kept, folder).returncode == 0
    (folder / "rows" / "task.jsonl").write_bytes(b"")
    found = run(folder)
    assert (found.returncode, found.stdout) == (1, "")
    assert "row.missing seq" in found.stderr and "日志所列的记录不存在" in found.stderr
    assert found.stderr.startswith("核验未通过 not verified: ")
    key = Signers().log[0].key
    nowhere = tmp_path / "nowhere"
    for words in ([nowhere], ["consistency", nowhere, folder], ["proof", nowhere, "--key", key]):
        wrong = run(*words)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert wrong.stderr.startswith("无法核验 cannot tell: 没有这个文件 no such file:")
    assert run(kept).returncode == 2
    assert run().returncode == 2
    to_folder(part(), tmp_path / "part")
    assert run("consistency", kept, tmp_path / "part").returncode == 2


def test_one_receipt_is_checked_with_its_entry(tmp_path: Path) -> None:
    made = log(60)
    for sm3 in (False, True):
        hash = "sm3" if sm3 else "sha256"
        note = Signers().note(made.head(hash=hash), sm3=sm3)
        key = Signers().log[0].key.beside() if sm3 else Signers().log[0].key
        path, bare = tmp_path / "a.tlog-proof", tmp_path / "b.tlog-proof"
        path.write_text(str(made.proof(17, note, extra=True, hash=hash)), "utf-8")
        bare.write_text(str(made.proof(17, note, hash=hash)), "utf-8")
        done = run("proof", path, "--key", key)
        assert (done.returncode, done.stderr) == (0, "")
        assert "seq 17 / " in done.stdout and made.entries[16].decode() in done.stdout
        entry = tmp_path / "entry"
        entry.write_bytes(made.entries[16] + b"\n")
        assert run("proof", bare, "--key", key, "--entry", entry).returncode == 0
        assert run("proof", bare, "--key", key).returncode == 2
        assert run("proof", path).returncode == 2
        assert run("proof", path, "--key", Pen(ORIGIN, 9).key).returncode == 1
        entry.write_bytes(made.entries[15])
        assert "entry.proof seq 17" in run("proof", path, "--key", key, "--entry", entry).stderr


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)])
def test_every_bit_of_a_receipt_is_bound(step: int) -> None:
    verify, made = program(), log(60)
    octets = str(made.proof(17, Signers().note(made.head()))).encode()
    key, entry = [verify.vkey(str(Signers().log[0].key))], made.entries[16]

    def believed(changed: bytes) -> bool:
        try:
            index, path, extra, note = verify.receipt(changed)
            assert extra is None
            verify.climb(entry, index, path, verify.Checkpoint(note, key))
        except verify.Fault:
            return False
        return True

    assert believed(octets)
    for bit in range(0, 8 * len(octets), step):
        changed = bytearray(octets)
        changed[bit // 8] ^= 1 << bit % 8
        assert not believed(bytes(changed)), bit


def test_the_manifest_alone_says_nothing_that_it_does_not_bind() -> None:
    files = good(60)
    told = json.loads(files["manifest.json"])
    for name in told:
        if name != "digest":
            assert kind_of(files | {"manifest.json": canonical({**told, name: None}) + b"\n"}) in (
                "manifest.form", "manifest.digest",
            )  # fmt: skip
    bare = {name: value for name, value in told.items() if name != "digest"}
    assert told["digest"] == sha256(canonical(bare)).hexdigest()
