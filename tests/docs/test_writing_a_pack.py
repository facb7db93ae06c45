"""The page on writing a rule pack: what a reader pastes runs, from nothing to a published pack."""

import re

import pytest

from tests.docs.tour import ROOT, Served, commands

PAGES = tuple(ROOT / "docs" / f"writing-a-rule-pack{tongue}.md" for tongue in ("", ".zh-CN"))


@pytest.fixture(scope="module")
def told(served: Served) -> list[str]:
    """Lines that the page prints."""
    done = served.run(commands(PAGES[0]))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.splitlines()


def test_both_pages_give_the_same_commands_under_as_many_headings() -> None:
    english, chinese = (commands(page) for page in PAGES)
    assert english
    assert english == chinese
    headings = [re.findall(r"^## \d", page.read_text("utf-8"), re.M) for page in PAGES]
    assert headings[0] == headings[1]


def test_the_skeleton_passes_as_it_is(told: list[str]) -> None:
    checked = [line for line in told if "well-formed" in line]
    assert "0 错误 error" in checked[0]
    assert next(line for line in told if "passed" in line).endswith("0 待办 pending")


def test_the_pack_of_the_page_is_clean_and_its_cases_pass(told: list[str]) -> None:
    checked = [line for line in told if "well-formed" in line]
    assert "0 错误 error, 0 注意 warning" in checked[1]
    assert [line for line in told if "passed" in line][1].startswith(
        "ningbo-2014: 3 通过 passed, 0 "
    )


def test_a_draft_comes_to_be_simulated_on_its_own_bytes(told: list[str]) -> None:
    assert told[-5:-3] == ["draft", "simulated"]


def test_the_office_may_not_sign_and_what_rests_on_reports_is_confirmed(told: list[str]) -> None:
    assert told[-3:] == ["access.forbidden", "pack.reported", "published"]
