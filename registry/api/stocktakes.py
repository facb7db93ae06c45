"""存量登记入口 what exists already as one sheet: the raw file is the body."""

import hashlib
from typing import Any

from registry.actions import importing
from registry.actions.existing import taking
from registry.actions.office import Answer, Desk, Office
from registry.actions.rules import publishing
from registry.api import samples
from registry.api.asked import Asked
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import Work, aside, perform, told
from registry.domain.existing import SHEET_ZH, Sheet

LIMIT = 8 << 20
"""Largest sheet, bytes."""


def take(office: Office, sheet: Sheet) -> Work:
    """What ``POST /imports/{sheet}`` does: CSV or xlsx is told by the bytes, not by a header."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        taking.may(office, actor)
        content = await asked.raw()
        digest = hashlib.sha256(content).hexdigest()
        call = asked.call(actor, taking.ACT, None, digest)
        given = await aside(taking.read, sheet, sheet.value, content)

        def verb(desk: Desk) -> Answer:
            return taking.bring_in(desk, given)

        answer = await perform(office, call, verb)
        return told(answer.body, status=201)

    return work


def operations(api: str) -> list[Operation]:
    """One for each sheet."""
    return [
        Operation(
            path=f"{api}/imports/{sheet.value}", method="POST", id=f"existing.import.{sheet.value}",
            zh=f"存量登记：{SHEET_ZH[sheet]}(xlsx 或 CSV)",
            en=f"Bring in what exists already, {sheet.value}: the raw file",
            answers=taking.Taken, example=samples.sample(taking.Taken), raw_body=True, status=201,
            parameters=[parameter("Idempotency-Key", place="header"), parameter("county")],
            errors=errors_of(taking, importing, publishing, body=True, record=False, act=True),
        )
        for sheet in Sheet
    ]  # fmt: skip
