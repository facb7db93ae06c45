"""牌子清理通知单 as text to print, for whoever may read the order: what must go, whose it is, by when."""

from datetime import date

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import one
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.walls import Board, Bureau, CleanupOrder, OrderState


class Named(Wire, frozen=True, kw_only=True):
    """一块牌子或者一个机构, and who has to take it down."""

    name: str
    department: str
    """Empty = nobody knows whose it is."""


class OrderPaper(Wire, frozen=True, kw_only=True):
    """牌子清理通知单: names of bodies as they were on its day, and no person's."""

    number: str
    issued_on: date
    issuer: str
    telephone: str
    community: str
    walls: list[Named]
    reason: str
    clauses: list[str]
    due_on: date | None
    state: OrderState
    ended: str
    """办结 or 取消, with the day; empty = it stands."""


def handed(office: Office, call: Call, id: str) -> OrderPaper:
    """The paper of an order.

    Raises:
        Refusal: ``access.hidden``, ``access.reading``.
    """
    held = one(office, call.actor, CleanupOrder, id, county=call.county)
    found: OrderPaper = office.ask(call, lambda desk: Answer(body=_paper(desk, held))).body
    return found


def _paper(desk: Desk, held: CleanupOrder) -> OrderPaper:
    issuer = desk.places.organisation(held.issuer_id)
    walls: list[Board | Bureau] = [
        *(desk.unit.find(Board, id=held.boards) if held.boards else []),
        *(desk.unit.find(Bureau, id=held.bureaus) if held.bureaus else []),
    ]
    names = {
        id: _named(desk, desk.places.organisation(id), held)
        for id in sorted({w.department_id for w in walls if w.department_id})
    }
    return OrderPaper(
        number=held.number or held.id, issued_on=held.issued_on, issuer=held.issuer_name,
        telephone=issuer.telephone or "",
        community=_named(desk, desk.places.organisation(held.organisation_id), held),
        walls=[
            Named(name=w.wording if isinstance(w, Board) else w.name,
                  department=names.get(w.department_id or "", ""))
            for w in walls
        ],
        reason=held.reason, clauses=held.clauses, due_on=held.due_on, state=held.state,
        ended=_ended(held),
    )  # fmt: skip


def _named(desk: Desk, body: Organisation, held: CleanupOrder) -> str:
    return desk.places.name_on(body, held.issued_on)


def _ended(held: CleanupOrder) -> str:
    if held.state is OrderState.DONE:
        return f"已于 {held.done_on} 清理完毕"
    if held.state is OrderState.CANCELLED:
        return f"已于 {held.cancelled_on} 取消：{held.cancelled_why}"
    return ""


def page(paper: OrderPaper) -> str:
    """通知单 as plain text to print."""
    departments = list(dict.fromkeys(one.department for one in paper.walls if one.department))
    due = f"请于 {paper.due_on} 前清除" if paper.due_on else "请予清除"
    lines = [
        "牌子清理通知单", f"编号：{paper.number}", f"日期：{paper.issued_on}", "",
        f"致：{'、'.join(departments) or '设置单位'}", f"所在社区：{paper.community}", "清理的牌子、机构：",
        *(f"  {n}. {one.name}{f'（{one.department}）' if one.department else ''}"
          for n, one in enumerate(paper.walls, start=1)),
        f"理由：{paper.reason}", *(["依据："] if paper.clauses else []),
        *(f"  {n}. {clause}" for n, clause in enumerate(paper.clauses, start=1)),
        f"{due}，由设置单位负责，社区不承担费用。", "",
        f"出具：{paper.issuer}{f'，电话 {paper.telephone}' if paper.telephone else ''}",
        *([paper.ended] if paper.ended else []),
    ]  # fmt: skip
    return "\n".join([*lines, ""])
