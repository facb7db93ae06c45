"""核验页 in a real browser: genuine, forged, altered, cut off, revoked, and what stands today."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.actions.office import Office
from registry.actions.vouching import keeping, revoking, telling
from registry.actions.vouching.keeping import RevokeCommand
from registry.api import verify_page
from registry.api.vouching import drawn
from registry.domain.notice_code import code, digits, parted, payload
from registry.domain.records import civil
from registry.domain.request import Request
from registry.domain.vouching import AdmissionNotice, SignedStatus, SigningKey
from registry.store.keys import Keys
from tests import browsing
from tests.actions.case import Hands, admitted
from tests.actions.decided import carried, changed, heard, proposed, revoked, rows
from tests.actions.reorganised import carried_out
from tests.actions.vouched import LONGEST
from tests.conftest import MovingClock

pytestmark = pytest.mark.browser
COUNTY = "990102"
PUBLIC = "http://zhunru.yanshi.example"
"""Plain http and no localhost: as on an office network, where browsers withhold crypto.subtle."""
ORDER = 2**252 + 27742317777372353535851937790883648493
_KEPT = Path(__file__).with_name("vectors")
VECTORS = json.loads((_KEPT / "ed25519.json").read_text())
EDGES = json.loads((_KEPT / "ed25519_edges.json").read_text())
"""What no honest key signs: points of small order, and more than one way to write a point."""
NOON = "2026-03-02T12:00:00+08:00"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """For this file only: while it is open, its loop runs, and no other test could run one."""
    with browsing.opened() as browser:
        yield browser


_SCANNED = """written => {
  document.body.removeAttribute("data-settled");
  location.hash = written;
}"""


class Phone:
    """A page of 390 px as somebody at the door opens it."""

    def __init__(self, browser: Any, office: Office) -> None:
        self.office, self.status = office, None
        self.page = browser.new_page(viewport={"width": 390, "height": 844})
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.clock.set_fixed_time(NOON)
        self.page.route("**/*", self._answer)
        self.html = self.made()
        self._open: tuple[str, bytes] | None = None

    def made(self, *, served: bool = True) -> bytes:
        return verify_page.page(self.office, public_url=PUBLIC, banner="演示数据", served=served)

    def _answer(self, route: Any) -> None:
        self.asked.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        elif "status.json" in route.request.url:
            self._tell(route)
        else:
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")

    def _tell(self, route: Any) -> None:
        if self.status is None:
            route.abort()
            return
        body = msgspec.json.encode(self.status)
        route.fulfill(
            body=body, content_type="application/json",
            headers={"access-control-allow-origin": "*"},
        )  # fmt: skip

    def shown(self, written: str, base: str = f"{PUBLIC}/verify") -> str:
        """The result of a code: a page that lies open is given another one, as by a second scan."""
        address = f"{base}#{written}"
        if self._open != (base, self.html) or self.page.url == address:
            self.page.goto("about:blank")
            self.page.goto(address)
            self._open = (base, self.html)
        else:
            self.page.evaluate(_SCANNED, written)
        self.page.wait_for_selector("body[data-settled]", state="attached")
        assert self.errors == []
        return str(self.page.get_attribute("body", "data-result"))

    def text(self) -> str:
        return str(self.page.inner_text("body"))


@pytest.fixture
def phone(browser: Any, one_office: Office) -> Iterator[Phone]:
    phone = Phone(browser, one_office)
    yield phone
    phone.page.close()


Issued = Callable[..., AdmissionNotice]


@pytest.fixture
def issued(one_hand: Hands, one_office: Office, phone: Phone) -> Issued:
    """A notice, and a phone whose page knows its key."""

    def make(**changes: Any) -> AdmissionNotice:
        request = admitted(one_hand, **{"disclosure": "open", **changes})
        phone.html = phone.made()
        made: AdmissionNotice = rows(one_hand, AdmissionNotice, request_id=request.id)[0]
        return made

    return make


def of_today(office: Office) -> Any:
    return telling.status(office, COUNTY)


def again(notice: AdmissionNotice, keys: Keys, **fields: Any) -> str:
    """The code of another text under the same key: what only the registry itself can make."""
    said = msgspec.structs.replace(notice, **fields)
    return code(payload(said), keys.sign(said.key_id, payload(said)))


# ------------------------------------------------------------------------------ genuine or not


def test_a_genuine_notice_that_stands_today_is_told_with_its_matter(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    notice = issued(starts_on="2026-03-01")
    phone.status = of_today(one_office)
    assert phone.shown(notice.code) == "good"
    text = phone.text()
    for said in (notice.number, notice.title, notice.scope, notice.scope_code, "8,000.00",
                 "2026-03-01 — 2026-06-30", "真实，今日有效", "Genuine, in force today",
                 "投诉建议", "演示数据"):  # fmt: skip
        assert said in text


def test_without_a_status_it_says_so_and_nothing_of_today(phone: Phone, issued: Issued) -> None:
    assert phone.shown(issued().code) == "unknown"
    assert "2026-03-02签发时真实，今日状况未知" in phone.text()


def test_it_needs_no_subtle_crypto(phone: Phone, issued: Issued) -> None:
    phone.shown(issued().code)
    assert phone.page.evaluate("typeof crypto.subtle") == "undefined"


def test_nothing_is_sent_but_the_question_for_the_county_status(
    phone: Phone, issued: Issued
) -> None:
    phone.shown(issued().code)
    asked = {url.partition("#")[0] for url in phone.asked}
    assert asked == {f"{PUBLIC}/verify", f"{PUBLIC}/public/status.json?county={COUNTY}"}


def test_a_code_altered_in_any_part_is_told_as_such(phone: Phone, issued: Issued) -> None:
    notice = issued()
    signed, signature = parted(notice.code)
    for was, becomes in (("8000", "9000"), ("20260630", "20290630"), ("800000", "800001")):
        if was.encode() in signed:
            altered = signed.replace(was.encode(), becomes.encode())
            assert phone.shown(digits(altered + signature)) == "forged"
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    assert phone.shown(digits(signed + flipped)) == "forged"
    assert phone.shown(digits(signed + bytes(64))) == "forged"


def test_one_character_of_a_code_makes_it_worthless(phone: Phone, issued: Issued) -> None:
    written = issued().code
    for at in (0, len(written) // 3, len(written) // 2, len(written) - 150, len(written) - 1):
        other = "1" if written[at] != "1" else "2"
        altered = written[:at] + other + written[at + 1 :]
        assert phone.shown(altered) in ("forged", "broken", "stranger"), at


def test_a_browser_that_cannot_reckon_calls_nobody_a_forger(phone: Phone, issued: Issued) -> None:
    notice = issued()
    # Its program is not run, as where the browser has no big integers.
    phone.html = phone.html.replace(b"var nobleEd25519=", b"var nobleEd25519=@")
    assert phone.shown(notice.code) == "unable"
    assert "没有作出任何判断" in phone.text() and notice.number not in phone.text()


def test_the_licence_of_what_others_wrote_goes_with_the_page(phone: Phone) -> None:
    text = phone.html.decode()
    for said in (
        "The MIT License (MIT)",
        "noble-ed25519 2.3.0: Copyright (c) 2019 Paul Miller",
        "noble-hashes 1.8.0 (SHA-512): Copyright (c) 2022 Paul Miller",
        "The above copyright notice and this permission notice shall be included",
    ):
        assert said in text


def test_a_signature_written_another_way_is_none(phone: Phone, issued: Issued) -> None:
    signed, signature = parted(issued().code)
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert phone.shown(digits(signed + signature[:32] + scalar.to_bytes(32, "little"))) == "forged"


def test_a_forgery_under_ones_own_key_is_told_as_such(
    phone: Phone, issued: Issued, tmp_path: Path
) -> None:
    notice = issued()
    own = Keys(tmp_path / "forger")
    id, _ = own.make(bytes(range(32)))
    as_if = payload(notice)
    assert phone.shown(code(as_if, own.sign(id, as_if))) == "forged"
    named = payload(msgspec.structs.replace(notice, key_id=id))
    assert phone.shown(code(named, own.sign(id, named))) == "stranger"


def test_a_key_of_another_county_opens_nothing_here(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    notice = issued()
    moved = again(notice, one_office.store.keys, county="990103")
    assert phone.shown(moved) == "stranger"


def test_what_is_cut_off_or_no_code_is_told_as_such(phone: Phone, issued: Issued) -> None:
    written = issued().code
    for part in (written[:-5], written[:100], written[:-1], "12345", "abc", "9" * 400):
        assert phone.shown(part) in ("broken", "forged")
    assert phone.shown(written[:60]) == "broken"
    assert phone.shown("%E4%BD%A0%") == "broken"


def test_hostile_words_in_a_title_are_words(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    title = '<img src=x onerror="window.__x=1"></script><b>'
    written = again(issued(), one_office.store.keys, title=title)
    assert phone.shown(written) == "unknown"
    assert title in phone.text()
    assert phone.page.evaluate("window.__x") is None


def test_what_is_not_for_the_public_shows_number_and_term_only(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    notice = issued(disclosure="internal")
    phone.status = of_today(one_office)
    assert phone.shown(notice.code) == "early"
    text = phone.text()
    assert notice.number in text and "2026-04-01 — 2026-06-30" in text
    for secret in (notice.title, notice.scope, notice.scope_code, "8,000.00"):
        assert secret not in text


def test_the_arithmetic_is_that_of_the_published_vectors(browser: Any) -> None:
    assert len(VECTORS) > 150
    told = believed(browser, VECTORS)
    assert [v[0] for v, one in zip(VECTORS, told, strict=True) if one is not v[4]] == []
    assert [v[0] for v in VECTORS if trusted(v) is not v[4]] == [], "nor does the registry differ"


def test_points_of_small_order_prove_nothing_even_where_a_looser_reading_takes_them(
    browser: Any,
) -> None:
    assert len(EDGES) > 60
    assert [v[0] for v, one in zip(EDGES, believed(browser, EDGES), strict=True) if one] == []


def trusted(vector: list[Any]) -> bool:
    """What the library that the registry signs with says of a vector."""
    key, message, signature = (bytes.fromhex(part) for part in vector[1:4])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def believed(browser: Any, vectors: list[list[Any]]) -> list[bool]:
    """What the page says of vectors, asked at once."""
    page = browser.new_page()
    page.set_content('<p id="result"></p><p id="told"></p><form id="ask"></form><p id="foot"></p>'
                     '<p id="data">{"keys":[],"counties":[]}</p>')  # fmt: skip
    for program in ("noble-ed25519.min.js", "verify.js"):
        page.add_script_tag(content=verify_page._part(program))
    told = page.evaluate(
        """vectors => {
          const raw = hex => new Uint8Array((hex.match(/../g) || []).map(x => parseInt(x, 16)));
          const key = hex => ({public: btoa(String.fromCharCode(...raw(hex)))});
          return vectors.map(v => signatureIsRight(key(v[1]), raw(v[2]), raw(v[3])));
        }""",
        vectors,
    )
    page.close()
    return [bool(one) for one in told]


# ------------------------------------------------------------------------------------- its day


def test_a_term_that_is_over_or_not_begun_is_told(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    notice = issued()
    phone.status = of_today(one_office)
    assert phone.shown(notice.code) == "early"
    phone.page.clock.set_fixed_time("2026-07-01T00:30:00+08:00")
    assert phone.shown(notice.code) == "over"


def test_what_was_withdrawn_and_replaced_is_told(
    phone: Phone, issued: Issued, one_office: Office, one_hand: Hands
) -> None:
    notice = issued()
    request = rows(one_hand, Request, id=notice.request_id)[0]
    carried(one_hand, changed(one_hand, request, ends_on="2026-08-31"))
    newer = rows(one_hand, AdmissionNotice, replaced=False)[0]
    phone.status = of_today(one_office)
    assert phone.shown(notice.code) == "replaced"
    assert phone.shown(newer.code) == "early"
    heard(one_hand, proposed(one_hand, request))
    revoked(one_hand, request)
    phone.status = of_today(one_office)
    assert phone.shown(newer.code) == "withdrawn"
    assert "真实，但已退出" in phone.text()


def test_a_paper_of_a_community_that_bears_another_name_today_is_told_with_both(
    phone: Phone, issued: Issued, one_office: Office, one_hand: Hands
) -> None:
    notice, name = issued(), "演示新名社区居民委员会"
    phone.status = of_today(one_office)
    phone.shown(notice.code)
    assert "现为" not in phone.text()
    area = "a-990102001001"
    carried_out(one_hand, kind="rename", object_kind="area", sources=[area],
                successors=[{"id": area, "name": name}])  # fmt: skip
    phone.status = of_today(one_office)
    phone.shown(notice.code)
    assert notice.scope in phone.text()
    assert f"现为{name} {notice.scope_code}" in phone.text()


def test_an_old_status_says_nothing_of_today(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    notice = issued()
    phone.status = of_today(one_office)
    phone.page.clock.set_fixed_time("2026-03-03T09:00:00+08:00")
    assert phone.shown(notice.code) == "unknown"
    assert "以上截至该日" in phone.text()


def test_a_status_older_than_the_notice_says_nothing_of_it_whatever_the_phones_clock(
    phone: Phone, one_hand: Hands, issued: Issued, clock: MovingClock
) -> None:
    issued()
    old = of_today(phone.office)
    clock.at = clock.at.replace(day=5)
    request = admitted(one_hand, disclosure="open", starts_on="2026-03-01")
    notice = rows(one_hand, AdmissionNotice, request_id=request.id)[0]
    assert str(notice.issued_on) == "2026-03-05"
    phone.status = old
    for noon in ("2026-03-05T12:00:00+08:00", NOON):
        phone.page.clock.set_fixed_time(noon)
        assert phone.shown(notice.code) == "unknown"
        assert "以上截至该日" in phone.text()


def test_a_phone_whose_clock_is_slow_takes_the_day_of_the_status(
    phone: Phone, issued: Issued, one_office: Office, clock: MovingClock
) -> None:
    notice = issued(starts_on="2026-03-01")
    clock.at = clock.at.replace(day=5)
    phone.status = of_today(one_office)
    assert phone.shown(notice.code) == "good"


def test_a_status_that_was_altered_or_is_another_countys_is_not_believed(
    phone: Phone, issued: Issued, one_office: Office, one_hand: Hands
) -> None:
    notice = issued(starts_on="2026-03-01")
    true = of_today(one_office)
    altered = true.status.replace('"on":"2026-03-02"', '"on":"2026-03-09"')
    assert altered != true.status
    phone.status = msgspec.structs.replace(true, status=altered)
    assert phone.shown(notice.code) == "unknown"
    other = true.status.replace('"county":"990102"', '"county":"990103"')
    signature = one_office.store.keys.sign(true.key, other.encode())
    phone.status = msgspec.structs.replace(
        true, status=other, signature=urlsafe_b64encode(signature).decode().rstrip("=")
    )
    assert phone.shown(notice.code) == "unknown"
    phone.status = {"status": 1}
    assert phone.shown(notice.code) == "unknown"


def test_a_revoked_key_proves_nothing_on_a_new_page_and_on_an_old_one_that_reads_the_status(
    phone: Phone, issued: Issued, one_office: Office, one_hand: Hands
) -> None:
    notice = issued()
    one_hand("sec.admin").do(keeping.make)
    old_page = phone.made()
    lost = rows(one_hand, SigningKey)
    key = next(k for k in lost if k.id == notice.key_id)
    true = of_today(one_office)
    text = true.status.replace(f'"key":"{true.key}"', f'"key":"{key.id}"')
    signature = one_office.store.keys.sign(key.id, text.encode())
    stolen = SignedStatus(
        status=text, signature=urlsafe_b64encode(signature).decode().rstrip("="), key=key.id
    )
    command = RevokeCommand(reason="设备遗失")
    one_hand("sec.admin").do(lambda d: revoking.revoke(d, key.id, key.version, command))
    phone.html = phone.made()
    assert phone.shown(notice.code) == "revoked"
    assert "2026-03-02T12:00:00+08:00" in phone.text()
    newer = rows(one_hand, AdmissionNotice, replaced=False)[0]
    phone.status = stolen
    assert phone.shown(newer.code) == "unknown", "a status under the lost key is not believed"
    phone.html, phone.status = old_page, of_today(one_office)
    assert phone.shown(notice.code) == "revoked"
    assert phone.shown(newer.code) == "early"


def test_a_lost_key_proves_nothing_of_the_days_before_it_was_lost_either(
    phone: Phone, issued: Issued, one_hand: Hands, clock: MovingClock
) -> None:
    """Whoever holds it dates a forgery as they like."""
    notice = issued()
    one_hand("sec.admin").do(keeping.make)
    clock.at = clock.at.replace(day=9)
    key = next(k for k in rows(one_hand, SigningKey) if k.id == notice.key_id)
    since = clock.at.replace(day=8)
    command = RevokeCommand(reason="设备遗失", revoked_from=since)
    one_hand("sec.admin").do(lambda d: revoking.revoke(d, key.id, key.version, command))
    phone.html, phone.status = phone.made(), of_today(phone.office)
    keys, later = phone.office.store.keys, clock.at.date()
    for written in (notice.code, again(notice, keys, issued_on=later)):
        assert phone.shown(written) == "revoked"
    assert civil(since).isoformat() in phone.text()
    altered = notice.code[:-1] + ("1" if notice.code[-1] != "1" else "2")
    assert phone.shown(altered) in ("forged", "broken"), "what it never signed is no notice at all"


# ------------------------------------------------------------------------------ wherever it lies


def test_it_works_from_a_disk_without_any_server(
    phone: Phone, issued: Issued, tmp_path: Path
) -> None:
    notice = issued()
    file = tmp_path / "verify.html"
    file.write_bytes(phone.made(served=False))
    assert phone.shown(notice.code, file.as_uri()) == "unknown"
    assert phone.shown(notice.code[:-5] + "00000", file.as_uri()) in ("forged", "broken")


def test_a_copy_on_any_server_reads_the_status_beside_it(
    phone: Phone, issued: Issued, one_office: Office
) -> None:
    notice = issued(starts_on="2026-03-01")
    phone.html, phone.status = phone.made(served=False), of_today(one_office)
    assert phone.shown(notice.code, "http://copy.example/gk/page.html") == "good"
    assert "http://copy.example/gk/status.json" in phone.asked


def test_what_a_code_holds_can_be_pasted(phone: Phone, issued: Issued) -> None:
    notice = issued()
    phone.page.goto(f"{PUBLIC}/verify")
    phone.page.fill("#code", f" {PUBLIC}/verify#{notice.code}\n")
    phone.page.click("button")
    phone.page.wait_for_selector('body[data-result="unknown"]', state="attached")


def test_the_picture_is_read_as_the_link(phone: Phone, issued: Issued) -> None:
    notice = issued()
    pieces = verify_page.link(PUBLIC, notice.code)
    for form, media in (("png", "image/png"), ("svg", "image/svg+xml")):
        picture = urlsafe_b64encode(drawn(pieces, form)).decode().replace("-", "+")
        address = f"data:{media};base64,{picture.replace('_', '/')}"
        width, grey = _seen(phone, address)
        lines = memoryview(grey).cast("B", shape=[len(grey) // width, width])
        assert zxingcpp.read_barcodes(lines)[0].text == "".join(pieces), form


def _seen(phone: Phone, address: str) -> tuple[int, bytes]:
    """A picture as the browser draws it: its width, and one octet a pixel."""
    page = phone.page.context.browser.new_page()
    width, values = page.evaluate(
        """async address => {
          const image = new Image();
          image.src = address;
          await image.decode();
          const canvas = document.createElement("canvas");
          canvas.width = image.width; canvas.height = image.height;
          const pen = canvas.getContext("2d");
          pen.fillStyle = "#fff"; pen.fillRect(0, 0, image.width, image.height);
          pen.drawImage(image, 0, 0);
          const data = pen.getImageData(0, 0, image.width, image.height).data;
          const grey = data.filter((_, at) => at % 4 === 0);
          return [image.width, Array.from(grey, one => one ? "1" : "0").join("")];
        }""",
        address,
    )
    page.close()
    return width, bytes(255 * (one == "1") for one in values)


def test_it_fits_a_phone_and_a_desk(phone: Phone, issued: Issued, one_office: Office) -> None:
    long = again(issued(), one_office.store.keys, title=LONGEST.title, scope=LONGEST.scope * 3)
    for width in (390, 1280):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.shown(long)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= width
