"""事实: each column, computed from filing, lists and what packs state; unknown says nothing."""

from datetime import date
from typing import Any

import pytest

from registry.domain.admission import FACTS, QUIET
from registry.domain.vocabulary import OrganisationKind
from tests.policies.rulebooks import a_list, book_of, facts, matter, pack, row, rule

ON = date(2026, 3, 2)
RULE, ROW = rule("T-1"), row("T-1", "needs_approval")
BARE = book_of(pack("bare", [RULE], [ROW]))
LINE = {"key": "F1", "mode": "transfer", "amount_fen": 100, "fiscal_year": 2026}
NEW = sorted(set(QUIET) - {"held", "basis_state", "publicity", "trigger", "expert"})


def stating(**document: Any) -> Any:
    return book_of(pack("stating", [RULE], [ROW], document=document))


def paid_by(*payers: str | None, **fields: Any) -> dict[str, str]:
    lines = [{**LINE, "key": f"F{n}", "payer_id": who} for n, who in enumerate(payers)]
    known = {"finance": OrganisationKind.FINANCE, "county": OrganisationKind.GOVERNMENT,
             "street": OrganisationKind.STREET, "here": OrganisationKind.COMMUNITY,
             "bureau": OrganisationKind.DEPARTMENT}  # fmt: skip
    return facts(BARE, ON, funding=lines, payers=known, **fields)


@pytest.mark.parametrize("column", NEW)
def test_a_bare_filing_says_nothing_in_a_newer_column(column: str) -> None:
    assert facts(BARE, ON)[column] == QUIET[column]


def test_every_computed_word_is_one_the_table_knows() -> None:
    told = facts(BARE, ON)
    assert {c: w for c, w in told.items() if w not in FACTS[c]} == {}


@pytest.mark.parametrize("medium", ["electronic", "paper", "both"])
def test_the_medium_is_what_the_filing_says(medium: str) -> None:
    assert facts(BARE, ON, medium=medium)["medium"] == medium


REGISTERED: list[tuple[str, dict[str, Any], str]] = [
    ("app", {"app": {"platform": "app"}}, "registration_number"),
    ("inspection", {"inspection": {}}, "plan_number"),
    ("campaign", {"campaign": {}}, "approval_document"),
    ("survey", {"form": {"fields": [{"name": "户数"}]}}, "approval_number"),
    ("report", {"form": {"fields": [{"name": "户数"}]}}, "approval_number"),
    ("meeting", {"meeting": {"participants": 1}}, "plan_number"),
]


@pytest.mark.parametrize(("kind", "detail", "number"), REGISTERED)
def test_a_kind_that_must_be_on_file_is_missing_until_its_number_is_given(
    kind: str, detail: dict[str, Any], number: str
) -> None:
    ((name, fields),) = detail.items()
    blank = {name: {**fields, number: "  "}}
    given = {name: {**fields, number: "示〔2026〕1号"}}
    assert facts(BARE, ON, kind=kind, **detail)["registration"] == "missing"
    assert facts(BARE, ON, kind=kind, **blank)["registration"] == "missing"
    assert facts(BARE, ON, kind=kind, **given)["registration"] == "filed"
    assert facts(BARE, ON, kind=kind)["registration"] == "not_needed", "not filled in： not known"


def test_a_task_needs_no_number_whatever_it_brings_along() -> None:
    assert facts(BARE, ON, kind="task", app={"platform": "app"})["registration"] == "not_needed"


@pytest.mark.parametrize("feature", ["check_in", "points", "ranking", "duration"])
def test_an_app_that_makes_people_leave_traces_compels(feature: str) -> None:
    app = {"platform": "mini_program", "features": [feature]}
    assert facts(BARE, ON, kind="app", app=app)["compulsion"] == "yes"


@pytest.mark.parametrize("flag", ["photos_compulsory", "follow_compulsory"])
def test_compulsory_photos_or_following_compel(flag: str) -> None:
    app = {"platform": "public_account", flag: True}
    assert facts(BARE, ON, kind="app", app=app)["compulsion"] == "yes"


def test_photos_and_votes_of_ones_own_will_compel_nobody() -> None:
    app = {"platform": "app", "features": ["photos", "votes", "forwarding"]}
    assert facts(BARE, ON, kind="app", app=app)["compulsion"] == "no"


def test_a_compulsory_campaign_and_an_app_brought_by_a_task_compel() -> None:
    campaign = {"kind": "campaign", "campaign": {"compulsory": True}}
    assert facts(BARE, ON, **campaign)["compulsion"] == "yes"
    brought = {"platform": "app", "features": ["ranking"]}
    assert facts(BARE, ON, app=brought)["compulsion"] == "yes"


@pytest.mark.parametrize(
    ("inspection", "word"),
    [
        ({}, "none"),
        ({"assesses": ["req-1"]}, "joint"),
        ({"assesses": ["req-1"], "separate": True}, "separate"),
        ({"separate": True, "ranks": True}, "separate"),
        ({"separate": True, "veto": True}, "veto"),
    ],
)
def test_an_inspection_says_how_it_assesses(inspection: dict[str, Any], word: str) -> None:
    assert facts(BARE, ON, kind="inspection", inspection=inspection)["assessment"] == word


def test_a_campaign_or_target_may_veto_too() -> None:
    target = {"indicators": ["户数"], "veto": True}
    assert facts(BARE, ON, kind="campaign", campaign={"veto": True})["assessment"] == "veto"
    assert facts(BARE, ON, kind="target", target=target)["assessment"] == "veto"


def test_a_letter_of_responsibility_is_near_to_r8_and_never_exact() -> None:
    target = {"indicators": ["户数"], "letter_of_responsibility": True}
    rows = BARE.facts(matter(ON, kind="target", target=target))
    at = [list(FACTS).index(column) for column in ("ground", "match")]
    grounds = {tuple(v[c] for c in at) for _, v in rows.vectors}
    assert grounds == {("none", "none"), ("R8", "near")}
    assert rows.behind["R8"] == ["责任状"]


# ---- terms, purposes ----------------------------------------------------------------------------

SPAN = {"starts_on": "2026-03-09", "duration": "temporary"}
END = {"of": "temporary", "end_required": True}
MOST = {"of": "temporary", "at_most": {"days": 5, "unit": "calendar", "count_first_day": True}}


def test_a_term_is_measured_only_where_a_pack_says_so() -> None:
    assert facts(BARE, ON, **SPAN)["term"] == "unset"
    other = stating(duration=[{"of": "long_term", "end_required": True}])
    assert facts(other, ON, **SPAN)["term"] == "unset"


@pytest.mark.parametrize(
    ("asked", "ends_on", "word"),
    [(END, None, "missing"), (END, "2036-03-13", "ok"), (MOST, "2026-03-13", "ok"),
     (MOST, "2026-03-14", "over"), (MOST, None, "missing")],
)  # fmt: skip
def test_a_term_has_its_end_and_is_no_longer_than_the_pack_allows(
    asked: dict[str, Any], ends_on: str | None, word: str
) -> None:
    assert facts(stating(duration=[asked]), ON, **SPAN, ends_on=ends_on)["term"] == word


def test_a_term_counted_over_a_year_without_a_calendar_is_never_over() -> None:
    working = {**MOST, "at_most": {"days": 5, "unit": "working"}}
    told = facts(stating(duration=[working]), ON, **SPAN, ends_on="2026-06-30")
    assert told["term"] == "ok", "provisional: nothing is late by it"


def test_a_term_may_be_asked_of_one_kind_or_one_receiver() -> None:
    asked = stating(duration=[{**END, "kinds": ["survey"], "receivers": ["village_committee"]}])
    filed = {**SPAN, "kind": "survey", "receivers": ["residents_committee", "village_committee"]}
    vectors = asked.facts(matter(ON, **filed)).vectors
    column = list(FACTS).index("term")
    assert [v[column] for _, v in vectors] == ["unset", "missing"]
    assert facts(asked, ON, **SPAN, receivers=["village_committee"])["term"] == "unset"


def test_a_childs_word_on_a_duration_takes_the_place_of_all_its_parents_said_of_it() -> None:
    above = pack("above", [RULE], [ROW], document={"duration": [END, {**END, "of": "phase"}]})
    child = pack("child", [rule("T-2")], [row("T-2", "needs_approval")],
                 document={"duration": [MOST]}, parent="above")  # fmt: skip
    both = book_of(child, above)
    assert facts(both, ON, **SPAN, ends_on="2026-03-14")["term"] == "over"
    assert facts(both, ON, **{**SPAN, "duration": "phase"})["term"] == "missing"


def test_each_group_of_purposes_needs_one_of_its_words_among_the_lines() -> None:
    needs = [{"durations": ["long_term"], "needs": [["office", "purchase"], ["personnel"]]}]
    asked = stating(purpose=needs)

    def told(*purposes: str, duration: str = "long_term") -> str:
        lines = [{**LINE, "key": p, "purpose": p} for p in purposes]
        return facts(asked, ON, duration=duration, funding=lines)["purposes"]

    assert (told("purchase", "personnel"), told("office")) == ("complete", "missing")
    assert (told(), told(duration="temporary")) == ("missing", "unset")


# ---- who pays -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payers", "word"),
    [(("asking",), "entrusting"), (("finance",), "finance"), (("county",), "government"),
     (("street",), "government"), (("here",), "community"), (("bureau",), "other"),
     (("asking", "finance"), "several"), ((None,), "none"), ((), "none"),
     (("stranger",), "none"), (("asking", "stranger"), "none")],
)  # fmt: skip
def test_who_pays_is_told_by_kind_and_not_guessed(payers: tuple[str | None], word: str) -> None:
    assert paid_by(*payers)["payer_kind"] == word


def test_one_mode_is_named_and_several_are_several() -> None:
    bought = {**LINE, "key": "F2", "mode": "purchase"}
    assert facts(BARE, ON, funding=[bought])["funding_mode"] == "purchase"
    assert facts(BARE, ON, funding=[LINE, bought])["funding_mode"] == "several"
    assert facts(BARE, ON, funding=[{**LINE, "mode": "none"}])["funding_mode"] == "none"


@pytest.mark.parametrize(
    ("payer", "title", "word"),
    [("finance", "协助演示矫正", "met"), ("bureau", "协助演示矫正", "unmet"),
     ("asking", "协助演示矫正", "unmet"), (None, "协助演示矫正", "unset"),
     ("stranger", "协助演示矫正", "unset"), ("bureau", "别的事", "unset")],
)  # fmt: skip
def test_a_payer_that_the_text_fixes_is_met_or_not(
    payer: str | None, title: str, word: str
) -> None:
    fixed = a_list("L", "assist", {"id": "L-1", "title": "协助演示矫正", "payer": "finance"})
    known = {"finance": OrganisationKind.FINANCE, "bureau": OrganisationKind.DEPARTMENT}
    told = facts(
        book_of(pack("bare", [RULE], [ROW]), lists=[fixed]), ON, title=title, payers=known,
        funding=[{**LINE, "payer_id": payer}],
    )  # fmt: skip
    assert told["statutory_payer"] == word


def test_a_government_that_asks_for_help_and_pays_is_both() -> None:
    fixed = a_list("L", "assist", {"id": "L-1", "title": "协助演示矫正", "payer": "government"})
    told = facts(
        book_of(pack("bare", [RULE], [ROW]), lists=[fixed]), ON, title="协助演示矫正",
        payers={"asking": OrganisationKind.GOVERNMENT},
        funding=[{**LINE, "payer_id": "asking"}],
    )  # fmt: skip
    assert (told["payer_kind"], told["statutory_payer"]) == ("entrusting", "met")


# ---- powers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["term_to", "authorisation_document_id"])
def test_authority_is_complete_with_scope_term_and_document_of_every_power(gap: str) -> None:
    whole = {"scope": "查看", "term_to": "2026-12-31", "authorisation_document_id": "doc-1"}
    part = {k: v for k, v in whole.items() if k != gap}
    assert facts(BARE, ON, powers=[whole])["authority"] == "complete"
    assert facts(BARE, ON, powers=[whole, part])["authority"] == "partial"
