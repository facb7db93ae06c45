"""待判事项 one function makes the matter that is judged, for precheck, submission, gates and all that
judges anew, so that one rule has one answer.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

import msgspec

from registry.actions.afterwards.amended import behind, kept_facts
from registry.actions.counting import communities_of, count_quotas
from registry.actions.likeness import came_before, likeness
from registry.actions.office import Desk
from registry.actions.places import UNKNOWN_ORGANISATION
from registry.actions.rules.exceptions import waived_for
from registry.actions.rules.instruments import registered
from registry.domain.areas import Area
from registry.domain.budget import BudgetCode, CodeKind
from registry.domain.errors import Refusal
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.request import Request
from registry.domain.vocabulary import FundingMode, Gate, OrganisationKind
from registry.policies.judgement import Judgement
from registry.policies.measuring.facts import Matter
from registry.policies.measuring.registered import (
    COLLECTING,
    Count,
    Ground,
    Held,
    Holder,
    basis_state,
    capped,
    figures,
    held_of,
    numbers,
)
from registry.policies.overlay import Governing
from registry.store.counting import standing_requests

NAMED = 12
"""Most communities named for one quota: a verdict is read by a person."""
_ENTERING = frozenset({Gate.FILE, Gate.APPROVE, Gate.RENEW})
"""Gates at which the register is asked what is there already."""


def judged(
    desk: Desk, filing: Filing, gate: Gate, dates: Governing, *,
    state: dict[str, str] | None = None, request_id: str | None = None, on: date | None = None,
) -> Judgement:  # fmt: skip
    """What the rules in force on the day of applying say of a filing at a gate, exceptions heard.

    Args:
        state, request_id: see ``matter_of``.
        on: the day of the judging, on which exceptions are honoured; today where it is not given.
    """
    matter = matter_of(
        desk, filing, gate, applied=dates.applied, state=state, request_id=request_id
    )
    waived = waived_for(desk, filing, request_id, on or desk.today)
    return desk.rulebook(dates.applied).judge(matter, dates, waived)


Changing = Callable[[], Request | None]


def matter_of(
    desk: Desk, filing: Filing, gate: Gate, *, applied: date,
    state: dict[str, str] | None = None, request_id: str | None = None,
    changing: Changing | None = None,
) -> Matter:  # fmt: skip
    """Everything the facts of a filing at a gate are computed from.

    Args:
        applied: the day it was applied for: its rulebook, its lists, its instruments.
        state: facts that come from the case: money, agreement, decision, consultation.
        request_id: of the request itself, which does not stand in its own way; nor does what a
            change would change.
        changing: what the request would change, where who asks knows it; else it is looked up.
    """
    leading = desk.places.organisation(filing.leading)
    entering = gate in _ENTERING
    found = changing or partial(behind, desk, request_id)
    changed = found() if entering else None
    counts, areas = count_quotas(
        desk, filing, gate, leading=leading, applied=applied,
        request_id=changed.id if changed else request_id,
    )  # fmt: skip
    alike = likeness(desk, filing, applied, request_id) if entering else None
    held = _held(desk, filing, (request_id, changed)) if entering else Held(word="none", fields=[])
    kept = kept_facts(desk, changed, filing) if changed else {}
    word, bases = basis_state(filing, registered(desk, numbers(filing)), applied)
    return Matter(
        gate=gate, filing=_typed(desk, filing), applicant_kind=leading.kind,
        applicant_level=leading.level, applied=applied,
        state={"held": held.word, "basis_state": word, **kept, **(state or {})},
        paths=_paths(desk, filing, applied), grounds=_grounds(counts, areas, alike),
        behind={"held": held.names, "basis_state": bases}, payers=_payers(desk, filing),
        directories=_directories(desk, filing), measured=_measured(counts, held),
    )  # fmt: skip


def _grounds(
    counts: list[Count], areas: dict[str, Area], alike: Ground | None
) -> dict[str, Ground]:
    found = {"R12": alike, "R15": capped(counts, areas, NAMED)}
    return {ground: told for ground, told in found.items() if told is not None}


def _measured(counts: list[Count], held: Held) -> dict[str, object]:
    told = {"quotas": figures(counts), "held": held.fields}
    return {name: found for name, found in told.items() if found}


def _held(desk: Desk, filing: Filing, asks: tuple[str | None, Request | None]) -> Held:
    """What admitted reports, ledgers and surveys of any department collect there already (M11)."""
    if filing.form is None or filing.kind not in COLLECTING:
        return Held(word="none", fields=[])
    areas = list(communities_of(desk, filing))
    kinds = [kind.value for kind in COLLECTING]
    there = standing_requests(desk.unit.connection, desk.unit.county, kinds, areas)
    request_id, changed = asks
    for own in (request_id, changed.id if changed else None):
        there.pop(own or "", None)
    requests = desk.unit.find(Request, id=sorted(there)) if there else []
    if request_id is not None:
        mine = desk.unit.get(Request, request_id)
        requests = [one for one in requests if came_before((one.applied_on, one.id), mine)]
    holders = [
        Holder(
            request_id=one.id, title=one.title, filing=one.filing, areas=there[one.id],
            applicant=desk.places.organisation(one.applicant_id).name,
        )
        for one in requests
    ]  # fmt: skip
    return held_of(filing, holders, areas)


def _payers(desk: Desk, filing: Filing) -> dict[str, OrganisationKind]:
    """The kinds of those named as payers; a precheck may name one who is not on record."""
    named = {line.payer_id for line in filing.funding if line.payer_id}
    found = {id: _known(desk, id) for id in sorted(named)}
    return {id: one.kind for id, one in found.items() if one is not None}


def _directories(desk: Desk, filing: Filing) -> dict[int, list[str]]:
    """政府购买服务指导性目录 of the years in which something is bought, as far as imported."""
    years = sorted({f.fiscal_year for f in filing.funding if f.mode is FundingMode.PURCHASE})
    found: dict[int, list[str]] = {}
    for code in desk.unit.find(BudgetCode, year=years) if years else []:
        if code.kind is CodeKind.DIRECTORY:
            found.setdefault(code.year, []).append(code.code)
    return found


def _known(desk: Desk, id: str) -> Organisation | None:
    try:
        return desk.places.organisation(id)
    except Refusal as refusal:
        if refusal.code != UNKNOWN_ORGANISATION:
            raise
        return None


def _paths(desk: Desk, filing: Filing, on: date) -> list[str]:
    """Where the targets lie, asked only where a list of one street is in force."""
    if not any(one.area for one in desk.rulebook(on).lists.lists.values()):
        return []
    return [area.path for area in desk.places.areas(filing.targets, desk.today)]


def _typed(desk: Desk, filing: Filing) -> Filing:
    """A filing that does not say whether its communities are urban learns it from the areas."""
    if filing.community_type is not None:
        return filing
    kinds = {area.community_type for area in desk.places.areas(filing.targets, desk.today)}
    only = kinds.pop() if len(kinds) == 1 else None
    return msgspec.structs.replace(filing, community_type=only) if only else filing
