"""定时比对 what a tick looks at beside the other rooms: who confirmed, what is on its way, papers.

What was written since the last look is looked at; a finding that holds no longer is closed.
"""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import Glance, places_since
from registry.actions.doubting.keeping import Seen
from registry.actions.doubting.words import DOUBTS, NO_PAPERS, ONE_SIDED, REUSED, SAME_HAND
from registry.actions.ledger.custody import custody_on
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reconciling.one_sided import on_their_way
from registry.domain.accounts import VoucherStage
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.doubts import Doubt
from registry.domain.funds import VoucherLine
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.vocabulary import Custody, OrganisationKind
from registry.store import suspect
from registry.store.suspect import Papered, Which

Effect = Callable[[Desk], Answer]
ROOM = "doubting"
_BY_CODE = {doubt.code: doubt for doubt in DOUBTS}


def effects(office: Office, actor: Actor, glance: Glance) -> list[tuple[str, Effect]]:
    """One effect for each finding to be opened, brought up to date or closed."""
    if glance.idle(ROOM):
        return []
    call = Call(actor=actor, county=glance.county, act="tick.money_doubted")
    since = glance.since(ROOM)
    changing = office.ask(call, lambda desk: Answer(body=list(_changing(desk, since)))).body
    glance.done(ROOM, left=len(changing))
    return [("money_doubted", _setting(id, about)) for id, about in changing]


def _changing(desk: Desk, since: int | None) -> Iterator[tuple[str, str]]:
    """Findings that say otherwise today than they stand, and what each is about: of what was
    written since the last look, and of what stands open."""
    places = places_since(desk, since)
    standing = [
        one for one in keeping.open_of(desk, sorted(_BY_CODE))
        if places is None or one.object_kind == "voucher" or one.object_id in places
    ]  # fmt: skip
    vouchers = sorted({one.object_id for one in standing if one.object_kind == "voucher"})
    found = _seen(desk, Which(since=since or 0, ids=vouchers), places)
    closed = desk.unit.find(Finding, id=sorted(found)) if found else []
    held = {one.id: one for one in (*standing, *closed)}
    for id in sorted({*found, *held}):
        seen, finding = found.get(id), held.get(id)
        if seen is None:
            if finding is not None and finding.closed_on is None:
                yield id, finding.object_id
        elif keeping.differs(finding, seen):
            yield id, seen.about


def _seen(desk: Desk, which: Which, places: list[str] | None) -> dict[str, Seen]:
    """What is seen of some vouchers, and of the money of some presences (``None`` = of all)."""
    of = (desk.unit.connection, desk.unit.county)
    found = [
        *(_of_voucher(desk, SAME_HAND, one) for one in suspect.same_hand(*of, which)),
        *(_of_voucher(desk, NO_PAPERS, one) for one in suspect.without_papers(*of, which)),
        *(_reused(sha, rows) for sha, rows in suspect.on_one_paper(*of, which).items()),
        *_one_sided(desk, places),
    ]
    return {one.id: one for one in found}


def _reused(sha256: str, rows: list[Papered]) -> Seen:
    issuers, last = {one.issuer_id for one in rows}, rows[-1]
    return Seen(
        REUSED, f"{sha256[:_LETTERS]}.{REUSED.code}", last.voucher_id,
        last.issuer_id if len(issuers) == 1 else None, None,
        {"count": len(rows), "amount_fen": sum(one.amount_fen for one in rows)},
        {"vouchers": [one.voucher_id for one in rows]},
    )  # fmt: skip


_LETTERS = 24
"""Hex digits of a paper's digest that tell findings apart."""


def _of_voucher(desk: Desk, doubt: Doubt, one: Papered) -> Seen:
    request = desk.unit.maybe(Request, one.request_id) if one.request_id else None
    return Seen(
        doubt, f"{one.voucher_id}.{doubt.code}", one.voucher_id, one.issuer_id, None,
        {"number": one.number, "amount_fen": one.amount_fen,
         "title": request.title if request else ""},
        {"vouchers": [one.voucher_id]},
    )  # fmt: skip


def _one_sided(desk: Desk, places: list[str] | None) -> Iterator[Seen]:
    """Money on its way longer than the packs say; a guessed day makes nobody late."""
    rule = desk.rulebook().overlay.setting(lambda d: d.one_sided)
    if rule is None or places == []:
        return
    for way in on_their_way(desk, places):
        last, guessed = desk.rulebook().calendar.due(rule.arrives_within, way.since)
        if guessed or last >= desk.today:
            continue
        presence = desk.unit.get(Presence, way.presence_id or "")
        yield Seen(
            ONE_SIDED, f"{presence.id}.{way.funding_key}.{way.year}.one_sided", presence.id,
            _receiver(desk, presence, way.since), presence.area_path,
            {"presence_id": presence.id, "funding_key": way.funding_key, "year": way.year,
             "amount_fen": way.difference_fen, "since": way.since.isoformat(),
             "last_day": last.isoformat()},
            {"vouchers": _sent(desk, (presence.id, way.funding_key, way.year or 0))},
        )  # fmt: skip


def _receiver(desk: Desk, presence: Presence, on: date) -> str:
    """收款方 of what was sent on a day: the street where it keeps the community's money."""
    if custody_on(desk, presence, on) is Custody.STREET_CUSTODY:
        streets = desk.places.streets([desk.unit.get(Area, presence.area_id)])
        kinds = [OrganisationKind.STREET, OrganisationKind.TOWNSHIP]
        for body in desk.places.serving(streets, kinds):
            return body.id
    return presence.organisation_id


def _sent(desk: Desk, of: tuple[str, str, int]) -> list[str]:
    """The vouchers by which money of one line was sent."""
    lines = desk.unit.find(
        VoucherLine, presence_id=of[0], funding_key=of[1], year=of[2],
        stage=VoucherStage.DISPATCH.value,
    )  # fmt: skip
    return sorted({line.voucher_id for line in lines if line.counted})


def _setting(id: str, about: str) -> Effect:
    """The same question asked again in the act, of this object alone, and the finding set right."""

    def verb(desk: Desk) -> Answer:
        seen = _seen(desk, Which(ids=[about]), [about]).get(id)
        after = keeping.close(desk, id) if seen is None else keeping.tell(desk, seen)
        if after is None:
            return Answer(body=None)
        desk.about(after)
        return Answer(body=after.id)

    return verb
