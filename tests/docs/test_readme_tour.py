"""The tours in the pages: what a reader pastes runs, and says at the end what the page says."""

import re

import pytest

from tests.docs.tour import READMES, ROOT, Served, commands


@pytest.fixture(scope="module")
def told(served: Served) -> list[str]:
    """Lines that the tour of the English readme prints."""
    done = served.run(commands(READMES[0]))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.splitlines()


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (commands(page) for page in READMES)
    assert english
    assert english == chinese


def test_the_tour_reckons_its_day_as_the_registry_does() -> None:
    """Between midnight in Beijing and midnight in Greenwich the two are a day apart."""
    assert re.findall(r"(.{9})date \+%[FY]", commands(READMES[0])) == ["TZ=CST-8 "]


def test_a_matter_on_no_list_must_be_admitted(told: list[str]) -> None:
    assert told[:2] == ["needs_approval", "DM-OFF"]


def test_a_retry_with_the_same_key_makes_no_second_draft(told: list[str]) -> None:
    assert told[5].startswith("req-")
    assert told[5] == told[6]


def test_a_clerk_may_not_submit_what_the_head_signs(told: list[str]) -> None:
    assert told[7:9] == ["403", "access.forbidden"]
    assert told[10] == "submitted"


def test_work_does_not_start_before_its_money(told: list[str]) -> None:
    at = told.index("gate.refused")
    assert told[at - 2 : at] == ["agreed", "422"]
    assert told[at + 3] == "300000"


def test_work_starts_when_the_money_has_arrived(told: list[str]) -> None:
    at = told.index("active")
    assert told[at - 2 : at] == ["community_arrival", "confirmed"]


def test_the_auditor_sees_the_refused_acts_among_the_done_ones(told: list[str]) -> None:
    acts = [
        line.split(" ", 3)[3] for line in told if line.split(" ", 1)[0].isdigit() and "-" in line
    ]
    assert "request.submit refused access.forbidden" in acts
    assert acts[-2:] == ["presence.start refused gate.refused", "presence.start done "]


def test_the_log_verifies_at_the_end(told: list[str]) -> None:
    last = next(n for n, line in enumerate(told) if line.endswith("presence.start done "))
    verified = told[last + 1 :]
    assert any(line.startswith("ok    990102:") for line in verified)
    said_next = next(line for line in verified if not line.startswith("ok "))
    assert said_next == "community_arrival 1 300000"


def test_what_was_taken_away_verifies_without_the_registry(told: list[str]) -> None:
    package, receipt = (line for line in told if line.startswith("核验通过 verified:"))
    assert "log/990102 seq" in package and "log/990102 seq" in receipt
    assert told[-1] == receipt


def test_the_page_for_programs_runs_as_it_is_printed(told: list[str], served: Served) -> None:
    done = served.run(commands(ROOT / "docs" / "api.md"))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.splitlines()[-1] == "0 entries do not fit their leaf"


def test_a_tour_that_fails_is_seen(served: Served) -> None:
    assert served.run('curl -sSf "$BASE/api/v1/nowhere"\necho reached').returncode != 0
