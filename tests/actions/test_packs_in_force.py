"""规则包生效: a pack governs from its day on and not before; one not yet in force changes nothing."""

from datetime import date

import pytest

from registry.policies.loader import read_folder
from tests.actions.enacting import PACKS, enacted


def _next_year(files: dict[str, str]) -> dict[str, str]:
    """The demo county's pack of next year: everything off the list is barred."""
    changed = files["pack.toml"].replace('id = "demo-county"', 'id = "demo-county-2027"')
    changed = changed.replace('default = "admission"', 'default = "deny"')
    return files | {"pack.toml": changed.replace("effective_from = 2025-01-01",
                                                 "effective_from = 2027-01-01")}  # fmt: skip


@pytest.fixture
def two_packs(one_office):
    files = _next_year(read_folder(PACKS / "demo-county"))
    enacted(one_office, files)
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
