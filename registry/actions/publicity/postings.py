"""公示 put up and taken down: how long it hung is counted against the pack's least time (N4).

What came down too soon is not undone by a refusal: it is a finding with its clause, until the same
matter is posted again.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.actions import evidence
from registry.actions.doubting import keeping
from registry.actions.doubting.communities import SHORT_POSTING
from registry.actions.doubting.keeping import Seen
from registry.actions.judging import ask_gate, kept
from registry.actions.living.departing import published
from registry.actions.office import Answer, Desk
from registry.domain.admission import Verdict
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.posting import Posting
from registry.domain.presence import Presence
from registry.domain.records import Ident, Line, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Gate
from registry.policies.measures import Publicity
from registry.policies.publicity import publicity

DAY = declare(
    "posting.day", RefusalKind.INVALID, "张贴日不能晚于今天，撤下日不能早于张贴日",
    "It is put up no later than today, and taken down no earlier than it was put up.",
)  # fmt: skip
DOWN = declare(
    "posting.down", RefusalKind.CONFLICT, "该公示已于 {on} 撤下", "It came down on {on} already.",
    recorded=True,
)  # fmt: skip


class PostCommand(Wire, frozen=True, kw_only=True):
    """张贴公示. Of a presence, of a whole request, or of nothing on record (a list)."""

    what: Literal["matter", "exit", "result", "list"]
    where: Line
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    posted_on: date
    presence_id: Ident | None = None
    request_id: Ident | None = None
    area: Ident | None = None
    """Where it hangs, id or code; absent = where its presence is, or the poster's own area."""
    document_id: Ident | None = None


class TakeDownCommand(Wire, frozen=True, kw_only=True):
    """撤下公示."""

    taken_down_on: date | None = None
    """The last day it hung; absent = today."""


def post(desk: Desk, command: PostCommand) -> Answer:
    """张贴: kept with its first day; what waited to be posted waits no more."""
    presence = desk.unit.get(Presence, command.presence_id) if command.presence_id else None
    request_id = presence.request_id if presence else command.request_id
    request = desk.unit.get(Request, request_id) if request_id else None
    owners, path = _where(desk, presence, command)
    if presence or request:
        desk.about(presence or request)  # type: ignore[arg-type]
    by = desk.authorise("posting.post", owners=owners, paths=[path] if path else [])
    if command.posted_on > desk.today:
        raise Refusal(DAY)
    evidence.check(desk, [command.document_id], command.presence_id, request_id)
    posting = desk.unit.add(
        Posting(
            county=desk.unit.county,
            id=desk.id("pst"),
            request_id=request_id,
            presence_id=command.presence_id,
            organisation_id=by.organisation_id,
            area_path=path or by.area_path,
            what=command.what,
            where=command.where,
            text=command.text,
            posted_on=command.posted_on,
            person_id=desk.actor.person_id,
            document_id=command.document_id,
        )
    )
    _mended(desk, posting)
    if posting.what == "exit":
        published(desk, posting)
    desk.about(posting)
    return Answer(body=posting, version=posting.version)


def _where(
    desk: Desk, presence: Presence | None, command: PostCommand
) -> tuple[list[str], str | None]:
    """Whose wall it is, and where; no place where the poster's own is meant."""
    if presence is not None:
        return [presence.organisation_id], presence.area_path
    if command.area is not None:
        path = desk.places.area(command.area, desk.today).path
        return [p.organisation_id for p in desk.actor.posts if p.area_path == path], path
    return [p.organisation_id for p in desk.actor.posts], None


def take_down(desk: Desk, id: str, version: int | None, command: TakeDownCommand) -> Answer:
    """撤下: its days are counted, and what the rules say of them is kept."""
    posting = desk.unit.get(Posting, id, lock=True)
    desk.about(posting)
    desk.authorise("posting.take_down", owners=[posting.organisation_id], paths=[posting.area_path])
    if posting.taken_down_on is not None:
        raise Refusal(DOWN, on=posting.taken_down_on)
    desk.check_version(posting, version)
    last = command.taken_down_on or desk.today
    if not posting.posted_on <= last <= desk.today:
        raise Refusal(DAY)
    book = desk.rulebook()
    rule = book.overlay.setting(lambda d: d.publicity)
    word = publicity(rule, book.calendar, posting.posted_on, last)
    verdict = _judged(desk, posting, word)
    down = desk.unit.change(
        posting, taken_down_on=last, taken_down_by=desk.actor.person_id,
        verdict_id=verdict.id if verdict else None,
    )  # fmt: skip
    if word == "short" and rule is not None:
        _found(desk, down, rule, verdict)
    desk.about(down)
    return Answer(body=down, version=down.version)


def _judged(desk: Desk, posting: Posting, word: str) -> Verdict | None:
    """What the rules say of a matter's posting, asked of nothing but the posting."""
    if word == "unset" or posting.request_id is None:
        return None
    alone = {"money": "not_needed", "agreement": "not_needed", "decision": "approved"}
    request = desk.unit.get(Request, posting.request_id)
    verdict = ask_gate(
        desk, Gate.CONTINUE, request, state={**alone, "publicity": word}, about=posting
    )
    return kept(desk, verdict)


def _found(desk: Desk, down: Posting, rule: Publicity, verdict: Verdict | None) -> None:
    least, deciding = rule.at_least, verdict.deciding if verdict else []
    clauses = [hit.clause for hit in verdict.rules if hit.rule in deciding] if verdict else []
    facts = {
        "days": least.days, "unit": least.unit.value, "clauses": clauses,
        "posted_on": f"{down.posted_on}", "taken_down_on": f"{down.taken_down_on}",
    }  # fmt: skip
    seen = Seen(
        SHORT_POSTING,
        f"{down.id}.short",
        down.id,
        down.organisation_id,
        down.area_path,
        facts,
        {"postings": [down.id]},
    )
    keeping.tell(desk, seen)


def _mended(desk: Desk, again: Posting) -> None:
    """恢复公布: what came down too soon hangs again, in the same place on record; a list is known
    by its words."""
    same = desk.unit.find(
        Posting, request_id=again.request_id, presence_id=again.presence_id, what=again.what
    )
    if again.presence_id is None and again.request_id is None:
        same = [p for p in same if p.text.strip() == again.text.strip()]
    before = [p.id for p in same if p.id != again.id]
    for held in keeping.open_of(desk, SHORT_POSTING.code, object_id=before) if before else []:
        if held.area_path == again.area_path:
            keeping.close(desk, held.id)
