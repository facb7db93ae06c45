"""Importing registers 登记表: a street's duties and the instruments, from the command line."""

from pathlib import Path

import pytest

from registry.cli import main

DUTIES = "number,title,class\n1,辖区道路保洁外包监管,基本\n2,协助防汛值守,配合\n"
INSTRUMENTS = (
    "document_number,title,issuer,issued_on,effective_on,lapses_on\n"
    "演民发〔2026〕1号,演示通知,演示县民政局,2026-01-05,2026-02-01,2028-02-01\n"
)


@pytest.fixture
def sheets(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seeded register and a folder for sheets."""
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("REGISTRY_DATABASE_URL", raising=False)
    (tmp_path / "registry.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def _file(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def _duties(path: str, street: str = "990102001") -> list[str]:
    return ["import", "duties", path, "--county", "990102", "--street", street,
            "--instrument", "演示街道履职事项清单(虚构)"]  # fmt: skip


def test_a_streets_duties_come_in_and_come_again_as_the_next_version(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _file(sheets, DUTIES, "gb18030")
    for version in (1, 2):
        assert main(_duties(path)) == 0
        assert f"DUTY-990102001  v{version}  2 项 items" in capsys.readouterr().out


def test_duties_of_a_street_that_is_not_there_are_refused(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_duties(_file(sheets, DUTIES), "990102999")) == 1
    assert capsys.readouterr().err.startswith("area.unknown")


def test_instruments_come_in_by_their_sheet(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "instruments", _file(sheets, INSTRUMENTS), "--county", "990102"]
    assert main(words) == 0
    assert "added: 1" in capsys.readouterr().out
    assert main(words) == 0
    assert "held: 1" in capsys.readouterr().out


def test_a_bad_cell_of_a_sheet_is_named(sheets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(sheets, INSTRUMENTS.replace("2028-02-01", "2026-01-31"))
    assert main(["import", "instruments", path]) == 1
    assert "import.cells" in capsys.readouterr().err
