"""A pack above the county's own that ended, or has not begun, says nothing at all."""

import re
from datetime import date

from registry.actions.office import Office
from tests.actions.enacting import enacted
from tests.actions.test_pack_succession import COUNTY, as_fixture, next_year, province

LAST, NEXT_DAY = date(2027, 6, 30), date(2027, 7, 1)


def overlaid(office: Office, on: date) -> list[str]:
    return [p.id for p in office.rulebooks.of(COUNTY, on).overlay.packs]


def parented(office: Office, dates: str) -> None:
    """The county's pack of next year under a province whose own pack has these dates."""
    files = province()
    stated = re.sub(r"^effective_from = \S+$", dates, files["pack.toml"], flags=re.MULTILINE)
    enacted(office, {**files, "pack.toml": stated})
    own = as_fixture(next_year(('parent = "cn-base"', 'parent = "demo-province"')))
    bare = re.sub(r"^(lists|default) = .*$", "", own["pack.toml"], count=2, flags=re.MULTILINE)
    enacted(office, {**own, "pack.toml": bare})


def test_a_parent_that_ended_lends_neither_lists_nor_default(one_office: Office) -> None:
    parented(one_office, f"effective_from = 2026-03-02\neffective_to = {LAST}")
    before, after = (one_office.rulebooks.of(COUNTY, d).overlay for d in (LAST, NEXT_DAY))
    assert before.packs[1].id == "demo-province"
    assert "DEMO-LIST" in before.list_ids()
    assert overlaid(one_office, NEXT_DAY) == [before.packs[0].id, "cn-base"]
    assert "DEMO-LIST" not in after.list_ids()
    assert before.default("task") is not None
    assert after.default("task") is None


def test_a_parent_is_heard_from_its_first_day(one_office: Office) -> None:
    parented(one_office, f"effective_from = {NEXT_DAY}")
    assert "demo-province" not in overlaid(one_office, LAST)
    assert "demo-province" in overlaid(one_office, NEXT_DAY)
