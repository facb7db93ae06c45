"""年度 builders: opening balances of the demo county, signed; money left at the end of a year."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from registry.actions.ledger import confirming, recording
from registry.actions.years import bringing, closing, rehearsing, signing
from registry.domain.closing import OpeningBalance, YearClosing
from registry.domain.funds import VoucherCommand, VoucherLine
from registry.domain.presence import Presence
from registry.domain.records import civil
from tests.actions.case import Hands
from tests.actions.stocktaken import CODE, brought

HOME = "o-990102001001"
HEADER = "社区,事项名称,付款单位,来源年度,金额,存放,截止日期,文号"
LAMPS = "楼道灯具编号拍照"
ROW = f"{CODE},{LAMPS},o-990102-civil,2025,1.2万元,社区,2026-03-01,演财〔2026〕1号"
NEW_YEAR = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return ("\n".join((header, *(rows or (ROW,)))) + "\n").encode()


def imported(hand: Hands, *rows: str, by: str = "county.office", **more: Any) -> bringing.Brought:
    given = bringing.read("balances.csv", sheet(*rows, **more))
    told: bringing.Brought = hand(by).do(lambda d: bringing.bring_in(d, given))
    return told


def there(hand: Hands) -> Presence:
    """A matter that was there before."""
    return brought(hand, "items")[0]


def balance(hand: Hands, id: str) -> OpeningBalance:
    found: OpeningBalance = hand("auditor").office.store.reader.get(OpeningBalance, "990102", id)
    return found


def signed(hand: Hands, id: str, *by: str) -> OpeningBalance:
    """By the street, then the community, or by whoever is named."""
    command = signing.OpeningSignCommand()
    for who in by or ("street.head", "community.head"):
        held = balance(hand, id)
        hand(who).do(lambda d, h=held: signing.sign(d, h.id, h.version, command))
    return balance(hand, id)


def opened(hand: Hands, *rows: str) -> Presence:
    """A matter that was there before with its balances signed by both."""
    presence = there(hand)
    for id in imported(hand, *rows).balances:
        signed(hand, id)
    return presence


def closed(hand: Hands, year: int, by: str = "finance.clerk", body: str = HOME) -> YearClosing:
    command = closing.CloseCommand(organisation_id=body, year=year)
    made: YearClosing = hand(by).do(lambda d: closing.close(d, command))
    return made


def rehearsed(hand: Hands, year: int, by: str = "finance.clerk", **told: Any) -> Any:
    command = rehearsing.RehearseCommand(year=year, **told)
    person = hand(by)
    from registry.actions.office import Call

    call = Call(actor=person.actor, county=person.county, act="year.rehearse")
    return person.office.ask(call, lambda d: rehearsing.rehearse(d, command)).body


def given_back(hand: Hands, presence: Presence, amount: int, key: str, **told: Any) -> None:
    """结余上缴 by the community, confirmed by finance: money of any line, whatever the gates say."""
    day = civil(hand("auditor").office.clock())
    command = msgspec.convert(
        {
            "request_id": presence.request_id, "stage": "surplus", "number": f"缴{amount}",
            "fiscal_year": day.year, "dated_on": day.isoformat(), "total_fen": amount,
            "lines": [{"presence_id": presence.id, "funding_key": key, "amount_fen": amount,
                       "at": "community", **told}],
        },
        VoucherCommand,
    )  # fmt: skip
    kept = hand("community.cashier").do(lambda d: recording.record(d, command)).voucher
    hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))


def lines(hand: Hands, **equals: Any) -> list[VoucherLine]:
    found: list[VoucherLine] = hand("auditor").office.store.reader.find(
        VoucherLine, "990102", **equals
    )
    return found
