"""日志密钥 the keys that sign checkpoints and cosignatures: made at the first need, each followed by
one
that it has signed. One that was lost is followed by one that nothing vouches for, and that is told.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rules.signing import county_paths
from registry.actions.ticking import system_actor
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import NATION, Wire
from registry.domain.sealing import LogKey
from registry.domain.signed_note import KeyKind, NoteKey, base64_of, succession
from registry.domain.vouching import KeyPurpose, KeyState, SigningKey
from registry.store.keys import SEED
from registry.store.unit import Unit

ELSEWHERE = declare(
    "log.key_elsewhere", RefusalKind.UNAVAILABLE,
    "日志密钥 {id} 的私钥不在本机；如已遗失，请办理轮换（registry audit key rotate --lost）",
    "The private half of the log's key {id} is not here; if it is lost, rotate it (--lost).",
)  # fmt: skip
NOT_LOST = declare(
    "log.key_here", RefusalKind.CONFLICT, "日志密钥 {id} 的私钥就在本机，轮换须由它签署，不作遗失办理",
    "The private half of {id} is here: it signs its successor, and is not lost.", recorded=True,
)  # fmt: skip
_KIND = {KeyPurpose.LOG: KeyKind.NOTE, KeyPurpose.WITNESS: KeyKind.COSIGNATURE}


class RotateCommand(Wire, frozen=True, kw_only=True):
    """轮换日志密钥: why; ``lost`` where the old one cannot sign any more."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    lost: bool = False


def note_key(key: SigningKey) -> NoteKey:
    """A key as C2SP names it."""
    public = urlsafe_b64decode(key.public + "=" * (-len(key.public) % 4))
    return NoteKey(key.name, _KIND[key.purpose], public)


def kept(office: Office, county: str, purpose: KeyPurpose = KeyPurpose.LOG) -> list[SigningKey]:
    """Every key of a purpose there ever was, oldest first."""
    return in_turn(k for k in office.store.reader.find(SigningKey, county) if k.purpose is purpose)


def in_turn(keys: Iterable[SigningKey]) -> list[SigningKey]:
    """Keys as each follows another."""
    waiting = {key.follows: key for key in keys}
    found: list[SigningKey] = []
    while (key := waiting.pop(found[-1].id if found else None, None)) is not None:
        found.append(key)
    return found


def standing(
    office: Office, county: str, purpose: KeyPurpose = KeyPurpose.LOG
) -> SigningKey:  # fmt: skip
    """The key that signs for a county's log (or as witness); made where there never was one.

    Raises:
        Refusal: ``log.key_elsewhere``.
    """
    held = kept(office, county, purpose)
    if not held:
        call = Call(actor=system_actor(county), county=county, act="key.make")
        held = [office.perform(call, partial(_first, purpose=purpose)).body]
    key = held[-1]
    if not office.store.keys.here(key.id):
        raise Refusal(ELSEWHERE, id=key.id)
    return key


def held(office: Office, unit: Unit, purpose: KeyPurpose = KeyPurpose.LOG) -> SigningKey:
    """The key that signs, read in the turn in which it is to sign: none takes over meanwhile.

    Raises:
        Refusal: ``log.key_elsewhere``.
    """
    key = in_turn(k for k in unit.find(SigningKey) if k.purpose is purpose)[-1]
    if not office.store.keys.here(key.id):
        raise Refusal(ELSEWHERE, id=key.id)
    return key


def witness_key(office: Office) -> SigningKey:
    """The key by which this instance cosigns."""
    return standing(office, NATION, KeyPurpose.WITNESS)


def _first(desk: Desk, purpose: KeyPurpose) -> Answer:
    desk.authorise("key.make", paths=county_paths(desk))
    held = [k for k in desk.unit.find(SigningKey) if k.purpose is purpose]
    if not held:
        word = "log" if purpose is KeyPurpose.LOG else "witness"
        name = f"{desk.office.site}/{word}/{desk.unit.county}"
        held = [desk.unit.add(_new(desk, purpose, name))]
    desk.about(held[-1])
    return Answer(body=held[-1], version=held[-1].version)


def rotate(desk: Desk, command: RotateCommand, purpose: KeyPurpose = KeyPurpose.LOG) -> Answer:
    """轮换: another key takes over under the same name, signed by the one before unless that is
    lost; what was signed before stays good.

    Raises:
        Refusal: ``log.key_here``, ``log.key_elsewhere``.
    """
    desk.authorise("key.rotate", paths=county_paths(desk))
    old = in_turn([k for k in desk.unit.find(SigningKey) if k.purpose is purpose])[-1:]
    if not old:
        return _first(desk, purpose)
    before, keys = old[0], desk.office.store.keys
    if keys.here(before.id) == command.lost:
        raise Refusal(NOT_LOST if command.lost else ELSEWHERE, id=before.id)
    key = msgspec.structs.replace(_new(desk, purpose, before.name), follows=before.id)
    if not command.lost:
        said = succession(note_key(before), note_key(key))
        key = msgspec.structs.replace(key, vouched=base64_of(keys.sign(before.id, said)))
    state = KeyState.REVOKED if command.lost else KeyState.RETIRED
    desk.unit.change(
        before, state=state, reason=command.reason,
        retired_at=None if command.lost else desk.now,
        revoked_from=desk.now if command.lost else None,
    )  # fmt: skip
    desk.about(desk.unit.add(key))
    desk.note = {"follows": before.id, "lost": command.lost}
    return Answer(body=key, version=key.version)


def _new(desk: Desk, purpose: KeyPurpose, name: str) -> SigningKey:
    id, public = desk.office.store.keys.make(desk.office.source.token(SEED))
    told = urlsafe_b64encode(public).decode().rstrip("=")
    return SigningKey(county=desk.unit.county, id=id, public=told, made_at=desk.now,
                      purpose=purpose, name=name)  # fmt: skip


def told(office: Office, county: str) -> list[LogKey]:
    """The log's keys as anybody may know them, oldest first."""
    return [
        LogKey(
            vkey=str(note_key(key)), state=key.state.value, made_at=key.made_at,
            vouched=key.vouched, lost=bool(key.follows) and not key.vouched,
        )
        for key in kept(office, county)
    ]  # fmt: skip


def keys_text(keys: Sequence[SigningKey]) -> str:
    """``log/keys.txt``: a vkey a line, oldest first, each next with the signature of the one
    before;
    after a key that was lost the row begins anew."""
    lines: list[str] = []
    for key in keys:
        if not key.vouched:
            lines.clear()
        lines.append(f"{note_key(key)} {key.vouched}".rstrip())
    return "".join(f"{line}\n" for line in lines)
