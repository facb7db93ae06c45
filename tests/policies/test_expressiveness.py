"""规则包能说什么: layers, subjects, kinds, lists, defaults, prohibitions, effects, certificates."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.vocabulary import (
    Default,
    Gate,
    Kind,
    Level,
    OrganisationKind,
    Outcome,
    Receiver,
)
from registry.policies.drafting.diff import _SETTINGS, diff
from registry.policies.judge import Rulebook
from registry.policies.lists import load_lists, parse_lists
from registry.policies.overlay import chain
from registry.policies.pack import Document, Pack
from tests.policies.rulebooks import (
    NATION,
    PAID,
    SEEDS,
    a_list,
    book,
    book_of,
    judged,
    loaded,
    matter,
    on_one_day,
    pack,
    row,
    rule,
)

ON = date(2026, 3, 2)
LAYERS = ("county", "city", "province", "nation")
TITLE = "楼道积水日报"
OPEN = [rule("OPEN")], [row("OPEN", "needs_approval", ground="none")]


# ---- 1 layers -----------------------------------------------------------------------------------

LEVEL_OF = {"nation": "national", "province": "province", "city": "city", "county": "county"}


def _layer(name: str, *grounds: str, **fields: Any) -> Pack:
    """A layer with a rule of its own for each ground; at the top, one for every layer's."""
    names = {f"{name}-{ground}": ground for ground in grounds}
    above = LAYERS.index(name) + 1
    return pack(
        name, [rule(id, ground=ground) for id, ground in names.items()],
        [row(id, "refused", ground=ground, match="exact") for id, ground in names.items()],
        level=LEVEL_OF[name], **({"parent": LAYERS[above]} if above < len(LAYERS) else {}),
        **fields,
    )  # fmt: skip


def _four(**of: dict[str, Any]) -> list[Pack]:
    """Nation, province, city, county: each replaces one rule of the nation more than the last."""
    grounds = {"nation": "R1 R2 R3 R4", "province": "R2 R3 R4", "city": "R3 R4", "county": "R4"}
    made = {name: _layer(name, *grounds[name].split(), **of.get(name, {})) for name in LAYERS}
    return chain(made, "county")


def test_a_rule_is_replaced_at_each_of_four_layers_and_the_nearest_speaks() -> None:
    items = [
        {"id": ground, "title": TITLE, "ground": ground} for ground in ["R1", "R2", "R3", "R4"]
    ]
    rules = book_of(*_four(), lists=[a_list("B", "barred", *items)])
    assert [p.id for p in rules.overlay.packs] == list(LAYERS)
    assert {hit.rule for hit in judged(rules, ON, title=TITLE).rules} == {
        "nation-R1", "province-R2", "city-R3", "county-R4",
    }  # fmt: skip


def test_a_setting_is_that_of_the_nearest_layer_that_states_it() -> None:
    packs = _four(
        nation={
            "document": {"agreement": {"required": False}, "numbering": {"decision": "国{serial}"}}
        },
        province={"document": {"agreement": {"required": True}}},
        city={"document": {"clock.apply_ahead": {"days": 30, "unit": "working"}}},
    )
    said = book_of(*packs).overlay.setting
    agreed, numbered = said(lambda d: d.agreement), said(lambda d: d.numbering)
    assert agreed is not None and agreed.required
    assert numbered is not None and numbered.decision == "国{serial}"
    assert said(lambda d: d.clock.apply_ahead) is not None
    assert said(lambda d: d.money) is None, "what nobody states is nobody's"


def test_under_a_frozen_layer_neither_list_nor_default_is_of_ones_own() -> None:
    packs = _four(
        nation={"lists": ["N"], "default": "admission"},
        province={"lists": ["P"], "default": "frozen"},
        county={"lists": ["C"], "default": "admission",
                "document": {"default_of": {"report": "negative_only"}}},
    )  # fmt: skip
    overlay = book_of(*packs).overlay
    assert overlay.list_ids() == ["P", "N"]
    for kind in ("task", "report"):
        verdict = judged(book_of(*packs), ON, kind=kind)
        assert (verdict.outcome, verdict.defaulted) == (Outcome.REFUSED, Default.FROZEN)
        assert verdict.rules[0].pack == "province"


def test_a_frozen_list_may_leave_the_default_to_those_below() -> None:
    packs = _four(province={"lists": ["P"], "frozen": True}, county={"default": "admission"})
    assert judged(book_of(*packs), ON).defaulted is Default.ADMISSION


def test_a_layer_says_who_must_ratify_it() -> None:
    """That publishing waits for it: tests/actions/test_pack_life.py."""
    county, city, *_ = _four(county={"ratified_by": "city", "review_on": date(2027, 1, 1)})
    assert county.document.pack.ratified_by == "city"
    assert city.document.pack.ratified_by is None


# ---- 2 subjects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(OrganisationKind))
def test_every_kind_of_applicant_may_have_a_rule_of_its_own(kind: OrganisationKind) -> None:
    rules = book_of(pack("p", [rule("OWN"), *OPEN[0]],
                         [row("OWN", "out_of_scope", applicant=kind.value), *OPEN[1]]))  # fmt: skip
    met = {k for k in OrganisationKind if judged(rules, ON, applicant_kind=k).deciding == ["OWN"]}
    assert met == {kind}


@pytest.mark.parametrize("column", ["level", "receiver"])
def test_every_level_and_receiver_may_have_a_rule_of_its_own(column: str) -> None:
    words: type[Level] | type[Receiver] = Level if column == "level" else Receiver
    for one in words:
        rules = book_of(pack("p", [rule("OWN"), *OPEN[0]],
                             [row("OWN", "refused", **{column: one.value}), *OPEN[1]]))  # fmt: skip
        asked = [
            {"applicant_level": w} if column == "level" else {"receivers": [w.value]} for w in words
        ]
        met = [judged(rules, ON, **fields).deciding == ["OWN"] for fields in asked]
        assert met == [w is one for w in words]


# ---- 3 kinds ------------------------------------------------------------------------------------


def test_a_kind_has_its_own_list_default_flow_and_cap() -> None:
    """Boards: a list, a default, a body and a cap that tasks do not have."""
    board = {"kinds": ["signboard"], "receivers": ["residents_committee"]}
    flows = [
        {"id": way, "name": way,
         "step": [{"key": "d", "name": "d", "act": "decide", "bodies": [body]}]}
        for way, body in (("boards", "conference"), ("rest", "street"))
    ]  # fmt: skip
    own = pack(
        "p", [rule("LISTED"), rule("CAP", ground="R15")],
        [row("LISTED", "listed", standing="listed"),
         row("CAP", "refused", ground="R15", match="exact", kind="signboard")],
        default="admission", routes="# p,kind,eft,flow\np,signboard,allow,boards\np,*,allow,rest\n",
        document={
            "default_of": {"signboard": "deny"}, "flow": flows,
            "bodies.conference": {"name": "联席会议", "function": "joint", "family": "county"},
            "quota": [{"key": "b", "rule": "CAP", **board, "per": "community", "period": "standing",
                       "cap": 4, "grade": "fictional"}],
        },
    )  # fmt: skip
    rules = book_of(own, lists=[a_list("B", "permitted", {"id": "B-1", "title": TITLE}, **board)])
    assert judged(rules, ON, kind="signboard", title=TITLE).outcome is Outcome.LISTED
    assert judged(rules, ON, kind="task", title=TITLE).defaulted is Default.ADMISSION
    assert judged(rules, ON, kind="signboard", title="别的牌子").outcome is Outcome.REFUSED
    way = ("department", "county", "needs_approval", "one_street", "residents_committee")
    found = [rules.overlay.flow((kind, *way)) for kind in ("signboard", "task")]
    assert [f.id for f in found if f] == ["boards", "rest"]
    assert own.document.quota[0].kinds == [Kind.SIGNBOARD]


def test_what_a_task_brings_along_is_judged_as_what_it_is() -> None:
    """A task, its form, its board and its app are filings of their own (M18); that each goes its
    own way: tests/actions/test_filing.py."""
    rules = book_of(pack("p", [rule("BOARD"), rule("APP"), *OPEN[0]],
                         [row("BOARD", "refused", kind="signboard"),
                          row("APP", "human_review", kind="app"), *OPEN[1]]))  # fmt: skip
    told = {kind: judged(rules, ON, kind=kind).outcome.value
            for kind in ("task", "report", "signboard", "app")}  # fmt: skip
    assert told == {"task": "needs_approval", "report": "needs_approval",
                    "signboard": "refused", "app": "human_review"}  # fmt: skip


# ---- 4 lists ------------------------------------------------------------------------------------

CATALOGUE = """[[list]]
id = "X"
jurisdiction = "990102"
title = "演示清单"
polarity = "assist"
kinds = ["task"]
receivers = ["village_committee"]
community_type = "agricultural"
year = 2026
instrument = "演示办法"
document_number = "演示发〔2026〕1号"
published_on = 2026-01-05
valid_from = 2026-01-01
valid_to = 2026-12-31
grade = "fictional"
source = "虚构"
file = "X.csv"
"""
ITEMS = (
    "id,title,section,basis,department,department_grade,role,receivers,payer,cycle,evidence,grade,"
    "source\nX-1,巡河,水务类,某条例 第1条,水务局,fictional,assist,grid,entrusting,每月一次,巡河记录,"
    "fictional,虚构\n"
)


def test_a_list_says_class_role_basis_department_payer_cycle_and_evidence_of_each_item() -> None:
    (one,) = parse_lists(CATALOGUE.encode(), {"X.csv": ITEMS.encode()})
    assert (one.year, one.published_on, one.community_type) == (
        2026,
        date(2026, 1, 5),
        "agricultural",
    )
    item = one.items[0]
    assert (item.section, item.role, item.payer, item.cycle, item.evidence) == (
        "水务类", "assist", "entrusting", "每月一次", "巡河记录",
    )  # fmt: skip
    assert (item.department, item.receivers) == ("水务局", [Receiver.GRID])


def test_two_versions_of_a_list_each_answer_for_their_own_days() -> None:
    old = a_list("V2020", "permitted", {"id": "O-1", "title": TITLE}, valid_to=date(2022, 12, 31))
    new = a_list(
        "V2023", "permitted", {"id": "N-1", "title": "别的事"}, valid_from=date(2023, 1, 1)
    )
    rules = book_of(pack("p", *OPEN), lists=[old, new])
    for on, standing in ((date(2022, 12, 31), "listed"), (date(2023, 1, 1), "off")):
        assert judged(rules, on, title=TITLE).facts[0]["standing"] == standing


# ---- 5 defaults ---------------------------------------------------------------------------------


@pytest.mark.parametrize("refuse", [None, True, False])
@pytest.mark.parametrize("breach", [None, True, False])
def test_whether_one_may_refuse_and_who_is_in_breach_are_two_answers(
    refuse: bool | None, breach: bool | None
) -> None:
    stated = {"refusal_right": refuse, "department_in_breach": breach}
    effects = {name: word for name, word in stated.items() if word is not None}
    own = pack("p", [rule("L")], [row("L", "listed", standing="listed")], default="negative_only",
               document={"effects": effects})  # fmt: skip
    told = judged(book_of(own), ON)
    assert told.outcome is Outcome.HUMAN_REVIEW
    assert told.refusal_right is (False if refuse is None else refuse)
    assert told.department_in_breach is (True if breach is None else breach)


# ---- 6 prohibitions -----------------------------------------------------------------------------


def _barring(**fields: Any) -> Rulebook:
    own = pack(
        "p",
        [rule("BAR", ground="R4", **fields), rule("LAW", **LIFTS[fields["absolute"]]), *OPEN[0]],
        [row("BAR", "refused", ground="R4", match="exact"),
         row("LAW", "exempt", basis="statute", ground="none"), *OPEN[1]],
    )  # fmt: skip
    barred = a_list("B", "barred", {"id": "B-1", "title": TITLE, "ground": "R4"})
    return book_of(own, lists=[barred])


LIFTS: dict[bool, dict[str, Any]] = {False: {"lifts": ["BAR"]}, True: {}}
STATUTE = [{"level": "statute", "title": "演示法", "article": "第1条"}]


def test_a_statute_lifts_a_prohibition_that_it_names_and_both_are_shown() -> None:
    rules = _barring(absolute=False, liftable=True)
    assert judged(rules, ON, title=TITLE).outcome is Outcome.REFUSED
    lifted = judged(rules, ON, title=TITLE, bases=STATUTE)
    assert lifted.outcome is Outcome.NEEDS_APPROVAL
    assert {hit.rule: hit.lifted_by for hit in lifted.rules}["BAR"] == "LAW"


@pytest.mark.parametrize(
    ("level", "outcome"),
    [("national", Outcome.NEEDS_APPROVAL), ("province", Outcome.NEEDS_APPROVAL),
     ("city", Outcome.REFUSED), (None, Outcome.REFUSED)],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["target", "app", "signboard"])
def test_what_the_nation_or_the_province_requires_may_lift_a_prohibition(
    kind: str, level: str | None, outcome: Outcome
) -> None:
    """责任状, apps and boards: barred but for 中央、省级要求, as the basis or the detail states it."""
    rules = book_of(pack(
        "p", [rule("BAR"), rule("ABOVE", lifts=["BAR"]), *OPEN[0]],
        [row("BAR", "refused", kind=kind),
         *(row("ABOVE", "exempt", kind=kind, required_by=who) for who in ("national", "province")),
         *OPEN[1]],
    ))  # fmt: skip
    cited = {"bases": [{"level": "policy", "title": "演示文件", "issuer_level": level}]}
    letter = {"target": {"indicators": ["一"], "required_by_level": level}}
    for stated in [cited, letter] if kind == "target" else [cited]:
        assert judged(rules, ON, kind=kind, **stated).outcome is outcome


def test_an_absolute_prohibition_yields_to_no_exception() -> None:
    """That none may even be written: test_lint, an absolute rule is lifted by nothing."""
    rules = _barring(absolute=True)
    asked = matter(ON, title=TITLE, bases=STATUTE)
    told = rules.judge(asked, on_one_day(ON), {"BAR": "an-exception"})
    assert (told.outcome, told.absolute, told.deciding) == (Outcome.REFUSED, True, ["BAR"])


def test_every_ground_is_told_apart_by_the_tables() -> None:
    grounds = [f"R{n}" for n in range(1, 17)]
    own = pack("p", [*(rule(g) for g in grounds), *OPEN[0]],
               [*(row(g, "refused", ground=g, match="exact") for g in grounds), *OPEN[1]],
               )  # fmt: skip
    for ground in grounds:
        barred = a_list("B", "barred", {"id": "B-1", "title": TITLE, "ground": ground})
        assert judged(book_of(own, lists=[barred]), ON, title=TITLE).deciding == [ground]


# ---- 12 effects ---------------------------------------------------------------------------------


def test_what_is_not_admitted_is_stopped_and_a_lead_role_is_not_assessable() -> None:
    """Refuse at the door, no main responsibility, no assessment of its own, also once admitted."""
    own = pack(
        "p", [rule("STOP"), rule("LEAD"), rule("ALONE"), rule("GO"), *OPEN[0]],
        [row("STOP", "refused", gate="start", decision="none"),
         row("GO", "allowed", gate="start", decision="approved"),
         row("LEAD", "refused", role="lead", standing="off"),
         row("ALONE", "refused", assessment="separate"), *OPEN[1]],
        document={"effects": {"refusal_right": True, "separate_assessment": False,
                              "recalled": True}},
    )  # fmt: skip
    rules = book_of(own)
    for decision, deciding in (("none", ["STOP"]), ("approved", ["GO"])):
        state = {"decision": decision}
        assert judged(rules, ON, Gate.START, state=state).deciding == deciding
    assert judged(rules, ON, role="lead").deciding == ["LEAD"]
    judging = {"kind": "inspection", "inspection": {"assesses": ["an-admitted-request"]}}
    assert judged(rules, ON, **judging).deciding == ["OPEN"]
    judging["inspection"] = {"assesses": ["an-admitted-request"], "separate": True}
    assert judged(rules, ON, **judging).deciding == ["ALONE"]
    assert own.document.effects.recalled is True


def test_a_real_county_bars_a_separate_assessment_of_what_was_admitted() -> None:
    judging = {"kind": "inspection", "title": "楼道灯具编号考核", "inspection": {"separate": True}}
    verdict = judged(book("zhengzhou-erqi"), ON, **judging, **PAID)
    assert verdict.outcome is Outcome.REFUSED
    assert "EQ-ASSESSMENT" in verdict.deciding


# ---- 16 certificates ----------------------------------------------------------------------------


def _paper(demander: str = "government") -> dict[str, Any]:
    return {"kind": "certificate", "title": "死亡证明",
            "certificate": {"demand": "死亡证明", "demander": demander}}  # fmt: skip


def test_a_certificate_barred_by_a_list_and_asked_for_by_statute_shows_both_to_a_person() -> None:
    kept = {one.id: one for one in load_lists(SEEDS / "lists")}
    nation = loaded()[NATION]
    rules = book_of(nation, lists=[kept["CN-CERT-NEG"], kept["HEN-CERT-STATUTE"]])
    told = judged(rules, ON, **_paper())
    assert told.outcome is Outcome.HUMAN_REVIEW
    decided = told.rules[0]
    assert "河南省殡葬管理办法 第20条" in decided.clause and "民发〔2020〕20号" in decided.clause
    assert {item.split()[0] for item in decided.items} == {"CN-NEG-11", "HEN-CST-01"}


ISSUED = {"purpose": "领取丧葬补助", "process": "本人申请，当场核对", "form": "附件样式一",
          "time_limit": "当场办结"}  # fmt: skip


def test_a_list_says_basis_purpose_process_form_and_time_of_each_certificate() -> None:
    item = {"id": "C-1", "title": "死亡证明", "basis": "演示办法 第3条", **ISSUED}
    rules = book_of(
        pack("p", [rule("OK")], [row("OK", "listed", certificate="retained")]),
        lists=[a_list("C", "permitted", item, kinds=["certificate"])],
    )
    told = judged(rules, ON, **_paper())
    assert told.outcome is Outcome.LISTED
    assert "演示办法 第3条" in told.rules[0].clause
    assert told.measured["certificate"] == [{"item": "C-1", **ISSUED}]


@pytest.mark.parametrize(
    ("demander", "word"),
    [("government", "public"), ("enterprise", "private"), ("bank", "private")],
)
def test_who_asks_for_a_certificate_may_be_an_enterprise_or_society(
    demander: str, word: str
) -> None:
    rules = book_of(pack("p", [rule("PRIVATE"), rule("PUBLIC")],
                         [row("PRIVATE", "refused", demander="private"),
                          row("PUBLIC", "needs_approval", demander="public")]))  # fmt: skip
    assert judged(rules, ON, **_paper(demander)).deciding == [word.upper()]


# ---- 15 complaints, and telling of every setting ------------------------------------------------

COMPLAINTS = {
    "where": "县民政局监督电话", "answered_in": {"days": 15, "unit": "working"},
    "handling": ["correction", "circular", "reminder"], "unanswered_is_breach": True,
    "grade": "fictional",
}  # fmt: skip


def test_a_pack_says_where_one_complains_with_or_without_a_time() -> None:
    told = pack("p", *OPEN, document={"complaints": COMPLAINTS}).document.complaints
    assert told is not None and told.answered_in is not None and told.unanswered_is_breach
    silent = {"where": "居务公开栏", "grade": "fictional"}
    quiet = pack("p", *OPEN, document={"complaints": silent}).document.complaints
    assert quiet is not None
    assert (quiet.answered_in, quiet.unanswered_is_breach) == (None, None)


KEYED = {"pack", "clock", "bodies", "flow", "quota", "rule"}


@pytest.mark.parametrize("name", ["complaints", "instruments", "exceptions"])
def test_a_setting_that_came_is_told_in_chinese(name: str) -> None:
    notice = {"notice": {"days": 5, "unit": "working"}}
    stated = COMPLAINTS if name == "complaints" else notice
    before, after = pack("p", *OPEN), pack("p", *OPEN, document={name: stated})
    (told,) = diff(before, after, ({}, {}))
    assert (told.code, told.id) == ("setting.added", name)
    assert name not in told.zh


def test_every_setting_a_pack_can_state_is_compared() -> None:
    stated = {field.name for field in msgspec.structs.fields(Document)}
    assert stated - KEYED == set(_SETTINGS)


# ---- 17 what is not known -----------------------------------------------------------------------


def test_what_no_layer_states_goes_to_a_person_and_no_number_is_invented() -> None:
    rules = book_of(*_four())
    told = judged(rules, ON, starts_on="2026-03-03", duration="temporary", ends_on="2036-01-01",
                  hours_per_cycle=200, cycle="month")  # fmt: skip
    assert (told.outcome, told.deciding) == (Outcome.HUMAN_REVIEW, ["default.none"])
    assert (told.refusal_right, told.department_in_breach) == (None, None)
    facts = told.facts[0]
    assert facts["lead_time"] == "unset"
    assert {"term", "purposes", "mode_fit", "publicity"}.isdisjoint(facts), "they say nothing"
    for setting in ("decide_in", "apply_ahead"):
        assert rules.overlay.setting(lambda d, s=setting: getattr(d.clock, s)) is None
    for setting in ("money", "numbering", "publicity", "evaluation", "exit", "similar"):
        assert rules.overlay.setting(lambda d, s=setting: getattr(d, s)) is None
