"""检查点 made: the nodes of the tree are kept, the root is reckoned, the county's key signs it.

A log that no longer begins with what was signed before is not signed again: that is said instead.
"""

from functools import partial

from registry.actions.office import Office
from registry.actions.sealing import keys
from registry.actions.sealing.keys import note_key
from registry.domain.checkpoint import Checkpoint
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.hashing import SHA256
from registry.domain.merkle import Head, ProofError
from registry.domain.sealing import Sealed, ShownCheckpoint
from registry.domain.signed_note import Note, parse_note, sign_note
from registry.domain.vouching import SigningKey
from registry.store import checkpoints, nodes
from registry.store.heads import head_of
from registry.store.unit import Unit

FORKED = declare(
    "log.forked", RefusalKind.UNAVAILABLE,
    "日志与已签署的检查点（第 {size} 号）不一致，停止签署，请核验",
    "The log does not contain what its checkpoint of {size} signed; nothing more is signed.",
)  # fmt: skip
NO_SIZE = declare(
    "log.size",
    RefusalKind.MISSING,
    "日志没有到过 {size} 号",
    "The log never had that size: {size}.",
)
FEW = declare(
    "log.witnesses", RefusalKind.UNAVAILABLE, "还没有检查点得到 {many} 个见证",
    "No checkpoint has {many} cosignatures yet.",
)  # fmt: skip
EMPTY = declare(
    "log.no_checkpoint", RefusalKind.MISSING, "没有这个日志的检查点", "No checkpoint of such a log."
)


def seal(office: Office, county: str) -> Sealed | None:
    """Sign the log as it stands, in every tree; ``None`` where it is empty.

    Raises:
        Refusal: ``log.forked``, ``log.key_elsewhere``.
    """
    with office.store.settled() as connection:
        if not head_of(connection, county):
            return None
    keys.standing(office, county)
    with office.store.settled() as connection:
        size = head_of(connection, county)
    for tree in reversed(office.trees):
        made = seal_tree(office, county, tree, size)
    return made


def seal_tree(office: Office, county: str, tree: str, size: int) -> Sealed:
    """Sign one tree of the log at a size that it has or had.

    Raises:
        Refusal: ``log.size``, ``log.forked``, ``log.key_elsewhere``.
    """
    try:
        root, held = _reckoned(office, county, tree, size)
    except (LookupError, ProofError) as error:
        raise Refusal(FORKED, size=size) from error
    if held is not None:
        return held
    job = partial(_put, office=office, tree=tree, head=Head(size, root))
    made: Sealed = office.store.writer.submit(county, job).result()
    return made


def _put(unit: Unit, office: Office, tree: str, head: Head) -> Sealed:
    """Sign and keep in the county's turn, in which keys are rotated too: once another has taken
    over, a key signs nothing more."""
    held = checkpoints.at_size(unit.connection, unit.county, tree, head.size)
    if held is None:
        held = signed(office, keys.held(office, unit), tree, head)
        checkpoints.keep(unit, held)
    elif held.root != head.root.hex():
        raise Refusal(FORKED, size=head.size)
    return held


def _reckoned(office: Office, county: str, tree: str, size: int) -> tuple[bytes, Sealed | None]:
    """The root at a size, and the checkpoint that there is of it already."""
    _keep_nodes(office, county, tree, size)
    with office.store.settled() as connection:
        head = head_of(connection, county)
        if not 0 < size <= head:
            raise Refusal(NO_SIZE, size=size)
        held = checkpoints.at_size(connection, county, tree, size)
        leaves = nodes.Leaves(connection, county, tree)
        for one in (checkpoints.latest(connection, county, tree), held):
            if one and (one.size > head or leaves.root(one.size).hex() != one.root):
                raise Refusal(FORKED, size=one.size)
        return leaves.root(size), held


def signed(office: Office, key: SigningKey, tree: str, head: Head) -> Sealed:
    """A checkpoint with the key's signature, not kept."""
    named = note_key(key) if tree == SHA256 else note_key(key).beside()
    text = str(Checkpoint(named.name, head))
    line = sign_note(text, named, partial(office.store.keys.sign, key.id))
    return Sealed(county=key.county, tree=tree, size=head.size, root=head.root.hex(),
                  at=office.clock(),
                  note=str(Note(text, (line,))))  # fmt: skip


def _keep_nodes(office: Office, county: str, tree: str, size: int) -> None:
    """Write the nodes that are not kept yet, some at a time, each time in a transaction of its
    own: whoever does it again writes the same."""
    while True:
        with office.store.settled() as connection:
            if size > head_of(connection, county):
                return
            made = nodes.wanting(nodes.Leaves(connection, county, tree), size)
        if not made:
            return
        job = partial(nodes.keep, tree=tree, nodes=made)
        office.store.writer.submit(county, job).result()


def shown(office: Office, county: str, tree: str = SHA256) -> ShownCheckpoint:
    """The greatest checkpoint that as many of its witnesses have cosigned as must.

    Raises:
        Refusal: ``log.no_checkpoint``, ``log.witnesses``.
    """
    with office.store.settled() as connection:
        many = checkpoints.at_least(connection, county)
        found = checkpoints.witnessed_by(connection, county, tree, many)
        if found is None:
            any_ = checkpoints.latest(connection, county, tree)
            raise Refusal(FEW, many=many) if any_ else Refusal(EMPTY)
    return as_shown(office, found)


def listed(
    office: Office, county: str, tree: str, *, size: int, many: int
) -> list[ShownCheckpoint]:
    """Checkpoints greater than a size, old ones too, whether or not they have enough witnesses."""
    with office.store.settled() as connection:
        found = checkpoints.upwards(connection, county, tree, size=size, many=many)
    return [as_shown(office, one) for one in found]


def as_shown(office: Office, sealed: Sealed) -> ShownCheckpoint:
    """A checkpoint with its cosignatures, and how many it needs."""
    with office.store.settled() as connection:
        at = (sealed.county, sealed.tree, sealed.size)
        given = checkpoints.cosignatures(connection, *at)
        turns = checkpoints.Turns(connection, sealed.county)
        many = checkpoints.at_least(connection, sealed.county)
    note = parse_note((sealed.note + "".join(one.line for one in given)).encode())
    count = sum(turns.stood(one.witness, sealed.at) for one in given)
    return ShownCheckpoint(
        county=sealed.county, tree=sealed.tree, size=sealed.size, root=sealed.root, at=sealed.at,
        witnesses=count, at_least=many, enough=count >= many, note=str(note),
    )  # fmt: skip


def packaged(office: Office, county: str, size: int) -> dict[str, bytes]:
    """``log/checkpoint``, ``log/checkpoint.sm3`` and ``log/keys.txt`` of an audit package over the
    first ``size`` entries, by their names; signed now where there is no checkpoint of that size.

    Raises:
        Refusal: ``log.size``, ``log.forked``, ``log.key_elsewhere``.
    """
    keys.standing(office, county)
    found = {}
    for tree in office.trees:
        sealed = seal_tree(office, county, tree, size)
        name = "log/checkpoint" if tree == SHA256 else f"log/checkpoint.{tree}"
        found[name] = as_shown(office, sealed).note.encode()
    line = parse_note(found["log/checkpoint"]).signatures[0]
    held = keys.kept(office, county)
    signer = next(n for n, k in enumerate(held) if note_key(k).id == line.id)
    found["log/keys.txt"] = keys.keys_text(held[: signer + 1]).encode()
    return found
