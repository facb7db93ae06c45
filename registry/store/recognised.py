"""认出 what somebody kept of a log that is here: a checkpoint or a receipt, and by which key it was
signed, or that it was signed by none that the log has.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from registry.domain.checkpoint import PROOF_HEAD, parse_checkpoint, parse_proof
from registry.domain.signed_note import opened, parse_note
from registry.store.faults import Head, Kept
from registry.store.keys import signed_by
from registry.store.sealed import kept_of, log_keys, named

LATER = "log.kept_key"


def recognised(connection: Connection, counties: Sequence[str], octets: bytes) -> Kept:
    """A checkpoint, or the receipt of an entry, that somebody kept of a log that is here. One that
    bears the log's name and no signature of a key it has was signed by a key that came later, or by
    somebody else: the log, put back to before that key took over, can no longer tell.

    Raises:
        NoteError: another form, another log, or a wrong signature of a key of the log.
        ProofError: the receipt does not show its entry.
    """
    proof = parse_proof(octets) if octets.startswith(PROOF_HEAD.encode()) else None
    note = proof.note if proof else parse_note(octets)
    found = parse_checkpoint(note.text)
    for county in counties:
        keys = [named(key) for key in log_keys(connection, county)]
        if found.origin in {key.name for key in keys} and not opened(note, keys, signed_by):
            head = Head(county=county, seq=found.head.size, root=found.head.root.hex())
            return Kept(head=head, what=LATER)
    return kept_of(connection, counties, octets)
