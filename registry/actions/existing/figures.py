"""存量清理前后对比 what there was, what the rules said of it, what became of it: apart from all that is
new (P11).

Sheets stand in their own order and communities are not compared (P9).
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.errors import Refusal
from registry.domain.existing import LegacyReview, Settlement, Sheet, Standing
from registry.domain.people import Actor
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Count, Ident, Wire

COUNTED = (
    "原有：存量登记表登记的；现有：至今未退出的（含保留备案）；研判、处置：各类件数；"
    "逾期：过了处置期限仍未处置的。补办准入、尚未批准的仍计入现有；准入后新增的一律不计入"
)
COUNTED_EN = (
    "before: brought in by sheets; now: not left since, those kept among them; judged and settled: "
    "how many of each; overdue: past their day and not settled. What is new is never counted here"
)


class FiguresQuery(Wire, frozen=True, kw_only=True):
    """对比条件."""

    area: Annotated[Ident | None, msgspec.Meta(description="id or code; default: all one sees")] = (
        None
    )


class OfSheet(Wire, frozen=True, kw_only=True):
    """一张登记表的数."""

    sheet: Sheet
    before: Count = 0
    now: Count = 0
    unjudged: Count = 0
    judged: dict[Standing, Count] = {}
    settled: dict[Settlement, Count] = {}
    unsettled: Count = 0
    """Judged, and waiting to be settled."""
    overdue: Count = 0


class ExistingFigures(Wire, frozen=True, kw_only=True):
    """存量清理前后对比, sheet by sheet."""

    sheets: list[OfSheet]
    before: Count
    now: Count
    counted: str = COUNTED
    counted_en: str = COUNTED_EN


def figures(office: Office, actor: Actor, area: str | None = None) -> ExistingFigures:
    """What is counted, for whoever may read what there was in an area.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    call = Call(actor=actor, county=actor.county, act="existing.read")
    return asked(office, call, FiguresQuery(area=area))


def asked(office: Office, call: Call, query: FiguresQuery) -> ExistingFigures:
    """The same for a question asked at the door."""
    found: ExistingFigures = office.ask(call, lambda desk: Answer(body=within(desk, query))).body
    return found


def within(desk: Desk, query: FiguresQuery) -> ExistingFigures:
    """The same within an act."""
    shown, reviews = _read(desk, query)
    sheets = [_of(sheet, shown, reviews) for sheet in Sheet]
    return ExistingFigures(
        sheets=sheets, before=sum(s.before for s in sheets), now=sum(s.now for s in sheets)
    )


def rows(office: Office, call: Call, query: FiguresQuery, cell: tuple[Sheet, str]) -> list[str]:
    """The matters that a figure of a sheet counts, by id.

    Args:
        cell: the sheet, and which of ``ROWS``.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    sheet, of = cell

    def ask(desk: Desk) -> Answer:
        told = _rows(sheet, *_read(desk, query))
        return Answer(body=sorted(one.id for one in told[of]))

    found: list[str] = office.ask(call, ask).body
    return found


def _read(desk: Desk, query: FiguresQuery) -> tuple[list[Presence], dict[str, LegacyReview]]:
    shown = _shown(desk, query)
    ids = {presence.id for presence in shown}
    return shown, {r.presence_id: r for r in desk.unit.find(LegacyReview) if r.presence_id in ids}


def _shown(desk: Desk, query: FiguresQuery) -> list[Presence]:
    seen = scopes(desk.office, desk.actor, "existing.read", desk.unit.county)
    if not seen:
        raise Refusal(NOT_READABLE)
    below = desk.places.area(query.area, desk.today).path if query.area else "/"
    whole = any(scope.whole for scope in seen)
    paths = tuple(scope.path for scope in seen if scope.path)
    own = {id for scope in seen for id in scope.organisations}

    def mine(one: Presence) -> bool:
        theirs = one.organisation_id in own or one.department_id in own
        return whole or theirs or (bool(paths) and one.area_path.startswith(paths))

    return [
        p for p in desk.unit.find(Presence, request_id=None)
        if p.legacy is not None and p.area_path.startswith(below) and mine(p)
    ]  # fmt: skip


def _rows(
    sheet: Sheet, shown: list[Presence], reviews: dict[str, LegacyReview]
) -> dict[str, list[Presence]]:
    """Who is counted in each figure that is no group."""
    there = [p for p in shown if p.legacy is not None and p.legacy.sheet is sheet]
    now = [p for p in there if p.state is PresenceState.LEGACY]
    waits = [p for p in there if p.id in reviews and reviews[p.id].settlement is None]
    return {
        "before": there, "now": now, "unjudged": [p for p in now if p.id not in reviews],
        "unsettled": waits, "overdue": [p for p in waits if reviews[p.id].overdue],
    }  # fmt: skip


def _of(sheet: Sheet, shown: list[Presence], reviews: dict[str, LegacyReview]) -> OfSheet:
    held = _rows(sheet, shown, reviews)
    found = [reviews[p.id] for p in held["before"] if p.id in reviews]
    return OfSheet(
        sheet=sheet,
        judged={s: n for s in Standing if (n := _many(r.standing is s for r in found))},
        settled={s: n for s in Settlement if (n := _many(r.settlement is s for r in found))},
        **{name: len(one) for name, one in held.items()},
    )


def _many(of: Iterable[bool]) -> int:
    return sum(of)


ROWS = ("before", "now", "unjudged", "unsettled", "overdue")
"""Figures of a sheet whose rows are told one by one."""
