"""定时比对 what a tick looks at beside the other rooms: who confirmed, what is on its way, papers.

What was written since the last look is looked at; a finding that holds no longer is closed.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from registry.actions.doubting.words import DOUBTS, NO_PAPERS, ONE_SIDED, SAME_HAND, Doubt
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reconciling.one_sided import on_their_way
from registry.domain.audit import Finding
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store import suspect
from registry.store.suspect import Papered, Which

Effect = Callable[[Desk], Answer]
_BY_CODE = {doubt.code: doubt for doubt in DOUBTS}


class Seen(NamedTuple):
    """所见: what a finding says today of one object."""

    id: str
    doubt: Doubt
    about: tuple[str, str]
    """Kind and id of the object."""
    whose: tuple[str | None, str | None]
    """The unit that is asked, and the path under which it is read."""
    facts: dict[str, Any]


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
        elif finding is None or finding.closed_on is not None or finding.facts != seen.facts:
            yield id, seen.about[1]


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
        f"{one.voucher_id}.{doubt.code}", doubt, ("voucher", one.voucher_id),
        (one.issuer_id, None),
        {"voucher_id": one.voucher_id, "number": one.number, "amount_fen": one.amount_fen,
         "title": request.title if request else ""},
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
            f"{presence.id}.{way.funding_key}.{way.year}.one_sided", ONE_SIDED,
            ("presence", presence.id), (presence.organisation_id, presence.area_path),
            {"presence_id": presence.id, "funding_key": way.funding_key, "year": way.year,
             "amount_fen": way.difference_fen, "since": way.since.isoformat(),
             "last_day": last.isoformat()},
        )  # fmt: skip


def _setting(id: str, about: str) -> Effect:
    """The same question asked again in the act, of this object alone, and the finding set right."""

    def verb(desk: Desk) -> Answer:
        finding = desk.unit.maybe(Finding, id, lock=True)
        seen = _seen(desk, Which(ids=[about]), about).get(id)
        if seen is None:
            if finding is None or finding.closed_on is not None:
                return Answer(body=None)
            after = desk.unit.change(finding, closed_on=desk.today)
        elif finding is None:
            after = desk.unit.add(_finding(desk, seen))
        else:
            again = finding.closed_on is not None
            after = desk.unit.change(
                finding, closed_on=None, facts=seen.facts,
                opened_on=desk.today if again else finding.opened_on,
            )  # fmt: skip
        desk.about(after)
        return Answer(body=after.id)

    return verb


def _finding(desk: Desk, seen: Seen) -> Finding:
    return Finding(
        county=desk.unit.county, id=seen.id, code=seen.doubt.code, object_kind=seen.about[0],
        object_id=seen.about[1], organisation_id=seen.whose[0], area_path=seen.whose[1],
        opened_on=desk.today, detail=seen.doubt.zh, detail_en=seen.doubt.en, facts=seen.facts,
    )  # fmt: skip
