"""Stories: whole cases through HTTP on each engine, every step answered as the rules say."""

from datetime import date

import pytest

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.actions.ticking import tick
from registry.cli.player import Player
from registry.cli.stories import Story, all_stories
from registry.clock import Source
from tests.joined import door

STORIES = {story.id: story for story in all_stories()}
WANTED = {
    "chain", "listed", "whole-way", "absolute", "insisted", "certificate-refused",
    "certificate-discretionary", "purchase", "to-a-person", "returned", "missing-money",
    "statutory", "city-recorded", "composite", "side-by-side", "between-steps", "granted-in-part",
    "each-its-own", "conference", "after-the-decision", "standing-in", "handover",
    "reorganisation", "living", "existing", "certificates", "walls", "notice", "burden",
    "evaluating", "yearly-review", "null-gateway", "budget", "spending", "year-end", "audit",
}  # fmt: skip


IN_EVERY_RUN = {"listed", "whole-way", "absolute", "certificate-refused", "purchase"}
"""Stories told on the stock decider in every run; the others in the full one."""
BY_STOCK = [
    pytest.param(story, id=story.id, marks=() if story.id in IN_EVERY_RUN else pytest.mark.long)
    for story in STORIES.values()
]


def _wrong(story: Story, office: Office, clock: object) -> list[str]:
    """The steps that were not answered as the story says; a step not reached is one of them."""

    def bearer(username: str) -> str:
        person = office.store.reader.person_named(username)
        assert person is not None
        return issue_token(office, person).token

    with door(office, raising=True) as client:
        player = Player(
            client, bearer, lambda at: setattr(clock, "at", at), tick=lambda: tick(office)
        )
        played = player.play(story)
    unreached = [f"not reached: {step.do}" for step in story.step[len(played) :]]
    return [f"{p.number} {p.step.do}: {p.problems}" for p in played if p.problems] + unreached


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda s: s.id)
def test_a_story_is_answered_as_the_rules_say(story: Story, office: Office, clock: object) -> None:
    assert _wrong(story, office, clock) == []


@pytest.mark.parametrize("story", BY_STOCK)
def test_a_story_is_answered_the_same_by_the_stock_decider(
    story: Story, one_office: Office, clock: object
) -> None:
    stock = Office(one_office.store, one_office.clock, Source(11), decider="stock")
    assert stock.rulebooks.of("990102", date(2026, 3, 2)).overlay.decider == "stock"
    assert _wrong(story, stock, clock) == []


def test_every_kind_of_case_has_its_story() -> None:
    assert set(STORIES) >= WANTED
