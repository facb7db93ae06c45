"""The labelled titles: on the half kept for testing nothing forbidden slips by unseen."""

import csv
from pathlib import Path

import pytest

from registry.domain.matching import Match, MatchIndex
from registry.domain.vocabulary import Kind, Polarity
from registry.policies.engine import HERE
from registry.policies.lists import load_lists, load_tuning

MATCHING = Path(__file__).parents[2] / "seeds" / "matching"
REFUSING = {Polarity.BARRED, Polarity.NEGATIVE, Polarity.OWN_DUTY}
Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    with (MATCHING / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS, EVASIVE = _rows("titles.csv"), _rows("evasive.csv")


@pytest.fixture(scope="module")
def met() -> dict[str, list[Match]]:
    lists = load_lists(MATCHING.parent / "lists")
    index = MatchIndex.build(lists, load_tuning(HERE / "matching.toml"))
    rows = [*ROWS, *EVASIVE]
    return {r["id"]: index.find(r["title"], r["content"], Kind(r["kind"])) for r in rows}


def _half(label: str) -> list[Row]:
    return [r for r in ROWS if r["split"] == "test" and r["label"] == label]


def _refusing(matches: list[Match]) -> list[Match]:
    return [m for m in matches if m.polarity in REFUSING]


def test_there_are_enough_titles_and_a_third_are_adversarial() -> None:
    hard = sum(r["adversarial"] == "yes" for r in ROWS)
    assert len(ROWS) >= 330 and hard * 3 >= len(ROWS), f"{hard} hard of {len(ROWS)}"
    assert len({r["id"] for r in ROWS}) == len({(r["title"], r["content"]) for r in ROWS})


def test_the_halves_were_alike_when_first_written() -> None:
    first = [r for r in ROWS if r["note"] != "后补"]
    for label in ("forbidden", "listed", "harmless"):
        rows = [r for r in first if r["label"] == label]
        assert abs(2 * len(_half(label)) - len(rows)) <= 1, label


def test_titles_added_later_never_join_the_half_kept_for_testing() -> None:
    assert {r["split"] for r in ROWS if r["note"] == "后补"} == {"tune"}


def test_no_forbidden_title_passes_unseen(met: dict[str, list[Match]]) -> None:
    rows = _half("forbidden")
    missed = [r["id"] for r in rows if not _refusing(met[r["id"]])]
    assert not missed, f"{len(rows) - len(missed)}/{len(rows)} seen, missed {missed}"


def test_at_most_one_harmless_title_in_ten_goes_to_a_person(met: dict[str, list[Match]]) -> None:
    rows = _half("harmless")
    sent = [r["id"] for r in rows if _refusing(met[r["id"]])]
    assert len(sent) * 10 <= len(rows), f"{len(sent)}/{len(rows)} sent to a person: {sent}"


def test_no_harmless_title_is_refused_by_the_machine(met: dict[str, list[Match]]) -> None:
    sure = [r["id"] for r in _half("harmless") for m in _refusing(met[r["id"]]) if m.how == "exact"]
    assert not sure, f"exact against harmless titles: {sure}"


def test_a_listed_title_finds_its_item(met: dict[str, list[Match]]) -> None:
    rows = _half("listed")
    lost = [r["id"] for r in rows if r["ground_or_item"] not in {m.item_id for m in met[r["id"]]}]
    assert len(lost) * 10 <= len(rows), f"{len(rows) - len(lost)}/{len(rows)} found, lost {lost}"


def test_no_forbidden_title_stands_exactly_on_a_permitting_list(
    met: dict[str, list[Match]],
) -> None:
    wrong = [
        (r["id"], m.item_id)
        for r in _half("forbidden")
        for m in met[r["id"]]
        if m.how == "exact" and m.polarity not in REFUSING and not m.list_id.endswith("STATUTE")
    ]
    assert not wrong


def test_titles_worded_around_every_name_are_seen_as_often_as_the_page_says(
    met: dict[str, list[Match]],
) -> None:
    forbidden = [r for r in EVASIVE if r["label"] == "forbidden"]
    seen = sum(bool(_refusing(met[r["id"]])) for r in forbidden)
    stopped = [r["id"] for r in EVASIVE if r not in forbidden and _refusing(met[r["id"]])]
    assert not stopped
    said = f"{len(forbidden)} 个绕着说的标题只认出 {seen} 个"
    assert said in (MATCHING / "README.md").read_text("utf-8"), said
