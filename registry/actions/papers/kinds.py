"""文书目录 every paper there is: of which record, made by whom, and when there is one."""

from collections.abc import Callable
from typing import Any, NamedTuple

from registry.actions.office import HIDDEN, Call, Office
from registry.actions.papers import approving, deciding, doors, money, standing
from registry.actions.papers.book import Book, asked
from registry.actions.reading import one
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


KINDS: tuple[PaperKind, ...] = (
    PaperKind("approval", "requests", Request, "审批表", "Approval sheet", approving.approval),
    PaperKind("acceptance", "requests", Request, "受理通知书", "Notice of acceptance",
              deciding.acceptance, lambda r: r.accepted_on is not None),
    PaperKind("supplement", "requests", Request, "补正通知书", "Notice of what is missing",
              deciding.supplement, lambda r: r.state is State.RETURNED and bool(r.return_items)),
    PaperKind("decision", "decisions", Decision, "决定书", "Decision", deciding.decision),
    PaperKind("review", "reviews", Review, "复核决定书", "Decision on a review", deciding.review,
              lambda r: r.result_id is not None),
    PaperKind("notice", "admission-notices", AdmissionNotice, "准入通知书", "Admission notice",
              standing.notice),
    PaperKind("agreement", "agreements", Agreement, "协议书", "Agreement", standing.agreement),
    PaperKind("urging", "movements", Movement, "催办单", "Note asking after a case",
              standing.urging, lambda m: m.kind is MovementKind.URGE),
    PaperKind("suspension", "suspensions", Suspension, "暂停执行通知书", "Notice of suspension",
              standing.suspension),
    PaperKind("resumption", "suspensions", Suspension, "恢复执行通知书", "Notice of resumption",
              standing.resumption, lambda s: s.resumed_on is not None and not s.over),
    PaperKind("departure", "departures", Departure, "退出通知书", "Notice of leaving",
              standing.departure),
    PaperKind("objection", "objections", Objection, "异议单", "Objection", doors.objection),
    PaperKind("declining", "declinings", Declining, "不予承接告知书", "Refusal by a community",
              doors.declining),
    PaperKind("slip", "certificate-demands", CertificateDemand, "一次性告知单", "Slip on a certificate",
              doors.slip),
    PaperKind("cleanup", "cleanup-orders", CleanupOrder, "牌子清理通知单", "Order to clear",
              doors.cleanup),
    PaperKind("order", "vouchers", Voucher, "用款申请", "Application for money", money.order,
              lambda v: v.stage is VoucherStage.ORDER),
    PaperKind("account", "presences", Presence, "对账单", "Statement of account", money.account,
              needs="voucher.read"),
    PaperKind("statement", "requests", Request, "对账单（全案）", "Statement of a whole matter",
              money.statement, lambda r: r.decision_id is not None and bool(r.filing.funding),
              needs="voucher.read"),
    PaperKind("clearance", "clearances", Clearance, "清算单", "Settlement sheet", money.clearance),
    PaperKind("handover", "handovers", Handover, "交接清单", "List of a handover", standing.handover),
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


def papers_of(record: Record) -> list[PaperKind]:
    """Papers that a record has now."""
    return [k for k in KINDS if isinstance(record, k.record) and k.there(record)]
