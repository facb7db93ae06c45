"""三员分立: nobody gets a post beside one that the table keeps apart, on whichever way it comes."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.staff import staffing
from registry.actions.staff.rosters import import_roster, read_roster
from registry.domain.people import Post
from registry.domain.records import civil
from registry.store.doctor import Check, doctor
from registry.store.reader import Page
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.actions.standing_in import (
    CIVIL,
    COUNTY,
    changed,
    deputy,
    left,
    lend,
    person,
    post_of,
    posted,
)

POSTS = "username,organisation_id,area_code,role,valid_from,valid_to\n"
TODAY = date(2026, 3, 2)
ADMINISTRATORS = ["sys.admin", "sec.admin", "audit.admin"]


def granted(hand: Hands, username: str, role: str, *, since: date | None = None) -> Any:
    """任职 by the security administrator."""
    command = staffing.PostCommand(role=role, organisation_id=CIVIL, valid_from=since)
    return hand("sec.admin").do(lambda d: staffing.grant_post(d, person(username), command))


def taken(hand: Hands, *rows: str) -> Any:
    """任职表 by the security administrator."""
    sheet = read_roster("posts", "posts.csv", (POSTS + "\n".join(rows) + "\n").encode())
    return hand("sec.admin").do(lambda d: import_roster(d, "posts", sheet))


def row(username: str, role: str, days: str) -> str:
    return f"{username},{CIVIL},{COUNTY},{role},{days}"


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("role", [*ADMINISTRATORS, "dept.clerk", "auditor", "county.office"])
def test_an_administrator_is_given_no_second_role(one_hand: Hands, held: str, role: str) -> None:
    if held == role:
        assert granted(one_hand, held, role)["role"] == role  # in another body: one role
        return
    with refused("post.incompatible") as told:
        granted(one_hand, held, role)
    assert held in told.value.detail and role in told.value.detail_en


def test_who_does_business_becomes_no_administrator(one_hand: Hands, one_office: Office) -> None:
    with refused("post.incompatible") as told:
        granted(one_hand, "dept.clerk", "sys.admin")
    assert told.value.detail.endswith("系统管理员不办业务：不得兼任其他岗位")
    assert len(one_office.store.reader.find(Post, COUNTY, person_id=person("dept.clerk"))) == 1
    kept = list(one_office.store.reader.events([COUNTY], {"act": "post.grant"}, Page(limit=50)))
    assert "post.incompatible" in kept[-1].entry  # the attempt is on record


def test_who_gave_a_post_up_may_become_administrator_the_day_after(
    one_hand: Hands, one_office: Office
) -> None:
    left(one_office, post_of(one_office, "dept.clerk").id, TODAY)
    with refused("post.incompatible"):
        granted(one_hand, "dept.clerk", "sys.admin", since=TODAY)
    assert granted(one_hand, "dept.clerk", "sys.admin", since=TODAY + timedelta(days=1))


def test_a_post_that_was_given_up_is_not_made_to_last_into_the_next_one(
    one_hand: Hands, one_office: Office
) -> None:
    before = post_of(one_office, "dept.clerk").id
    left(one_office, before, TODAY)
    granted(one_hand, "dept.clerk", "sys.admin", since=TODAY + timedelta(days=1))
    with refused("post.incompatible"):
        left(one_office, before, TODAY + timedelta(days=1))


def test_a_sheet_gives_no_two_posts_that_stand_apart(one_hand: Hands, one_office: Office) -> None:
    count = len(one_office.store.reader.find(Post, COUNTY))
    with refused("import.cells") as told:
        taken(one_hand, row("dept.head", "dept.clerk", "2026-03-01,"),
              row("sys.admin", "sec.admin", "2026-04-01,"))  # fmt: skip
    (cell,) = told.value.facts["errors"]
    assert (cell["row"], cell["column"]) == (3, "role")
    assert cell["message"].startswith("三员分立") and "sys.admin" in cell["message"]
    assert len(one_office.store.reader.find(Post, COUNTY)) == count


def test_a_sheet_may_end_one_post_in_a_later_row_than_it_gives_the_next(one_hand: Hands) -> None:
    taken(one_hand, row("dept.head", "dept.clerk", "2026-03-01,2026-03-31"))
    own = f"dept.head,{CIVIL},{COUNTY},dept.head,2025-01-01,2026-03-31"
    told = taken(one_hand, row("dept.head", "sys.admin", "2026-04-01,"), own)
    assert (told.added, told.changed) == (1, 1)
    with refused("import.cells"):
        taken(one_hand, row("dept.head", "dept.clerk", "2026-03-01,2026-04-01"))


def test_nothing_is_lent_for_days_on_which_the_receiver_is_an_administrator(
    one_hand: Hands, one_office: Office
) -> None:
    own = post_of(one_office, "dept.clerk")
    left(one_office, own.id, TODAY + timedelta(days=3))
    granted(one_hand, "dept.clerk", "sys.admin", since=TODAY + timedelta(days=4))
    with refused("post.incompatible"):
        lend(one_hand, "dept.head", "dept.clerk", "request.submit", role="dept.head", of=CIVIL)
    with refused("post.incompatible"):
        deputy(one_hand, "dept.head", "dept.clerk", role="dept.head", of=CIVIL)
    last = {"valid_to": TODAY + timedelta(days=3)}
    lend(one_hand, "dept.head", "dept.clerk", "request.submit", role="dept.head", of=CIVIL, **last)


def test_who_acts_for_another_becomes_administrator_only_after_the_last_day(
    one_hand: Hands, one_office: Office
) -> None:
    last = {"valid_to": TODAY + timedelta(days=9)}
    lend(one_hand, "dept.head", "dept.clerk", "request.submit", role="dept.head", of=CIVIL, **last)
    left(one_office, post_of(one_office, "dept.clerk").id, TODAY)
    with refused("post.incompatible"):
        granted(one_hand, "dept.clerk", "sys.admin", since=TODAY + timedelta(days=9))
    assert granted(one_hand, "dept.clerk", "sys.admin", since=TODAY + timedelta(days=10))


def looked(office: Office) -> Check:
    store = office.store
    checks = doctor(store.url, store.data_dir, office.clock())
    return next(check for check in checks if check.name == "posts apart")


def test_the_doctor_names_who_held_both_before_the_table_said_so(
    one_hand: Hands, one_office: Office
) -> None:
    assert looked(one_office).ok is True
    second = posted(one_office, "dept.head", "dept.clerk", CIVIL)
    held = one_office.store.reader.get(Post, COUNTY, second)
    changed(one_office, held, role="audit.admin")
    told = looked(one_office)
    assert told.ok is False and "dept.head " in told.zh and "audit.admin" in told.en
    left(one_office, second, civil(one_office.clock()) - timedelta(days=1))
    assert looked(one_office).ok is True


def test_what_stands_wrong_already_may_be_ended(one_hand: Hands, one_office: Office) -> None:
    second = posted(one_office, "dept.head", "dept.clerk", CIVIL)
    changed(one_office, one_office.store.reader.get(Post, COUNTY, second), role="sys.admin")
    left(one_office, second, TODAY)
