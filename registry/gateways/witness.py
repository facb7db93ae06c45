"""见证通信 one witness as it is called: a checkpoint goes there, a cosignature comes back (C2SP
tlog-witness). A call answers what was said, or that nothing was; it raises nothing for whatever
happens on the line, and follows nobody elsewhere.
"""

from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from registry.domain.sealing import Answered

MOST_BYTES = 65_536
"""Longest answer that is read."""
CONNECT, READ = 5.0, 10.0
"""Seconds that a witness is waited for."""
PATH = "/add-checkpoint"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


SAID: dict[int, Answered] = {
    200: Answered.DONE, 400: Answered.MALFORMED, 403: Answered.UNTRUSTED, 404: Answered.UNKNOWN,
    409: Answered.CONFLICT, 422: Answered.UNPROVEN,
}  # fmt: skip
"""What each status means; any other says nothing."""


class WitnessReply(NamedTuple):
    """答复."""

    kind: Answered
    body: bytes = b""
    why: str = ""


class HttpWitness:
    """见证人 over HTTP; TLS is always verified, redirects and proxies are not followed."""

    def __init__(self, url: str, *, connect: float = CONNECT, read: float = READ) -> None:
        # Only who has a witness pays for the client that calls it.
        import httpx

        self._until = connect + read
        self._failures = httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError
        self._client = httpx.Client(
            base_url=url.rstrip("/"), timeout=httpx.Timeout(read, connect=connect),
            follow_redirects=False, trust_env=False,
        )  # fmt: skip

    def add(self, request: bytes) -> WitnessReply:
        """Ask that a checkpoint be cosigned."""
        until, found = monotonic() + self._until, bytearray()
        try:
            with self._client.stream("POST", PATH, content=request) as answer:
                for chunk in answer.iter_bytes():
                    found += chunk
                    if len(found) > MOST_BYTES or monotonic() > until:
                        return WitnessReply(
                            Answered.DOWN, why="答复过长或者过慢 too long or too slow"
                        )
                return understood(answer.status_code, bytes(found))
        except self._failures as error:
            return WitnessReply(
                Answered.DOWN, why=f"线路不通 the line failed: {type(error).__name__}"
            )

    def close(self) -> None:
        """Let go of the line."""
        self._client.close()


def understood(status: int, body: bytes) -> WitnessReply:
    """What an answer says."""
    return WitnessReply(
        SAID.get(status, Answered.DOWN), body, "" if status in SAID else str(status)
    )


def safe(url: str) -> bool:
    """Whether a witness may be called there: TLS, or a machine's own loopback."""
    parts = urlsplit(url)
    if parts.username or parts.password or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
