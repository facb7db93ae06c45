"""答页 how one page is answered: who sits there, the form read, the work done, refusals as pages."""

from collections.abc import Awaitable, Callable
from functools import partial
from gzip import compress
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler, route
from litestar.response.base import ASGIResponse
from litestar.types import Method

from registry.actions.staff import seats
from registry.actions.staff.accounts import NO_TOKEN
from registry.actions.staff.passwords import MUST_CHANGE
from registry.api.problems import answer_exception, as_refusal, problem
from registry.api.serving import aside, on_record
from registry.domain.errors import Refusal
from registry.web.house import House, templates
from registry.web.shell import shell
from registry.web.visit import FOREIGN, KEYS, LANGUAGE, SESSION, TOKEN, Visit

Work = Callable[[Visit], Awaitable[ASGIResponse]]
HTML = "text/html"
LIMIT = 2 << 20
"""Largest form without files, bytes."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin", "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}  # fmt: skip
SIGN_IN, PASSWORD = "/login", "/me/password"
_PACKED = 5
"""How hard a page is packed: beyond this it takes longer, and little is won."""
_AS_GZIP = {"content-encoding": "gzip", "vary": "accept-encoding"}
LASTING = (LANGUAGE, KEYS)
"""Cookies that stay: how a browser wants its pages."""
_THEN = 600
"""Letters of an address to come back to."""


class Kind:
    """How a page is reached: ``open`` = by anybody; ``changing`` = also with a first password;
    ``again`` = a form of it can be taken up where another session left it."""

    __slots__ = ("again", "changing", "limit", "open", "parameters")

    def __init__(
        self, *, open: bool = False, changing: bool = False,
        parameters: frozenset[str] = frozenset(), limit: int = LIMIT, again: bool = False,
    ) -> None:  # fmt: skip
        self.open, self.changing, self.again = open, changing, again
        self.parameters, self.limit = parameters, limit


PLAIN = Kind()


Line = tuple[Method, str, Work, Kind]
"""One page of the table: method, path, what it does, how it is reached."""


def page(house: House, line: Line) -> HTTPRouteHandler:
    """A Litestar route that answers with a page, refusals included."""
    method, path, work, kind = line

    async def handle(request: Request[Any, Any, Any]) -> ASGIResponse:
        request.scope["state"]["started"] = perf_counter()
        visit: Visit | None = None
        try:
            visit = Visit(house, request, kind.parameters)
            answer = await _answered(visit, method, work, kind)
        except Exception as error:  # noqa: BLE001 - whatever was raised anywhere, as a page
            refusal, _ = as_refusal(request, error)
            answer = sent_in(visit, refusal, kind) or refused(house, visit, refusal)
        if visit is not None:
            _carry(visit, answer)
        return answer

    made: HTTPRouteHandler = route(
        path, http_method=[method], request_max_body_size=kind.limit, include_in_schema=False
    )(handle)
    return made


async def _answered(visit: Visit, method: Method, work: Work, kind: Kind) -> ASGIResponse:
    secret = visit.cookies().get(SESSION, "")
    if secret:
        await _seat(visit, secret, turning=method == "GET")
    if method == "POST":
        await visit.read_form()
    if not kind.open:
        visit.actor(changing=kind.changing)
        if method == "POST":
            visit.check_token()
    elif visit.seat is not None and not visit.seat.actor.must_change:
        visit.actor()
    answer = await work(visit)
    if method == "GET" and not kind.open:
        await on_record(visit, visit.opens)
    return answer


async def _seat(visit: Visit, secret: str, *, turning: bool) -> None:
    try:
        visit.seat = await aside(partial(seats.seated, turning=turning), visit.office, secret)
    except Refusal:
        visit.seat = None


def _carry(visit: Visit, answer: ASGIResponse) -> None:
    """Hand the browser its fresh secret, and the language it asked for."""
    if visit.seat is not None and visit.seat.fresh:
        give(visit, answer, SESSION, visit.seat.fresh)
    if "lang=" in visit.request.scope["query_string"].decode("ascii", "replace"):
        give(visit, answer, LANGUAGE, visit.tongue.language)


def give(visit: Visit, answer: ASGIResponse, name: str, value: str) -> None:
    """Set a cookie that no script reads and no other site sends; empty = take it away."""
    age = "" if value else "; Max-Age=0"
    kept = "; Max-Age=31536000" if value and name in LASTING else age
    secure = "; Secure" if visit.house.secure else ""
    cookie = f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{kept}{secure}"
    answer.headers.add("set-cookie", cookie)


def shown(
    visit: Visit, template: str, status: int = 200, headers: dict[str, str] | None = None,
    **context: Any,
) -> ASGIResponse:  # fmt: skip
    """A page from its template."""
    return _page((visit.house, visit), template, status, headers, **context)


def _page(
    stand: tuple[House, Visit | None], template: str, status: int,
    headers: dict[str, str] | None = None, **context: Any,
) -> ASGIResponse:  # fmt: skip
    made = templates().get_template(template).render(shell(*stand) | context)
    body, told = made.encode("utf-8", "replace"), HEADERS | (headers or {})
    if stand[1] is not None and "gzip" in stand[1].request.headers.get("accept-encoding", ""):
        body, told = compress(body, _PACKED, mtime=0), told | _AS_GZIP
    return ASGIResponse(body=body, media_type=HTML, status_code=status, headers=told)


def inside(to: str, otherwise: str) -> str:
    """An address of this site, and not of its doors, to go on to; else the other one."""
    if not to.startswith("/") or to.startswith(("//", "/\\", "/login", "/logout")):
        return otherwise
    plain = to.isascii() and to.isprintable() and not {"\\", " "} & set(to)
    return to if plain else otherwise


def moved(to: str, **query: str) -> ASGIResponse:
    """See elsewhere, by GET: what was sent is not sent again by reloading."""
    at = f"{to}{'&' if '?' in to else '?'}{urlencode(query)}" if query else to
    return ASGIResponse(body=b"", status_code=303, headers={"location": at} | HEADERS)


def sent_in(visit: Visit | None, refusal: Refusal, kind: Kind) -> ASGIResponse | None:
    """To the sign-in, or to the first password's change, where that comes first; what was typed
    comes along, for whoever typed it."""
    if visit is None or refusal.code not in (NO_TOKEN, MUST_CHANGE, FOREIGN):
        return None
    scope = visit.request.scope
    query = scope["query_string"].decode("ascii", "replace")
    then = (f"{scope['path']}?{query}" if query else scope["path"])[:_THEN]
    if refusal.code == MUST_CHANGE:
        return moved(PASSWORD)
    if scope["method"] == "GET":
        return moved(SIGN_IN, then=then) if refusal.code == NO_TOKEN else None
    files, mark = any(f.filename for f in visit.files.values()), visit.field(TOKEN)
    kept = visit.typed_in() if kind.again else []
    if refusal.code == FOREIGN:
        if not kind.again or not visit.own(mark):
            return None
        return shown(visit, "resumed.html", status=409, then=then, kept=kept, files=files)
    return shown(visit, "login.html", status=401, then=then if kind.again else "", kept=kept,
                 error="", username="", files=files, whose=mark)  # fmt: skip


def refused(house: House, visit: Visit | None, refusal: Refusal) -> ASGIResponse:
    """Why not, as a page."""
    told = problem(refusal)
    return _page((house, visit), "problem.html", told.status, problem=told)


def answer_anywhere(house: House) -> Callable[[Request[Any, Any, Any], Exception], Response[bytes]]:
    """Litestar's hook: what nothing answers, as a page for browsers, else as a problem."""

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        told = answer_exception(request, error)
        wants = "text/html" in request.headers.get("accept", "")
        if not wants or request.scope["path"].startswith(("/api/", "/schema/", "/static/")):
            return told
        refusal, _ = as_refusal(request, error)
        made = refused(house, None, refusal)
        return Response(
            content=made.body, media_type=HTML, status_code=told.status_code,
            headers=HEADERS | {n: v for n, v in told.headers.items() if n == "allow"},
        )  # fmt: skip

    return answer
