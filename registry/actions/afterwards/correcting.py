"""更正 slips of the pen in a decision or a request: the old text stays, no fact changes (P14)."""

from datetime import date
from typing import Annotated, Any

import msgspec

from registry.actions.afterwards.settled import check_unchanging, decision_of, tell_asking
from registry.actions.afterwards.voiding import check_stands
from registry.actions.filing import owners
from registry.actions.matters import judged
from registry.actions.office import Answer, Desk
from registry.actions.ties import of_case
from registry.actions.vouching.issuing import vouch
from registry.domain.afterwards import Correction
from registry.domain.approval import Decision
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.people import PostView
from registry.domain.presence import Presence
from registry.domain.records import Record, Text, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Gate
from registry.policies.overlay import Governing

FIELD = declare(
    "correction.field", RefusalKind.INVALID, "「{field}」不是可以更正的文字；实质内容请办理变更",
    "{field} is no text that can be corrected; for the substance file a change.", recorded=True,
)  # fmt: skip
VALUE = declare(
    "correction.value", RefusalKind.INVALID, "更正后的文字与原文相同，或者不能写在此处",
    "The text is the same as before, or may not stand there.", recorded=True,
)  # fmt: skip
SUBSTANCE = declare(
    "correction.substance", RefusalKind.CONFLICT, "更正会改变作出决定所依据的事实，请办理变更",
    "This would change a fact that the decision was made from: file a change.", recorded=True,
)  # fmt: skip

OF_DECISION = ("reason", "review", "body_name", "ratified_by_name")
OF_REQUEST = (
    "title", "content", "standard", "process", "responsible_party", "necessity",
    "disclosure_reason",
)  # fmt: skip
"""Texts of a request as decided: corrected by the body whose decision stands on them."""
OF_LETTER = ("letter.contact", "letter.telephone", "letter.signed_by")
"""Who is to be reached: told by those who ask."""


class CorrectCommand(Wire, frozen=True, kw_only=True):
    """更正: which text, how it is to read, and why."""

    field: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern="^[a-z_.]+$")]
    becomes: Text
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]


def correct_decision(desk: Desk, id: str, version: int | None, command: CorrectCommand) -> Answer:
    """更正决定: by the body that issued it."""
    decision = desk.unit.get(Decision, id, lock=True)
    desk.about(decision)
    request = desk.unit.get(Request, decision.request_id)
    post = desk.authorise(
        "decision.correct", owners=[decision.organisation_id], ties=of_case(desk, request)
    )
    check_stands(decision)
    desk.check_version(decision, version)
    if command.field not in OF_DECISION:
        raise Refusal(FIELD, field=command.field)
    was = str(getattr(decision, command.field))
    if was == command.becomes:
        raise Refusal(VALUE)
    changed = desk.unit.change(decision, **{command.field: command.becomes})
    kept = _keep(desk, changed, post, command, was=was)
    tell_asking(desk, request, ("决定文字已更正", "A decision was corrected"), kept)
    desk.about(changed)
    return Answer(body=kept, version=kept.version)


def correct_request(desk: Desk, id: str, version: int | None, command: CorrectCommand) -> Answer:
    """更正申请: once it is decided; before that it is returned and supplemented."""
    request = desk.unit.get(Request, id, lock=True)
    desk.about(request)
    decision = decision_of(desk, request) if request.decision_id else None
    if command.field in OF_LETTER:
        post = desk.authorise("request.correct_contact", owners=owners(request))
    else:
        whose = [decision.organisation_id] if decision else []
        post = desk.authorise("request.correct", owners=whose, ties=of_case(desk, request))
    desk.check_version(request, version)
    decision_of(desk, request)
    if command.field not in (*OF_REQUEST, *OF_LETTER):
        raise Refusal(FIELD, field=command.field)
    check_unchanging(desk, request)
    was, filing = _put(request.filing, command)
    _check_clerical(desk, request, filing)
    changed = desk.unit.change(request, filing=filing, title=filing.title)
    if command.field == "title":
        for presence in desk.unit.find(Presence, request_id=request.id):
            desk.unit.change(presence, title=filing.title)
        vouch(desk, changed)
    kept = _keep(desk, changed, post, command, was=was)
    tell_asking(desk, changed, ("申请文字已更正", "A request was corrected"), kept)
    desk.about(changed)
    return Answer(body=kept, version=kept.version)


def _put(filing: Filing, command: CorrectCommand) -> tuple[str, Filing]:
    """The old text, and the filing with the new one in its place."""
    told = msgspec.to_builtins(filing)
    place, _, inner = command.field.partition(".")
    part: Any = told.get(place) if inner else told
    if part is None or part.get(inner or place) == command.becomes:
        raise Refusal(VALUE)
    was = str(part.get(inner or place) or "")
    part[inner or place] = command.becomes
    try:
        return was, msgspec.convert(told, Filing)
    except msgspec.ValidationError:
        raise Refusal(VALUE) from None


def _check_clerical(desk: Desk, request: Request, filing: Filing) -> None:
    """Refuse a text by which the rules would see another matter: both are judged as of one day."""
    if _facts(desk, request, request.filing) != _facts(desk, request, filing):
        raise Refusal(SUBSTANCE)


def _facts(desk: Desk, request: Request, filing: Filing) -> tuple[Any, ...]:
    on: date = request.applied_on or desk.today
    dates = Governing(applied=on, decided=on, entered=max(filing.starts_on or on, on))
    told = judged(desk, filing, Gate.FILE, dates, request_id=request.id).fields()
    hits = [(hit.rule, hit.items, hit.ground) for hit in told["rules"]]
    return told["outcome"], told["facts"], hits


def _keep(
    desk: Desk, record: Decision | Request, post: PostView, command: CorrectCommand, *, was: str
) -> Correction:
    whose: Record = record
    return desk.unit.add(
        Correction(
            county=desk.unit.county,
            id=desk.id("cor"),
            request_id=record.id if isinstance(record, Request) else record.request_id,
            object_kind=type(whose).__name__.lower(),
            object_id=record.id,
            field=command.field,
            was=was,
            becomes=command.becomes,
            reason=command.reason,
            organisation_id=post.organisation_id,
            person_id=desk.actor.person_id,
            on_behalf_of=desk.on_behalf_of,
            made_on=desk.today,
        )
    )
