"""社区页和公众页: what a community carries, on a phone at the door; what anybody may read of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.domain.presence import Presence, PresenceState
from tests.web.seated import Seat
from tests.web.test_case import admitted, do

Seats = Callable[[str], Seat]
HERE = "/community/a-990102001001"


def test_a_worker_comes_to_the_door_of_their_own_community(seat: Seats) -> None:
    assert seat("community.worker").get("/community").headers["location"] == HERE


def test_a_street_chooses_among_its_communities(seat: Seats) -> None:
    page = seat("street.clerk").get("/community").text
    assert HERE in page and page.count("/community/a-") > 1


def test_a_matter_tells_who_asks_until_when_for_how_much_and_whether_it_may_be_declined(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    page = re.sub(r"<[^>]+>", " ", seat("community.head").get(HERE).text)
    for said in ("楼道灯具编号拍照", "演示县民政局", "2026-06-30", "8,000.00", "能否不予承接"):
        assert said in page, said


def test_a_community_declines_from_its_door_without_scripts(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    head = seat("community.head")
    link = re.search(r'href="(/do/presence\.refuse\?[^"]+)"', head.get(HERE).text)
    assert link is not None
    path = link[1].replace("&amp;", "&")
    done = head.post(path, head.hidden(path) | {"ground": "unfunded", "text": "经费没有到"})
    assert done.status_code in (303, 422), done.text
    if done.status_code == 303:
        assert done.headers["location"].startswith(HERE)
        place = one_office.store.reader.find(Presence, "990102")[-1]
        assert place.state is PresenceState.REFUSED


def test_a_worker_who_may_not_decline_is_offered_no_refusal(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    assert "/do/presence.refuse" not in seat("community.worker").get(HERE).text


def test_every_page_of_a_community_has_the_way_to_complain(seat: Seats) -> None:
    for path in (HERE, "/community/certificates"):
        assert "/do/complaint.register" in seat("community.worker").get(path).text


@pytest.mark.parametrize("words", ["居民收入证明", "<script>alert(1)</script>", "x" * 300, "证明"])
def test_any_words_are_answered_or_told_wrong(seat: Seats, words: str) -> None:
    answer = seat("community.worker").client.get(
        "/community/certificates", params={"q": words}, headers=seat("community.worker").headers()
    )
    assert answer.status_code == 200 and "<script>alert" not in answer.text


def test_a_department_sees_no_door(seat: Seats) -> None:
    assert seat("dept.clerk").get(HERE).status_code in (403, 404)


@pytest.mark.parametrize("path", ["/public", "/public/990102", "/public/990102001001",
                                  "/public/certificates?q=收入证明&area=990102001001",
                                  "/public/report?number=x"])  # fmt: skip
def test_the_public_reads_without_signing_in(client: TestClient[Any], path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200 and "set-cookie" not in answer.headers


def test_what_is_internal_is_on_no_public_page(
    client: TestClient[Any], seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    told = client.get("/public/990102001001").text
    shown = case.disclosure is not None and case.disclosure.value == "open"
    assert ("楼道灯具编号拍照" in told) == shown


@pytest.mark.parametrize("code", ["99", "999999", "a-990102001001", "990102001001' OR 1=1"])
def test_a_place_that_is_none_is_not_there(client: TestClient[Any], code: str) -> None:
    assert client.get(f"/public/{code}", headers={"accept": "text/html"}).status_code in (400, 404)


def test_this_month_is_told_by_day_with_what_others_owe(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    march = re.sub(r"<[^>]+>|\s+", " ", seat("community.worker").get(HERE).text)
    assert "2026-03-20" in march and "别人该给我们的" in march and "应到的经费" in march
    april = seat("community.worker").get(f"{HERE}?month=2026-04").text
    assert "约定开始" in april and "2026-04-01" in april
    assert "这个月没有要做的" in seat("community.worker").get(f"{HERE}?month=2027-04").text
    assert seat("community.worker").get(f"{HERE}?month=4月").status_code == 400


def test_what_may_be_declined_is_told_by_clause(seat: Seats) -> None:
    page = seat("community.worker").get(HERE).text
    assert "经费未到位" in page and "未经准入" in page
    assert "演示县准入办法第六条" in page


def test_a_street_is_offered_the_acts_of_its_community_by_telephone_alone(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    page = seat("street.clerk").get(HERE).text
    links = re.findall(r'href="(/do/[^"]+)"', page)
    mine = [one for one in links if "complaint.register" not in one]
    assert mine and all("told=a-990102001001" in one for one in mine)
    assert any("voucher.record" in one for one in mine)
    assert "told=" not in seat("community.head").get(HERE).text


def test_a_report_of_residents_tells_the_matter_and_not_the_words(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    place = next(
        p for p in one_office.store.reader.find(Presence, "990102")
        if p.area_id == "a-990102001001"
    )  # fmt: skip
    do(seat("street.clerk"), "resident_report.record", about="harm", presence_id=place.id,
       area="990102001001", wording="灯一直不亮，晚上走路不便", source="meeting",
       against_id="o-990102-civil")  # fmt: skip
    page = seat("community.worker").get(HERE).text
    assert "损害居民利益" in page and "灯一直不亮" not in page


def test_the_list_to_hang_up_has_no_act_and_no_person(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    page = seat("community.worker").get(f"{HERE}/list").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "楼道灯具编号拍照" in main and "/do/" not in main and "演示·" not in main


def test_a_slip_is_recorded_with_what_was_looked_up_and_can_be_printed(seat: Seats) -> None:
    worker = seat("community.worker")
    page = worker.get("/community/certificates?q=收入证明&demander=bank").text
    link = re.search(r'href="(/do/certificate_demand\.record\?[^"]+)"', page)
    assert link is not None
    path = link[1].replace("&amp;", "&")
    form = worker.get(path).text
    assert 'value="收入证明"' in form and "o-990102001001" in form
    typed = {"organisation_id": "o-990102001001", "item": "收入证明", "demander": "bank",
             "slip": "true"}  # fmt: skip
    made = worker.hand_in(path, **typed).headers["location"].partition("?")[0]
    paper = worker.get(made.replace("/records/certificate-demands/", "/papers/slip/"))
    assert paper.status_code == 200 and "一次性告知单" in paper.text
