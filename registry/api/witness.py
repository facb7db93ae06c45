"""见证入口 other logs' checkpoints, cosigned here (https://c2sp.org/tlog-witness)."""

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from registry.actions.office import Office
from registry.actions.sealing import keys, witnessing
from registry.api.asked import Asked
from registry.api.operations import Operation, errors_of
from registry.api.serving import Work, aside, door
from registry.domain.sealing import Answered

PATH = "/witness/add-checkpoint"
LIMIT = 1 << 17
"""Octets of a request: a proof of 63 hashes and a note with very many signatures."""
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
STATUS: dict[Answered, int] = {
    Answered.DONE: 200, Answered.MALFORMED: 400, Answered.UNTRUSTED: 403, Answered.UNKNOWN: 404,
    Answered.CONFLICT: 409, Answered.UNPROVEN: 422, Answered.DOWN: 503,
}  # fmt: skip


def add_checkpoint(office: Office) -> Work:
    """What ``POST /witness/add-checkpoint`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        body = await asked.raw()
        said = await aside(witnessing.add_checkpoint, office, body)
        media = SIZE if said.kind is Answered.CONFLICT else TEXT
        return ASGIResponse(
            body=said.text.encode(), media_type=media, status_code=STATUS[said.kind]
        )

    return work


def doors(office: Office) -> list[HTTPRouteHandler]:
    """Every route of these."""
    none: frozenset[str] = frozenset()
    return [door(office, "POST", PATH, add_checkpoint(office), parameters=none, limit=LIMIT)]


def operations() -> list[Operation]:
    """How the document tells of them."""
    return [
        Operation(
            path=PATH, method="POST", id="witness.add_checkpoint", media="text/plain", open=True,
            zh="见证其他日志的检查点（C2SP tlog-witness）", en="Cosign another log's checkpoint",
            raw_body=True, errors=errors_of(keys),
        ),
    ]  # fmt: skip
