"""见证各方 set: who witnesses a county's log, whose logs are witnessed here, how many must cosign."""

from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.rules.signing import county_paths
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Wire
from registry.domain.sealing import Peer, PeerKind
from registry.domain.signed_note import KeyKind, NoteError, parse_key
from registry.gateways.witness import safe
from registry.store import checkpoints

BAD_KEY = declare(
    "witness.key", RefusalKind.INVALID, "公钥（vkey）不合格：{why}",
    "Not a vkey of the kind that is wanted: {why}.", recorded=True,
)  # fmt: skip
BAD_URL = declare(
    "witness.url", RefusalKind.INVALID, "见证地址须以 https:// 开头",
    "A witness is called over https://.", recorded=True,
)  # fmt: skip


class PeerCommand(Wire, frozen=True, kw_only=True):
    """见证一方: taken on, or let go."""

    kind: PeerKind
    vkey: Annotated[str, msgspec.Meta(max_length=500)] = ""
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    at_least: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    standing: bool = True


def set_peer(desk: Desk, command: PeerCommand) -> Answer:
    """Let somebody stand as witness or witnessed log, or no more; or say how many must cosign.

    Raises:
        Refusal: ``witness.key``, ``witness.url``.
    """
    desk.authorise("witness.set", paths=county_paths(desk))
    peer = _peer(command)
    desk.note = msgspec.to_builtins(peer) | {"standing": command.standing}
    checkpoints.keep_peer(desk.unit, peer, desk.now, standing=command.standing)
    return Answer(body=peer)


def _peer(command: PeerCommand) -> Peer:
    if command.kind is PeerKind.AT_LEAST:
        return Peer(kind=command.kind, name=str(command.at_least))
    wanted = KeyKind.COSIGNATURE if command.kind is PeerKind.WITNESS else KeyKind.NOTE
    try:
        key = parse_key(command.vkey)
    except NoteError as error:
        raise Refusal(BAD_KEY, why=str(error)) from error
    if key.kind is not wanted:
        raise Refusal(BAD_KEY, why=f"{key.kind.name} ≠ {wanted.name}")
    if command.url and not safe(command.url):
        raise Refusal(BAD_URL)
    return Peer(kind=command.kind, name=key.name, vkey=str(key), url=command.url)
