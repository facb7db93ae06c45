"""运行记录入口 the detail rows of a simulation, as a file."""

from typing import Any

from litestar.response.streaming import ASGIStreamingResponse

from registry.actions.office import Office
from registry.actions.rejudging import running
from registry.api.asked import Asked
from registry.api.serving import Work, aside

ROWS = "/pack-runs/{id}/rows"
CSV = "text/csv"


def rows(office: Office) -> Work:
    """What ``GET /pack-runs/{id}/rows`` does: always a download."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        pieces = await aside(running.rows, office, actor, asked.id, asked.county)
        return ASGIStreamingResponse(
            iterator=pieces, media_type=f"{CSV}; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{asked.id}.csv"'},
        )  # fmt: skip

    return work
