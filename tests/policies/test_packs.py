"""规则包: every example pack loads, every case of it passes, every rule is both met and missed."""

import re
from collections import Counter
from datetime import date

import pytest

from registry.domain.admission import COLUMNS
from registry.domain.areas import Relation
from registry.domain.vocabulary import Polarity
from registry.policies.access import Access
from registry.policies.cases import Case, run_case, run_cases
from registry.policies.drafting.skeleton import Start, skeleton
from registry.policies.examples import rulebook
from registry.policies.lists import load_lists
from registry.policies.loader import PackError, load_pack
from tests.policies import rulebooks
from tests.policies.pending import pending_line
from tests.policies.rulebooks import NATION, SEEDS, cases, loaded

PACKS = sorted(loaded())
CASES = [(own, case) for own in PACKS for case in cases(own)]
RUN = [(own, case) for own, case in CASES if case.expect is not None]
PROHIBITING = {Polarity.BARRED, Polarity.OWN_DUTY, Polarity.NEGATIVE}


def test_the_examples_are_the_nation_the_demo_county_and_the_published_ones() -> None:
    assert {NATION, rulebooks.DEMO} < set(PACKS)
    assert len(PACKS) == 13


@pytest.mark.parametrize(("own", "case"), RUN, ids=[f"{own}:{case.id}" for own, case in RUN])
def test_a_case_of_a_pack_comes_out_as_written(own: str, case: Case) -> None:
    assert run_case(case, rulebooks.book(own)).failures == []


@pytest.mark.parametrize("own", PACKS)
def test_every_rule_of_a_pack_is_met_by_a_case_and_missed_by_another(own: str) -> None:
    rules = {rule.id for rule in loaded()[own].document.rule}
    expected = [case.expect for case in cases(own) if case.expect]
    assert rules - {rule for expect in expected for rule in expect.rules} == set()
    assert rules - {rule for expect in expected for rule in expect.not_rules} == set()


@pytest.mark.parametrize("own", PACKS)
def test_running_a_pack_answers_for_every_case_of_it(own: str) -> None:
    results = run_cases(loaded()[own], rulebooks.book(own))
    assert [r.case for r in results] == [c.id for c in cases(own)]
    assert [r.case for r in results if r.pending] == [c.id for c in cases(own) if c.pending]


def test_no_two_cases_carry_one_name() -> None:
    names = Counter(case.id for _, case in CASES)
    assert [name for name, count in names.items() if count > 1] == []


def test_a_case_either_expects_something_or_names_the_issue_it_waits_for() -> None:
    assert [c.id for _, c in CASES if (c.expect is None) != bool(c.pending)] == []


def test_a_case_expects_no_rule_that_no_pack_of_its_chain_has() -> None:
    for own, case in RUN:
        chain = rulebooks.book(own).overlay.packs
        known = {rule.id for pack in chain for rule in pack.document.rule}
        expect = case.expect
        assert expect is not None
        named = {*expect.rules, *expect.not_rules}
        assert {n for n in named if not n.startswith("default.")} <= known, case.id


def test_a_case_that_must_fail_does_fail() -> None:
    case = next(c for c in cases(rulebooks.DEMO) if c.id == "dm-listed")
    assert case.expect is not None
    wrong = type(case.expect)(outcome="refused", rules=["DM-OFF"], not_rules=["CN-LISTED"])
    failing = type(case)(
        **{f: getattr(case, f) for f in case.__struct_fields__} | {"expect": wrong}
    )
    said = run_case(failing, rulebooks.book(rulebooks.DEMO)).failures
    assert len(said) == 3
    assert "应为「" in said[0].zh and said[0].en.endswith("not refused")
    for one in said:
        assert not re.search("[a-z]{4}", one.zh) and one.en.isascii(), one


def test_a_case_that_fails_before_the_first_day_of_its_pack_says_so() -> None:
    files = skeleton(
        Start(id="next", jurisdiction="990102", parent=NATION, level="county",
              effective=date(2027, 1, 1))
    )  # fmt: skip
    name = "cases/first.toml"
    files[name] = files[name].replace("2027-01-01", "2026-06-01")
    pack = load_pack(files)
    results = run_cases(pack, rulebook(pack.id, loaded() | {pack.id: pack}, SEEDS))
    failed = [result.failures for result in results if result.failures]
    assert failed and all("早于施行日 2027-01-01" in told[-1].zh for told in failed)


@pytest.mark.parametrize("left_out", ["source", "id"])
def test_a_case_without_a_source_is_refused(left_out: str) -> None:
    lines = {"id": 'id = "x-1"', "source": 'source = "M1"'}
    text = "[[case]]\n" + "\n".join(v for k, v in lines.items() if k != left_out) + "\n"
    files = {
        "pack.toml": (rulebooks.HERE / "packs" / NATION / "pack.toml").read_text("utf-8"),
        "rules.csv": (rulebooks.HERE / "packs" / NATION / "rules.csv").read_text("utf-8"),
        "routes.csv": (rulebooks.HERE / "packs" / NATION / "routes.csv").read_text("utf-8"),
        "cases/x.toml": text,
    }
    with pytest.raises(PackError) as refused:
        load_pack(files)
    assert refused.value.file == "cases/x.toml"


def test_every_ground_a_list_can_raise_has_a_row_that_answers_it() -> None:
    """A hit that no row asks about would be found and then forgotten."""
    raised = {
        item.ground
        for one in load_lists(SEEDS / "lists")
        if one.polarity in PROHIBITING
        for item in one.items
        if item.ground
    }
    at = {name: COLUMNS.index(name) for name in ("gate", "kind", "ground", "match")}
    rows = [r.facts for r in loaded()[NATION].rows if r.facts[at["gate"]] == "file"]
    for ground in sorted(raised):
        for match in ("exact", "near"):
            assert any(
                f[at["kind"]] == "*"
                and f[at["ground"]] == ground
                and f[at["match"]] in (match, "*")
                for f in rows
            ), (ground, match)


def test_nothing_only_near_is_ever_refused_or_let_in() -> None:
    """Our own suggestions may send a matter to a person and no further."""
    match = COLUMNS.index("match")
    near = [
        (pack.id, r.line) for pack in loaded().values() for r in pack.rows
        if r.facts[match] == "near" and r.outcome != "human_review"
    ]  # fmt: skip
    assert near == []


def test_a_fixture_says_so_and_no_real_place_is_fictional() -> None:
    for pack in loaded().values():
        identity = pack.document.pack
        assert identity.fictional == identity.jurisdiction.startswith("99"), pack.id
        assert identity.fixture or not identity.fictional, pack.id


def test_no_case_of_a_pack_is_pending_any_more() -> None:
    assert [c.id for _, c in CASES if c.pending] == []
    assert pending_line() == ""


def test_cases_are_dated_so_that_old_rules_are_asked_on_old_days() -> None:
    assert min(case.on for _, case in CASES) < date(2026, 1, 1) <= max(c.on for _, c in CASES)


def test_every_flow_of_the_demo_county_begins_with_a_body_that_may_accept() -> None:
    """A step nobody may accept at would keep the case waiting for ever."""
    document, access = loaded()[rulebooks.DEMO].document, Access()
    for flow in document.flow:
        for body in flow.step[0].bodies:
            family = document.bodies[body].family if body in document.bodies else body
            roles = [f"{family}.{post}" for post in ("office", "clerk", "head")]
            assert any(access.may([(role, Relation.OWN)], "request.accept") for role in roles), (
                f"{flow.id}: {body}"
            )
