"""密钥与导出 at the command line: keys are kept there, what is public is written as files."""

import json
import stat
from pathlib import Path

import pytest

from registry.cli import main

HERE = ["--county", "990102"]


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with the seeded demo county."""
    (tmp_path / "registry.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    monkeypatch.setenv("REGISTRY_PUBLIC_URL", "https://zhunru.yanshi.example/")
    return tmp_path


def keys(capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    capsys.readouterr()
    assert main(["key", "list", *HERE]) == 0
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[0]: line.split() for line in lines}


def test_the_operator_makes_retires_and_revokes_keys(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "make", *HERE]) == 0
    (first,) = keys(capsys)
    assert main(["key", "retire", first, *HERE, "--reason", "按期更换"]) == 0
    held = keys(capsys)
    assert held[first][2] == "retired"
    (second,) = set(held) - {first}
    assert main(["key", "revoke", second, *HERE, "--reason", "遗失"]) == 0
    states = {id: words[2] for id, words in keys(capsys).items()}
    assert sorted(states.values()) == ["active", "retired", "revoked"]
    assert main(["key", "revoke", second, *HERE, "--reason", "再吊销"]) == 1
    assert "key.state" in capsys.readouterr().err
    assert main(["key", "retire", "k00000000", *HERE, "--reason", "没有"]) == 1
    assert {stat.S_IMODE(f.stat().st_mode) for f in (data / "keys").iterdir()} == {0o600}


def test_the_page_and_the_status_are_written_for_any_server(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "make", *HERE]) == 0
    (key,) = keys(capsys)
    page, status = data / "verify.html", data / "status.json"
    assert main(["export", "verify-page", str(page)]) == 0
    assert main(["export", "status", str(status), *HERE]) == 0
    text = page.read_text("utf-8")
    assert key in text and "https://zhunru.yanshi.example" in text
    assert json.loads(json.loads(status.read_bytes())["status"])["key"] == key
    assert [f.name for f in data.iterdir() if f.name.endswith(".part")] == []


def test_a_status_without_a_key_is_refused_and_nothing_is_written(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "status", str(data / "status.json"), *HERE]) == 1
    assert "status.unsigned" in capsys.readouterr().err
    assert not (data / "status.json").exists()
