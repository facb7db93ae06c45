"""见证 other logs' checkpoints: cosigned here when they continue what was cosigned before (C2SP
tlog-witness). What was seen is compared and put in its place in one step, before anybody is
answered.
"""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from registry.actions.office import Office
from registry.actions.sealing import keys
from registry.actions.sealing.keys import note_key
from registry.domain.checkpoint import Checkpoint, parse_checkpoint
from registry.domain.hashing import HashMissingError, hashing
from registry.domain.merkle import LARGEST, Head, ProofError, check_consistency
from registry.domain.records import NATION
from registry.domain.sealing import Answered, PeerKind
from registry.domain.signed_note import (
    Note,
    NoteError,
    base64_of,
    clean,
    cosign,
    octets_of,
    opened,
    parse_key,
    parse_note,
    whole,
)
from registry.domain.vouching import KeyPurpose
from registry.store import checkpoints, witnessing
from registry.store.keys import signed_by
from registry.store.unit import Unit

MOST_LINES = LARGEST.bit_length()
"""Of a consistency proof (C2SP tlog-witness)."""


class Asked(NamedTuple):
    """请求: the size cosigned before, the proof from there, the checkpoint."""

    old: int
    path: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


class Said(NamedTuple):
    """答复."""

    kind: Answered
    text: str = ""
    """Of ``conflict`` the size that was seen last."""


def parse_request(octets: bytes) -> Asked:
    """A request to cosign.

    Raises:
        NoteError: another form.
    """
    head, blank, rest = octets.partition(b"\n\n")
    first, *lines = clean(head).split("\n")
    if not blank or not first.startswith("old ") or len(lines) > MOST_LINES:
        raise NoteError("not a request to cosign")
    path = tuple(octets_of(line) for line in lines)
    note = parse_note(rest)
    return Asked(whole(first.removeprefix("old ")), path, note, parse_checkpoint(note.text))


def request_text(old: int, path: tuple[bytes, ...] | list[bytes], note: str) -> str:
    """A request as ``parse_request`` reads it."""
    return "".join(f"{line}\n" for line in (f"old {old}", *map(base64_of, path))) + f"\n{note}"


def add_checkpoint(office: Office, octets: bytes) -> Said:
    """Cosign a checkpoint of a log that is witnessed here."""
    try:
        asked = parse_request(octets)
    except NoteError as error:
        return Said(Answered.MALFORMED, f"{error}\n")
    origin = asked.checkpoint.origin
    with office.store.settled() as connection:
        known = checkpoints.peers(connection, NATION, PeerKind.LOG)
    trusted = [key for peer in known if (key := parse_key(peer.vkey)).name == origin]
    if not trusted:
        return Said(Answered.UNKNOWN, f"unknown log: {origin}\n")
    try:
        if not opened(asked.note, trusted, signed_by):
            return Said(Answered.UNTRUSTED, "not signed by a key of this log\n")
    except NoteError as error:
        return Said(Answered.UNTRUSTED, f"{error}\n")
    keys.witness_key(office)
    job = partial(_cosigned, office=office, asked=asked, at=office.clock())
    answer: Said = office.store.writer.submit(NATION, job).result()
    return answer


def _cosigned(unit: Unit, office: Office, asked: Asked, at: datetime) -> Said:
    """In the turn in which keys are rotated too: once another has taken over, a key signs nothing
    more."""
    own = keys.held(office, unit, KeyPurpose.WITNESS)
    answer = _advance(unit, asked, at)
    if answer.kind is not Answered.DONE:
        return answer
    sign = partial(office.store.keys.sign, own.id)
    line = cosign(asked.note.text, int(at.timestamp()), note_key(own), sign)
    return Said(Answered.DONE, str(line))


def _advance(unit: Unit, asked: Asked, at: datetime) -> Said:
    new = asked.checkpoint.head
    if asked.old > new.size:
        return Said(Answered.MALFORMED, "the old size is greater than the checkpoint\n")
    connection = unit.connection
    last = witnessing.last(connection, asked.checkpoint.origin)
    seen = last.size if last else 0
    if asked.old != seen:
        return Said(Answered.CONFLICT, f"{seen}\n")
    if last is not None and last.size == new.size and last.root != new.root:
        return Said(Answered.CONFLICT, f"{seen}\n")
    if not _continues(last, asked):
        return Said(
            Answered.UNPROVEN, "the proof does not show that the log grew out of what was seen\n"
        )
    note = str(asked.note)
    if not witnessing.advance(connection, asked.checkpoint.origin, last, new, note=note, at=at):
        return Said(Answered.CONFLICT, f"{seen}\n")
    return Said(Answered.DONE)


def _continues(last: Head | None, asked: Asked) -> bool:
    found = asked.checkpoint
    try:
        if last is None or last.size == 0:
            empty = found.head.size > 0 or found.head.root == hashing(found.hash).empty
            return not asked.path and empty
        check_consistency(last, found.head, asked.path, hash=found.hash)
    except (ProofError, HashMissingError):
        return False
    return True
