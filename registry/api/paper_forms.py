"""公文入口 every paper of the table: as JSON, as docx, as PDF, for whoever may read its record."""

from functools import partial

from registry.actions.office import Call, Office
from registry.actions.papers import docx, kinds, pdf
from registry.actions.papers.book import Letterhead
from registry.actions.papers.kinds import KINDS, PaperKind
from registry.actions.seeing import ACT
from registry.api import verify_page
from registry.api.asked import Asked
from registry.api.asking import FORMAT, Form, Question
from registry.api.entrance import About
from registry.api.serving import COUNTY
from registry.domain.paper import Paper

FORMS = {
    "docx": Form(docx.MEDIA, docx.made, "docx"),
    "pdf": Form(pdf.MEDIA, pdf.made, "pdf"),
}


def letterhead(about: About) -> Letterhead:
    """版头 of an installation: its banner, and where its notices are checked."""
    return Letterhead(about.banner, partial(verify_page.link, about.public_url))


def called(asked: Asked, kind: PaperKind) -> Call:
    """The call under which a paper of a kind is read."""
    return asked.call(asked.actor(), ACT[kind.record])


def _ask(kind: PaperKind, office: Office, asked: Asked) -> Paper:
    return kinds.made(office, called(asked, kind), kind.word, asked.id)


PAPER_FORMS: tuple[Question, ...] = tuple(
    Question(
        path=f"/{kind.resource}/{{id}}/papers/{kind.word}", id=f"papers.{kind.word}",
        zh=f"{kind.zh}（JSON、docx 或 PDF）", en=f"{kind.en}: JSON, docx or PDF",
        ask=partial(_ask, kind), answers=Paper, module=kinds, query=COUNTY | {FORMAT}, forms=FORMS,
    )
    for kind in KINDS
)  # fmt: skip
