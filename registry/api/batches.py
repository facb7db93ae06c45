"""批量入口 many listed matters at once: every item an act of its own, answered item by item."""

import asyncio
from concurrent.futures import Future
from typing import Any

import msgspec

from registry.actions.between import batching
from registry.actions.between.batching import BatchCommand, BatchView
from registry.actions.office import Answer, Call, Office, settled
from registry.api import samples
from registry.api.asked import Asked
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import Work, told
from registry.domain.errors import Refusal

PATH = "/batches"
ACT = "batch.approve"


def begin(office: Office) -> Work:
    """What ``POST /batches`` does."""
    decoder = msgspec.json.Decoder(BatchCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        return told(await filed(office, asked.call(actor, ACT), command))

    return work


async def filed(office: Office, call: Call, command: BatchCommand) -> BatchView:
    """Every item done or refused, whichever door it came in by."""
    queued = batching.begin(office, call, command)
    return batching.told(command, [await _ended(future) for future in queued])


async def _ended(future: "Future[Answer]") -> Answer | Refusal:
    try:
        return settled(await asyncio.wrap_future(future))
    except Refusal as refusal:
        return refusal


def operation(api: str) -> Operation:
    """How the document tells of it."""
    return Operation(
        path=api + PATH, method="POST", id=ACT, zh="批量备案清单内事项",
        en="Accept and approve many listed matters, each as an act of its own",
        answers=BatchView, example=samples.sample(BatchView), body=BatchCommand,
        body_example=samples.commands()[ACT], body_required=True,
        parameters=[parameter("Idempotency-Key", place="header", example="k-0001"),
                    parameter("county")],
        errors=errors_of(batching, body=True, act=True),
    )  # fmt: skip
