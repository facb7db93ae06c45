"""询问 what one line of the tables of questions is: read from the query, answered, perhaps printed.

The tables themselves are ``questions`` and its neighbours; a new question is one line there.
"""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple, TypeVar

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions.office import Office
from registry.api.asked import Asked, bad_query, misread
from registry.api.serving import Work, aside, told

Ask = Callable[[Office, Asked], Any]
"""Reads the query itself; runs beside the loop, on reading connections."""


class Form(NamedTuple):
    """形式: another form in which an answer is told, by ``format=``."""

    media: str
    make: Callable[[Any], bytes]
    ending: str = ""
    """Of the file it is kept as; empty = it is shown."""
    headers: tuple[tuple[str, str], ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """询问."""

    path: str
    id: str
    zh: str
    en: str
    ask: Ask
    answers: type[Any]
    module: ModuleType
    """Where it is answered: its declared codes are the errors of the operation."""
    query: frozenset[str] = frozenset()
    page: Callable[[Any], str] | None = None
    """The answer as a page to print, for whoever accepts plain text."""
    sheet: Callable[[Any], bytes] | None = None
    """The answer as CSV, for whoever accepts that, or asks for ``format=csv``."""
    forms: Mapping[str, Form] = MappingProxyType({})
    """Further forms of the answer by the word of ``format``."""
    open: bool = False
    """Needs no token: what the public may ask; told with an ETag, so that it may be kept."""


_PLAIN, _CSV = "text/plain", "text/csv"
FORMAT = "format"
"""Query parameter of a question that has a sheet: ``csv``."""
_MARK = 32


def answered(office: Office, question: Question) -> Work:
    """What the route of a question does."""

    async def work(asked: Asked) -> Any:
        accepted, form = asked.request.headers.get("accept", ""), asked.query.pop(FORMAT, None)
        forms = tuple(question.forms) or ("csv",)
        if form is not None and form not in forms:
            raise bad_query(FORMAT, f"只能填 {'、'.join(forms)}", f"one of: {', '.join(forms)}")
        answer = await aside(question.ask, office, asked)
        if form in question.forms:
            return await aside(_formed, question, form, answer)
        if question.page is not None and _PLAIN in accepted:
            text = question.page(answer).encode()
            return ASGIResponse(body=text, media_type=_PLAIN)
        if question.sheet is not None and (form is not None or _CSV in accepted):
            made = ASGIResponse(
                body=question.sheet(answer), media_type=_CSV,
                headers={"content-disposition": f'attachment; filename="{question.id}.csv"'},
            )  # fmt: skip
        else:
            made = told(answer)
        return _kept(asked, made) if question.open else made

    return work


def _formed(question: Question, name: str, answer: Any) -> ASGIResponse:
    form = question.forms[name]
    headers = dict(form.headers)
    if form.ending:
        file = f'attachment; filename="{question.id}.{form.ending}"'
        headers["content-disposition"] = file
    # The framework tells the encoding of a text itself, and would tell it twice.
    media, _, encoding = form.media.partition("; charset=")
    return ASGIResponse(
        body=form.make(answer), media_type=media, encoding=encoding or "utf-8", headers=headers
    )


def _kept(asked: Asked, made: ASGIResponse) -> ASGIResponse:
    """A public answer with its mark; whoever holds it already is told so, and no more."""
    mark = f'"{sha256(made.body).hexdigest()[:_MARK]}"'
    if mark in asked.request.headers.get("if-none-match", ""):
        return ASGIResponse(body=b"", status_code=304, headers={"etag": mark})
    made.headers["etag"] = mark
    return made


F = TypeVar("F")


def read_as(form: type[F], given: dict[str, Any]) -> F:
    """The query as the form it must have.

    Raises:
        Refusal: ``query.value``.
    """
    try:
        return msgspec.convert(given, form, strict=False)
    except msgspec.ValidationError as error:
        raise misread(error, form) from error


def day(asked: Asked, name: str) -> date | None:
    """A civil date of the query; ``None`` where it is not given.

    Raises:
        Refusal: ``query.value``.
    """
    try:
        given = asked.query.get(name)
        return None if given is None else msgspec.convert(given, date)
    except msgspec.ValidationError as error:
        raise misread(error, date, name) from error
