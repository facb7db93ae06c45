"""办理页 one page for each act of the table: its form, what was wrong with it, what came of it."""

from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.between.hearing import SPEAKING
from registry.actions.office import HIDDEN, REUSED
from registry.actions.staff import aside as kept_forms
from registry.actions.submitting import REFUSED
from registry.api.acting import Act, Nothing, carried, identity
from registry.api.documents import LIMIT
from registry.api.resources import RESOURCES
from registry.api.serving import aside
from registry.domain.approval import Task
from registry.domain.errors import Refusal, RefusalKind
from registry.domain.phrase import Phrase
from registry.web.behalf import behalf
from registry.web.forms.called import folded
from registry.web.forms.choices import OF, name_of, options, referred
from registry.web.forms.fields import fields_of, needed_first
from registry.web.forms.filled import Filled, Typed, Wrong, as_typed, command_of, typed
from registry.web.offers import BY_NAME, page_of
from registry.web.records import done_by
from registry.web.serving import Kind, inside, moved, shown
from registry.web.telephone import told_in
from registry.web.uploading import Parent, hanging, lacks_place, parent_of, takes, uploaded
from registry.web.visit import AGAIN, CROWDED, DRAFT, KEY, VERSION, Visit
from registry.web.wordings import field_of, for_act, kept, worded

ADD, DROP, LATER = "_add", "_drop", "_aside"
NAMED = {
    "request_id": "requests", "presence_id": "presences", "project_id": "audit-projects",
    "organisation_id": "organisations", "stage": "", "item": "", "demander": "", "slip": "",
}  # fmt: skip
"""Fields that a link may fill in beforehand."""
_ASKED = frozenset({"id", "draft", "next", "told"}) | NAMED.keys()
ASKS, HANDS_IN = Kind(parameters=_ASKED), Kind(parameters=_ASKED, limit=2 * LIMIT, again=True)
_MOST_ROWS = 1_000
_TOLD = frozenset({REUSED, REFUSED})
"""Besides a stale version: after which a form is sent anew on purpose."""


class Sheet:
    """一张表单: the act, what it is done to, what was typed so far."""

    def __init__(self, visit: Visit, act: Act, *, phrases: list[Phrase] | None = None) -> None:
        self.visit, self.act = visit, act
        self.actor = visit.actor()
        self.fields = () if act.command is Nothing else needed_first(fields_of(act.command))
        self.subject: Any = None
        self.given: Typed = {}
        self.wrong: list[Wrong] = []
        self.refusal: Refusal | None = None
        self._phrases = phrases

    @property
    def resource(self) -> str:
        """The list in which the record it is done to is found."""
        return self.act.path.split("/")[1]

    async def opened(self) -> "Sheet":
        """With the record it is done to, as it is now.

        Raises:
            Refusal: ``access.hidden``.
        """
        visit, resource = self.visit, RESOURCES.get(self.resource)
        if "{id}" in self.act.path:
            if not (id := visit.query.get("id", "")):
                raise Refusal(HIDDEN)
            visit.id = id
            if resource is not None:
                self.subject = await aside(_one, visit, resource.record)
        return self

    def show(self, status: int = 200) -> Any:
        """The form as it stands."""
        return shown(self.visit, "act.html", status=status, **self.context())

    def context(self) -> dict[str, Any]:
        """What the templates of a form are given."""
        return {
            "act": self.act, "fields": self.fields, "given": self.given, "wrong": self.wrong,
            "refusal": self.refusal, "subject": self.subject, "resource": self.resource,
            "options": self._options(), "of": OF, "called": name_of, "why": self._why(),
            "key": self._key(), "draft": self._draft(),
            "version": self._held(VERSION) or getattr(self.subject, "version", ""),
            "next": self.visit.query.get("next", ""), "rows": rows(self.given),
            "insists": REFUSED, **self._papers(),
            **self._folded(),
            **told_in(self.visit, self.act.act),
            "phrase_for": field_of(self.fields), "phrases": self._worded(),
            "behalf": behalf(self.visit, self._asked(), self.subject),
        }  # fmt: skip

    def _folded(self) -> dict[str, Any]:
        """What stands below the fold: open once something there was typed or is wrong, and after a
        refusal, which may be of what was not told there."""
        rare = folded(self.act.act)
        met = [path for path, held in self.given.items() if any(held)]
        met += [one.path for one in self.wrong]
        inside = any(path.partition(".")[0] in rare for path in met)
        return {"rare": rare, "unfolded": inside or self.refusal is not None}

    def parent(self) -> Parent | None:
        """What its papers hang on."""
        return parent_of(self.visit, self.subject, self.given)

    def _papers(self) -> dict[str, Any]:
        """附件: whether it takes files, and what hangs there already; ``None`` = nothing can yet."""
        if not takes(self.fields):
            return {"multipart": False}
        if lacks_place(self.act.act, self.fields, self.subject):
            return {"multipart": False, "hung": None}
        return {"multipart": True, "hung": hanging(self.visit, self.parent())}

    def _asked(self) -> str:
        """What access calls the act: an opinion goes by the kind of the task it answers."""
        task = self.subject if isinstance(self.subject, Task) else None
        return SPEAKING[task.act] if task is not None else self.act.act

    def _worded(self) -> list[Phrase]:
        """常用意见 that may be picked."""
        if not field_of(self.fields):
            return []
        if self._phrases is None:
            self._phrases = kept(self.visit.office, self.actor)
        return for_act(self._phrases, self._asked())

    def _held(self, name: str) -> str:
        """What the form was opened with; nothing, once it was told that this is over."""
        no = self.refusal
        over = no is not None and (no.kind is RefusalKind.STALE or no.code in _TOLD)
        return "" if over else self.given.get(name, [""])[0]

    def _options(self) -> Any:
        return options(self.visit.office, self.actor, referred(self.fields), self.visit.county)

    def _why(self) -> dict[str, str]:
        pair = self.visit.tongue.pair
        return {one.path: pair(one.zh, one.en) for one in self.wrong}

    def _key(self) -> str:
        return (not self.refusal and self._held(KEY)) or self.visit.key_on(self.refusal)

    def _draft(self) -> str:
        return self.visit.field(DRAFT) or self.visit.query.get("draft", "")


def _one(visit: Visit, kind: Any) -> Any:
    return reading.one(visit.office, visit.actor(), kind, visit.id, county=visit.county)


def act_of(visit: Visit) -> Act:
    """The act that the path names.

    Raises:
        Refusal: ``access.hidden`` where there is none.
    """
    name = visit.request.scope["path_params"]["act"]
    if name not in BY_NAME:
        raise Refusal(HIDDEN)
    return BY_NAME[name]


async def ask(visit: Visit) -> Any:
    """``GET /do/{act}``: the form, empty, or as it was put aside, or as the record is now."""
    sheet = await Sheet(visit, act_of(visit)).opened()
    sheet.given = await aside(_begun, visit, sheet)
    return await aside(sheet.show)


def _begun(visit: Visit, sheet: Sheet) -> Typed:
    for draft in kept_forms.of(visit.office, sheet.actor):
        if draft.id == visit.query.get("draft"):
            return typed(kept_forms.fields(draft))
    if sheet.act.method == "PUT" and sheet.subject is not None:
        held = getattr(sheet.subject, "filing", sheet.subject)
        return as_typed(msgspec.to_builtins(held))
    return {name: [value] for name, value in visit.query.items() if name in NAMED}


async def hand_in(visit: Visit) -> Any:
    """``POST /do/{act}``: one more item, put aside, or handed in."""
    sheet = await Sheet(visit, act_of(visit)).opened()
    sheet.given = typed(visit.posted)
    if visit.field(AGAIN) or visit.field(ADD) or visit.field(DROP):
        grow(sheet.given, visit.field(ADD), visit.field(DROP))
        return await aside(sheet.show)
    if visit.field(LATER):
        return await aside(_put_aside, visit, sheet)
    try:
        await uploaded(visit, await aside(sheet.parent), sheet.given)
        worded(sheet.given, sheet.fields)
        filled = Filled(sheet.fields, sheet.given)
        command = command_of(sheet.act.command, filled)
        sheet.wrong = filled.wrong
        if sheet.wrong:
            return await aside(sheet.show, 422)
        answer = await carried(visit.office, sheet.act, (visit, sheet.actor), command)
    except Refusal as refusal:
        sheet.refusal = refusal
        if refusal.code == REFUSED:  # the verdict was kept: the request is a version further
            await sheet.opened()
        return await aside(sheet.show, 422)
    if draft := visit.field(DRAFT):
        await aside(kept_forms.drop, visit.office, sheet.actor, draft)
    done = await aside(done_by, visit, sheet.act, answer.body)
    return moved(*after(visit, sheet.act, answer.body), done=done)


def after(visit: Visit, act: Act, body: Any) -> tuple[str]:
    """Where to go when it is done."""
    if on := inside(visit.query.get("next", ""), ""):
        return (on,)
    resource = act.creates or act.path.split("/")[1]
    if resource not in RESOURCES:
        return ("/desk",)
    return (f"{page_of(resource)}/{identity(body) if act.creates else visit.id}",)


def _put_aside(visit: Visit, sheet: Sheet) -> Any:
    fields = [(n, v) for n, v in visit.typed_in() if v and n != DRAFT]
    query = {n: v for n, v in visit.query.items() if n == "id"}
    at = visit.request.scope["path"] + (f"?id={query['id']}" if query else "")
    title = visit.tongue.act(sheet.act) + (f"：{name_of(sheet.subject)}" if sheet.subject else "")
    kept = kept_forms.Kept(id=visit.field(DRAFT) or None, form=at, title=title[:200], fields=fields)
    kept_forms.put_aside(visit.office, sheet.actor, kept)
    return moved("/desk/kept")


def rows(given: Typed) -> dict[str, int]:
    """How many items of each list were typed into, by its path.

    Raises:
        Refusal: ``form.fields`` for more than a page can show.
    """
    found: dict[str, int] = {}
    for path, values in given.items():
        if path.startswith("_rows."):
            name = path.removeprefix("_rows.")
            found[name] = max(found.get(name, 0), _number(values[0]))
            continue
        parts = path.split(".")
        for at, part in enumerate(parts):
            if part.isdecimal():
                name = ".".join(parts[:at])
                found[name] = max(found.get(name, 0), _number(part) + 1)
    if sum(found.values()) > _MOST_ROWS:
        raise Refusal(CROWDED)
    return found


def _number(told: str) -> int:
    """A count, never more than makes a page refuse."""
    return min(int(told), _MOST_ROWS) if told.isdecimal() and told.isascii() else 0


def grow(given: Typed, add: str, drop: str) -> None:
    """One more item of a list, or one fewer; the others keep their places."""
    if add:
        given[f"_rows.{add}"] = [str(min(rows(given).get(add, 0) + 1, 200))]
    for path in [p for p in given if drop and (p == drop or p.startswith(drop + "."))]:
        del given[path]
