"""pack explain: an official asks of a pack why, and what to do, without a database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.cli import main

Run = Callable[..., tuple[int, str, str]]
FILING = """
kind = "task"
title = "楼道灯具编号拍照"
starts_on = 2026-04-01
bases = [{ level = "policy", title = "演示文件" }]
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in ("pack", "explain", *words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def filing(tmp_path: Path) -> Path:
    path = tmp_path / "filing.toml"
    path.write_text(FILING, "utf-8")
    return path


def test_a_filing_is_explained_in_chinese_with_what_must_be_filled_in(
    run: Run, filing: Path
) -> None:
    code, out, _ = run("demo-county", "--filing", filing, "--on", "2026-03-02")
    assert code == 0
    first = out.splitlines()[0]
    assert first.startswith("预审不通过") and "第43条" in first
    assert "CN-R14-RC-2026 · " in out and "差一点命中" in out
    assert "由申报的委托部门承担经费" in out and "须填写" in out
    assert "2026-01-01以前" in out


def test_it_is_explained_in_english_when_asked(run: Run, filing: Path) -> None:
    code, out, _ = run("demo-county", "--filing", filing, "--on", "2026-03-02", "--en")
    assert code == 0 and "The way to yes: 1 change(s)" in out and "fill in" in out


def test_a_case_of_the_pack_is_explained_for_programs(run: Run) -> None:
    code, out, _ = run("demo-county", "--case", "dm-r4", "--json")
    told = json.loads(out)
    assert code == 0 and told["outcome"] == "refused" and told["ways"]["ways"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "--case", "x"), "no such pack"),
        (("demo-county", "--case", "nothing"), "has no case"),
    ],
)
def test_what_does_not_exist_is_said_in_one_sentence(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    code, _, err = run(*words)
    assert code == 1 and said in err and "Traceback" not in err


@pytest.mark.parametrize("text", ['kind = "nonsense"', "not toml at all", ""])
def test_a_file_that_is_no_filing_is_said_with_its_name(
    run: Run, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    code, _, err = run("demo-county", "--filing", path)
    assert code == 1 and "bad.toml" in err and "Traceback" not in err
