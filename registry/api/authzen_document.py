"""事前询问的接口文档 how the standard door stands in the OpenAPI document: a section of its own."""

from types import ModuleType

from registry.actions import filing, reading
from registry.actions.asking_first import answering, denials, questions, searching
from registry.api import samples
from registry.api.authzen import CONFIGURATION, MALFORMED, POSTS, Configuration
from registry.api.operations import Operation, errors_of, parameter
from registry.domain.authzen import AccessRequest, Handled

SECTION = "authzen"
_PARAMETERS = [parameter("X-Request-ID", place="header"), parameter("county")]


def operations() -> list[Operation]:
    """How they stand in the OpenAPI document."""
    asks = [
        Operation(
            path=path, method="POST", section=SECTION, id=id, zh=zh, en=en, body=form,
            answers=answers, body_example=samples.commands()[id], example=samples.sample(answers),
            parameters=_PARAMETERS, errors=_errors(answering, questions, searching),
        )
        for path, id, zh, en, form, answers, _ in POSTS
    ]  # fmt: skip
    one = [parameter("id", place="path", required=True), *_PARAMETERS]
    return [
        Operation(
            path=CONFIGURATION, method="GET", section=SECTION, id="authzen.configuration",
            zh="判定点说明",
            en="What the standard decision point offers", answers=Configuration, open=True,
            example=samples.sample(Configuration), parameters=_PARAMETERS, errors=errors_of(),
        ),
        *asks,
        Operation(
            path=denials.REQUESTS, method="POST", section=SECTION, id="authzen.request",
            zh="据否定答复起草申请",
            en="Draft a request for what was denied", body=AccessRequest, answers=Handled,
            body_example=samples.commands()["authzen.request"], example=samples.sample(Handled),
            status=201, errors=_errors(denials, questions, filing, act=True),
            parameters=[*_PARAMETERS, parameter("Idempotency-Key", place="header")],
        ),
        Operation(
            path=denials.REQUESTS + "/{id}", method="GET", section=SECTION,
            id="authzen.request.status",
            zh="查询申请办到哪里", en="How far such a request is", answers=Handled, parameters=one,
            example=samples.sample(Handled), errors=errors_of(reading),
        ),
    ]  # fmt: skip


def _errors(*modules: ModuleType, act: bool = False) -> dict[int, list[str]]:
    """Of the errors of a body only what the standard knows."""
    found = errors_of(*modules, record=False, act=act)
    return {**found, 400: sorted({*found.get(400, []), MALFORMED})}
