"""准入通知书与验证码 the notice that opens a door, and the keys that vouch for it (凭单进入)."""

from datetime import date, datetime
from enum import StrEnum

from registry.domain.records import Fen, Record, Wire


class AdmissionNotice(Record, frozen=True, kw_only=True):
    """准入通知书: what one community is shown at the door, signed so that a phone can check it."""

    number: str
    decision_id: str
    request_id: str
    presence_id: str
    organisation_id: str
    """The community."""
    area_path: str
    title: str
    scope: str
    """The community's name as the paper prints it."""
    scope_code: str = ""
    """Its 12-digit code on that day."""
    starts_on: date | None = None
    ends_on: date | None = None
    share_fen: Fen = 0
    conditions: list[str] = []
    issuer_name: str
    issued_on: date
    edition: int = 1
    open: bool = False
    """Whether its class lets the public page say more than number and validity (P8)."""
    key_id: str
    code: str
    """What the QR holds: the notice itself and its signature, in digits (``notice_code``)."""
    replaced: bool = False
    """A later edition took its place."""


class KeyState(StrEnum):
    """密钥状态."""

    ACTIVE = "active"
    RETIRED = "retired"
    """No longer signs; what it signed stays good."""
    REVOKED = "revoked"
    """Lost or copied: nothing it signed can be trusted from ``revoked_from`` on."""


class KeyPurpose(StrEnum):
    """密钥用途: what a key signs, and nothing else."""

    NOTICE = "notice"
    """准入通知书、今日状况."""
    LOG = "log"
    """日志检查点."""
    WITNESS = "witness"
    """见证签名 under checkpoints of other logs."""


class SigningKey(Record, frozen=True, kw_only=True):
    """签名公钥: the public half of an Ed25519 key; the other half never leaves the data folder."""

    purpose: KeyPurpose = KeyPurpose.NOTICE
    public: str
    """32 octets, base64url."""
    name: str = ""
    """日志名 or 见证名 under which it signs (C2SP origin); it goes over to the key that follows."""
    follows: str | None = None
    """前一把 the log's key before it."""
    vouched: str = ""
    """Signature of the key before over this succession, base64; empty = it was lost (遗失轮换)."""
    state: KeyState = KeyState.ACTIVE
    made_at: datetime
    retired_at: datetime | None = None
    revoked_from: datetime | None = None
    reason: str = ""


class KeyGone(Wire, frozen=True, kw_only=True):
    """吊销密钥 as the status file tells it."""

    key: str
    since: str
    """Instant from which nothing it signed can be trusted, RFC 3339."""


class Renamed(Wire, frozen=True, kw_only=True):
    """更名、合并的社区: what papers that are still good call it, and its name today."""

    code: str
    """As the papers print it."""
    was: str
    now: str
    now_code: str


class Status(Wire, frozen=True, kw_only=True):
    """今日状况: what does not stand as its paper says, by number and edition alone (P8); and
    communities that bear another name today than on papers anybody may read.

    ``number/edition`` in each list; what is in none stands as its paper says.
    """

    form: int
    county: str
    name: str
    on: date
    """The day it speaks of; of a later day it says nothing."""
    serial: int
    """Last event of the county's log that it takes in: of two, the greater is the later."""
    key: str
    suspended: list[str] = []
    withdrawn: list[str] = []
    ended: list[str] = []
    """Over before the paper's last day: 办结 or 到期."""
    replaced: list[str] = []
    revoked: list[KeyGone] = []
    renamed: list[Renamed] = []


class SignedStatus(Wire, frozen=True, kw_only=True):
    """状况文件: the very text that was signed, and its signature, base64url."""

    status: str
    signature: str
    key: str
