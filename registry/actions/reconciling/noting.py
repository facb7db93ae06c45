"""未登记事项 a community says in one line what it is asked to do and finds no admission for (P22)."""

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk
from registry.actions.reconciling.doubts import UNREGISTERED_WORK
from registry.domain.bank import NoteCommand
from registry.domain.people import Organisation
from registry.domain.records import Wire

ACT = "unregistered.note"


class Noted(Wire, frozen=True, kw_only=True):
    """未登记事项 as it was kept."""

    id: str
    code: str
    organisation_id: str
    text: str


def note(desk: Desk, command: NoteCommand) -> Answer:
    """反映未登记事项. It lies with the office that manages admission and the auditors; those who
    ask for the work do not read who said so."""
    post = desk.authorise(ACT, owners=[p.organisation_id for p in desk.actor.posts])
    body = desk.unit.get(Organisation, post.organisation_id)
    # Of the whole county: the street above and departments read findings of their ground.
    path = desk.places.county().path
    seen = Seen(UNREGISTERED_WORK, desk.id("fnd"), body.id, body.id, path, _facts(command))
    kept = keeping.tell(desk, seen)
    desk.about(kept)
    told = Noted(id=kept.id, code=kept.code, organisation_id=body.id, text=command.text)
    return Answer(body=told, version=kept.version)


def _facts(command: NoteCommand) -> dict[str, str | int]:
    told: dict[str, str | int | None] = {
        "text": command.text, "kind": command.kind, "asked_by": command.asked_by or None,
        "amount_fen": command.amount_fen,
        "since": command.since.isoformat() if command.since else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
