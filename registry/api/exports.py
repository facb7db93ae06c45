"""导出入口 what is small is answered as a file at once; what is large is made beside, and fetched."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse
from sqlalchemy import ColumnElement

from registry.actions import reading
from registry.actions.exporting import asking, giving, ground, jobs, making, parquet
from registry.actions.exporting.asking import SqlAnswer, SqlCommand
from registry.actions.exporting.ground import Ground
from registry.actions.exporting.jobs import Job, Jobs
from registry.actions.exporting.making import Order
from registry.actions.office import Office
from registry.actions.querying import narrowing
from registry.api import grammar, samples
from registry.api.asked import UNKNOWN_QUERY, Asked
from registry.api.entrance import About
from registry.api.exporting import sheets, shown
from registry.api.operations import Operation, errors_of, parameter
from registry.api.resources import RESOURCES
from registry.api.serving import COUNTY, Work, aside, door, told
from registry.domain.errors import Refusal
from registry.domain.exporting import OF_ONE, Form, Made
from registry.domain.people import Actor
from registry.store.exported import table_of
from registry.store.filters import clause, lies
from registry.store.scan import steady

PATH, ONE, CONTENT, SQL = "/exports", "/exports/{id}", "/exports/{id}/content", "/sql"
SMALL = 10_000
"""Rows that are answered at once."""
_PIECE = 1 << 18
_MEDIA = {
    Form.CSV: "text/csv; charset=utf-8", Form.CSV_GB18030: "text/csv; charset=gb18030",
    Form.JSONL: "application/jsonl", Form.GIVING: "application/json",
}  # fmt: skip


class ExportCommand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """导出."""

    form: Form
    resource: Annotated[str, msgspec.Meta(max_length=60)] = ""
    filters: Annotated[dict[str, str], msgspec.Meta(max_length=20)] = {}
    """As the list takes them: ``field``, ``field.in``, ``field.ge`` …, ``area``."""
    as_of: str | None = None
    words: bool = True
    """Headings in Chinese, codes as they are called; otherwise names and codes as they are kept."""
    history: bool = False
    """Every version there was."""


class Desk(NamedTuple):
    """导出台."""

    office: Office
    jobs: Jobs
    release: str


def ordered(desk: Desk, api: str) -> Work:
    """What ``POST /exports`` does."""
    decoder = msgspec.json.Decoder(ExportCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        county = asked.call(actor, making.ACT).county
        of, order = await aside(_order, desk, actor, county, command)
        if order.form in OF_ONE and await aside(_small, of, order):
            made, file = await aside(_at_once, desk, of, actor, order)
            return _sent(made, file, gone=True)
        job = await aside(desk.jobs.begin, of, actor, order)
        return told(job, status=202, location=f"{api}{PATH}/{job.id}")

    return work


def _order(
    desk: Desk, actor: Actor, county: str, command: ExportCommand
) -> tuple[Ground, Order]:  # fmt: skip
    as_of = reading.moment(desk.office, county, command.as_of)
    of = ground.ground(desk.office, county, as_of, sheets())
    of = of._replace(actor=actor, shown=shown())
    making.allowed(of, actor)
    narrowed: tuple[ColumnElement[bool], ...] = ()
    if command.form in OF_ONE:
        if command.resource not in of.sheets:
            raise Refusal(making.NO_RESOURCE, resource=command.resource)
        ground.readable(of, of.sheets[command.resource])
        narrowed = tuple(_narrowed(of, command))
    return of, Order(
        command.form, command.resource, narrowed, dict(command.filters), command.words,
        command.history, desk.release,
    )  # fmt: skip


def _narrowed(of: Ground, command: ExportCommand) -> list[ColumnElement[bool]]:
    given, table = dict(command.filters), table_of(of.sheets[command.resource])
    resource, found = RESOURCES.get(command.resource), list[ColumnElement[bool]]()
    if (area := given.pop("area", None)) is not None:
        _, path = narrowing.place(of.office, [of.county], table, area)
        lying = lies(table, of.county, path)
        found += [] if lying is None else [lying]
    known = set() if resource is None else grammar.parameters_of(resource.name) - _OTHER
    for name in given:
        if resource is None or name not in known or name in resource.flags:
            raise Refusal(UNKNOWN_QUERY, name=name)
    if resource is not None:
        found += [clause(table, one) for one in grammar.conditions(resource, given)]
    return found


_OTHER = grammar.PAGING | {"sort", "text", "holder", "post", "area", grammar.MINE}
"""Parameters of a list that narrow no export."""


def _small(of: Ground, order: Order) -> bool:
    with steady(of.office.store.reader) as moment:
        rows = of.rows(moment, of.sheets[order.resource], history=order.history,
                       narrowed=order.narrowed)  # fmt: skip
        return rows is None or rows.many() <= SMALL


def _at_once(desk: Desk, of: Ground, actor: Actor, order: Order) -> tuple[Made, Path]:
    folder = desk.office.store.data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"once-{desk.office.source.token(16).hex()}"
    made = making.make(of, order, file)
    making.record(of, actor, made)
    return made, file


def _sent(made: Made, file: Path, *, gone: bool = False) -> ASGIResponse:
    """A file, with what it is in its headers; ``gone`` = it is kept nowhere."""

    async def pieces() -> AsyncIterator[bytes]:
        try:
            with file.open("rb") as held:
                while piece := await aside(held.read, _PIECE):
                    yield piece
        finally:
            if gone:
                file.unlink(missing_ok=True)

    digest = b64encode(bytes.fromhex(made.sha256)).decode()
    return ASGIStreamingResponse(
        iterator=pieces(), media_type=_MEDIA.get(made.form, "application/octet-stream"),
        headers={
            "content-disposition": f'attachment; filename="{made.name}"',
            "repr-digest": f"sha-256=:{digest}:", "x-snapshot": f"{made.county}-{made.snapshot}",
            "x-rows": str(made.rows),
        },
    )  # fmt: skip


def one(desk: Desk) -> Work:
    """What ``GET /exports/{id}`` does."""

    async def work(asked: Asked) -> Any:
        return told(await aside(desk.jobs.one, asked.actor(), asked.id))

    return work


def content(desk: Desk) -> Work:
    """What ``GET /exports/{id}/content`` does."""

    async def work(asked: Asked) -> Any:
        job, file = await aside(desk.jobs.file, asked.actor(), asked.id)
        assert job.made is not None
        return _sent(job.made, file)

    return work


def queried(desk: Desk) -> Work:
    """What ``POST /sql`` does."""
    decoder = msgspec.json.Decoder(SqlCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        county = asked.call(actor, asking.ACT).county
        return told(await aside(_queried, desk, actor, county, command))

    return work


def _queried(desk: Desk, actor: Actor, county: str, command: SqlCommand) -> SqlAnswer:
    of = ground.ground(desk.office, county, None, sheets())._replace(actor=actor)
    return asking.answered(desk.jobs, of, actor, command)


def doors(office: Office, about: About, api: str) -> list[HTTPRouteHandler]:
    """Every route of these."""
    desk = Desk(office, Jobs(office), about.version)
    id = "{id:str}"
    return [
        door(office, "POST", api + PATH, ordered(desk, api)),
        door(office, "GET", api + ONE.replace("{id}", id), one(desk)),
        door(office, "GET", api + CONTENT.replace("{id}", id), content(desk)),
        door(office, "POST", api + SQL, queried(desk)),
    ]


def operations(api: str) -> list[Operation]:
    """The same, for the document."""
    named, county = parameter("id", place="path", required=True), parameter(*COUNTY)
    modules = (making, ground, giving, parquet, reading, narrowing)
    return [
        Operation(
            path=api + PATH, method="POST", id="export.made", zh="导出（小的直接给文件，大的给任务）",
            en="Take records away: a file, or a job where it is large", answers=Job,
            example=samples.sample(Job), status=202, body=ExportCommand,
            body_example=samples.commands()["export.made"], parameters=[county],
            errors=errors_of(*modules, body=True, act=True, record=False),
        ),
        Operation(
            path=api + ONE, method="GET", id="export.one", zh="查看导出任务", en="How far an export is",
            answers=Job, example=samples.sample(Job), parameters=[named, county],
            errors=errors_of(jobs),
        ),
        Operation(
            path=api + CONTENT, method="GET", id="export.content", zh="下载导出文件",
            en="Download an export", media="application/octet-stream", parameters=[named, county],
            errors=errors_of(jobs),
        ),
        Operation(
            path=api + SQL, method="POST", id="sql.run", zh="在本人的审计数据库上作只读查询",
            en="One SELECT on one's own audit database", answers=SqlAnswer,
            example=samples.sample(SqlAnswer), body=SqlCommand,
            body_example=samples.commands()["sql.run"], parameters=[county],
            errors=errors_of(asking, jobs, ground, body=True, act=True, record=False),
        ),
    ]  # fmt: skip
