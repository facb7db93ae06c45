"""规则包的一生: draft, checked, tested, simulated, published by two people, superseded; then fixed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import packs, publishing
from registry.actions.attaching import AttachCommand
from registry.actions.office import Call, Office
from registry.actions.publishing import ProposeCommand, PublishCommand
from registry.actions.seeding import Seeder
from registry.actions.ticking import tick
from registry.domain.document import DocumentType
from registry.domain.errors import Refusal
from registry.domain.pack import (
    PackRun,
    PackStage,
    PackState,
    PublishedPack,
    Ratification,
    RunKind,
    missing_runs,
    standing,
)
from registry.policies.loader import digest_of, read_folder
from tests.actions.case import attached
from tests.actions.enacting import PACKS, enacted, proposed, proven
from tests.actions.refused import refused
from tests.conftest import MovingClock

Hands = Callable[[str], Any]
COUNTY, NEXT = "990102", "demo-county-2027"


def next_year(*swaps: tuple[str, str], day: str = "2027-01-01", id: str = NEXT) -> dict[str, str]:
    """The demo county's pack as a real one of next year: no test material, no file waived."""
    files = read_folder(PACKS / "demo-county")
    text = files["pack.toml"].replace('id = "demo-county"', f'id = "{id}"')
    text = text.replace("effective_from = 2025-01-01", f"effective_from = {day}")
    for old, new in (("fixture = true\n", ""), *swaps):
        assert old in text
        text = text.replace(old, new)
    return files | {"pack.toml": text}


def draft(hand: Hands, files: dict[str, str], **more: Any) -> packs.PackView:
    command = ProposeCommand(files=files, **more)
    view: packs.PackView = hand("county.office").do(lambda d: publishing.propose(d, command))
    return view


def ran(hand: Hands, kind: RunKind, id: str = NEXT) -> PackRun:
    person = hand("county.office")
    call = Call(actor=person.actor, county=COUNTY, act=f"pack.{kind.value}")
    examined = packs.examine(person.office, call, id, kind)
    run: PackRun = person.do(lambda d: packs.record(d, id, examined))
    return run


def kept(office: Office, id: str = NEXT) -> PublishedPack:
    held = office.store.reader.get(PublishedPack, COUNTY, id)
    assert held is not None
    return held


def stage(office: Office, id: str = NEXT) -> PackStage:
    return packs.views(office.store.reader, [kept(office, id)])[0].stage


def ready(hand: Hands, files: dict[str, str]) -> PublishedPack:
    """A draft by the county office whose proofs are on record."""
    draft(hand, files)
    hand("county.office").do(lambda d: proven(d, NEXT))
    return kept(hand("county.office").office)


def paper(hand: Hands, by: str = "county.office", id: str = NEXT) -> str:
    command = AttachCommand(parent_kind="pack", parent_id=id, type=DocumentType.BASIS,
                            name="红头文件.pdf", not_secret=True)  # fmt: skip
    return str(attached(hand, by, command, b"%PDF-1.4 the instrument").id)


def published(hand: Hands, version: int | None = 1, by: str = "county.head", **given: Any) -> Any:
    command = PublishCommand(**{"document_number": "演发〔2026〕8号", **given})
    return hand(by).do(lambda d: publishing.publish(d, NEXT, version, command))


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


def test_a_pack_is_not_its_own_parent(one_hand: Hands) -> None:
    draft(one_hand, next_year(('parent = "cn-base"', f'parent = "{NEXT}"')))
    codes = {p["code"] for p in ran(one_hand, RunKind.CHECK).summary["problems"]}
    assert codes & {"parent.circle", "parent.missing"}
    with refused("pack.unsound"):
        published(one_hand, document_id=paper(one_hand))


def test_below_a_frozen_parent_no_list_is_added(one_office: Office, one_hand: Hands) -> None:
    province = _province(('default = "admission"', 'default = "frozen"'))
    enacted(one_office, province)
    draft(one_hand, next_year(('parent = "cn-base"', 'parent = "demo-province"')))
    codes = {p["code"] for p in ran(one_hand, RunKind.CHECK).summary["problems"]}
    assert "frozen.lists" in codes
    with refused("pack.unsound"):
        published(one_hand, document_id=paper(one_hand))


def _province(*swaps: tuple[str, str]) -> dict[str, str]:
    files = next_year(
        ('jurisdiction = "990102"', 'jurisdiction = "990000"'),
        ('level = "county"', 'level = "province"\nfixture = true'),
        *swaps, day="2026-03-02", id="demo-province",
    )  # fmt: skip
    return {name: text for name, text in files.items() if not name.startswith("cases/")}


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
                digest=view.digest, passed=kind is not left_out, by="x", began_at=one_office.clock())
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
        enacted(one_office, _fixture(next_year(id="rival")))


def _fixture(files: dict[str, str]) -> dict[str, str]:
    marked = files["pack.toml"].replace("fictional = true", "fictional = true\nfixture = true", 1)
    return files | {"pack.toml": marked}


def test_a_pack_that_takes_effect_ends_the_one_before_on_that_day(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    enacted(office, _fixture(next_year()))
    clock.at = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert "superseded" not in tick(office)
    clock.at = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert tick(office)["superseded"] == 1
    assert "superseded" not in tick(office)
    old = kept(office, "demo-county")
    assert (old.state, old.superseded_by) == (PackState.SUPERSEDED, NEXT)
    assert stage(office, "demo-county") is PackStage.SUPERSEDED
    for day, own in ((date(2026, 12, 31), "demo-county"), (date(2027, 1, 1), NEXT)):
        assert office.rulebooks.of(COUNTY, day).overlay.packs[0].id == own


def test_a_pack_that_ends_does_not_wake_the_one_it_ended(one_office: Office) -> None:
    files = _fixture(next_year(("effective_from = 2027-01-01",
                                "effective_from = 2027-01-01\neffective_to = 2027-06-30")))  # fmt: skip
    enacted(one_office, files)
    held = one_office.store.reader.find(PublishedPack, COUNTY)
    own = standing(held, date(2027, 6, 30))
    assert own is not None and own.id == NEXT
    assert standing(held, date(2027, 7, 1)) is None
    assert one_office.rulebooks.of(COUNTY, date(2027, 7, 1)).overlay.packs[0].id == "cn-base"


def test_children_follow_the_successor_of_their_parent(one_office: Office) -> None:
    enacted(one_office, _province())
    child = _fixture(next_year(('parent = "cn-base"', 'parent = "demo-province"')))
    enacted(one_office, child)
    later = _province()
    later["pack.toml"] = (
        later["pack.toml"].replace('id = "demo-province"', 'id = "demo-province-2028"')
        .replace("effective_from = 2026-03-02", "effective_from = 2028-01-01")
    )  # fmt: skip
    enacted(one_office, later)

    def stack(on: date) -> list[str]:
        return [p.id for p in one_office.rulebooks.of(COUNTY, on).overlay.packs]

    assert stack(date(2027, 12, 31)) == [NEXT, "demo-province", "cn-base"]
    assert stack(date(2028, 1, 1)) == [NEXT, "demo-province-2028", "cn-base"]
