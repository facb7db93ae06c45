"""表格入口 what one line of the table of sheets becomes: a raw file read, an action called, told.

The table itself is ``acts_sheets``; a new sheet is one line there.
"""

from collections.abc import Callable
from hashlib import sha256
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
from litestar.handlers import HTTPRouteHandler

from registry.actions import sheets
from registry.actions.office import NEEDS_KEY, Answer, Desk, Office
from registry.api import samples
from registry.api.asked import Asked
from registry.api.asking import read_as
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import COUNTY, Work, aside, door, perform, told
from registry.domain.errors import Refusal
from registry.domain.records import Wire


class Coming(NamedTuple):
    """来表: the act that a file is brought in by, what reads its bytes and what takes its rows."""

    act: str
    read: Callable[[bytes], Any]
    """Whether it is CSV or xlsx is told by the bytes, not by a header."""
    take: Callable[[Desk, Any], Answer]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """表格导入口."""

    path: str
    id: str
    zh: str
    en: str
    coming: Callable[[Any], Coming]
    """Given the query."""
    answers: type[Any]
    modules: tuple[ModuleType, ...]
    """Where the action stands: their declared codes are the errors of the operation."""
    query: type[Wire] | None = None
    """What is told beside the file; None = nothing."""
    example: str | None = None
    """Of the first particular told beside the file."""
    status: int = 201
    money: bool = False
    """Needs an Idempotency-Key."""
    limit: int = 8 << 20
    """Largest file, bytes."""


def always(
    act: str, read: Callable[[bytes], Any], take: Callable[[Desk, Any], Answer]
) -> Callable[[Any], Coming]:
    """How a sheet comes in that has no query."""
    coming = Coming(act, read, take)
    return lambda _query: coming


def take_sheet(office: Office, sheet: Sheet) -> Work:
    """What the route of a sheet does: who may send none is refused before the file is read."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        query = read_as(sheet.query, dict(asked.query)) if sheet.query is not None else None
        coming = sheet.coming(query)
        sheets.may(office, actor, coming.act)
        content = await asked.raw()
        call = asked.call(actor, coming.act, query, sha256(content).hexdigest())
        if sheet.money and call.key is None:
            raise Refusal(NEEDS_KEY)
        rows = await aside(coming.read, content)
        answer = await perform(office, call, lambda desk: coming.take(desk, rows))
        return told(answer.body, status=sheet.status)

    return work


def sheet_door(office: Office, sheet: Sheet, api: str) -> HTTPRouteHandler:
    """Its route."""
    return door(
        office, "POST", api + sheet.path, take_sheet(office, sheet),
        parameters=COUNTY | set(_particulars(sheet)), limit=sheet.limit,
    )  # fmt: skip


def operation(sheet: Sheet, api: str) -> Operation:
    """How it stands in the OpenAPI document."""
    fields = _particulars(sheet).values()
    return Operation(
        path=api + sheet.path, method="POST", id=sheet.id, zh=f"{sheet.zh}(xlsx 或 CSV)",
        en=f"{sheet.en}: the raw file", answers=sheet.answers, status=sheet.status,
        example=samples.sample(sheet.answers), raw_body=True,
        parameters=[
            *(parameter(f.name, required=f.required, example=sheet.example if f.required else None)
              for f in fields),
            parameter("Idempotency-Key", place="header", required=sheet.money, example="k-0001"),
            parameter("county"),
        ],
        errors=errors_of(*sheet.modules, sheets, body=True, record=False, act=True,
                         money=sheet.money),
    )  # fmt: skip


def _particulars(sheet: Sheet) -> dict[str, msgspec.structs.FieldInfo]:
    return {f.name: f for f in msgspec.structs.fields(sheet.query)} if sheet.query else {}
