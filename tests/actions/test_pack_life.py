"""规则包的一生: draft, checked, tested, simulated, published by two people with its papers, fixed."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions.office import Call, Office
from registry.actions.rules import packs, publishing
from registry.actions.rules.publishing import PublishCommand
from registry.actions.seeding import Seeder
from registry.domain.errors import Refusal
from registry.domain.pack import PackRun, PackStage, Ratification, RunKind, RunState, missing_runs
from registry.policies.loader import digest_of
from tests.actions.drafting import (
    COUNTY,
    NEXT,
    Hands,
    as_fixture,
    draft,
    kept,
    next_year,
    paper,
    province,
    published,
    ran,
    ready,
    stage,
)
from tests.actions.enacting import enacted, proposed
from tests.actions.refused import refused


def test_a_draft_is_checked_and_tested_on_its_exact_bytes(office: Office, hand: Hands) -> None:
    files = next_year(day="2025-01-01")  # whose cases lie in its time
    assert draft(hand, files).stage is PackStage.DRAFT
    assert ran(hand, RunKind.TEST).passed
    assert stage(office) is PackStage.DRAFT, "tested without a check is not yet checked"
    assert ran(hand, RunKind.CHECK).passed
    assert stage(office) is PackStage.TESTED
    draft(hand, next_year(day="2025-02-01"))
    assert stage(office) is PackStage.DRAFT, "other bytes, other proof"


def test_a_check_that_finds_an_error_tells_where_and_lets_nothing_be_published(
    one_office: Office, one_hand: Hands
) -> None:
    draft(one_hand, next_year(('parent = "cn-base"', 'parent = "nobody"')))
    run = ran(one_hand, RunKind.CHECK)
    assert not run.passed and run.summary["error"] > 0
    found = next(p for p in run.summary["problems"] if p["code"] == "parent.missing")
    assert found["file"] == "pack.toml" and found["line"] > 1
    with refused("pack.unsound") as info:
        published(one_hand, document_id=paper(one_hand))
    assert "nobody" in info.value.detail


def test_the_cases_of_a_draft_without_its_parent_cannot_run(one_hand: Hands) -> None:
    draft(one_hand, next_year(('parent = "cn-base"', 'parent = "nobody"')))
    with refused("pack.parent"):
        ran(one_hand, RunKind.TEST)


def test_a_case_that_no_longer_holds_is_named_by_the_test(one_hand: Hands) -> None:
    draft(one_hand, next_year(('default = "admission"', 'default = "negative_only"')))
    run = ran(one_hand, RunKind.TEST)
    assert not run.passed and run.summary["failed"] == len(run.summary["failures"]) > 0


def test_a_rule_without_a_case_that_meets_it_and_one_that_misses_it_is_named(
    one_hand: Hands,
) -> None:
    files = next_year(day="2025-01-01")
    draft(one_hand, {name: text for name, text in files.items() if not name.startswith("cases/")})
    run = ran(one_hand, RunKind.TEST)
    assert not run.passed and run.summary["cases"] == 0
    bare = {(one["rule"], one["side"]) for one in run.summary["rules_without_case"]}
    assert {("DM-OFF", "passing"), ("DM-OFF", "failing")} <= bare


def test_a_pack_is_not_its_own_parent(one_hand: Hands) -> None:
    draft(one_hand, next_year(('parent = "cn-base"', f'parent = "{NEXT}"')))
    codes = {p["code"] for p in ran(one_hand, RunKind.CHECK).summary["problems"]}
    assert codes & {"parent.circle", "parent.missing"}
    with refused("pack.unsound"):
        published(one_hand, document_id=paper(one_hand))


def test_below_a_frozen_parent_no_list_is_added(one_office: Office, one_hand: Hands) -> None:
    enacted(one_office, province(('default = "admission"', 'default = "frozen"')))
    draft(one_hand, next_year(('parent = "cn-base"', 'parent = "demo-province"')))
    codes = {p["code"] for p in ran(one_hand, RunKind.CHECK).summary["problems"]}
    assert "frozen.lists" in codes
    with refused("pack.unsound"):
        published(one_hand, document_id=paper(one_hand))


def test_bytes_changed_while_a_run_was_made_are_not_proven_by_it(
    one_office: Office, one_hand: Hands
) -> None:
    draft(one_hand, next_year())
    person = one_hand("county.office")
    call = Call(actor=person.actor, county=COUNTY, act="pack.check")
    examined = packs.examine(one_office, call, NEXT, RunKind.CHECK)
    draft(one_hand, next_year(day="2027-02-01"))
    with refused("pack.changed"):
        person.do(lambda d: packs.record(d, NEXT, examined))


@pytest.mark.parametrize("left_out", list(RunKind)[:3])
def test_nothing_is_published_that_did_not_pass_all_three(
    one_office: Office, one_hand: Hands, left_out: RunKind
) -> None:
    view = draft(one_hand, next_year())
    runs = [
        PackRun(county=COUNTY, id=f"r-{kind}", pack_id=NEXT, kind=kind, state="done",
                digest=view.digest, passed=kind is not left_out, by="x",
                began_at=one_office.clock())
        for kind in RunKind
    ]  # fmt: skip
    assert missing_runs(kept(one_office), runs) == [left_out]
    with refused("pack.unproven"):
        published(one_hand, document_id=paper(one_hand))


def test_two_people_publish_and_the_bytes_stay(office: Office, hand: Hands) -> None:
    files = next_year()
    ready(hand, files)
    view = published(hand, document_id=paper(hand))
    assert view.stage is PackStage.PUBLISHED and view.document_number == "演发〔2026〕8号"
    held = kept(office)
    assert held.published_by == "person-county.head" and held.proposed_by == "person-county.office"
    assert held.files == files and held.digest == digest_of(files)


def test_who_proposed_a_pack_does_not_publish_it(one_office: Office, one_hand: Hands) -> None:
    held = proposed(one_office, next_year(), name="clerk")
    command = PublishCommand(document_number="演发〔2026〕8号")
    with refused("signature.same_person"):
        Seeder(one_office, "clerk").act(
            COUNTY, "pack.publish",
            lambda d: publishing.publish(d, NEXT, held.version, command))  # fmt: skip
    with refused("access.forbidden"):
        published(one_hand, by="county.office")


def test_who_changed_the_draft_last_counts_as_who_proposed_it(
    one_office: Office, one_hand: Hands
) -> None:
    proposed(one_office, next_year(), name="clerk")
    draft(one_hand, next_year(day="2027-02-01"))
    assert kept(one_office).proposed_by == "person-county.office"


def test_a_version_not_seen_is_not_published(one_hand: Hands) -> None:
    ready(one_hand, next_year())
    with refused("version.required"):
        published(one_hand, version=None, document_id=paper(one_hand))
    with refused("version.stale"):
        published(one_hand, version=7, document_id=paper(one_hand))


def test_published_twice_is_published_once(one_office: Office, one_hand: Hands) -> None:
    ready(one_hand, next_year())
    given = {"document_id": paper(one_hand)}
    published(one_hand, **given)
    before = kept(one_office)
    with refused("pack.published"):
        published(one_hand, **given)
    with refused("pack.published"):
        draft(one_hand, next_year(day="2027-03-01"))
    assert kept(one_office) == before


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"document_number": ""}, "document_number"), ({"document_id": None}, "document_id")],
)
def test_a_pack_is_not_published_without_number_and_file(
    one_hand: Hands, given: dict[str, Any], missing: str
) -> None:
    ready(one_hand, next_year())
    papers = {"document_id": paper(one_hand)}
    with refused("pack.papers") as info:
        published(one_hand, **(papers | given))
    assert missing in info.value.facts["missing"]


def test_a_skeleton_is_not_published_before_it_is_filled_in(one_hand: Hands) -> None:
    ready(one_hand, next_year(("演示县准入办法第六条（虚构）", "〔待填 to be filled in：第几条〕")))
    file = paper(one_hand)
    with refused("pack.unfilled") as info:
        published(one_hand, document_id=file)
    assert info.value.facts["places"].startswith("pack.toml:")


def test_a_file_of_something_else_is_no_instrument(one_hand: Hands) -> None:
    ready(one_hand, next_year())
    other = next_year(id="another", day="2027-02-01")
    draft(one_hand, other)
    with refused("pack.document"):
        published(one_hand, document_id=paper(one_hand, id="another"))


def test_who_may_not_propose_a_pack_hangs_no_file_on_it(one_hand: Hands) -> None:
    ready(one_hand, next_year())
    with pytest.raises(Refusal) as info:
        paper(one_hand, by="dept.clerk")
    assert info.value.code == "access.forbidden"


def test_a_pack_that_must_be_ratified_waits_for_that_level(one_hand: Hands) -> None:
    ready(one_hand, next_year(('level = "county"', 'level = "county"\nratified_by = "city"')))
    file = paper(one_hand)
    with refused("pack.papers") as info:
        published(one_hand, document_id=file)
    assert "ratification (city)" in info.value.facts["missing"]
    given = {"issuer": "演示市人民政府", "document_number": "演市发〔2026〕2号",
             "dated_on": date(2026, 3, 1), "document_id": file}  # fmt: skip
    with refused("pack.papers"):
        published(one_hand, document_id=file, ratification=Ratification(level="province", **given))
    view = published(one_hand, document_id=file, ratification=Ratification(level="city", **given))
    assert view.ratification is not None and view.ratification.issuer == "演示市人民政府"


def test_a_pack_above_may_ratify_all_that_stands_below_it(
    one_office: Office, one_hand: Hands
) -> None:
    level = 'level = "province"'
    enacted(one_office, province((level, f'{level}\nratified_by = "province"')))
    ready(one_hand, next_year(('parent = "cn-base"', 'parent = "demo-province"')))
    with refused("pack.papers") as info:
        published(one_hand, document_id=paper(one_hand))
    assert "ratification (province)" in info.value.facts["missing"]


def test_rules_that_rest_on_a_report_are_listed_and_confirmed_by_name(one_hand: Hands) -> None:
    files = next_year()
    head, rule, rest = files["pack.toml"].partition('id = "DM-MONEY-LATE"')
    rest = re.sub('grade = "[a-z]+"', 'grade = "报道"', rest, count=1)
    ready(one_hand, files | {"pack.toml": head + rule + rest})
    file = paper(one_hand)
    with refused("pack.reported") as info:
        published(one_hand, document_id=file)
    view = published(one_hand, document_id=file, confirm_reported=True)
    assert view.confirmed == ["DM-MONEY-LATE"] and "DM-MONEY-LATE" in info.value.detail


def test_a_later_pack_may_not_reach_back(one_hand: Hands) -> None:
    ready(one_hand, next_year(day="2026-03-01"))
    with refused("pack.effective"):
        published(one_hand, document_id=paper(one_hand))


def test_a_pack_may_begin_on_the_day_it_is_published(one_hand: Hands) -> None:
    ready(one_hand, next_year(day="2026-03-02"))
    assert published(one_hand, document_id=paper(one_hand)).stage is PackStage.PUBLISHED


def test_two_packs_of_one_county_do_not_begin_on_one_day(
    one_office: Office, one_hand: Hands
) -> None:
    ready(one_hand, next_year())
    published(one_hand, document_id=paper(one_hand))
    with refused("pack.effective"):
        enacted(one_office, as_fixture(next_year(id="rival")))


def test_the_last_run_of_a_kind_counts_and_one_under_way_says_nothing(one_hand: Hands) -> None:
    pack = ready(one_hand, next_year())
    began = datetime(2026, 3, 2, 5, tzinfo=UTC)

    def later(state: RunState, passed: bool) -> list[PackRun]:
        office = one_hand("county.office").office
        run = PackRun(county=COUNTY, id="z", pack_id=NEXT, kind=RunKind.TEST, state=state,
                      digest=pack.digest, passed=passed, by="x", began_at=began)  # fmt: skip
        return [*office.store.reader.find(PackRun, COUNTY, pack_id=NEXT), run]

    assert missing_runs(pack, later(RunState.RUNNING, False)) == []
    assert missing_runs(pack, later(RunState.DONE, False)) == [RunKind.TEST]
    assert missing_runs(pack, later(RunState.FAILED, False)) == [RunKind.TEST]
