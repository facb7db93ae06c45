"""公众页: what is open stands there by place and by day, residents say a word once and unnamed, and
nobody learns of what is not open."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from litestar.testing import TestClient

from registry.actions.evaluating import codes
from registry.actions.evaluating.codes import RoundCommand
from registry.actions.office import Call, Office
from registry.actions.staff import seats
from registry.api.limiting import TRIES
from registry.domain.evaluating import CodeRound, Rated, ResidentReport
from registry.domain.records import civil
from registry.domain.vouching import AdmissionNotice
from tests.conftest import MovingClock
from tests.web.seated import ORIGIN, Seat, hidden_of
from tests.web.test_case import COUNTY, admitted

Seats = Callable[[str], Seat]
HERE = "990102001001"
SAID = {"about": "publicity", "wording": "楼道公示的金额看不清"}


def sent(client: TestClient[Any], path: str, page: str = "", **typed: str) -> Any:
    """The form of a public page filled and sent, by somebody who is not signed in."""
    form = hidden_of(client.get(page or path))
    return client.post(path, data=form | typed, headers=ORIGIN, follow_redirects=False)


def test_what_is_in_force_is_listed_by_place_by_day_and_as_a_file(
    client: TestClient[Any], seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    page = client.get(f"/public/{COUNTY}").text
    assert case.title in page and f"/public/tell?area={COUNTY}000000" in page
    streets = re.findall(r'href="/public/(\d{9})"', page)
    assert streets == sorted(streets) and streets
    assert f'href="/public/{HERE}"' in client.get(f"/public/{HERE[:9]}").text
    assert case.title in client.get(f"/public/{HERE}").text
    day = civil(one_office.clock()) - timedelta(days=30)
    assert case.title not in client.get(f"/public/{HERE}?valid_on={day}").text
    file = re.search(r'href="([^"]+format=csv)"', page)
    assert file is not None and case.title in client.get(file[1].replace("&amp;", "&")).text
    assert client.get(f"/public/{HERE}?valid_on=2999-01-01").status_code == 404


def test_a_resident_reports_without_a_name_and_asks_by_the_number(
    client: TestClient[Any], one_office: Office
) -> None:
    told = sent(client, "/public/tell", f"/public/tell?area={HERE}", area=HERE, **SAID)
    assert told.status_code == 303, told.text
    page = client.get(told.headers["location"]).text
    number = told.headers["location"].partition("number=")[2]
    assert number in page and "请记下编号" in page and SAID["wording"] not in page
    held = one_office.store.reader.find(ResidentReport, COUNTY)
    assert [(one.number, one.source) for one in held] == [(number, "page")]


def test_a_report_sent_twice_is_one(client: TestClient[Any], one_office: Office) -> None:
    form = hidden_of(client.get(f"/public/tell?area={HERE}")) | SAID
    first, again = (
        client.post("/public/tell", data=form, headers=ORIGIN, follow_redirects=False)
        for _ in range(2)
    )
    assert first.headers["location"] == again.headers["location"]
    assert len(one_office.store.reader.find(ResidentReport, COUNTY)) == 1


def test_what_is_missing_or_personal_is_told_and_nothing_typed_is_lost(
    client: TestClient[Any], one_office: Office
) -> None:
    path = f"/public/tell?area={HERE}"
    empty = sent(client, "/public/tell", path, wording="只写了这些")
    assert empty.status_code == 422 and 'href="#f-about"' in empty.text
    assert "只写了这些" in empty.text
    named = sent(client, "/public/tell", path, **SAID | {"wording": "打13800138000找我"})
    assert named.status_code == 422 and "请勿写明" in named.text
    assert not one_office.store.reader.find(ResidentReport, COUNTY)


def test_nobody_reports_without_end_nor_from_another_site(client: TestClient[Any]) -> None:
    form = hidden_of(client.get(f"/public/tell?area={HERE}")) | {"wording": "x"}
    foreign = client.post("/public/tell", data=form, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    last = [client.post("/public/tell", data=form, headers=ORIGIN) for _ in range(TRIES + 1)][-1]
    assert "尝试次数过多" in last.text


def _codes(seat: Seats, office: Office) -> list[str]:
    actor = seats.seated(office, seat("community.head").secret, turning=False).actor
    today = civil(office.clock())
    command = RoundCommand(
        organisation_id=f"o-{HERE}", rated=Rated.DEPARTMENT, subject_id="o-990102-civil",
        period="2026Q1", opens_on=today, closes_on=today, issued=2,
    )  # fmt: skip
    fresh = codes.made(office, COUNTY, 2)
    call = Call(actor=actor, county=COUNTY, act="code_round.issue")
    office.perform(call, lambda desk: codes.issue(desk, command, "cor-1", fresh))
    return list(fresh)


def test_a_code_is_good_for_one_answer_in_whichever_case_it_is_typed(
    client: TestClient[Any], seat: Seats, one_office: Office
) -> None:
    code = _codes(seat, one_office)[0]
    first = sent(client, "/public/rate", code=f" {code.lower()} ", answer="5")
    assert first.status_code == 200 and "已计入" in first.text
    again = sent(client, "/public/rate", code=code, answer="1")
    assert again.status_code == 422 and "已经用过" in again.text
    held = one_office.store.reader.find(CodeRound, COUNTY)[0]
    assert (held.used, held.tally) == (1, [0, 0, 0, 0, 1])


def test_a_rating_without_code_or_word_is_told_at_its_field(client: TestClient[Any]) -> None:
    answer = sent(client, "/public/rate", answer="6")
    assert answer.status_code == 422
    assert 'href="#f-code"' in answer.text and 'href="#f-answer"' in answer.text


def test_codes_are_not_tried_without_end(client: TestClient[Any], clock: MovingClock) -> None:
    clock.at += timedelta(hours=1)
    tried = {"code": "990102-AAAAAAAAAAAAAAAA", "answer": "1"}
    told = [client.post("/public/rate", data=tried, headers=ORIGIN).text for _ in range(TRIES + 1)]
    assert "没有这个评价码" in told[0] and "尝试次数过多" in told[-1]


def test_a_notice_is_found_by_its_number_in_any_brackets_and_only_where_it_is_open(
    client: TestClient[Any], seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    held = one_office.store.reader.find(AdmissionNotice, COUNTY)
    assert held, "the demo county issues notices"
    number = held[0].number.replace("〔", "[").replace("〕", "]")
    page = client.get("/public/notice", params={"number": number}).text
    found = held[0].title in page
    assert found is held[0].open
    listed = number.rpartition("-")[0]
    assert (held[0].title in client.get("/public/notice", params={"number": listed}).text) is found
    unknown = client.get("/public/notice", params={"number": "没有〔2026〕9号"}).text
    assert "没有查到这个编号" in unknown


def test_every_page_leads_to_where_one_complains(client: TestClient[Any], seat: Seats) -> None:
    assert 'href="/public/tell"' in client.get("/public").text
    for who, path in (("community.head", "/community"), ("street.clerk", "/desk")):
        answer = seat(who).get(path)
        page = seat(who).get(answer.headers["location"]) if answer.status_code == 303 else answer
        assert 'href="/do/complaint.register"' in page.text, path


def test_who_looks_up_a_paper_picks_the_place_by_its_name(client: TestClient[Any]) -> None:
    begun = client.get("/public/certificates?q=收入证明")
    link = next(a for a in re.findall(r'href="(/public/certificates[^"]+)"', begun.text)
                if "990102" in a).replace("&amp;", "&")  # fmt: skip
    county = client.get(link)
    assert 'value="收入证明"' in county.text and "区划代码" not in county.text
    nearer = [a.replace("&amp;", "&")
              for a in re.findall(r'href="(/public/certificates[^"]+)"', county.text)]  # fmt: skip
    street = client.get(next(a for a in nearer if "990102001" in a))
    assert street.status_code == 200 and "演示街道" in street.text


def test_public_pages_open_for_who_is_signed_in_as_well(seat: Seats) -> None:
    for path in ("/public", "/public/tell", "/public/tell?area=990102", "/public/certificates"):
        assert seat("community.worker").get(path).status_code == 200, path
