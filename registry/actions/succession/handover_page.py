"""交接清单 a handover as a list to read, and as a page to print and sign."""

from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.seeing import knows
from registry.actions.succession.handed_readers import parties
from registry.domain.errors import Refusal
from registry.domain.people import Person, Post
from registry.domain.records import Wire
from registry.domain.succession import HANDING_ZH, LEAVING_ZH, HandedItem, Handover

KIND_ZH = {
    "request": "申请", "task": "待办", "phrase": "常用意见", "notice": "提醒",
    "delegation": "授权委托", "absence": "外出登记", "voucher": "凭证", "revocation": "撤销准入",
    "review": "复核", "conference": "联席会议", "post": "任职",
}  # fmt: skip


class HandoverList(Wire, frozen=True, kw_only=True):
    """交接清单: the handover with the names of everybody in it."""

    handover: Handover
    names: dict[str, str]
    """Id → name of the people and organisations named."""
    posts: list[str]
    """任职 that ended, in words."""


def listed(office: Office, call: Call, id: str) -> HandoverList:
    """清单 of one handover, for whoever may read it."""
    found: HandoverList = office.ask(call, lambda desk: Answer(body=_list(desk, id))).body
    return found


def _list(desk: Desk, id: str) -> HandoverList:
    handover = desk.unit.maybe(Handover, id)
    known = knows(desk.office, desk.unit, desk.actor, (Handover, id), there=True)
    if handover is None or not (known or desk.actor.person_id in parties(handover)):
        raise Refusal(HIDDEN)
    desk.about(handover)
    people = {handover.person_id, handover.done_by}
    people |= {i.to_person_id for i in handover.items if i.to_person_id}
    held = [desk.unit.maybe(Person, one) for one in sorted(people)]
    names = {p.id: p.name for p in held if p is not None}
    names[handover.person_id] = handover.person_name
    posts = [desk.unit.get(Post, one) for one in handover.posts_ended]
    bodies = {*handover.organisations, *(p.organisation_id for p in posts)}
    names |= {id: desk.places.organisation(id).name for id in sorted(bodies)}
    told = [f"{names[p.organisation_id]} {p.role}" for p in posts]
    return HandoverList(handover=handover, names=names, posts=told)


def page(told: HandoverList) -> str:
    """清单 as plain text, with the lines on which it is signed."""
    handover, names = told.handover, told.names
    head = [
        "交接清单", f"编号：{handover.id}", f"移交人：{handover.person_name}",
        f"事由：{LEAVING_ZH[handover.reason]}", f"办理日期：{handover.done_on.isoformat()}",
        f"办理人：{names.get(handover.done_by, handover.done_by)}",
        f"账号：{'停用' if handover.frozen else '保留'}",
        f"附件：{handover.document_id or '无'}",
    ]  # fmt: skip
    posts = ["", f"一、终止任职（{len(told.posts)}项）", *(f"  {post}" for post in told.posts)]
    items = ["", f"二、交接事项（{len(handover.items)}项）"]
    items += [_line(n, item, names) for n, item in enumerate(handover.items, start=1)]
    signed = ["", "移交人（签字）：            接收人（签字）：            监交人（签字）："]
    return "\n".join([*head, *posts, *items, *signed, ""])


def _line(number: int, item: HandedItem, names: dict[str, str]) -> str:
    to = names.get(item.to_person_id or "", item.to_person_id or "—")
    kind = KIND_ZH.get(item.kind, item.kind)
    return f"  {number}. {kind} {item.id}《{item.title}》 {HANDING_ZH[item.how]} 接收人：{to}"
