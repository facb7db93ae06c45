"""称呼: on a page stands what a record is called, never its id; what has no name says what it is."""

import re
from collections.abc import Callable

from registry.actions.office import Office
from tests.web.seated import Seat
from tests.web.test_case import admitted

Seats = Callable[[str], Seat]


def test_records_without_a_name_are_told_by_what_they_say(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    page = seat("street.head").get("/records/verdicts").text
    assert ">须申报准入</a>" in page
    assert f">{case.id}<" not in page, "what a verdict is of is named by its title"


def test_an_entry_of_the_log_is_told_by_its_number_and_its_act_by_its_name(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    page = seat("audit.admin").get("/records/events").text
    assert re.search(r">第 \d+ 条</a>", page) and "Event(" not in page
    assert not re.search(r">[a-z_]+\.[a-z_.]+<", page)


def test_who_may_not_read_what_a_record_names_is_told_no_id(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    page = seat("dept.clerk").get(f"/records/requests/{case.id}").text
    assert ">person-" not in page
