"""不予办理 as the caller meets it: a problem of the API as an error of its own kind."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A problem as it comes (RFC 9457); what it holds besides is passed over."""

    title: str = ""
    detail: str = ""
    detail_en: str = ""
    code: str = ""
    facts: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []


class ApiError(Exception):
    """不予办理: the API said no. ``code`` is permanent; ``rules`` are the rows of a verdict.

    Args:
        status: HTTP status.
        told: the problem.
        headers: of the answer, names in lower case.
    """

    def __init__(self, status: int, told: Told, headers: Mapping[str, str]) -> None:
        super().__init__(f"{status} {told.code} {told.detail} {told.detail_en}".strip())
        self.status, self.headers = status, headers
        self.code, self.facts, self.rules = told.code, told.facts, told.rules
        self.detail, self.detail_en = told.detail, told.detail_en


class MalformedError(ApiError):
    """Any other 4xx: the call itself is wrong."""


class NotSignedInError(ApiError):
    """401: no token, or one that is over."""


class NotAllowedError(ApiError):
    """403: no post of the person may do it."""


class NotFoundError(ApiError):
    """404: it does not exist, or is not theirs to know of."""


class ConflictError(ApiError):
    """409: another state, or the key was used with another body."""


class StaleError(ApiError):
    """412: the record is newer than the version that was sent."""


class InvalidError(ApiError):
    """422: well-formed, and refused."""


class BusyError(ApiError):
    """429, 5xx: not now; it was tried as often as patience allows."""


class Unreachable(Exception):  # noqa: N818 - it says what is the case
    """线路不通: no answer came, as often as it was tried; whether it was done is not known."""


_KINDS: dict[int, type[ApiError]] = {
    401: NotSignedInError, 403: NotAllowedError, 404: NotFoundError, 409: ConflictError,
    412: StaleError, 422: InvalidError, 429: BusyError,
}  # fmt: skip
_CLIENT_ERRORS = range(400, 500)
_SAID = 200


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """The error that an answer is."""
    try:
        told = msgspec.json.decode(body, type=Told)
    except msgspec.MsgspecError:
        told = Told(detail=body[:_SAID].decode("utf-8", "replace"))
    other = MalformedError if status in _CLIENT_ERRORS else BusyError
    return _KINDS.get(status, other)(status, told, headers)
