"""空白申请表: a number is reserved once, printed on an empty form, and used by one request alone."""

from datetime import timedelta
from typing import Any

import pytest

from registry.actions import filing
from registry.actions.office import Call
from registry.actions.papers import blank
from registry.actions.papers.blank import ReserveCommand, Reserved
from registry.actions.seeding import person_actor
from registry.domain.request import Request
from registry.policies.loader import read_folder
from tests.actions.case import OFF_LIST, Hands, drafted, filing_of
from tests.actions.flowed import DEMO, files_with, flow, in_force
from tests.actions.papered import read
from tests.actions.refused import refused
from tests.actions.reorganised import carried_out
from tests.conftest import MovingClock

CIVIL, URBAN = "o-990102-civil", "o-990102-urban"
DEMO_FILES = read_folder(DEMO)


def reserved(hand: Hands, count: int = 1, by: str = "dept.clerk", of: str = CIVIL) -> list[str]:
    command = ReserveCommand(organisation_id=of, count=count)
    made: Reserved = hand(by).do(lambda d: blank.reserve(d, command))
    return made.numbers


def call(hand: Hands, by: str = "dept.clerk") -> tuple[Any, Call]:
    office = hand(by).office
    return office, Call(actor=person_actor(office, by), county="990102", act=blank.ACT)


def late(number: str) -> dict[str, str]:
    return {"happened_at": "2026-03-01T09:00:00+08:00", "reason": "停电", "form_number": number}


def test_numbers_follow_each_other_and_none_comes_twice(hand: Hands) -> None:
    first, second = reserved(hand, 2), reserved(hand, 1, "dept.head")
    assert first == [f"演示县民政局预〔2026〕{n}号" for n in (1, 2)]
    assert second == ["演示县民政局预〔2026〕3号"]
    assert blank.free(*call(hand), CIVIL).numbers == [*first, *second]


def test_a_number_serves_once_and_only_who_reserved_it(hand: Hands) -> None:
    number, other = reserved(hand, 2)
    request = drafted(hand, late=late(number))
    assert blank.free(*call(hand), CIVIL).numbers == [other]
    with refused("form.used"):
        drafted(hand, late=late(number))
    with refused("form.number"):
        drafted(hand, late=late("演示县民政局预〔2026〕9号"))
    held = reserved(hand, 1, "street.clerk", "o-990102001")
    with refused("form.number"):
        drafted(hand, late=late(held[0]))
    changed = filing_of(late=late(number.replace("〔", "[").replace("〕", "]")), content="改")
    view = hand("dept.clerk").do(lambda d: filing.edit(d, request.id, request.version, changed))
    assert isinstance(view.request, Request), "its own number stays its own, however it is typed"


def test_an_empty_form_bears_its_number_and_asks_what_a_filing_asks(one_hand: Hands) -> None:
    from registry.actions.papers import pdf

    (number,) = reserved(one_hand)
    paper = blank.form(*call(one_hand), CIVIL, number)
    text = read(pdf.made(paper))
    assert number in text and "准入申请表" in text
    assert [field for field in blank.FIELDS if field not in text] == []
    drafted(one_hand, late=late(number))
    with refused("form.number"):
        blank.form(*call(one_hand), CIVIL, number)


def test_a_number_printed_under_a_former_name_is_still_listed_and_taken(
    hand: Hands, clock: MovingClock
) -> None:
    old, used = reserved(hand, 2)
    drafted(hand, late=late(used))
    clock.at += timedelta(days=1)
    civil = {"id": CIVIL, "name": "演示县民政和养老局"}
    carried_out(hand, kind="rename", object_kind="organisation", sources=[CIVIL],
                successors=[civil], effective_on="2026-03-03")  # fmt: skip
    (new,) = reserved(hand)
    assert new == "演示县民政和养老局预〔2026〕1号"
    assert blank.free(*call(hand), CIVIL).numbers == [old, new]
    with refused("form.used"):
        drafted(hand, late=late(used))
    drafted(hand, late=late(old))
    assert blank.free(*call(hand), CIVIL).numbers == [new]


def test_a_number_printed_before_the_pack_changed_its_template_is_still_listed_and_taken(
    one_hand: Hands,
) -> None:
    old, used = reserved(one_hand, 2)
    drafted(one_hand, late=late(used))
    text = DEMO_FILES["pack.toml"]
    now = text.replace(
        'application = "{body}预〔{year}〕{serial}号"', 'application = "表{serial}-{body}"'
    )
    assert now != text
    in_force(one_hand, {**DEMO_FILES, "pack.toml": now})
    (new,) = reserved(one_hand)
    assert new == "表1-演示县民政局"
    assert blank.free(*call(one_hand), CIVIL).numbers == [new, old]
    with refused("form.used"):
        drafted(one_hand, late=late(used))
    drafted(one_hand, late=late(old))
    drafted(one_hand, late=late(new))
    assert blank.free(*call(one_hand), CIVIL).numbers == []


def test_a_number_printed_for_a_body_that_was_merged_serves_the_one_after_it(
    one_hand: Hands,
) -> None:
    old, other = *reserved(one_hand, 1), *reserved(one_hand, 1, "dept2.clerk", URBAN)
    (used,) = reserved(one_hand)
    drafted(one_hand, late=late(used))
    carried_out(one_hand, kind="merge", object_kind="organisation", sources=[CIVIL, URBAN],
                successors=[{"id": "o-990102-works", "name": "演示县建设局"}])  # fmt: skip
    (new,) = reserved(one_hand, 1, of="o-990102-works")
    free = blank.free(*call(one_hand), "o-990102-works").numbers
    assert sorted(free) == sorted([old, other, new])
    body = "o-990102-works"
    works = {
        "applicants": [{"organisation_id": body, "leading": True, "duties": "组织实施"}],
        "funding": [OFF_LIST["funding"][0] | {"payer_id": body}],
    }
    with refused("form.used"):
        drafted(one_hand, late=late(used), **works)
    for number in (old, other, new):
        drafted(one_hand, late=late(number), **works)
    with refused("form.number"):
        blank.form(*call(one_hand), "o-990102-works", old)


@pytest.mark.parametrize("by", ["dept2.clerk", "community.head", "other.office"])
def test_nobody_reserves_for_another_body(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        reserved(one_hand, 1, by)


def test_where_no_pack_numbers_them_none_is_reserved(one_hand: Hands) -> None:
    files = files_with(flow({"key": "decide", "act": "decide", "bodies": ["street"]}))
    text = files["pack.toml"]
    line = next(row for row in text.splitlines() if row.startswith("application ="))
    in_force(one_hand, {**files, "pack.toml": text.replace(line, "")})
    with refused("form.numbering"):
        reserved(one_hand)
