"""存量待判 one matter that is there, as if it were asked for today: what only a filing states (money,
term, days) is not held against it. Alike matters are asked once.
"""

from collections.abc import Hashable

import msgspec
from msgspec.structs import replace

from registry.actions.matters import matter_of
from registry.actions.office import Desk
from registry.actions.rules.exceptions import uses_of, waived_for
from registry.actions.walls.profiling import (
    STILL,
    TOLD,
    clauses_and_why,
    filing_of,
    hanging_for,
    judged,
    receiver_of,
)
from registry.domain.admission import Verdict
from registry.domain.areas import Area
from registry.domain.details import AppDetail, CertificateDetail, MeetingDetail
from registry.domain.existing import Standing
from registry.domain.filing import Applicant, Filing, LegalBasis
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.vocabulary import Duration, Gate, Kind, Outcome
from registry.policies.existing import UNADMITTED, standing_of
from registry.policies.judgement import Judgement
from registry.policies.overlay import Governing


class Weighed(Wire, frozen=True, kw_only=True):
    """研判: what the rules say of one matter, as its review keeps it."""

    standing: Standing
    verdict_id: str
    clauses: list[str]
    why: list[str]
    like_id: str | None = None


class Weighing:
    """研判一批: each kind of matter judged once, its verdict kept once."""

    def __init__(self, desk: Desk, about: str, there: list[Presence]) -> None:
        """``about`` = id of the stocktake that the verdicts stand under."""
        self._desk, self._about = desk, about
        ids = [presence.id for presence in there if presence.kind in _ON_ROWS]
        self._walls = {str(w.presence_id): w for w in hanging_for(desk, ids)} if ids else {}
        self._entering: dict[Hashable, Weighed] = {}
        self._going_on: dict[Hashable, Weighed | None] = {}
        areas = desk.unit.find(Area)
        self._areas = {area.id: area for area in areas}

    def weigh(self, presence: Presence) -> Weighed:
        """A matter, with what hangs or sits there for it."""
        filing = self._filing(presence)
        key = self._key(presence, filing)
        if key not in self._going_on:
            self._going_on[key] = self._refused(filing)
        refused = self._going_on[key]
        entering = self._wall(presence)
        if entering is None:
            if key not in self._entering:
                self._entering[key] = self._asked(filing, Gate.FILE)
            entering = self._entering[key]
        return refused or entering

    def _wall(self, presence: Presence) -> Weighed | None:
        """A board or office is judged as all that hangs is, and its row says so."""
        wall = self._walls.get(presence.id)
        if wall is None:
            return None
        after = judged(self._desk, wall)
        changed = self._desk.unit.change(wall, **{n: getattr(after, n) for n in TOLD})
        profile = changed.profile
        return Weighed(
            standing=Standing(profile.value) if profile else Standing.ASK,
            verdict_id=changed.verdict_id or "", clauses=changed.clauses, why=changed.why,
        )  # fmt: skip

    def _refused(self, filing: Filing) -> Weighed | None:
        """Where the rules do not let it go on unadmitted."""
        judgement = self._judged(filing, Gate.CONTINUE)
        if judgement.outcome is not Outcome.REFUSED:
            return None
        return self._kept(judgement, Gate.CONTINUE)

    def _asked(self, filing: Filing, gate: Gate) -> Weighed:
        return self._kept(self._judged(filing, gate), gate)

    def ask(self, presence: Presence, gate: Gate, state: dict[str, str]) -> Verdict:
        """What the rules say of a matter at a gate, where this is stated of it; nothing is kept."""
        judgement = self._judged(self._filing(presence), gate, state)
        return self._verdict(judgement, gate, presence.id)

    def _judged(
        self, filing: Filing, gate: Gate, stated: dict[str, str] | None = None
    ) -> Judgement:  # fmt: skip
        today = self._desk.today
        state = dict(STILL) if gate is Gate.FILE else {**STILL, **UNADMITTED}
        state |= stated or {}
        if not filing.bases:
            state |= UNSTATED
        matter = matter_of(self._desk, filing, gate, applied=today, state=state)
        # It is there: neither a cap nor an earlier request stands in the way of its coming.
        matter = replace(matter, grounds={}, measured={})
        waived = waived_for(self._desk, filing, None, today)
        return self._desk.rulebook(today).judge(matter, self._dates(), waived)

    def _dates(self) -> Governing:
        today = self._desk.today
        return Governing(applied=today, decided=today, entered=today)

    def _kept(self, judgement: Judgement, gate: Gate) -> Weighed:
        desk = self._desk
        verdict = desk.unit.add(self._verdict(judgement, gate, self._about))
        for use in uses_of(desk, verdict):
            desk.unit.add(use)
        desk.pack = verdict.pack_digest
        told = clauses_and_why(verdict)
        return Weighed(standing=standing_of(verdict.outcome), verdict_id=verdict.id, **told)

    def _verdict(self, judgement: Judgement, gate: Gate, about: str) -> Verdict:
        return Verdict(
            county=self._desk.unit.county, id=self._desk.id("vdt"), gate=gate, object_id=about,
            governing=msgspec.structs.asdict(self._dates()), **judgement.fields(),
        )  # fmt: skip

    def _key(self, presence: Presence, filing: Filing) -> Hashable:
        """Everything that an answer may rest on, but for which community of its street it is."""
        area = self._areas[presence.area_id]
        alone = replace(filing, targets=[_ANY])
        if presence.department_id is None:
            alone = replace(alone, applicants=[Applicant(organisation_id=_ANY, leading=True)])
        return area.parent_id, area.community_type, msgspec.json.encode(alone)

    def _filing(self, presence: Presence) -> Filing:
        wall = self._walls.get(presence.id)
        return filing_of(self._desk, wall) if wall is not None else self._stated(presence)

    def _stated(self, presence: Presence) -> Filing:
        """As if it were asked for: in its department's name, or the community's own where nobody
        here is known to ask."""
        legacy, kind = presence.legacy, presence.kind
        told = (legacy.basis or legacy.document_number) if legacy else ""
        number = legacy.document_number if legacy else ""
        ends_on = legacy.ends_on if legacy else None
        platform = legacy.platform if legacy else ""
        return Filing(
            kind=kind, title=presence.title,
            applicants=[Applicant(
                organisation_id=presence.department_id or presence.organisation_id, leading=True
            )],
            receivers=[receiver_of(self._areas[presence.area_id])], targets=[presence.area_id],
            bases=[LegalBasis(level="policy", title=told, document_number=number)] if told else [],
            duration=Duration.PHASE if ends_on else Duration.LONG_TERM, ends_on=ends_on,
            certificate=CertificateDetail(demand=presence.title, demander="other")
            if kind is Kind.CERTIFICATE else None,
            meeting=MeetingDetail(participants=presence.people or 0, times=presence.times_year or 0)
            if kind is Kind.MEETING else None,
            app=msgspec.convert({"platform": platform}, AppDetail) if platform else None,
        )  # fmt: skip


UNSTATED = {"basis": "policy"}
"""An empty cell is no proof that there is no basis: whoever has it admitted must name one."""
_ANY = "any"
_ON_ROWS = frozenset({Kind.SIGNBOARD, Kind.WALL_NOTICE, Kind.OFFICE})
"""Kinds that have a row of their own for what hangs or sits there."""
