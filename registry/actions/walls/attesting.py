"""清理核实 the word of the community and of the street on whether a board or an office is gone (P33).

Both say so, each for itself; a photograph may be handed in and never must. Where one saw it after
the other had seen it gone, that is for a person to settle, and a later word takes the earlier one's
place.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from registry.actions import evidence
from registry.actions.doubting import keeping
from registry.actions.doubting.communities import DISPUTED
from registry.actions.existing.gone import back_with, end_with
from registry.actions.living.departing import boards_down
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.ties import Found, acting
from registry.actions.walls.closing import agreed, close_if_done, order_over
from registry.actions.walls.profiling import Wall
from registry.actions.walls.recording import Short, not_to_come
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import PostView
from registry.domain.records import Ident, Wire
from registry.domain.walls import (
    Attestation,
    Board,
    Bureau,
    CleanupOrder,
    WallState,
    WitnessSide,
)

OLDER = declare(
    "attest.older", RefusalKind.CONFLICT, "本方已于 {day} 核实过；请写明不早于该日的查看日期",
    "Your side has attested as of {day} already; give a day that is not before it.", recorded=True,
)  # fmt: skip

Seen = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class AttestCommand(Wire, frozen=True, kw_only=True):
    """核实: whether it is gone, and the day it was looked at."""

    removed: bool
    seen_on: date
    note: Seen = ""
    document_id: Ident | None = None
    told_by: Annotated[
        Short, msgspec.Meta(description="whose word of the community the street took by telephone")
    ] = ""


def attest_board(desk: Desk, id: str, version: int | None, command: AttestCommand) -> Answer:
    """核实牌子."""
    return _attested(desk, desk.unit.get(Board, id, lock=True), version, command)


def attest_bureau(desk: Desk, id: str, version: int | None, command: AttestCommand) -> Answer:
    """核实工作机构."""
    return _attested(desk, desk.unit.get(Bureau, id, lock=True), version, command)


def _attested(
    desk: Desk, wall: Board | Bureau, version: int | None, command: AttestCommand
) -> Answer:
    kind: Literal["board", "bureau"] = "board" if isinstance(wall, Board) else "bureau"
    desk.about(wall)
    given = [a for a in desk.unit.find(Attestation, object_id=wall.id) if not a.superseded]
    post = desk.authorise(
        f"{kind}.attest", owners=[wall.organisation_id], paths=[wall.area_path],
        ties=_across(desk, wall, command, given),
    )  # fmt: skip
    desk.check_version(wall, version)
    not_to_come(desk, command.seen_on)
    evidence.check(desk, [command.document_id], wall.id, wall.order_id, wall.presence_id)
    side = _side(wall, post, command)
    for earlier in (a for a in given if a.side is side):
        if earlier.seen_on > command.seen_on:
            raise Refusal(OLDER, day=earlier.seen_on.isoformat())
        desk.unit.change(earlier, superseded=True)
    own = side is WitnessSide.COMMUNITY
    word = desk.unit.add(
        Attestation(
            county=desk.unit.county, id=desk.id("att"), object_kind=kind, object_id=wall.id,
            order_id=wall.order_id, area_path=wall.area_path, side=side,
            organisation_id=wall.organisation_id if own else post.organisation_id,
            person_id=desk.actor.person_id, **msgspec.structs.asdict(command),
        )
    )  # fmt: skip
    after = _weigh(desk, wall, [word, *(a for a in given if a.side is not side)])
    desk.about(after)
    return Answer(body=after, version=after.version)


def _across(
    desk: Desk, wall: Board | Bureau, command: AttestCommand, given: list[Attestation]
) -> Found:
    """Nobody gives the word of both sides, by whatever post or over whatever telephone."""

    def found(post: PostView) -> list[str]:
        side = _side(wall, post, command)
        across = {a.person_id for a in given if a.side is not side}
        both = ["signed"] if across & acting(desk, post) else []
        # Whose board it is takes no word of the community's over the telephone.
        told = command.told_by.strip() and post.organisation_id != wall.organisation_id
        return [
            *both,
            *(["applicant"] if told and post.organisation_id == wall.department_id else []),
        ]

    return found


def _side(wall: Board | Bureau, post: PostView, command: AttestCommand) -> WitnessSide:
    own = post.organisation_id == wall.organisation_id or bool(command.told_by.strip())
    return WitnessSide.COMMUNITY if own else WitnessSide.STREET


def _weigh(desk: Desk, wall: Wall, words: list[Attestation]) -> Wall:
    """What the words that stand come to: gone where both saw it gone; disputed where one saw it on
    or after the day on which the other saw it gone; else as it was, until the other side speaks."""
    gone = [a.seen_on for a in words if a.removed]
    there = [a.seen_on for a in words if not a.removed]
    if gone and there:
        apart = max(there) >= min(gone)
        return _against(desk, wall, words) if apart else desk.unit.change(wall)
    if len(gone) == len(WitnessSide):
        return _down(desk, wall, max(gone))
    if len(there) == len(WitnessSide) or (there and wall.state is WallState.DISPUTED):
        open_ = order_over(desk, wall) is not None
        state = WallState.ORDERED if open_ else WallState.STANDING
        back_with(desk, wall)
        return _agreed(desk, wall, state=state, removed_on=None)
    return desk.unit.change(wall)


def _down(desk: Desk, wall: Wall, on: date) -> Wall:
    after = _agreed(desk, wall, state=WallState.REMOVED, removed_on=on)
    if after.order_id is not None:
        close_if_done(desk, desk.unit.get(CleanupOrder, after.order_id, lock=True))
    if after.presence_id is not None:
        boards_down(desk, after.presence_id, on)
    end_with(desk, after)
    return after


def _against(desk: Desk, wall: Wall, words: list[Attestation]) -> Wall:
    """两方核实不一致: both sides are told and look again; nobody is late or right by that, and an
    order on it stays open."""
    keeping.tell(desk, keeping.Seen(
        DISPUTED, f"{wall.id}.disputed", wall.id, wall.organisation_id, wall.area_path,
        kind="board" if isinstance(wall, Board) else "bureau",
    ))  # fmt: skip
    back_with(desk, wall)
    after = desk.unit.change(wall, state=WallState.DISPUTED, removed_on=None)
    if wall.state is not WallState.DISPUTED:
        _tell_both(desk, after, words)
    return after


def _tell_both(desk: Desk, wall: Wall, words: list[Attestation]) -> None:
    """Those who gave their word, and the heads of both sides: never the department, which has
    nothing to answer for before they agree."""
    name = wall.wording if isinstance(wall, Board) else wall.name
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"社区和街道（乡镇）核实不一致，请再次查看：{name}",
        text_en=f"The community and the street do not agree whether it is gone, look again: {name}",
    )  # fmt: skip
    people = [word.person_id for word in words]
    people += [head for word in words for head in heads(desk, word.organisation_id)]
    tell(desk, people, message, wall)


def _agreed(desk: Desk, wall: Wall, **fields: Any) -> Wall:
    agreed(desk, wall)
    return desk.unit.change(wall, **fields)
