"""挂牌研判 what the rules in force say of a board or an office that is there: kept on its row.

It is judged as it hangs: what only a filing states (money, term, days) is not held against it. Of
the places at the door those count as taken in which a board hangs that may hang there.
"""

from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from registry.actions.matters import NAMED, matter_of
from registry.actions.office import Desk
from registry.actions.places import COMMITTEES, upwards
from registry.actions.rules.exceptions import uses_of, waived_for
from registry.domain.admission import Verdict
from registry.domain.approval import Decision
from registry.domain.areas import Area
from registry.domain.details import OfficeDetail, SignboardDetail
from registry.domain.filing import Applicant, Filing, LegalBasis
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from registry.domain.vocabulary import GRADES_OFF, Gate, Kind, Receiver
from registry.domain.walls import (
    HANGING,
    Board,
    Bureau,
    Origin,
    Profile,
    profile_of,
    tails,
)
from registry.policies.measures import Quota
from registry.policies.measuring.registered import Count, Ground, capped, concerns, figures, quotas
from registry.policies.overlay import Governing
from registry.policies.standing import PERMITTING

Wall = TypeVar("Wall", bound=Board | Bureau)

STILL = {
    "interest": "yes",
    "payer": "entrusting", "funding": "not_needed", "conditions": "complete", "lead_time": "ok",
    "purposes": "unset", "statutory_payer": "unset", "term": "unset", "mode_fit": "unset",
    "consultation": "done", "consent": "none", "held": "none", "registration": "not_needed",
}  # fmt: skip
"""Facts of a filing that what merely hangs there never stated: each says nothing against it."""


LIVE = frozenset({
    PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED,
})  # fmt: skip
_OUT = frozenset({PresenceState.EXITED, PresenceState.EXPIRED, PresenceState.REFUSED})
LEFT = "所属事项已退出或者到期，牌子、机构应当随之清除"


def profiled(desk: Desk, wall: Wall) -> Wall:
    """What is to be said of it today: by its admission while that lives; once the matter has left,
    that it goes too; else by the list."""
    presence = desk.unit.maybe(Presence, wall.presence_id) if wall.presence_id else None
    if presence is not None and presence.state in _OUT:
        return replace(wall, profile=Profile.MUST_GO, clauses=[], why=[LEFT])
    if presence is None or presence.request_id is None or wall.origin is Origin.UNADMITTED:
        return judged(desk, wall)
    if presence.state in LIVE:
        return standing_by(desk, wall, desk.unit.get(Request, presence.request_id))
    return judged(desk, wall)


def standing_by(desk: Desk, wall: Wall, request: Request) -> Wall:
    """It may hang there because it was admitted."""
    held = desk.unit.maybe(Decision, request.decision_id) if request.decision_id else None
    return replace(
        wall, profile=Profile.STANDS, verdict_id=request.verdict_id, why=[],
        clauses=list(held.clauses) if held is not None else [],
    )  # fmt: skip


def judged(desk: Desk, wall: Wall) -> Wall:
    """A board or an office with what the rules of today say of it; the verdict is kept."""
    filing = _titled(desk, filing_of(desk, wall), _wording(wall))
    matter = matter_of(desk, filing, Gate.FILE, applied=desk.today, state=STILL)
    counts = _taken(desk, wall, filing)
    full = capped(counts, {wall.area_id: _area(desk, wall)}, NAMED)
    grounds: dict[str, Ground] = {"R15": full} if full is not None else {}
    matter = replace(
        matter, grounds=grounds, measured={"quotas": figures(counts)} if counts else {}
    )
    dates = Governing(applied=desk.today, decided=desk.today, entered=desk.today)
    waived = waived_for(desk, filing, None, desk.today)
    judgement = desk.rulebook(desk.today).judge(matter, dates, waived)
    verdict = desk.unit.add(
        Verdict(
            county=desk.unit.county, id=desk.id("vdt"), gate=Gate.FILE, object_id=wall.id,
            governing=msgspec.structs.asdict(dates), **judgement.fields(),
        )
    )  # fmt: skip
    for use in uses_of(desk, verdict):
        desk.unit.add(use)
    desk.pack = verdict.pack_digest
    return replace(
        wall, profile=profile_of(verdict.outcome), verdict_id=verdict.id, **clauses_and_why(verdict)
    )


def clauses_and_why(verdict: Verdict) -> dict[str, Any]:
    """The clauses that decide, and in words what they say and what can be done."""
    deciding = [hit for hit in verdict.rules if hit.rule in verdict.deciding]
    return {
        "clauses": list(dict.fromkeys(hit.clause for hit in deciding if hit.clause)),
        "why": list(dict.fromkeys(f"{hit.sentence}{hit.remedy}" for hit in deciding)),
    }


def filing_of(desk: Desk, wall: Board | Bureau) -> Filing:
    """What is there, as if it were asked for: in its department's name, or, where nobody knows
    whose it is, in the community's own."""
    asks = wall.department_id or wall.organisation_id
    board = wall if isinstance(wall, Board) else None
    bureau = wall if isinstance(wall, Bureau) else None
    return Filing(
        kind=Kind(board.form.value) if board else Kind.OFFICE,
        title=_wording(wall),
        applicants=[Applicant(organisation_id=asks, leading=True)],
        receivers=[receiver_of(_area(desk, wall))],
        targets=[wall.area_id],
        bases=[LegalBasis(level="policy", title=bureau.basis)] if bureau and bureau.basis else [],
        signboard=SignboardDetail(
            wording=board.wording, place=board.place, width_cm=board.width_cm,
            height_cm=board.height_cm,
        ) if board else None,
        office=OfficeDetail(wording=bureau.name, staff=bureau.people or 0) if bureau else None,
    )  # fmt: skip


def _wording(wall: Board | Bureau) -> str:
    return wall.wording if isinstance(wall, Board) else wall.name


def _titled(desk: Desk, filing: Filing, wording: str) -> Filing:
    """The filing under that ending of its wording which a list has; a board also bears the name of
    its place, which no list does."""
    area = desk.places.area(filing.targets[0], desk.today)
    names = [one.name for one in _above(desk, area)]
    lists = desk.rulebook(desk.today).lists
    for tail in tails(wording, names):
        asked = replace(filing, title=tail)
        met = lists.meet(asked, desk.today, [area.path])
        if any(f.how == "exact" and f.list.polarity in PERMITTING for f in met):
            return asked
    return filing


def _above(desk: Desk, area: Area) -> list[Area]:
    """The places it lies in, from the county down, and itself."""
    ids = [path.strip("/").rpartition("/")[2] for path in upwards(area.path)]
    held = {one.id: one for one in desk.unit.find(Area, id=ids)}
    return [held[id] for id in ids if id in held]


def _area(desk: Desk, wall: Board | Bureau) -> Area:
    return desk.places.area(wall.area_id, desk.today)


def receiver_of(area: Area) -> Receiver:
    """The committee of the place: a board of a village hangs at its 村委会."""
    there = COMMITTEES.get(area.kind, frozenset())
    own = (Receiver.RESIDENTS_COMMITTEE, Receiver.VILLAGE_COMMITTEE)
    return next((one for one in own if one in there), Receiver.RESIDENTS_COMMITTEE)


def _taken(desk: Desk, wall: Board | Bureau, filing: Filing) -> list[Count]:
    """How many of the places that the packs give are taken by what may hang there."""
    level = desk.places.organisation(filing.leading).level
    overlay = desk.rulebook(desk.today).overlay
    found = [
        q for q in quotas(overlay, desk.today)
        if q.per == "community" and q.period == "standing" and q.of == "matters"
        and concerns(q, filing, level) and q.grade not in GRADES_OFF
    ]  # fmt: skip
    if not found:
        return []
    states = sorted(state.value for state in HANGING)
    there = desk.unit.find(type(wall), organisation_id=wall.organisation_id, state=states)
    others = [one for one in there if one.id != wall.id and may_hang(one)]
    return [
        Count(quota=q, more=1, counts={wall.area_id: sum(_within(q, one) for one in others)})
        for q in found
    ]


def may_hang(wall: Board | Bureau) -> bool:
    """Whether it is there by right: admitted, or by the list, as far as it was judged."""
    if wall.profile is None:
        return wall.origin is Origin.ADMITTED
    return wall.profile is Profile.STANDS


def _within(quota: Quota, wall: Board | Bureau) -> bool:
    if isinstance(wall, Bureau):
        return Kind.OFFICE in quota.kinds
    return Kind(wall.form.value) in quota.kinds and (not quota.places or wall.place in quota.places)


TOLD = ("profile", "clauses", "why", "verdict_id")
"""What a judging writes on a row."""


def must_go(desk: Desk, presence_ids: list[str]) -> dict[str, list[str]]:
    """清除 what hangs or sits there for matters that have left: marked, and named by presence."""
    found: dict[str, list[str]] = {}
    for wall in hanging_for(desk, presence_ids):
        if wall.profile is not Profile.MUST_GO:
            desk.unit.change(wall, profile=Profile.MUST_GO, clauses=[], why=[LEFT])
        found.setdefault(str(wall.presence_id), []).append(wall.id)
    return found


def hanging_for(desk: Desk, presence_ids: list[str]) -> list[Board | Bureau]:
    """What is still there for these presences."""
    states = sorted(state.value for state in HANGING)
    return [
        *desk.unit.find(Board, presence_id=presence_ids, state=states),
        *desk.unit.find(Bureau, presence_id=presence_ids, state=states),
    ]
