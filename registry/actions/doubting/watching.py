"""定时比对 what a tick looks at beside the other rooms: who confirmed, what is on its way, papers.

What was written since the last look is looked at; a finding that holds no longer is closed.
"""

from collections.abc import Callable, Iterator

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.doubting.words import DOUBTS, NO_PAPERS, ONE_SIDED, SAME_HAND
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reconciling.one_sided import on_their_way
from registry.domain.audit import Finding
from registry.domain.doubts import Doubt
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store import suspect
from registry.store.suspect import Papered, Which

Effect = Callable[[Desk], Answer]
_BY_CODE = {doubt.code: doubt for doubt in DOUBTS}


def effects(office: Office, actor: Actor, county: str) -> list[tuple[str, Effect]]:
    """One effect for each finding to be opened, brought up to date or closed."""
    call = Call(actor=actor, county=county, act="tick.money_doubted")
    head = office.store.reader.head(county)

    def verb(desk: Desk) -> Answer:
        return Answer(body=list(_changing(desk, office.looked.get(county, 0))))

    changing: list[tuple[str, str]] = office.ask(call, verb).body
    if not changing:
        # Only then: what could not be set right this time is looked at again.
        office.looked[county] = head
    return [("money_doubted", _setting(id, about)) for id, about in changing]


def _changing(desk: Desk, since: int) -> Iterator[tuple[str, str]]:
    """Findings that say otherwise today than they stand, and what each is about: of what was
    written since the last look, and of what stands open."""
    held = {one.id: one for one in desk.unit.find(Finding, code=sorted(_BY_CODE))}
    open_ = sorted({one.object_id for one in held.values() if one.closed_on is None})
    found = _seen(desk, Which(since=since, ids=open_))
    for id in sorted({*found, *held}):
        seen, finding = found.get(id), held.get(id)
        if seen is None:
            if finding is not None and finding.closed_on is None:
                yield id, finding.object_id
        elif keeping.differs(finding, seen):
            yield id, seen.about


def _seen(desk: Desk, which: Which, presence_id: str | None = None) -> dict[str, Seen]:
    unit = desk.unit
    found = [
        *(_of_voucher(desk, SAME_HAND, one)
          for one in suspect.same_hand(unit.connection, unit.county, which)),
        *(_of_voucher(desk, NO_PAPERS, one)
          for one in suspect.without_papers(unit.connection, unit.county, which)),
        *_one_sided(desk, presence_id),
    ]  # fmt: skip
    return {one.id: one for one in found}


def _of_voucher(desk: Desk, doubt: Doubt, one: Papered) -> Seen:
    request = desk.unit.maybe(Request, one.request_id) if one.request_id else None
    return Seen(
        doubt, f"{one.voucher_id}.{doubt.code}", one.voucher_id, one.issuer_id, None,
        {"number": one.number, "amount_fen": one.amount_fen,
         "title": request.title if request else ""},
        {"vouchers": [one.voucher_id]},
    )  # fmt: skip


def _one_sided(desk: Desk, presence_id: str | None) -> Iterator[Seen]:
    """Money on its way longer than the packs say; a guessed day makes nobody late."""
    rule = desk.rulebook().overlay.setting(lambda d: d.one_sided)
    if rule is None:
        return
    for way in on_their_way(desk, presence_id):
        last, guessed = desk.rulebook().calendar.due(rule.arrives_within, way.since)
        if guessed or last >= desk.today:
            continue
        presence = desk.unit.get(Presence, way.presence_id or "")
        yield Seen(
            ONE_SIDED, f"{presence.id}.{way.funding_key}.{way.year}.one_sided", presence.id,
            presence.organisation_id, presence.area_path,
            {"presence_id": presence.id, "funding_key": way.funding_key, "year": way.year,
             "amount_fen": way.difference_fen, "since": way.since.isoformat(),
             "last_day": last.isoformat()},
        )  # fmt: skip


def _setting(id: str, about: str) -> Effect:
    """The same question asked again in the act, of this object alone, and the finding set right."""

    def verb(desk: Desk) -> Answer:
        seen = _seen(desk, Which(ids=[about]), about).get(id)
        after = keeping.close(desk, id) if seen is None else keeping.tell(desk, seen)
        if after is None:
            return Answer(body=None)
        desk.about(after)
        return Answer(body=after.id)

    return verb
