"""拨付到国库: a dispatch recorded in a county whose treasury is the fake one of the tests."""

from registry.actions.ledger import recording
from registry.actions.office import Office
from registry.actions.paying.carrying import carry
from registry.domain.funds import Voucher
from registry.domain.paying import Payment
from registry.domain.presence import Presence
from registry.gateways.calling import HttpTreasury, Line
from registry.gateways.treasuries import Treasuries, TreasurySetting, served_by
from tests.actions import case
from tests.actions.case import Hands, admitted, voucher
from tests.treasury import Treasury

COUNTY = "990102"
READ = 0.2
"""Seconds that the tests wait for an answer."""


def linked(office: Office, treasury: Treasury, **settings: int) -> None:
    """The county's payments go to this treasury from now on."""
    told = {"first_pause_seconds": 10, "longest_pause_seconds": 600, "rest_seconds": 60}
    setting = TreasurySetting(name="demo-treasury", url=treasury.url, **(told | settings))
    line = Line(url=treasury.url, bearer="not-a-secret-of-anybody", connect=READ, read=READ)
    served = served_by(setting, HttpTreasury("demo-treasury", line))
    office.treasuries = Treasuries({COUNTY: served})


def ordered(hand: Hands, amount_fen: int = 300_000) -> Presence:
    """Admitted work whose money was ordered."""
    presence = case.presence_of(hand, admitted(hand))
    command = voucher(presence, "order", f"令{amount_fen}", amount_fen)
    hand("dept.head").do(lambda d: recording.record(d, command))
    return presence


def dispatched(hand: Hands, presence: Presence, number: str, amount_fen: int) -> Voucher:
    """Recorded by the clerk of finance; whether it is sent is the gateway's matter."""
    command = voucher(presence, "dispatch", number, amount_fen)
    kept: Voucher = hand("finance.clerk").do(lambda d: recording.record(d, command)).voucher
    return kept


def of(office: Office, kept: Voucher) -> Payment:
    """The payment of a voucher as it stands."""
    return office.store.reader.find(Payment, COUNTY, voucher_id=kept.id)[0]


def now(office: Office, kept: Voucher) -> Voucher:
    """The voucher as it stands."""
    return office.store.reader.find(Voucher, COUNTY, id=kept.id)[0]


def carried(office: Office, kept: Voucher) -> Payment:
    """One round of what is due; how the payment stands then."""
    carry(office)
    return of(office, kept)
