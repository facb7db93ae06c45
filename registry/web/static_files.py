"""静态文件 the style, the script and the signs of the pages: kept by browsers for good."""

from typing import Any

from litestar import Request
from litestar.handlers import HTTPRouteHandler, get
from litestar.response.base import ASGIResponse

from registry.api.problems import NO_ROUTE, refused
from registry.domain.errors import Refusal
from registry.web.house import MEDIA, address, files

FOREVER = "public, max-age=31536000, immutable"


def static() -> HTTPRouteHandler:
    """The route of all files."""

    async def handle(request: Request[Any, Any, Any]) -> ASGIResponse:
        name = request.scope["path_params"]["name"]
        if name not in files() or request.scope["path"] != address(name):
            return refused(Refusal(NO_ROUTE))
        kind = MEDIA["." + name.rpartition(".")[2]]
        return ASGIResponse(
            body=files()[name], media_type=kind,
            headers={"cache-control": FOREVER, "x-content-type-options": "nosniff"},
        )  # fmt: skip

    made: HTTPRouteHandler = get("/static/{digest:str}/{name:str}", include_in_schema=False)(handle)
    return made
