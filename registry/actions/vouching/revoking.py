"""吊销密钥 and what follows: every paper it signed that opens a door, or may again, is signed anew."""

from registry.actions.office import Answer, Desk
from registry.actions.vouching.issuing import signed
from registry.actions.vouching.keeping import RevokeCommand, put_out, signing_key
from registry.domain.presence import Presence, PresenceState
from registry.domain.vouching import AdmissionNotice

_DONE = frozenset({PresenceState.COMPLETED, PresenceState.EXPIRED})
"""States from which nothing comes back by the paper it has: what was refused is taken up again,
what was withdrawn returns where the decision falls, a renewal issues a paper of its own."""


def revoke(desk: Desk, id: str, version: int | None, command: RevokeCommand) -> Answer:
    """吊销密钥: whoever has the lost one could date a forgery as they like, so nothing that it
    signed is trusted; the communities are issued the same papers under the next key."""
    key = put_out(desk, id, version, command)
    signing_key(desk)
    held = [n for n in desk.unit.find(AdmissionNotice, key_id=id) if not n.replaced]
    doors = desk.unit.find(Presence, id=sorted({n.presence_id for n in held})) if held else []
    living = {door.id for door in doors if door.state not in _DONE}
    made = signed(desk, [(n, n) for n in held if n.presence_id in living])
    desk.about(key)
    desk.note = {"reissued": len(made)}
    return Answer(body=key, version=key.version)
