"""Stories: whole cases through HTTP on each engine, every step answered as the rules say."""

from pathlib import Path

import pytest
from litestar.testing import TestClient

from registry.actions.accounts import issue_token
from registry.actions.office import Office
from registry.app import create_app
from registry.cli.player import Player
from registry.cli.stories import Story, all_stories
from registry.settings import Settings

STORIES = {story.id: story for story in all_stories()}
WANTED = {
    "listed", "whole-way", "absolute", "insisted", "certificate-refused",
    "certificate-discretionary", "purchase", "to-a-person", "returned", "missing-money",
    "statutory", "city-recorded", "composite", "side-by-side",
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda s: s.id)
def test_a_story_is_answered_as_the_rules_say(
    story: Story, office: Office, clock: object, tmp_path: Path
) -> None:
    def bearer(username: str) -> str:
        person = office.store.reader.person_named(username)
        assert person is not None
        return issue_token(office, person).token

    url = office.store.url
    settings = Settings(
        mode="demo", database_url=url, read_database_url=url, data_dir=tmp_path,
        secret_key="demo", public_url="http://localhost",
    )  # fmt: skip
    with TestClient(create_app(office, settings, owns=False)) as client:
        player = Player(client, bearer, lambda at: setattr(clock, "at", at))
        played = player.play(story)
    wrong = [f"{p.number} {p.step.do}: {p.problems}" for p in played if p.problems]
    assert wrong == []
    assert len(played) == len(story.step)


def test_every_kind_of_case_has_its_story() -> None:
    assert set(STORIES) >= WANTED
