"""附件 documents: content-addressed files with a type, an uploader and a confirmation (P1, P2)."""

import re
import unicodedata
from enum import StrEnum

from registry.domain.records import Record


class DocumentType(StrEnum):
    """附件种类."""

    BASIS = "basis"
    LETTER = "letter"
    MINUTES = "minutes"
    REPLY = "reply"
    AGREEMENT = "agreement"
    AUTHORISATION = "authorisation"
    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    PHOTO = "photo"
    OTHER = "other"


class Document(Record, frozen=True, kw_only=True):
    """附件: readable only with the record it hangs on."""

    parent_kind: str
    parent_id: str
    request_id: str
    """The case it belongs to: who may read the case may read it; empty for the papers of a rule
    pack, an exception, an audit project, a finding, a reorganisation, a handover or a delegation,
    which belong to no case."""
    organisation_id: str | None = None
    """出示给: of a paper of a finding the unit asked, where it is its own or was shown to it."""
    type: DocumentType
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    not_secret: bool
    """The uploader confirmed 「不涉及国家秘密、工作秘密」."""
    replaced_by: str | None = None


MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
)
"""Types are told by content, never by name; a zip is then looked into for docx and xlsx."""

_SECRET = re.compile(
    r"(绝密|机密|秘密)\s*[★☆]|(绝密|机密|秘密)级|[★☆]\s*(绝密|机密|秘密)|^(绝密|机密)"
)


def shows_secrecy_mark(text: str) -> bool:
    """Whether a name or text carries a mark of state secrecy 国家秘密标志 (保密法 marking form).

    「不涉及国家秘密」 and 「工作秘密」 in a sentence are no mark; 绝密, 机密, 秘密 with ★ or 级 are.
    """
    folded = unicodedata.normalize("NFKC", text)
    return bool(_SECRET.search(folded))
