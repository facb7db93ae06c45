"""负担与公开 over HTTP: what the public may read; nothing is put in an order of burden (P8, P9)."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.api.openapi import operations
from registry.api.questions import QUESTIONS
from registry.domain.areas import Area
from registry.domain.vocabulary import Disclosure
from tests.actions.case import admitted, presence_of
from tests.actions.lived import put
from tests.actions.test_postings import up
from tests.actions.weighed import laid, legacy
from tests.api.conftest import SignIn
from tests.conftest import Hand, MovingClock

API = "/api/v1"
HERE = f"{API}/public/areas/990102001001"


def hands(office: Office) -> Any:
    return lambda username: Hand(office, username)


def titles(client: TestClient[Any], path: str = HERE, **params: Any) -> list[str]:
    answer = client.get(f"{path}/matters", params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def test_anybody_reads_what_is_in_force_with_number_department_term_and_money(
    both_client: TestClient[Any], office: Office
) -> None:
    request = admitted(hands(office))
    page = both_client.get(f"{HERE}/matters").json()
    (item,) = page["items"]
    assert (page["name"], page["next"]) == ("霜舟演示社区居民委员会", None)
    assert item["number"].startswith("示范准〔2026〕")
    assert (item["title"], item["department"]) == (request.title, "演示县民政局")
    assert (item["starts_on"], item["ends_on"]) == ("2026-04-01", "2026-06-30")
    assert (item["amount_fen"], item["state_zh"]) == (800000, "待启动")
    assert set(item) == {
        "number", "title", "kind", "kind_zh", "community", "community_code", "receiver_zh",
        "department", "decided_by", "decided_on", "starts_on", "ends_on", "state", "state_zh",
        "amount_fen",
    }  # fmt: skip


@pytest.mark.parametrize("state", ["refused", "exited", "expired", "completed", "legacy"])
def test_what_is_not_in_force_or_not_open_is_told_to_nobody(
    client: TestClient[Any], one_office: Office, state: str
) -> None:
    hand = hands(one_office)
    held = presence_of(hand, admitted(hand))
    laid(hand, "gone", state=state, request_id=held.request_id)
    for hidden in (Disclosure.RESIDENTS, Disclosure.INTERNAL):
        laid(hand, hidden.value, disclosure=hidden, request_id=held.request_id)
    legacy(hand, "old")
    laid(hand, "late", arrears=True, request_id=held.request_id, title="欠付的事项")
    assert titles(client) == ["欠付的事项", held.title]
    assert "arrear" not in client.get(f"{HERE}/matters").text
    assert titles(client, f"{API}/public/areas/990102002001") == []


def test_a_street_is_read_page_by_page_in_code_order(
    client: TestClient[Any], one_office: Office
) -> None:
    hand = hands(one_office)
    request = admitted(hand).id
    for n, area in enumerate(["a-990102001002", "a-990102001001", "a-990102001002"]):
        laid(hand, f"p{n}", area, request_id=request, title=f"事项{n}")
    street, found, after = f"{API}/public/areas/990102001", [], {}
    for _ in range(4):
        page = client.get(f"{street}/matters", params={"limit": 1, **after}).json()
        found += [(i["community_code"][-3:], i["title"]) for i in page["items"]]
        after = {"after": page["next"]}
    assert page["next"] is None
    assert [code for code, _ in found] == ["001", "001", "002", "002"]
    assert titles(client, street) == [title for _, title in found]


def test_what_stood_on_a_day_of_the_past_is_kept(
    both_client: TestClient[Any], office: Office, clock: MovingClock
) -> None:
    hand = hands(office)
    held = presence_of(hand, admitted(hand))
    clock.at = datetime(2026, 7, 2, 4, 0, tzinfo=UTC)
    assert titles(both_client) == []
    assert titles(both_client, valid_on="2026-03-02") == [held.title]
    assert titles(both_client, valid_on="2026-03-01") == []
    answer = both_client.get(f"{HERE}/matters", params={"valid_on": "2026-07-03"})
    assert answer.status_code == 400


def test_what_was_taken_back_from_the_public_is_told_of_no_past_day(
    both_client: TestClient[Any], office: Office, clock: MovingClock
) -> None:
    hand = hands(office)
    held = presence_of(hand, admitted(hand))
    clock.at = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    assert titles(both_client, valid_on="2026-03-03") == [held.title]
    put(hand, held, disclosure=Disclosure.INTERNAL)
    assert titles(both_client, valid_on="2026-03-03") == titles(both_client) == []
    put(hand, held, disclosure=Disclosure.OPEN)
    assert titles(both_client, valid_on="2026-03-03") == [held.title]


def test_what_was_public_before_the_community_came_to_another_street_is_kept(
    both_client: TestClient[Any], office: Office, clock: MovingClock
) -> None:
    hand = hands(office)
    held = presence_of(hand, admitted(hand))
    up(hand, presence_id=held.id)
    clock.at = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    path = held.area_path.replace("/a-990102001000/", "/a-990102002000/")
    assert path != held.area_path
    put(hand, held, area_path=path)
    put(hand, office.store.reader.get(Area, "990102", held.area_id), path=path)
    assert titles(both_client, valid_on="2026-03-03") == titles(both_client) == [held.title]
    assert len(both_client.get(f"{HERE}/postings").json()["items"]) == 1


def test_the_list_comes_as_csv_that_offices_can_open(
    client: TestClient[Any], one_office: Office
) -> None:
    hand = hands(one_office)
    admitted(hand)
    laid(hand, "x", title="=1+1", request_id=admitted(hand).id)
    by_word = client.get(f"{HERE}/matters", params={"format": "csv"})
    by_header = client.get(f"{HERE}/matters", headers={"accept": "text/csv"})
    assert by_word.content == by_header.content
    assert by_word.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(by_word.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["准入文号", "事项"] and len(rows) == 4
    assert "'=1+1" in {row[1] for row in rows}
    assert client.get(f"{HERE}/matters", params={"format": "xml"}).status_code == 400


def test_whoever_holds_the_page_already_is_told_so(
    client: TestClient[Any], one_office: Office
) -> None:
    first = client.get(f"{HERE}/matters")
    again = client.get(f"{HERE}/matters", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    admitted(hands(one_office))
    anew = client.get(f"{HERE}/matters", headers={"if-none-match": first.headers["etag"]})
    assert anew.status_code == 200


@pytest.mark.parametrize(("code", "status"), [
    ("990102999999", 404), ("110000", 404), ("99010", 400), ("a-990102001001", 400),
    ("990102001001%27", 400),
])  # fmt: skip
def test_no_such_place_is_answered_and_never_breaks(
    client: TestClient[Any], code: str, status: int
) -> None:
    for word in ("matters", "postings"):
        assert client.get(f"{API}/public/areas/{code}/{word}").status_code == status


def test_the_public_reads_postings_of_open_matters_alone(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    hand, me = hands(one_office), sign_in("community.worker")
    held = presence_of(hand, admitted(hand))
    hidden = laid(hand, "inner", disclosure=Disclosure.INTERNAL, request_id=None, title="内部")
    for what, named in (("matter", held.id), ("matter", hidden.id), ("list", None),
                        ("result", None)):  # fmt: skip
        body = {"what": what, "where": "居务公开栏", "text": f"{what}{named}",
                "posted_on": "2026-03-02", "presence_id": named}  # fmt: skip
        answer = client.post(f"{API}/postings", json=body, headers=me)
        assert answer.status_code == 201, answer.text
    page = client.get(f"{HERE}/postings").json()
    assert sorted((i["what"], i["title"]) for i in page["items"]) == [
        ("list", ""), ("matter", held.title)]  # fmt: skip
    assert set(page["items"][0]) == {"what", "where", "title", "text", "posted_on",
                                     "taken_down_on"}  # fmt: skip


def test_the_burden_is_read_over_http_by_who_may(
    both_client: TestClient[Any], both_sign_in: SignIn, office: Office
) -> None:
    laid(hands(office), "one", hours_year=12)
    own = both_client.get(f"{API}/burden", params={"trend": "month", "before": "2026-01-01"},
                          headers=both_sign_in("community.head")).json()  # fmt: skip
    assert [item["code"] for item in own["items"]] == ["990102001001"]
    assert own["items"][0]["values"]["items"] == 1 and len(own["trend"]) == 12
    told = both_client.get(f"{API}/burden", params={"valid_on": "2026-03-01"},
                           headers=both_sign_in("county.office")).json()  # fmt: skip
    assert {item["values"]["items"] for item in told["items"]} == {0}
    assert both_client.get(f"{API}/burden").status_code == 401
    dept = both_client.get(f"{API}/burden", headers=both_sign_in("dept.clerk"))
    assert (dept.status_code, dept.json()["code"]) == (403, "access.reading")
    for wrong in ({"on": "2099-01-01"}, {"limit": "0"}, {"trend": "day"}, {"sort": "items"},
                  {"after": "x"}, {"on": "2026-03-01", "valid_on": "2026-03-01"}):  # fmt: skip
        answer = both_client.get(f"{API}/burden", params=wrong, headers=both_sign_in("auditor"))
        assert (answer.status_code, answer.headers["content-type"]) == (
            400, "application/problem+json"), wrong  # fmt: skip


ORDERING = {"sort", "order", "order_by", "sort_by", "orderby", "rank", "top", "worst", "best",
            "desc", "asc", "direction", "ranking"}  # fmt: skip


PAPERS = {"bank-lines", "expenditures", "indicators", "presences", "purchases", "vouchers",
          "voucher-lines"}  # fmt: skip
"""Whose rows are single papers of one sum each, which an auditor reads from the largest on."""


def test_no_list_is_ordered_by_what_somebody_bears() -> None:
    """P9: a list is read in the order of codes, ids, words or days, or of the sums of single
    papers; a place, a body or a person stands in no other order than that of its code."""
    named = {(o.path, p["name"]) for o in operations() for p in o.parameters}
    # 收支方向 of a statement's line says whether money came or went, and orders nothing.
    told = ("bank-lines", "line-parts", "other-incomes", "counts")
    flows = {(f"{API}/{name}", "direction") for name in told}
    asked = {(path, name) for path, name in named if name.lower() in ORDERING - {"sort"}}
    assert asked == flows
    assert not [q.path for q in QUESTIONS if q.query & (ORDERING - {"direction"})]
    keys = {
        o.path.rpartition("/")[2]: {one.removeprefix("-") for one in p["schema"]["enum"]}
        for o in operations() for p in o.parameters if p["name"] == "sort"
    }  # fmt: skip
    weighed = {
        (name, key) for name, own in keys.items() for key in own
        if key.endswith(("_fen", "_count", "hours", "times", "people", "score", "rate"))
    }  # fmt: skip
    assert {name for name, key in weighed if key.endswith("_fen")} <= PAPERS
    assert {key for _, key in weighed} <= {"amount_fen", "share_fen", "total_fen"}
    assert keys["areas"] == {"id", "code", "kind", "level", "parent_id"}
    assert keys["organisations"] == {"id", "area_id", "kind", "level"}
    assert keys["people"] == {"id", "username"}


def test_what_carries_most_does_not_come_first(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    hand = hands(one_office)
    for n in range(4):
        laid(hand, f"p{n}", "a-990102002001", hours_year=1000)
    told = client.get(f"{API}/burden", params={"limit": 500},
                      headers=sign_in("county.head")).json()  # fmt: skip
    codes = [item["code"] for item in told["items"]]
    assert codes == sorted(codes)
    assert told["items"][0]["values"]["items"] < max(i["values"]["items"] for i in told["items"])
    assert date.fromisoformat(told["on"]) == date(2026, 3, 2)
