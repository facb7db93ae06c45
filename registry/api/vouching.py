"""通知书入口 the QR of a notice, and what anybody may fetch: the page that checks it, the status."""

import io
from typing import Any

import segno
from litestar.response.base import ASGIResponse

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.vouching import telling
from registry.api import samples, verify_page
from registry.api.asked import Asked
from registry.api.entrance import About
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import Work, aside, told
from registry.domain.vouching import AdmissionNotice, SignedStatus

QR = "/admission-notices/{id}/qr."
FORMS = {"svg": "image/svg+xml", "png": "image/png"}
_LEVEL = "m"
"""纠错等级: up to 15 % of a printed code may be soiled."""
_SCALE, _MARGIN = 4, 4
HTML = "text/html"
_ANYWHERE = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
"""The status may be asked for by a page that lies elsewhere; it holds numbers only."""


def drawn(pieces: tuple[str, str], form: str) -> bytes:
    """A QR as a picture.

    Args:
        pieces: the link and its digits, each packed in its own closest writing.
        form: ``svg`` or ``png``.
    """
    picture = io.BytesIO()
    # Several pieces are taken as well, each in a mode of its own; the stub knows of one only.
    whole: Any = list(pieces)
    code = segno.make(whole, error=_LEVEL, micro=False, boost_error=False)
    code.save(picture, kind=form, scale=_SCALE, border=_MARGIN)
    return picture.getvalue()


def qr(office: Office, about: About, form: str) -> Work:
    """What ``GET /admission-notices/{id}/qr.svg`` and ``.png`` do."""

    async def work(asked: Asked) -> ASGIResponse:
        actor = asked.actor()

        def read() -> tuple[AdmissionNotice, bytes]:
            notice = reading.one(office, actor, AdmissionNotice, asked.id, county=asked.county)
            return notice, drawn(verify_page.link(about.public_url, notice.code), form)

        notice, picture = await aside(read)
        return ASGIResponse(
            body=picture, media_type=FORMS[form], headers={"etag": f'"{notice.version}"'}
        )

    return work


def page(office: Office, about: About) -> Work:
    """What ``GET /verify`` does."""

    async def work(_asked: Asked) -> ASGIResponse:
        body = await aside(_page, office, about)
        policy = verify_page.policy(about.public_url)
        return ASGIResponse(
            body=body, media_type=HTML,
            headers={
                "content-security-policy": f"{policy}; frame-ancestors 'none'",
                "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
                "cache-control": "no-cache",
            },
        )  # fmt: skip

    return work


def _page(office: Office, about: About) -> bytes:
    return verify_page.page(office, public_url=about.public_url, banner=about.banner, served=True)


def status(office: Office) -> Work:
    """What ``GET /public/status.json`` does: nobody need sign in."""

    async def work(asked: Asked) -> Any:
        return told(await aside(telling.status, office, asked.county), headers=_ANYWHERE)

    return work


def operations(api: str) -> list[Operation]:
    """Their entries in the OpenAPI document."""
    pictures = [
        Operation(
            path=f"{api}{QR}{form}", method="GET", id=f"admission-notices.qr.{form}",
            zh=f"准入通知书二维码（{form.upper()}）", en=f"The QR of a notice as {form.upper()}",
            media=media, errors=errors_of(reading),
            parameters=[parameter("id", place="path", required=True), parameter("county")],
        )
        for form, media in FORMS.items()
    ]  # fmt: skip
    return [
        *pictures,
        Operation(
            path=verify_page.PATH, method="GET", id="verify", zh="通知书核验页",
            en="The page that checks a notice", open=True, media=HTML, errors=errors_of(),
        ),
        Operation(
            path=verify_page.STATUS, method="GET", id="status", zh="今日状况文件（已签名）",
            en="The signed status of today", open=True, answers=SignedStatus,
            example=samples.sample(SignedStatus), parameters=[parameter("county")],
            errors=errors_of(telling),
        ),
    ]  # fmt: skip
