"""阅读留痕 on pages: what is read in a browser is on record as what a program reads is (P19)."""

from collections.abc import Callable

import pytest

from registry.actions.office import Office
from registry.store.reader import Page
from tests.web.seated import Seat
from tests.web.test_case import admitted

OPENED = "case.opened"
SIT = Callable[[str], Seat]


@pytest.mark.parametrize(
    "page",
    ["/case/{}", "/records/requests/{}", "/papers/approval/{}", "/papers/approval/{}.docx",
     "/money/items/{}"],
)  # fmt: skip
def test_each_page_that_shows_a_case_says_who_opened_it(
    seat: SIT, one_office: Office, page: str
) -> None:
    case = admitted(seat, one_office)
    before = len(opened(one_office))
    assert seat("auditor").get(page.format(case.id)).status_code == 200
    assert opened(one_office)[before:] == [case.id]


def test_a_list_opens_no_case(seat: SIT, one_office: Office) -> None:
    admitted(seat, one_office)
    before = opened(one_office)
    assert seat("auditor").get("/records/requests").status_code == 200
    assert opened(one_office) == before


def opened(office: Office) -> list[str]:
    """Cases of which the log says that somebody opened them."""
    office.store.writer.submit("990102", lambda unit: None).result()
    events = office.store.reader.events(["990102"], {"act": OPENED}, Page())
    return [event.object_id for event in events]
