"""附件入口 files in and out: the raw file is the body, its particulars are query parameters."""

import hashlib
from typing import Any
from urllib.parse import quote

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions import attaching
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.serving import COUNTY, Work, aside, perform, told
from registry.api.strict import misfit

LIMIT = 20 << 20
"""Largest document, bytes."""
ATTACH = COUNTY | set(attaching.AttachCommand.__struct_fields__)
_FLAGS = {"true": True, "false": False}


def attach(office: Office, api: str) -> Work:
    """What ``POST /documents`` does; the type is told by the bytes, not by a header."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = _command(asked)
        content = await asked.raw()
        digest = hashlib.sha256(content).hexdigest()
        call = asked.call(actor, "document.upload", command, digest)
        stored = await aside(attaching.keep, office, call, command, content)
        answer = await perform(office, call, lambda desk: attaching.attach(desk, command, stored))
        body = msgspec.to_builtins(answer.body)
        made = f"{api}/documents/{body['id']}"
        return told(body, status=201, version=answer.version, location=made)

    return work


def _command(asked: Asked) -> attaching.AttachCommand:
    given: dict[str, Any] = dict(asked.query)
    confirmed = given.get("not_secret")
    if confirmed in _FLAGS:
        given["not_secret"] = _FLAGS[confirmed]
    try:
        return msgspec.convert(given, attaching.AttachCommand)
    except msgspec.ValidationError as error:
        raise misfit(error, attaching.AttachCommand) from error


def content(office: Office) -> Work:
    """What ``GET /documents/{id}/content`` does: always a download, never shown in the page."""

    async def work(asked: Asked) -> ASGIResponse:
        actor = asked.actor()
        document, data = await aside(attaching.content, office, actor, asked.id)
        name = quote(document.name, safe="")
        return ASGIResponse(
            body=data, media_type=document.media_type,
            headers={
                "content-disposition": f"attachment; filename*=UTF-8''{name}",
                "etag": f'"{document.version}"',
            },
        )  # fmt: skip

    return work
