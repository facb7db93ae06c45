"""期初导入入口 what money there was, as one sheet: the raw file is the body."""

import hashlib
from typing import Any

from registry.actions import importing
from registry.actions.office import NEEDS_KEY, Answer, Desk, Office
from registry.actions.rules import publishing
from registry.actions.years import bringing
from registry.api import samples
from registry.api.asked import Asked
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import Work, aside, perform, told
from registry.domain.errors import Refusal

LIMIT = 8 << 20
"""Largest sheet, bytes."""
PATH = "/opening-balances/import"


def take(office: Office) -> Work:
    """What ``POST /opening-balances/import`` does: CSV or xlsx is told by the bytes."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        bringing.may(office, actor)
        content = await asked.raw()
        call = asked.call(actor, bringing.ACT, None, hashlib.sha256(content).hexdigest())
        if call.key is None:
            raise Refusal(NEEDS_KEY)
        given = await aside(bringing.read, "balances", content)

        def verb(desk: Desk) -> Answer:
            return bringing.bring_in(desk, given)

        answer = await perform(office, call, verb)
        return told(answer.body, status=201)

    return work


def operation(api: str) -> Operation:
    """How it stands in the OpenAPI document."""
    return Operation(
        path=f"{api}{PATH}", method="POST", id="opening.import", zh="导入期初余额(xlsx 或 CSV)",
        en="Bring in opening balances: the raw file", answers=bringing.Brought,
        example=samples.sample(bringing.Brought), raw_body=True, status=201,
        parameters=[parameter("Idempotency-Key", place="header"), parameter("county")],
        errors=errors_of(bringing, importing, publishing, body=True, record=False, act=True),
    )  # fmt: skip
