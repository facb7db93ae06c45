"""就地办理 the forms of what decides a case, on the page of the case itself: the very sheets of the
acts (``acting``), handed in to the same addresses; and the way on to the next case of one's box.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

from markupsafe import Markup

from registry.actions import boxes, reading
from registry.actions.boxed import Box
from registry.actions.boxes import BoxPage
from registry.api.acting import Act
from registry.domain.approval import DECIDING, Task, TaskState
from registry.domain.errors import Refusal
from registry.domain.records import Record
from registry.domain.request import MOVES, Request, State
from registry.web.acting import Sheet
from registry.web.house import templates
from registry.web.narrowing import AFTER, BOX, NAMES, Narrowing
from registry.web.shell import shell
from registry.web.visit import Visit
from registry.web.wordings import kept

ASKED = NAMES | {"was"}
"""What an address of a case says besides the case: the box it was opened from, and which case was
done with just before."""
WAS = "was"
PER_PAGE = 50
OPINE, ACCEPT, APPROVE = "task.opine", "request.accept", "request.approve"
REJECT, RETURN, REFUSE = "request.reject", "request.return", "request.not_accept"
SUBMIT, EDIT = "request.submit", "request.edit"
FIRST: dict[str, tuple[str, ...]] = {
    "signing": (SUBMIT,),
    "coming": (ACCEPT, RETURN, REFUSE, OPINE), "deciding": (APPROVE, REJECT, RETURN, OPINE, REFUSE),
    "advising": (OPINE, RETURN, APPROVE, REJECT, REFUSE),
}  # fmt: skip
"""What stands on the page, in the order in which it is likely to be done."""


class Offered(Protocol):
    """可办: an act, and the id of what it is done to."""

    @property
    def act(self) -> Act: ...

    @property
    def id(self) -> str: ...


class Posed(NamedTuple):
    """就地表单: one form on the page."""

    act: Act
    to: str
    """Where it is handed in, coming back to the case."""
    onward: str
    """The same, going on to the next case; empty = there is none."""
    multipart: bool
    html: Markup


class Way(NamedTuple):
    """去路: out of a case that was opened from a box; addresses, empty where there is none."""

    box: Box
    back: str
    last: str
    next: str


class Was(NamedTuple):
    """上一件 that was done with just before."""

    to: str
    title: str


def beside(
    visit: Visit, request: Request, offered: Sequence[Offered], tasks: Sequence[Task]
) -> dict[str, Any]:
    """What the page shows of deciding."""
    way = way_of(visit, request.id)
    subjects: dict[str, Record] = {one.id: one for one in tasks} | {request.id: request}
    order = FIRST[_stage(request, [t for t in tasks if any(o.id == t.id for o in offered)])]
    standing = [one for name in order for one in offered if one.act.act == name]
    phrases = kept(visit.office, visit.actor()) if standing else []
    frame = shell(visit.house, visit)
    posed = []
    for number, one in enumerate(standing):
        sheet = Sheet(visit, one.act, phrases=phrases)
        sheet.subject = subjects[one.id]
        told = sheet.context() | {"mark": f"{number}-", "folded": True}
        posed.append(_posed((visit, request.id), one, way, frame | told))
    rest = [one for one in offered if one not in standing and one.act.act != EDIT]
    return {"posed": posed, "others": rest, "way": way, "was": _was(visit),
            "here_again": _case(visit, request.id)}  # fmt: skip


def _stage(request: Request, mine: Sequence[Task]) -> str:
    if request.state in MOVES["submit"]:
        return "signing"
    if request.state is State.SUBMITTED:
        return "coming"
    open_ = {task.act for task in mine if task.state is TaskState.OPEN}
    return "deciding" if open_ & DECIDING else "advising"


def _posed(at: tuple[Visit, str], one: Offered, way: Way | None, context: dict[str, Any]) -> Posed:
    visit, case = at
    html = templates().get_template("parts/sheet.html").render(context)
    onward = way.next if way else ""
    if onward:
        onward = address(one, f"{onward}&{urlencode({WAS: case})}")
    return Posed(one.act, address(one, _case(visit, case)), onward, context["multipart"],
                 Markup(html))  # fmt: skip  # noqa: S704 - made by a template that escapes


def address(one: Offered, then: str) -> str:
    """Where an act is done, and what is shown after it."""
    return f"/do/{one.act.act}?{urlencode({'id': one.id, 'next': then})}"


def _case(visit: Visit, id: str, after: str | None = None) -> str:
    """A case, as one that lies in the box it was opened from."""
    if BOX not in visit.query:
        return f"/case/{id}"
    asked = Narrowing(visit.query)
    return f"/case/{id}?{asked.address(after=after or asked.after or '')}"


def way_of(visit: Visit, case: str) -> Way | None:
    """Where the box goes on; ``None`` where the case was not opened from one. A case that is gone
    from the page it stood on is followed by what stands first there now."""
    if BOX not in visit.query:
        return None
    asked = Narrowing(visit.query)
    back = f"/desk?{asked.address(after=asked.after or '')}"
    try:
        page = boxes.page(visit.office, visit.actor(), asked.query(PER_PAGE))
    except Refusal:
        return Way(asked.box, f"/desk?{asked.address()}", "", "")
    ids = _ids(page)
    at = ids.index(case) if case in ids else -1
    last = _case(visit, ids[at - 1]) if at > 0 else ""
    if at + 1 < len(ids):
        return Way(asked.box, back, last, _case(visit, ids[at + 1]))
    return Way(asked.box, back, last, _over(visit, asked, page, case))


def _over(visit: Visit, asked: Narrowing, page: BoxPage, case: str) -> str:
    """The first case of the page after."""
    if page.next is None:
        return ""
    query = Narrowing({**visit.query, AFTER: page.next}).query(PER_PAGE)
    ids = [id for id in _ids(boxes.page(visit.office, visit.actor(), query)) if id != case]
    return _case(visit, ids[0], page.next) if ids else ""


def _ids(page: BoxPage) -> list[str]:
    """Cases of a page, each once, in order."""
    return list(dict.fromkeys(one.request_id for one in page.items if one.request_id))


def _was(visit: Visit) -> Was | None:
    """The case that was done with just before, where it may be read."""
    if not (id := visit.query.get(WAS, "")):
        return None
    try:
        one = reading.one(visit.office, visit.actor(), Request, id, county=visit.county)
    except Refusal:
        return None
    return Was(f"/case/{one.id}", one.title)
