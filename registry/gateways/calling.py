"""国库通信 one treasury as it is called: JSON over HTTP, as docs/treasury.md describes it.

A call answers what is known: what the treasury said, that it has never heard of the key, or that
the outcome is not known. It raises nothing for whatever happens on the line, and follows nobody
elsewhere. The bearer goes into the header alone: into no message, no record, no log.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import httpx
import msgspec

from registry.domain.paying import Absent, Payment, Reply, Told, Unknown

MOST_BYTES = 65_536
"""Longest answer that is read."""
_ANSWERS = frozenset({200, 201, 202, 409, 422})
"""Statuses whose body may say what became of a payment."""
_GONE = 404
_BUSY = 429
_BROKEN = 500
_DIGITS = 6
"""Of a ``Retry-After``: longer ones are no number of seconds that anybody means."""
_SAID = 200
"""Characters of an answer that are kept where it could not be understood."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """线路: where a treasury is called, and how long it is waited for (seconds)."""

    url: str
    bearer: str = ""
    ca_file: Path | None = None
    """Who vouches for it, where that is nobody whom the machine trusts."""
    connect: float = 5.0
    read: float = 10.0


class HttpTreasury:
    """国库网关 over HTTP; TLS is always verified, redirects and proxies are not followed."""

    def __init__(self, name: str, line: Line) -> None:
        self.name, self._line = name, line
        trusted = ssl.create_default_context(cafile=line.ca_file)
        limits = httpx.Timeout(line.read, connect=line.connect)
        headers = {"authorization": f"Bearer {line.bearer}"} if line.bearer else {}
        # A connection for each call: on one that is kept, a second answer to the call before would
        # be read as the answer to the next.
        self._client = httpx.Client(
            base_url=line.url, verify=trusted, timeout=limits, follow_redirects=False,
            trust_env=False, headers=headers | {"connection": "close"},
            limits=httpx.Limits(max_keepalive_connections=0),
        )  # fmt: skip

    def pay(self, payment: Payment) -> Reply:
        return self._said("POST", "/payments", payment, _body(payment))

    def ask(self, payment: Payment) -> Reply:
        return self._said("GET", f"/payments/{payment.key}", payment)

    def call_back(self, payment: Payment) -> Reply:
        return self._said("POST", f"/payments/{payment.key}/cancel", payment, _body(payment))

    def close(self) -> None:
        """Let go of the line."""
        self._client.close()

    def _said(self, method: str, path: str, payment: Payment, body: bytes | None = None) -> Reply:
        headers = {"idempotency-key": payment.key} if body is not None else {}
        if body is not None:
            headers["content-type"] = "application/json"
        until = monotonic() + self._line.connect + self._line.read
        try:
            with self._client.stream(method, path, content=body, headers=headers) as answer:
                read = _read(answer, until)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            return Unknown(f"线路不通 the line failed: {type(error).__name__}", down=True)
        if read is None:
            return Unknown("答复过长或者过慢 the answer was too long or too slow")
        return understood(answer.status_code, answer.headers, read)


def understood(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """What an answer says. Only a well-formed one says anything of a payment."""
    if status == _BUSY or status >= _BROKEN:
        said = f"国库暂不受理 the treasury is busy or out of order: {status}"
        return Unknown(said, down=status >= _BROKEN, after_seconds=_after(headers))
    if status == _GONE:
        return Absent("国库查无此件 the treasury does not know the key")
    if status in _ANSWERS:
        try:
            return msgspec.json.decode(body, type=Told)
        except msgspec.MsgspecError as error:
            # The error may quote what was sent, whatever that holds.
            why = "".join(c for c in str(error)[:_SAID] if c.isprintable())
            return Unknown(f"答复不合约定 not an answer: {status}: {why}")
    return Unknown(f"答复不合约定 not an answer: {status}")


def _read(answer: httpx.Response, until: float) -> bytes | None:
    """The body, unless it is longer than any answer, or does not end in time."""
    found = bytearray()
    for chunk in answer.iter_bytes():
        found += chunk
        if len(found) > MOST_BYTES or monotonic() > until:
            return None
    return bytes(found)


def _after(headers: Mapping[str, str]) -> int | None:
    """``Retry-After`` in seconds; in the form of a date it is passed over."""
    told = headers.get("retry-after", "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _DIGITS else None


def _body(payment: Payment) -> bytes:
    """What the treasury is sent: the key, the amount, and the order as it was kept."""
    order = msgspec.to_builtins(payment.order)
    told = {"key": payment.key, "amount_fen": payment.amount_fen, **order}
    return msgspec.json.encode(told, order="sorted")
