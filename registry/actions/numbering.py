"""取号 the next number of a decision or another paper: taken for good, in its template's series."""

from registry.actions.office import Desk
from registry.domain.approval import DecisionKind
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.request import Request
from registry.domain.serial import Paper, Serial
from registry.policies.numbering import number_of, series_of, template_for, yearly

NO_NUMBERING = declare(
    "numbering.none", RefusalKind.INVALID, "规则包没有规定决定文号的编排",
    "The rule packs give no numbering for decisions.", recorded=True,
)  # fmt: skip

_FIRST = "decision"
"""The one series there was before a template had its own; the common template counts on in it."""


def take_number(
    desk: Desk, request: Request, body: Organisation, *, kind: DecisionKind, key: str
) -> str:
    """The next number of the series; once taken it is never given again.

    Args:
        key: the pack's key of the body, for a template of its own.

    Raises:
        Refusal: ``numbering.none``.
    """
    numbering = desk.rulebook().overlay.setting(lambda d: d.numbering)
    if numbering is None:
        raise Refusal(NO_NUMBERING)
    template = template_for(numbering, kind, key)
    first = _FIRST if template == numbering.decision else ""
    return _next(desk, template, body, object_id=request.id, first=first)


def take_paper_number(desk: Desk, paper: Paper, body: Organisation, *, object_id: str) -> str:
    """The next number of a paper that is no decision; empty where the packs give it none.

    Args:
        object_id: the record that is numbered.
    """
    numbering = desk.rulebook().overlay.setting(lambda d: d.numbering)
    template = numbering.of.get(paper.value, "") if numbering is not None else ""
    return _next(desk, template, body, object_id=object_id) if template else ""


def _next(desk: Desk, template: str, body: Organisation, *, object_id: str, first: str = "") -> str:
    """The next number of a template's series; ``first`` = a series that it counts on in."""
    filled = {"area": desk.places.home(body).name, "body": body.name}
    series, year = series_of(template, **filled), desk.today.year if yearly(template) else 0
    before = desk.unit.largest(Serial, "serial", series=first, year=year) if first else 0
    # Whoever takes a number waits at the series' first one, so that none is fought over.
    desk.unit.maybe(Serial, f"{series}.{year}.{before + 1}", lock=True)
    serial = max(before, desk.unit.largest(Serial, "serial", series=series, year=year)) + 1
    number = number_of(template, year=desk.today.year, serial=serial, **filled)
    desk.unit.add(
        Serial(county=desk.unit.county, id=f"{series}.{year}.{serial}", series=series,
               year=year, serial=serial, number=number, object_id=object_id)
    )  # fmt: skip
    return number
