"""编号 of vouchers that nobody numbers by hand: the next free one of a community's own numbers."""

from registry.actions.office import Desk
from registry.domain.funds import Voucher
from registry.store.counting import hold


def free_number(desk: Desk, issuer_id: str, year: int, title: str) -> str:
    """期初2026-1, 期初2026-2 …: never one that was used, voided ones too (E13)."""
    return free_numbers(desk, issuer_id, year, (title, 1))[0]


def free_numbers(desk: Desk, issuer_id: str, year: int, wanted: tuple[str, int]) -> list[str]:
    """As many free numbers of a title as are wanted, in order."""
    hold(desk.unit.connection, desk.unit.county, f"vouchers {issuer_id}")
    title, many = wanted
    used = {v.number for v in desk.unit.find(Voucher, issuer_id=issuer_id, fiscal_year=year)}
    found: list[str] = []
    at = 0
    while len(found) < many:
        at += 1
        number = f"{title}{year}-{at}"
        if number not in used:
            found.append(number)
    return found
