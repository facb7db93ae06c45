"""抽样 over HTTP: what is drawn from is read beside the acts that wait for the writer."""

import threading
from typing import Any

import pytest

from registry.actions.office import Office
from registry.store.reader import Page, Reader
from tests.actions import case
from tests.actions.audited import opened
from tests.actions.case import Hands
from tests.api.conftest import SignIn


def test_no_act_waits_while_a_population_is_read(
    client: Any, one_hand: Hands, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.drafted(one_hand)
    project = opened(one_hand)
    page, readers = Reader.page, list[str]()

    def watched(self: Reader, *told: Any) -> Any:
        readers.append(threading.current_thread().name)
        return page(self, *told)

    monkeypatch.setattr(Reader, "page", watched)
    order = {"project_id": project.id, "resource": "requests", "size": 1, "seed": "s"}
    answer = client.post("/api/v1/samples", json=order, headers=sign_in("auditor"))
    assert answer.status_code == 201, answer.text
    assert readers and not [name for name in readers if "writer" in name]


def test_who_may_not_draw_is_refused_on_record_as_before(
    client: Any, one_hand: Hands, one_office: Office, sign_in: SignIn
) -> None:
    project = opened(one_hand)
    order = {"project_id": project.id, "resource": "requests", "size": 1, "seed": "s"}
    answer = client.post("/api/v1/samples", json=order, headers=sign_in("county.head"))
    assert answer.status_code in (403, 404)
    asked = {"act": "sample.draw", "outcome": "refused"}
    assert len(one_office.store.reader.events(["990102"], asked, Page())) == 1
