"""清单修订 a list changed by two people: one proposes its next text, another publishes it.

On its first day the text takes the list's place, and earlier days keep the earlier text.
"""

from contextlib import suppress
from datetime import date
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.rules.signing import county_paths, sign_second
from registry.domain.catalogue import MatterList
from registry.domain.document import Document
from registry.domain.edition import EDITION_MOVES, SIGNED, EditionState, ListEdition
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Ident, Text, Wire
from registry.domain.vocabulary import Grade
from registry.policies.drafting.lint_texts import check_text
from registry.policies.drafting.problems import Problem
from registry.store.counting import hold

FOREIGN = declare(
    "list.jurisdiction", RefusalKind.INVALID, "清单属于 {jurisdiction}，不属于本级",
    "The list belongs to {jurisdiction}, not here.", recorded=True,
)  # fmt: skip
UNSOUND = declare(
    "list.unsound", RefusalKind.INVALID, "清单有 {count} 处须先改正：{first}",
    "The list has {count} things to mend first: {first_en}", recorded=True,
)  # fmt: skip
MOVED = declare(
    "list.moved", RefusalKind.CONFLICT, "清单 {list} 在此期间已修改，请从现行文本重新修订",
    "List {list} was changed meanwhile; begin again from its present text.", recorded=True,
)  # fmt: skip
SAME = declare(
    "list.same", RefusalKind.INVALID, "与现行清单没有差别", "Nothing differs from the list in force.",
    recorded=True,
)  # fmt: skip
WAITING = declare(
    "list.waiting", RefusalKind.CONFLICT,
    "清单 {list} 已有一版发布，自 {effective_from} 起施行；届时再修订，或者先撤回那一版",
    "An edition of list {list} is published from {effective_from}: wait for that day, or withdraw "
    "it first.", recorded=True,
)  # fmt: skip
SETTLED = declare(
    "list.settled", RefusalKind.CONFLICT, "这一版清单的状态是 {state}，不能再办",
    "This edition is {state}: that cannot be done any more.", recorded=True,
)  # fmt: skip
EFFECTIVE = declare(
    "list.effective", RefusalKind.INVALID, "施行日 {effective_from} 不行：{why}",
    "The first day {effective_from} will not do: {why_en}.", recorded=True,
)  # fmt: skip
PAPERS = declare(
    "list.papers", RefusalKind.INVALID, "发布所需材料不齐：{missing}",
    "What publishing needs is not all there: {missing}.", recorded=True,
)  # fmt: skip
EVIDENCE = declare(
    "list.document", RefusalKind.INVALID, "附件 {document} 不是这一版清单的附件",
    "Document {document} was not uploaded for this edition.", recorded=True,
)  # fmt: skip
REPORTED = declare(
    "list.reported", RefusalKind.INVALID, "以下事项只依据报道，须核对原文并明确确认后方可发布：{named}",
    "These items rest on a report only; confirm them before they decide: {named}.", recorded=True,
)  # fmt: skip
NO_REASON = declare(
    "list.reason", RefusalKind.INVALID, "须说明撤回的理由", "Say why it is withdrawn."
)
_KEYS = ("county", "id", "version")
_TOLD = 256
"""Problems told with a refusal: memory."""


class ProposeListCommand(Wire, frozen=True, kw_only=True):
    """提出清单修订."""

    matters: MatterList
    """The whole text as it is to be; its ``version`` says nothing."""
    effective_from: date
    begun_from: int | None = None
    document_number: Annotated[str, msgspec.Meta(max_length=80)] = ""


class PublishListCommand(Wire, frozen=True, kw_only=True):
    """发布清单."""

    document_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """文号 of the instrument; may have been given with the proposal."""
    document_id: Ident | None = None
    """The instrument's file, uploaded for this edition."""
    confirm_reported: bool = False
    """The second signature under the items that rest on a report only (报道)."""


class WithdrawListCommand(Wire, frozen=True, kw_only=True):
    """撤回清单修订."""

    reason: Text


def propose(desk: Desk, command: ProposeListCommand) -> Answer:
    """Propose the next text of a list, or replace what is proposed; nothing follows from it yet."""
    desk.authorise("list.propose", paths=county_paths(desk))
    matters = command.matters
    whose = desk.office.county_path(desk.unit.county) or "/"
    if matters.county != desk.unit.county or not (matters.area or whose).startswith(whose):
        raise Refusal(FOREIGN, jurisdiction=matters.county)
    # Two who propose at once: the second finds the first.
    hold(desk.unit.connection, desk.unit.county, "list.propose")
    current = desk.unit.maybe(MatterList, matters.id)
    _check_base(matters.id, current, command.begun_from)
    _check_sound(desk, matters)
    if current is not None and plain(current) == plain(matters):
        raise Refusal(SAME)
    made = ListEdition(
        county=desk.unit.county, id=desk.id("led"), list_id=matters.id, title=matters.title,
        state=EditionState.PROPOSED, effective_from=command.effective_from,
        document_number=command.document_number, area=matters.area,
        matters=plain(matters), begun_from=command.begun_from,
        proposed_by=desk.actor.person_id, proposed_for=desk.on_behalf_of,
    )  # fmt: skip
    held = _open(desk, matters.id)
    fields = {n: getattr(made, n) for n in made.__struct_fields__ if n not in _KEYS}
    kept = desk.unit.add(made) if held is None else desk.unit.change(held, **fields)
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def plain(matters: MatterList) -> MatterList:
    """A text without what the register adds to it: its version, and whose street it is."""
    return msgspec.structs.replace(matters, version=1, area="")


def publish(desk: Desk, id: str, version: int | None, command: PublishListCommand) -> Answer:
    """Sign a proposed text as the second person, with its instrument; a day that has come puts it
    in force at once."""
    held = desk.unit.get(ListEdition, id, lock=True)
    desk.about(held)
    sign_second(desk, "list.publish", held.proposed_by, held.proposed_for)
    _movable(held, "publish")
    desk.check_version(held, version)
    current = desk.unit.maybe(MatterList, held.list_id, lock=True)
    _check_base(held.list_id, current, held.begun_from)
    _check_sound(desk, held.text())
    _check_day(desk, held, current)
    number = (command.document_number or held.document_number).strip()
    _check_papers(desk, id, number, command.document_id)
    reported = [item.id for item in held.matters.items if item.grade is Grade.REPORTED]
    if reported and not command.confirm_reported:
        raise Refusal(REPORTED, named="、".join(reported))
    after = desk.unit.change(
        held, state=EditionState.PUBLISHED, published_by=desk.actor.person_id,
        document_number=number, document_id=command.document_id, confirmed=reported,
    )  # fmt: skip
    if after.effective_from <= desk.today:
        after = take_up(desk, after)
    desk.about(after)
    return Answer(body=after, version=after.version)


def withdraw(desk: Desk, id: str, version: int | None, command: WithdrawListCommand) -> Answer:
    """Take a proposal back; what is published and waits for its day, only who may publish takes
    back."""
    held = desk.unit.get(ListEdition, id, lock=True)
    desk.about(held)
    waiting = held.state is EditionState.PUBLISHED
    desk.authorise("list.publish" if waiting else "list.withdraw", paths=county_paths(desk))
    _movable(held, "withdraw")
    desk.check_version(held, version)
    if not command.reason.strip():
        raise Refusal(NO_REASON)
    after = desk.unit.change(
        held, state=EditionState.WITHDRAWN, withdrawn_by=desk.actor.person_id,
        reason=command.reason,
    )  # fmt: skip
    desk.about(after)
    return Answer(body=after, version=after.version)


def take_up(desk: Desk, edition: ListEdition) -> ListEdition:
    """Put a published text in the list's place; the text it replaces is kept with it."""
    current = desk.unit.maybe(MatterList, edition.list_id, lock=True)
    text = edition.text()
    text = msgspec.structs.replace(
        text, document_number=text.document_number or edition.document_number
    )
    if current is None:
        desk.unit.add(text)
    else:
        fields = {n: getattr(text, n) for n in text.__struct_fields__ if n not in _KEYS}
        desk.unit.change(current, **fields)
    former = desk.unit.find(ListEdition, list_id=edition.list_id, state=EditionState.IN_FORCE.value)
    for one in former:
        desk.unit.change(one, state=EditionState.SUPERSEDED, superseded_by=edition.id)
    return desk.unit.change(edition, state=EditionState.IN_FORCE, replaces=current)


def _movable(held: ListEdition, move: str) -> None:
    if held.state not in EDITION_MOVES[move]:
        raise Refusal(SETTLED, state=held.state.value)


def _open(desk: Desk, list_id: str) -> ListEdition | None:
    """The proposal of a list that waits for its second signature.

    Raises:
        Refusal: ``list.waiting`` where a published text waits for its day.
    """
    states = [EditionState.PROPOSED.value, EditionState.PUBLISHED.value]
    found = desk.unit.find(ListEdition, list_id=list_id, state=states)
    for one in found:
        if one.state is EditionState.PUBLISHED:
            raise Refusal(WAITING, list=list_id, effective_from=one.effective_from)
    return found[0] if found else None


def _check_base(list_id: str, current: MatterList | None, begun_from: int | None) -> None:
    """What was written over an older text would undo what came since."""
    if begun_from != (current.version if current is not None else None):
        raise Refusal(MOVED, list=list_id)


def _check_sound(desk: Desk, matters: MatterList) -> None:
    wrong = [p for p in problems_of(desk, matters) if p.severity == "error"]
    if wrong:
        raise Refusal(UNSOUND, count=len(wrong), first=wrong[0].zh, first_en=wrong[0].en,
                      problems=msgspec.to_builtins(wrong[:_TOLD]))  # fmt: skip


def problems_of(desk: Desk, matters: MatterList) -> list[Problem]:
    """Everything wrong with a text, beside the lists that stand with it today."""
    others, named = desk.office.rulebooks.lists(desk.unit.county), list[str]()
    with suppress(Refusal):  # no pack governs here yet: none names a list
        named = desk.rulebook(desk.today).overlay.list_ids()
    return check_text(matters, [one for one in others if one.id != matters.id], named)


def _check_day(desk: Desk, held: ListEdition, current: MatterList | None) -> None:
    """A text may not reach back where there was one before; two may not begin on one day."""
    others = desk.unit.find(
        ListEdition, list_id=held.list_id, state=[state.value for state in SIGNED]
    )
    day = held.effective_from
    if any(one.effective_from == day for one in others):
        raise Refusal(EFFECTIVE, effective_from=day, why="这张清单已有一版自同日施行",
                      why_en="another edition of this list begins that day")  # fmt: skip
    if (current is not None or others) and day < desk.today:
        raise Refusal(EFFECTIVE, effective_from=day, why="修订不得溯及既往",
                      why_en="a later text may not reach back")  # fmt: skip


def _check_papers(desk: Desk, id: str, number: str, document: str | None) -> None:
    missing = [] if number else ["文号 document_number"]
    if document is None:
        missing.append("红头文件 document_id")
    if missing:
        raise Refusal(PAPERS, missing="、".join(missing))
    found = desk.unit.maybe(Document, document or "")
    if found is None or (found.parent_kind, found.parent_id) != ("list_edition", id):
        raise Refusal(EVIDENCE, document=document)
