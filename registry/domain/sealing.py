"""封存 what a county says of its log besides the log: who witnesses it, and what was proven."""

from datetime import datetime, timedelta
from enum import StrEnum

from registry.domain.records import Count, Wire

CHECKPOINT_WITHIN = timedelta(seconds=10)
"""检查点间隔: a log is signed at most so long after what it covers. An act is dated when its turn comes
and numbered when it is done, acts of a county one after another; so an entry may be dated before a
checkpoint that it came after, and by no more than this."""


class PeerKind(StrEnum):
    """见证各方."""

    WITNESS = "witness"
    """Who is asked to cosign this county's checkpoints."""
    LOG = "log"
    """Whose checkpoints are cosigned here."""
    AT_LEAST = "at_least"
    """How many witnesses a checkpoint needs before it is shown; ``name`` is the number."""


class Answered(StrEnum):
    """见证答复 in C2SP's kinds; which HTTP status each has, the door and the gateway know."""

    DONE = "done"
    MALFORMED = "malformed"
    UNTRUSTED = "untrusted"
    """Not signed by a key of the log."""
    UNKNOWN = "unknown"
    """The log is not witnessed there."""
    CONFLICT = "conflict"
    """Another size was seen last, or another root at this size."""
    UNPROVEN = "unproven"
    DOWN = "down"
    """No answer, or none that can be understood."""


class Peer(Wire, frozen=True, kw_only=True):
    """见证一方."""

    kind: PeerKind
    name: str
    vkey: str = ""
    url: str = ""
    """Where a witness is called, without ``/add-checkpoint``; empty = by files carried by hand."""


class Sealed(Wire, frozen=True, kw_only=True):
    """检查点 as it is kept."""

    county: str
    tree: str
    """``sha256`` or ``sm3``."""
    size: int
    root: str
    """Hex."""
    at: datetime
    note: str
    """The signed note without cosignatures."""


class Cosigned(Wire, frozen=True, kw_only=True):
    """见证签名 as it is kept."""

    witness: str
    """vkey."""
    line: str
    at: datetime


class ShownCheckpoint(Wire, frozen=True, kw_only=True):
    """检查点 as it is told."""

    county: str
    tree: str
    size: int
    root: str
    at: datetime
    witnesses: Count
    """How many have cosigned it that stood as witnesses when it was made."""
    at_least: Count
    """How many must have."""
    enough: bool
    note: str
    """The signed note with every cosignature."""


class LogKey(Wire, frozen=True, kw_only=True):
    """日志公钥 as it is told: whoever trusts the first may follow to the last."""

    vkey: str
    state: str
    made_at: datetime
    vouched: str = ""
    """Signature of the key before it over ``key-succession/v1``, base64."""
    lost: bool = False
    """The key before it was lost, so that nothing vouches for this one but the log (遗失轮换)."""


class ProofOf(Wire, frozen=True, kw_only=True):
    """证明: that an entry stands in the log, or that the log grew out of a smaller one."""

    county: str
    tree: str
    seq: int | None = None
    """Number of the entry, of an inclusion proof."""
    leaf: str = ""
    """Its leaf hash, base64."""
    old: int | None = None
    """The smaller size, of a consistency proof."""
    old_root: str = ""
    size: int
    root: str
    path: list[str]
    """Hashes, base64, in the order of RFC 9162."""
    checkpoint: str = ""
    """The signed note under which it stands, where there is one of this size."""
