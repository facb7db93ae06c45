"""一件案子: the steps of the main job as the tests take them, one function a step."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from registry.actions import agreeing, approving, attaching, filing, presences, submitting
from registry.actions.attaching import AttachCommand
from registry.actions.ledger import confirming, recording
from registry.actions.office import Call
from registry.domain.agreement import Agreement, SignCommand, TermsCommand
from registry.domain.document import Document, DocumentType
from registry.domain.filing import Filing
from registry.domain.funds import VoucherCommand
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.request import Request

HERE = "a-990102001001"
"""The demo community of community.*; its code is 990102001001."""
VILLAGE = "a-990102100200"

OFF_LIST: dict[str, Any] = {
    "kind": "task",
    "title": "楼道灯具编号拍照",
    "applicants": [{"organisation_id": "o-990102-civil", "leading": True, "duties": "组织实施"}],
    "receivers": ["residents_committee"],
    "targets": ["990102001001"],
    "role": "assist",
    "content": "协助民政部门登记楼道灯具",
    "standard": "一户不漏",
    "responsible_party": "县民政局（演示）",
    "concerns_residents": True,
    "bases": [{"level": "policy", "title": "演示文件", "document_number": "演民发〔2026〕1号"}],
    "duration": "phase",
    "starts_on": "2026-04-01",
    "ends_on": "2026-06-30",
    "funding": [
        {
            "key": "F1", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "按户",
            "unit": "户", "rate_fen": 800, "quantity": 1000, "amount_fen": 800000,
            "fiscal_year": 2026,
            "schedule": [
                {"due_on": "2026-03-20", "amount_fen": 300000},
                {"due_on": "2026-06-01", "amount_fen": 500000},
            ],
        }
    ],
}  # fmt: skip

Hands = Callable[[str], Any]


def filing_of(**changes: Any) -> Filing:
    """The off-list filing with some fields changed."""
    return msgspec.convert({**OFF_LIST, **changes}, Filing)


def drafted(hand: Hands, **changes: Any) -> Request:
    command = filing.DraftCommand(filing=filing_of(**changes))
    request: Request = hand("dept.clerk").do(lambda d: filing.draft(d, command)).request
    return request


def submitted(hand: Hands, request: Request, **command: Any) -> Request:
    order = submitting.SubmitCommand(**command)
    view = hand("dept.head").do(lambda d: submitting.submit(d, request.id, request.version, order))
    after: Request = view.request
    return after


def accepted(hand: Hands, request: Request, by: str = "street.clerk") -> Request:
    view = hand(by).do(lambda d: approving.accept(d, request.id, request.version))
    after: Request = view.request
    return after


def examined(hand: Hands, request: Request, by: str = "street.clerk") -> Request:
    task = open_tasks(hand, by, request)[0]
    command = approving.OpinionCommand(ballot="agree", text="材料齐全")
    view = hand(by).do(lambda d: approving.opine(d, task.id, task.version, command))
    after: Request = view.request
    return after


def open_tasks(hand: Hands, by: str, request: Request) -> list[Any]:
    from registry.domain.approval import Task

    person = hand(by)
    return list(
        person.office.store.reader.find(
            Task, person.county, request_id=request.id, state="open",
            organisation_id=[p.organisation_id for p in person.actor.posts],
        )
    )  # fmt: skip


def approved(hand: Hands, request: Request, by: str = "street.head") -> Request:
    command = approving.DecideCommand(reason="同意")
    view = hand(by).do(lambda d: approving.approve(d, request.id, request.version, command))
    after: Request = view.request
    return after


def admitted(hand: Hands, **changes: Any) -> Request:
    """The whole way to 准予准入 in one street."""
    request = accepted(hand, submitted(hand, drafted(hand, **changes)))
    return approved(hand, examined(hand, request))


def presence_of(hand: Hands, request: Request) -> Presence:
    person = hand("community.head")
    found = person.office.store.reader.find(Presence, person.county, request_id=request.id)
    return found[0]


def attached(hand: Hands, by: str, command: AttachCommand, content: bytes) -> Document:
    """A file laid on disk and recorded, as the door does it."""
    person = hand(by)
    call = Call(actor=person.actor, county=person.county, act="document.upload")
    stored = attaching.keep(person.office, call, command, content)
    document: Document = person.do(lambda d: attaching.attach(d, command, stored))
    return document


def scanned(hand: Hands, by: str, agreement: Agreement) -> str:
    command = AttachCommand(
        parent_kind="agreement", parent_id=agreement.id, type=DocumentType.AGREEMENT,
        name=f"协议扫描件-{by}.pdf", not_secret=True,
    )  # fmt: skip
    content = b"%PDF-1.4 demo " + by.encode()
    return str(attached(hand, by, command, content).id)


def agreed(hand: Hands, request: Request) -> Presence:
    """Offered by the department, signed by both sides on paper."""
    terms = TermsCommand(
        request_id=request.id, responsibility="民政局负责培训和经费", acceptance="抽查"
    )
    signed(hand, hand("dept.clerk").do(lambda d: agreeing.offer(d, terms)))
    return presence_of(hand, request)


def signed(hand: Hands, agreement: Agreement) -> None:
    """By both sides, on paper, as the text stands."""
    reader = hand("auditor").office.store.reader
    presence = reader.find(Presence, "990102", request_id=agreement.request_id)[0]
    for by in ("dept.head", "community.head"):
        scan = scanned(hand, by, agreement)
        order = SignCommand(presence_id=presence.id, document_id=scan, original_at="档案室一号柜")
        agreement = hand(by).do(
            lambda d, a=agreement, o=order: agreeing.sign(d, a.id, a.version, o)
        )


PAID_ON = date(2026, 3, 2)
"""The day of the tests' clock: no voucher is dated ahead of it."""


def voucher(
    presence: Presence, stage: str, number: str, amount_fen: int, *, on: date = PAID_ON
) -> VoucherCommand:
    return msgspec.convert(
        {
            "request_id": presence.request_id, "stage": stage, "number": number,
            "fiscal_year": on.year, "dated_on": on.isoformat(),
            "total_fen": amount_fen,
            "lines": [{"presence_id": presence.id, "funding_key": "F1", "amount_fen": amount_fen}],
        },
        VoucherCommand,
    )  # fmt: skip


STEPS = (
    ("dispatch", "finance.clerk", "finance.head"),
    ("street_arrival", "street.clerk", "street.head"),
    ("community_arrival", "community.cashier", "community.worker"),
)


def funded(hand: Hands, presence: Presence, amount_fen: int, series: str = "1") -> None:
    """Ordered, dispatched, arrived at the street, passed on to the community, each confirmed."""
    on = civil(hand("dept.head").office.clock())
    order = voucher(presence, "order", f"令{series}", amount_fen, on=on)
    hand("dept.head").do(lambda d: recording.record(d, order))
    for stage, recorder, confirmer in STEPS:
        command = voucher(presence, stage, f"{stage}{series}", amount_fen, on=on)
        kept = hand(recorder).do(lambda d, c=command: recording.record(d, c)).voucher
        hand(confirmer).do(lambda d, v=kept: confirming.confirm(d, v.id, v.version))


def started(hand: Hands, presence: Presence) -> Presence:
    after: Presence = hand("community.head").do(
        lambda d: presences.start(d, presence.id, presence.version)
    )
    return after
