"""不予承接告知书 as it is handed over: whoever may read the refusal may print it."""

from datetime import date

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import one
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.redress import GROUND_ZH, Declining


class DecliningPaper(Wire, frozen=True, kw_only=True):
    """不予承接告知书: names as they were on its day, and no person's."""

    number: str
    issued_on: date
    issuer: str
    telephone: str = ""
    asker: str = ""
    """Who asked for it; empty = not stated."""
    subject: str
    whole: bool
    ground_zh: str
    text: str
    clauses: list[str]
    resumed_on: date | None = None
    resumed_why: str = ""


def handed(office: Office, call: Call, id: str) -> DecliningPaper:
    """The paper of a refusal.

    Raises:
        Refusal: ``access.hidden``, ``access.reading``.
    """
    held = one(office, call.actor, Declining, id, county=call.county)
    found: DecliningPaper = office.ask(call, lambda desk: Answer(body=_paper(desk, held))).body
    return found


def _paper(desk: Desk, held: Declining) -> DecliningPaper:
    asker = held.department_id and desk.places.organisation(held.department_id)
    issuer = desk.places.organisation(held.organisation_id)
    return DecliningPaper(
        number=held.number, issued_on=held.issued_on, issuer=held.body_name,
        telephone=issuer.telephone or "",
        asker=_named(desk, asker, held) if asker else held.asked_by, subject=held.subject,
        whole=held.whole, ground_zh=GROUND_ZH[held.ground], text=held.text, clauses=held.clauses,
        resumed_on=held.resumed_on, resumed_why=held.resumed_why,
    )  # fmt: skip


def _named(desk: Desk, body: Organisation, held: Declining) -> str:
    return desk.places.name_on(body, held.issued_on)


def page(paper: DecliningPaper) -> str:
    """告知书 as plain text to print."""
    again = [f"已于 {paper.resumed_on} 恢复承接：{paper.resumed_why}"] if paper.resumed_on else []
    lines = [
        "不予承接告知书", f"编号：{paper.number}", f"日期：{paper.issued_on.isoformat()}", "",
        f"致：{paper.asker or '要求单位'}", f"事项：{paper.subject}{'（整项）' if paper.whole else ''}",
        "答复：不予承接", f"理由：{paper.ground_zh}。{paper.text}", "", "依据：",
        *(f"  {n}. {clause}" for n, clause in enumerate(paper.clauses, start=1)),
        "", f"出具：{paper.issuer}{f'，电话 {paper.telephone}' if paper.telephone else ''}", *again,
    ]  # fmt: skip
    return "\n".join([*lines, ""])
