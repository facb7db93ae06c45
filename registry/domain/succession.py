"""交接与机构变动 who and what comes after whom: people who leave, bodies and places that change."""

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


class HandedItem(Wire, frozen=True, kw_only=True):
    """交接清单一项."""

    kind: str
    """Table of the record: request, task, delegation, notice, voucher …"""
    id: Ident
    title: str
    to_person_id: Ident


class Handover(Record, frozen=True, kw_only=True):
    """交接: everything one person held, in one act, in named hands; the account is frozen."""

    person_id: str
    reason: Leaving
    document_id: str | None = None
    items: list[HandedItem]
    posts_ended: list[str] = []
    frozen: bool
    done_by: str
    done_on: date


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
