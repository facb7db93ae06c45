"""操作 everything the client can do, each described once: what is sent, and what comes back.

The two clients carry these, the one waiting, the other not.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from registry.client.files import FileError, Kept, Sink
from registry.client.resources import Differences, Kind, PageOf
from registry.client.session import (
    ACCEPTED,
    API,
    JSON,
    Flow,
    Got,
    Pause,
    Send,
    Session,
    carried,
    decoded,
    words,
)
from registry.domain.admission import Verdict
from registry.domain.authzen import Decided, Question
from registry.domain.filing import Filing
from registry.domain.sealing import ProofOf

T = TypeVar("T")
Query = Mapping[str, Any]
_NEXT = 'rel="next"'
PAGE = 500
"""Most of a page (contract)."""
_DOUBLINGS = 30
_PLAIN = {"accept-encoding": "identity"}
"""A file comes as it is, so that its digest is that of what is kept."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """令牌; what is told besides is passed over."""

    token: str


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """导出任务; what is told besides is passed over."""

    id: str
    state: str
    why: str = ""


def sign_in(session: Session, username: str, password: str) -> Flow[None]:
    """登录: every later call bears the token."""
    body = msgspec.json.encode({"username": username, "password": password})
    came = yield from carried(session, Send("POST", f"{API}/tokens", _json(), body=body))
    session.token = decoded(came, Token).token


def one(
    session: Session, kind: Kind[T], id: str, *, as_of: int | str | None = None,
    county: str | None = None,
) -> Flow[T]:  # fmt: skip
    """One record, as it is or as it was recorded by then; its version stands in it."""
    query = words({"as_of": as_of, "county": county})
    came = yield from carried(session, Send("GET", f"{API}/{kind.name}/{id}", query=query))
    return decoded(came, kind.record)


def page(
    session: Session, kind: Kind[T], query: Query | None = None, *, link: str = ""
) -> Flow[tuple[PageOf[T], str]]:
    """A page, and where the next one is; empty = there is none."""
    send = Send("GET", link or f"{API}/{kind.name}", query={} if link else words(query))
    came = yield from carried(session, send)
    found: PageOf[T] = decoded(came, PageOf[kind.record])  # type: ignore[name-defined]
    return found, _following(came)


def ask(
    session: Session, path: str, answers: type[T], query: Query | None = None
) -> Flow[T]:  # fmt: skip
    """Any question of the API, e.g. ``/counts``."""
    came = yield from carried(session, Send("GET", API + path, query=words(query)))
    return decoded(came, answers)


def differences(
    session: Session, kind: Kind[Any], since: int | str, until: int | str | None = None, *,
    after: str | None = None, limit: int = PAGE, county: str | None = None,
) -> Flow[Differences]:  # fmt: skip
    """前后对比: a page of what came, changed or went between two snapshots (numbers or instants)."""
    span = f"{since}..{'' if until is None else until}"
    query = {"resource": kind.name, "as_of": span, "after": after, "limit": limit, "county": county}
    return (yield from ask(session, "/diff", Differences, query))


def act(
    session: Session, path: str, command: Any = None, *, answers: type[T],
    version: int | None = None, key: str | None = None, method: str = "POST",
    county: str | None = None,
) -> Flow[T]:  # fmt: skip
    """Any act of the API, done once however often it is tried.

    Args:
        version: of the record acted on, as it was seen.
        key: the Idempotency-Key; a fresh one where none is given. Whoever keeps it may ask again
            after a restart and gets the same answer.
    """
    headers = _json() | {"idempotency-key": key or session.key()}
    if version is not None:
        headers["if-match"] = f'"{version}"'
    body = msgspec.json.encode({} if command is None else command)
    query = words({"county": county})
    came = yield from carried(session, Send(method, API + path, headers, query, body))
    return decoded(came, answers)


def precheck(session: Session, filing: Filing, on: str | None = None) -> Flow[Verdict]:
    """预审试算: the verdict; nothing is recorded."""
    said = {"filing": filing} | ({"on": on} if on else {})
    body = msgspec.json.encode(said)
    came = yield from carried(session, Send("POST", f"{API}/prechecks", _json(), body=body))
    return decoded(came, Verdict)


def may(session: Session, question: Question) -> Flow[Decided]:
    """事前询问 by AuthZEN: yes or no, with the reasons."""
    body = msgspec.json.encode(question)
    came = yield from carried(session, Send("POST", "/access/v1/evaluation", _json(), body=body))
    return decoded(came, Decided)


def text(session: Session, path: str, query: Query | None = None) -> Flow[bytes]:
    """What is no JSON, as it is: a receipt, a checkpoint, keys, a print.

    Args:
        path: from the root, e.g. ``/log/990102/checkpoint``.
    """
    came = yield from carried(
        session, Send("GET", path, {"accept": "text/plain"}, query=words(query))
    )
    return came.body


def receipt(session: Session, decision_id: str) -> Flow[bytes]:
    """回执 of a decision: entry, path and checkpoint (tlog-proof)."""
    return (yield from text(session, f"{API}/decisions/{decision_id}/receipt"))


def checkpoint(session: Session, county: str) -> Flow[bytes]:
    """检查点 of a county's log, as signed last."""
    return (yield from text(session, f"/log/{county}/checkpoint"))


def growth(
    session: Session, old: int, new: int | None = None, *, county: str | None = None
) -> Flow[ProofOf]:
    """增长证明 that the log of one size begins with all of a smaller one."""
    query = {"from": old, "to": new, "county": county}
    return (yield from ask(session, "/proofs", ProofOf, query))


def take(
    session: Session, path: str, target: Path, *, command: Any = None,
    query: Query | None = None, expected: str = "", key: str | None = None,
) -> Flow[Kept]:  # fmt: skip
    """取走文件: streamed to a file, its digest checked, whole or not there. What is made beside (an
    audit package, a large list) is asked after until it is made; what breaks off goes on.

    Args:
        path: of the API, e.g. ``/exports``.
        command: what is to be exported; absent = the path itself is read.
        expected: SHA-256, hex, where it is known from elsewhere.

    Raises:
        FileError: what came is not what was told.
    """
    sink = Sink(target)
    if command is None:
        send = Send("GET", API + path, _PLAIN, words(query), sink=sink)
    else:
        headers = _json() | _PLAIN | {"idempotency-key": key or session.key()}
        body = msgspec.json.encode(command)
        send = Send("POST", API + path, headers, words(query), body, sink)
    try:
        came = yield from carried(session, send)
        if came.status == ACCEPTED:
            came = yield from _made(session, send, came)
        return sink.finish(came.headers, expected)
    finally:
        sink.stop()


def _made(session: Session, send: Send, came: Got) -> Flow[Got]:
    """The file that is made beside, once it is.

    Raises:
        FileError: it could not be made.
    """
    made, tried = decoded(came, Made), 0
    at = f"{send.path}/{made.id}"
    while made.state == "running":
        yield Pause(session.patience.pause(tried, 1.0))
        tried = min(tried + 1, _DOUBLINGS)
        made = decoded((yield from carried(session, Send("GET", at, query=send.query))), Made)
    if made.state != "done":
        raise FileError(made.why)
    taken = Send("GET", at + "/content", _PLAIN, send.query, sink=send.sink)
    return (yield from carried(session, taken))


def _json() -> dict[str, str]:
    return {"content-type": JSON}


def _following(came: Got) -> str:
    """The address in ``Link: <…>; rel="next"``, which is always one of this registry."""
    for part in came.headers.get("link", "").split(", <"):
        address, _, told = part.lstrip("<").partition(">")
        if _NEXT in told and address.startswith("/") and not address.startswith("//"):
            return address
    return ""
