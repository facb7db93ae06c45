"""审计文书 取证单 of one finding, 问题清单 of a project: to read, to edit, to print.

What stands in them is what the reader may read; before 定性 no clause is said to be touched and
no word judges.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from registry.actions.auditing import docx
from registry.actions.auditing.life import stage_zh
from registry.actions.exporting.workbook import DAY_FORM
from registry.actions.office import Office
from registry.actions.reading import ListQuery, one, page
from registry.actions.statements.printing import STYLE
from registry.actions.statements.sheeting import safe
from registry.domain.amounts import told_yuan
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject, FindingStage, FindingStep
from registry.domain.document import Document
from registry.domain.people import Actor, Organisation, Person
from registry.domain.records import Wire

_JUDGED = (FindingStage.QUALIFIED, FindingStage.RECTIFYING, FindingStage.SETTLED)
HEADINGS = (
    "序号",
    "疑点",
    "被问单位",
    "所见",
    "阶段",
    "金额（元）",
    "期限",
    "定性依据",
    "系统比对",
)
_SIGNED = (
    "编制人：　　　　　　复核人：　　　　　　被审计单位负责人：　　　　　　（盖章）　　年　月　日"
)


class Paper(Wire, frozen=True, kw_only=True):
    """审计文书."""

    title: str
    rows: list[list[str]]
    """The first is the heading, where there are columns of one sort."""
    lines: list[str]


def evidence(office: Office, actor: Actor, county: str, id: str) -> Paper:
    """取证单 of one finding.

    Raises:
        Refusal: ``access.hidden``.
    """
    finding = one(office, actor, Finding, id, county=county)
    steps = _steps(office, actor, county, {"finding_id": id})
    project = _project(office, county, finding)
    established = [s for s in steps if s.stage is FindingStage.EVIDENCE]
    answers = [s for s in steps if s.stage is FindingStage.ANSWERED]
    last = established[-1] if established else None
    amount = last.amount_fen if last else finding.facts.get("amount_fen")
    papers = [id for s in (*established, *answers) for id in s.document_ids]
    rows = [
        ["审计项目", f"{project.number}　{project.title}" if project else ""],
        ["被审计单位", _name(office, county, finding.organisation_id)],
        ["疑点", finding.name], ["所见", finding.detail],
        ["取证情况", "\n".join(s.text for s in established)],
        ["金额（元）", told_yuan(amount) if amount is not None else ""],
        ["附件", "\n".join(_papers(office, county, papers))],
        ["被审计单位反馈", "\n".join(s.text for s in answers)],
        ["系统比对", _compared(finding)],
    ]  # fmt: skip
    qualified = [s for s in steps if s.stage is FindingStage.QUALIFIED]
    if qualified:
        rows.append(["定性", f"{qualified[-1].text}\n{qualified[-1].law}"])
    who = office.store.reader.get(Person, county, last.person_id) if last else None
    lines = [
        f"取证人：{who.name if who else ''}　取证日期：{last.taken_on if last else ''}",
        _SIGNED,
    ]
    return Paper(title="审计取证单", rows=rows, lines=lines)


def problems(office: Office, actor: Actor, county: str, id: str) -> Paper:
    """问题清单 of a project, in the order in which findings were opened.

    Raises:
        Refusal: ``access.hidden``.
    """
    project = one(office, actor, AuditProject, id, county=county)
    steps = _steps(office, actor, county, {"project_id": id})
    found = _all((office, actor), Finding, county, {"project_id": id})
    rows = [list(HEADINGS)]
    for number, finding in enumerate(sorted(found, key=lambda f: (f.opened_on, f.id)), 1):
        taken = [s for s in steps if s.finding_id == finding.id]
        laws = [s.law for s in taken if s.law] if finding.stage in _JUDGED else []
        fen = [s.amount_fen for s in taken if s.amount_fen is not None]
        amount = fen[-1] if fen else finding.facts.get("amount_fen")
        rows.append([
            str(number), finding.name, _name(office, county, finding.organisation_id),
            finding.detail, stage_zh(finding.stage),
            told_yuan(amount) if amount is not None else "",
            str(finding.due_on or ""), laws[-1] if laws else "", _compared(finding),
        ])  # fmt: skip
    period = f"审计期间：{project.first_on} 至 {project.last_on}"
    return Paper(
        title=f"{project.title}问题清单", rows=rows, lines=[f"{project.number}　{period}", _SIGNED]
    )


def _compared(finding: Finding) -> str:
    if finding.closed_on is None:
        return "比对仍可见"
    return f"{finding.closed_on} 起比对已不再发现"


def _project(office: Office, county: str, finding: Finding) -> AuditProject | None:
    if finding.project_id is None:
        return None
    return office.store.reader.get(AuditProject, county, finding.project_id)


def _steps(office: Office, actor: Actor, county: str, equals: dict[str, str]) -> list[FindingStep]:
    return _all((office, actor), FindingStep, county, equals)


_AT_ONCE = 256


def _all(
    reader: tuple[Office, Actor], kind: type[Any], county: str, equals: dict[str, str]
) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        query = ListQuery(after=after, limit=_AT_ONCE, county=county, equals=dict(equals))
        some = page(*reader, kind, query)
        found += some.items
        if some.next is None:
            return found
        after = some.next


def _name(office: Office, county: str, id: str | None) -> str:
    body = office.store.reader.get(Organisation, county, id) if id else None
    return body.name if body else (id or "")


def _papers(office: Office, county: str, ids: Sequence[str]) -> list[str]:
    held = office.store.reader.find(Document, county, id=sorted(set(ids))) if ids else []
    return [f"{one.name}（SHA-256 {one.sha256}）" for one in held]


def as_docx(paper: Paper) -> bytes:
    """To edit."""
    return docx.made(paper.title, paper.lines, paper.rows)


def as_csv(paper: Paper) -> bytes:
    """To reckon with: CSV in UTF-8 with its mark."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow([safe(paper.title)])
    writer.writerows([safe(cell) for cell in row] for row in paper.rows)
    writer.writerows([safe(line)] for line in paper.lines)
    return sheet.getvalue().encode("utf-8-sig")


def as_xlsx(paper: Paper) -> bytes:
    """A workbook; every cell is text or a day, so that none is taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("文书")
    for row in [[paper.title], *paper.rows, *([line] for line in paper.lines)]:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet)
            day = _day(text)
            if day is None:
                cell.value, cell.data_type = text, "s"
            else:
                cell.value, cell.number_format = day, DAY_FORM
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def as_page(paper: Paper) -> bytes:
    """To print: one page without any program in it."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in paper.lines)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(paper.title)}</title><style>{STYLE}</style></head><body>"
        f'<h1 id="title">{escape(paper.title)}</h1>{_table(paper)}{lines}</body></html>\n'
    ).encode()


def _table(paper: Paper) -> str:
    """Names and what they name, one below the other; or columns under headings, in a frame that
    scrolls where they are wider than the screen."""
    if len(paper.rows[0]) == len(("name", "value")):
        return f'<table class="form">{_rows(paper.rows)}</table>'
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in paper.rows[0])
    return (
        '<div class="wide" tabindex="0" role="region" aria-labelledby="title"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{_rows(paper.rows[1:])}</tbody></table></div>"
    )


def _rows(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return "".join(f"<tr>{row}</tr>" for row in cells)
