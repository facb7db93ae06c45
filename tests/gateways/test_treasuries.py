"""国库设置: which county has which treasury is read strictly; a secret that others may read is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.gateways.circuit import Circuit
from registry.gateways.treasuries import Treasuries, TreasuryError, read_treasuries

GOOD = '[990102]\nname = "demo-treasury"\nurl = "https://treasury.example.invalid/api"\n'
AT = datetime(2026, 3, 2, tzinfo=UTC)


def written(folder: Path, text: str) -> Path:
    file = folder / "treasuries.toml"
    file.write_text(text, "utf-8")
    return file


def test_without_a_file_nobody_is_called() -> None:
    none = read_treasuries(None, production=True)
    assert (none.counties(), none.name_of("990102"), none.of("990102")) == ([], "null", None)


def test_a_county_that_is_not_named_has_the_null_gateway(tmp_path: Path) -> None:
    made = read_treasuries(written(tmp_path, GOOD), production=True)
    assert (made.name_of("990102"), made.name_of("990103")) == ("demo-treasury", "null")
    made.close()


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("https", "http"), GOOD.replace("demo-treasury", "null"),
        GOOD.replace("https://", "https://user:word@"), GOOD.replace("[990102]", "[here]"),
        GOOD + "retries = 3\n", GOOD + "read_seconds = 0\n", GOOD + 'read_seconds = "9"\n',
        GOOD + 'bearer_file = "nowhere"\n', GOOD + 'ca_file = "nowhere"\n',
        '[990102]\nname = "x"\n',
        "not toml", GOOD.replace("https://treasury.example.invalid/api", ""),
        GOOD.replace('"https://treasury.example.invalid/api"', '"http://127.0.0.1:1"'),
    ],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(TreasuryError) as told:
        read_treasuries(written(tmp_path, text), production=True)
    assert "国库" in str(told.value)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(TreasuryError):
        read_treasuries(tmp_path / "nowhere.toml", production=True)


def test_a_demo_may_speak_plainly_to_its_own_machine_and_to_no_other(tmp_path: Path) -> None:
    own = GOOD.replace("https://treasury.example.invalid/api", "http://127.0.0.1:9")
    read_treasuries(written(tmp_path, own), production=False).close()
    other = GOOD.replace("https", "http")
    with pytest.raises(TreasuryError):
        read_treasuries(written(tmp_path, other), production=False)


@pytest.mark.parametrize(("mode", "held"), [(0o644, "word"), (0o600, ""), (0o600, "two words")])
def test_a_bearer_that_others_may_read_or_that_is_none_is_not_taken(
    tmp_path: Path, mode: int, held: str
) -> None:
    secret = tmp_path / "bearer"
    secret.write_text(held, "ascii")
    secret.chmod(mode)
    with pytest.raises(TreasuryError) as told:
        read_treasuries(written(tmp_path, f'{GOOD}bearer_file = "{secret}"\n'), production=True)
    assert not held or held not in str(told.value)


def test_a_bearer_of_ones_own_is_taken(tmp_path: Path) -> None:
    secret = tmp_path / "bearer"
    secret.write_text("demo-word\n", "ascii")
    secret.chmod(0o640)
    made = read_treasuries(written(tmp_path, f'{GOOD}bearer_file = "{secret}"\n'), production=True)
    assert made.counties() == ["990102"]
    made.close()


def test_no_treasuries_are_closed_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    none = Treasuries()
    none.close()
    assert (none.counties(), caplog.records) == ([], [])


# ---- the circuit ---------------------------------------------------------------------------------


def test_a_line_that_fails_is_left_alone_for_its_rest() -> None:
    circuit = Circuit(3, timedelta(seconds=60))
    for _ in range(2):
        circuit.note(AT, down=True)
        assert circuit.admits(AT)
    circuit.note(AT, down=True)
    assert not circuit.admits(AT + timedelta(seconds=59))


def test_after_the_rest_one_call_tries_and_no_other_with_it() -> None:
    circuit, later = Circuit(1, timedelta(seconds=60)), AT + timedelta(seconds=60)
    circuit.note(AT, down=True)
    assert [circuit.admits(later) for _ in range(3)] == [True, False, False]
    circuit.note(later, down=False)
    assert [circuit.admits(later) for _ in range(3)] == [True, True, True]


def test_a_good_call_between_failures_begins_the_count_anew() -> None:
    circuit = Circuit(2, timedelta(seconds=60))
    for down in (True, False, True):
        circuit.note(AT, down=down)
    assert circuit.admits(AT)
