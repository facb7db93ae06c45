"""导出入口 what is small is answered as a file at once; what is large is made beside, and fetched."""

from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar.handlers import HTTPRouteHandler

from registry.actions import reading
from registry.actions.exporting import (
    asking,
    giving,
    ground,
    jobs,
    making,
    ordering,
    parquet,
    queueing,
)
from registry.actions.exporting.asking import SqlAnswer, SqlCommand
from registry.actions.exporting.ground import Ground
from registry.actions.exporting.jobs import Job, Jobs
from registry.actions.exporting.making import Narrowed, Order
from registry.actions.office import Office
from registry.actions.querying import narrowing
from registry.actions.querying.askable import Condition
from registry.api import grammar, samples, sending
from registry.api.asked import UNKNOWN_QUERY, Asked, bad_query
from registry.api.entrance import About
from registry.api.exporting import sheets, shown
from registry.api.operations import OCTETS, Operation, errors_of, parameter
from registry.api.problems import OUT_OF_FILE
from registry.api.resources import RESOURCES
from registry.api.serving import COUNTY, Work, aside, door, told
from registry.domain.errors import Refusal
from registry.domain.exporting import OF_ONE, Form
from registry.domain.people import Actor

PATH, ONE, CONTENT, SQL = "/exports", "/exports/{id}", "/exports/{id}/content", "/sql"
SMALL = 10_000
"""Rows that are answered at once."""
QUERIES = 2
"""Queries answered beside one another, each in a process with the memory it is given."""


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
    queries: Executor | None = None
    """Those who ask by SQL wait for one another and for nobody else, nor anybody for them."""


def ordered(desk: Desk, api: str) -> Work:
    """What ``POST /exports`` does."""
    decoder = msgspec.json.Decoder(ExportCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        county = asked.call(actor, making.ACT).county
        of, order = await aside(order_of, desk, actor, county, command)
        if order.form in OF_ONE and await aside(ordering.small, of, order, SMALL):
            made, file = await aside(ordering.at_once, of, actor, order)
            return sending.sent(made, file)
        job = await aside(desk.jobs.begin, of, actor, order)
        return told(job, status=202, location=f"{api}{PATH}/{job.id}")

    return work


def order_of(
    desk: Desk, actor: Actor, county: str, command: ExportCommand
) -> tuple[Ground, Order]:  # fmt: skip
    """What was ordered, and the ground it is made on, of what the person may read.

    Raises:
        Refusal: ``query.malformed``, ``query.unknown``, ``access.reading``.
    """
    of = ordering.ground_for(
        desk.office, actor, county, as_of=command.as_of, sheets=sheets(), shown=shown()
    )
    narrowed: Narrowed = ()
    if command.form in OF_ONE:
        sheet = ordering.sheet_of(of, command.resource)
        given = dict(command.filters)
        area = given.pop("area", None)
        narrowed = ordering.narrowed(of, sheet, _conditions(command.resource, given), area)
    else:
        _whole(command)
    return of, Order(
        command.form, command.resource, narrowed, dict(command.filters), command.words,
        command.history, desk.release,
    )  # fmt: skip


def _whole(command: ExportCommand) -> None:
    """What is taken whole is narrowed by nothing; and what was asked stands in the log.

    Raises:
        Refusal: ``query.malformed``.
    """
    for name in ("resource", "filters"):
        if getattr(command, name):
            raise bad_query(name, "此格式整份导出，不填", "this form is taken whole")


def _conditions(name: str, given: dict[str, str]) -> list[Condition]:
    resource = RESOURCES.get(name)
    known = set() if resource is None else grammar.parameters_of(name) - OTHER
    for one in given:
        if resource is None or one not in known or one in resource.flags:
            raise Refusal(UNKNOWN_QUERY, name=one)
    return [] if resource is None else grammar.conditions(resource, given)


OTHER = grammar.PAGING | {"sort", "text", "holder", "post", "area", grammar.MINE}
"""Parameters of a list that narrow no export."""


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
        return sending.resumed(job.made, file, asked.request.headers)

    return work


def queried(desk: Desk) -> Work:
    """What ``POST /sql`` does."""
    decoder = msgspec.json.Decoder(SqlCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        county = asked.call(actor, asking.ACT).county
        return told(await aside(_queried, desk, actor, county, command, pool=desk.queries))

    return work


def _queried(desk: Desk, actor: Actor, county: str, command: SqlCommand) -> SqlAnswer:
    of = ground.ground(desk.office, county, None, sheets())._replace(actor=actor)
    return asking.answered(desk.jobs, of, actor, command)


def doors(office: Office, about: About, api: str) -> list[HTTPRouteHandler]:
    """Every route of these."""
    queries = ThreadPoolExecutor(QUERIES, thread_name_prefix="sql")
    office.exports = Jobs(office)
    desk = Desk(office, office.exports, about.version, queries)
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
    modules = (making, ground, giving, ordering, parquet, queueing, reading, narrowing)
    return [
        Operation(
            path=api + PATH, method="POST", id="export.made", zh="导出（小的直接给文件，大的给任务）",
            en="Take records away: a file, or a job where it is large", answers=Job,
            example=samples.sample(Job), status=202, file=True, body=ExportCommand,
            body_example=samples.commands()["export.made"], parameters=[county],
            errors=errors_of(*modules, body=True, act=True, record=False),
        ),
        Operation(
            path=api + ONE, method="GET", id="export.one", zh="查看导出任务", en="How far an export is",
            answers=Job, example=samples.sample(Job), parameters=[named, county],
            errors=errors_of(jobs),
        ),
        Operation(
            path=api + CONTENT, method="GET", id="export.content", zh="下载导出文件，可断点续传",
            en="Download an export, whole or from where it broke off (Range)", file=True,
            status=206, media=OCTETS, parameters=[named, county],
            errors=errors_of(jobs) | {416: [OUT_OF_FILE]},
        ),
        Operation(
            path=api + SQL, method="POST", id="sql.run", zh="在本人的审计数据库上作只读查询",
            en="One SELECT on one's own audit database", answers=SqlAnswer,
            example=samples.sample(SqlAnswer), body=SqlCommand,
            body_example=samples.commands()["sql.run"], parameters=[county],
            errors=errors_of(asking, jobs, ground, body=True, act=True, record=False),
        ),
    ]  # fmt: skip
