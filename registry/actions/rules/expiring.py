"""文件失效 (P35): who rests on an instrument that nears its end, or has ended, is told before and on
the day, once each: packs and lists by their document number, live requests by their bases.
"""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.cases import LAPSED, LAPSING
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.places import above
from registry.actions.rules.instruments import registered
from registry.domain.audit import Finding
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal
from registry.domain.instrument import Instrument
from registry.domain.pack import PackState, PublishedPack
from registry.domain.records import Record
from registry.domain.request import Request
from registry.policies.measuring.registered import instrument_rule, numbers
from registry.store.counting import resting_on

Effect = Callable[[Desk], Answer]
_DOUBTS = {doubt.code: doubt for doubt in (LAPSING, LAPSED)}


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """One effect for each instrument that comes near its end, and one for each that ends."""
    there = [
        one for code in above(county)
        for one in office.store.reader.find(Instrument, code, before=("lapses_on", date.max))
    ]  # fmt: skip
    if not there:
        return
    told = {
        finding.id for finding in office.store.reader.find(
            Finding, county, object_kind="instrument", object_id=[one.id for one in there])
    }  # fmt: skip
    horizon = _horizon(office, county, today)
    for one in there:
        code = _due(one, today, horizon)
        if code and _name(one, one, code) not in told:
            yield code, _telling(one, code)


def flag_bases(desk: Desk, request: Request) -> None:
    """A request filed within the notice is told as those are that were there before it."""
    horizon = _horizon(desk.office, desk.unit.county, desk.today)
    for one in registered(desk, numbers(request.filing)).values():
        code = _due(one, desk.today, horizon)
        if code and desk.unit.maybe(Finding, _name(request, one, code)) is None:
            keeping.tell(desk, _seen(one, code, request))


def _horizon(office: Office, county: str, today: date) -> date:
    """The last day that lies within the notice the county's pack gives; without one, today."""
    try:
        book = office.rulebooks.of(county, today)
    except Refusal:
        return today
    rule = instrument_rule(book.overlay)
    return today if rule is None else book.calendar.due(rule.notice, today)[0]


def _due(one: Instrument, today: date, horizon: date) -> str:
    """Which of the two is to be told of an instrument on a day; nothing before its time."""
    if one.lapses_on is None or one.lapses_on > horizon:
        return ""
    return (LAPSED if one.lapses_on <= today else LAPSING).code


def _telling(one: Instrument, code: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        desk.about(one)
        found = [_seen(one, code, rests) for rests in (one, *_resting(desk, one))]
        for seen in found:
            if desk.unit.maybe(Finding, seen.id) is None:
                keeping.tell(desk, seen)
        return Answer(body=len(found))

    return verb


def _resting(desk: Desk, one: Instrument) -> Iterator[Record]:
    """Packs, lists and live requests of this jurisdiction that rest on the instrument."""
    number, unit = one.document_number, desk.unit
    packs = unit.find(PublishedPack, state=PackState.PUBLISHED.value)
    yield from (pack for pack in packs if pack.document_number == number)
    yield from (held for held in unit.find(MatterList) if held.document_number == number)
    ids = resting_on(unit.connection, unit.county, number)
    requests = unit.find(Request, id=ids) if ids else []
    yield from (request for request in requests if number in numbers(request.filing))


_KINDS: dict[type[Record], str] = {
    Instrument: "instrument", PublishedPack: "pack", MatterList: "list", Request: "request",
}  # fmt: skip


def _name(rests: Record, one: Instrument, code: str) -> str:
    """An instrument whose end is put off is told of anew when the new day comes near."""
    end = f"{one.id}.{one.lapses_on}.{code.rpartition('.')[2]}"
    return end if rests is one else f"{rests.id}.{end}"


def _seen(one: Instrument, code: str, rests: Record) -> Seen:
    day = one.lapses_on.isoformat() if one.lapses_on else ""
    asked = rests.applicant_id if isinstance(rests, Request) else None
    return Seen(
        _DOUBTS[code], _name(rests, one, code), rests.id, asked,
        facts={"number": one.document_number, "lapses_on": day},
        evidence={"instruments": [one.id]}, kind=_KINDS[type(rests)],
    )  # fmt: skip
