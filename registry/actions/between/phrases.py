"""常用意见 wordings an office uses again and again: a person's own, or everybody's in the body."""

from typing import Annotated, Any

import msgspec

from registry.actions.office import HIDDEN, Answer, Desk
from registry.domain.approval import Ballot
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.phrase import Phrase
from registry.domain.records import Ident, Text, Wire

BLANK = declare("phrase.blank", RefusalKind.INVALID, "请写出意见文字", "A wording has words.")
NO_ACT = declare(
    "phrase.act", RefusalKind.INVALID, "没有这种办理事项：{act}", "No such act: {act}."
)


class PhraseCommand(Wire, frozen=True, kw_only=True):
    """常用意见 as it is kept."""

    organisation_id: Ident
    text: Text
    act: Annotated[str, msgspec.Meta(max_length=60)] = ""
    ballot: Ballot | None = None
    shared: bool = False
    """Everybody's in the body; only its head writes those."""
    active: bool = True


def keep(desk: Desk, command: PhraseCommand) -> Answer:
    """A new wording: one's own, or the body's."""
    desk.authorise(_act(command.shared), owners=[command.organisation_id])
    made = Phrase(
        county=desk.unit.county, id=desk.id("phr"), organisation_id=command.organisation_id,
        made_by=desk.actor.person_id, **_fields(desk, command),
    )  # fmt: skip
    desk.about(desk.unit.add(made))
    return Answer(body=made, version=made.version)


def amend(desk: Desk, phrase_id: str, version: int | None, command: PhraseCommand) -> Answer:
    """Another wording, or none any more (``active`` false): one's own only by oneself."""
    kept = desk.unit.get(Phrase, phrase_id, lock=True)
    desk.about(kept)
    if kept.person_id not in (None, desk.actor.person_id):
        raise Refusal(HIDDEN)
    shared = command.shared or kept.person_id is None
    desk.authorise(_act(shared), owners=[kept.organisation_id])
    if command.organisation_id != kept.organisation_id:
        raise Refusal(HIDDEN)
    desk.check_version(kept, version)
    changed = desk.unit.change(kept, **_fields(desk, command))
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def _act(shared: bool) -> str:
    return "phrase.share" if shared else "phrase.keep"


def _fields(desk: Desk, command: PhraseCommand) -> dict[str, Any]:
    if not command.text.strip():
        raise Refusal(BLANK)
    if command.act and command.act not in desk.office.access.acts:
        raise Refusal(NO_ACT, act=command.act)
    return {
        "person_id": None if command.shared else desk.actor.person_id, "act": command.act,
        "ballot": command.ballot, "text": command.text, "active": command.active,
    }  # fmt: skip
