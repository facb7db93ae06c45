"""送请见证 a county's checkpoints taken to its witnesses, over HTTP or as files carried by hand.

What a witness has seen and this log does not have is never passed over: it is how a log put back to
an old backup, or shown in two histories, comes to light.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Protocol

from registry.actions.office import Office
from registry.actions.sealing.witnessing import request_text
from registry.domain.checkpoint import parse_checkpoint
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.hashing import SHA256
from registry.domain.merkle import consistency
from registry.domain.records import Wire
from registry.domain.sealing import Answered, Cosigned, Peer, PeerKind, Sealed
from registry.domain.signed_note import (
    Note,
    NoteError,
    NoteKey,
    Signature,
    Signed,
    clean,
    opened,
    parse_key,
    parse_note,
    whole,
)
from registry.store import checkpoints
from registry.store.keys import signed_by
from registry.store.nodes import Leaves

NOT_COSIGNED = declare(
    "witness.not_cosigned", RefusalKind.INVALID, "文件里没有本日志检查点的见证签名",
    "The file holds no cosignature of a checkpoint of this log by one of its witnesses.",
)  # fmt: skip


class Outcome(StrEnum):
    """送请结果."""

    COSIGNED = "cosigned"
    DOWN = "down"
    """No answer, or none that can be understood."""
    REFUSED = "refused"
    """The witness does not witness this log."""
    AHEAD = "ahead"
    """The witness has seen more entries than this log has: it was put back (回退)."""
    FORKED = "forked"
    """The witness has seen another history (分叉)."""


class Submitted(Wire, frozen=True, kw_only=True):
    """送请结果 of one checkpoint with one witness."""

    county: str
    tree: str
    size: int
    witness: str
    outcome: Outcome
    detail: str = ""


class Calls(Protocol):
    """A witness as it is called; ``HttpWitness`` is one."""

    def add(self, request: bytes) -> tuple[Answered, bytes, str]: ...


def submit(office: Office, county: str, call: Callable[[Peer], Calls | None]) -> list[Submitted]:
    """Take the last checkpoint of each tree to every witness that has not cosigned it.

    Args:
        call: who carries it to a witness; ``None`` = nobody does (by hand, or left alone a while).
    """
    done = []
    with office.store.settled() as connection:
        witnesses = checkpoints.peers(connection, county, PeerKind.WITNESS)
        sealed = [s for t in office.trees if (s := checkpoints.latest(connection, county, t))]
        waiting = [
            (peer, one, before)
            for peer in witnesses
            for one in sealed
            if (before := checkpoints.cosigned_by(connection, county, one.tree, peer.vkey))
            < one.size
        ]
    for peer, one, before in waiting:
        line = call(peer)
        if line is not None:
            done.append(_taken(office, one, line, name=peer.name, before=before))
    return done


def _taken(office: Office, one: Sealed, line: Calls, *, name: str, before: int) -> Submitted:
    def told(outcome: Outcome, detail: str = "") -> Submitted:
        return Submitted(county=one.county, tree=one.tree, size=one.size, witness=name,
                         outcome=outcome, detail=detail)  # fmt: skip

    kind, body, why = line.add(request(office, one, before))
    if kind is Answered.CONFLICT and (seen := _size(body)) is not None and seen != before:
        # Another process may have signed more meanwhile, and have taken it there.
        one = _last(office, one)
        if seen > one.size:
            return told(Outcome.AHEAD, str(seen))
        kind, body, why = line.add(request(office, one, seen))
        if kind is Answered.CONFLICT and (_size(body) or 0) > seen:
            return told(Outcome.DOWN, kind.value)  # They are taking turns; the next round tells.
    if kind is Answered.DONE:
        try:
            keep(office, one, body)
        except (Refusal, NoteError) as error:
            return told(Outcome.DOWN, str(error))
        return told(Outcome.COSIGNED)
    if kind in (Answered.CONFLICT, Answered.UNPROVEN):
        return told(Outcome.FORKED, kind.value)
    outcome = Outcome.DOWN if kind is Answered.DOWN else Outcome.REFUSED
    return told(outcome, why or kind.value)


def _last(office: Office, than: Sealed) -> Sealed:
    """The last checkpoint there is now of the same tree."""
    with office.store.settled() as connection:
        return checkpoints.latest(connection, than.county, than.tree) or than


def request(office: Office, sealed: Sealed, old: int) -> bytes:
    """What a witness is sent that has seen the log at ``old`` entries."""
    with office.store.settled() as connection:
        leaves = Leaves(connection, sealed.county, sealed.tree)
        path = consistency(old, sealed.size, leaves.read, sealed.tree) if old else []
    return request_text(old, path, sealed.note).encode()


def for_hand(office: Office, county: str, vkey: str, *, tree: str = SHA256) -> tuple[Sealed, bytes]:
    """The last checkpoint and the request for a witness, to be carried there as a file."""
    with office.store.settled() as connection:
        sealed = checkpoints.latest(connection, county, tree)
        before = checkpoints.cosigned_by(connection, county, tree, vkey)
    if sealed is None:
        raise Refusal("log.no_checkpoint")
    return sealed, request(office, sealed, before)


def keep(office: Office, sealed: Sealed, octets: bytes) -> int:
    """Keep what a witness answered about a checkpoint: its lines; returns how many are new.

    Raises:
        Refusal: ``witness.not_cosigned``.
        NoteError: a known witness's signature is wrong.
    """
    note = parse_note(sealed.note.encode().partition(b"\n\n")[0] + b"\n\n" + octets)
    with office.store.settled() as connection:
        witnesses = checkpoints.peers(connection, sealed.county, PeerKind.WITNESS)
    known = [parse_key(peer.vkey) for peer in witnesses]
    right = opened(note, known, signed_by)
    if not right:
        raise Refusal(NOT_COSIGNED)
    return sum(_kept(office, sealed, one, _line(note, one.key)) for one in right)


def take_in(office: Office, county: str, octets: bytes, *, tree: str = SHA256) -> int:
    """Keep the cosignatures of a checkpoint that came back as a file: the signed note whole.

    Raises:
        Refusal: ``witness.not_cosigned``.
        NoteError: another form, or a known witness's signature is wrong.
    """
    note = parse_note(octets)
    size = parse_checkpoint(note.text).head.size
    with office.store.settled() as connection:
        sealed = checkpoints.at_size(connection, county, tree, size)
    if sealed is None or parse_note(sealed.note.encode()).text != note.text:
        raise Refusal(NOT_COSIGNED)
    return keep(office, sealed, "".join(map(str, note.signatures)).encode())


def _kept(office: Office, sealed: Sealed, signed: Signed, line: Signature) -> int:
    at = datetime.fromtimestamp(signed.time or 0, UTC)
    given = Cosigned(witness=str(signed.key), line=str(line), at=at)
    job = partial(checkpoints.keep_cosignature, sealed=sealed, given=given)
    return int(office.store.writer.submit(sealed.county, job).result())


def _line(note: Note, key: NoteKey) -> Signature:
    return next(s for s in note.signatures if (s.name, s.id) == (key.name, key.id))


def _size(body: bytes) -> int | None:
    try:
        return whole(clean(body).strip())
    except NoteError:
        return None
