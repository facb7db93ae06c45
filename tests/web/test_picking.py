"""选择: in a county of five thousand bodies a form finds each by a word, with scripts and without."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.staff import rosters
from registry.actions.staff.accounts import actor_for
from registry.web.forms import choices
from tests.conftest import Hand
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
COUNTY, MANY = "990102", 5_000


def grown(office: Office, many: int = MANY) -> None:
    """A county with so many bodies more than the demo has."""
    head = "id,county,name,kind,level,area_code\n"
    rows = (
        f"o-990102-m{n:05d},{COUNTY},演示第{n:05d}服务站,institution,county,990102"
        for n in range(many)
    )
    sheet = (head + "\n".join(rows)).encode()
    read = rosters.read_roster("organisations", "bodies.csv", sheet)
    Hand(office, "sys.admin").do(lambda d: rosters.import_roster(d, "organisations", read))


@pytest.fixture
def county(one_office: Office) -> Iterator[Office]:
    grown(one_office)
    yield one_office


def form_of(seat: Seat) -> tuple[str, dict[str, Any]]:
    """A form that asks for a body: its path's name, what it sends."""
    page = seat.get("/do/complaint.register")
    assert page.status_code == 200
    (name,) = re.findall(r'data-pick="/pick/organisations" data-path="([^"]+)"', page.text)[:1]
    return name, seat.sent(page)


def test_a_body_is_found_by_a_word_without_scripts_and_what_was_typed_stays(
    seat: Seats, county: Office
) -> None:
    mine = seat("dept.clerk")
    name, sent = form_of(mine)
    typed = sent | {"subject": "演示主题", f"_find.{name}": "第04321", "_again": f"f-{name}"}
    found = mine.post("/do/complaint.register", typed)
    assert found.status_code == 200 and "演示主题" in found.text
    assert f'name="{name}" value="o-990102-m04321"' in found.text
    assert found.text.count("o-990102-m0") == 1
    chosen = mine.post("/do/complaint.register", typed | {name: "o-990102-m04321"})
    assert 'value="o-990102-m04321" checked>演示第04321服务站' in chosen.text


def test_a_word_that_finds_many_shows_some_and_says_so(seat: Seats, county: Office) -> None:
    answer = seat("dept.clerk").get("/pick/organisations?q=服务站&path=x_id")
    assert answer.text.count('name="x_id"') == choices.MATCHES and "还有更多" in answer.text
    none = seat("dept.clerk").get("/pick/organisations?q=没有这样&path=x_id").text
    assert "没有找到" in none
    assert "再多写" in seat("dept.clerk").get("/pick/organisations?q=服&path=x_id").text


def test_a_body_is_found_by_its_id_and_a_place_by_its_code(seat: Seats, county: Office) -> None:
    mine = seat("dept.clerk")
    assert "m00042" in mine.get("/pick/organisations?q=m00042&path=x").text
    assert "990102001001" in mine.get("/pick/areas?q=990102001001&path=x&many=1").text
    assert 'type="checkbox"' in mine.get("/pick/areas?q=990102001001&path=x&many=1").text


def test_what_is_looked_for_is_shown_and_never_run(seat: Seats) -> None:
    told = seat("dept.clerk").get('/pick/organisations?q=<script>1&path="><script>').text
    assert "<script>" not in told
    assert seat("dept.clerk").get("/pick/nothing?q=ab").status_code == 404


def test_a_short_list_stands_there_whole(seat: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "FEW", 400)
    page = seat("dept.clerk").get("/do/complaint.register").text
    assert "data-pick=" not in page and '<option value="o-990102-civil"' in page


def test_who_may_not_read_accounts_picks_among_colleagues(seat: Seats, one_office: Office) -> None:
    mine, head = seat("dept.clerk"), one_office.store.reader.person_named("dept.head")
    stranger = one_office.store.reader.person_named("street.clerk")
    assert head is not None and stranger is not None
    told = choices.options(one_office, actor_for(one_office, mine.person), {"people"})["people"]
    assert head.id in [one.id for one in told] and stranger.id not in [one.id for one in told]
