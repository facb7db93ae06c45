"""收款人 as it is kept: a name, a masked account, and a digest that tells nothing without the secret.

The full account is in nobody's hands after the act: not in a row, not in the log, not in an answer.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from registry.actions.office import Office
from registry.actions.seeing import scopes
from registry.domain.accounts import VoucherStage
from registry.domain.people import Actor
from registry.domain.records import Record
from registry.domain.spending import Expenditure, Payee, PayMeans, SpendingState, plain, veiled
from registry.store.visible import Scope

_NAMES = "expenditure.payee"
"""Who may read the name of a person who was paid, and the end of their account."""
_DIGESTS = "expenditure.compare"
"""Who may read the digest, to compare."""


class ExpenditureView(Record, frozen=True, kw_only=True):
    """支出 as it is read: a person who was paid is named only to the community, its street and the
    auditor."""

    voucher_id: str
    line_id: str
    stage: VoucherStage
    request_id: str
    presence_id: str
    organisation_id: str
    payer_id: str
    funding_key: str
    year: int
    area_path: str
    amount_fen: int
    use: str
    payee_kind: Literal["unit", "person"]
    payee_name: str
    payee_masked: str
    payee_digest: str | None
    """Told to auditors alone."""
    means: PayMeans
    invoice_number: str
    signatures: dict[str, str]
    quantity: int | None
    unit: str
    evidence_ids: list[str]
    paid_on: date
    served_on: date | None
    lender_kind: Literal["unit", "person"] | None
    lender_name: str
    text: str
    state: SpendingState
    claim_id: str | None
    needs_second: bool
    second_approver: str | None
    second_on: date | None


def digest(office: Office, payee: Payee) -> str:
    """The same for the same name and account, and nothing to who has not the secret.

    An account that is told already masked says nothing and is left out.
    """
    own = hmac.new(office.secret.encode(), b"registry payee", hashlib.sha256).digest()
    account = "" if "*" in payee.account else plain(payee.account)
    said = f"{payee.kind}\n{plain(payee.name)}\n{account}"
    return hmac.new(own, said.encode(), hashlib.sha256).hexdigest()


def shown(held: Expenditure, *, named: bool, compared: bool = False) -> ExpenditureView:
    """An expenditure as it is read.

    Args:
        named: with the names of persons.
        compared: with the digest of the payee.
    """
    told: dict[str, Any] = {n: getattr(held, n) for n in ExpenditureView.__struct_fields__}
    if not named and held.payee_kind == "person":
        told |= {"payee_name": veiled(held.payee_name), "payee_masked": "", "text": ""}
    if not named and held.lender_kind == "person":
        told |= {"lender_name": veiled(held.lender_name), "text": ""}
    return ExpenditureView(**told | {"payee_digest": held.payee_digest if compared else None})


def shown_to(office: Office, actor: Actor, rows: Sequence[Expenditure]) -> list[ExpenditureView]:
    """The same rows, each as this reader may see it."""
    names, digests = scopes(office, actor, _NAMES), scopes(office, actor, _DIGESTS)
    return [
        shown(row, named=_within(row, names), compared=_within(row, digests)) for row in rows
    ]  # fmt: skip


def _within(row: Expenditure, seen: Sequence[Scope]) -> bool:
    """Whether a row lies in one of the scopes: its community's own, or the area's."""
    return any(
        scope.county == row.county
        and (
            scope.whole
            or row.organisation_id in scope.organisations
            or (scope.path is not None and row.area_path.startswith(scope.path))
        )
        for scope in seen
    )
