"""Hostile input 错误输入: refused by name in the one shape, and never a 500."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from tests.api.conftest import SignIn

JSON = {"content-type": "application/json"}
DRAFT = "/api/v1/requests"


def _code(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def _filing(text: str) -> bytes:
    return f'{{"filing":{text}}}'.encode()


MALFORMED: dict[str, tuple[bytes, str]] = {
    "half": (b'{"filing":', "json.malformed"),
    "not an object": (b"null", "json.shape"),
    "byte order mark": (b"\xef\xbb\xbf{}", "json.malformed"),
    "utf-16": ('{"filing":{}}'.encode("utf-16"), "json.malformed"),
    "not utf-8": (_filing('{"kind":"task"}').replace(b"task", b"\xff"), "json.encoding"),
    "deep lists": (b"[" * 200_000, "json.depth"),
    "deep objects": (b'{"filing":' * 100_000, "json.depth"),
    "deep inside": (b'{"filing":{"applicants":' + b"[" * 50_000, "json.depth"),
    "key twice": (b'{"inseparable":true,"inseparable":false,"filing":{}}', "json.shape"),
    "unknown field": (b'{"filing":{"kind":"task"},"extra":1}', "json.shape"),
    "nan": (b'{"inseparable":NaN}', "json.malformed"),
    "infinity": (b'{"inseparable":Infinity}', "json.malformed"),
    "lone surrogate": (b'{"on_behalf_of":"\\ud800"}', "json.malformed"),
    "raw control": (b'{"on_behalf_of":"a\x01b"}', "json.malformed"),
    "wrong type": (b'{"filing":[]}', "json.shape"),
    "string for number": (b'{"inseparable":"yes"}', "json.shape"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_malformed_is_400_and_says_how(
    client: TestClient[Any], sign_in: SignIn, case: str
) -> None:
    body, code = MALFORMED[case]
    answer = client.post(DRAFT, content=body, headers=sign_in("dept.clerk") | JSON)
    assert _code(answer) == (400, code)


Change = Callable[[dict[str, Any]], Any]


def _set(*path: Any, to: Any) -> Change:
    def change(filing: dict[str, Any]) -> None:
        inner: Any = filing
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to

    return change


FIELDS: dict[str, tuple[Change, int, str]] = {
    "negative money": (_set("funding", 0, "amount_fen", to=-1), 422, "json.range"),
    "too much money": (_set("funding", 0, "amount_fen", to=10**15 + 1), 422, "json.range"),
    "money above 64 bits": (_set("funding", 0, "amount_fen", to=2**70), 422, "json.range"),
    "broken money": (_set("funding", 0, "amount_fen", to=0.5), 400, "json.shape"),
    "money in words": (_set("funding", 0, "amount_fen", to="1e9"), 400, "json.shape"),
    "dates reversed": (_set("ends_on", to="2026-03-01"), 422, "json.value"),
    "no such day": (_set("ends_on", to="2026-02-30"), 400, "json.shape"),
    "unknown word": (_set("kind", to="party"), 400, "json.shape"),
    "over-long title": (_set("title", to="演" * 5_000), 422, "json.range"),
    "empty title": (_set("title", to=""), 422, "json.range"),
    "over-long id": (_set("targets", to=["9" * 5_000]), 422, "json.range"),
    "id with a slash": (_set("targets", to=["../990102"]), 422, "json.range"),
    "too many targets": (_set("targets", to=["a"] * 2_001), 422, "json.range"),
    "two leaders": (
        _set("applicants", to=[{"organisation_id": x, "leading": True} for x in "ab"]),
        422,
        "json.value",
    ),
    "rate without sense": (_set("funding", 0, "rate_fen", to=7), 422, "json.value"),
    "unknown field inside": (_set("applicants", 0, "secret", to=1), 400, "json.shape"),
    "nul in a title": (_set("title", to="a\x00b"), 400, "json.control"),
    "escape in a name": (_set("government_emergency_decision", to="a\x1bb"), 400, "json.control"),
    "delete sign": (_set("government_emergency_decision", to="a\x7fb"), 400, "json.control"),
}


@pytest.mark.parametrize("case", FIELDS)
def test_a_wrong_field_is_named(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any], case: str
) -> None:
    change, status, code = FIELDS[case]
    change(filing)
    answer = client.post(DRAFT, json={"filing": filing}, headers=sign_in("dept.clerk"))
    assert _code(answer) == (status, code)
    if code != "json.control":
        assert answer.json()["facts"]["path"].startswith("$")


def test_a_number_of_five_thousand_digits_is_refused(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any]
) -> None:
    body = json.dumps({"filing": filing}).replace("300000", "9" * 5_000).encode()
    answer = client.post(DRAFT, content=body, headers=sign_in("dept.clerk") | JSON)
    assert _code(answer) == (422, "json.range")


def test_what_follows_a_whole_body_is_refused(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any]
) -> None:
    body = json.dumps({"filing": filing}).encode() + b"x"
    answer = client.post(DRAFT, content=body, headers=sign_in("dept.clerk") | JSON)
    assert _code(answer) == (400, "json.malformed")


@pytest.mark.parametrize("title", ["plain", "with \\u4e8b escapes", 'quoted \\": inside'])
def test_a_key_that_comes_twice_is_refused_wherever_it_stands(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any], title: str
) -> None:
    text = json.dumps({"filing": filing}, ensure_ascii=False)
    twice = text.replace('"kind": "task"', f'"kind": "task", "necessity": "{title}"')
    once = client.post(DRAFT, content=twice.encode(), headers=sign_in("dept.clerk") | JSON)
    assert once.status_code == 201
    twice = twice.replace('"kind": "task"', '"kind": "task", "kind": "task"')
    answer = client.post(DRAFT, content=twice.encode(), headers=sign_in("dept.clerk") | JSON)
    assert _code(answer) == (400, "json.duplicate_key")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "application/json; charset=gbk"]
)
def test_another_content_type_is_415(client: TestClient[Any], sign_in: SignIn, media: str) -> None:
    headers = sign_in("dept.clerk") | {"content-type": media}
    assert _code(client.post(DRAFT, content=b"{}", headers=headers)) == (415, "media.unsupported")


def test_a_packed_body_is_415(client: TestClient[Any], sign_in: SignIn) -> None:
    headers = sign_in("dept.clerk") | JSON | {"content-encoding": "gzip"}
    answer = client.post(DRAFT, content=gzip.compress(b"{}"), headers=headers)
    assert _code(answer) == (415, "media.unsupported")


def test_a_body_above_one_mebibyte_is_413(client: TestClient[Any], sign_in: SignIn) -> None:
    body = b'{"on_behalf_of":"' + b"a" * (1 << 20) + b'"}'
    answer = client.post(DRAFT, content=body, headers=sign_in("dept.clerk") | JSON)
    assert _code(answer) == (413, "body.too_large")


@pytest.mark.parametrize("value", ["abc", '"1""', '""', 'W/"1"', "1, 2", "-1", "９", "*", "1" * 40])
def test_a_malformed_if_match_is_400(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]], value: str
) -> None:
    path = f"{DRAFT}/{draft()['id']}/submit"
    headers = {**sign_in("dept.head"), "if-match": value.encode()}
    assert _code(client.post(path, headers=headers)) == (400, "version.malformed")


@pytest.mark.parametrize("value", ["", "a b", "键", "x" * 201, '""', "tab\there"])
def test_a_malformed_idempotency_key_is_400(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any], value: str
) -> None:
    headers = {**sign_in("dept.clerk"), "idempotency-key": value.encode()}
    answer = client.post(DRAFT, json={"filing": filing}, headers=headers)
    assert _code(answer) == (400, "idempotency.malformed")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "query.unknown"),
        ("password_hash=x", "query.unknown"),
        ("limit=0", "query.malformed"),
        ("limit=501", "query.malformed"),
        ("limit=ten", "query.malformed"),
        ("limit=-5", "query.malformed"),
        ("limit=" + "9" * 30, "query.malformed"),
        ("limit=1&limit=2", "query.malformed"),
        ("after=zzz", "query.cursor"),
        ("after=990102|", "query.cursor"),
        ("state=lost", "query.malformed"),
        ("as_of=yesterday", "query.as_of"),
        ("as_of=2026-03-02", "query.as_of"),
        ("as_of=%C2%B2", "query.malformed"),
        ("valid_on=2026-02-30", "query.malformed"),
        ("county=99", "query.malformed"),
        ("state=%FF", "query.malformed"),
        ("title%00=1", "json.control"),
        ("applicant_id=a%00b", "json.control"),
        ("applicant_id=a%1Fb", "json.control"),
        ("&".join(f"a{i}=1" for i in range(100)), "query.malformed"),
    ],
)
def test_a_query_that_is_not_understood_is_400(
    client: TestClient[Any], sign_in: SignIn, query: str, code: str
) -> None:
    answer = client.get(f"{DRAFT}?{query}", headers=sign_in("dept.clerk"))
    assert _code(answer) == (400, code)


@pytest.mark.parametrize("resource", ["requests", "events", "people", "areas", "tasks", "packs"])
@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0"])
def test_a_moment_at_the_end_of_time_is_no_500(
    client: TestClient[Any], sign_in: SignIn, resource: str, as_of: str
) -> None:
    answer = client.get(
        f"/api/v1/{resource}", params={"as_of": as_of}, headers=sign_in("county.office")
    )
    assert answer.status_code in (200, 400, 403, 422)


@pytest.mark.parametrize(
    "id", ["x" * 121, "a%00b", "a%20b", "%E4%BA%8B", "a%2Fb", "a%27--", "..%2e"]
)
def test_an_id_of_the_wrong_form_is_400_or_404(
    client: TestClient[Any], sign_in: SignIn, id: str
) -> None:
    answer = client.get(f"{DRAFT}/{id}", headers=sign_in("dept.clerk"))
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("id", ["0", "-1", "abc", "9" * 15, "9" * 19])
def test_an_event_that_is_not_there_is_404(
    client: TestClient[Any], sign_in: SignIn, id: str
) -> None:
    answer = client.get(f"/api/v1/events/{id}", headers=sign_in("county.office"))
    assert _code(answer) == (404, "access.hidden")


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Basic abc", "Bearer x y", "Bearer \xff\xfe", "bearer nobody"],
)
def test_whoever_is_not_signed_in_is_401(client: TestClient[Any], value: str) -> None:
    answer = client.get(DRAFT, headers={"authorization": value.encode("latin-1")})
    assert _code(answer) == (401, "token.invalid")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"username":"a"}', b'{"username":"a b","password":"x"}']
)
def test_a_sign_in_without_its_words_is_refused(client: TestClient[Any], body: bytes) -> None:
    answer = client.post("/api/v1/tokens", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"].startswith("json.")


_words = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=_words, field=st.sampled_from(["kind", "title", "targets", "funding", "letter", "late"])
)
def test_no_json_whatever_makes_a_500(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any], *, words: Any, field: str
) -> None:
    body = json.dumps({"filing": filing | {field: words}}).encode()
    answer = client.post(DRAFT, content=body, headers=sign_in("dept.clerk") | JSON)
    assert answer.status_code in (201, 400, 422)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=200))
def test_no_bytes_whatever_make_a_500(
    client: TestClient[Any], sign_in: SignIn, body: bytes
) -> None:
    answer = client.post("/api/v1/prechecks", content=body, headers=sign_in("dept.clerk") | JSON)
    assert answer.status_code in (400, 422)
