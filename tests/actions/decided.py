"""决定之后 builders: what is decided, by whom, and the colleague who looks at it again."""

from typing import Any

import msgspec

from registry.actions import approving
from registry.actions.afterwards import amending, revoking
from registry.actions.approving import DecideCommand
from registry.actions.office import Answer
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision
from registry.domain.audit import Finding
from registry.domain.people import Person, Post
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.serial import Serial
from tests.actions.case import Hands, accepted, drafted, examined, submitted

COUNTY = "990102"
BOTH = ["990102001001", "990102001002"]
"""Two communities of one street."""


def now(hand: Hands, record: Any) -> Any:
    """A record as it stands."""
    return hand("auditor").office.store.reader.get(type(record), COUNTY, record.id)


def rows(hand: Hands, kind: type[Any], **equals: Any) -> list[Any]:
    """Rows of the demo county as they stand."""
    return list(hand("auditor").office.store.reader.find(kind, COUNTY, **equals))


def decision_numbers(hand: Hands) -> list[Serial]:
    """Numbers taken for decisions; notices count in series of their own."""
    return [s for s in rows(hand, Serial) if s.number.startswith("示范准〔")]


def decision_of(hand: Hands, request: Request) -> Decision:
    """The decision that stands."""
    held = now(hand, request)
    return next(d for d in rows(hand, Decision) if d.id == held.decision_id)


def presences(hand: Hands, request: Request) -> list[Presence]:
    """In the order of their numbers."""
    found = rows(hand, Presence, request_id=request.id)
    return sorted(found, key=lambda p: int(p.id.rsplit(".p", 1)[1]))


def findings(hand: Hands, code: str) -> list[Finding]:
    return rows(hand, Finding, code=code)


def colleague(hand: Hands, of: str, username: str) -> None:
    """One more person in the same post of the same organisation."""
    person, post = rows(hand, Person, username=of)[0], None
    post = rows(hand, Post, person_id=person.id)[0]
    made = msgspec.structs.replace(person, id=f"u-{username}", username=username, version=1)
    held = msgspec.structs.replace(post, id=f"post-{username}", person_id=made.id, version=1)

    def verb(desk: Any) -> Answer:
        desk.unit.add(held)
        return Answer(body=desk.unit.add(made))

    hand("county.head").do(verb)


def changed(hand: Hands, original: Request, by: str = "dept.clerk", **changes: Any) -> Request:
    """A change of what was admitted, as a draft."""
    filing = msgspec.convert({**msgspec.to_builtins(original.filing), **changes},
                             type(original.filing))  # fmt: skip
    command = amending.ChangeCommand(filing=filing)
    version = now(hand, original).version
    view = hand(by).do(lambda d: amending.change(d, original.id, version, command))
    request: Request = view.request
    return request


def approved(hand: Hands, request: Request, by: str = "street.head", **fields: Any) -> Request:
    command = DecideCommand(**{"reason": "同意", **fields})
    held = now(hand, request)
    after: Request = hand(by).do(
        lambda d: approving.approve(d, held.id, held.version, command)
    ).request  # fmt: skip
    return after


def carried(hand: Hands, change: Request) -> Request:
    """A change on its whole way, as the street decides it."""
    return approved(hand, examined(hand, accepted(hand, submitted(hand, change))))


def rejected(hand: Hands, **changes: Any) -> Request:
    """不予准入 by the street."""
    request = examined(hand, accepted(hand, submitted(hand, drafted(hand, **changes))))
    command = DecideCommand(reason="可由部门自行办理")
    after: Request = hand("street.head").do(
        lambda d: approving.reject(d, request.id, request.version, command)
    ).request  # fmt: skip
    return after


def proposed(hand: Hands, request: Request, **fields: Any) -> Any:
    """拟撤销, told to the department."""
    command = revoking.ProposeCommand(**{
        "request_id": request.id, "reason": "依据有误", "clauses": ["第六条（虚构）"],
        "money_effect": "settle", "money_note": "据实结算", **fields,
    })  # fmt: skip
    return hand("street.head").do(lambda d: revoking.propose(d, command))


def heard(hand: Hands, held: Any, **fields: Any) -> Any:
    command = revoking.HearCommand(**{"text": "请据实结算", **fields})
    return hand("dept.head").do(lambda d: revoking.answer(d, held.id, held.version, command))


def revoked(hand: Hands, request: Request, by: str = "street.head") -> Request:
    command = revoking.RevokeCommand(reason="原准入没有依据")
    held = now(hand, request)
    after: Request = hand(by).do(
        lambda d: revoking.revoke(d, held.id, held.version, command)
    ).request  # fmt: skip
    return after


def agreement_of(hand: Hands, request: Request) -> Agreement:
    found: Agreement = rows(hand, Agreement, request_id=request.id)[0]
    return found
