"""按表办理: any act of the API's tables by its name, as the door calls it, without HTTP."""

from typing import Any

import msgspec

from registry.actions.office import Answer, Call, Office
from registry.api.acting import Nothing
from registry.api.acts import ACTS
from registry.domain.people import Actor

COUNTY = "990102"
TABLE = {act.act: act for act in ACTS}


class Told:
    """来件: what an act reads of a call."""

    def __init__(self, id: str, version: int | None) -> None:
        self.id, self._version = id, version

    def version(self) -> int | None:
        return self._version


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """一次办理: who tries what on which version."""

    by: str
    act: str
    id: str = ""
    version: int | None = None
    body: dict[str, Any] = {}


def perform(office: Office, actor: Actor, one: Try) -> Answer:
    """Do it, or raise its refusal."""
    act = TABLE[one.act]
    command = None if act.command is Nothing else msgspec.convert(one.body, act.command)
    verb = act.make(Told(one.id, one.version), command)  # type: ignore[arg-type]
    return office.perform(Call(actor=actor, county=COUNTY, act=one.act), verb)
