"""取号 the next number of a decision: taken for good, in the series of the template that made it."""

from registry.actions.office import Desk
from registry.domain.approval import DecisionKind
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.request import Request
from registry.domain.serial import Serial
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
    filled = {"area": desk.places.home(body).name, "body": body.name}
    series, year = series_of(template, **filled), desk.today.year if yearly(template) else 0
    common = template == numbering.decision
    before = desk.unit.largest(Serial, "serial", series=_FIRST, year=year) if common else 0
    # Whoever takes a number waits at the series' first one, so that none is fought over.
    desk.unit.maybe(Serial, f"{series}.{year}.{before + 1}", lock=True)
    serial = max(before, desk.unit.largest(Serial, "serial", series=series, year=year)) + 1
    number = number_of(template, year=desk.today.year, serial=serial, **filled)
    desk.unit.add(
        Serial(county=desk.unit.county, id=f"{series}.{year}.{serial}", series=series,
               year=year, serial=serial, number=number, object_id=request.id)
    )  # fmt: skip
    return number
