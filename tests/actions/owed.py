"""应付 builders: what is paid late, held, cleared and given back, one function each."""

from datetime import date
from typing import Any

from registry.actions.ledger import confirming, recording
from registry.actions.owing import arrears, clearing, holding
from registry.actions.owing.arrears import Arrear, MoneyQuery
from registry.domain.accounts import Account
from registry.domain.audit import Finding
from registry.domain.closing import Clearance, Hold
from registry.domain.funds import Entry, Voucher
from registry.domain.presence import Presence
from tests.actions import flowed
from tests.actions.case import Hands, voucher
from tests.actions.decided import now, rows
from tests.actions.test_funding import changed

COUNTY = "990102"


def ruled(hand: Hands, **sections: str) -> None:
    """The demo county under a pack that says this of money besides; ``section=""`` takes it out."""
    files = flowed.read_folder(flowed.DEMO)
    text = files["pack.toml"]
    for name, body in sections.items():
        if f"\n[{name}]\n" in text:
            first = text.index(f"\n[{name}]\n")
            text = text[:first] + text[text.index("\n[", first + 2) :]
        if body:
            text = text.replace("\n[agreement]\n", f"\n[{name}]\n{body}\n\n[agreement]\n", 1)
    flowed.in_force(hand, {**files, "pack.toml": text})


def late(brings: str, within: int = 5, unit: str = "working") -> str:
    """[late_money]."""
    return (
        f'within = {{ days = {within}, unit = "{unit}", count_first_day = false }}\n'
        f'brings = "{brings}"\ngrade = "configured"'
    )


def moved(hand: Hands, presence: Presence, stage: str, amount_fen: int, **entry: Any) -> Voucher:
    """A voucher of one line recorded and confirmed by those whose it is, today."""
    by, confirmer = {
        "order": ("dept.head", ""), "dispatch": ("finance.clerk", "finance.head"),
        "street_arrival": ("street.clerk", "street.head"),
        "community_arrival": ("community.cashier", "community.worker"),
        "refund": ("community.cashier", "finance.head"),
        "street_refund": ("street.clerk", "finance.head"),
    }[stage]  # fmt: skip
    stage = stage.removeprefix("street_") if stage == "street_refund" else stage
    today = hand(by).office.clock().date()
    series = len(rows(hand, Voucher))
    command = changed(
        voucher(presence, stage, f"{stage}-{series}", amount_fen), dated_on=today,
        lines=[Entry(presence_id=presence.id, funding_key="F1", amount_fen=amount_fen, **entry)],
    )  # fmt: skip
    kept: Voucher = hand(by).do(lambda d: recording.record(d, command)).voucher
    if not confirmer:
        return kept
    after: Voucher = hand(confirmer).do(
        lambda d: confirming.confirm(d, kept.id, kept.version)
    ).voucher  # fmt: skip
    return after


WAY = ("order", "dispatch", "street_arrival", "community_arrival")


def sent(
    hand: Hands, presence: Presence, amount_fen: int, *, to: str = "community_arrival"
) -> None:
    """Money on its way as far as a stage."""
    for stage in WAY[: WAY.index(to) + 1]:
        moved(hand, presence, stage, amount_fen)


def refunded(hand: Hands, presence: Presence, amount_fen: int) -> Voucher:
    """Given back out of the community's books."""
    return moved(hand, presence, "refund", amount_fen, at=Account.COMMUNITY)


def drawn(hand: Hands, presence: Presence, by: str = "dept.clerk", **fields: Any) -> Clearance:
    held = now(hand, presence)
    command = clearing.ClearanceCommand(**{"funding_key": "F1", **fields})
    found: Clearance = hand(by).do(lambda d: clearing.draw(d, held.id, held.version, command))
    return found


def agreed_to(hand: Hands, clearance: Clearance, by: str = "community.head") -> Clearance:
    held = now(hand, clearance)
    found: Clearance = hand(by).do(lambda d: clearing.agree(d, held.id, held.version))
    return found


def held(hand: Hands, presence: Presence, amount_fen: int, by: str = "street.clerk") -> Hold:
    command = holding.HoldCommand(
        presence_id=presence.id, funding_key="F1", year=2026, amount_fen=amount_fen,
        reason="等待社区提供新账号", until=date(2026, 4, 30),
    )  # fmt: skip
    found: Hold = hand(by).do(lambda d: holding.record(d, command))
    return found


def arrears_of(hand: Hands, by: str, **query: Any) -> list[Arrear]:
    person = hand(by)
    return arrears.arrears(person.office, person.actor, MoneyQuery(**query)).items


def finding(hand: Hands, code: str) -> list[Finding]:
    """Those of a code that stand."""
    return [f for f in rows(hand, Finding, code=code) if f.closed_on is None]
