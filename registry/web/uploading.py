"""附件来处 the papers that a form may name: what hangs on its case already, and what comes with it."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar.datastructures import UploadFile

from registry.actions import attaching, reading
from registry.actions.office import HIDDEN
from registry.api.acting import identity
from registry.api.documents import LIMIT
from registry.api.problems import TOO_LARGE
from registry.api.serving import aside, perform
from registry.api.strict import misfit
from registry.domain.document import DocumentType
from registry.domain.errors import Refusal
from registry.domain.presence import Presence
from registry.web.files import attached_to
from registry.web.forms.choices import Option
from registry.web.forms.fields import Field, Form
from registry.web.forms.filled import Typed
from registry.web.visit import Visit

Parent = tuple[str, str]
"""What a file hangs on: kind and id."""
ANEW = frozenset({"request.draft", "request.renew", "presence.renew"})
"""Acts that make a request: its papers hang on it, once it is there."""
_NAMES = {"presence_id": "presence", "request_id": "request", "project_id": "audit_project"}


def takes(fields: Iterable[Field]) -> bool:
    """Whether a form asks for papers."""
    return any(f.form is Form.FILE or takes(f.fields) for f in fields)


def lacks_place(act: str, fields: Iterable[Field], subject: Any) -> bool:
    """Whether a form can take no paper: nothing it could hang on is there yet, nor asked for."""
    if act in ANEW:
        return True
    return _of_record(subject) is None and not _asks(fields)


def _asks(fields: Iterable[Field]) -> bool:
    return any(field.name in _NAMES or _asks(field.fields) for field in fields)


def parent_of(visit: Visit, subject: Any, given: Typed) -> Parent | None:
    """What the papers of a form hang on: what it is done to, or what was named in it."""
    if (found := _of_record(subject)) is not None:
        return found
    for name, kind in _NAMES.items():
        if held := given.get(name, [""])[0]:
            return kind, held
    rows = (held[0] for path, held in given.items() if path.endswith(".presence_id") and held[0])
    return next((_case(visit, id) for id in rows), None)


def _of_record(subject: Any) -> Parent | None:
    for kind, record in attaching.PARENTS.items():
        if isinstance(subject, record):
            return kind, subject.id
    held = getattr(subject, "request_id", None)
    return ("request", held) if held else None


def _case(visit: Visit, id: str) -> Parent | None:
    """Rows of money: their papers hang on the case."""
    try:
        place = reading.one(visit.office, visit.actor(), Presence, id, county=visit.county)
    except Refusal:
        return None
    return ("request", place.request_id) if place.request_id else ("presence", id)


def hanging(visit: Visit, parent: Parent | None) -> list[Option]:
    """What hangs there already, to be picked; none that another replaced."""
    if parent is None:
        return []
    return [
        Option(one.id, f"{one.name}（{visit.tongue.code(one.type)}）")
        for one in attached_to(visit, *parent) if one.replaced_by is None
    ]  # fmt: skip


async def uploaded(visit: Visit, parent: Parent | None, given: Typed) -> None:
    """Files that came with a form become documents of its parent, and what their fields name.

    Raises:
        Refusal: as ``attached``; ``access.hidden`` where there is nothing they could hang on.
    """
    for path, file in visit.files.items():
        if file.filename:
            if parent is None:
                raise Refusal(HIDDEN)
            given.setdefault(path, []).append(await attached(visit, parent, file))


async def attached(visit: Visit, parent: Parent, file: UploadFile) -> str:
    """A file that came with a form becomes a document of its parent; its id.

    Raises:
        Refusal: ``body.too_large``, ``document.…``, ``json.shape`` where its name or its parent
            is none.
    """
    content = await file.read()
    if len(content) > LIMIT:
        raise Refusal(TOO_LARGE)
    asked = {
        "parent_kind": parent[0], "parent_id": parent[1],
        "name": "".join(letter for letter in file.filename if letter.isprintable()),
        "type": visit.field("_type") or DocumentType.BASIS.value,
        "not_secret": visit.field("_not_secret") == "true",
    }  # fmt: skip
    try:
        command = msgspec.convert(asked, attaching.AttachCommand)
    except msgspec.ValidationError as error:
        raise misfit(error, attaching.AttachCommand) from error
    call = visit.call(visit.actor(), "document.upload")
    call = msgspec.structs.replace(call, key=None)
    stored = await aside(attaching.keep, visit.office, call, command, content)
    answer = await perform(visit.office, call, lambda d: attaching.attach(d, command, stored))
    return identity(answer.body)
