"""门厅 what is not a record: signing in, the index, the page of errors, health and figures."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions.office import Office
from registry.actions.staff import accounts, passwords, tokens
from registry.api.acts import ACTS
from registry.api.asked import Asked
from registry.api.lists import RESOURCES
from registry.api.meters import MEDIA, Meters
from registry.api.problems import UNREADABLE, status_of
from registry.api.serving import Work, aside, told
from registry.domain.errors import Refusal, catalogue
from registry.domain.records import Wire

API = "/api/v1"
_HASHERS = 2
"""Passwords checked at once: each costs a core for tens of milliseconds."""


class About(Wire, frozen=True, kw_only=True):
    """本系统 what this installation says of itself."""

    version: str
    mode: str
    demo: bool
    banner: str
    """Line shown on every page and print."""
    public_url: str


class Index(Wire, frozen=True, kw_only=True):
    """目录: where everything is."""

    about: About
    resources: dict[str, str]
    acts: list[str]
    errors: str
    openapi: str


class ErrorLine(Wire, frozen=True, kw_only=True):
    """错误码一行."""

    code: str
    kind: str
    status: int
    detail: str
    detail_en: str
    recorded: bool
    """Whether the refused act is written to the log."""


class ErrorPage(Wire, frozen=True, kw_only=True):
    """错误码表."""

    items: list[ErrorLine]


class Health(Wire, frozen=True, kw_only=True):
    """运行情况."""

    status: str


def sign_in(office: Office) -> Work:
    """What ``POST /tokens`` does; passwords are checked off the loop, a few at a time."""
    decoder = msgspec.json.Decoder(accounts.SignInCommand)
    pool = ThreadPoolExecutor(_HASHERS, thread_name_prefix="sign-in")

    async def work(asked: Asked) -> Any:
        command = await asked.command(decoder)
        signed = partial(accounts.sign_in, office, command, asked.address())
        return told(await aside(signed, pool=pool), status=201)

    return work


def change_password(office: Office) -> Work:
    """What ``POST /me/password`` does: the one thing a first password is good for."""
    decoder = msgspec.json.Decoder(passwords.PasswordCommand)
    pool = ThreadPoolExecutor(_HASHERS, thread_name_prefix="password")

    async def work(asked: Asked) -> Any:
        actor = asked.actor(changing=True)
        command = await asked.command(decoder)
        return told(await aside(passwords.change, office, actor, command, pool=pool))

    return work


def end_token(office: Office) -> Work:
    """What ``POST /me/tokens/end`` does."""
    decoder = msgspec.json.Decoder(tokens.TokenEndCommand)

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        command = await asked.command(decoder)
        return told(await aside(tokens.end, office, actor, command))

    return work


def index(about: About) -> Work:
    """What ``GET /api/v1`` does."""
    body = Index(
        about=about, resources={name: f"{API}/{name}" for name in RESOURCES},
        acts=[f"{act.method} {API}{act.path}" for act in ACTS], errors=f"{API}/errors",
        openapi="/schema/openapi.json",
    )  # fmt: skip

    async def work(_asked: Asked) -> Any:
        return told(body)

    return work


async def errors(_asked: Asked) -> Any:
    """What ``GET /errors`` does: every code there is."""
    return told(error_page())


def error_page() -> ErrorPage:
    """The catalogue of refusals, in code order."""
    return ErrorPage(
        items=[
            ErrorLine(
                code=code,
                kind=kind.value,
                status=status_of(code),
                detail=zh,
                detail_en=en,
                recorded=recorded,
            )
            for code, (kind, zh, en, recorded) in catalogue().items()
        ]
    )


async def health(_asked: Asked) -> Any:
    """What ``GET /healthz`` does: the process answers."""
    return told(Health(status="alive"))


def ready(office: Office) -> Work:
    """What ``GET /readyz`` does: the database answers too."""

    async def work(_asked: Asked) -> Any:
        if not await aside(office.store.reader.ready):
            raise Refusal(UNREADABLE)
        return told(Health(status="ready"))

    return work


def metrics(meters: Meters) -> Work:
    """What ``GET /metrics`` does."""

    async def work(_asked: Asked) -> ASGIResponse:
        return ASGIResponse(body=await aside(meters.page), media_type=MEDIA)

    return work
