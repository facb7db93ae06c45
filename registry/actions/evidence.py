"""凭据 documents that a filing, a voucher or a signature points to must hang on its own case."""

from collections.abc import Iterable

from registry.actions.office import Desk
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing

FOREIGN = declare(
    "document.foreign",
    RefusalKind.INVALID,
    "附件 {document} 不属于本案，请先上传到本案",
    "Document {document} does not belong to this case; upload it there first.",
    recorded=True,
)


def named_in(filing: Filing) -> list[str]:
    """Every document a filing points to."""
    named = [
        *filing.documents,
        *(power.authorisation_document_id for power in filing.powers),
        *(consent.document_id for consent in filing.consents),
        *(consultation.document_id for consultation in filing.consultations),
        filing.late.scan_document_id if filing.late else None,
        filing.certificate.specimen_document_id if filing.certificate else None,
        *(id for line in filing.funding if line.formula for id in line.formula.evidence_ids),
    ]
    return [id for id in named if id]


def check(desk: Desk, ids: Iterable[str | None], *parents: str | None) -> None:
    """Refuse a document that does not hang on one of ``parents``.

    Raises:
        Refusal: ``document.foreign``.
    """
    for id in ids:
        if id is None:
            continue
        held = desk.unit.maybe(Document, id)
        if held is None or held.parent_id not in parents:
            raise Refusal(FOREIGN, document=id)
