"""电话代录: the street enters what a community says by telephone, in the right of who called (P9)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.domain.audit import Event
from registry.domain.evaluating import Rater, Satisfaction
from registry.domain.notice import Notice
from registry.domain.people import Person
from registry.domain.presence import Presence
from registry.domain.redress import Objection
from registry.store.reader import Page
from tests.conftest import MovingClock
from tests.web.seated import Seat
from tests.web.test_case import LINE, admitted, paid_to_the_street

Seats = Callable[[str], Seat]
COUNTY, PLACE = "990102", "a-990102001001"
CALLED_AT = "2026-03-02T08:30"


def person(office: Office, username: str) -> str:
    found = office.store.reader.person_named(username)
    assert isinstance(found, Person)
    return found.id


def the_place(office: Office) -> Presence:
    return next(p for p in office.store.reader.find(Presence, COUNTY) if p.area_id == PLACE)


def call(office: Office, caller: str, at: str = CALLED_AT) -> dict[str, str]:
    return {"_told_by": person(office, caller) if caller else "", "_told_at": at}


def entered(
    seat: Seats, office: Office, by: str = "street.clerk", caller: str = "community.worker",
    **more: str,
) -> Any:  # fmt: skip
    path = f"/do/objection.raise?told={PLACE}&presence_id={the_place(office).id}"
    words = {"presence_id": the_place(office).id, "text": "经费没有到，却要求月底完成"}
    return seat(by).hand_in(path, **{**words, **call(office, caller), **more})


def last_event(office: Office) -> Event:
    return office.store.reader.events([COUNTY], {}, Page(limit=5000))[-1]


def the_call(office: Office) -> Notice:
    return next(n for n in office.store.reader.find(Notice, COUNTY) if n.id.startswith("tel-"))


def test_the_log_says_who_telephoned_when_and_who_took_it(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    assert entered(seat, one_office).status_code == 303
    held = one_office.store.reader.find(Objection, COUNTY)[-1]
    clerk = person(one_office, "street.clerk")
    assert (held.person_id, held.recorded_by) == (clerk, clerk)
    event = last_event(one_office)
    note = msgspec.json.decode(event.entry)["note"]
    assert event.actor == clerk and note["on_behalf_of"] == person(one_office, "community.worker")
    assert note["telephone"]["told_by"] == person(one_office, "community.worker")
    assert note["telephone"]["told_at"] == f"{CALLED_AT}+08:00"


def test_the_right_is_the_callers_and_not_the_streets(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    admitted(seat, one_office)
    place = the_place(one_office)
    clock.at += timedelta(days=31)
    path = f"/do/presence.refuse?told={PLACE}&id={place.id}"
    words = {"ground": "unfunded", "text": "经费没有到"}
    street = seat("street.clerk")
    at = "2026-04-02T08:00"
    no = street.hand_in(path, **words, **call(one_office, "community.worker", at))
    assert no.status_code == 422 and "您的岗位不能办理" in no.text
    yes = street.hand_in(path, **words, **call(one_office, "community.head", at))
    assert yes.status_code == 303, yes.text


def test_a_community_rates_by_telephone_in_its_own_name(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    path = f"/do/satisfaction.record?told={PLACE}"
    words = {
        "organisation_id": the_place(one_office).organisation_id, "rated": "department",
        "subject_id": "o-990102-civil", "period": "2026", "rater": "community",
        "method": "集体评议", "counts": "0\n0\n1\n2\n4",
    }  # fmt: skip
    told = seat("street.clerk").hand_in(path, **words, **call(one_office, "community.head"))
    assert told.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", told.text)
    held = one_office.store.reader.find(Satisfaction, COUNTY)[-1]
    assert (held.rater, sum(held.counts)) == (Rater.COMMUNITY, 7)
    event = last_event(one_office)
    assert msgspec.json.decode(event.entry)["note"]["on_behalf_of"] == person(
        one_office, "community.head"
    )


def test_what_is_signed_is_not_done_by_telephone(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    street, path = seat("street.head"), f"/do/request.urge?id={the_place(one_office).request_id}"
    no = street.post(path, street.hidden(path) | call(one_office, "community.head"))
    assert no.status_code == 422 and "此项不能电话代录" in no.text


def test_a_form_opened_for_a_call_is_not_done_without_one(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    no = entered(seat, one_office, caller="")
    assert no.status_code == 422 and "电话代录须写明来电人" in no.text
    assert not one_office.store.reader.find(Objection, COUNTY)


def test_nobody_but_the_street_above_takes_calls_of_a_community(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    for who in ("dept.clerk", "street2.clerk", "community.head"):
        assert entered(seat, one_office, by=who).status_code == 422, who
    assert not one_office.store.reader.find(Objection, COUNTY)


@pytest.mark.parametrize("at", ["2026-03-09T08:30", "2026-02-01T08:30"])
def test_a_call_is_neither_to_come_nor_long_ago(seat: Seats, one_office: Office, at: str) -> None:
    admitted(seat, one_office)
    assert "来电时间不能晚于现在" in entered(seat, one_office, _told_at=at).text


def test_who_calls_has_a_post_in_the_community(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    no = entered(seat, one_office, caller="dept.head")
    assert no.status_code == 422 and "来电人须是" in no.text


def test_two_hands_over_money_stay_two_over_the_telephone(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    case = admitted(seat, one_office)
    place = paid_to_the_street(seat, one_office, clock, case)
    lines = LINE | {"lines.0.presence_id": place.id, "total_fen": "0.3万元"}
    voucher = {"request_id": case.id, "stage": "community_arrival", "number": "转拨1",
               "fiscal_year": "2026", "dated_on": "2026-03-16"}  # fmt: skip
    at, clerk = f"{clock.at.date()}T08:00", seat("street.clerk")
    made = clerk.hand_in(f"/do/voucher.record?told={PLACE}", **lines, **voucher,
                         **call(one_office, "community.cashier", at))  # fmt: skip
    assert made.status_code == 303, made.text
    id = made.headers["location"].rpartition("/")[2].partition("?")[0]
    path, said = (
        f"/do/voucher.confirm?told={PLACE}&id={id}",
        call(one_office, "community.worker", at),
    )
    no = clerk.hand_in(path, **said)
    assert no.status_code == 422 and "由您登记" in no.text
    assert seat("street.head").hand_in(path, **said).status_code == 303


def test_the_community_confirms_what_was_entered_once(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    entered(seat, one_office)
    worker, path = seat("community.worker"), f"/community/{PLACE}/telephone"
    page = worker.get(path)
    for said in ("提出异议", "2026-03-02 08:30", "待核对"):
        assert said in page.text, said
    told = worker.sent(page) | {"entry_id": the_call(one_office).id, "right": "true"}
    done = worker.post(path, told)
    assert done.status_code == 303 and "已核对" in worker.get(done.headers["location"]).text
    assert the_call(one_office).read
    assert "已经核对过" in worker.post(path, told | {"right": ""}).text


def test_the_community_says_that_it_was_not_so_and_the_street_is_told(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    entered(seat, one_office)
    worker, path = seat("community.worker"), f"/community/{PLACE}/telephone"
    told = worker.sent(worker.get(path)) | {"entry_id": the_call(one_office).id, "right": ""}
    assert "请写明哪里不对" in worker.post(path, told).text
    assert worker.post(path, told | {"reason": "没有打过这个电话"}).status_code == 303
    assert "没有打过这个电话" in seat("street.clerk").get(path).text
    clerk = person(one_office, "street.clerk")
    found = one_office.store.reader.find(Notice, COUNTY, person_id=clerk)
    assert any("有异议" in n.text for n in found)


def test_a_program_enters_a_call_by_two_headers(
    client: TestClient[Any], seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    head = one_office.store.reader.person_named("street.head")
    assert isinstance(head, Person)
    who = {"authorization": f"Bearer {issue_token(one_office, head).token}"}
    body = {"presence_id": the_place(one_office).id, "text": "经费没有到"}
    told = {"told-by": person(one_office, "community.head"), "told-at": "2026-03-02T08:30:00+08:00"}
    bad = client.post(
        "/api/v1/objections", json=body, headers=who | told | {"told-at": "yesterday"}
    )
    assert bad.status_code == 400 and bad.json()["code"] == "telephone.malformed"
    assert client.post("/api/v1/objections", json=body, headers=who | told).status_code == 201
    found = client.get(f"/api/v1/areas/{PLACE}/telephone-entries", headers=who).json()
    assert [e["state"] for e in found["entries"]] == ["waiting"]
    assert person(one_office, "community.cashier") in {c["person_id"] for c in found["callers"]}


CALLED = "2026-03-02T08:30:00+08:00"


@pytest.mark.parametrize(("code", "call_of"), [
    ("telephone.caller", ("dept.head", CALLED)),
    ("telephone.when", ("community.head", "2026-02-01T08:30:00+08:00")),
    ("telephone.act", ("community.head", CALLED)),
    ("telephone.reason", ()),
    ("telephone.checked", ()),
])  # fmt: skip
def test_a_program_is_told_why_not(
    seat: Seats, one_office: Office, code: str, call_of: tuple[str, ...]
) -> None:
    client = seat("street.head").client
    case = admitted(seat, one_office)
    entered(seat, one_office)
    head = one_office.store.reader.person_named("street.head" if call_of else "community.head")
    assert isinstance(head, Person)
    headers = {"authorization": f"Bearer {issue_token(one_office, head).token}"}
    if call_of:
        headers |= {"told-by": person(one_office, call_of[0]), "told-at": call_of[1]}
        path, body = "objections", {"presence_id": the_place(one_office).id, "text": "没有经费"}
        if code == "telephone.act":
            path, body = f"requests/{case.id}/urge", {"text": "请抓紧"}
    else:
        path, right = "telephone-checks", code == "telephone.checked"
        body = {"entry_id": the_call(one_office).id, "right": right}  # type: ignore[dict-item]
        client.post(f"/api/v1/{path}", json=body, headers=headers)
    headers |= {"if-match": f"{case.version}"}
    no = client.post(f"/api/v1/{path}", json=body, headers=headers)
    assert no.json()["code"] == code, no.text
