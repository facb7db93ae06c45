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
            "--instrument", "演示街道履职事项清单（虚构）"]  # fmt: skip


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


PEOPLE = "username,name,county\nnew.clerk,演示新人,990102\n"


def test_people_come_in_with_first_passwords_only_their_keeper_can_read(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = sheets / "passwords.csv"
    words = ["import", "people", _file(sheets, PEOPLE), "--passwords", str(page)]
    assert main(words) == 0
    assert "added: 1" in capsys.readouterr().out
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.read_text("utf-8").startswith("new.clerk,")


def test_first_passwords_never_overwrite_a_file_and_then_nobody_is_made(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = sheets / "passwords.csv"
    page.write_text("kept", "utf-8")
    path = _file(sheets, PEOPLE)
    assert main(["import", "people", path, "--passwords", str(page)]) == 1
    assert page.read_text("utf-8") == "kept"
    capsys.readouterr()
    assert main(["import", "people", path]) == 0
    assert "added: 1" in capsys.readouterr().out


def test_an_account_is_made_with_every_role_that_is_named(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["user", "add", "two.posts", "--name", "演示两职", "--county", "990102",
             "--organisation", "o-990102001001", "--role", "community.worker",
             "--role", "community.cashier"]  # fmt: skip
    assert main(words) == 0
    capsys.readouterr()
    assert main(["user", "show", "two.posts"]) == 0
    shown = capsys.readouterr().out
    assert "community.worker" in shown
    assert "community.cashier" in shown


EXISTING = "社区,事项名称,要求单位\n990102001001,楼道灯具编号拍照,演示县民政局\n"


def test_what_exists_is_tried_without_a_trace_then_brought_in_once(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "items", _file(sheets, EXISTING, "gb18030"), "--county", "990102"]
    for _ in range(2):
        assert main([*words, "--dry-run"]) == 0
        assert "added: 1; 已登记 known: 0" in capsys.readouterr().out
    assert main(words) == 0
    assert "added: 1; 已登记 known: 0" in capsys.readouterr().out
    assert main([*words, "--judge"]) == 0
    assert "added: 0; 已登记 known: 1" in capsys.readouterr().out


def test_what_exists_is_judged_at_once_where_that_is_asked(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "items", _file(sheets, EXISTING), "--county", "990102", "--judge"]
    assert main(words) == 0
    assert "须补办准入 needs_admission: 1" in capsys.readouterr().out


def test_a_bad_cell_of_a_stocktake_is_named(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _file(sheets, EXISTING.replace("990102001001", "没有的社区"))
    assert main(["import", "items", path, "--county", "990102"]) == 1
    assert "import.cells" in capsys.readouterr().err
