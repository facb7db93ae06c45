"""国库设置 as an operator meets it: one setting, one file, sentences instead of a start that pays."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.cli import main
from registry.settings import from_environment
from tests.actions.case import Hands
from tests.actions.paid import COUNTY, dispatched, linked, now, ordered
from tests.conftest import Office
from tests.treasury import Treasury, serving

Run = Callable[..., tuple[int, str, str]]
FILE = '[990102]\nname = "demo-treasury"\nurl = "{url}"\nread_seconds = 1\n'


@pytest.fixture
def treasury() -> Iterator[Treasury]:
    with serving() as made:
        yield made


@pytest.fixture
def run(
    one_office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(one_office.store.files.folder.parent))
    monkeypatch.setenv("REGISTRY_MODE", "demo")

    def command(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """The file of treasuries holds this from now on."""

    def write(text: str) -> None:
        file = tmp_path / "treasuries.toml"
        file.write_text(text, "utf-8")
        monkeypatch.setenv("REGISTRY_TREASURY_FILE", str(file))

    return write


def test_without_the_setting_no_treasury_is_named() -> None:
    assert from_environment({} | {"REGISTRY_MODE": "demo"}).treasury_file is None


def test_the_doctor_says_that_nothing_is_sent(run: Run) -> None:
    code, said, _ = run("doctor")
    line = next(x for x in said.splitlines() if "treasury" in x)
    assert (code, line.startswith("note"), "不发送任何支付" in line) == (0, True, True)


def test_the_doctor_names_the_counties_that_are_linked(
    run: Run, told: Callable[[str], None], treasury: Treasury
) -> None:
    told(FILE.format(url=treasury.url))
    code, said, _ = run("doctor")
    assert code == 0 and f"已接国库支付：{COUNTY}" in said
    assert treasury.heard == [], "looking calls nobody"


def test_the_doctor_says_where_time_stands_still(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fixed clock:" not in run("doctor")[1]
    monkeypatch.setenv("REGISTRY_CLOCK", "2026-03-02T12:00:00+08:00")
    code, said, _ = run("doctor")
    line = next(x for x in said.splitlines() if "fixed clock:" in x)
    assert (code, line.startswith("note"), "不会再次查询" in line) == (0, True, True)


@pytest.mark.parametrize("command", ["tick", "doctor", "serve"])
def test_a_wrong_file_ends_with_a_sentence_before_anything_is_done(
    run: Run, told: Callable[[str], None], command: str
) -> None:
    told(FILE.format(url="http://treasury.example.invalid"))
    code, _, complained = run(command)
    assert code == 1 and "https://" in complained and "unexpected" not in complained


def test_a_tick_carries_what_is_due_and_says_so(
    run: Run, told: Callable[[str], None], treasury: Treasury, *, one_office: Office,
    one_hand: Hands,
) -> None:  # fmt: skip
    linked(one_office, treasury)
    kept = dispatched(one_hand, ordered(one_hand), "拨1", 300_000)
    told(FILE.format(url=treasury.url))
    code, said, _ = run("tick")
    assert code == 0 and "payments settled  1" in said
    assert now(one_office, kept).state.value == "confirmed"
    assert treasury.left() == 300_000
    assert "payments" not in run("tick")[1]
