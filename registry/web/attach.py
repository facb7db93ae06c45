"""附件页 files hung on what they belong to: a case, an agreement, a board, a finding."""

from functools import partial
from typing import Any
from urllib.parse import quote

from litestar.datastructures import UploadFile
from litestar.response.base import ASGIResponse

from registry.actions import attaching, reading
from registry.actions.attaching import PARENTS
from registry.actions.office import HIDDEN
from registry.api.documents import LIMIT
from registry.api.resources import RESOURCES
from registry.api.serving import aside
from registry.domain.document import DocumentType
from registry.domain.errors import Refusal
from registry.web.files import attached_to
from registry.web.forms.choices import name_of
from registry.web.serving import HEADERS, Kind, Line, moved, shown
from registry.web.uploading import attached
from registry.web.visit import Visit

ONE = Kind(limit=2 * LIMIT, again=True)


async def ask(visit: Visit) -> Any:
    """``GET /attach/{kind}/{id}``: what hangs there, and room for one more."""
    return await aside(_page, visit)


def _page(visit: Visit, refusal: Refusal | None = None, status: int = 200) -> Any:
    actor, kind = visit.actor(), _kind(visit)
    subject: Any = reading.one(visit.office, actor, PARENTS[kind], visit.id, county=visit.county)
    documents = attached_to(visit, kind, visit.id)
    return shown(visit, "attach.html", status=status, subject=name_of(subject), kind=kind,
                 id=visit.id, documents=documents, types=list(DocumentType), refusal=refusal,
                 back=_back(kind, visit.id))  # fmt: skip


def _back(kind: str, id: str) -> str:
    """The page of what the files hang on."""
    if kind == "request":
        return f"/case/{id}"
    lists = (name for name, one in RESOURCES.items() if one.record is PARENTS[kind])
    return next((f"/records/{name}/{id}" for name in lists), "")


def _kind(visit: Visit) -> str:
    kind = str(visit.request.scope["path_params"]["kind"])
    if kind not in PARENTS:
        raise Refusal(HIDDEN)
    return kind


async def hang(visit: Visit) -> Any:
    """``POST /attach/{kind}/{id}``: one more file."""
    file: UploadFile | None = visit.files.get("file")
    if file is None or not file.filename:
        return await aside(_page, visit)
    try:
        await attached(visit, (_kind(visit), visit.id), file)
    except Refusal as refusal:
        return await aside(partial(_page, visit, refusal, 422))
    return moved(str(visit.request.scope["path"]))


async def content(visit: Visit) -> Any:
    """``GET /documents/{id}``: the file itself, always a download."""
    document, data = await aside(attaching.content, visit.office, visit.actor(), visit.id)
    named = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    return ASGIResponse(
        body=data, media_type=document.media_type,
        headers=HEADERS | {"content-disposition": named},
    )  # fmt: skip


PAGES: list[Line] = [
    ("GET", "/documents/{id:str}", content, Kind()),
    ("GET", "/attach/{kind:str}/{id:str}", ask, Kind(parameters=frozenset({"done"}))),
    ("POST", "/attach/{kind:str}/{id:str}", hang, ONE),
]
