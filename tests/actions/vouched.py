"""通知书 as a phone meets it: a picture read by a decoder, the longest paper, the status as told."""

from datetime import date
from typing import Any

import msgspec
import zxingcpp

from registry.actions.office import Office
from registry.actions.vouching import telling
from registry.domain.notice_code import code, payload
from registry.domain.vouching import AdmissionNotice

QUIET = 4
"""Light modules around a code."""


def plain(signed: bytes) -> list[Any]:
    """What was signed, as a list."""
    told: list[Any] = msgspec.json.decode(signed.decode("gb18030").encode())
    return told


def read_by_a_phone(made: Any, scale: int = 4) -> str:
    """The text of a QR, read from its picture by a decoder that knows nothing of us."""
    lines = [
        bytes(0 if dark else 255 for dark in line for _ in range(scale))
        for line in made.matrix_iter(scale=1, border=QUIET)
        for _ in range(scale)
    ]
    picture = memoryview(b"".join(lines)).cast("B", shape=[len(lines), len(lines[0])])
    return str(zxingcpp.read_barcodes(picture)[0].text)


def status_of(office: Office, county: str = "990102") -> dict[str, Any]:
    """The status of today, as told."""
    told: dict[str, Any] = msgspec.json.decode(telling.status(office, county).status)
    return told


def _longest() -> AdmissionNotice:
    made = AdmissionNotice(
        county="990102", id="r.p0.n1", number="演县事准入办〔2026〕10000号-3000", decision_id="d",
        request_id="r", presence_id="r.p0", organisation_id="o", area_path="/a/",
        title="事" * 200, scope="演示县第二十三街道办事处花园路东社区", scope_code="990102001001",
        starts_on=date(2026, 4, 1), ends_on=date(2026, 12, 31), share_fen=10**15,
        issuer_name="演示县", issued_on=date(2026, 3, 2), edition=99, open=True,
        key_id="k0123abcd", code="",
    )  # fmt: skip
    return msgspec.structs.replace(made, code=code(payload(made), bytes([255]) * 64))


LONGEST = _longest()
