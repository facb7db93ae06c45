"""pack simulate: a folder asked about all cases on record, sums printed, rows copied out."""

from pathlib import Path

import pytest

from bench.load import fill
from registry.actions.office import Office
from registry.cli import main
from registry.clock import Source, wall_clock
from registry.domain.pack import PackRun, RunKind, RunState
from registry.policies.loader import read_folder
from registry.store.store import Store
from tests.actions.enacting import PACKS

COUNTY = "990102"


def office_in(folder: Path) -> Office:
    url = f"sqlite:///{folder / 'registry.db'}"
    return Office(Store(url, url, folder), wall_clock, Source())


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with some cases in the demo county."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "registry.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(folder))
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    office = office_in(folder)
    fill(office, 60)
    office.store.close()
    return folder


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The county's pack in a folder, denying what is off the list."""
    folder = tmp_path / "draft"
    for name, text in read_folder(PACKS / "demo-county").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        changed = text.replace('default = "admission"', 'default = "deny"')
        (folder / name).write_text(changed, "utf-8")
    return folder


def test_the_sums_are_told_and_the_rows_copied_out(
    data: Path, stricter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.csv"
    assert main(["pack", "simulate", str(stricter), "--county", COUNTY, "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "新增不通过 newly_refused" in said.out
    assert "60 / 60" in said.err
    assert "新增不通过" in out.read_text("utf-8-sig")
    office = office_in(data)
    kept = office.store.reader.find(PackRun, COUNTY)
    runs = [r for r in kept if r.kind is RunKind.SIMULATE and r.total]
    office.store.close()
    assert [(r.state, r.total) for r in runs] == [(RunState.DONE, 60)]


def test_a_county_that_is_not_kept_is_told(
    data: Path, stricter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "simulate", str(stricter), "--county", "123456"]) != 0
    assert "123456" in capsys.readouterr().err
