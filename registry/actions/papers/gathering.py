"""卷内记录 every record that belongs to a case, as its reader may see it."""

import json
from typing import Any

import msgspec

from registry.actions.papers.book import Book
from registry.actions.papers.deciding import applicants
from registry.actions.seeing import ACT
from registry.actions.spending.payees import shown_to
from registry.domain.agreement import Agreement, Signature
from registry.domain.audit import Finding
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.notice import Notice
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request
from registry.domain.spending import Expenditure

_LEFT_OUT = (Request, Notice, Expenditure, VoucherLine)
"""The case itself, one's own alone, or told together with what they belong to."""
_ABOUT = (Presence, Voucher)
"""Besides the request: records of a case that a finding may be about."""


class Gathered:
    """卷内记录, by kind."""

    def __init__(self, request: Request, applicant: str, told: dict[str, list[Any]]) -> None:
        self.applicant = applicant
        self._told = {"Request": [request], **told}

    def of(self, kind: type[Record]) -> list[Any]:
        """Those of a kind, in the order of their ids."""
        return self._told.get(kind.__name__, [])

    def metadata(self) -> bytes:
        """All of them as they stand, in the order of kinds and ids."""
        plain = {
            name: [msgspec.to_builtins(record) for record in held]
            for name, held in sorted(self._told.items()) if held
        }  # fmt: skip
        text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)
        return (text + "\n").encode("utf-8", "replace")


def gathered(book: Book, request: Request) -> Gathered:
    """The records of a case that its reader may read; signatures stand with their agreements,
    lines with their vouchers, expenditures as they are shown to the reader."""
    told = {kind.__name__: _mine(book, kind, request_id=request.id) for kind in _kinds()}
    told["Signature"] = [
        one for agreement in told[Agreement.__name__]
        for one in _sorted(book.unit.find(Signature, agreement_id=agreement.id))
    ]  # fmt: skip
    told["VoucherLine"] = [
        one for voucher in told[Voucher.__name__]
        for one in _sorted(book.unit.find(VoucherLine, voucher_id=voucher.id))
    ]  # fmt: skip
    spent = _mine(book, Expenditure, request_id=request.id)
    told["Expenditure"] = shown_to(book.office, book.actor, spent) if spent else []
    about = [request.id, *(one.id for kind in _ABOUT for one in told[kind.__name__])]
    told["Finding"] = [one for id in about for one in _mine(book, Finding, object_id=id)]
    return Gathered(request, applicants(book, request.filing, request.applied_on), told)


def _kinds() -> list[type[Record]]:
    """Every kind of record that names its case, by name."""
    found = [k for k in ACT if "request_id" in k.__struct_fields__ and k not in _LEFT_OUT]
    return sorted(found, key=lambda kind: kind.__name__)


def _mine(book: Book, kind: type[Record], **equals: Any) -> list[Any]:
    return _sorted(book.mine(kind, **equals))


def _sorted(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda record: record.id)
