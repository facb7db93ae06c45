"""办理 what one line of the tables of acts becomes: a command read, an action called, an answer told.

The tables themselves are ``acts`` and its neighbours; a new act is one line there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar.types import Method

from registry.actions.office import NEEDS_KEY, Answer, Call, Desk, Office, Verb
from registry.actions.telephoning.taking import taken
from registry.api.asked import Asked
from registry.api.resources import RESOURCES
from registry.api.serving import Work, aside, perform, told
from registry.domain.auditing import AuditProject
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire
from registry.domain.request import Request


class Nothing(Wire, frozen=True, kw_only=True):
    """空内容: an act that needs no words; the body is absent or ``{}``."""


_RESOURCE = {"copies": "movements"}
"""Resources whose acts go by another word."""
Make = Callable[[Asked, Any], Verb]


_NAMED: dict[str, type[Record]] = {
    "request_id": Request, "presence_id": Presence, "project_id": AuditProject,
}  # fmt: skip
"""Fields of commands, by the kind of record they name."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """办理入口."""

    path: str
    act: str
    zh: str
    en: str
    make: Make
    command: type[Wire] = Nothing
    answers: type[Any]
    module: Any
    """Where the action stands: its declared codes are the errors of the operation."""
    method: Method = "POST"
    names: tuple[str, ...] = ()
    """Fields of the command that name what it is done to, where the path does not; the first that
    is given counts."""
    creates: str = ""
    """Resource that comes into being; the answer is 201 with its Location."""
    versioned: bool = True
    money: bool = False
    each: bool = False
    """每次都记: it is done, and stands in the log, each time it is asked for, whatever its key."""
    ahead: Callable[[Office, Call, str, Any], Any] | None = None
    """What is worked out beside the act, on a reading connection, told the id in the path and the
    command; ``make`` is given its result in the command's place."""
    after: Callable[[Office, Any], None] | None = None
    """What the act begins, once it is durable; told what the act answers."""

    @property
    def concerns(self) -> Any:
        """The kind of record its path names."""
        return RESOURCES[_RESOURCE.get(name := self.path.split("/")[1], name)].record


def new(action: Callable[[Desk, Any], Answer]) -> Make:
    """An act on nothing that exists yet: its command is all it needs."""
    return lambda asked, command: lambda desk: action(desk, command)


def on(action: Callable[[Desk, str, int | None, Any], Answer]) -> Make:
    """An act on a version of something, with a command."""

    def make(asked: Asked, command: Any) -> Verb:
        id, version = asked.id, asked.version()
        return lambda desk: action(desk, id, version, command)

    return make


def bare(action: Callable[[Desk, str, int | None], Answer]) -> Make:
    """An act on a version of something, without words."""

    def make(asked: Asked, command: Any) -> Verb:
        id, version = asked.id, asked.version()
        return lambda desk: action(desk, id, version)

    return make


def plain(action: Callable[[Desk], Answer]) -> Make:
    """An act that needs neither object nor words."""
    return lambda asked, command: action


def told_to(action: Callable[[Desk, str, Any], Answer]) -> Make:
    """An act on something whatever its version, with a command."""

    def make(asked: Asked, command: Any) -> Verb:
        id = asked.id
        return lambda desk: action(desk, id, command)

    return make


def plainly(action: Callable[[Desk, str], Answer]) -> Make:
    """An act on something whatever its version, without words."""

    def make(asked: Asked, _command: Any) -> Verb:
        id = asked.id
        return lambda desk: action(desk, id)

    return make


def work_of(office: Office, act: Act, api: str) -> Work:
    """What the route of an act does."""
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(act.command)
    status = 201 if act.creates else 200

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        answer = await carried(office, act, (asked, actor), await asked.command(decoder))
        made = f"{api}/{act.creates}/{identity(answer.body)}" if act.creates else ""
        return told(answer.body, status=status, version=answer.version, location=made)

    return work


async def carried(office: Office, act: Act, whose: tuple[Asked, Actor], command: Any) -> Answer:
    """The act done, whichever door it came in by.

    Raises:
        Refusal: as the act decides.
    """
    asked, actor = whose
    told = asked.telephoned()
    call = asked.call(actor, act.act, command, *([told] if told else []))
    if asked.id:
        call = msgspec.structs.replace(call, about=(act.concerns, asked.id))
    elif about := _named(act, command):
        call = msgspec.structs.replace(call, about=about)
    if act.each:
        call = msgspec.structs.replace(call, key=None)
    if act.ahead is not None:
        command = await aside(act.ahead, office, call, asked.id, command)
    verb = act.make(asked, command)
    if told is not None:
        verb = taken(told, verb)
    if act.money and call.key is None:
        raise Refusal(NEEDS_KEY)
    answer = await perform(office, call, verb)
    if act.after is not None:
        act.after(office, answer.body)
    return answer


def _named(act: Act, command: Any) -> tuple[type[Record], str] | None:
    """What the command says the act is done to."""
    given = ((_NAMED[name], getattr(command, name)) for name in act.names)
    return next(((kind, id) for kind, id in given if id), None)


def unrecorded(office: Office, act: Act) -> Work:
    """What a precheck or an explanation does: on a reading connection, nothing kept."""
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(act.command)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        call = asked.call(actor, act.act)
        answer = await aside(office.ask, call, act.make(asked, command))
        return told(answer.body)

    return work


def identity(body: Any) -> str:
    """Id of the record an answer is about, whether a struct or, replayed, plain data."""
    data = body if isinstance(body, dict) else msgspec.structs.asdict(body)
    if "id" in data:
        return str(data["id"])
    inner: Sequence[Any] = [v for v in data.values() if not isinstance(v, list)]
    return identity(inner[0])
