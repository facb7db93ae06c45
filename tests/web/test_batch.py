"""批量备案页: what is listed is filed together, row by row; what is not, is not."""

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from registry.actions.office import Answer, Office
from registry.domain.approval import Decision
from registry.domain.request import Request, State
from registry.web.forms.filled import as_typed
from tests.actions.case import Hands
from tests.conftest import MovingClock
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, do, the_case, typed_filing

Seats = Callable[[str], Seat]


def listed(seat: Seats, office: Office) -> Any:
    story = tomllib.loads(Path("seeds/stories/01-listed.toml").read_text("utf-8"))
    typed = as_typed({"filing": story["given"]["filing"]})
    do(seat("dept.clerk"), "request.draft", **{n: v for n, v in typed.items()})
    do(seat("dept.head"), "request.submit", the_case(office).id)
    return the_case(office)


def test_what_is_listed_is_filed_at_once_and_told_row_by_row(
    seat: Seats, one_office: Office
) -> None:
    case, head = listed(seat, one_office), seat("street.head")
    page = head.get("/desk/batch").text
    assert f'value="{case.id}|{case.version}"' in page
    answer = head.post(
        "/desk/batch", head.hidden("/desk/batch") | {"pick": f"{case.id}|{case.version}"}
    )
    assert answer.status_code == 200 and "tag good" in answer.text
    assert the_case(one_office).state is State.APPROVED


def test_what_is_not_listed_is_neither_offered_nor_filed(seat: Seats, one_office: Office) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    do(seat("dept.head"), "request.submit", the_case(one_office).id)
    case, head = the_case(one_office), seat("street.head")
    assert case.id not in head.get("/desk/batch").text
    answer = head.post("/desk/batch", head.hidden("/desk") | {"pick": f"{case.id}|{case.version}"})
    assert the_case(one_office).state is State.SUBMITTED
    assert answer.status_code in (200, 403)


def test_all_are_ticked_by_a_link_and_one_reason_goes_into_each_decision(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    listed(seat, one_office)
    clock.at += timedelta(seconds=2)
    listed(seat, one_office)
    head = seat("street.head")
    assert head.get("/desk/batch").text.count(" checked>") == 0
    page = head.get("/desk/batch?all=1")
    picked = re.findall(r'name="pick" value="([^"]+)" checked>', page.text)
    assert len(picked) == 2
    answer = head.post(
        "/desk/batch", head.sent(page) | {"pick": picked, "reason": "清单内，同意备案"}
    )
    assert "已备案 2 件，未办理 0 件" in answer.text
    issued = one_office.store.reader.find(Decision, COUNTY)
    assert [one.reason for one in issued] == ["清单内，同意备案"] * 2
    assert len({one.number for one in issued}) == 2


def test_what_was_typed_stays_where_nothing_was_ticked(seat: Seats, one_office: Office) -> None:
    listed(seat, one_office)
    head = seat("street.head")
    answer = head.post("/desk/batch", head.hidden("/desk/batch") | {"reason": "写好的理由"})
    assert answer.status_code == 422
    assert "还没有勾选" in answer.text and "写好的理由" in answer.text


def test_one_that_was_overtaken_says_why_and_stops_no_other(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    stale = listed(seat, one_office)
    clock.at += timedelta(seconds=2)
    fresh = max(listed_all(seat, one_office), key=lambda one: one.id)
    head = seat("street.head")
    held = head.hidden("/desk/batch")
    do(seat("street.clerk"), "request.accept", stale.id)
    picks = [f"{one.id}|{one.version}" for one in (stale, fresh)]
    answer = head.post("/desk/batch", held | {"pick": picks})
    assert "已备案 1 件，未办理 1 件" in answer.text
    refused = re.search(rf'href="/case/{stale.id}">[^<]+</a> <span class="tag late">', answer.text)
    assert refused, answer.text


def listed_all(seat: Seats, office: Office) -> Any:
    listed(seat, office)
    return office.store.reader.find(Request, COUNTY)


def test_what_was_insisted_on_is_not_offered_for_filing_by_the_dozen(
    seat: Seats, one_office: Office, one_hand: Hands
) -> None:
    case = listed(seat, one_office)
    one_hand("sys.admin").do(lambda d: Answer(body=d.unit.change(
        d.unit.get(Request, case.id), insisted=True, insist_reason="演示")))  # fmt: skip
    assert case.id not in seat("street.head").get("/desk/batch").text
