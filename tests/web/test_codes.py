"""评价码页: a community hands out codes for its residents; they are shown once, on slips or a sheet."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import openpyxl
import pytest

from registry.actions.office import Office
from registry.domain.evaluating import CodeRound
from tests.web.seated import Seat
from tests.web.test_case import admitted

Seats = Callable[[str], Seat]
HERE = "/community/a-990102001001/codes"
CIVIL = "o-990102-civil"
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def codes_of(answer: Any) -> list[str]:
    return [unescape(one) for one in SECRET.findall(answer.text)]


def typed(seat: Seat, **more: str) -> dict[str, str]:
    """The form as it stands, for a department unless told otherwise."""
    days = {"opens_on": "2026-03-02", "closes_on": "2026-03-31", "period": "2026Q1"}
    return seat.hidden(HERE) | days | {"issued": "3", "department_id": CIVIL} | more


def test_codes_are_shown_on_slips_once_and_each_counts(seat: Seats, one_office: Office) -> None:
    worker = seat("community.worker")
    sent = typed(worker)
    slips = worker.post(HERE, sent)
    found = codes_of(slips)
    assert len(set(found)) == 3 and slips.headers["cache-control"] == "no-store"
    assert "演示县民政局" in slips.text
    again = worker.post(HERE, sent)
    assert codes_of(again) == [] and "已经显示过一次" in again.text
    rated = worker.client.post("/public/rate", data={"code": found[0], "answer": "4"})
    assert rated.status_code == 200 and "谢谢" in rated.text
    (held,) = one_office.store.reader.find(CodeRound, "990102")
    assert (held.issued, held.used) == (3, 1)


def test_the_same_codes_are_taken_as_a_sheet(seat: Seats) -> None:
    worker = seat("community.worker")
    sent = typed(worker, _sheet="1")
    made = worker.post(HERE, sent)
    assert made.headers["cache-control"] == "no-store"
    rows = list(openpyxl.load_workbook(io.BytesIO(made.content)).worksheets[-1].values)
    assert rows[0][0] == "评价码" and len({row[0] for row in rows[1:]}) == 3
    assert "已经显示过一次" in worker.post(HERE, sent).text


def test_a_matter_is_rated_from_its_card_at_the_door(seat: Seats, one_office: Office) -> None:
    admitted(seat, one_office)
    worker = seat("community.worker")
    door = worker.get(HERE.removesuffix("/codes")).text
    link = re.search(rf'href="({HERE}\?presence_id=([^"]+))"', door)
    assert link is not None
    assert f'value="{link[2]}" selected' in worker.get(link[1]).text
    made = worker.post(HERE, typed(worker, department_id="", presence_id=link[2]))
    assert len(codes_of(made)) == 3 and "楼道灯具编号拍照" in made.text


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"department_id": ""}, "subject"), ({"subject": "演示自来水"}, "subject"),
        ({"issued": ""}, "issued"), ({"issued": "1001"}, "issued"),
        ({"closes_on": "2026-02-28"}, "closes_on"), ({"period": "2026Q4"}, "period"),
        ({"department_id": "o-990102001002"}, "subject"),
    ],
)  # fmt: skip
def test_what_is_wrong_leads_to_its_field_and_nothing_typed_is_lost(
    seat: Seats, one_office: Office, given: dict[str, str], at: str
) -> None:
    worker = seat("community.worker")
    answer = worker.post(HERE, typed(worker, opens_on="2026-03-03") | given)
    assert answer.status_code == 422
    assert f'href="#f-{at}"' in answer.text and f'id="f-{at}"' in answer.text
    assert 'value="2026-03-03"' in answer.text
    assert one_office.store.reader.find(CodeRound, "990102") == []


def test_an_open_round_is_ended_from_the_page(seat: Seats, one_office: Office) -> None:
    worker = seat("community.worker")
    worker.post(HERE, typed(worker))
    link = re.search(r'href="(/do/code_round\.close\?[^"]+)"', worker.get(HERE).text)
    assert link is not None
    assert worker.hand_in(unescape(link[1])).headers["location"].startswith(HERE)
    (held,) = one_office.store.reader.find(CodeRound, "990102")
    assert held.closed and "code_round.close" not in worker.get(HERE).text


@pytest.mark.parametrize("who", ["dept.clerk", "auditor", "county.head"])
def test_who_hands_out_no_codes_is_not_offered_any(seat: Seats, who: str) -> None:
    asks = seat(who)
    assert HERE not in asks.get(HERE.removesuffix("/codes")).text
    assert asks.get(HERE).status_code == 403
