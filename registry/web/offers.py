"""可办事项 which acts a page offers: what the person's posts may do, and the state of the record lets.

An offer is no promise: the act itself decides, and says why not.
"""

from typing import Any

from registry.actions.between.hearing import SPEAKING
from registry.actions.ledger.confirming import act_of
from registry.actions.office import Office
from registry.api.acting import Act
from registry.api.acts import ACTS
from registry.domain import bank, evaluating, living, presence, redress, request, spending
from registry.domain.people import Actor
from registry.domain.records import Record
from registry.web.shell import may

BY_NAME = {act.act: act for act in ACTS}
"""Every act by its name; where two paths do the same, the last."""
_STATE = request.State
_UNDER_WAY = {_STATE.SUBMITTED, _STATE.ACCEPTED, _STATE.RETURNED, _STATE.IN_REVIEW}
_DECIDED = {_STATE.APPROVED, _STATE.REJECTED, _STATE.NOT_ACCEPTED, _STATE.REVOKED}
_ADMITTED = {_STATE.APPROVED, _STATE.CLOSED}
BESIDE: dict[str, set[request.State]] = {
    "urge": _UNDER_WAY, "copy": set(_STATE) - {_STATE.DRAFT}, "changes": {_STATE.APPROVED},
    "renew": _ADMITTED, "leave": _ADMITTED, "review": _DECIDED,
}  # fmt: skip
"""States of a request that acts ask for which do not move it; the acts ask for more."""
MOVES: dict[type[Record], Any] = {
    request.Request: request.MOVES | BESIDE, presence.Presence: presence.MOVES,
    redress.Objection: redress.OBJECTION_MOVES, redress.Complaint: redress.COMPLAINT_MOVES,
    evaluating.ResidentReport: evaluating.REPORT_MOVES, spending.Claim: spending.CLAIM_MOVES,
    living.Acceptance: {"give": {living.AcceptanceState.ASKED}}, bank.BankLine: bank.LINE_MOVES,
}  # fmt: skip
"""Kinds of records whose states say which acts come next."""
_ID = "{id}"


def word_of(act: Act) -> str:
    """The verb in the path of an act; the record itself is edited."""
    last = act.path.rpartition("/")[2]
    return "edit" if last == _ID else last


def on_record(office: Office, actor: Actor, resource: str, record: Any) -> list[Act]:
    """What may perhaps be done with a record, in the order of the table."""
    begins = f"/{resource}/{_ID}"
    found = [act for act in ACTS if act.path == begins or act.path.startswith(begins + "/")]
    moves = MOVES.get(type(record))
    return [
        a for a in found
        if may(office, actor, _asked(a, record)) and _lets(moves, word_of(a), record)
    ]  # fmt: skip


def _asked(act: Act, record: Any) -> str:
    """What access calls an act: an opinion goes by the kind of the task it answers, a confirmation
    by the stage of its voucher."""
    if act.act == "voucher.confirm":
        return act_of(record)
    return SPEAKING[record.act] if act.act == "task.opine" else act.act


def _lets(moves: Any, word: str, record: Any) -> bool:
    if moves is None or word not in moves:
        return True
    return record.state in moves[word]


def anew(office: Office, actor: Actor, resource: str | None = None) -> list[Act]:
    """What may be begun without a record, perhaps of one resource alone."""
    return [
        act for act in ACTS
        if _ID not in act.path and may(office, actor, act.act)
        and resource in (None, act.path.split("/")[1])
    ]  # fmt: skip


_PAGES = {"audit-projects": "/audit/projects", "findings": "/audit/findings"}
"""Lists whose records have a page of their own, with what comes next."""


def page_of(resource: str) -> str:
    """Where records of a list are read, each by its id."""
    return _PAGES.get(resource, f"/records/{resource}")
