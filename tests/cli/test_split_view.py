"""分叉 one log served in two histories: found by comparing what is served, and by a witness."""

import shutil
from pathlib import Path

import httpx
import pytest

from registry.domain.checkpoint import believed
from registry.domain.merkle import Head, Tree
from registry.domain.signed_note import parse_key
from registry.store.keys import signed_by
from tests.cli.audited import COUNTY, HERE, Place
from tests.cli.test_serve import serving


def shown(address: str, vkey: str) -> Head:
    """The checkpoint that an instance serves, signed with the log's own key."""
    note = httpx.get(f"{address}/log/{COUNTY}/checkpoint").raise_for_status().content
    return believed(note, [parse_key(vkey)], signed_by)[1].head


def tree_at(address: str, size: int) -> bytes:
    """The tree over the first ``size`` entries, as anybody puts it together of the tiles served."""
    tree, width = Tree(), len(Tree().digest())
    for number, first in enumerate(range(0, size, 256)):
        many = min(256, size - first)
        part = "" if many == 256 else f".p/{many}"
        path = f"{address}/log/{COUNTY}/tile/0/{number:03}{part}"
        octets = httpx.get(path).raise_for_status().content
        for at in range(0, len(octets), width):
            tree.add(octets[at : at + width])
    return tree.digest()


def test_two_histories_under_one_key_are_found_by_comparing_and_by_a_witness_over_http(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def made(name: str) -> Place:
        (tmp_path / name / "var").mkdir(parents=True)
        shutil.copyfile(sqlite_template, tmp_path / name / "var" / "registry.db")
        return Place(tmp_path / name / "var", monkeypatch, capsys)

    one, province = made("one"), made("province")
    one.did("audit", "checkpoint", *HERE)
    vkey, theirs = one.key, province.did("audit", "witness", "key")
    province.did("audit", "witness", "watch", vkey)
    with serving(province.folder) as witness:
        one.did("audit", "witness", "add", *HERE, theirs, "--url", f"{witness}/witness")
        assert "cosigned" in one.did("audit", "witness", "send", *HERE)
        other = one.copied(tmp_path / "other" / "var")
        one.acts()
        other.acts(2)
        for place in (one, other):
            place.did("audit", "checkpoint", *HERE)
        assert "cosigned" in one.did("audit", "witness", "send", *HERE)
        with serving(one.folder) as first, serving(other.folder) as second:
            # Each is whole in itself, and signed with the one key of the log.
            seen, beside = shown(first, vkey), shown(second, vkey)
            assert tree_at(first, seen.size) == seen.root
            assert tree_at(second, beside.size) == beside.root
            assert seen.size < beside.size
            assert tree_at(second, seen.size) != seen.root, "one is no beginning of the other"
        told = other.run("audit", "witness", "send", *HERE)
    assert (told.code, told.out.split()[3]) == (1, "forked")
    kept = tmp_path / "kept"
    kept.write_text(one.did("audit", "checkpoint", *HERE) + "\n", "utf-8")
    assert other.run("audit", "verify", *HERE).code == 0
    found = other.run("audit", "verify", *HERE, "--from-checkpoint", kept)
    assert found.code == 1 and "log.kept" in found.out
    listed = tmp_path / "findings.jsonl"
    other.did("export", "records", "findings", listed, *HERE, "--form", "jsonl")
    assert "log.witness_forked" in listed.read_text("utf-8"), "and stands as a finding"
