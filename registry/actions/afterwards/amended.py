"""变更比对 what a change would change: the admitted request behind it, and whether any fact differs."""

from typing import Any

from registry.actions.bodies import book_of
from registry.actions.office import Desk
from registry.domain.admission import Verdict
from registry.domain.approval import Flow
from registry.domain.filing import Filing
from registry.domain.request import Purpose, Request, State
from registry.policies.living import RenewalRule
from registry.policies.procedure import ChangeRule

ENDED = frozenset({
    State.NOT_ACCEPTED, State.REJECTED, State.WITHDRAWN, State.TERMINATED, State.REVOKED,
    State.CLOSED,
})  # fmt: skip
"""A change in one of these states runs no more."""


def original_of(desk: Desk, request: Request) -> Request | None:
    """The admitted request that this one would change."""
    return original_by(desk, request.amends)


def original_by(desk: Desk, amends: str | None) -> Request | None:
    """The admitted request of that id."""
    return desk.unit.get(Request, amends) if amends else None


def behind(desk: Desk, request_id: str | None) -> Request | None:
    """The same by id; ``None`` also for a filing that is no request yet."""
    request = desk.unit.maybe(Request, request_id) if request_id else None
    return original_of(desk, request) if request is not None else None


def running(desk: Desk, request: Request) -> list[Request]:
    """Changes of a request that are under way."""
    return [c for c in desk.unit.find(Request, amends=request.id) if c.state not in ENDED]


def kept_facts(desk: Desk, original: Request, filing: Filing) -> dict[str, str]:
    """Facts that stay as they were decided: whether it came in time, while its first day stays."""
    if original.verdict_id is None or filing.starts_on != original.filing.starts_on:
        return {}
    facts = desk.unit.get(Verdict, original.verdict_id).facts
    return {"lead_time": facts[0]["lead_time"]} if facts else {}


def small_flow(desk: Desk, request: Request, ordinary: Flow | None) -> Flow | None:
    """The flow a change takes that leaves every fact as it was decided, where the packs name one;
    that of a renewal or of leaving, where they name one for it.

    Args:
        ordinary: the flow the routes name; where it is another than the admission took, the change
            goes by it.
    """
    if request.purpose is Purpose.LEAVE:
        return leaving_flow(desk, request, ordinary)
    original = original_of(desk, request)
    rule = _rule(desk, request)
    if original is None or rule is None or not rule.flow:
        return None
    renewal = request.purpose is Purpose.RENEW
    if not renewal and _other(desk, request, original, ordinary):
        return None
    flows = (f for pack in book_of(desk, request).overlay.packs for f in pack.document.flow)
    return next((flow for flow in flows if flow.id == rule.flow), None)


def _rule(desk: Desk, request: Request) -> ChangeRule | RenewalRule | None:
    overlay = book_of(desk, request).overlay
    if request.purpose is Purpose.RENEW:
        return overlay.setting(lambda d: d.renewal)
    return overlay.setting(lambda d: d.change)


def leaving_flow(desk: Desk, request: Request, ordinary: Flow | None) -> Flow | None:
    """退出流程: the one ``[exit]`` names, else that by which such a matter enters."""
    overlay = book_of(desk, request).overlay
    rule = overlay.setting(lambda d: d.exit)
    if rule is None or not rule.flow:
        return ordinary
    flows = (flow for pack in overlay.packs for flow in pack.document.flow)
    return next((flow for flow in flows if flow.id == rule.flow), None)


def _other(desk: Desk, request: Request, original: Request, ordinary: Flow | None) -> bool:
    """Whether it is a matter for the way that any filing takes."""
    if ordinary is None or ordinary.id != original.flow:
        return True
    return _differs(desk, request, original)


def _differs(desk: Desk, request: Request, original: Request) -> bool:
    held = [r.verdict_id for r in (request, original)]
    if None in held:
        return True
    now, was = (desk.unit.get(Verdict, str(id)) for id in held)
    return now.outcome is not was.outcome or _told(now) != _told(was)


def _told(verdict: Verdict) -> list[list[tuple[str, Any]]]:
    return sorted(sorted(row.items()) for row in verdict.facts)
