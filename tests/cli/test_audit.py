"""registry audit at the command line: verify, sign, prove, witness; an old backup put back."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.audited import COUNTY, HERE, Place

VERIFY = Path(__file__).parents[2] / "verify.py"
Made = Callable[[str], Place]


@pytest.fixture
def made(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Made:  # fmt: skip
    """A further instance, by name."""

    def make(name: str) -> Place:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(sqlite_template, folder / "registry.db")
        return Place(folder, monkeypatch, capsys)

    return make


@pytest.fixture
def place(made: Made) -> Place:
    return made("county")


def offline(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", VERIFY, *map(str, words)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_verify_is_a_program_that_tells_how_far_it_came_and_how_it_ended(place: Place) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
    told = {"REGISTRY_DATA_DIR": str(place.folder), "REGISTRY_MODE": "demo"}
    words = [sys.executable, "-m", "registry", "audit", "verify", *HERE]
    done = subprocess.run(words, env=kept | told, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:6]) == (0, "ok    ")
    last = done.stderr.splitlines()[-1].split()
    assert last[0] == COUNTY and last[1] == last[3] and int(last[1]) > 0


def test_a_changed_row_is_named_and_the_program_ends_with_one(place: Place) -> None:
    place.behind("UPDATE organisation SET body = replace(body, '}', ' }') WHERE version = 1")
    told = place.run("audit", "verify", *HERE)
    assert told.code == 1
    assert told.out.startswith("FAIL  row.") and " organisation " in told.out


@pytest.mark.parametrize(
    "words", [["--head", "nonsense"], ["--from-checkpoint", "nowhere"],
              ["--from-checkpoint", str(VERIFY)]],
)  # fmt: skip
def test_what_cannot_be_answered_ends_with_two(place: Place, words: list[str]) -> None:
    told = place.run("audit", "verify", *HERE, *words)
    assert (told.code, told.out) == (2, "")
    assert "cannot tell" in told.err


def test_a_checkpoint_and_a_receipt_are_kept_and_hold_without_the_registry(place: Place) -> None:
    note, proof = place.folder / "kept", place.folder / "a.tlog-proof"
    said = place.did("audit", "checkpoint", *HERE, "--file", note)
    assert said == note.read_text("utf-8").strip()
    assert place.run("audit", "proof", *HERE, 999_999, proof).code == 1
    place.did("audit", "proof", *HERE, 3, proof)
    done = offline("proof", proof, "--key", place.key)
    assert done.returncode == 0 and " seq 3 / " in done.stdout
    place.acts()
    kept = ["--from-checkpoint", note, "--from-checkpoint", proof]
    assert place.run("audit", "verify", *HERE, *kept).code == 0


def test_a_key_is_rotated_by_the_one_before_and_a_lost_one_is_told(place: Place) -> None:
    place.did("audit", "checkpoint", *HERE)
    first = place.key
    refused = place.run("audit", "key", "rotate", *HERE, "--reason", "例行", "--lost")
    assert refused.code == 1 and "log.key_here" in refused.err
    place.did("audit", "key", "rotate", *HERE, "--reason", "例行")
    shutil.rmtree(place.folder / "keys")
    refused = place.run("audit", "checkpoint", *HERE)
    assert refused.code == 1 and "log.key_elsewhere" in refused.err
    place.did("audit", "key", "rotate", *HERE, "--reason", "遗失", "--lost")
    lines = place.did("audit", "key", "list", *HERE).splitlines()
    assert lines[0].startswith(first)
    assert [line.split()[-1] for line in lines] == ["first", "vouched", "lost"]
    told = place.run("audit", "verify", *HERE)
    assert (told.code, told.out.count("note  密钥轮换")) == (0, 2)


def met(place: Place, witness: Place) -> str:
    """Each knows the other, by files alone; the witness's key."""
    place.did("audit", "checkpoint", *HERE)
    theirs = witness.did("audit", "witness", "key")
    witness.did("audit", "witness", "watch", place.key)
    place.did("audit", "witness", "add", *HERE, theirs)
    return theirs


def carried(place: Place, witness: Place, theirs: str) -> tuple[int, str]:
    """A checkpoint to the witness and back; how the witness ended, and what it said."""
    asked, back = place.folder / "asked", place.folder / "back"
    place.did("audit", "witness", "export", *HERE, theirs, asked)
    told = witness.run("audit", "witness", "sign", asked, back)
    if told.code == 0:
        assert place.did("audit", "witness", "import", *HERE, back).endswith(": 1")
    return told.code, told.out


def test_a_checkpoint_is_witnessed_by_files_carried_by_hand(made: Made) -> None:
    place, witness = made("county"), made("province")
    theirs = met(place, witness)
    assert carried(place, witness, theirs)[0] == 0
    place.did("audit", "witness", "at-least", *HERE, 1)
    listed = place.did("audit", "witness", "list", *HERE)
    assert theirs in listed and listed.endswith("至少 at least  1")
    place.acts()
    place.did("audit", "checkpoint", *HERE)
    assert place.did("audit", "witness", "send", *HERE) == "", "nobody is called"
    assert carried(place, witness, theirs)[0] == 0
    place.did("audit", "witness", "remove", *HERE, theirs)
    assert theirs not in place.did("audit", "witness", "list", *HERE)
    witness.did("audit", "witness", "unwatch", place.key)
    assert carried(place, witness, theirs)[0] == 1


def test_an_old_backup_that_was_put_back_is_seen_by_a_kept_checkpoint_and_by_the_witness(
    made: Made, tmp_path: Path
) -> None:
    place, witness = made("county"), made("province")
    theirs = met(place, witness)
    archive, kept = tmp_path / "old.tar", tmp_path / "kept"
    assert "私钥不在备份内" in place.did("backup", archive)
    place.acts(3)
    place.did("audit", "checkpoint", *HERE, "--file", kept)
    assert carried(place, witness, theirs)[0] == 0
    old = Place(tmp_path / "restored", place._patch, place._said)
    old.did("restore", archive)
    examined = old.run("doctor")
    assert examined.out.count("私钥不在本机（备份不含私钥）") >= 1
    shutil.copytree(place.folder / "keys", old.folder / "keys")
    assert old.run("audit", "verify", *HERE).code == 0, "in itself it is whole"
    told = old.run("audit", "verify", *HERE, "--from-checkpoint", kept)
    assert told.code == 1 and "log.kept" in told.out
    old.acts()
    old.did("audit", "checkpoint", *HERE)
    code, said = carried(old, witness, theirs)
    assert (code, said.split()[0]) == (1, "conflict")
    assert kept.read_text("utf-8").splitlines()[1] == said.split()[1], "as far as it has seen"


def test_a_log_put_back_to_before_a_rotation_is_told_for_what_it_is(
    made: Made, tmp_path: Path
) -> None:
    place, archive, kept = made("county"), tmp_path / "old.tar", tmp_path / "kept"
    place.did("audit", "checkpoint", *HERE)
    place.did("backup", archive)
    place.did("audit", "key", "rotate", *HERE, "--reason", "例行")
    place.acts(2)
    place.did("audit", "checkpoint", *HERE, "--file", kept)
    proof = tmp_path / "a.tlog-proof"
    place.did("audit", "proof", *HERE, 3, proof)
    assert place.run("audit", "verify", *HERE, "--from-checkpoint", kept).code == 0
    old = Place(tmp_path / "restored", place._patch, place._said)
    old.did("restore", archive)
    shutil.copytree(place.folder / "keys", old.folder / "keys")
    for one in (kept, proof):
        told = old.run("audit", "verify", *HERE, "--from-checkpoint", one)
        assert told.code == 1 and told.out.startswith("FAIL  log.kept_key"), told
        assert "密钥轮换之前" in told.out and "the log ends at" in told.out
    # Of the size that it had, but signed in its name by a key that it never had.
    forged = tmp_path / "forged"
    old.did("audit", "checkpoint", *HERE, "--file", forged)
    note = forged.read_text("utf-8").partition("\n\n")[0]
    other = kept.read_text("utf-8").partition("\n\n")[2]
    forged.write_text(f"{note}\n\n{other}", "utf-8")
    told = old.run("audit", "verify", *HERE, "--from-checkpoint", forged)
    assert told.code == 1 and "log.kept_key" in told.out
    told = place.run("audit", "verify", *HERE, "--from-checkpoint", forged)
    assert told.code == 2 and "signature" in told.err


@pytest.mark.parametrize("word", [["add", *HERE], ["remove", *HERE], ["watch"], ["unwatch"]])
def test_a_mistyped_key_is_wrong_usage_and_no_fault(
    place: Place, word: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    place.did("audit", "checkpoint", *HERE)
    wrong_kind = place.key if len(word) > 1 else place.did("audit", "witness", "key")
    for typed in ("nowhere.txt", place.key[:-3], wrong_kind):
        with pytest.raises(SystemExit) as ended:
            place.run("audit", "witness", *word, typed)
        assert ended.value.code == 2
        assert "vkey" in capsys.readouterr().err


def test_the_second_tree_is_a_setting_that_may_be_turned_on_later(place: Place) -> None:
    place.did("audit", "checkpoint", *HERE)
    told = place.run("audit", "checkpoint", *HERE, "--tree", "sm3")
    assert told.code == 1 and "log.no_checkpoint" in told.err
    assert offline(packaged(place, "off"), "--key", place.key).returncode == 0
    place._patch.setenv("REGISTRY_LOG_SM3", "1")
    place.acts()
    note = place.did("audit", "checkpoint", *HERE, "--tree", "sm3")
    assert note.splitlines()[0].endswith("/sm3")
    folder, proof = packaged(place, "on"), place.folder / "a.tlog-proof"
    assert (folder / "log" / "checkpoint.sm3").is_file()
    assert offline(folder, "--key", place.key).returncode == 0
    place.did("audit", "proof", *HERE, 3, proof, "--tree", "sm3")
    beside = place.key.partition("+")[0] + "/sm3"
    assert beside in proof.read_text("utf-8")
    place._patch.setenv("REGISTRY_LOG_SM3", "0")
    place.acts()
    assert place.run("audit", "verify", *HERE).code == 0
    assert not (packaged(place, "off-again") / "log" / "checkpoint.sm3").exists()


def packaged(place: Place, name: str) -> Path:
    folder = place.folder.parent / name
    place.did("export", "package", folder, *HERE)
    return folder
