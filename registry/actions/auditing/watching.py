"""定时比对 what a tick holds against each other: acts, decisions, walls, papers; what was asked and not
answered in time is told to who owes the answer.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from registry.actions.auditing import conduct
from registry.actions.auditing.conduct import SOUGHT, SPLIT, Sought
from registry.actions.auditing.life import asked_of
from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import Glance
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.outbox import Message, holders, tell
from registry.domain.audit import Finding
from registry.domain.auditing import FindingStage
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Actor
from registry.policies.measuring.refiling import back, how_alike
from registry.policies.measuring.registered import similar_rule
from registry.store.comparing import Row, Which, rows
from registry.store.conduct import beside, days_applied_on, side_by_side

Effect = Callable[[Desk], Answer]
ROOM = "conduct"
_CODES = sorted({one.doubt.code for one in SOUGHT})
OWED = (FindingStage.VERIFYING.value, FindingStage.RECTIFYING.value)


def effects(office: Office, actor: Actor, glance: Glance) -> list[tuple[str, Effect]]:
    """One effect for each finding to be opened, brought up to date or closed; one for each answer
    that is overdue."""
    if glance.idle(ROOM):
        return []
    call = Call(actor=actor, county=glance.county, act="tick.conduct_looked_at")
    since = glance.since(ROOM)
    changing = office.ask(call, lambda desk: Answer(body=_changing(desk, since))).body
    glance.done(ROOM, left=len(changing))
    late = office.ask(call, lambda desk: Answer(body=list(_late(desk)))).body
    return [
        *(("conduct_looked_at", _setting(id, about)) for id, about in changing),
        *(("answer_reminded", _reminding(id)) for id in late),
    ]


def _changing(desk: Desk, since: int | None) -> list[tuple[str, str]]:
    """Findings that say otherwise today than they stand, and what each is about."""
    standing = keeping.open_of(desk, _CODES)
    ids = None if since is None else sorted({one.object_id for one in standing})
    found = _seen(desk, since, ids)
    closed = desk.unit.find(Finding, id=sorted(found)) if found else []
    held = {one.id: one for one in (*standing, *closed)}
    changing = []
    for id in sorted({*found, *held}):
        seen, finding = found.get(id), held.get(id)
        if seen is None and finding is not None and finding.closed_on is None:
            changing.append((id, finding.object_id))
        elif seen is not None and keeping.differs(finding, seen):
            changing.append((id, seen.about))
    return changing


def _seen(desk: Desk, since: int | None, ids: list[str] | None, only: str = "") -> dict[str, Seen]:
    """What is seen of what was written since an event and of these objects; of all without both.

    Args:
        only: id of the one finding that is asked about; its own statements alone are asked.
    """
    of = (desk.unit.connection, desk.unit.county)
    found: dict[str, Seen] = {}
    for one in SOUGHT:
        if only and not only.endswith(f".{one.doubt.code}"):
            continue
        if one.doubt is SPLIT:
            told = _split(desk, (since, ids))
        else:
            day = {"today": desk.today.isoformat()} if one.doubt is conduct.UNPUBLISHED else {}
            told = rows(of, one.build, (since, ids), day)
        for row in told:
            seen = _of(one, row)
            found.setdefault(seen.id, seen)
    return found


def _split(desk: Desk, which: Which) -> list[Row]:
    """Requests beside each other that are alike and near, as the packs say; nothing is asked where
    they are silent."""
    of, (since, ids) = (desk.unit.connection, desk.unit.county), which
    near = _near(desk, days_applied_on(*of, ids if since is None else None))
    if not near:
        return []
    longest = max((on - first.since).days for on, first in near.items())
    build = side_by_side if since is None and ids is None else beside
    met = rows(of, build, which, {"days": str(longest)})
    return [row for row in met if _alike(near, row)]


def _of(one: Sought, row: Row) -> Seen:
    facts = {name: value for name, value in row.facts.items() if value is not None}
    evidence = {one.resource: [row.about]}
    if "other_id" in facts:
        evidence[one.resource] = sorted({row.about, facts.pop("other_id")})
    if "request_id" in facts and "requests" in one.doubt.evidence:
        evidence["requests"] = [facts["request_id"]]
    told: dict[str, Any] = {name: facts.get(name, "") for name in one.doubt.facts}
    return Seen(
        one.doubt, f"{row.about}.{one.doubt.code}", row.about, row.asked, row.path, told, evidence,
        one.kind,
    )  # fmt: skip


class Near(NamedTuple):
    """相近: how alike, and from which day on, by the pack of the day a request was applied for."""

    since: date
    likeness: int


def _near(desk: Desk, days: list[date]) -> dict[date, Near]:
    """Of each day by whose pack requests are held against each other; the others are left out."""
    found: dict[date, Near] = {}
    for on in days:
        book = desk.rulebook(on)
        rule = similar_rule(book.overlay)
        if rule is not None:
            found[on] = Near(back(book.calendar, rule.within, on), rule.near)
    return found


def _alike(near: dict[date, Near], row: Row) -> bool:
    """Whether two requests are alike and near each other, as the pack says."""
    told = near.get(date.fromisoformat(row.facts["applied_on"]))
    if told is None or date.fromisoformat(row.facts["other_on"]) < told.since:
        return False
    return bool(how_alike(row.facts["title"], row.facts["other"], told.likeness))


def _setting(id: str, about: str) -> Effect:
    """The same question asked again in the act, of this object alone, and the finding set right."""

    def verb(desk: Desk) -> Answer:
        seen = _seen(desk, None, [about], only=id).get(id)
        after = keeping.close(desk, id) if seen is None else keeping.tell(desk, seen)
        if after is None:
            return Answer(body=None)
        desk.about(after)
        return Answer(body=after.id)

    return verb


def _late(desk: Desk) -> Iterator[str]:
    """Findings whose answer is overdue, and of which nobody was told so yet."""
    for finding in desk.unit.find(Finding, stage=list(OWED)):
        if finding.due_on is not None and finding.due_on < desk.today and _untold(desk, finding):
            yield finding.id


def _untold(desk: Desk, finding: Finding) -> bool:
    people = _owing(desk, finding)
    return any(desk.unit.maybe(Notice, f"{_once(finding)}.{p}") is None for p in people)


def _once(finding: Finding) -> str:
    return f"{finding.id}.owed{finding.due_on}"


def _owing(desk: Desk, finding: Finding) -> list[str]:
    asked = asked_of(desk, finding)
    heirs = desk.places.heirs([asked]) if asked else []
    return sorted({p for body in heirs for p in holders(desk, body, "finding.answer")})


def _reminding(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        finding = desk.unit.get(Finding, id)
        desk.about(finding)
        message = Message(
            kind=NoticeKind.OVERDUE, once=_once(finding),
            text=f"对疑点「{finding.name}」的答复应于{finding.due_on}前提交，现已逾期",
            text_en=f"The answer to a finding was due on {finding.due_on}.",
        )  # fmt: skip
        return Answer(body=len(tell(desk, _owing(desk, finding), message, finding)))

    return verb
