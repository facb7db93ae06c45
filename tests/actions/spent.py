"""支出 as the tests spend it: of everything spent the demo pack asks particulars."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from registry.actions.attaching import AttachCommand
from registry.actions.ledger import confirming
from registry.actions.ledger import recording as vouchers
from registry.actions.spending import recording
from registry.domain.audit import Finding
from registry.domain.document import DocumentType
from registry.domain.funds import VoucherCommand
from registry.domain.presence import Presence
from registry.domain.spending import Expenditure, ExpenditureCommand
from tests.actions import case
from tests.actions.case import Hands

LATER = datetime(2026, 4, 20, 4, 0, tzinfo=UTC)
"""After the money of the tests was sent."""
FUNDING: dict[str, Any] = {
    "key": "F1", "mode": "reimbursement", "payer_id": "o-990102-civil", "basis": "据实报销",
    "unit": "户", "rate_fen": 800, "quantity": 1000, "amount_fen": 800_000, "fiscal_year": 2026,
    "schedule": [{"due_on": "2026-03-20", "amount_fen": 800_000}],
}  # fmt: skip
SIGNED = {
    "handled": "person-community.worker", "witnessed": "person-station.worker",
    "approved": "person-community.head", "supervised": "person-community.supervisor",
}  # fmt: skip
ABOVE = SIGNED | {"approved": "person-county.head"}
SHOP = {"kind": "unit", "name": "演示图文店", "account": "6200 0000 0000 1234"}
ACCOUNT = "6200000000001234"


def funded(hand: Hands, amount_fen: int = 800_000, **changes: Any) -> Presence:
    """Admitted, and all of its money in the community's books."""
    request = case.admitted(hand, **{"funding": [FUNDING], **changes})
    presence = case.presence_of(hand, request)
    hand("auditor").office.clock.at = LATER
    case.funded(hand, presence, amount_fen, series=presence.id)
    return case.presence_of(hand, request)


def told(presence: Presence, **changes: Any) -> dict[str, Any]:
    """The particulars of one line."""
    return {
        "presence_id": presence.id, "funding_key": "F1", "amount_fen": 36_000, "use": "printing",
        "payee": SHOP, "means": "transfer", "invoice_number": "2600 0001", "signatures": SIGNED,
        "paid_on": "2026-04-18", **changes,
    }  # fmt: skip


def spending(presence: Presence, number: str, *lines: dict[str, Any], **head: Any) -> Any:
    """One voucher with its particulars; one line of the usual kind where none is given."""
    rows = list(lines) or [told(presence)]
    return msgspec.convert(
        {
            "request_id": presence.request_id, "number": number, "fiscal_year": 2026,
            "dated_on": "2026-04-20", "total_fen": sum(row["amount_fen"] for row in rows),
            "lines": rows, **head,
        },
        ExpenditureCommand,
    )  # fmt: skip


def telling(given: VoucherCommand) -> ExpenditureCommand:
    """The same voucher with what is told of each line; who approved it is above the community, so
    that anybody there may confirm it."""
    lender = {"lender": SHOP} if given.stage == "advance" else {}
    whole = msgspec.to_builtins(given)
    lines = [
        {
            "presence_id": line["presence_id"], "funding_key": line["funding_key"],
            "amount_fen": line["amount_fen"], "year": line["year"], "use": "printing",
            "payee": SHOP, "means": "transfer", "signatures": ABOVE,
            "invoice_number": f"{given.number} {line['presence_id'][-12:]}"[-40:],
            "paid_on": whole["dated_on"], "served_on": whole["dated_on"], **lender,
        }
        for line in whole["lines"]
    ]  # fmt: skip
    head = {n: whole[n] for n in ExpenditureCommand.__struct_fields__ if n in whole}
    return msgspec.convert(head | {"lines": lines}, ExpenditureCommand)


def spent(hand: Hands, command: Any, by: str = "community.cashier") -> recording.SpendingView:
    view: recording.SpendingView = hand(by).do(lambda d: recording.record(d, command))
    return view


def confirmed(hand: Hands, view: recording.SpendingView, by: str = "street.head") -> Any:
    id, version = view.voucher.id, view.voucher.version
    return hand(by).do(lambda d: confirming.confirm(d, id, version)).voucher


def kept(hand: Hands, **equals: Any) -> list[Expenditure]:
    return list(hand("auditor").office.store.reader.find(Expenditure, "990102", **equals))


def findings(hand: Hands, code: str) -> list[Finding]:
    """Open findings of one kind."""
    found = hand("auditor").office.store.reader.find(Finding, "990102", code=code)
    return [one for one in found if one.closed_on is None]


def paper(hand: Hands, presence: Presence, content: bytes, by: str = "community.cashier") -> str:
    """A sheet that shows a quantity."""
    command = AttachCommand(
        parent_kind="presence", parent_id=presence.id, type=DocumentType.PHOTO,
        name="签收表.pdf", not_secret=True,
    )  # fmt: skip
    return str(case.attached(hand, by, command, b"%PDF-1.4 " + content).id)


def days_later(hand: Hands, on: date) -> None:
    hand("auditor").office.clock.at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)


def taken_back(hand: Hands, view: recording.SpendingView, amount_fen: int, number: str) -> None:
    """Reversed by the community that issued it, confirmed by another there."""
    line = view.lines[0]
    presence = hand("auditor").office.store.reader.get(Presence, "990102", line.presence_id)
    assert presence is not None
    back = msgspec.structs.replace(
        case.voucher(presence, "reversal", number, amount_fen),
        reverses_id=view.voucher.id, dated_on=date(2026, 4, 20), note="登记有误",
    )  # fmt: skip
    made = hand("community.cashier").do(lambda d: vouchers.record(d, back)).voucher
    hand("community.worker").do(lambda d: confirming.confirm(d, made.id, made.version))
