"""不相容岗位: what the table keeps apart, either way round, on common days to come and on no others."""

from datetime import date

import pytest

from registry.policies.access import shipped as access
from registry.policies.apart import ANY, Term, clash, forbidden, named, shipped

TODAY = date(2026, 3, 2)
ROLES = frozenset(access("indexed").roles)
ADMINISTRATORS = ("sys.admin", "sec.admin", "audit.admin")


@pytest.mark.parametrize("one", ADMINISTRATORS)
def test_no_administrator_holds_any_other_role_at_all(one):
    """三员分立, 均不办业务: the other two, and every role of business."""
    apart = {role for role in ROLES if forbidden(one, role)}
    assert apart == {*ROLES} - {one}
    assert all(forbidden(one, role) == forbidden(role, one) for role in apart)


def test_two_roles_of_business_may_stand_together():
    business = sorted({*ROLES} - {*ADMINISTRATORS})
    assert not [1 for one in business for other in business if forbidden(one, other)]


def test_the_table_names_roles_that_there_are_and_says_why_in_both_languages():
    roles = {*ROLES}
    assert named() == sorted(ADMINISTRATORS)
    for line in shipped():
        assert line.role in roles and line.other in {*roles, ANY}
        assert line.zh and line.en
    first = forbidden("audit.admin", "sys.admin")
    assert first is not None and first.zh.startswith("三员分立")  # the nearest line tells why


@pytest.mark.parametrize(
    ("given", "held", "apart"),
    [
        ((None, None), (None, None), True),
        ((date(2026, 4, 1), None), (None, date(2026, 4, 1)), True),
        ((date(2026, 4, 2), None), (None, date(2026, 4, 1)), False),
        ((None, date(2026, 3, 1)), (None, None), False),
        ((None, date(2026, 3, 2)), (None, None), True),
    ],
    ids=["both open", "one common day", "the day after", "over yesterday", "over tonight"],
)
def test_terms_clash_on_a_common_day_from_today_on(given, held, apart):
    one = Term(role="sys.admin", first=given[0], last=given[1])
    other = Term(role="sec.admin", first=held[0], last=held[1])
    assert (clash(one, [other], TODAY) is not None) is apart
    assert (clash(other, [one], TODAY) is not None) is apart


def test_the_same_role_in_two_places_is_one_role():
    term = Term(role="sys.admin")
    assert clash(term, [term], TODAY) is None
