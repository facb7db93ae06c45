"""居民入口 what is said without a token, and the codes with which it is said.

Neither address nor browser is kept or logged; how often an address tries is counted in memory.
"""

from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from registry.actions.evaluating import codes, reporting, satisfying
from registry.actions.evaluating.codes import AnswerCommand, Counted, Issued, RoundCommand
from registry.actions.office import Call, Office
from registry.api import limiting, samples
from registry.api.asked import Asked
from registry.api.asking import Question
from registry.api.limiting import Limiter
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import Work, door, perform, told

ROUNDS = "/code-rounds"
CODE = "/public/satisfactions/{id}"
REPORTS = "/public/reports"
ISSUE, _ANSWER, _TELL = "code_round.issue", "code.answer", "resident_report.tell"
_NONE: frozenset[str] = frozenset()


def issue(office: Office, api: str) -> Work:
    """What ``POST /code-rounds`` does: the codes are in this answer and nowhere else. Sent again
    with the same key, the answer tells of the same round, without codes."""
    decoder = msgspec.json.Decoder(RoundCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        body, version = await handed_out(office, asked.call(actor, ISSUE, command), command)
        return told(
            body, status=201, version=version, location=f"{api}{ROUNDS}/{body.round.id}"
        )  # fmt: skip

    return work


async def handed_out(
    office: Office, call: Call, command: RoundCommand
) -> tuple[Issued, int | None]:
    """A round with its codes, and its version; asked for again with the same key, without codes."""
    fresh = codes.made(office, call.county, command.issued)
    id = office.source.identifier("cor", office.clock())
    answer = await perform(office, call, lambda desk: codes.issue(desk, command, id, fresh))
    held = msgspec.convert(msgspec.to_builtins(answer.body), codes.RoundView)
    return Issued(round=held, codes=list(fresh) if held.id == id else []), answer.version


def said(office: Office, limiter: Limiter) -> Work:
    """What ``POST /public/satisfactions/{code}`` does."""
    decoder = msgspec.json.Decoder(AnswerCommand)

    async def work(asked: Asked) -> Any:
        limiter.check(asked.address())
        command = await asked.command(decoder)
        call, code = codes.call(office, asked.id), asked.id
        answer = await perform(office, call, lambda desk: codes.answer(desk, code, command))
        return told(answer.body)

    return work


def reported(office: Office, limiter: Limiter, api: str) -> Work:
    """What ``POST /public/reports`` does."""
    decoder = msgspec.json.Decoder(reporting.ReportCommand)

    async def work(asked: Asked) -> Any:
        limiter.check(asked.address())
        command = await asked.command(decoder)
        call = reporting.call(office, command.area)
        answer = await perform(office, call, lambda desk: reporting.tell_office(desk, command))
        return told(answer.body, status=201, location=f"{api}{REPORTS}/{answer.body.number}")

    return work


def _follow(office: Office, asked: Asked) -> reporting.Followed:
    return reporting.follow(office, asked.id)


FOLLOWING: tuple[Question, ...] = (
    Question(path=REPORTS + "/{id}", id="resident_report.follow", zh="查询反映进度（公众，凭编号）",
             en="How far a report is, for whoever has its number", ask=_follow,
             answers=reporting.Followed, module=reporting, open=True),
)  # fmt: skip


def doors(office: Office, api: str) -> list[HTTPRouteHandler]:
    """Every route of these."""
    limiter = Limiter(office)
    return [
        door(office, "POST", api + ROUNDS, issue(office, api)),
        door(office, "POST", api + CODE.replace("{id}", "{id:str}"), said(office, limiter),
             parameters=_NONE),
        door(office, "POST", api + REPORTS, reported(office, Limiter(office), api),
             parameters=_NONE),
    ]  # fmt: skip


def operations(api: str) -> list[Operation]:
    """How the document tells of them."""
    examples = samples.commands()
    return [
        Operation(
            path=api + ROUNDS, method="POST", id=ISSUE, zh="发放一次性评价码（只显示一次）",
            en="Hand out one-time codes, told this once", answers=Issued,
            example=samples.sample(Issued), body=RoundCommand, body_example=examples[ISSUE],
            status=201,
            parameters=[parameter("Idempotency-Key", place="header", example="k-0001"),
                        parameter("county")],
            errors=errors_of(codes, satisfying, body=True, record=False, act=True),
        ),
        Operation(
            path=api + CODE, method="POST", id=_ANSWER, zh="用评价码评价（居民，不留姓名）",
            en="Answer with a code, for anybody", answers=Counted, example=samples.sample(Counted),
            body=AnswerCommand, body_example=examples[_ANSWER], open=True,
            parameters=[parameter("id", place="path", required=True)],
            errors=errors_of(codes, limiting, body=True, record=False),
        ),
        Operation(
            path=api + REPORTS, method="POST", id=_TELL, zh="居民反映（不留姓名、电话）",
            en="Report what harms residents or is untrue, for anybody",
            answers=reporting.Followed, example=samples.sample(reporting.Followed),
            body=reporting.ReportCommand, body_example=examples[_TELL], status=201, open=True,
            errors=errors_of(reporting, limiting, body=True, record=False),
        ),
    ]  # fmt: skip
