"""交接与机构变动 who and what comes after whom: people who leave, bodies and places that change."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from registry.domain.records import Ident, Line, Record, Wire


class Leaving(StrEnum):
    """交接事由 (P16)."""

    LEFT = "left"
    """离职、退休."""
    MOVED = "moved"
    """调任."""
    ELECTION = "election"
    """换届."""
    LONG_LEAVE = "long_leave"
    """长期离岗."""


LEAVING_ZH: dict[Leaving, str] = {
    Leaving.LEFT: "离职、退休",
    Leaving.MOVED: "调任",
    Leaving.ELECTION: "换届",
    Leaving.LONG_LEAVE: "长期离岗",
}


class Handing(StrEnum):
    """交接方式."""

    HANDED = "handed"
    """移交: the receiver has it from then on."""
    FOLLOWED = "followed"
    """跟进: the paper keeps the name of who made it; the receiver sees to it."""
    ENDED = "ended"
    """终止: it ends with the handover."""


HANDING_ZH: dict[Handing, str] = {
    Handing.HANDED: "移交",
    Handing.FOLLOWED: "跟进",
    Handing.ENDED: "终止",
}


class HandedItem(Wire, frozen=True, kw_only=True):
    """交接清单一项."""

    kind: str
    """Table of the record: request, task, delegation, notice, voucher …"""
    id: Ident
    title: str
    organisation_id: str | None = None
    how: Handing = Handing.HANDED
    to_person_id: Ident | None = None
    """Absent where it ends."""


class HandoverPlan(Wire, frozen=True, kw_only=True):
    """交接预案: everything a person holds, before anything is done."""

    person_id: str
    person_name: str
    posts: list[HandedItem]
    """任职 that would end."""
    items: list[HandedItem]


class Handover(Record, frozen=True, kw_only=True):
    """交接: everything one person held, in one act, in named hands; the account is frozen."""

    person_id: str
    person_name: str = ""
    organisation_id: str | None = None
    """Where the person's first post was; who may read it is told by that."""
    organisations: list[str] = []
    """Every organisation whose things were handed over."""
    reason: Leaving
    document_id: str | None = None
    items: list[HandedItem]
    posts_ended: list[str] = []
    frozen: bool
    done_by: str
    done_on: date
    number: str = ""
    """编号 of the 交接清单, where the packs give it one."""


class ChangeKind(StrEnum):
    """机构变动种类 (P15)."""

    RENAME = "rename"
    """更名."""
    MERGE = "merge"
    """合并."""
    SPLIT = "split"
    """拆分."""
    TRANSFER = "transfer"
    """职责划转."""
    VILLAGE_TO_COMMUNITY = "village_to_community"
    """撤村改居."""


class Reorganisation(Record, frozen=True, kw_only=True):
    """机构变动: what an approving document changes, carried out in one act on its day."""

    kind: ChangeKind
    object_kind: str
    """``organisation`` or ``area``."""
    sources: list[str]
    successors: list[str]
    document_number: str
    document_title: Line
    document_id: str | None = None
    effective_on: date
    plan_digest: str
    """SHA-256 of the plan that was shown before: what was carried out is what was seen."""
    moved: dict[str, int] = {}
    """How many records of each table were given a successor."""
    done_by: str
    done_on: date


class Succession(Record, frozen=True, kw_only=True):
    """承继: one body, place, person or record, and who has it from a day on."""

    reorganisation_id: str
    object_kind: str
    object_id: str
    successor_id: str
    """The same id where only the name or the class changes."""
    effective_on: date
    was: str = ""
    """What it was called before; old papers go on saying so."""
    becomes: str = ""
    path: str = ""
    """Of a place: its path in the tree until then, under which what had ended by then stays."""
    acts: bool = True
    """Whether the successor acts on what had ended before; of several halves, one may only read."""


class Effect(StrEnum):
    """承继方式."""

    MOVES = "moves"
    """归承继者: the record names the successor from then on."""
    FOLLOWS = "follows"
    """随案走: it stays as it is, and goes with the case it belongs to."""
    KEPT = "kept"
    """原文不动: an issued text keeps its words; its owner issues a new one."""
    PERSON = "person"
    """待人工判断: a finding is opened, and a person decides."""


class Inheritance(Wire, frozen=True, kw_only=True):
    """承继一项: one record and who has it afterwards; ``to_id`` empty = nobody was named yet."""

    kind: str
    """Table of the record, or ``function``, ``list_item``."""
    id: str
    title: str
    from_id: str
    to_id: str
    effect: Effect = Effect.MOVES


class ReorganisationPlan(Wire, frozen=True, kw_only=True):
    """变动预案: what a reorganisation would come to, and the digest by which it is carried out."""

    kind: ChangeKind
    object_kind: str
    effective_on: date
    names: dict[str, str]
    """Id → name of every source and successor."""
    items: list[Inheritance]
    counts: dict[str, int]
    unassigned: list[str]
    """Ids for which no successor is named yet: nothing is carried out while there are any."""
    later: list[str]
    """What registers that are not kept yet would add."""
    digest: str


def name_then(changes: Iterable[Succession], now: str, on: date) -> str:
    """当日名称: what a body or place was called on a day, from its renamings and its name now."""
    later = sorted(
        (c for c in changes if c.was and c.object_id == c.successor_id and c.effective_on > on),
        key=lambda c: (c.effective_on, c.id),
    )
    return later[0].was if later else now
