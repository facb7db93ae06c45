"""标注标题 through the whole verdict of the demo county: what the official is told, not what matched.

Everything beside title and text is in order (a policy as basis, the asker pays, the community
assists), so that nothing else can refuse a title.
"""

import csv
from datetime import date

import pytest

from registry.domain.vocabulary import Outcome
from tests.policies.rulebooks import DEMO, PAID, SEEDS, book, judged

Row = dict[str, str]
ENTERS = {Outcome.LISTED, Outcome.EXEMPT, Outcome.NEEDS_APPROVAL}
STOPS = {Outcome.REFUSED, Outcome.HUMAN_REVIEW}


@pytest.fixture(scope="module")
def told() -> list[tuple[Row, Outcome]]:
    """The half kept for testing, each with its verdict."""
    path = SEEDS / "matching" / "titles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["split"] == "test"]
    return [(r, _outcome(r)) for r in rows]


def _outcome(r: Row) -> Outcome:
    paper = {"certificate": {"demand": r["title"], "demander": "other"}}
    fields = paper if r["kind"] == "certificate" else {}
    return judged(
        book(DEMO), date(2026, 3, 2), kind=r["kind"], title=r["title"], content=r["content"],
        **PAID, **fields,
    ).outcome  # fmt: skip


def _labelled(told: list[tuple[Row, Outcome]], label: str) -> list[tuple[str, Outcome]]:
    return [(r["id"], outcome) for r, outcome in told if r["label"] == label]


def test_nothing_forbidden_enters_or_is_put_up_for_approval(
    told: list[tuple[Row, Outcome]],
) -> None:
    forbidden = _labelled(told, "forbidden")
    assert len(forbidden) >= 90
    assert [name for name, outcome in forbidden if outcome in ENTERS] == []


def test_at_most_one_harmless_title_in_ten_goes_to_a_person_or_is_refused(
    told: list[tuple[Row, Outcome]],
) -> None:
    harmless = _labelled(told, "harmless")
    stopped = [(name, outcome.value) for name, outcome in harmless if outcome in STOPS]
    assert len(harmless) >= 60
    assert len(stopped) * 10 <= len(harmless), stopped


def test_no_harmless_title_is_refused(told: list[tuple[Row, Outcome]]) -> None:
    harmless = _labelled(told, "harmless")
    assert [name for name, outcome in harmless if outcome is Outcome.REFUSED] == []


def test_no_listed_title_is_refused(told: list[tuple[Row, Outcome]]) -> None:
    listed = _labelled(told, "listed")
    assert listed
    assert [name for name, outcome in listed if outcome in STOPS] == []
