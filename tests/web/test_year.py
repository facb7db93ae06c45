"""年度结转页: whoever looks at the turn of the year sees their own communities."""

from collections.abc import Callable

from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.people import Organisation
from registry.domain.vocabulary import OrganisationKind
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, do, typed_filing

Seats = Callable[[str], Seat]


def test_a_street_rehearses_the_year_of_its_own_communities_alone(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing(targets=["990102002001"]))
    mine, beside = (
        seat(who).get("/admin/year?year=2025") for who in ("street.head", "street2.head")
    )
    assert mine.status_code == beside.status_code == 200
    names = {a.code: a.name for a in one_office.store.reader.find(Area, COUNTY)}
    for page, own, other in ((mine, "990102001", "990102002"), (beside, "990102002", "990102001")):
        shown = {c for c, n in names.items() if len(c) == 12 and f">{n}" in page.text}
        assert shown and all(c.startswith(own) for c in shown), (own, other, shown)
    assert "草稿" not in mine.text + beside.text


def test_a_year_is_closed_where_one_stands_and_a_community_is_found_by_its_name(
    seat: Seats, one_office: Office
) -> None:
    finance, bodies = seat("finance.clerk"), one_office.store.reader.find(Organisation, COUNTY)
    assert 'data-path="organisation"' in finance.get("/admin/year?year=2025").text
    places = ("organisation={id}", "after=990102002000")
    for where, code in zip(places, ("990102001001", "990102002001"), strict=True):
        there = [o for o in bodies if o.area_id.endswith(code)]
        body = next(o for o in there if o.kind is OrganisationKind.COMMUNITY)
        path = f"/admin/year?year=2025&{where.format(id=body.id)}"
        page = finance.get(path).text
        assert f'value="{body.id}"><input type="hidden" name="year"' in page
        assert page.count('name="year" value="2025"><button') == (1 if "{" in where else 5)
        answer = finance.post(path, finance.hidden(path) | {"organisation": body.id})
        assert answer.status_code == 303, answer.text
        assert where.partition("=")[0] in answer.headers["location"]
