"""吊销密钥之后: page, status and codes tell of it at once, and nothing is signed by it any more."""

import re
from base64 import urlsafe_b64decode
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from litestar.testing import TestClient

from registry.domain.vouching import AdmissionNotice, SigningKey
from tests.actions.case import Hands, admitted
from tests.actions.decided import BOTH, COUNTY, rows
from tests.api.conftest import SignIn

API = "/api/v1"
STATUS = "/public/status.json"


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed_by(key: SigningKey, told: dict[str, Any]) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(_octets(key.public)).verify(
            _octets(told["signature"]), told["status"].encode()
        )
    except InvalidSignature:
        return False
    return True


def _keys(hand: Hands) -> tuple[SigningKey, SigningKey]:
    """The key that was revoked, and the one that came after it."""
    every = rows(hand, SigningKey)
    (gone,) = [k for k in every if k.revoked_from is not None]
    (now,) = [k for k in every if k.state == "active"]
    return gone, now


@pytest.fixture
def revoked(
    client: TestClient[Any], sign_in: SignIn, one_hand: Hands
) -> tuple[dict[str, Any], list[AdmissionNotice]]:
    """The status before, and the notices that the lost key had signed."""
    admitted(one_hand, disclosure="open", targets=BOTH)
    papers = rows(one_hand, AdmissionNotice)
    before = client.get(STATUS, params={"county": COUNTY}).json()
    (key,) = rows(one_hand, SigningKey)
    answer = client.post(
        f"{API}/signing-keys/{key.id}/revoke", json={"reason": "设备遗失"},
        headers=sign_in("sec.admin") | {"if-match": f'"{key.version}"'},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return before, papers


def test_the_status_of_the_day_names_the_revoked_key_and_is_signed_by_another(
    client: TestClient[Any], one_hand: Hands, revoked: Any
) -> None:
    before, papers = revoked
    gone, now = _keys(one_hand)
    told = client.get(STATUS, params={"county": COUNTY}).json()
    status = msgspec.json.decode(told["status"])
    assert (told["key"], status["key"]) == (now.id, now.id)
    assert _signed_by(now, told) and not _signed_by(gone, told)
    assert [one["key"] for one in status["revoked"]] == [gone.id]
    assert set(status["replaced"]) == {f"{n.number}/{n.edition}" for n in papers}
    assert status["serial"] > msgspec.json.decode(before["status"])["serial"]
    assert _signed_by(gone, before), "the file of yesterday was signed by the lost key"


def test_the_page_carries_since_when_the_key_is_revoked(
    client: TestClient[Any], one_hand: Hands, revoked: Any
) -> None:
    gone, now = _keys(one_hand)
    page = client.get("/verify").text
    carried = [
        msgspec.json.decode(text) for text in re.findall(r'\{[^{}]*"public":[^{}]*\}', page)
    ]  # fmt: skip
    told = {one["id"]: one["revoked"] for one in carried}
    assert told[gone.id].endswith("+08:00")
    assert told[now.id] == ""


def test_the_community_draws_the_code_of_its_new_paper(
    client: TestClient[Any], sign_in: SignIn, one_hand: Hands, revoked: Any
) -> None:
    _, now = _keys(one_hand)
    worker = sign_in("community.worker")
    found = client.get(f"{API}/admission-notices", headers=worker).json()["items"]
    (live,) = [n for n in found if not n["replaced"]]
    assert live["key_id"] == now.id
    drawn = client.get(f"{API}/admission-notices/{live['id']}/qr.svg", headers=worker)
    assert drawn.status_code == 200


def test_a_key_that_is_revoked_is_revoked_once_and_never_signs_again(
    client: TestClient[Any], sign_in: SignIn, one_hand: Hands, revoked: Any
) -> None:
    gone, now = _keys(one_hand)
    assert one_hand("sec.admin").office.store.keys.here(gone.id), "its file may still lie there"
    for act in ("revoke", "retire"):
        again = client.post(
            f"{API}/signing-keys/{gone.id}/{act}", json={"reason": "再次"},
            headers=sign_in("sec.admin") | {"if-match": '"1"'},
        )  # fmt: skip
        assert (again.status_code, again.json()["code"]) == (409, "key.state")
        assert "吊销" in again.json()["detail"]
    admitted(one_hand, title="楼道消防栓编号")
    (fresh,) = [n for n in rows(one_hand, AdmissionNotice) if n.title == "楼道消防栓编号"]
    assert fresh.key_id == now.id
