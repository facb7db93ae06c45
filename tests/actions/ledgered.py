"""经费账 builders: a voucher of any stage recorded by who records it and confirmed by who confirms."""

from typing import Any

import msgspec

from registry.actions.attaching import AttachCommand
from registry.actions.ledger import confirming, recording
from registry.actions.spending import recording as spending
from registry.domain.document import DocumentType
from registry.domain.funds import Chain, Voucher, VoucherCommand, VoucherLine, chain
from registry.domain.presence import Presence
from tests.actions import spent
from tests.actions.case import PAID_ON, Hands, attached

WHO: dict[str, tuple[str, str]] = {
    "order": ("dept.head", ""),
    "dispatch": ("finance.clerk", "finance.head"),
    "street_arrival": ("street.clerk", "street.head"),
    "community_arrival": ("community.cashier", "community.worker"),
    "expenditure": ("community.cashier", "community.head"),
    "advance": ("community.cashier", "community.head"),
    "repayment": ("community.cashier", "community.head"),
    "refund": ("community.cashier", "finance.head"),
    "surplus": ("community.cashier", "finance.head"),
    "increase": ("finance.clerk", "finance.head"),
    "decrease": ("finance.clerk", "finance.head"),
    "reallocate": ("dept.clerk", "finance.head"),
}
"""Stage → who records it and who confirms it, in the demo street of the first community."""
SPENDING = ("expenditure", "advance", "repayment")
HELD = {"refund": "community", "surplus": "community"}


def entry(presence: Presence, fen: int, **more: Any) -> dict[str, Any]:
    return {"presence_id": presence.id, "funding_key": "F1", "amount_fen": fen, **more}


def command(
    stage: str, *entries: dict[str, Any], request_id: str = "", **more: Any
) -> VoucherCommand:
    """A voucher; its number is unlike that of any other with other amounts."""
    total = sum(one["amount_fen"] for one in entries)
    filled = {
        "request_id": request_id or entries[0]["presence_id"].rpartition(".p")[0], "stage": stage,
        "number": f"{stage}-{total}", "fiscal_year": 2026, "dated_on": PAID_ON.isoformat(),
        "total_fen": total, "lines": list(entries), **more,
    }  # fmt: skip
    return msgspec.convert(filled, VoucherCommand)


def recorded(hand: Hands, by: str, given: VoucherCommand, *, spends: bool = False) -> Voucher:
    """``spends`` = sent and spent at once; who spends tells for what."""
    if spends or given.stage in SPENDING:
        told = spent.telling(given)
        kept: Voucher = hand(by).do(lambda d: spending.record(d, told)).voucher
        return kept
    kept = hand(by).do(lambda d: recording.record(d, given)).voucher
    return kept


def confirmed(hand: Hands, by: str, kept: Voucher) -> Voucher:
    after: Voucher = hand(by).do(lambda d: confirming.confirm(d, kept.id, kept.version)).voucher
    return after


def booked(hand: Hands, stage: str, presence: Presence, fen: int, **more: Any) -> Voucher:
    """One line recorded and, where another person confirms the stage, confirmed."""
    recorder, confirmer = WHO[stage]
    at = {"at": HELD[stage]} if stage in HELD else {}
    line = entry(presence, fen, **at, **more.pop("entry", {}))
    kept = recorded(hand, more.pop("by", recorder), command(stage, line, **more))
    return confirmed(hand, confirmer, kept) if confirmer else kept


def approval_of(hand: Hands, request_id: str) -> str:
    """A paper that approves a change, hung on its request."""
    paper = AttachCommand(
        parent_kind="request", parent_id=request_id, type=DocumentType.BASIS,
        name="追加批复(演示).pdf", not_secret=True,
    )  # fmt: skip
    return str(attached(hand, "dept.clerk", paper, b"%PDF-1.4 demo approval").id)


def grounded(hand: Hands, request_id: str) -> dict[str, Any]:
    """What 追加, 追减 and 调剂 rest on."""
    return {"document_id": approval_of(hand, request_id), "note": "经批准调整（演示）"}


def lines_of(hand: Hands, presence: Presence) -> list[VoucherLine]:
    reader = hand("auditor").office.store.reader
    return list(reader.find(VoucherLine, "990102", presence_id=presence.id))


def chain_now(hand: Hands, presence: Presence) -> Chain:
    return chain(lines_of(hand, presence))


def again(hand: Hands, presence: Presence) -> Presence:
    """A presence as it is now."""
    (found,) = hand("auditor").office.store.reader.find(Presence, "990102", id=presence.id)
    return found


def put(hand: Hands, record: Any, **fields: Any) -> Any:
    """A record as it would be after acts that are not tried here."""
    from registry.actions.office import Answer

    return hand("street.head").do(lambda d: Answer(body=d.unit.change(record, **fields)))
