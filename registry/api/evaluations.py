"""评价结果入口 results for the office and for those rated, the sheet of them."""

from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from registry.actions.evaluating import exporting, results
from registry.actions.evaluating.results import ResultQuery, Results
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import COUNTY, Work, aside, door, perform

RESULTS, EXPORT = "/evaluations", "/evaluations/export"
_CSV = "text/csv"
_PERIOD = frozenset({"period"})


def _results(office: Office, asked: Asked) -> Results:
    return results.results(office, asked.actor(), _query(asked))


def _query(asked: Asked) -> ResultQuery:
    given = dict[str, Any](asked.query)
    return read_as(ResultQuery, given | ({"county": asked.county} if asked.county else {}))


EVALUATIONS: tuple[Question, ...] = (
    Question(path=RESULTS, id="evaluations", zh="评价结果：本单位的和中位数，准入管理机构看全县",
             en="Results of a period: one's own and the median; the office reads all",
             ask=_results, answers=Results, module=results,
             query=COUNTY | _PERIOD | {"kind", "after", "limit"}),
)  # fmt: skip


def export(office: Office) -> Work:
    """What ``GET /evaluations/export`` does: who took the sheet is in the log before it is told."""

    async def work(asked: Asked) -> ASGIResponse:
        actor = asked.actor()
        period = _query(asked).period
        call = asked.call(actor, exporting.ACT, period)
        await perform(office, call, lambda desk: exporting.take(desk, period))
        body = await aside(exporting.sheet, office, call.county, period)
        name = f'attachment; filename="evaluations-{period}.csv"'
        return ASGIResponse(body=body, media_type=_CSV, headers={"content-disposition": name})

    return work


def doors(office: Office, api: str) -> list[HTTPRouteHandler]:
    """Every route of these but the questions."""
    return [
        door(office, "GET", api + EXPORT, export(office), parameters=COUNTY | _PERIOD),
    ]


def operations(api: str) -> list[Operation]:
    """How the document tells of them."""
    return [
        Operation(
            path=api + EXPORT, method="GET", id=exporting.ACT,
            zh="评价结果表（CSV，送统一考评机构，留下查阅记录）",
            en="The sheet of results, for the body that assesses; who took it is in the log",
            media=_CSV, parameters=[parameter("period", required=True), parameter("county")],
            errors=errors_of(exporting, results, record=False, act=True),
        ),
    ]  # fmt: skip
