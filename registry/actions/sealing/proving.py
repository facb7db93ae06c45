"""证明 that an entry stands in the log, that the log grew out of a smaller one, and receipts to keep.

A proof holds hashes of other entries and nothing of what they say: each entry is salted.
"""

from functools import partial

from registry.actions import reading
from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.rules.signing import county_paths
from registry.actions.sealing import checkpointing
from registry.actions.sealing.checkpointing import NO_SIZE, as_shown, seal
from registry.actions.seeing import scopes
from registry.domain.approval import Decision
from registry.domain.checkpoint import LogProof
from registry.domain.errors import Refusal
from registry.domain.hashing import SHA256
from registry.domain.merkle import consistency, inclusion
from registry.domain.people import Actor
from registry.domain.sealing import ProofOf, Sealed
from registry.domain.signed_note import base64_of, parse_note
from registry.store import checkpoints
from registry.store.heads import head_of
from registry.store.nodes import Leaves
from registry.store.proven import entry_of, written_by

PROOF = "proof.take"


def of_entry(office: Office, county: str, seq: int, *, tree: str = SHA256) -> ProofOf:
    """That an entry stands in the log, under the greatest checkpoint.

    Raises:
        Refusal: ``log.size``.
    """
    sealed = _covering(office, county, seq, tree)
    with office.store.settled() as connection:
        leaves = Leaves(connection, county, tree)
        path = inclusion(seq - 1, sealed.size, leaves.read, tree)
        leaf = leaves.read(0, seq - 1)
    return ProofOf(
        county=county, tree=tree, seq=seq, leaf=base64_of(leaf), size=sealed.size,
        root=base64_of(bytes.fromhex(sealed.root)), path=[base64_of(one) for one in path],
        checkpoint=as_shown(office, sealed).note,
    )  # fmt: skip


def of_growth(
    office: Office, county: str, old: int, new: int | None, *, tree: str = SHA256
) -> ProofOf:  # fmt: skip
    """That the log of one size begins with all of a smaller one; the greater is the last
    checkpoint's where none is named.

    Raises:
        Refusal: ``log.size``.
    """
    size = _covering(office, county, old, tree).size if new is None else new
    with office.store.settled() as connection:
        head = head_of(connection, county)
        if not 0 < old <= size <= head:
            raise Refusal(NO_SIZE, size=old if old > size or old < 1 else size)
        leaves = Leaves(connection, county, tree)
        path = consistency(old, size, leaves.read, tree)
        roots = [base64_of(leaves.root(one)) for one in (old, size)]
        sealed = checkpoints.at_size(connection, county, tree, size)
    return ProofOf(
        county=county, tree=tree, old=old, old_root=roots[0], size=size, root=roots[1],
        path=[base64_of(one) for one in path],
        checkpoint=as_shown(office, sealed).note if sealed else "",
    )  # fmt: skip


def receipt_of(office: Office, county: str, seq: int, *, tree: str = SHA256) -> str:
    """回执 tlog-proof of an entry, with the entry itself.

    Raises:
        Refusal: ``log.size``.
    """
    sealed = _covering(office, county, seq, tree)
    with office.store.settled() as connection:
        path = inclusion(seq - 1, sealed.size, Leaves(connection, county, tree).read, tree)
        entry = entry_of(connection, county, seq)
    note = parse_note(as_shown(office, sealed).note.encode())
    return str(LogProof(seq - 1, tuple(path), note, entry))


def receipt(office: Office, actor: Actor, decision_id: str, county: str | None) -> str:
    """回执 of the entry that last wrote a decision, for whoever may read it.

    Raises:
        Refusal: ``access.hidden``.
    """
    decision = reading.one(office, actor, Decision, decision_id, county=county)
    with office.store.settled() as connection:
        seq = written_by(connection, Decision, decision.county, decision.id)
    if seq is None:
        raise Refusal(HIDDEN)
    if scopes(office, actor, PROOF, decision.county):
        record(office, actor, decision.county, {"decision": decision.id, "entry": seq})
    return receipt_of(office, decision.county, seq)


def asked(office: Office, actor: Actor, county: str, note: dict[str, object]) -> None:
    """Who asks for proofs sees the whole county's log; that they ask is put on record.

    Raises:
        Refusal: ``access.reading``.
    """
    if not any(scope.whole for scope in scopes(office, actor, PROOF, county)):
        raise Refusal(NOT_READABLE)
    record(office, actor, county, note)


def record(office: Office, actor: Actor, county: str, note: dict[str, object]) -> None:
    """取证留痕: an entry in the county's log that a proof was taken."""
    call = Call(actor=actor, county=county, act=PROOF)
    office.perform(call, partial(taken, note=note))


def taken(desk: Desk, note: dict[str, object]) -> Answer:
    """取证: who takes it and what of, in the log."""
    desk.authorise(PROOF, paths=county_paths(desk))
    desk.note = note
    return Answer(body=None)


def _covering(office: Office, county: str, seq: int, tree: str) -> Sealed:
    """The greatest checkpoint, made now where it does not reach so far."""
    if tree not in office.trees:
        raise Refusal(checkpointing.EMPTY)
    with office.store.settled() as connection:
        if not 0 < seq <= head_of(connection, county):
            raise Refusal(NO_SIZE, size=seq)
        last = checkpoints.latest(connection, county, tree)
    if last is None or last.size < seq:
        seal(office, county)
        with office.store.settled() as connection:
            last = checkpoints.latest(connection, county, tree)
    if last is None:
        raise Refusal(checkpointing.EMPTY)
    return last
