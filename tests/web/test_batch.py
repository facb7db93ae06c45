"""批量备案页: what is listed is filed together, row by row; what is not, is not."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from registry.actions.office import Office
from registry.domain.request import State
from registry.web.forms.filled import as_typed
from tests.web.seated import Seat
from tests.web.test_case import do, the_case, typed_filing

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
