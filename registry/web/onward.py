"""往下办 where an admitted case goes on: its agreement drawn up and signed, its money, the work in
it accepted, what is said against it answered, its admission revoked.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from registry.actions.afterwards.reviewing import contestable
from registry.actions.beginning import ACT, Lack, lacking
from registry.actions.boxed import OwedKind
from registry.actions.filing import owners
from registry.actions.ledger import books
from registry.domain.afterwards import Revocation, RevocationState
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision
from registry.domain.living import Acceptance, AcceptanceState
from registry.domain.presence import Presence, PresenceState
from registry.domain.redress import Objection, ObjectionState
from registry.domain.request import Request, State
from registry.web.offers import BY_NAME
from registry.web.shell import may, opens
from registry.web.visit import Visit

OFFER, SIGN, ACCEPT = "agreement.offer", "agreement.sign", "acceptance.give"
ANSWER, BE_HEARD = "objection.answer", "revocation.answer"
PROPOSE, REVOKE, REVIEW = "revocation.propose", "request.revoke", "review.ask"
UNSIGNED = (PresenceState.PLANNED, PresenceState.AGREED)
"""States in which a signature is still asked for: an amended text lapses those that were given."""


class Onward(NamedTuple):
    """去处: a form or a page, and what it is called."""

    to: str
    name: str
    whose: str = ""
    """Id of the community whose work it is; empty = of the case as a whole."""


class Halt(NamedTuple):
    """不能启动: communities in which the matter cannot begin yet, all for the same reasons."""

    whose: list[str]
    why: tuple[Lack, ...]


def begun(visit: Visit, places: list[Presence]) -> tuple[list[Halt], list[Onward]]:
    """启动, for the first few places that wait for it: what the gate would say against it; where
    that is nothing, the start itself for who may give it."""
    call = visit.call(visit.actor(), ACT)
    lacks = lacking(visit.office, call, places)
    by: dict[tuple[Lack, ...], list[str]] = {}
    ready = []
    own = {post.organisation_id for post in visit.actor().posts}
    for one in places:
        if why := lacks.get(one.id):
            by.setdefault(why, []).append(one.organisation_id)
        elif (
            one.id in lacks and one.organisation_id in own and may(visit.office, visit.actor(), ACT)
        ):
            made = _act(visit, ACT, f"id={one.id}&next=/case/{one.request_id}")
            ready.append(made._replace(whose=one.organisation_id))
    return [Halt(whose, why) for why, whose in by.items()], ready


def onward(
    visit: Visit, request: Request, agreements: list[Agreement], places: list[Presence]
) -> list[Onward]:
    """What may be done next with an admitted case besides what is done to the case itself."""
    if request.state is not State.APPROVED:
        return []
    found, back = list[Onward](), f"next=/case/{request.id}"
    if not agreements and _asks(visit, request, OFFER):
        found.append(_act(visit, OFFER, f"request_id={request.id}&{back}"))
    for one in agreements:
        if _signs(visit, request, places):
            found.append(_act(visit, SIGN, f"id={one.id}&{back}"))
    if places and opens(visit.office, visit.actor(), books.READ):
        found.append(Onward(f"/money/items/{request.id}", visit.tongue.t("case.books")))
    return found


def to_accept(
    visit: Visit, request: Request, read: Callable[..., list[Acceptance]]
) -> list[Onward]:
    """验收: work that a community reported, where the person may accept it for who asks. It may
    be whatever became of the case: what was done is still to be accepted.

    Args:
        read: rows of the case that the person may read.
    """
    if request.state not in (State.APPROVED, State.CLOSED) or not _asks(visit, request, ACCEPT):
        return []
    waiting = read(Acceptance, request_id=request.id, state=AcceptanceState.ASKED.value)
    back = f"next=/case/{request.id}"
    return [
        _act(visit, ACCEPT, f"id={one.id}&{back}")._replace(whose=one.organisation_id)
        for one in waiting
    ]


def to_answer(
    visit: Visit, request: Request, revocations: list[Revocation], read: Callable[..., list[Any]]
) -> list[Onward]:
    """答复 what waits in the case for the person's body: an objection that lies with it, a
    revocation on which who asks is to be heard. Each is read where it stands before it is answered.

    Args:
        revocations: those that are open.
        read: rows of the case that the person may read.
    """
    own, t = {post.organisation_id for post in visit.actor().posts}, visit.tongue
    found = list[Onward]()
    if may(visit.office, visit.actor(), ANSWER):
        raised = read(Objection, request_id=request.id, state=ObjectionState.RAISED.value)
        found += [
            Onward(f"/records/objections/{one.id}", t.code(OwedKind.OBJECTION), one.organisation_id)
            for one in raised if one.handler_id in own
        ]  # fmt: skip
    if _asks(visit, request, BE_HEARD):
        found += [Onward(f"/records/revocations/{one.id}", t.code(OwedKind.HEARING))
                  for one in revocations if one.state is RevocationState.PROPOSED]  # fmt: skip
    return found


def in_vain(
    visit: Visit, request: Request, decisions: list[Decision], revocations: list[Revocation]
) -> set[str]:
    """Acts that the state of the case lets and what was decided in it does not: to revoke what
    nobody was heard on, to ask a review of what refuses nothing, or of what another body asked."""
    refused = any(d.id == request.decision_id and contestable(request, d) for d in decisions)
    found = set() if revocations else {REVOKE}
    return found if refused and _asks(visit, request, REVIEW) else found | {REVIEW}


def to_revoke(
    visit: Visit, request: Request, decisions: list[Decision], revocations: list[Revocation]
) -> list[Onward]:
    """告知拟撤销 by the body that admitted it, while no revocation is open: it is heard first, and
    revoked after that."""
    own = {post.organisation_id for post in visit.actor().posts}
    admitted = any(d.id == request.decision_id and d.organisation_id in own for d in decisions)
    lets = request.state is State.APPROVED and may(visit.office, visit.actor(), PROPOSE)
    if not (admitted and lets) or revocations:
        return []
    return [_act(visit, PROPOSE, f"request_id={request.id}&next=/case/{request.id}")]


def _act(visit: Visit, name: str, query: str) -> Onward:
    return Onward(f"/do/{name}?{query}", visit.tongue.act(BY_NAME[name]))


def _asks(visit: Visit, request: Request, act: str) -> bool:
    """Whether the person may do it for who asks."""
    own = {post.organisation_id for post in visit.actor().posts}
    return may(visit.office, visit.actor(), act) and not own.isdisjoint(owners(request))


def _signs(visit: Visit, request: Request, places: list[Presence]) -> bool:
    """Whether a side of the person's may still sign: who asks, or a community for itself."""
    open_ = [one for one in places if one.state in UNSIGNED]
    if not open_ or not may(visit.office, visit.actor(), SIGN):
        return False
    own = {post.organisation_id for post in visit.actor().posts}
    return _asks(visit, request, SIGN) or any(one.organisation_id in own for one in open_)
