"""存量研判 what the rules of today say of what is there: stands, needs admission, merge, must go (P11).

What a hundred communities carry alike is judged once; each has its own review, with its deadline.
"""

from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from registry.actions.existing.alike import Alike
from registry.actions.existing.weighing import Weighed, Weighing
from registry.actions.office import Answer, Desk
from registry.domain.existing import LegacyReview, Standing, Stocktake
from registry.domain.people import Organisation
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Count, Wire

AT_ONCE = 1024
"""Matters judged in one act: one entry of the log."""
MERGE_ZH = "本社区已有同类事项《{title}》，可以合并"


class JudgeCommand(Wire, frozen=True, kw_only=True):
    """研判: what is not judged yet; ``again`` = also what is, and is not settled."""

    again: bool = False
    after: str = ""
    """With ``again``: the ``next`` of the answer before."""


class Judged(Wire, frozen=True, kw_only=True):
    """研判结果: how many by standing, and how many are left for the next act."""

    judged: Count
    left: Count
    standings: dict[Standing, Count]
    next: str = ""


def judge(desk: Desk, id: str, command: JudgeCommand) -> Answer:
    """研判一次登记带来的事项, of the judge's own area.

    At most ``AT_ONCE`` of them in one act: ``left`` says how many wait for the next.
    """
    stocktake = desk.unit.get(Stocktake, id)
    desk.about(stocktake)
    there = [p for p in desk.unit.find(Presence, state=PresenceState.LEGACY.value) if _of(p, id)]
    paths = sorted({p.area_path for p in there}) or [_taken_at(desk, stocktake)]
    post = desk.authorise("existing.judge", paths=paths)
    reviews = {r.presence_id: r for r in desk.unit.find(LegacyReview)}
    open_ = [p for p in there if p.area_path.startswith(post.area_path)]
    open_ = [p for p in open_ if _waits(reviews.get(p.id), p, command)]
    found: dict[Standing, int] = {}
    taken = open_[:AT_ONCE]
    judging = _Judging(desk, stocktake, taken)
    for presence in taken:
        review = judging.review(presence, reviews.get(presence.id))
        found[review.standing] = found.get(review.standing, 0) + 1
    left = len(open_) - len(taken)
    last = taken[-1].id if left and command.again else ""
    desk.note = {"judged": len(taken), "left": left}
    body = Judged(judged=len(taken), left=left, standings=found, next=last)
    return Answer(body=body, version=stocktake.version)


def _taken_at(desk: Desk, stocktake: Stocktake) -> str:
    """Where a stocktake that brought nothing new was taken: by a body, or at the command line."""
    taker = desk.unit.maybe(Organisation, stocktake.organisation_id)
    return (desk.places.home(taker) if taker else desk.places.county()).path


def _of(presence: Presence, stocktake_id: str) -> bool:
    return presence.legacy is not None and presence.legacy.stocktake_id == stocktake_id


def _waits(review: LegacyReview | None, presence: Presence, command: JudgeCommand) -> bool:
    if review is None:
        return True
    return command.again and review.settlement is None and presence.id > command.after


def due_by(desk: Desk, judged_on: date) -> tuple[date | None, bool]:
    """The last day for settling by the packs of the day of judging, and whether it is a guess; none
    where they give no time."""
    rule = desk.rulebook(judged_on).overlay.setting(lambda d: d.existing)
    if rule is None:
        return None, False
    return desk.rulebook().calendar.due(rule.settle_within, judged_on)


class _Judging:
    """一次研判: one deadline for all, what is alike looked up once."""

    def __init__(self, desk: Desk, stocktake: Stocktake, there: list[Presence]) -> None:
        self._desk = desk
        self._weighing = Weighing(desk, stocktake.id, there)
        self._alike = Alike(desk, [p.organisation_id for p in there]) if there else None
        self._due = due_by(desk, desk.today)

    def review(self, presence: Presence, held: LegacyReview | None) -> LegacyReview:
        """Its review: a first one, or the one there is, which keeps its deadline."""
        told = self._told(presence, self._weighing.weigh(presence))
        if held is not None:
            began = held.counts_from or held.judged_on
            return self._desk.unit.change(
                held, judged_on=self._desk.today, counts_from=began, **told
            )
        due, guessed = self._due
        return self._desk.unit.add(
            LegacyReview(
                county=self._desk.unit.county, id=self._desk.id("lgr"), presence_id=presence.id,
                title=presence.title, kind=presence.kind, area_path=presence.area_path,
                organisation_id=presence.organisation_id, department_id=presence.department_id,
                judged_on=self._desk.today, counts_from=self._desk.today, due_on=due,
                due_provisional=guessed, **told,
            )
        )  # fmt: skip

    def _told(self, presence: Presence, weighed: Weighed) -> dict[str, Any]:
        first = self._alike.before(presence) if self._alike is not None else None
        if first is not None and weighed.standing is not Standing.MUST_GO:
            why = [MERGE_ZH.format(title=first.title), *weighed.why]
            weighed = replace(weighed, standing=Standing.MERGE, why=why, like_id=first.id)
        return msgspec.structs.asdict(weighed)
