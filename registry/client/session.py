"""会话 how a call is carried, whatever carries it: steps that a shell takes, and what came of each.

A call is a generator: it yields what is to be sent, or how long to wait, and is handed what came.
So waiting and asynchronous clients share every rule on retries, keys and errors.
"""

from collections.abc import Generator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec

from registry.client.errors import ApiError, Unreachable, error_of
from registry.client.files import Sink
from registry.clock import Clock, Source, wall_clock
from registry.domain.records import Wire

T = TypeVar("T")
API = "/api/v1"
JSON = "application/json"
_KEY_OCTETS, _CHANCE_OCTETS = 16, 4
_SUCCESS, _PLENTY = 200, 300
ACCEPTED = 202
"""It is not there yet: the answer tells where it is made."""
_AGAIN = frozenset({429, 502, 503, 504})
_IN_FLIGHT = 409


class Patience(Wire, frozen=True, kw_only=True):
    """耐心: how often and how long a call is tried; seconds. Settings of the line, not rules."""

    tries: Annotated[int, msgspec.Meta(ge=1)] = 5
    first: float = 0.2
    longest: float = 20.0
    connect: float = 5.0
    read: float = 60.0

    def pause(self, tried: int, chance: float) -> float:
        """Before the next try: any length up to a bound that doubles, so that many callers who were
        turned away together do not come back together."""
        return chance * min(self.longest, self.first * 2.0**tried)


class Send(NamedTuple):
    """送出."""

    method: str
    path: str
    headers: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    body: bytes | None = None
    sink: Sink | None = None
    """Where the body of a good answer goes, chunk by chunk; absent = it is handed back."""


class Pause(NamedTuple):
    """等待, seconds."""

    seconds: float


class Got(NamedTuple):
    """收到."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Lost(NamedTuple):
    """线路不通: nothing came, and why."""

    why: str


Step = Send | Pause
Came = Got | Lost | None
Flow = Generator[Step, Came, T]
"""A call: what to do next, what came of it, and in the end its answer."""


class Session:
    """会话: whose token is sent, and what chance is drawn from."""

    def __init__(
        self, token: str = "", patience: Patience | None = None, source: Source | None = None, *,
        clock: Clock = wall_clock,
    ) -> None:  # fmt: skip
        self.token = token
        self.clock = clock
        self.patience = patience or Patience()
        self._source = source or Source()

    def key(self) -> str:
        """A fresh Idempotency-Key."""
        return self._source.token(_KEY_OCTETS).hex()

    def chance(self) -> float:
        """Anything from 0 to 1."""
        bits = int.from_bytes(self._source.token(_CHANCE_OCTETS), "big")
        return bits / (1 << 8 * _CHANCE_OCTETS)

    def signed(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers, with the token where there is one."""
        bearer = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return {**bearer, **headers}


def carried(session: Session, send: Send) -> Flow[Got]:
    """Send until it is answered for good. Every call that changes something bears a key that stays
    the same, so that trying again does it once.

    Raises:
        ApiError: it is refused, or was turned away too often.
        Unreachable: nothing came, too often.
    """
    send = send._replace(headers=session.signed(send.headers))
    for tried in range(session.patience.tries):
        rest = send.sink.rest() if send.sink else {}
        came = yield send._replace(headers={**send.headers, **rest})
        last = tried + 1 == session.patience.tries
        if isinstance(came, Got) and _SUCCESS <= came.status < _PLENTY:
            return came
        if isinstance(came, Got) and (last or not _passing(session, came)):
            raise error_of(came.status, came.headers, came.body)
        if last:
            raise Unreachable(came.why if isinstance(came, Lost) else "")
        yield Pause(_wait(session, came, tried))
    raise AssertionError("patience has at least one try")


def _passing(session: Session, came: Got) -> bool:
    """Whether the same call may be answered otherwise in a moment: not where who turned it away
    wants to see nobody for longer than this client waits."""
    passing = came.status in _AGAIN or (came.status == _IN_FLIGHT and "retry-after" in came.headers)
    return passing and _asked(session, came) <= session.patience.longest


def _wait(session: Session, came: Came, tried: int) -> float:
    asked = _asked(session, came) if isinstance(came, Got) else 0.0
    return max(asked, session.patience.pause(tried, session.chance()))


def _asked(session: Session, came: Got) -> float:
    """Seconds that ``Retry-After`` asks for, told as such or as a date; 0 = it says neither.

    A date is held against the answer's own ``Date``, for the clocks of both sides may differ;
    against this side's where the answer has none (RFC 9110, 10.2.3 and 6.6.1).
    """
    told = came.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    until = _instant(told)
    if until is None:
        return 0.0
    now = _instant(came.headers.get("date", "")) or session.clock()
    return max(0.0, (until - now).total_seconds())


def _instant(told: str) -> datetime | None:
    """An HTTP date in any of its three forms; ``None`` = it is none."""
    try:
        found = parsedate_to_datetime(told)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def decoded(came: Got, form: type[T]) -> T:
    """The answer as the form it has.

    Raises:
        ApiError: another form: this client and that registry are of different releases.
    """
    try:
        return msgspec.json.decode(came.body, type=form)
    except msgspec.MsgspecError as error:
        failed = error_of(came.status, came.headers, b"{}")
        failed.detail_en = f"the answer has another form: {error}"
        raise failed from error


def words(query: Mapping[str, Any] | None) -> dict[str, str]:
    """Query parameters as they are written; those that are ``None`` are left out."""
    found: dict[str, str] = {}
    for name, value in (query or {}).items():
        if value is not None:
            plain = msgspec.to_builtins(value)
            found[name] = str(plain).lower() if isinstance(plain, bool) else str(plain)
    return found


__all__ = [
    "ACCEPTED", "API", "JSON",
    "ApiError", "Flow", "Got", "Lost", "Patience", "Pause", "Send", "Session",
    "Step", "carried", "decoded", "words",
]  # fmt: skip
