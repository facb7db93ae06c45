"""问题答复 one shape for every "no" (RFC 9457), the framework's own included."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response.base import ASGIResponse

from registry.actions.asking_first.denials import EXPIRED
from registry.actions.evaluating.codes import UNKNOWN as NO_CODE
from registry.actions.evaluating.reporting import NO_REPORT
from registry.actions.office import HIDDEN
from registry.domain.errors import SENTENCES, Refusal, RefusalKind, declare
from registry.domain.records import Wire

MEDIA = "application/problem+json"
JSON = "application/json"

NO_ROUTE = declare("route.missing", RefusalKind.MISSING, "没有这个地址", "No such address.")
NO_METHOD = declare(
    "method.not_allowed", RefusalKind.UNSUPPORTED, "此地址不接受这种请求方法",
    "This address does not take that method.",
)  # fmt: skip
BAD_REQUEST = declare(
    "request.malformed", RefusalKind.MALFORMED, "请求本身有误", "The request is malformed."
)
TOO_LARGE = declare(
    "body.too_large", RefusalKind.TOO_LARGE, "提交的内容过大", "The body is too large."
)
OUT_OF_FILE = declare(
    "export.range", RefusalKind.INVALID, "所要的部分在文件之外，文件共 {octets} 字节",
    "That part lies beyond the file, which has {octets} octets.",
)  # fmt: skip
BAD_MEDIA = declare(
    "media.unsupported", RefusalKind.UNSUPPORTED, "不支持这种内容类型或编码，应为 {expected}",
    "Content type or encoding is not supported; send {expected}.",
)  # fmt: skip
CONSTRAINT = declare(
    "storage.constraint", RefusalKind.INVALID, "内容与已有记录或数据约束冲突",
    "The content conflicts with a stored record or a constraint of the data.",
)  # fmt: skip
UNREADABLE = declare(
    "storage.unreadable", RefusalKind.UNAVAILABLE, "存储暂不可用，请稍后重试",
    "Storage cannot be reached just now; try again later.",
)  # fmt: skip
SERVER = declare(
    "server.error", RefusalKind.UNAVAILABLE, "系统内部错误，已记录，编号 {number}",
    "An internal error was logged under number {number}.",
)  # fmt: skip

STATUS: dict[RefusalKind, int] = {
    RefusalKind.MALFORMED: 400,
    RefusalKind.UNAUTHENTICATED: 401,
    RefusalKind.FORBIDDEN: 403,
    RefusalKind.MISSING: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.STALE: 412,
    RefusalKind.TOO_LARGE: 413,
    RefusalKind.UNSUPPORTED: 415,
    RefusalKind.INVALID: 422,
    RefusalKind.PRECONDITION_REQUIRED: 428,
    RefusalKind.TOO_MANY: 429,
    RefusalKind.UNAVAILABLE: 503,
}
"""Kind of refusal → HTTP status (contract, HTTP)."""
OWN_STATUS = {NO_METHOD: 405, EXPIRED: 410, OUT_OF_FILE: 416, SERVER: 500}
"""Codes whose status no kind has."""
TITLES: dict[RefusalKind, str] = {
    RefusalKind.MALFORMED: "请求有误",
    RefusalKind.UNAUTHENTICATED: "请先登录",
    RefusalKind.FORBIDDEN: "无权办理",
    RefusalKind.MISSING: "没有找到",
    RefusalKind.CONFLICT: "当前状态不能办理",
    RefusalKind.STALE: "记录已更新",
    RefusalKind.TOO_LARGE: "内容过大",
    RefusalKind.UNSUPPORTED: "不支持",
    RefusalKind.INVALID: "不予办理",
    RefusalKind.PRECONDITION_REQUIRED: "须注明版本",
    RefusalKind.TOO_MANY: "请求过多",
    RefusalKind.UNAVAILABLE: "暂不可用",
}
RETRY_SECONDS = "2"

_FRAMEWORK = {400: BAD_REQUEST, 404: NO_ROUTE, 405: NO_METHOD, 413: TOO_LARGE, 415: BAD_MEDIA}
# Only the store may import the database's own exceptions, so the door knows them by name. What
# the store cannot do now is 503; what the data forbids is the sender's to mend.
_STORAGE = {
    "OperationalError": UNREADABLE, "InterfaceError": UNREADABLE, "TimeoutError": UNREADABLE,
    "IntegrityError": CONSTRAINT, "DataError": CONSTRAINT, "OverflowError": CONSTRAINT,
}  # fmt: skip
_MISTYPED = frozenset({NO_ROUTE, NO_CODE, NO_REPORT})
"""What is not there is told as such: whoever holds the right number of these may know of it, so
that nothing is given away by saying that a number is wrong."""
_log = logging.getLogger("registry.api")


class Problem(Wire, frozen=True, kw_only=True):
    """问题答复 (application/problem+json)."""

    type: str
    title: str
    status: int
    detail: str
    """中文."""
    detail_en: str
    code: str
    facts: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []
    """Rows of a verdict that refused: rule, clause, grade, sentence, remedy …; else empty."""


def status_of(code: str) -> int:
    """HTTP status of a declared code."""
    return OWN_STATUS.get(code) or STATUS[SENTENCES[code][0]]


def problem(refusal: Refusal, types: Mapping[str, str] | None = None) -> Problem:
    """A refusal as it goes over the wire: what is not there and what may not be known of are told
    alike, down to the code.

    Args:
        types: what a standard calls the type of some codes; the others lead to the page of errors.
    """
    if refusal.kind is RefusalKind.MISSING and refusal.code not in _MISTYPED:
        refusal = Refusal(HIDDEN)
    return Problem(
        type=(types or {}).get(refusal.code, f"/errors#{refusal.code}"), title=TITLES[refusal.kind],
        status=OWN_STATUS.get(refusal.code) or STATUS[refusal.kind],
        detail=refusal.detail, detail_en=refusal.detail_en, code=refusal.code,
        facts=msgspec.to_builtins(refusal.facts, enc_hook=str),
        rules=msgspec.to_builtins(refusal.rules),
    )  # fmt: skip


def refused(
    refusal: Refusal, headers: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
) -> ASGIResponse:  # fmt: skip
    """The answer to a refused request."""
    told = problem(refusal, types)
    return ASGIResponse(
        body=_encode(told), media_type=MEDIA, status_code=told.status,
        headers={**_headers(told, refusal), **(headers or {})},
    )  # fmt: skip


def answer_exception(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's hook: whatever was raised anywhere, in the one shape."""
    refusal, headers = as_refusal(request, error)
    told = problem(refusal)
    return Response(
        content=_encode(told), media_type=MEDIA, status_code=told.status,
        headers={**_headers(told, refusal), **headers},
    )  # fmt: skip


def as_refusal(request: Request[Any, Any, Any], error: Exception) -> tuple[Refusal, dict[str, str]]:
    """Any exception as a refusal, with the headers it asks for; the unexpected is logged."""
    if isinstance(error, Refusal):
        return error, {}
    if isinstance(error, HTTPException) and error.status_code in _FRAMEWORK:
        allow = (error.headers or {}).get("allow")
        code = _FRAMEWORK[error.status_code]
        return Refusal(code, expected=JSON), {"allow": allow} if allow else {}
    named = next((_STORAGE[k.__name__] for k in type(error).__mro__ if k.__name__ in _STORAGE), "")
    if named:
        _log.warning("storage: %s", error)
        return Refusal(named), {}
    number = f"{id(error):x}"
    _log.error("error %s at %s %s", number, request.method, request.url.path, exc_info=error)
    return Refusal(SERVER, number=number), {}


def _headers(told: Problem, refusal: Refusal) -> dict[str, str]:
    if "version" in told.facts:
        # A refused submission keeps its verdict, so the record has moved on all the same.
        return {"etag": f'"{told.facts["version"]}"'}
    if refusal.kind is RefusalKind.UNAUTHENTICATED:
        return {"www-authenticate": "Bearer"}
    if refusal.kind in (RefusalKind.UNAVAILABLE, RefusalKind.TOO_MANY):
        return {"retry-after": str(told.facts.get("retry_after", RETRY_SECONDS))}
    return {}


def _encode(told: Problem) -> bytes:
    return msgspec.json.encode(told, enc_hook=str)
