"""牌子、上墙与工作机构 what hangs on a community's walls and who sits behind it (M6, P33)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.domain.records import Count, Fen, Record
from registry.domain.vocabulary import Outcome

Place = Literal["outside_door", "over_door", "inside", "wall", "other"]
Centimetres = Annotated[int, msgspec.Meta(ge=1, le=2000)]


class Origin(StrEnum):
    """来源: how a board or office came to be there."""

    ADMITTED = "admitted"
    LEGACY = "legacy"
    """存量: there before the registry."""
    UNADMITTED = "unadmitted"
    """未经准入 after it."""


class Form(StrEnum):
    """形式 (P33: rules on the wall are a class of their own)."""

    SIGNBOARD = "signboard"
    WALL_NOTICE = "wall_notice"


class WallState(StrEnum):
    """现状."""

    STANDING = "standing"
    """在用."""
    ORDERED = "ordered"
    """已通知清理."""
    DISPUTED = "disputed"
    """两方核实不一致."""
    REMOVED = "removed"
    """已清除, attested by community and street."""


HANGING = frozenset({WallState.STANDING, WallState.ORDERED, WallState.DISPUTED})
"""Still there, whatever was said of it."""


class Profile(StrEnum):
    """挂牌研判: what the rules in force say of what hangs there."""

    STANDS = "stands"
    """可以保留."""
    NEEDS_ADMISSION = "needs_admission"
    """须申报准入."""
    MUST_GO = "must_go"
    """应当清除."""
    ASK = "ask"
    """转人工研判."""


PROFILE_ZH: dict[Profile, str] = {
    Profile.STANDS: "可以保留",
    Profile.NEEDS_ADMISSION: "须申报准入",
    Profile.MUST_GO: "应当清除",
    Profile.ASK: "转人工研判",
}
_ORIGIN_ZH: dict[Origin, str] = {
    Origin.ADMITTED: "已准入",
    Origin.LEGACY: "存量",
    Origin.UNADMITTED: "尚无准入决定",
}
_PROFILE: dict[Outcome, Profile] = {
    Outcome.LISTED: Profile.STANDS,
    Outcome.EXEMPT: Profile.STANDS,
    Outcome.ALLOWED: Profile.STANDS,
    Outcome.NEEDS_APPROVAL: Profile.NEEDS_ADMISSION,
    Outcome.DISCRETIONARY: Profile.NEEDS_ADMISSION,
    Outcome.PURCHASE: Profile.NEEDS_ADMISSION,
    Outcome.REFUSED: Profile.MUST_GO,
    Outcome.HUMAN_REVIEW: Profile.ASK,
    Outcome.OUT_OF_SCOPE: Profile.ASK,
}


def profile_of(outcome: Outcome) -> Profile:
    """What an outcome of the table means for a board that hangs, or an office that sits, there."""
    return _PROFILE[outcome]


def said_of(origin: Origin, profile: Profile | None) -> str:
    """What a board or office is and what the rules said of it: what they let stay is told as that,
    whether or not anybody ever admitted it."""
    if origin is Origin.UNADMITTED and profile is Profile.STANDS:
        return "按规则可以保留"
    judged = PROFILE_ZH[profile] if profile is not None else "尚未研判"
    return f"{_ORIGIN_ZH[origin]}，{judged}"


class Board(Record, frozen=True, kw_only=True):
    """牌子、上墙制度牌: one board in one community."""

    organisation_id: str
    area_id: str
    area_path: str
    form: Form
    wording: str
    place: Place
    orientation: Literal["vertical", "horizontal"] | None = None
    width_cm: Centimetres | None = None
    height_cm: Centimetres | None = None
    maker: str = ""
    payer: str = ""
    """Who paid for it, as written; never asked for where nobody knows."""
    cost_fen: Fen | None = None
    department_id: str | None = None
    """Whose board it is."""
    since: date | None = None
    removed_on: date | None = None
    origin: Origin
    presence_id: str | None = None
    """The admitted, or existing, matter that it hangs for."""
    state: WallState = WallState.STANDING
    order_id: str | None = None
    verdict_id: str | None = None
    """What the profile of the pack says of it."""
    profile: Profile | None = None
    """What the rules said of it when it was last judged; ``None`` = not judged yet."""
    clauses: list[str] = []
    """The clauses that this rests on."""
    why: list[str] = []
    """What they say, and what can be done, in words."""
    recorded_on: date | None = None
    """The day it was written down here; ``None`` = brought in with what was there before."""
    row_key: str | None = None


class Bureau(Record, frozen=True, kw_only=True):
    """工作机构: 领导小组, 站, 室, 专班 set up in a community (P33)."""

    organisation_id: str
    area_id: str
    area_path: str
    name: str
    required_by: str = ""
    department_id: str | None = None
    basis: str = ""
    people: Count | None = None
    last_met_on: date | None = None
    meets: bool | None = None
    """Whether it still meets; ``None`` = not stated."""
    since: date | None = None
    removed_on: date | None = None
    origin: Origin
    presence_id: str | None = None
    state: WallState = WallState.STANDING
    order_id: str | None = None
    verdict_id: str | None = None
    profile: Profile | None = None
    """What the rules said of it when it was last judged; ``None`` = not judged yet."""
    clauses: list[str] = []
    """The clauses that this rests on."""
    why: list[str] = []
    """What they say, and what can be done, in words."""
    recorded_on: date | None = None
    """The day it was written down here; ``None`` = brought in with what was there before."""
    row_key: str | None = None


class OrderState(StrEnum):
    """清理进程."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class CleanupOrder(Record, frozen=True, kw_only=True):
    """牌子清理通知单: what must come down, by when, and why; it is open until all is attested."""

    number: str
    issuer_id: str
    """The body in whose name it goes out."""
    issuer_name: str
    person_id: str
    organisation_id: str
    """The community in which they hang."""
    area_path: str
    department_id: str | None = None
    """Whose they are: who must take them down at its own cost."""
    boards: list[str] = []
    bureaus: list[str] = []
    reason: str
    clauses: list[str] = []
    issued_on: date
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    state: OrderState = OrderState.OPEN
    done_on: date | None = None
    cancelled_on: date | None = None
    cancelled_why: str = ""


class WitnessSide(StrEnum):
    """核实方: both must say that it is gone."""

    COMMUNITY = "community"
    STREET = "street"


class Attestation(Record, frozen=True, kw_only=True):
    """清理核实: one side's word on one board or office; a photo is optional (P33)."""

    object_kind: Literal["board", "bureau"]
    object_id: str
    order_id: str | None = None
    organisation_id: str
    """Who attests."""
    area_path: str
    side: WitnessSide
    removed: bool
    seen_on: date
    person_id: str
    note: str = ""
    document_id: str | None = None
    told_by: str = ""
    """Whose word it is, where the street took it by telephone for the community (P9)."""
    superseded: bool = False
    """A later word of the same side took its place."""


def tails(wording: str, names: list[str]) -> list[str]:
    """牌子名称去掉地名: a board bears the place's name before its own. Every ending of its wording
    that is left when the beginnings of the names, from the county down, are taken off; the whole
    first."""
    starts = {0}
    for name in names:
        for at in sorted(starts):
            rest, length = wording[at:], 0
            while length < min(len(rest), len(name)) and rest[length] == name[length]:
                length += 1
            starts |= {at + n for n in range(1, length + 1)}
    return [wording[at:] for at in sorted(starts) if at < len(wording)]
