"""可能的事实: no filing ever computes facts that the page of relations calls impossible."""

from datetime import date
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.admission import COLUMNS, FACTS
from registry.domain.filing import Filing
from registry.domain.vocabulary import Gate, Kind, Level, OrganisationKind, Receiver, Role
from registry.policies.cases import NEUTRAL
from registry.policies.drafting.possible import (
    Budget,
    SearchGivenUp,
    Space,
    admission_space,
    covers,
    implications,
)
from registry.policies.measuring.facts import Matter
from tests.policies.rulebooks import DEMO, book

SPACE = admission_space()
TITLES = [
    "居住证明", "亲属关系证明", "死亡证明", "社区志愿活动参与证明", "协助消防宣传教育", "节水宣传",
    "招商引资指标", "户外广告设置审批与巡检", "由社区实施行政处罚", "楼道灯具编号拍照",
    "收养人婚姻状况和抚养教育能力证明", "居务公开栏更新", "收入证明",
]  # fmt: skip
LINES = st.fixed_dictionaries(
    {"mode": st.sampled_from(["transfer", "purchase", "none"]),
     "payer_id": st.sampled_from([None, "asking", "elsewhere"]),
     "amount_fen": st.sampled_from([0, 100])}
)  # fmt: skip

DETAILS: list[dict[str, Any]] = [
    {}, {"app": {"platform": "app", "features": ["points"]}}, {"inspection": {"separate": True}},
    {"campaign": {"approval_document": "示〔2026〕1号"}}, {"meeting": {"participants": 1}},
    {"form": {"fields": [{"name": "户数"}]}, "hours_per_cycle": 60, "cycle": "month"},
    {"target": {"indicators": ["户数"], "veto": True, "letter_of_responsibility": True}},
]  # fmt: skip
KNOWN = st.sampled_from([{}, {"elsewhere": OrganisationKind.FINANCE}])


@st.composite
def filings(draw: st.DrawFn) -> Filing:
    """Any filing an office might send, sensible or not."""
    lines = draw(st.lists(LINES, max_size=2))
    fields: dict[str, Any] = {
        **NEUTRAL,
        "kind": draw(st.sampled_from(Kind)).value,
        "title": draw(st.sampled_from(TITLES)),
        "content": draw(st.sampled_from(["", *TITLES])),
        "receivers": draw(st.lists(st.sampled_from([r.value for r in Receiver]), min_size=1,
                                   max_size=3, unique=True)),
        "role": draw(st.sampled_from([r.value for r in Role])),
        "duration": draw(st.sampled_from(FACTS["duration"])),
        "government_emergency_decision": draw(st.sampled_from(["", "示〔2026〕1号"])),
        "concerns_residents": draw(st.sampled_from([True, False, None])),
        "technical": draw(st.booleans()),
        "funding": [{**line, "key": f"F{i}", "fiscal_year": 2026} for i, line in enumerate(lines)],
    }  # fmt: skip
    fields |= draw(st.sampled_from(DETAILS))
    if draw(st.booleans()):
        fields["certificate"] = {"demand": "收入证明", "demander": "bank"}
    return msgspec.convert(fields, Filing)


@settings(max_examples=150, deadline=None)
@given(
    filing=filings(), kind=st.sampled_from(OrganisationKind), level=st.sampled_from(Level),
    payers=KNOWN,
)  # fmt: skip
def test_facts_computed_at_filing_never_break_a_relation(
    filing: Filing, kind: OrganisationKind, level: Level, payers: dict[str, OrganisationKind]
) -> None:
    matter = Matter(
        gate=Gate.FILE, filing=filing, applicant_kind=kind, applicant_level=level,
        applied=date(2026, 3, 2), payers=payers,
    )  # fmt: skip
    for _, vector in book(DEMO).facts(matter).vectors:
        region = SPACE.region(vector)
        broken = SPACE.forbidding(region)
        assert broken is None, (
            broken.en if broken else "",
            dict(zip(COLUMNS, vector, strict=True)),
        )
        assert SPACE.possible(region) == region


def test_every_relation_can_be_broken_and_is_then_found() -> None:
    for one in implications():
        broken = {column: words[0] for column, words in one.when.items()}
        column, words = next(iter(one.then.items()))
        wrong = next(word for word in FACTS[column] if word not in words)
        row = [({**broken, column: wrong}).get(c, "*") for c in COLUMNS]
        assert SPACE.possible(SPACE.region(row)) is None, one.en


def test_a_row_that_only_a_chain_of_relations_forbids_is_found_too() -> None:
    row = [{"kind": "task", "standing": "listed", "certificate": "retained"}.get(c, "*")
           for c in COLUMNS]  # fmt: skip
    assert SPACE.possible(SPACE.region(row)) is None
    emergency = [{"duration": "temporary", "emergency": "declared"}.get(c, "*") for c in COLUMNS]
    assert SPACE.possible(SPACE.region(emergency)) is None


def test_what_two_rows_cover_together_is_covered() -> None:
    space = Space({"a": ("x", "y"), "b": ("u", "v")})
    parts = [space.region(("x", "*")), space.region(("y", "u")), space.region(("y", "v"))]
    assert space.outside(space.whole, parts) is None
    left = space.outside(space.whole, parts[:2])
    assert left == space.region(("y", "v"))
    assert covers(space.whole, parts[0])
    assert not covers(parts[0], space.whole)


SMALL = {"kind": ("task", "certificate", "app"), "certificate": ("none", "negative", "off"),
         "ground": ("none", "R3"), "match": ("none", "exact", "near")}  # fmt: skip
KNOWN = [one for one in implications() if {*one.when, *one.then} <= set(SMALL)]
ROWS = st.tuples(*(st.sampled_from(("*", *words)) for words in SMALL.values()))


def _holds(facts: dict[str, str]) -> bool:
    return all(
        all(facts[c] in words for c, words in one.then.items())
        for one in KNOWN
        if all(facts[c] in words for c, words in one.when.items())
    )


def _matches(row: tuple[str, ...], facts: dict[str, str]) -> bool:
    return all(word in ("*", fact) for word, fact in zip(row, facts.values(), strict=True))


@settings(max_examples=300, deadline=None)
@given(row=ROWS, others=st.lists(ROWS, max_size=5))
def test_the_search_finds_what_trying_everything_finds(
    row: tuple[str, ...], others: list[tuple[str, ...]]
) -> None:
    """Oracle: every combination of words, one by one."""
    space = Space(SMALL, KNOWN)
    every = [dict(zip(SMALL, words, strict=True)) for words in product(*SMALL.values())]
    left = [
        facts for facts in every
        if _holds(facts) and _matches(row, facts) and not any(_matches(o, facts) for o in others)
    ]  # fmt: skip
    found = space.outside(space.region(row), [space.region(other) for other in others])
    assert (found is not None) == bool(left)
    if found is not None:
        inside = [f for f in every if covers(found, space.region(tuple(f.values())))]
        assert inside
        assert all(facts in left for facts in inside)


def test_a_search_that_would_take_too_long_is_given_up_and_says_so() -> None:
    space = Space(SMALL, KNOWN)
    with pytest.raises(SearchGivenUp):
        space.outside(space.whole, [space.region(("task", "*", "*", "*"))] * 3, Budget(2))
