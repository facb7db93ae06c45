"""自行核验 by the client: honest receipts and packages pass, anything changed does not."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.actions.exporting.ground import ground
from registry.actions.exporting.making import Order, make
from registry.actions.office import Office
from registry.api.exporting import sheets
from registry.client import proving
from registry.client.proving import NoteError, ProofError
from registry.domain.exporting import Form
from registry.domain.signed_note import KeyKind, base64_of
from tests.actions.case import admitted
from tests.packages import ORIGIN, Log, Pen, Signers, package, to_folder, to_zip, with_manifest

LOG = Log(3).grow(60)
SIZE = len(LOG.entries)
WITNESS = Pen("witness.example", 9, KeyKind.COSIGNATURE)
SIGNERS = Signers(witnesses=(WITNESS,))
KEYS = [str(SIGNERS.log[-1].key)]
OTHER = [str(Pen(ORIGIN, 77).key)]


def _receipt(seq: int) -> bytes:
    note = SIGNERS.note(LOG.head())
    return str(LOG.proof(seq, note, extra=True)).encode()


def test_a_receipt_proves_its_entry() -> None:
    for seq in (1, 2, 31, SIZE):
        found = proving.receipt(_receipt(seq), KEYS, witnesses=[str(WITNESS.key)], at_least=1)
        assert (found.seq, found.size, found.entry["seq"]) == (seq, SIZE, seq)
        assert found.witnesses == ["witness.example"]


def test_a_receipt_of_another_key_or_without_its_witness_proves_nothing() -> None:
    with pytest.raises(NoteError):
        proving.receipt(_receipt(5), OTHER)
    with pytest.raises(ProofError):
        proving.receipt(_receipt(5), KEYS, at_least=1)


def test_any_octet_changed_in_a_receipt_is_found() -> None:
    octets = _receipt(17)
    for at in range(0, octets.index("—".encode()), 3):
        changed = octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]
        with pytest.raises((NoteError, ProofError)):
            proving.receipt(changed, KEYS)


def test_a_key_is_believed_as_far_as_one_signed_the_next() -> None:
    pens = tuple(Pen(ORIGIN, seed) for seed in (1, 2, 3))
    told, vkeys = Signers(log=pens).keys(), [str(pen.key) for pen in pens]
    assert proving.keys_of(told, vkeys[:1]) == vkeys
    assert proving.keys_of(told, vkeys[1:2]) == vkeys[1:]
    with pytest.raises(NoteError):
        proving.keys_of(told, OTHER)
    lines = told.splitlines(keepends=True)
    assert proving.keys_of(lines[0] + lines[2], vkeys[:1]) == vkeys[:1]


def test_growth_is_shown_and_nothing_else() -> None:
    from registry.domain.hashing import hashing
    from registry.domain.merkle import consistency

    leaves = [hashing().leaf(entry) for entry in LOG.entries]
    path = consistency(20, 60, lambda level, at: hashing().folded(
        leaves[at << level : (at + 1) << level]))  # fmt: skip
    told = [base64_of(one) for one in path]
    old, new = (str(SIGNERS.note(LOG.head(size))).encode() for size in (20, 60))
    assert proving.grew(old, new, told, KEYS).head.size == 60
    with pytest.raises(ProofError):
        proving.grew(old, new, told[:-1], KEYS)
    with pytest.raises(ProofError):
        proving.grew(new, old, told, KEYS)


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_an_honest_package_passes(tmp_path: Path, form: str) -> None:
    files = package(LOG, SIGNERS)
    path = to_zip(files, tmp_path / "p.zip") if form == "zip" else to_folder(files, tmp_path)
    assert proving.package(path, KEYS).head.size == SIZE


Files = dict[str, bytes]


def _rows(files: Files) -> str:
    return next(name for name in sorted(files) if name.startswith("rows/"))


def _cut(files: Files, name: str) -> Files:
    return files | {name: b"".join(files[name].splitlines(keepends=True)[:-1])}


CHANGES: dict[str, Callable[[Files], Files]] = {
    "a row is missing": lambda f: _cut(f, _rows(f)),
    "an entry is missing": lambda f: _cut(f, "log/entries.jsonl"),
    "a row is doubled": lambda f: f | {_rows(f): f[_rows(f)] + f[_rows(f)]},
    "a row is changed": lambda f: f | {
        _rows(f): f[_rows(f)].replace(b'"version":1', b'"version":2', 1)
    },
    "entries are turned about": lambda f: f | {
        "log/entries.jsonl": b"".join(reversed(f["log/entries.jsonl"].splitlines(keepends=True)))
    },
    "a file is gone": lambda f: {n: o for n, o in f.items() if n != _rows(f)},
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("listed", [True, False], ids=["manifest made anew", "manifest as it was"])
def test_a_changed_package_is_found_also_where_its_manifest_was_changed_with_it(
    tmp_path: Path, case: str, listed: bool
) -> None:
    files: dict[str, Any] = package(LOG, SIGNERS)
    changed = CHANGES[case]({n: o for n, o in files.items() if n != "manifest.json"})
    whole = with_manifest(changed, SIZE) if listed else changed | {
        "manifest.json": files["manifest.json"]
    }  # fmt: skip
    with pytest.raises(ProofError):
        proving.package(to_folder(whole, tmp_path), KEYS)


def test_a_package_of_another_key_is_found(tmp_path: Path) -> None:
    with pytest.raises(NoteError):
        proving.package(to_folder(package(LOG, SIGNERS), tmp_path), OTHER)


def test_no_table_is_withheld_but_those_that_hold_secrets(tmp_path: Path) -> None:
    files = {n: o for n, o in package(LOG, SIGNERS).items() if n != "manifest.json"}
    name = _rows(files)
    left = {n: o for n, o in files.items() if n != name}
    told = with_manifest(left, SIZE, withheld=[name.removeprefix("rows/").removesuffix(".jsonl")])
    with pytest.raises(ProofError, match="withheld"):
        proving.package(to_folder(told, tmp_path), KEYS)


def test_a_package_that_the_registry_made_passes_here_too(
    one_office: Office, one_hand: Any, tmp_path: Path
) -> None:
    admitted(one_hand)
    path = tmp_path / "county.zip"
    make(ground(one_office, "990102", None, sheets()), Order(Form.PACKAGE, release="0"), path)
    with zipfile.ZipFile(path) as held:
        told = held.read("log/keys.txt")
    keys = proving.keys_of(told, [told.decode().split()[0]])
    assert proving.package(path, keys).head.size > 0


def test_a_name_leads_nowhere_outside(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", '{"county":"990102","seq":1,"files":{"../x":'
                         '{"sha256":"","bytes":0}}}')  # fmt: skip
    with pytest.raises(ProofError):
        proving.package(path, KEYS)
