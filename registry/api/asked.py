"""询问 one HTTP request as the door reads it: headers, query and body, each checked by name."""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from registry.actions.office import HIDDEN, Call, Office, fingerprint
from registry.actions.places import above
from registry.actions.seeing import invites
from registry.actions.staff.accounts import NO_TOKEN, actor_of
from registry.actions.staff.passwords import MUST_CHANGE
from registry.actions.telephoning.taking import told_call
from registry.api.problems import BAD_MEDIA, JSON
from registry.api.strict import check_text, misfit, read
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor
from registry.domain.telephone import Telephoned

T = TypeVar("T")

BAD_VERSION = declare(
    "version.malformed", RefusalKind.MALFORMED, "If-Match 应为一个版本号，例如 \"3\"",
    "If-Match is one version number, e.g. \"3\".",
)  # fmt: skip
BAD_KEY = declare(
    "idempotency.malformed", RefusalKind.MALFORMED, "Idempotency-Key 应为 1 至 200 个可见 ASCII 字符",
    "Idempotency-Key is 1 to 200 visible ASCII characters.",
)  # fmt: skip
BAD_ID = declare(
    "path.id", RefusalKind.MALFORMED, "地址中的编号形式不对", "The id in the path is malformed."
)
BAD_QUERY = declare(
    "query.malformed", RefusalKind.MALFORMED, "查询参数 {name} 不对{told_zh}",
    "Query parameter {name} is malformed{told}.",
)  # fmt: skip
UNKNOWN_QUERY = declare(
    "query.unknown", RefusalKind.MALFORMED, "不认识的查询参数 {name}",
    "Unknown query parameter {name}.",
)  # fmt: skip

TOLD_BY, TOLD_AT = "told-by", "told-at"

_VERSION = re.compile(r'"?([0-9]{1,15})"?')
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
ID = re.compile(r"[0-9A-Za-z._:\-]{1,120}")
_COUNTY = re.compile(r"[0-9]{6}")
_MISSING = re.compile("missing required field `(.+)`")
_MOST_PARAMETERS = 40
_UNCODED = ("", "identity")


def bad_query(name: str, zh: str = "", en: str = "") -> Refusal:
    """``query.malformed`` of a parameter, and why, where more than its form can be said."""
    told_zh, told = f"：{zh}" if zh else "", f": {en}" if en else ""
    return Refusal(BAD_QUERY, name=name, told_zh=told_zh, told=told)


def misread(error: msgspec.ValidationError, form: Any, name: str = "") -> Refusal:
    """``query.malformed`` for what a form refused; ``name`` where the form is one parameter's."""
    facts = misfit(error, form).facts
    path, zh, en = (
        facts["path"].removeprefix("$.").removeprefix("$"),
        facts["reason_zh"],
        facts["reason"],
    )
    if found := _MISSING.search(en):
        return bad_query(found[1], "须写明", "it is needed")
    return bad_query(name or path, zh, en)


class Asked:
    """询问."""

    __slots__ = ("county", "id", "office", "query", "request", "who")

    def __init__(
        self, office: Office, request: Request[Any, Any, Any], parameters: frozenset[str]
    ) -> None:
        self.office, self.request = office, request
        self.who: Actor | None = None
        """Who asks, once that was asked for."""
        self.query = query_of(request.scope["query_string"], parameters)
        self.id: str = request.scope["path_params"].get("id", "")
        if self.id and not ID.fullmatch(self.id):
            check_text([self.id])
            raise Refusal(BAD_ID)
        self.county = self.query.pop("county", None)
        if self.county is not None and not _COUNTY.fullmatch(self.county):
            raise bad_query("county")

    def actor(self, *, changing: bool = False) -> Actor:
        """Who asks; with ``changing``, to change their first password.

        Raises:
            Refusal: ``token.invalid``, ``password.change``.
        """
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(NO_TOKEN)
        actor = actor_of(self.office, token.strip())
        if actor.must_change and not changing:
            raise Refusal(MUST_CHANGE)
        self.who = actor
        return actor

    def address(self) -> str:
        """Where the call comes from, as the server sees it; empty = it cannot tell."""
        client = self.request.client
        return client.host if client is not None else ""

    async def command(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body as a command; no body at all is an empty one."""
        body = await self.request.body()
        if not body:
            return read(b"{}", decoder)
        check_media(self.request, JSON)
        return read(body, decoder)

    def version(self) -> int | None:
        """The version in ``If-Match``; the action refuses where it is missing."""
        held = self.request.headers.get("if-match")
        if held is None:
            return None
        found = _VERSION.fullmatch(held.strip())
        if found is None:
            raise Refusal(BAD_VERSION)
        return int(found[1])

    async def raw(self) -> bytes:
        """The body as it came: a file, told by its own bytes.

        Raises:
            Refusal: ``media.unsupported`` where it is packed.
        """
        if self.request.headers.get("content-encoding", "").strip().lower() not in _UNCODED:
            raise Refusal(BAD_MEDIA, expected="identity")
        return await self.request.body()

    def key(self) -> str | None:
        """The ``Idempotency-Key``, bare or quoted."""
        held = self.request.headers.get("idempotency-key")
        if held is None:
            return None
        bare = held.strip()
        if len(bare) > 1 and bare[0] == bare[-1] == '"':
            bare = bare[1:-1]
        if not _KEY.fullmatch(bare):
            raise Refusal(BAD_KEY)
        return bare

    def telephoned(self) -> Telephoned | None:
        """电话代录: who of a community telephoned, and when, where the act is done by that.

        Raises:
            Refusal: ``telephone.malformed``.
        """
        headers = self.request.headers
        return told_call(headers.get(TOLD_BY, ""), headers.get(TOLD_AT, ""))

    def call(self, actor: Actor, act: str, *body: object) -> Call:
        """The act as the office runs it: in the person's own county, or, for a city's or a
        province's people, in one below them that they name."""
        county = self.county or actor.county
        if actor.county not in above(county) and not invites(self.office, actor, county):
            raise Refusal(HIDDEN)
        key = self.key()
        mark = "" if key is None else fingerprint(act, self.id, county, *body)
        return Call(actor=actor, county=county, act=act, key=key, fingerprint=mark)


def check_media(request: Request[Any, Any, Any], expected: str) -> None:
    """Refuse a body that is packed, or that says it is something else."""
    headers = request.headers
    if headers.get("content-encoding", "").strip().lower() not in _UNCODED:
        raise Refusal(BAD_MEDIA, expected=expected)
    media, _, rest = headers.get("content-type", "").partition(";")
    charset = rest.lower().replace('"', "").replace(" ", "")
    if media.strip().lower() != expected or (charset and charset != "charset=utf-8"):
        raise Refusal(BAD_MEDIA, expected=expected)


def query_of(raw: bytes, allowed: frozenset[str]) -> dict[str, str]:
    """Query parameters, each known and given once.

    Raises:
        Refusal: ``query.unknown``, ``query.malformed``, ``json.control``.
    """
    if not raw:
        return {}
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )  # fmt: skip
    except ValueError as error:
        raise bad_query("") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        check_text((name, value))
        if name not in allowed:
            raise Refusal(UNKNOWN_QUERY, name=name)
        if name in found:
            raise bad_query(name)
        found[name] = value
    return found
