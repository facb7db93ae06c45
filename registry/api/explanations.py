"""说明入口 why a request or a verdict is as it is: read with the rights to read the verdict."""

from collections.abc import Callable
from typing import Any

from registry.actions import explaining
from registry.actions.explaining import Explanation
from registry.actions.office import Call, Office
from registry.api.asked import Asked
from registry.api.serving import Work, aside, told

Read = Callable[[Office, Call, str], Explanation]
PATHS: dict[str, tuple[Read, str, str]] = {
    "requests": (explaining.of_request, "说明申请的预审意见和通过办法",
                 "Explain a request's verdict and the way to yes"),
    "verdicts": (explaining.of_verdict, "说明一份预审意见和通过办法",
                 "Explain a kept verdict and the way to yes"),
}  # fmt: skip
"""Resource → how one of it is explained, and what the operation is called."""


def explained(office: Office, resource: str) -> Work:
    """What ``GET /{resource}/{id}/explanation`` does."""
    read = PATHS[resource][0]

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        return told(await aside(read, office, asked.call(actor, "verdict.read"), asked.id))

    return work
