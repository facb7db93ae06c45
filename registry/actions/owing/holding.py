"""滞留说明 a street says why it has not passed on what it received, for whom, until when (E6, E7)."""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.ledger.posting import lines_of
from registry.actions.office import Answer, Desk
from registry.actions.owing.held import at_street, open_holds, place_of
from registry.domain.closing import Hold
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Year
from registry.domain.presence import Presence, admission_of
from registry.domain.reckoning import yuan
from registry.domain.records import Ident, PositiveFen, Wire
from registry.domain.request import Request

EXCEEDS = declare(
    "hold.exceeds", RefusalKind.INVALID,
    "街道代管中未说明的只有 {left}，不足 {asked}（E7 代管数等于各社区各事项之和）",
    "Of what lies at the street only {left} is without a reason, less than {asked} (E7).",
    recorded=True,
)  # fmt: skip
RELEASED = declare(
    "hold.released", RefusalKind.CONFLICT, "该滞留说明已经结束", "It has ended already.",
    recorded=True,
)  # fmt: skip


class HoldCommand(Wire, frozen=True, kw_only=True):
    """滞留说明."""

    presence_id: Ident
    funding_key: Ident
    year: Year
    amount_fen: PositiveFen
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    until: date | None = None
    document_id: Ident | None = None


def record(desk: Desk, command: HoldCommand) -> Answer:
    """登记滞留说明: by the street that holds it, of no more than lies there untold."""
    request_id = admission_of(desk.unit.get(Presence, command.presence_id))
    desk.unit.get(Request, request_id, lock=True)
    presence = desk.unit.get(Presence, command.presence_id, lock=True)
    desk.about(presence)
    post = desk.authorise("hold.record", paths=[presence.area_path])
    evidence.check(desk, [command.document_id], presence.id, request_id)
    place = (presence.id, command.funding_key, command.year)
    known = sum(h.amount_fen for h in open_holds(desk, [presence.id]) if place_of(h) == place)
    left = at_street(lines_of(desk, [presence.id])).get(place, 0) - known
    if command.amount_fen > left:
        left = max(left, 0)
        raise Refusal(EXCEEDS, left=yuan(left), asked=yuan(command.amount_fen), left_fen=left,
                      asked_fen=command.amount_fen, invariant="E7")  # fmt: skip
    kept = desk.unit.add(
        Hold(
            county=desk.unit.county, id=desk.id("hld"), request_id=request_id,
            area_path=presence.area_path, organisation_id=post.organisation_id,
            since=desk.today, recorded_by=desk.actor.person_id,
            **msgspec.structs.asdict(command),
        )
    )  # fmt: skip
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def release(desk: Desk, id: str, version: int | None) -> Answer:
    """结束滞留说明: the reason stands no more; what lies there is to be passed on."""
    held = desk.unit.get(Hold, id, lock=True)
    desk.about(held)
    desk.authorise("hold.release", owners=[held.organisation_id], paths=[held.area_path])
    if held.released_on is not None:
        raise Refusal(RELEASED)
    desk.check_version(held, version)
    after = desk.unit.change(held, released_on=desk.today)
    desk.about(after)
    return Answer(body=after, version=after.version)
