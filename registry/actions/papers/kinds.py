"""文书目录 every paper there is: of which record, made by whom, and when there is one."""

from collections.abc import Callable
from typing import Any, NamedTuple

from registry.actions.office import HIDDEN, Call, Office
from registry.actions.papers import approving, deciding, doors, money, standing
from registry.actions.papers.book import Book, asked
from registry.actions.reading import ListQuery, one, page
from registry.domain.accounts import VoucherStage
from registry.domain.afterwards import Review
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision
from registry.domain.certifying import CertificateDemand
from registry.domain.closing import Clearance
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.living import Departure, Suspension
from registry.domain.movement import Movement, MovementKind
from registry.domain.paper import Paper
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.redress import Declining, Objection
from registry.domain.request import Request, State
from registry.domain.succession import Handover
from registry.domain.vouching import AdmissionNotice
from registry.domain.walls import CleanupOrder

_AT_ONCE = 256


class PaperKind(NamedTuple):
    """文书."""

    word: str
    resource: str
    """The list in which its record is found."""
    record: type[Record]
    zh: str
    en: str
    make: Callable[[Book, Any], Paper]
    there: Callable[[Any], bool] = lambda _: True
    """Whether a record has such a paper."""
    needs: str = ""
    """A reading act beside that of the record, without which there is none for the reader."""
    after: tuple[str, ...] = ()
    """Acts by which one is issued: whoever has done one of them is offered it at once."""


KINDS: tuple[PaperKind, ...] = (
    PaperKind("approval", "requests", Request, "审批表", "Approval sheet", approving.approval),
    PaperKind("acceptance", "requests", Request, "受理通知书", "Notice of acceptance",
              deciding.acceptance, lambda r: r.accepted_on is not None, after=("request.accept",)),
    PaperKind("supplement", "requests", Request, "补正通知书", "Notice of what is missing",
              deciding.supplement, lambda r: r.state is State.RETURNED and bool(r.return_items),
              after=("request.return",)),
    PaperKind("decision", "decisions", Decision, "决定书", "Decision", deciding.decision,
              after=("request.approve", "request.reject", "request.not_accept", "decision.void")),
    PaperKind("review", "reviews", Review, "复核决定书", "Decision on a review", deciding.review,
              lambda r: r.result_id is not None, after=("review.decide",)),
    PaperKind("notice", "admission-notices", AdmissionNotice, "准入通知书", "Admission notice",
              standing.notice),
    PaperKind("agreement", "agreements", Agreement, "协议书", "Agreement", standing.agreement),
    PaperKind("urging", "movements", Movement, "催办单", "Note asking after a case",
              standing.urging, lambda m: m.kind is MovementKind.URGE, after=("request.urge",)),
    PaperKind("suspension", "suspensions", Suspension, "暂停执行通知书", "Notice of suspension",
              standing.suspension, after=("presence.suspend",)),
    PaperKind("resumption", "suspensions", Suspension, "恢复执行通知书", "Notice of resumption",
              standing.resumption, lambda s: s.resumed_on is not None and not s.over,
              after=("presence.resume",)),
    PaperKind("departure", "departures", Departure, "退出通知书", "Notice of leaving",
              standing.departure,
              after=("presence.exit", "request.leave")),
    PaperKind("objection", "objections", Objection, "异议单", "Objection", doors.objection,
              after=("objection.raise", "objection.answer")),
    PaperKind("declining", "declinings", Declining, "不予承接告知书", "Refusal by a community",
              doors.declining,
              after=("presence.refuse", "declining.issue")),
    PaperKind("slip", "certificate-demands", CertificateDemand, "一次性告知单", "Slip on a certificate",
              doors.slip, after=("certificate_demand.record",)),
    PaperKind("cleanup", "cleanup-orders", CleanupOrder, "牌子清理通知单", "Order to clear",
              doors.cleanup, after=("cleanup.order",)),
    PaperKind("order", "vouchers", Voucher, "用款申请", "Application for money", money.order,
              lambda v: v.stage is VoucherStage.ORDER, after=("voucher.record",)),
    PaperKind("account", "presences", Presence, "对账单", "Statement of account", money.account,
              needs="voucher.read"),
    PaperKind("statement", "requests", Request, "对账单（全案）", "Statement of a whole matter",
              money.statement, lambda r: r.decision_id is not None and bool(r.filing.funding),
              needs="voucher.read"),
    PaperKind("clearance", "clearances", Clearance, "清算单", "Settlement sheet", money.clearance,
              after=("clearance.draw",)),
    PaperKind("handover", "handovers", Handover, "交接清单", "List of a handover", standing.handover,
              after=("handover.run",)),
)  # fmt: skip
BY_WORD = {kind.word: kind for kind in KINDS}


def made(office: Office, call: Call, word: str, id: str) -> Paper:
    """One paper, for whoever may read its record.

    Raises:
        Refusal: ``access.hidden`` where there is no such record or paper, ``access.reading``.
    """
    kind = BY_WORD.get(word)
    if kind is None:
        raise Refusal(HIDDEN)
    held = one(office, call.actor, kind.record, id, county=call.county)
    if not kind.there(held):
        raise Refusal(HIDDEN)
    return asked(office, call, lambda book: kind.make(book, held))


def issued(
    office: Office, call: Call, act: str, of: tuple[str, Any]
) -> tuple[PaperKind, str] | None:
    """The paper that an act has issued, and of which record; ``None`` where it issued none, or none
    that the person may read.

    Args:
        of: id of what the act was done to, and what it answered.
    """
    kind = next((one for one in KINDS if act in one.after), None)
    if kind is None:
        return None
    try:
        held = of[1] if isinstance(of[1], kind.record) else _left(office, call, kind, of)
    except Refusal:
        return None
    return (kind, held.id) if held is not None and kind.there(held) else None


def _left(office: Office, call: Call, kind: PaperKind, of: tuple[str, Any]) -> Any:
    """The record of a kind that an act on another has left behind: the case itself, its decision,
    else the latest of what belongs to it."""
    id, body = of
    if kind.record in (Request, Decision):
        case = getattr(body, "request", None)
        id = id if kind.record is Request else getattr(case, "decision_id", None) or ""
        return one(office, call.actor, kind.record, id, county=call.county)
    for field in ("presence_id", "request_id"):
        query = ListQuery(equals={field: id}, limit=_AT_ONCE, county=call.county)
        if field in kind.record.__struct_fields__:
            found = page(office, call.actor, kind.record, query).items
            if found:
                return max(found, key=lambda record: record.id)
    return None


def papers_of(record: Record) -> list[PaperKind]:
    """Papers that a record has now."""
    return [k for k in KINDS if isinstance(record, k.record) and k.there(record)]
