"""暂存 forms that somebody put aside half filled: their own, read by nobody else, no business."""

from typing import Annotated

import msgspec

from registry.actions.office import Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor
from registry.domain.records import Wire
from registry.store.seats import Draft as Draft  # noqa: PLC0414 - what is kept
from registry.store.seats import Seats, drafts

MOST = 50
"""Forms one person may have put aside."""
TOO_MANY = declare(
    "form_draft.too_many", RefusalKind.CONFLICT, "暂存的表单已有 {most} 份，请先办理或者删除一些",
    "{most} forms are put aside already; hand in or delete some first.",
)  # fmt: skip


class Kept(Wire, frozen=True, kw_only=True):
    """暂存内容."""

    id: str | None = None
    """Of what was put aside before; ``None`` = a new one."""
    form: Annotated[str, msgspec.Meta(max_length=500)]
    title: Annotated[str, msgspec.Meta(max_length=200)]
    fields: list[tuple[str, str]]


def put_aside(office: Office, actor: Actor, kept: Kept) -> str:
    """Keep it; answers its id.

    Raises:
        Refusal: ``form_draft.too_many``.
    """
    now = office.clock()
    before = of(office, actor)
    known = {one.id for one in before}
    id = kept.id if kept.id in known else office.source.identifier("fd", now)
    if id not in known and len(known) >= MOST:
        raise Refusal(TOO_MANY, most=MOST)
    draft = Draft(
        id=id, form=kept.form, title=kept.title, saved_at=now,
        body=msgspec.json.encode(kept.fields).decode(),
    )  # fmt: skip
    office.store.writer.submit(
        actor.county,
        lambda unit: Seats(unit.connection, actor.county).put_aside(actor.person_id, draft),
    ).result()
    return id


def of(office: Office, actor: Actor) -> list[Draft]:
    """What the person has put aside, the latest first."""
    with office.store.reader.connect() as connection:
        return drafts(connection, actor.county, actor.person_id)


def fields(draft: Draft) -> list[tuple[str, str]]:
    """What was typed."""
    return msgspec.json.decode(draft.body, type=list[tuple[str, str]])


def drop(office: Office, actor: Actor, id: str) -> None:
    """Forget one."""
    office.store.writer.submit(
        actor.county,
        lambda unit: Seats(unit.connection, actor.county).drop_draft(actor.person_id, id),
    ).result()
