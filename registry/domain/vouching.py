"""准入通知书与验证码 the notice that opens a door, and the keys that vouch for it (凭单进入)."""

from datetime import date, datetime
from enum import StrEnum

from registry.domain.records import Fen, Record


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
    """What the QR holds: the notice itself and its signature, base64url."""
    replaced: bool = False
    """A later edition took its place."""


class KeyState(StrEnum):
    """密钥状态."""

    ACTIVE = "active"
    RETIRED = "retired"
    """No longer signs; what it signed stays good."""
    REVOKED = "revoked"
    """Lost or copied: nothing it signed can be trusted from ``revoked_from`` on."""


class SigningKey(Record, frozen=True, kw_only=True):
    """签名公钥: the public half of an Ed25519 key; the other half never leaves the data folder."""

    public: str
    """32 octets, base64url."""
    state: KeyState = KeyState.ACTIVE
    made_at: datetime
    retired_at: datetime | None = None
    revoked_from: datetime | None = None
    reason: str = ""
