"""到期的规则 what time does to rules: a pack or the text of a list takes another's place, an exception
nears its end or ends.

Nothing here changes an answer: verdicts go by dates. It writes down, once each, what the dates have
brought about, so that a person sees it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from registry.actions.doubting import keeping
from registry.actions.doubting.cases import EXPIRED, EXPIRING, PACK_REVIEW, UNUSED
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.rules import editions
from registry.domain.audit import Finding
from registry.domain.edition import EditionState, ListEdition
from registry.domain.errors import Refusal
from registry.domain.pack import PackState, PublishedPack
from registry.domain.waiver import Waiver
from registry.policies.pack import Identity
from registry.store.waivers import ending, uses

Effect = Callable[[Desk], Answer]


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """What the day brings about in one jurisdiction's rules."""
    yield from _superseded(office, county, today)
    yield from _begun(office, county, today)
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


def _begun(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """A published text takes the list's place on its first day (``domain.edition.text_on``)."""
    waiting = office.store.reader.find(ListEdition, county, state=EditionState.PUBLISHED.value)
    for one in sorted(waiting, key=lambda e: (e.effective_from, e.id)):
        if one.effective_from <= today:
            yield "list_begun", _takes_place(one.id)


def _takes_place(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(ListEdition, id, lock=True)
        desk.about(held)
        if held.state is not EditionState.PUBLISHED:
            return Answer(body=None)
        return Answer(body=editions.take_up(desk, held).id)

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
        yield PACK_REVIEW.code, _reviewable(own)


def _reviewable(own: Identity) -> Effect:
    def verb(desk: Desk) -> Answer:
        desk.about(desk.unit.get(PublishedPack, own.id))
        facts = {"title": own.name, "title_en": own.name_en, "review_on": str(own.review_on)}
        seen = Seen(PACK_REVIEW, f"{own.id}.review", own.id, facts=facts)
        return Answer(body=keeping.tell(desk, seen).id)

    return verb


def _due(office: Office, waiver: Waiver, count: int, today: date) -> Iterator[str]:
    """Codes of what is to be told of an exception on a day."""
    if waiver.valid_to < today:
        yield EXPIRED.code
        if not count:
            yield UNUSED.code
    elif waiver.stands(today) and _near(office, waiver, today):
        yield EXPIRING.code


def _near(office: Office, waiver: Waiver, today: date) -> bool:
    """Within the notice that the county's pack gives; without one it is told on the last day."""
    try:
        book = office.rulebooks.of(waiver.county, today)
    except Refusal:
        return False
    rule = book.overlay.setting(lambda d: d.exceptions)
    last = today if rule is None else book.calendar.due(rule.notice, today)[0]
    return waiver.valid_to <= last


_KINDS = {doubt.code: doubt for doubt in (EXPIRING, EXPIRED, UNUSED)}


def _finding(waiver: Waiver, code: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        desk.about(waiver)
        facts = {"number": waiver.document_number, "valid_to": waiver.valid_to.isoformat()}
        seen = Seen(_KINDS[code], _name(waiver, code), waiver.id, facts=facts)
        return Answer(body=keeping.tell(desk, seen).id)

    return verb


def _name(waiver: Waiver, code: str) -> str:
    return f"{waiver.id}.{code.rpartition('.')[2]}"
