"""registry export: every form from the command line, whole or not at all, and what is told then."""

import csv
import errno
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from registry.actions.exporting import making
from registry.actions.office import Office
from registry.cli import main
from registry.clock import Source
from registry.domain.accounts import Account
from registry.domain.exporting import OF_ONE, Form
from registry.store.store import Store
from tests.actions import spent
from tests.actions.test_journals import PROGRAMS, stood
from tests.conftest import Hand, MovingClock

HERE = ("--county", "990102")

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seeded register, and a folder for what is taken away."""
    held, out = tmp_path / "held", tmp_path / "out"
    for folder in (held, out):
        folder.mkdir()
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(held))
    monkeypatch.delenv("REGISTRY_DATABASE_URL", raising=False)
    monkeypatch.setenv("REGISTRY_CLOCK", "2027-01-05T09:00:00+08:00")
    (held / "registry.db").write_bytes(sqlite_template.read_bytes())
    return out


@pytest.fixture
def run(place: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, what was printed, what was told to whoever waits."""

    def ran(*words: Any) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ran


@pytest.fixture
def paid(place: Path) -> Path:
    """The same with money that was given and spent in part."""
    held = place.parent / "held"
    url = f"sqlite:///{held / 'registry.db'}"
    store = Store(url, url, held)
    office = Office(store, MovingClock(), Source(11))
    hand = partial(Hand, office)
    presence = spent.funded(hand)
    spent.spent(hand, spent.spending(presence, "支-1", spent.told(presence)))
    store.close()
    return place


def test_a_list_comes_in_every_form_and_is_told_with_its_digest(place: Path, run: Run) -> None:
    for form in OF_ONE:
        file = place / f"areas.{form.value}"
        code, _, told = run("export", "records", "areas", "--form", form.value, file, *HERE)
        assert code == 0, told
        assert hashlib.sha256(file.read_bytes()).hexdigest() in told
        assert f"{file.stat().st_size} bytes" in told and "990102-" in told
    with (place / "areas.csv").open(encoding="utf-8-sig", newline="") as held:
        rows = list(csv.DictReader(held))
    assert f"{len(rows)} rows" in run("export", "records", "areas", place / "x", *HERE)[2]
    plain = place / "plain.csv"
    assert run("export", "records", "areas", "--plain", "--history", plain, *HERE)[0] == 0
    assert plain.read_text("utf-8-sig").startswith("county,id,version,")
    assert "event_from,event_to\n" in plain.read_text("utf-8-sig")


def test_the_money_comes_in_every_form_and_is_the_same_in_each(paid: Path, run: Run) -> None:
    """The audit database, 360Giving, the subset, and both journals, added up by other programs."""
    names = {"audit-db": "a.db", "360giving": "a.json", "gbt24589-subset": "a.xml"}
    for form, name in names.items():
        assert run("export", form, paid / name, *HERE)[0] == 0
    with sqlite3.connect(paid / "a.db") as held:
        told = dict(held.execute(
            "SELECT account, sum(amount_fen) FROM v_account_balances GROUP BY account"
        ))  # fmt: skip
    held.close()
    grants = json.loads((paid / "a.json").read_bytes(), parse_float=Decimal)["grants"]
    assert sum(g["amountAwarded"] for g in grants) * 100 == -told["source"] > 0
    assert "不声明符合" in (paid / "a.xml").read_text("utf-8")
    for form, program in PROGRAMS.items():
        file = paid / form.value
        assert run("export", "journal", file, "--form", form.value, *HERE)[0] == 0
        sums = program(file)
        assert sum(sums.values()) == 0
        assert {a: stood(sums, Account(a)) for a in told} == told
    assert len(list(paid.iterdir())) == len(names) + len(PROGRAMS)


def test_a_package_comes_as_a_zip_or_a_folder_and_verifies(place: Path, run: Run) -> None:
    at = _head(run, place)
    for name in ("县.zip", "县"):
        assert run("export", "package", place / name, "--as-of", at, *HERE)[0] == 0
        done = subprocess.run(
            [sys.executable, ROOT / "verify.py", place / name], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode()
    code, _, told = run("export", "package", place / "县", *HERE)
    assert code == 1 and "已经有 there is one already" in told
    first = (place / "县.zip").read_bytes()
    assert run("export", "package", place / "县.zip", "--as-of", at, *HERE)[0] == 0
    assert (place / "县.zip").read_bytes() == first


def test_the_forms_and_common_questions_are_told(run: Run) -> None:
    code, told, _ = run("export", "forms")
    assert code == 0
    assert all(form.value in told for form in Form)
    assert "SELECT" in told and "v_account_balances" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["records", "areas", "--as-of", "0"], "快照号应在 1 和"),
        (["records", "areas", "--as-of", "-1"], "快照号应在 1 和"),
        (["audit-db", "--as-of", "999999999"], "快照号应在 1 和"),
        (["package", "--as-of", "999999999"], "快照号应在 1 和"),
        (["records", "passwords"], "没有这种可导出的记录"),
        (["360giving"], "没有已确认的核定"),
        (["records", "areas", "--county", "999999"], "没有这个区县"),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence_and_leaves_nothing(
    place: Path, run: Run, words: list[str], told: str
) -> None:
    here = () if "--county" in words else HERE
    code, _, err = run("export", *words, place / "x", *here)
    assert code == 1 and told in err
    assert "Traceback" not in err and list(place.iterdir()) == []


@pytest.mark.parametrize("words", [
    ["records", "areas", "--as-of", "yesterday", "x"], ["records", "areas", "--form", "doc", "x"],
    ["records", "areas"], ["audit-db"], ["nothing", "x"],
])  # fmt: skip
def test_a_mistyped_command_is_told_how_it_is_written(run: Run, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("export", *words)
    assert ended.value.code == 2


def test_without_pyarrow_parquet_is_refused_and_csv_is_not(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, _, told = run("export", "records", "areas", "--form", "parquet", place / "x", *HERE)
    assert code == 1 and "pyarrow" in told and list(place.iterdir()) == []
    assert run("export", "records", "areas", place / "x", *HERE)[0] == 0


def test_a_folder_that_is_not_there_is_told(place: Path, run: Run) -> None:
    code, _, told = run("export", "records", "areas", place / "nowhere" / "x.csv", *HERE)
    assert code == 1 and "nowhere" in told and "Traceback" not in told


@pytest.mark.parametrize("words", [["records", "areas"], ["audit-db"], ["gbt24589-subset"]])
def test_where_the_disk_is_full_the_old_file_stays_and_no_half_one(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    file = place / "x"
    assert run("export", *words, file, *HERE)[0] == 0
    before = file.read_bytes()

    def full(_: Path) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(making, "digest_of", full)
    code, _, told = run("export", *words, file, *HERE)
    assert code == 1 and os.strerror(errno.ENOSPC) in told and "Traceback" not in told
    assert file.read_bytes() == before and list(place.iterdir()) == [file]


DYING = """
import os, signal
from registry.actions.exporting import package
from registry.cli import main
import sys
def copies(*_):
    os.kill(os.getpid(), signal.SIGKILL)
    yield
package.reading_copies = copies
main(sys.argv[1:])
"""


def test_a_package_that_was_killed_half_made_goes_on_and_is_the_same(place: Path, run: Run) -> None:
    at = _head(run, place)
    words = ["export", "package", str(place / "half"), "--as-of", str(at), *HERE]
    died = subprocess.run([sys.executable, "-c", DYING, *words], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert not (place / "half").exists()
    made = {p: p.stat().st_mtime_ns for p in (place / ".half.part").rglob("*.jsonl")
            if p.name != ".made.jsonl"}  # fmt: skip
    assert len(made) > 5
    assert run(*words)[0] == 0
    for path, when in made.items():
        kept = place / "half" / path.relative_to(place / ".half.part")
        assert kept.stat().st_mtime_ns == when, path
    assert run("export", "package", place / "whole", "--as-of", at, *HERE)[0] == 0
    half, whole = (
        json.loads((place / n / "manifest.json").read_bytes()) for n in ("half", "whole")
    )
    assert half == whole and not (place / ".half.part").exists()


def _head(run: Run, place: Path) -> int:
    """The last entry of the log before anything was taken."""
    told = run("export", "records", "areas", place / "head.csv", *HERE)[2]
    (place / "head.csv").unlink()
    return int(told.strip().rpartition("-")[2])
