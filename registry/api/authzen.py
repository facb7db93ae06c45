"""事前询问入口 the standard door: OpenID AuthZEN Authorization API 1.0, under its own paths.

Forms and statuses are those of the standard: fields that are not known are passed over, whatever is
wrong with a body is 400, a denial is an answer (200). How a "no" to the request itself looks is the
registry's one shape (problem+json). A token is needed as everywhere.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.types import Message, Method, Scope

from registry.actions import reading
from registry.actions.asking_first import answering, denials, searching
from registry.actions.office import HIDDEN, REUSED, Answer, Desk, Office, fingerprint
from registry.api import strict
from registry.api.asked import Asked, check_media
from registry.api.entrance import About
from registry.api.problems import JSON
from registry.api.serving import COUNTY, Work, aside, door, perform, told
from registry.domain.authzen import (
    AccessRequest,
    ActionSearch,
    Decided,
    DecidedAll,
    Found,
    Question,
    Questions,
    ResourceSearch,
    SubjectSearch,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import civil
from registry.domain.request import Request

T = TypeVar("T")

MALFORMED = declare(
    "authzen.malformed", RefusalKind.MALFORMED, "不合 AuthZEN 的要求：{reason_zh}",
    "Not as AuthZEN asks: {reason}.",
)  # fmt: skip
CONFIGURATION = "/.well-known/authzen-configuration"
EVALUATION, EVALUATIONS = "/access/v1/evaluation", "/access/v1/evaluations"
SEARCH = "/access/v1/search/"
MOST = 100
"""Questions in one call."""
CAPABILITY = "urn:openid:authzen:capability:access-request"
_URN = "urn:openid:authzen:access-request:error:"
TYPES = {
    denials.UNBOUND: _URN + "invalid_denial_binding", denials.EXPIRED: _URN + "expired_denial",
    REUSED: _URN + "duplicate_request", HIDDEN: _URN + "unknown_task",
}  # fmt: skip
"""What the profile calls these of our codes, where a request is made or looked after."""
_ID = b"x-request-id"
_OURS = ("/access/v1/", CONFIGURATION)
_FIELDS = ("subject", "action", "resource", "context")
_BODY = frozenset({
    RefusalKind.MALFORMED, RefusalKind.UNSUPPORTED, RefusalKind.INVALID, RefusalKind.TOO_LARGE,
})  # fmt: skip


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """判定点说明: where everything is (AuthZEN metadata; access_request_endpoint by its draft
    profile)."""

    policy_decision_point: str
    access_evaluation_endpoint: str
    access_evaluations_endpoint: str
    search_subject_endpoint: str
    search_resource_endpoint: str
    search_action_endpoint: str
    access_request_endpoint: str
    capabilities: list[str]


Answered = Callable[[Desk, Any, str], Any]
POSTS: tuple[tuple[str, str, str, str, type[Any], type[Any], str], ...] = (
    (EVALUATION, "authzen.evaluation", "事前询问", "Ask before anybody is disturbed", Question,
     Decided, "evaluation"),
    (EVALUATIONS, "authzen.evaluations", "事前询问多件", "Ask several things at once", Questions,
     DecidedAll, "evaluations"),
    (SEARCH + "subject", "authzen.search.subject", "查找谁可以", "Who may do this", SubjectSearch,
     Found, "subject"),
    (SEARCH + "resource", "authzen.search.resource", "查找对谁可以", "To whom it may be done",
     ResourceSearch, Found, "resource"),
    (SEARCH + "action", "authzen.search.action", "查找可以做什么", "What may be done", ActionSearch,
     Found, "action"),
)  # fmt: skip
"""Path, operation, words, form of the body and of the answer, and who answers."""


def doors(office: Office, about: About) -> list[HTTPRouteHandler]:
    """Every route of the standard door."""
    base = about.public_url.rstrip("/")
    answered: dict[str, Work] = {
        "evaluation": _asking(office, base, Question, answering.answer),
        "evaluations": _asking(office, base, Questions, _several),
        "subject": _asking(office, base, SubjectSearch, searching.subjects),
        "resource": _asking(office, base, ResourceSearch, searching.resources),
        "action": _asking(office, base, ActionSearch, searching.actions),
    }
    told_at: list[tuple[Method, str, Work]] = [
        ("GET", CONFIGURATION, _configured(base)),
        *(("POST", path, answered[who]) for path, *_, who in POSTS),
        ("POST", denials.REQUESTS, _requesting(office, base)),
        ("GET", denials.REQUESTS + "/{id:str}", _status(office, base)),
    ]
    return [
        door(
            office, method, path, work, parameters=COUNTY,
            types=TYPES if path.startswith(denials.REQUESTS) else None,
        )
        for method, path, work in told_at
    ]  # fmt: skip


def configuration(base: str) -> Configuration:
    """What this decision point says of itself."""
    return Configuration(
        policy_decision_point=base, access_evaluation_endpoint=base + EVALUATION,
        access_evaluations_endpoint=base + EVALUATIONS,
        search_subject_endpoint=f"{base}{SEARCH}subject",
        search_resource_endpoint=f"{base}{SEARCH}resource",
        search_action_endpoint=f"{base}{SEARCH}action",
        access_request_endpoint=base + denials.REQUESTS, capabilities=[CAPABILITY],
    )  # fmt: skip


async def sending(message: Message, scope: Scope) -> None:
    """Before an answer leaves: the caller's own number of the call goes back with it as it came,
    whatever the answer is."""
    if message["type"] != "http.response.start" or not scope["path"].startswith(_OURS):
        return
    number = next((value for name, value in scope["headers"] if name == _ID), b"")
    if number:
        message["headers"] = [*message["headers"], (_ID, number)]


def _configured(base: str) -> Work:
    async def work(_asked: Asked) -> ASGIResponse:
        return told(configuration(base))

    return work


def _asking(office: Office, base: str, form: type[T], answered: Answered) -> Work:
    """Asked on a reading connection; nothing of it is kept."""

    async def work(asked: Asked) -> ASGIResponse:
        actor = asked.actor()
        question = await _read(asked, form)
        call = msgspec.structs.replace(asked.call(actor, answering.ACT), key=None)

        def verb(desk: Desk) -> Answer:
            desk.authorise(answering.ACT)
            return Answer(body=answered(desk, question, base))

        answer = await aside(office.ask, call, verb)
        return told(answer.body)

    return work


def _several(desk: Desk, asked: Questions, base: str) -> Decided | DecidedAll:
    """Several questions; none in the list = the one outside it (standard, 7.1)."""
    outside = {name: getattr(asked, name) for name in _FIELDS}
    if not asked.evaluations:
        return answering.answer(desk, _one(outside), base)
    given = [_merged(outside, item) for item in asked.evaluations]
    semantic = asked.options.evaluations_semantic
    return DecidedAll(evaluations=list(answering.answer_all(desk, given, semantic, base)))


def _merged(outside: dict[str, Any], item: Any) -> Question | Refusal:
    """An item with what it leaves out; what it names stands instead of the one outside, whole. One
    that is wrong is told as such and stops no other."""
    if not isinstance(item, dict):
        return _malformed("内容应为对象", "an evaluation is an object")
    named = {name: item[name] for name in _FIELDS if item.get(name) is not None}
    try:
        return _one(outside | named)
    except Refusal as refusal:
        return refusal


def _one(raw: dict[str, Any]) -> Question:
    told_of = {name: value for name, value in raw.items() if value is not None}
    try:
        return msgspec.convert(told_of, Question)
    except msgspec.ValidationError as error:
        facts = strict.misfit(error, Question).facts
        raise _at(facts) from error


async def _read(asked: Asked, form: type[T]) -> T:
    """The body; whatever is wrong with it is 400.

    Raises:
        Refusal: ``authzen.malformed``.
    """
    body = await asked.request.body()
    try:
        check_media(asked.request, JSON)
        read = strict.read(body, msgspec.json.Decoder(form))
    except Refusal as refusal:
        if refusal.kind not in _BODY:
            raise
        raise _of(refusal) from refusal
    if isinstance(read, Questions) and len(read.evaluations) > MOST:
        raise _malformed(f"一次最多问 {MOST} 件", f"at most {MOST} evaluations at once")
    return read


def _of(refusal: Refusal) -> Refusal:
    return _malformed(refusal.detail, refusal.detail_en.rstrip("."))


def _at(facts: dict[str, Any]) -> Refusal:
    return _malformed(f"{facts['path']} {facts['reason_zh']}", f"{facts['path']} {facts['reason']}")


def _malformed(zh: str, en: str) -> Refusal:
    return Refusal(MALFORMED, reason_zh=zh, reason=en)


def _requesting(office: Office, base: str) -> Work:
    """What was denied, put down as a draft: once for one denial, however often it is brought."""

    async def work(asked: Asked) -> ASGIResponse:
        actor = asked.actor()
        question = await _read(asked, AccessRequest)
        call = asked.call(actor, denials.ACT, question)
        if call.key is None:
            key = hashlib.sha256(question.denial.binding_token.encode()).hexdigest()
            mark = fingerprint(denials.ACT, call.county, question)
            call = msgspec.structs.replace(call, key=key, fingerprint=mark)
        answer = await perform(office, call, partial(_draft, question, base))
        body = msgspec.to_builtins(answer.body)
        return told(body, status=201, location=body["task"]["status_endpoint"])

    return work


def _draft(question: AccessRequest, base: str, desk: Desk) -> Answer:
    return denials.ask_for(desk, question, base)


def _status(office: Office, base: str) -> Work:
    async def work(asked: Asked) -> ASGIResponse:
        actor = asked.actor()
        find = partial(reading.one, county=asked.county)
        found = await aside(find, office, actor, Request, asked.id)
        return told(denials.handled(found, base, civil(office.clock())))

    return work
