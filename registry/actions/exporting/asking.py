"""只读 SQL for auditors: one SELECT on their own audit database, timed, bounded, on record."""

from typing import Annotated, Any

import msgspec

from registry.actions.exporting.ground import Ground
from registry.actions.exporting.jobs import Job, Jobs, ground_of
from registry.actions.office import Answer, Call, Desk
from registry.actions.readlog.gathering import read_log
from registry.actions.rules.signing import county_paths
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.exporting import Form
from registry.domain.people import Actor
from registry.domain.records import Wire
from registry.store.audit_sql import ask

ACT = "sql.run"
NO_DATABASE = declare(
    "sql.no_database", RefusalKind.CONFLICT,
    "请先导出本人的审计数据库（POST /exports，form 为 audit-db），岗位变动后须重新导出",
    "Take your audit database first (POST /exports, form audit-db); after a change of posts, anew.",
)  # fmt: skip
NOT_ANSWERED = declare(
    "sql.refused", RefusalKind.INVALID, "查询没有执行：{why}；只能是一条 SELECT，只能查审计数据库的表和视图",
    "Not answered: {why}. One SELECT on the tables and views of the audit database.",
)  # fmt: skip


class SqlCommand(Wire, frozen=True, kw_only=True):
    """只读查询."""

    sql: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
    export: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    """Which of one's audit databases; absent = the last."""


class SqlAnswer(Wire, frozen=True, kw_only=True):
    """查询结果."""

    export: str
    snapshot: int
    columns: list[str]
    rows: list[list[Any]]
    more: bool
    """There were more rows than are told."""


def answered(jobs: Jobs, of: Ground, actor: Actor, command: SqlCommand) -> SqlAnswer:
    """Answer a query; that it was asked stands in the log of reading first.

    Raises:
        Refusal: ``access.forbidden``, ``sql.no_database``, ``sql.refused``.
    """
    call = Call(actor=actor, county=of.county, act=ACT)
    of.office.ask(call, _authorised)
    job = _database(jobs, of, actor, command.export)
    told_of = {"export": job.id, "snapshot": job.snapshot, "sql": command.sql}
    read_log(of.office).query(actor, of.county, told_of)
    told = ask(jobs.file(actor, job.id)[1], command.sql)
    if told.error:
        raise Refusal(NOT_ANSWERED, why=told.error)
    return SqlAnswer(
        export=job.id, snapshot=job.snapshot, columns=told.columns, rows=told.rows, more=told.more
    )


def _database(jobs: Jobs, of: Ground, actor: Actor, id: str | None) -> Job:
    job = jobs.one(actor, id) if id is not None else jobs.last(actor, of.county)
    mine = job is not None and job.form is Form.AUDIT_DB and job.county == of.county
    if job is None or not mine or job.ground != ground_of(of):
        raise Refusal(NO_DATABASE)
    return job


def _authorised(desk: Desk) -> Answer:
    desk.authorise(ACT, [post.organisation_id for post in desk.actor.posts], county_paths(desk))
    return Answer(body=None)
