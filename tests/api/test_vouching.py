"""通知书入口: a notice's code as a picture, the page that checks it, the status anybody may fetch."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.api import verify_page
from registry.api.vouching import drawn
from registry.clock import Source
from registry.domain.vouching import AdmissionNotice
from tests.actions.case import Hands, admitted
from tests.actions.decided import BOTH, rows
from tests.api.conftest import SignIn

API = "/api/v1"


@pytest.fixture
def notices(one_hand: Hands) -> list[AdmissionNotice]:
    """One for each of two communities."""
    admitted(one_hand, disclosure="open", targets=BOTH)
    return rows(one_hand, AdmissionNotice)


def test_a_community_fetches_the_code_of_its_own_notice_and_no_neighbours(
    client: TestClient[Any], sign_in: SignIn, notices: list[AdmissionNotice]
) -> None:
    worker = sign_in("community.worker")
    own = next(n for n in notices if n.scope_code == BOTH[0])
    other = next(n for n in notices if n.scope_code == BOTH[1])
    for form, media in (("svg", "image/svg+xml"), ("png", "image/png")):
        answer = client.get(f"{API}/admission-notices/{own.id}/qr.{form}", headers=worker)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        hidden = client.get(f"{API}/admission-notices/{other.id}/qr.{form}", headers=worker)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "access.hidden")
    assert client.get(f"{API}/admission-notices/{own.id}/qr.svg").status_code == 401


def test_a_notice_is_found_by_its_number(
    client: TestClient[Any], sign_in: SignIn, notices: list[AdmissionNotice]
) -> None:
    query = {"number": notices[0].number, "replaced": "false"}
    found = client.get(
        f"{API}/admission-notices", params=query, headers=sign_in("community.worker")
    ).json()["items"]
    assert [n["id"] for n in found] == [notices[0].id]
    assert found[0]["conditions"] == []


def test_the_page_is_one_file_that_runs_only_its_own_program(client: TestClient[Any]) -> None:
    answer = client.get("/verify")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    for element in answer.text.split("<script>")[1:]:
        program = element.partition("</script>")[0]
        assert b64encode(sha256(program.encode()).digest()).decode() in policy
    assert "unsafe" not in policy
    assert "src=" not in answer.text.replace("img-src", "")
    assert "{{" not in answer.text


def test_the_status_of_the_day_is_read_without_signing_in_from_any_page(
    client: TestClient[Any], one_office: Office, notices: list[AdmissionNotice]
) -> None:
    answer = client.get("/public/status.json", params={"county": notices[0].county})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["key"] == notices[0].key_id
    missing = client.get("/public/status.json", params={"county": "110101"})
    assert (missing.status_code, missing.json()["code"]) == (404, "access.hidden")
    which = client.get("/public/status.json")
    assert (which.status_code, which.json()["code"]) == (400, "status.county")


def test_a_key_is_put_aside_over_http_by_the_keeper_of_posts_alone(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    for who, status in (("county.head", 403), ("sec.admin", 201)):
        made = client.post(f"{API}/signing-keys", headers=sign_in(who))
        assert made.status_code == status
    version = {"if-match": made.headers["etag"]}
    path = f"{API}/signing-keys/{made.json()['id']}/retire"
    gone = client.post(path, json={"reason": "按期更换"}, headers=sign_in("sec.admin") | version)
    assert gone.json()["state"] == "retired"
    assert "public" in gone.json()


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_picture_is_made_without_a_browser(form: str) -> None:
    pieces = verify_page.link("http://127.0.0.1:8000", "12345" * 30)
    assert drawn(pieces, form).startswith(b"<?xml" if form == "svg" else b"\x89PNG")


def test_the_library_in_the_page_is_the_one_that_was_tried() -> None:
    text = verify_page._part("noble-ed25519.min.js")
    assert sha256(text.encode()).hexdigest() == (
        "a5b4cf65644414a75aaceae069aded4f0c14f73a3b2667799ee0b47ac05f7c31"
    )


def test_a_key_is_named_by_its_public_half(one_office: Office) -> None:
    id, public = one_office.store.keys.make(Source(3).token(32))
    assert id == f"k{sha256(public).hexdigest()[:8]}"
