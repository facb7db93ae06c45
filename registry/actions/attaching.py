"""附件 uploads and downloads: typed, confirmed not secret, readable only with their case (P1, P2)."""

import hashlib
import io
import zipfile
from typing import Annotated

import msgspec

from registry.actions.auditing.attached import attaching_to, papers_of
from registry.actions.filing import owners
from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reading import one, parent_of
from registry.actions.rules.signing import county_paths
from registry.actions.staff.delegating import let
from registry.actions.succession.handed_readers import authorise_all
from registry.domain.agreement import Agreement
from registry.domain.approval import Task
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject
from registry.domain.conference import Conference
from registry.domain.delegation import Delegation
from registry.domain.document import MAGIC, Document, DocumentType, shows_secrecy_mark
from registry.domain.edition import ListEdition
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher
from registry.domain.pack import PublishedPack
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Ident, Line, Record, Wire
from registry.domain.request import Request, Target
from registry.domain.succession import Handover, Reorganisation
from registry.domain.waiver import Waiver
from registry.domain.walls import Board, Bureau

PARENTS: dict[str, type[Record]] = {
    "request": Request, "agreement": Agreement, "voucher": Voucher, "presence": Presence,
    "pack": PublishedPack, "list_edition": ListEdition,
    "exception": Waiver, "conference": Conference,
    "board": Board, "bureau": Bureau, "audit_project": AuditProject, "finding": Finding,
    "reorganisation": Reorganisation, "handover": Handover, "delegation": Delegation,
}  # fmt: skip
RULES: dict[str, str] = {
    "pack": "pack.attach", "list_edition": "list.attach",
    "exception": "exception.propose", "conference": "conference.attach",
    "board": "board.attest", "bureau": "bureau.attest",
    "audit_project": "audit_project.attach", "finding": "finding.attach",
    "reorganisation": "reorganisation.run", "handover": "handover.run",
    "delegation": "delegation.give",
}  # fmt: skip
"""Parents that are no part of a case: who may hang a file there stands under an act of its own."""
SECRET = declare(
    "document.secret", RefusalKind.INVALID, "文件名或内容带有密级标志，不得上传本系统",
    "The name or text carries a mark of secrecy; it may not be uploaded.", recorded=True,
)  # fmt: skip
UNCONFIRMED = declare(
    "document.unconfirmed", RefusalKind.INVALID, "须确认「不涉及国家秘密、工作秘密」",
    "Confirm that it holds no state or work secret.",
)  # fmt: skip
WRONG_TYPE = declare(
    "document.type", RefusalKind.UNSUPPORTED, "只收 PDF、PNG、JPEG、DOCX、XLSX 和纯文本",
    "Only PDF, PNG, JPEG, DOCX, XLSX and plain text are taken.",
)  # fmt: skip
EMPTY = declare("document.empty", RefusalKind.INVALID, "文件是空的", "The file is empty.")

_OFFICE_FORMS = {
    "word/document.xml":
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_TEXT_LIMIT = 1 << 20
"""How much of a text is looked through for a secrecy mark, bytes."""


class AttachCommand(Wire, frozen=True, kw_only=True):
    """上传附件."""

    parent_kind: Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(PARENTS)})$")]
    parent_id: Ident
    type: DocumentType
    name: Line
    not_secret: bool = False
    replaces: Ident | None = None


class Stored(Wire, frozen=True, kw_only=True):
    """已存文件: what is known of the bytes once they lie on disk."""

    media_type: str
    size: int
    sha256: str
    refused: str = ""
    """The code with which the act will refuse it, so that the refusal is on record."""


def keep(office: Office, call: Call, command: AttachCommand, content: bytes) -> Stored:
    """Check a file and lay it on disk, before and outside the act that records it.

    Nothing is written for a person who may not upload there: the act then refuses and records it.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        office.ask(call, lambda desk: Answer(body=_entered(desk, command).id))
        media_type = _checked(command, content)
    except Refusal as refusal:
        if not refusal.recorded:
            raise
        return Stored(media_type="", size=len(content), sha256=digest, refused=refusal.code)
    office.store.files.put(content)
    return Stored(media_type=media_type, size=len(content), sha256=digest)


def attach(desk: Desk, command: AttachCommand, stored: Stored) -> Answer:
    """Record a file beside its case; its bytes are on disk already."""
    parent = _entered(desk, command)
    if stored.refused:
        raise Refusal(stored.refused)
    document = desk.unit.add(
        Document(
            county=desk.unit.county,
            id=desk.id("doc"),
            parent_kind=command.parent_kind,
            parent_id=parent.id,
            request_id="" if command.parent_kind in RULES else parent_of(parent),
            organisation_id=papers_of(desk, parent) if isinstance(parent, Finding) else None,
            type=command.type,
            name=command.name,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            uploaded_by=desk.actor.person_id,
            not_secret=command.not_secret,
        )
    )
    if command.replaces is not None:
        old = desk.unit.get(Document, command.replaces)
        others = isinstance(parent, Finding) and old.uploaded_by != desk.actor.person_id
        if old.parent_id != parent.id or others:
            raise Refusal(HIDDEN)
        desk.unit.change(old, replaced_by=document.id)
    if isinstance(parent, AuditProject) and command.type is DocumentType.LETTER:
        desk.unit.change(parent, document_id=document.id)
    desk.about(document)
    return Answer(body=document, version=1)


def _entered(desk: Desk, command: AttachCommand) -> Record:
    """The record a file is to hang on, if the person may upload there."""
    parent = desk.unit.get(PARENTS[command.parent_kind], command.parent_id)
    desk.about(parent)
    if isinstance(parent, AuditProject | Finding):
        desk.authorise(RULES[command.parent_kind], **attaching_to(desk, parent))
        return parent
    if isinstance(parent, Reorganisation | Handover | Delegation):
        _let_on(desk, parent)
        return parent
    if command.parent_kind in RULES:
        owning = [parent.organisation_id] if isinstance(parent, Conference | Board | Bureau) else []
        paths = [parent.area_path] if isinstance(parent, Board | Bureau) else county_paths(desk)
        desk.authorise(RULES[command.parent_kind], owners=owning, paths=paths)
        return parent
    owning, paths = _reach(desk, parent)
    desk.authorise("document.upload", owners=owning, paths=paths)
    return parent


def lets(office: Office, actor: Actor, kind: str) -> bool:
    """Whether any post of the person may hang files on some record of this kind."""
    act = RULES.get(kind, "document.upload")
    return any(post.serves(act) and office.access.relations(post.role, act)
               for post in actor.posts)  # fmt: skip


def _let_on(desk: Desk, parent: Reorganisation | Handover | Delegation) -> None:
    """Whoever may do such an act adds to its papers: the approving document of a reorganisation,
    the signed list of a handover, the letter of a delegation. Of another's delegation the head."""
    if isinstance(parent, Handover):
        authorise_all(desk, "handover.run", parent.organisations)
    elif isinstance(parent, Delegation):
        let(desk, parent.organisation_id, parent.from_person_id)
    else:
        desk.authorise("reorganisation.run", paths=county_paths(desk))


def _reach(desk: Desk, parent: Record) -> tuple[list[str], list[str]]:
    request = desk.unit.get(Request, parent_of(parent))
    presences = desk.unit.find(Presence, request_id=request.id)
    targets = desk.unit.find(Target, request_id=request.id)
    # Whoever has the case on the desk hands in papers of its own: a review, an opinion.
    handed = [t.organisation_id for t in desk.unit.find(Task, request_id=request.id)]
    organisations = [*owners(request), *handed, *(p.organisation_id for p in presences)]
    return organisations, [t.path for t in targets if not t.withdrawn]


def _checked(command: AttachCommand, content: bytes) -> str:
    if not command.not_secret:
        raise Refusal(UNCONFIRMED)
    if not content:
        raise Refusal(EMPTY)
    if shows_secrecy_mark(command.name):
        raise Refusal(SECRET)
    media_type = _media_type(content)
    if media_type == "text/plain" and shows_secrecy_mark(
        content[:_TEXT_LIMIT].decode("utf-8", "ignore")
    ):
        raise Refusal(SECRET)
    return media_type


def _media_type(content: bytes) -> str:
    for magic, media_type in MAGIC:
        if content.startswith(magic):
            return _office_form(content) if media_type == "application/zip" else media_type
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(WRONG_TYPE) from None
    if "\x00" in text:
        raise Refusal(WRONG_TYPE)
    return "text/plain"


def _office_form(content: bytes) -> str:
    """Only the zip directory is read; nothing is inflated here."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except zipfile.BadZipFile:
        raise Refusal(WRONG_TYPE) from None
    for part, media_type in _OFFICE_FORMS.items():
        if part in names:
            return media_type
    raise Refusal(WRONG_TYPE)


def content(office: Office, actor: Actor, document_id: str) -> tuple[Document, bytes]:
    """The file of a document the person may read.

    Raises:
        Refusal: ``access.hidden``.
    """
    document = one(office, actor, Document, document_id)
    return document, office.store.files.read(document.sha256)
