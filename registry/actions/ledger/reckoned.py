"""测算书 how every funding line of a request was reckoned, and what of it each community gets.

Words and figures stand beside the amount, so that anybody may reckon it again by hand (E11).
"""

from typing import NamedTuple

from registry.actions.entering import sharing
from registry.actions.granting import admitted, reached
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import one
from registry.actions.seeing import scopes
from registry.domain.formula import Rounding
from registry.domain.funding import FundingLine
from registry.domain.presence import Presence
from registry.domain.reckoning import reckon, yuan
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.domain.shares import figures_of, shares_of
from registry.domain.vocabulary import FundingMode
from registry.store.reader import Page

READ = "presence.read"


class Part(Wire, frozen=True, kw_only=True):
    """一个社区的份额."""

    area_id: str
    code: str
    name: str
    presence_id: str = ""
    """Empty before it is admitted."""
    figure: int | None = None
    """Its own quantity; ``None`` = the formula does not tell communities apart."""
    share_fen: int


class ReckonedLine(Wire, frozen=True, kw_only=True):
    """一条经费项的测算, as it is granted, or as it is asked for while nothing is."""

    key: str
    mode: FundingMode
    payer_id: str
    fiscal_year: int
    amount_fen: int
    amount: str
    """In 元, with two decimals."""
    basis: str
    words_zh: str = ""
    """Empty = no formula was kept."""
    words_en: str = ""
    reckoned_fen: int | None = None
    rounding: Rounding | None = None
    paid_out: bool
    """Whether it brings communities money."""
    shares: list[Part] = []
    """Of the communities that the reader may see, by code."""


class Reckoning(Wire, frozen=True, kw_only=True):
    """测算书."""

    request_id: str
    total_fen: int
    paid_out_fen: int
    lines: list[ReckonedLine]


class _Door(NamedTuple):
    """A presence, or before there is one the place where it would be."""

    area_id: str
    presence_id: str


def of_request(office: Office, call: Call, id: str) -> Reckoning:
    """How the money of a request is reckoned, for whoever may read the request.

    Raises:
        Refusal: ``access.hidden``.
    """
    named = None if call.county == call.actor.county else call.county
    request = one(office, call.actor, Request, id, county=named)
    found: Reckoning = office.ask(call, lambda d: Answer(body=_reckoned(d, request))).body
    return found


def _reckoned(desk: Desk, request: Request) -> Reckoning:
    filing = admitted(desk, request)
    every = desk.unit.find(Presence, request_id=request.id)
    doors = [_Door(p.area_id, p.id) for p in sharing(every)]
    if not doors:
        doors = [_Door(area.id, "") for _, area in reached(desk, filing)]
    told = _told(desk, request.id, len(every))
    lines = [_line(desk, line, doors, told) for line in filing.funding]
    return Reckoning(
        request_id=request.id, lines=lines, total_fen=sum(line.amount_fen for line in lines),
        paid_out_fen=sum(line.amount_fen for line in lines if line.paid_out),
    )  # fmt: skip


def _told(desk: Desk, request_id: str, count: int) -> set[str]:
    """Whose share is told: what another community gets is for those to see who may read its
    matters; what is only asked for, for whoever reads the request."""
    within = scopes(desk.office, desk.actor, READ, desk.unit.county)
    rows = desk.office.store.reader.page(
        Presence, within, {"request_id": request_id}, Page(after=None, limit=count + 1)
    )
    return {"", *(row.id for row in rows)}


def _line(desk: Desk, line: FundingLine, doors: list[_Door], told: set[str]) -> ReckonedLine:
    found = reckon(line.formula) if line.formula is not None else None
    return ReckonedLine(
        key=line.key, mode=line.mode, payer_id=line.payer_id or "", fiscal_year=line.fiscal_year,
        amount_fen=line.amount_fen, amount=yuan(line.amount_fen), basis=line.basis,
        words_zh=found.words_zh if found else "", words_en=found.words_en if found else "",
        reckoned_fen=found.amount_fen if found else None,
        rounding=found.rounding if found else None, paid_out=line.paid_out,
        shares=_parts(desk, line, doors, told) if line.paid_out and doors else [],
    )  # fmt: skip


def _parts(desk: Desk, line: FundingLine, doors: list[_Door], told: set[str]) -> list[Part]:
    figures = figures_of(line)
    areas = desk.places.areas([door.area_id for door in doors], desk.today)
    shares = shares_of(line, [door.area_id for door in doors])
    parts = [
        Part(
            area_id=area.id, code=area.code, name=area.name, presence_id=door.presence_id,
            figure=figures.get(area.id) if figures else None, share_fen=share,
        )
        for door, area, share in zip(doors, areas, shares, strict=True)
        if door.presence_id in told
    ]  # fmt: skip
    return sorted(parts, key=lambda part: (part.code, part.presence_id))
