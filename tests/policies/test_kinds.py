"""类别: each kind has its own fields, rows, default; each list its polarity, year, receiver."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.filing import Filing, required_gaps
from registry.domain.vocabulary import Kind, Outcome
from registry.policies.cases import NEUTRAL
from registry.policies.judge import Judgement, Rulebook
from registry.policies.pack import Pack
from tests.policies.rulebooks import (
    DEMO,
    PAID,
    a_list,
    book,
    book_of,
    facts,
    judged,
    matter,
    on_one_day,
    pack,
    row,
    rule,
)

ON = date(2026, 3, 2)
DETAILS: dict[str, tuple[str, dict[str, Any]]] = {
    "office": ("office", {"wording": "节水工作站"}),
    "signboard": ("signboard", {"wording": "节水驿站", "place": "outside_door"}),
    "wall_notice": ("signboard", {"wording": "节水制度", "place": "wall"}),
    "certificate": ("certificate", {"demand": "居住证明", "demander": "bank"}),
    "inspection": ("inspection", {}),
    "campaign": ("campaign", {}),
    "report": ("form", {"fields": [{"name": "户数"}]}),
    "ledger": ("form", {"fields": [{"name": "户数"}]}),
    "survey": ("form", {"fields": [{"name": "户数"}]}),
    "meeting": ("meeting", {"participants": 2}),
    "app": ("app", {"platform": "app"}),
    "target": ("target", {"indicators": ["节水率"]}),
}
WHOLE = {"content": "节水", "standard": "一户不漏", "responsible_party": "演示县水务局",
         "starts_on": "2026-04-01", "ends_on": "2026-06-30"}  # fmt: skip


def _filing(**fields: Any) -> Filing:
    return msgspec.convert({**NEUTRAL, "title": "节水", **WHOLE, **fields}, Filing)


def test_every_kind_but_the_task_has_a_field_of_its_own() -> None:
    assert set(DETAILS) == {kind.value for kind in Kind} - {"task"}


@pytest.mark.parametrize("kind", sorted(DETAILS))
def test_a_kind_is_not_submitted_without_what_only_it_states(kind: str) -> None:
    field, detail = DETAILS[kind]
    assert required_gaps(_filing(kind=kind)) == [field]
    assert required_gaps(_filing(kind=kind, **{field: detail})) == []


def test_a_task_is_not_submitted_without_its_standard() -> None:
    assert required_gaps(_filing(kind="task", standard=" ")) == ["standard"]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_may_have_a_row_that_no_other_kind_meets(kind: Kind) -> None:
    rules = book_of(pack("own", [rule("OWN"), rule("REST")],
                         [row("OWN", "refused", kind=kind.value), row("REST", "needs_approval")],
                         ))  # fmt: skip
    refused = {one for one in Kind if judged(rules, ON, kind=one.value).deciding == ["OWN"]}
    assert refused == {kind}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_may_have_a_default_of_its_own(kind: Kind) -> None:
    rules = book_of(pack("own", [rule("ELSEWHERE")], [row("ELSEWHERE", "allowed", gate="start")],
                         default="admission", document={"default_of": {kind.value: "deny"}},
                         ))  # fmt: skip
    denied = {one for one in Kind if judged(rules, ON, kind=one.value).defaulted == "deny"}
    assert denied == {kind}


# ---- the demo county's own kinds ----------------------------------------------------------------


def _demo(kind: str, **detail: Any) -> Judgement:
    field, plain = DETAILS[kind]
    return judged(book(DEMO), ON, kind=kind, title="节水器具", **PAID, **{field: plain | detail})


def test_an_app_is_refused_without_its_number_and_with_traces_and_passes_without_either() -> None:
    assert _demo("app").deciding == ["DM-APP-UNFILED"]
    number = {"registration_number": "示备〔2026〕1号"}
    assert _demo("app", **number, features=["duration"]).deciding == ["DM-APP-COMPULSION"]
    assert _demo("app", **number, photos_compulsory=True).deciding == ["DM-APP-COMPULSION"]
    assert _demo("app", **number).outcome is Outcome.NEEDS_APPROVAL


def test_a_veto_is_refused_whichever_kind_brings_it() -> None:
    for kind in ("inspection", "campaign", "target"):
        assert "CN-R8" in {h.rule for h in _demo(kind, veto=True).rules}
    assert _demo("target", veto=True).outcome is Outcome.REFUSED
    assert _demo("target").outcome is Outcome.NEEDS_APPROVAL


def test_a_verdict_says_which_row_of_the_table_named_the_mode() -> None:
    hours = {"hours_per_cycle": 60, "cycle": "month"}
    told = judged(book(DEMO), ON, title="楼道灯具编号拍照", **PAID, **hours).measured["mode"]
    assert (told["pack"], told["line"], told["mode"]) == (DEMO, 4, "purchase")
    assert (told["workload"], told["hours_a_month"]) == ("heavy", 60)


# ---- lists --------------------------------------------------------------------------------------

TITLE = "楼道积水日报"
ITEM = {"id": "L-1", "title": TITLE}
OPEN = pack("open", [rule("OPEN"), rule("R7"), rule("R7-NEAR")],
            [row("OPEN", "needs_approval", ground="none"),
             row("R7", "refused", ground="R7", match="exact"),
             row("R7-NEAR", "human_review", ground="R7", match="near")])  # fmt: skip


def _over(polarity: str, own: Pack = OPEN, **fields: Any) -> Rulebook:
    item = ITEM | {"ground": fields.pop("ground", "")}
    return book_of(own, lists=[a_list("L", polarity, item, **fields)])


def test_what_was_cancelled_is_refused_by_the_ground_its_item_states() -> None:
    rules = _over("cancelled", ground="R7", kinds=["report"])
    exact = judged(rules, ON, title=TITLE, kind="report")
    assert (exact.deciding, exact.rules[0].items) == (["R7"], [f"L-1 {TITLE}"])
    assert judged(rules, ON, title="楼道积水月报", kind="report").deciding == ["R7-NEAR"]
    assert judged(rules, ON, title="树木支撑登记", kind="report").deciding == ["OPEN"]


def test_a_cancelled_item_states_its_ground() -> None:
    with pytest.raises(msgspec.ValidationError, match="states its ground"):
        a_list("L", "cancelled", ITEM)


def test_guidance_is_told_and_decides_nothing() -> None:
    told = judged(_over("guidance"), ON, title=TITLE)
    assert (told.deciding, told.suggestions) == (["OPEN"], [f"L-1 {TITLE}"])
    assert facts(_over("guidance"), ON, title=TITLE)["standing"] == "off"
    assert judged(_over("guidance", ground="R7"), ON, title=TITLE).deciding == ["OPEN"]


@pytest.mark.parametrize(
    ("on", "standing"),
    [(date(2025, 12, 31), "off"), (ON, "listed"), (date(2026, 12, 31), "listed"),
     (date(2027, 1, 1), "off")],
)  # fmt: skip
def test_a_list_of_one_year_answers_for_that_year_only(on: date, standing: str) -> None:
    assert facts(_over("permitted", year=2026), on, title=TITLE)["standing"] == standing
    assert facts(_over("permitted"), on, title=TITLE)["standing"] == "listed"


def test_a_count_only_list_of_one_year_is_unread_in_that_year_only() -> None:
    unread = a_list("L", "permitted", year=2018, items_read=False, count_stated=56)
    rules = book_of(OPEN, lists=[unread])
    assert facts(rules, date(2018, 9, 14), title=TITLE)["standing"] == "unread"
    assert facts(rules, date(2019, 1, 2), title=TITLE)["standing"] == "off"


@pytest.mark.parametrize(
    ("community_type", "standing"),
    [("agricultural", "listed"), ("urban", "other_receiver"), (None, "other_receiver")],
)
def test_a_list_of_one_type_of_community_is_another_ones_elsewhere(
    community_type: str | None, standing: str
) -> None:
    rules = _over("permitted", community_type="agricultural")
    assert facts(rules, ON, title=TITLE, community_type=community_type)["standing"] == standing


def test_each_receiver_is_asked_against_its_own_list() -> None:
    rules = _over("permitted", receivers=["service_station"])
    asked = matter(ON, title=TITLE, receivers=["residents_committee", "service_station"])
    at = {who.value: judged(rules, ON, title=TITLE, receivers=[who.value]) for who in
          asked.filing.receivers}  # fmt: skip
    assert {who: one.facts[0]["standing"] for who, one in at.items()} == {
        "residents_committee": "other_receiver", "service_station": "listed",
    }  # fmt: skip
    both = [one["standing"] for one in rules.judge(asked, on_one_day(ON)).facts]
    assert both == ["other_receiver", "listed"]


def test_lists_are_counted_by_receiver_community_kind_and_year() -> None:
    lists = [
        a_list("A", "self_governance", community_type="urban", items_read=False, count_stated=12),
        a_list("B", "assist", ITEM),
        a_list("C", "barred", {"id": "C-1", "title": "别的"}),
        a_list("D", "assist", {"id": "D-1", "title": "再别的"}, kinds=["survey"]),
        a_list("E", "permitted", {"id": "E-1", "title": "去年的"}, year=2025),
        a_list("F", "assist", {"id": "F-1", "title": "法定的"}, statutory=True),
    ]
    rules = book_of(OPEN, lists=lists)

    def count(**fields: Any) -> int:
        filing = matter(ON, **fields).filing
        return rules.lists.count(filing, filing.receivers[0], ON)

    assert (count(community_type="urban"), count(community_type="agricultural")) == (13, 1)
