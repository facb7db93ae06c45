"""询问入口 what is read and is no record of its own: one line each, as acts are.

A question is answered from many records at once (a digest, a dry run, a list to print); nothing is
recorded by asking.
"""

from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import msgspec

from registry.actions import notices, reflowing
from registry.actions.office import Office
from registry.api.asked import BAD_QUERY, Asked
from registry.api.serving import COUNTY, Work, aside, told
from registry.domain.errors import Refusal

Ask = Callable[[Office, Asked], Any]
"""Reads the query itself; runs beside the loop, on reading connections."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """询问."""

    path: str
    id: str
    zh: str
    en: str
    ask: Ask
    answers: type[Any]
    module: ModuleType
    """Where it is answered: its declared codes are the errors of the operation."""
    query: frozenset[str] = frozenset()


def _digest(office: Office, asked: Asked) -> notices.Digest:
    return notices.digest(office, asked.actor(), day(asked, "on"))


def _reflow(office: Office, asked: Asked) -> reflowing.ReflowPlan:
    call = asked.call(asked.actor(), "request.reflow")
    return reflowing.asked(office, call, asked.id)


QUESTIONS: tuple[Question, ...] = (
    Question(path="/notices/digest", id="notices.digest", zh="每日提醒摘要",
             en="What one was told on a day", ask=_digest, answers=notices.Digest,
             module=notices, query=frozenset({"on"})),
    Question(path="/requests/{id}/reflow", id="requests.reflow", zh="试排：改用现行流程会怎样",
             en="What moving to the flow in force would do", ask=_reflow,
             answers=reflowing.ReflowPlan, module=reflowing, query=COUNTY),
)  # fmt: skip


def answered(office: Office, question: Question) -> Work:
    """What the route of a question does."""

    async def work(asked: Asked) -> Any:
        return told(await aside(question.ask, office, asked))

    return work


def day(asked: Asked, name: str) -> date | None:
    """A civil date of the query; ``None`` where it is not given.

    Raises:
        Refusal: ``query.value``.
    """
    try:
        given = asked.query.get(name)
        return None if given is None else msgspec.convert(given, date)
    except msgspec.ValidationError as error:
        raise Refusal(BAD_QUERY, name=name) from error
