"""花名册入口 organisations, people and posts as one sheet: the raw file is the body."""

import hashlib
from typing import Any

from registry.actions.office import Answer, Desk, Office
from registry.actions.staff import rosters
from registry.api.asked import Asked
from registry.api.serving import Work, aside, perform, told

LIMIT = 8 << 20
"""Largest sheet, bytes."""


def take(office: Office, kind: rosters.Roster) -> Work:
    """What ``POST /imports/{kind}`` does: CSV or xlsx is told by the bytes, not by a header."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        rosters.may(office, actor, kind)
        content = await asked.raw()
        digest = hashlib.sha256(content).hexdigest()
        call = asked.call(actor, f"{kind}.import", None, digest)
        rows = await aside(rosters.read_roster, kind, kind, content)

        def verb(desk: Desk) -> Answer:
            return rosters.import_roster(desk, kind, rows)

        return told((await perform(office, call, verb)).body)

    return work
