"""查阅案件留痕 at the door: a case that an auditor opened is an event of the county where it lies."""

from datetime import timedelta
from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.readlog.gathering import read_log
from registry.store.reader import Page
from tests.actions import case
from tests.actions.audited import opened
from tests.actions.case import Hands
from tests.actions.test_audit_projects import neighbour
from tests.api.conftest import SignIn
from tests.conftest import MovingClock

WHO = "other.office"


def _opened_by(office: Office, county: str) -> list[tuple[str, str]]:
    office.store.writer.submit(county, lambda _unit: None).result()
    events = office.store.reader.events([county], {"act": "case.opened"}, Page())
    return [(one.object_id, one.actor) for one in events]


def test_a_visiting_auditors_opened_case_is_an_event_where_it_lies(
    client: TestClient[Any], one_hand: Hands, sign_in: SignIn, clock: MovingClock
) -> None:
    request = case.admitted(one_hand)
    office = one_hand("auditor").office
    visitor = neighbour(one_hand)
    opened(one_hand, members=[{"person_id": visitor.person_id, "home": "990103"}])
    asked = [page + county for page in ("", "/explanation") for county in ("", "?county=990102")]
    for sittings, path in enumerate(asked, start=1):
        for _ in range(2):
            told = client.get(f"/api/v1/requests/{request.id}{path}", headers=sign_in(WHO))
            assert told.status_code == 200, told.text
        seen = _opened_by(office, "990102")
        assert seen == [(request.id, visitor.person_id)] * sittings, path
        clock.at += timedelta(hours=1)
    assert _opened_by(office, "990103") == []


def test_a_case_that_is_not_theirs_to_read_is_an_event_nowhere(
    client: TestClient[Any], one_office: Office, one_hand: Hands, sign_in: SignIn
) -> None:
    request = case.admitted(one_hand)
    neighbour(one_hand)
    told = client.get(f"/api/v1/requests/{request.id}", headers=sign_in(WHO))
    assert told.status_code == 404
    assert _opened_by(one_office, "990102") == _opened_by(one_office, "990103") == []


def test_a_page_that_was_refused_is_not_on_record_as_read(
    client: TestClient[Any], one_office: Office, one_hand: Hands, sign_in: SignIn
) -> None:
    """Whichever door refused it: the standard's gives its own names to a no."""
    request = case.admitted(one_hand)
    neighbour(one_hand)
    for path in ("/api/v1/requests", "/access/v1/requests"):
        told = client.get(f"{path}/{request.id}", headers=sign_in(WHO))
        assert told.status_code == 404
        assert read_log(one_office).settle(everything=True) == 0, path
