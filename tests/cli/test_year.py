"""registry year, import balances, export journal: rehearsed, done once, read by another program."""

from pathlib import Path

import pytest

from registry.cli import main

HERE = ("--county", "990102")
ITEMS = "社区,事项名称,要求单位\n990102001001,楼道灯具编号拍照,演示县民政局\n"
HEAD = "社区,事项名称,付款单位,来源年度,金额(万元),存放,截止日期,文号\n"
BALANCE = "990102001001,楼道灯具编号拍照,o-990102-civil,2024,1.2,社区,2025-01-01,演财1号\n"


@pytest.fixture
def sheets(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seeded register and a folder for sheets."""
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("REGISTRY_DATABASE_URL", raising=False)
    monkeypatch.setenv("REGISTRY_CLOCK", "2027-01-05T09:00:00+08:00")
    (tmp_path / "registry.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def _file(folder: Path, text: str, name: str = "sheet.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return str(path)


def test_balances_come_in_once_and_a_trial_keeps_nothing(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "items", _file(sheets, ITEMS), *HERE]) == 0
    words = ["import", "balances", _file(sheets, HEAD + BALANCE), *HERE]
    assert main([*words, "--dry-run"]) == 0
    assert main(words) == 0
    told = capsys.readouterr().out
    assert told.count("added: 1（12,000.00 元）; 已导入 known: 0") == 2
    assert main(words) == 0
    assert "added: 0（0.00 元）; 已导入 known: 1" in capsys.readouterr().out


def test_a_bad_amount_of_a_sheet_is_told_by_its_cell(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "items", _file(sheets, ITEMS), *HERE]) == 0
    bad = HEAD + BALANCE.replace("1.2", "-1.2")
    assert main(["import", "balances", _file(sheets, bad), *HERE]) == 1
    assert "2 金额" in capsys.readouterr().err


def test_a_year_is_rehearsed_and_then_closed_once(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", "close", "2026", "--rehearse", *HERE]) == 0
    told = capsys.readouterr().out
    assert "2026 已结束 over" in told and "合计 total: 结转 0.00" in told
    assert main(["year", "open", "2027", *HERE]) == 0
    first = capsys.readouterr().out
    assert "未结转 not closed: 0" in first and "2027 放假安排 calendar" in first
    assert main(["year", "close", "2026", *HERE]) == 0
    assert first.splitlines()[-1] == capsys.readouterr().out.splitlines()[-1]


def test_a_year_that_is_not_over_is_not_closed(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", "close", "2027", *HERE]) == 1
    assert "2027 年度还没有结束" in capsys.readouterr().out


def test_the_books_are_written_as_a_journal(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("beancount", "hledger"):
        path = sheets / f"books.{form}"
        assert main(["export", "journal", str(path), "--form", form, *HERE]) == 0
        first = path.read_bytes()
        assert b"990102" in first
        assert main(["export", "journal", str(path), "--form", form, *HERE]) == 0
        assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--county", "999999"], "没有这个区县"),
        ([*HERE, "--as-of", "99999999"], "快照号应在 1 和"),
        ([*HERE, "--as-of", "-1"], "快照号应在 1 和"),
        ([*HERE, "--year", "26"], "会计年度写成四位数字"),
    ],
)
def test_a_journal_of_what_is_not_there_is_not_written(
    sheets: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    path = sheets / "books"
    assert main(["export", "journal", str(path), *words]) == 1
    assert told in capsys.readouterr().err
    assert list(sheets.glob("*books*")) == []


def test_a_year_of_a_county_that_is_not_there_is_not_closed(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", "close", "2026", "--rehearse", "--county", "999999"]) == 1
    assert "没有这个区县" in capsys.readouterr().err
