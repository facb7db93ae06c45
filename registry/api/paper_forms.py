"""公文入口 every paper of the table: as JSON, docx, PDF or a page, for whoever may read its record."""

from functools import partial
from urllib.parse import quote

from litestar.response.base import ASGIResponse

from registry.actions.office import Call, Office
from registry.actions.papers import archive, blank, docx, finding, kinds, page, pdf
from registry.actions.papers.book import Letterhead
from registry.actions.papers.kinds import KINDS, PaperKind
from registry.actions.seeing import ACT
from registry.api import verify_page
from registry.api.asked import Asked
from registry.api.asking import FORMAT, Form, Question
from registry.api.entrance import About
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import COUNTY, Work, aside
from registry.domain.paper import Paper

FORMS = {
    "docx": Form(docx.MEDIA, docx.made, "docx"),
    "pdf": Form(pdf.MEDIA, pdf.made, "pdf"),
    "html": Form(page.MEDIA, page.made, headers=(("content-security-policy", page.policy()),)),
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
        zh=f"{kind.zh}（JSON、docx、PDF 或网页）", en=f"{kind.en}: JSON, docx, PDF or a page",
        ask=partial(_ask, kind), answers=Paper, module=kinds, query=COUNTY | {FORMAT}, forms=FORMS,
    )
    for kind in KINDS
)  # fmt: skip

_NUMBER = "number"


def _free(office: Office, asked: Asked) -> blank.Reserved:
    return blank.free(office, asked.call(asked.actor(), blank.ACT), asked.id)


def _blank(office: Office, asked: Asked) -> Paper:
    number = asked.query.get(_NUMBER, "")
    return blank.form(office, asked.call(asked.actor(), blank.ACT), asked.id, number)


PAPER_FORMS += (
    Question(
        path="/organisations/{id}/blank-forms", id="blank-forms.free",
        zh="预留而未使用的空白申请表编号", en="Numbers reserved for blank forms and not used yet",
        ask=_free, answers=blank.Reserved, module=blank, query=COUNTY,
    ),
    Question(
        path="/organisations/{id}/blank-form", id="blank-forms.paper",
        zh="空白准入申请表（JSON、docx、PDF 或网页）", en="A blank application: JSON, docx, PDF or a page",
        ask=_blank, answers=Paper, module=blank, query=COUNTY | {FORMAT, _NUMBER}, forms=FORMS,
    ),
)  # fmt: skip


def _found(office: Office, asked: Asked) -> finding.FoundPapers:
    number = asked.query.get(_NUMBER, "")
    return finding.find(office, asked.call(asked.actor(), "paper.read"), number)


PAPER_FORMS += (
    Question(
        path="/papers", id="papers.find", zh="按文号或查询号查文书",
        en="Papers by their number, or by the 查询号 at their foot",
        ask=_found, answers=finding.FoundPapers, module=finding, query=COUNTY | {_NUMBER},
    ),
)  # fmt: skip
ARCHIVE = "/requests/{id}/archive"


def archived(office: Office) -> Work:
    """What ``GET /requests/{id}/archive`` does: the whole file of a closed case."""

    async def work(asked: Asked) -> ASGIResponse:
        call = asked.call(asked.actor(), "request.read")
        name, octets = await aside(archive.volume, office, call, asked.id)
        told = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        return ASGIResponse(
            body=octets, media_type=archive.MEDIA, headers={"content-disposition": told}
        )

    return work


def operations(api: str) -> list[Operation]:
    """Its entry in the OpenAPI document."""
    return [
        Operation(
            path=f"{api}{ARCHIVE}", method="GET", id="requests.archive",
            zh="归档包：一案一卷（zip）", en="The volume of a closed case, as a zip",
            media=archive.MEDIA, errors=errors_of(archive),
            parameters=[parameter("id", place="path", required=True), parameter("county")],
        )
    ]  # fmt: skip
