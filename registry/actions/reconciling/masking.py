"""遮蔽 persons' names on statements: in full only for the account's holder and for auditors (P20)."""

from collections.abc import Iterable

import msgspec

from registry.actions.office import Desk, Office
from registry.actions.seeing import scopes
from registry.domain.bank import BankLine
from registry.domain.people import Actor
from registry.domain.spending import veiled

ACT = "bank.names.read"


def shown(office: Office, actor: Actor, lines: Iterable[BankLine]) -> list[BankLine]:
    """Lines as their reader may see them."""
    lines = list(lines)
    counties = {line.county for line in lines if line.personal}
    seen = [scope for county in sorted(counties) for scope in scopes(office, actor, ACT, county)]

    def whole(line: BankLine) -> bool:
        return not line.personal or any(
            scope.county == line.county
            and (
                line.account_id in scope.organisations
                or (scope.path is not None and line.area_path.startswith(scope.path))
            )
            for scope in seen
        )

    return [line if whole(line) else _veiled(line) for line in lines]


def one(desk: Desk, line: BankLine) -> BankLine:
    """One line as whoever acts on it may see it."""
    return shown(desk.office, desk.actor, [line])[0]


def _veiled(line: BankLine) -> BankLine:
    name = line.counterparty
    memo = line.memo.replace(name, veiled(name)) if name else line.memo
    return msgspec.structs.replace(line, counterparty=veiled(name), memo=memo)
