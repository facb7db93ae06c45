"""规则包生效: a pack governs from its day on and not before; one not yet in force changes nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from registry.actions import publishing
from registry.actions.publishing import ProposeCommand
from registry.actions.seeding import Seeder
from registry.policies.loader import read_folder
from tests.actions.refused import refused

PACKS = Path("registry/policies/packs")


def _next_year(files: dict[str, str]) -> dict[str, str]:
    """The demo county's pack of next year: everything off the list is barred."""
    changed = files["pack.toml"].replace('id = "demo-county"', 'id = "demo-county-2027"')
    changed = changed.replace('default = "admission"', 'default = "deny"')
    return files | {"pack.toml": changed.replace("effective_from = 2025-01-01",
                                                 "effective_from = 2027-01-01")}  # fmt: skip


@pytest.fixture
def two_packs(one_office):
    files = _next_year(read_folder(PACKS / "demo-county"))
    command = ProposeCommand(files=files)
    Seeder(one_office).act("990102", "pack.propose", lambda d: publishing.propose(d, command))
    second = Seeder(one_office, "other")
    second.act("990102", "pack.publish", lambda d: publishing.publish(d, "demo-county-2027", 1))
    return one_office


def test_a_pack_not_yet_in_force_changes_nothing_today(two_packs):
    overlay = two_packs.rulebooks.of("990102", date(2026, 12, 31)).overlay
    assert overlay.packs[0].id == "demo-county"
    assert overlay.default("task") == "admission"


def test_from_its_day_on_the_new_pack_governs(two_packs):
    overlay = two_packs.rulebooks.of("990102", date(2027, 1, 1)).overlay
    assert overlay.packs[0].id == "demo-county-2027"
    assert overlay.default("task") == "deny"


def test_before_a_county_had_a_pack_the_nation_governs(two_packs):
    overlay = two_packs.rulebooks.of("990102", date(2024, 6, 1)).overlay
    assert [p.id for p in overlay.packs] == ["cn-base"]


def test_who_proposed_a_pack_does_not_publish_it(one_office, one_hand, clock):
    clock.at = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    command = ProposeCommand(files=_next_year(read_folder(PACKS / "demo-county")))
    one_hand("county.office").do(lambda d: publishing.propose(d, command))
    with refused("access.forbidden"):
        one_hand("county.office").do(lambda d: publishing.publish(d, "demo-county-2027", 1))
    published = one_hand("county.head").do(lambda d: publishing.publish(d, "demo-county-2027", 1))
    assert published.published_by == "person-county.head"
