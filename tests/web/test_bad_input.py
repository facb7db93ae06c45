"""坏输入: whatever a browser, a program or a hurried hand sends is answered by a page that says what
to do; nothing falls over, nothing hangs, nothing typed is lost."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from registry.actions.office import Office
from registry.api.documents import LIMIT
from registry.domain.document import Document
from registry.web.visit import LONGEST_NAME
from tests.web.seated import Seat
from tests.web.test_acting import DRAFT, TYPED, drafts
from tests.web.test_case import admitted

Seats = Callable[[str], Seat]
FORM = {"content-type": "application/x-www-form-urlencoded"}
TITLE = "filing.title"
PATIENCE = 5.0
"""Seconds, where a page that hangs takes minutes."""


def sent(mine: Seat, path: str, body: bytes, **headers: str) -> Any:
    """A body as it is, the form's own token before it."""
    token = urlencode({"_token": mine.hidden(path)["_token"]}).encode()
    return mine.client.post(
        path, content=token + b"&" + body, headers=mine.headers(**FORM | headers),
        follow_redirects=False,
    )  # fmt: skip


NAMES = {
    "deep": ".".join(["filing", *["a", "0"] * 400]),
    "endless": "filing." * 100_000,
    "huge index": "filing.applicants.99999999999.organisation_id",
    "index of many digits": "filing.applicants." + "9" * 250 + ".organisation_id",
    "index of another script": "filing.applicants.٣.organisation_id",
    "superscript": "filing.applicants.².organisation_id",
    "negative": "filing.applicants.-1.organisation_id",
    "no name": "",
    "only points": "....",
    "rows": "_rows.filing.applicants",
    "prototype": "__proto__.x",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("button", ["", "&_add=filing.applicants", "&_aside=1", "&_drop=filing"])
def test_no_name_of_a_field_makes_a_page_fall_over_or_hang(
    seat: Seats, name: str, button: str
) -> None:
    began = time.monotonic()
    body = urlencode({name: "99999999999", TITLE: "标题"}) + button
    answer = sent(seat("dept.clerk"), DRAFT, body.encode())
    assert answer.status_code in (200, 303, 413, 422)
    assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize(
    "body",
    [b"filing.title=%ff%fe", b"filing.title=\xff\xfe", b"filing.title=%00",
     b"filing.title=%ed%a0%80", b"%00=%00", b"filing.title=%", b"&&&&", b"=",
     b"filing.title=a&filing.title=b", b"filing.kind=\xe4"],
)  # fmt: skip
def test_no_octets_make_a_page_fall_over(seat: Seats, body: bytes) -> None:
    answer = sent(seat("dept.clerk"), DRAFT, body)
    assert answer.status_code == 422 and 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
     "application/json", "text/plain", ""],
)  # fmt: skip
def test_a_body_that_is_no_form_is_refused(seat: Seats, kind: str) -> None:
    mine = seat("dept.clerk")
    answer = mine.client.post(
        DRAFT, content=b'--x\r\n\xff\r\n{"a": 1}', headers=mine.headers(**{"content-type": kind})
    )
    assert 400 <= answer.status_code < 500 and 'id="main"' in answer.text


def test_a_field_given_twice_is_read_once(seat: Seats, one_office: Office) -> None:
    mine = seat("dept.clerk")
    body = urlencode([*TYPED.items(), (TITLE, "第二个标题")]).encode()
    assert sent(mine, DRAFT, body).status_code == 303
    assert drafts(one_office)[-1].filing.title == TYPED[TITLE]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("　“演示”\u00a0登记\u00ad表\u200b　", "“演示” 登记\u00ad表"),
        ("𠮷野家𪚥㐂", "𠮷野家𪚥㐂"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("<b>粗</b>&amp;", "<b>粗</b>&amp;"),
    ],
    ids=["word", "rare", "lines", "markup"],
)
def test_what_officials_paste_is_kept_as_they_see_it(
    seat: Seats, one_office: Office, typed: str, kept: str
) -> None:
    mine = seat("dept.clerk")
    answer = mine.hand_in(DRAFT, **TYPED | {"filing.content": typed})
    assert answer.status_code == 303, answer.text
    assert drafts(one_office)[-1].filing.content.strip("　") == kept.strip("　")


def test_a_title_of_ten_thousand_letters_is_told_at_its_field_and_kept(seat: Seats) -> None:
    long = "很长的标题" * 2_000
    answer = seat("dept.clerk").hand_in(DRAFT, **TYPED | {TITLE: long})
    assert answer.status_code == 422 and f'value="{long}"' in answer.text
    assert f'href="#f-{TITLE}"' in answer.text and 'maxlength="' not in answer.text


def test_what_is_typed_begins_with_the_lines_it_began_with(seat: Seats) -> None:
    """A browser drops the first line break after <textarea>."""
    answer = seat("dept.clerk").hand_in(DRAFT, _add="filing.bases", **{"filing.content": "\n\n甲"})
    assert ">\n\n\n甲</textarea>" in answer.text


FILES = {
    "program": ("a.exe", b"MZ\x90\x00", "application/x-msdownload"),
    "in disguise": ("证明.pdf", b"MZ\x90\x00 not a pdf", "application/pdf"),
    "empty": ("空.pdf", b"", "application/pdf"),
    "long name": ("长" * 300 + ".txt", b"x", "text/plain"),
    "too large": ("大.txt", b"x" * (LIMIT + 1), "text/plain"),
}


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_a_wrong_file_is_told_on_the_page_it_was_chosen_on(
    seat: Seats, one_office: Office, file: tuple[str, bytes, str]
) -> None:
    case = admitted(seat, one_office)
    mine, path = seat("dept.clerk"), f"/attach/request/{case.id}"
    typed = mine.hidden(path) | {"_type": "basis", "_not_secret": "true"}
    answer = mine.post(path, typed, files={"file": file})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert one_office.store.reader.find(Document, "990102") == []


@pytest.mark.parametrize("name", ["\u202efdp.txt", "../../etc/passwd", "<img src=x>.txt"])
def test_the_name_of_a_file_is_text_that_reads_as_it_is(
    seat: Seats, one_office: Office, name: str
) -> None:
    case = admitted(seat, one_office)
    mine, path = seat("dept.clerk"), f"/attach/request/{case.id}"
    typed = mine.hidden(path) | {"_type": "basis", "_not_secret": "true"}
    mine.post(path, typed, files={"file": (name, b"x", "text/plain")})
    page = mine.get(path)
    assert page.status_code == 200 and "\u202e" not in page.text and "<img src=x" not in page.text
    for one in one_office.store.reader.find(Document, "990102"):
        told = mine.get(f"/documents/{one.id}").headers
        assert told["content-disposition"].startswith("attachment;")
        assert told["x-content-type-options"] == "nosniff"


def test_a_file_far_too_large_is_answered_by_a_page(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    mine, path = seat("dept.clerk"), f"/attach/request/{case.id}"
    file = ("大.txt", b"x" * (2 * LIMIT + 1), "text/plain")
    answer = mine.post(path, mine.hidden(path), files={"file": file})
    assert answer.status_code == 413 and "body.too_large" in answer.text


def test_text_beside_a_wrong_file_is_kept(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    mine, path = seat("dept.clerk"), "/do/agreement.offer"
    typed = {"request_id": case.id, "responsibility": "民政局负责经费", "_not_secret": "true"}
    answer = mine.post(
        path, mine.hidden(path) | typed,
        files={"authorisation_document_id": ("大.txt", b"x" * (LIMIT + 1), "text/plain")},
    )  # fmt: skip
    assert answer.status_code == 422 and "民政局负责经费" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/do/%00", "/do/" + "a" * 5_000, "/do/request.edit", "/do/request.edit?id=", "/records/%2e%2e",
     "/do/request.edit?id=req-0", "/records/requests/%F0%A0%AE%B7", "/records/nothing",
     "/do/request.draft?draft=fd-0", "/do/request.draft?no=1", "/desk?box=nothing",
     "/records/requests?after=%00", "/case/x", "/attach/nothing/x", "/file/fd-0/what",
     "/do/request.draft?county=abc", "/records/requests?limit=x", "/desk?lang=xx"],
)  # fmt: skip
def test_no_address_makes_a_page_fall_over(seat: Seats, path: str) -> None:
    answer = seat("dept.clerk").get(path)
    assert answer.status_code in (200, 400, 404) and 'id="main"' in answer.text


def test_the_longest_name_that_a_form_has_is_read(seat: Seats) -> None:
    name = "filing." + "x" * (LONGEST_NAME - len("filing."))
    assert sent(seat("dept.clerk"), DRAFT, f"{name}=1".encode()).status_code == 422
    assert sent(seat("dept.clerk"), DRAFT, f"{name}y=1".encode()).status_code == 413


@pytest.mark.parametrize(
    "cookie",
    ["registry_session=", "registry_session=" + "f" * 8_000, "registry_session=\"\\000\"",
     "=;=;", "registry_language=xx; registry_session=%00", "registry_session=字"],
)  # fmt: skip
def test_no_cookie_makes_a_page_fall_over(seat: Seats, cookie: str) -> None:
    answer = seat("dept.clerk").client.get(
        "/desk", headers={"cookie": cookie.encode()}, follow_redirects=False
    )
    assert answer.status_code == 303 and answer.headers["location"].startswith("/login")
