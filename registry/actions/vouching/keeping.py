"""密钥保管 the keys that sign notices: made, put aside, and revoked where one was lost or copied.

The public half is a record; the private half is a file below the data directory (``store/keys``).
A county has one that signs; what another one signed before stays good unless it was revoked.
"""

from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk, Office
from registry.actions.rules.signing import county_paths
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Wire, utc
from registry.domain.vouching import KeyPurpose, KeyState, SigningKey
from registry.store.keys import SEED

NOT_SIGNING = declare(
    "key.state", RefusalKind.CONFLICT, "密钥现为「{state_zh}」，不能这样办理",
    "The key is {state} already.", recorded=True,
)  # fmt: skip
OTHER_PURPOSE = declare(
    "key.purpose", RefusalKind.CONFLICT, "日志和见证密钥只以轮换更替（registry audit key rotate）",
    "A key of the log or of a witness is only ever followed by another (audit key rotate).",
    recorded=True,
)  # fmt: skip
AHEAD = declare(
    "key.ahead", RefusalKind.INVALID, "吊销起算时间不能晚于现在",
    "A key is revoked from now on or from an earlier instant.", recorded=True,
)  # fmt: skip

STATE_ZH = {KeyState.ACTIVE: "使用中", KeyState.RETIRED: "已停用", KeyState.REVOKED: "已吊销"}


class RetireCommand(Wire, frozen=True, kw_only=True):
    """停用: why; what it signed stays good."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]


class RevokeCommand(Wire, frozen=True, kw_only=True):
    """吊销: why, and from when nothing it signed can be trusted (default: now)."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    revoked_from: datetime | None = None


def make(desk: Desk) -> Answer:
    """制作密钥: one more that may sign; with several, the oldest whose private half is here does."""
    desk.authorise("key.make", paths=county_paths(desk))
    key = _made(desk)
    desk.about(key)
    return Answer(body=key, version=key.version)


def retire(desk: Desk, id: str, version: int | None, command: RetireCommand) -> Answer:
    """停用密钥: it signs nothing any more; another takes its place at once."""
    key = _held(desk, id, version, "key.retire")
    changed = desk.unit.change(
        key, state=KeyState.RETIRED, retired_at=desk.now, reason=command.reason
    )
    signing_key(desk)
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def put_out(desk: Desk, id: str, version: int | None, command: RevokeCommand) -> SigningKey:
    """吊销密钥 by itself: what it signed is renewed by ``revoking``.

    Raises:
        Refusal: ``key.state``, ``key.ahead``.
    """
    key = _held(desk, id, version, "key.revoke")
    since = utc(command.revoked_from) if command.revoked_from else desk.now
    if since > desk.now:
        raise Refusal(AHEAD)
    return desk.unit.change(key, state=KeyState.REVOKED, revoked_from=since, reason=command.reason)


def _held(desk: Desk, id: str, version: int | None, act: str) -> SigningKey:
    key = desk.unit.get(SigningKey, id, lock=True)
    desk.about(key)
    desk.authorise(act, paths=county_paths(desk))
    if key.purpose is not KeyPurpose.NOTICE:
        raise Refusal(OTHER_PURPOSE)
    may = key.state is KeyState.ACTIVE
    if act == "key.revoke":
        may = key.state is not KeyState.REVOKED
    if not may:
        raise Refusal(NOT_SIGNING, state=key.state.value, state_zh=STATE_ZH[key.state])
    desk.check_version(key, version)
    return key


def signing_key(desk: Desk) -> SigningKey:
    """The key that signs here; made where the county has none whose private half lies here."""
    active = desk.unit.find(SigningKey, state=KeyState.ACTIVE.value)
    return _first_here(desk.office, active) or _made(desk)


def standing(office: Office, county: str) -> SigningKey | None:
    """The key by which this machine signs for a county now, if there is one."""
    active = office.store.reader.find(SigningKey, county, state=KeyState.ACTIVE.value)
    return _first_here(office, active)


def _first_here(office: Office, active: list[SigningKey]) -> SigningKey | None:
    here = [
        key for key in active
        if key.purpose is KeyPurpose.NOTICE and office.store.keys.here(key.id)
    ]  # fmt: skip
    return min(here, key=lambda key: (key.made_at, key.id), default=None)


def _made(desk: Desk) -> SigningKey:
    id, public = desk.office.store.keys.make(desk.office.source.token(SEED))
    return desk.unit.add(
        SigningKey(
            county=desk.unit.county,
            id=id,
            public=urlsafe_b64encode(public).decode().rstrip("="),
            made_at=desk.now,
        )
    )
