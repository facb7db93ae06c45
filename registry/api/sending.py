"""送文件 a file as an answer: piece by piece, with what it is in its headers; what is kept can be had
from where somebody left off (RFC 9110, one range)."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import NamedTuple

from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from registry.api.problems import OUT_OF_FILE, refused
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.exporting import Form, Made

PIECE = 1 << 18
"""Octets held in memory."""
_MEDIA = {
    Form.CSV: "text/csv; charset=utf-8", Form.CSV_GB18030: "text/csv; charset=gb18030",
    Form.JSONL: "application/jsonl", Form.GIVING: "application/json",
}  # fmt: skip
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Span(NamedTuple):
    """一段: octets from the first up to, not with, the end."""

    first: int
    end: int


def sent(made: Made, file: Path) -> ASGIResponse:
    """A file whole that is kept nowhere."""
    whole = Span(0, made.octets)
    return _answer(made, _pieces(file, whole, gone=True), whole, {})


def resumed(made: Made, file: Path, asked: Mapping[str, str]) -> ASGIResponse:
    """A file that is kept, or the part of it that the headers ask for."""
    told = {"etag": _tag(made), "accept-ranges": "bytes"}
    span = _span(made, asked)
    if span is None:
        whole = Span(0, made.octets)
        return _answer(made, _pieces(file, whole), whole, told)
    if span.first >= span.end:
        refusal = Refusal(OUT_OF_FILE, octets=made.octets)
        return refused(refusal, {"content-range": f"bytes */{made.octets}"})
    told["content-range"] = f"bytes {span.first}-{span.end - 1}/{made.octets}"
    return _answer(made, _pieces(file, span), span, told, status=206)


def _answer(
    made: Made, pieces: AsyncIterator[bytes], span: Span, told: dict[str, str], *,
    status: int = 200,
) -> ASGIResponse:  # fmt: skip
    length = {"content-length": str(span.end - span.first)}
    return ASGIStreamingResponse(
        iterator=pieces, media_type=_MEDIA.get(made.form, "application/octet-stream"),
        headers=_about(made) | told | length, status_code=status,
    )  # fmt: skip


def _about(made: Made) -> dict[str, str]:
    digest = b64encode(bytes.fromhex(made.sha256)).decode()
    return {
        "content-disposition": f'attachment; filename="{made.name}"',
        "repr-digest": f"sha-256=:{digest}:", "x-snapshot": f"{made.county}-{made.snapshot}",
        "x-rows": str(made.rows),
    }  # fmt: skip


def _tag(made: Made) -> str:
    return f'"{made.sha256}"'


def _span(made: Made, asked: Mapping[str, str]) -> Span | None:
    """The part that is asked for; ``None`` = the whole, which also answers what is no such part."""
    found = _RANGE.fullmatch(asked.get("range", "").strip())
    if found is None or asked.get("if-range", _tag(made)).strip() != _tag(made):
        return None
    first, last = found.groups()
    if not first:
        return Span(max(made.octets - int(last), 0), made.octets) if last else None
    if last and int(last) < int(first):
        return None
    return Span(int(first), min(int(last) + 1 if last else made.octets, made.octets))


async def _pieces(file: Path, span: Span, *, gone: bool = False) -> AsyncIterator[bytes]:
    try:
        with file.open("rb") as held:
            held.seek(span.first)
            left = span.end - span.first
            while left and (piece := await aside(held.read, min(PIECE, left))):
                left -= len(piece)
                yield piece
    finally:
        if gone:
            file.unlink(missing_ok=True)
