"""到期的规则 what time does to rules: a pack takes another's place, an exception nears its end or ends.

Nothing here changes an answer: verdicts go by dates. It writes down, once each, what the dates have
brought about, so that a person sees it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from registry.actions.office import Answer, Desk, Office
from registry.domain.audit import Finding
from registry.domain.errors import Refusal
from registry.domain.pack import PackState, PublishedPack
from registry.domain.waiver import Waiver
from registry.policies.pack import Identity
from registry.store.waivers import ending, uses

Effect = Callable[[Desk], Answer]


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """What the day brings about in one jurisdiction's rules."""
    yield from _superseded(office, county, today)
    yield from _reviews(office, county, today)
    with office.store.reader.connect() as connection:
        waivers = ending(connection, county)
        counted = uses(connection, county, [w.id for w in waivers])
    told = {f.id for f in office.store.reader.find(
        Finding, county, object_id=[w.id for w in waivers])} if waivers else set()  # fmt: skip
    for waiver in waivers:
        for code in _due(office, waiver, counted.get(waiver.id, 0), today):
            if _name(waiver, code) not in told:
                yield code, _finding(waiver, code)


def _superseded(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """The pack that took effect last ends those before it (``domain.pack.standing``)."""
    published = office.store.reader.find(PublishedPack, county, state=PackState.PUBLISHED.value)
    begun = sorted((p for p in published if p.effective_from <= today),
                   key=lambda p: (p.effective_from, p.id))  # fmt: skip
    for pack, successor in pairwise(begun):
        yield "superseded", _succeeds(pack.id, successor.id)


def _succeeds(id: str, successor: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(PublishedPack, id, lock=True)
        desk.about(held)
        after = desk.unit.change(held, state=PackState.SUPERSEDED, superseded_by=successor)
        return Answer(body=after.id)

    return verb


def _reviews(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """复审: a pack in force past the day it gives for its own review; it stays in force."""
    try:
        stack = office.rulebooks.of(county, today).overlay.packs
    except Refusal:
        return
    own = stack[0].document.pack
    if own.jurisdiction != county or own.review_on is None or today < own.review_on:
        return
    if office.store.reader.get(Finding, county, f"{own.id}.review") is None:
        yield "pack.review", _reviewable(own)


def _reviewable(own: Identity) -> Effect:
    def verb(desk: Desk) -> Answer:
        desk.about(desk.unit.get(PublishedPack, own.id))
        made = Finding(
            county=desk.unit.county, id=f"{own.id}.review", code="pack.review", object_kind="pack",
            object_id=own.id, opened_on=desk.today, detail=f"规则包已到复审日：{own.name}",
            detail_en=f"The day for reviewing this pack has come: {own.name_en}",
            facts={"review_on": str(own.review_on)},
        )  # fmt: skip
        return Answer(body=desk.unit.add(made).id)

    return verb


def _due(office: Office, waiver: Waiver, count: int, today: date) -> Iterator[str]:
    """Codes of what is to be told of an exception on a day."""
    if waiver.valid_to < today:
        yield "exception.expired"
        if not count:
            yield "exception.unused"
    elif waiver.stands(today) and _near(office, waiver, today):
        yield "exception.expiring"


def _near(office: Office, waiver: Waiver, today: date) -> bool:
    """Within the notice that the county's pack gives; without one it is told on the last day."""
    try:
        book = office.rulebooks.of(waiver.county, today)
    except Refusal:
        return False
    rule = book.overlay.setting(lambda d: d.exceptions)
    last = today if rule is None else book.calendar.due(rule.notice, today)[0]
    return waiver.valid_to <= last


_TOLD = {
    "exception.expiring": ("例外即将到期", "An exception is near its end."),
    "exception.expired": ("例外已到期，不再适用", "An exception has ended and is honoured no more."),
    "exception.unused": (
        "例外到期前从未改变任何预审意见", "An exception ended without having changed any verdict."
    ),
}  # fmt: skip


def _finding(waiver: Waiver, code: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        desk.about(waiver)
        zh, en = _TOLD[code]
        made = Finding(
            county=waiver.county, id=_name(waiver, code), code=code, object_kind="exception",
            object_id=waiver.id, opened_on=desk.today, detail=f"{zh}：{waiver.document_number}",
            detail_en=en, facts={"valid_to": waiver.valid_to.isoformat()},
        )  # fmt: skip
        return Answer(body=desk.unit.add(made).id)

    return verb


def _name(waiver: Waiver, code: str) -> str:
    return f"{waiver.id}.{code.rpartition('.')[2]}"
