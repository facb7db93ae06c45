"""单位与人员: codes with check characters, posts with dates, and the sheets that bring them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.people import Organisation, Person, Post, is_uscc, uscc_check
from registry.domain.people_sheets import (
    read_organisations_csv,
    read_people_csv,
    read_posts_csv,
)
from registry.domain.vocabulary import Custody, Level, OrganisationKind

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def organisation(uscc: str | None) -> Organisation:
    return Organisation(
        county="990102",
        id="o-1",
        name="演示县民政局",
        kind=OrganisationKind.DEPARTMENT,
        level=Level.COUNTY,
        area_id="a-1",
        uscc=uscc,
    )


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110108551385082Q"])
def test_published_codes_pass_the_check(code: str) -> None:
    assert is_uscc(code)
    assert organisation(code).uscc == code


def test_a_sum_that_divides_evenly_gives_zero() -> None:
    assert uscc_check("54110101MF0000355") == "0"
    assert is_uscc("54110101MF00003550")


def test_a_code_of_a_collective_may_begin_with_letters() -> None:
    body = "N2990102MF0000355"
    assert is_uscc(body + uscc_check(body))


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y44", "91350100M000100I43", "９" * 18]
)
def test_a_code_that_does_not_check_is_refused(code: str) -> None:
    assert not is_uscc(code)
    with pytest.raises(ValueError, match="uscc"):
        organisation(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_never_passes(body: str, place: int, other: str) -> None:
    code = body + uscc_check(body)
    changed = code[:place] + other + code[place + 1 :]
    assert is_uscc(changed) == (changed == code)


def post(first: date | None, last: date | None) -> Post:
    return Post(
        county="990102",
        id="t-1",
        person_id="p-1",
        organisation_id="o-1",
        area_id="a-1",
        role="dept.clerk",
        valid_from=first,
        valid_to=last,
    )


def test_a_post_is_held_on_its_first_and_last_day_and_not_outside() -> None:
    held = post(date(2025, 3, 1), date(2025, 6, 30))
    assert held.in_force(date(2025, 3, 1))
    assert held.in_force(date(2025, 6, 30))
    assert not held.in_force(date(2025, 2, 28))
    assert not held.in_force(date(2025, 7, 1))


def test_a_post_without_an_end_is_held_still() -> None:
    assert post(date(2025, 3, 1), None).in_force(date(2099, 1, 1))


def test_a_frozen_account_may_not_be_used_within_its_dates() -> None:
    person = Person(
        county="990102", id="p-1", name="演示·甲", username="a", password_hash="", active=False
    )
    assert not person.in_force(date(2026, 1, 1))


ORGANISATIONS = "id,county,name,kind,level,area_code,functions,custody,uscc,valid_from,valid_to\n"


def test_an_organisation_row_is_read() -> None:
    line = "o-1,990102,甲演示社区,community,street,990102001001,a_b;c、d,own_account,,2025-01-01,\n"
    rows, errors = read_organisations_csv((ORGANISATIONS + line).encode())
    assert errors == []
    assert rows[0].functions == ["a_b", "c", "d"]
    assert rows[0].custody is Custody.OWN_ACCOUNT
    assert rows[0].valid_from == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("o 1,990102,甲,department,county,990102,,,,,", "id"),
        ("o-1,99010,甲,department,county,990102,,,,,", "county"),
        ("o-1,990102,,department,county,990102,,,,,", "name"),
        ("o-1,990102,甲,bureau,county,990102,,,,,", "kind"),
        ("o-1,990102,甲,department,town,990102,,,,,", "level"),
        ("o-1,990102,甲,department,county,9901,,,,,", "area_code"),
        ("o-1,990102,甲,department,county,,,,,,", "area_code"),
        ("o-1,990102,甲,department,county,990102,Admission,,,,", "functions"),
        ("o-1,990102,甲,department,county,990102,,own_account,,,", "custody"),
        ("o-1,990102,甲,department,county,990102,,,91350100M000100Y44,,", "uscc"),
        ("o-1,990102,甲,department,county,990102,,,,2025-1-1,", "valid_from"),
        ("o-1,990102,甲,department,county,990102,,,,2025-01-02,2025-01-01", "valid_to"),
    ],
)
def test_a_bad_cell_of_an_organisation_is_named(line: str, column: str) -> None:
    rows, errors = read_organisations_csv((ORGANISATIONS + line + "\n").encode())
    assert rows == []
    assert [(e.row, e.column) for e in errors] == [(2, column)]


def test_the_same_person_may_not_stand_twice_on_the_sheet() -> None:
    rows, errors = read_people_csv("username,name,county\na,甲,990102\na,乙,990102\n".encode())
    assert rows == []
    assert [(e.row, e.column) for e in errors] == [(3, "username")]


def test_one_person_may_hold_two_posts_but_not_the_same_one_twice() -> None:
    header = b"username,organisation_id,area_code,role,valid_from\n"
    worker = b"a,o-1,990102001001,community.worker,2025-01-01\n"
    cashier = b"a,o-1,990102001001,community.cashier,2025-01-01\n"
    assert len(read_posts_csv(header + worker + cashier)[0]) == 2
    assert [(e.row, e.column) for e in read_posts_csv(header + worker + worker)[1]] == [
        (3, "username")
    ]


def test_a_post_without_a_first_day_is_refused() -> None:
    _, errors = read_posts_csv(
        b"username,organisation_id,area_code,role,valid_from\na,o-1,990102,dept.clerk,\n"
    )
    assert [(e.row, e.column) for e in errors] == [(2, "valid_from")]
