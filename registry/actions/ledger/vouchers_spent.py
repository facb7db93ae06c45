"""支出明细 of a sheet of vouchers: the files, people and uses that its cells name."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import msgspec

from registry.actions.existing.whose import Told
from registry.actions.granting import admitted
from registry.actions.office import Desk
from registry.actions.spending.asking import uses_of
from registry.domain.document import Document
from registry.domain.people import Person
from registry.domain.records import Ident
from registry.domain.request import Request
from registry.domain.spending import Signatory, Uses
from registry.domain.voucher_sheets import VoucherCell

_NO_PAPER = Told(
    zh="该事项没有这个名称的附件，请先上传到该事项",
    en="no file of that name hangs on the item: upload it there first",
)
_SEVERAL_PAPERS = Told(
    zh="该事项有几个同名的附件，请填附件编号", en="several files of that name: give the id"
)
_NO_PERSON = Told(zh="没有这个人员", en="no such person")
_SEVERAL_PEOPLE = Told(zh="有几个同名的人员，请填用户名", en="several of that name: the user name")
_SEPARATED = re.compile(r"[;；、\n]+")
_SIGNED = {
    Signatory.HANDLED: "handled", Signatory.WITNESSED: "witnessed",
    Signatory.APPROVED: "approved", Signatory.SUPERVISED: "supervised",
}  # fmt: skip
_ALIKE = ("means", "served_on", "quantity", "unit", "text")
"""What a cell says as the particulars do."""
Found = dict[str, Any]
Wrong = list[tuple[str, Told]]


class Named:
    """所称: files, people and uses by the names that cells give them, read once."""

    def __init__(self, desk: Desk, cells: Iterable[VoucherCell]) -> None:
        self._desk = desk
        self._people = self._known(cells)
        self._papers = cache(self._hung)
        self._uses = cache(self._named_uses)

    def _known(self, cells: Iterable[VoucherCell]) -> dict[str, set[str]]:
        """Ids by user name and by name."""
        said = sorted({
            name for cell in cells for column in _SIGNED.values()
            if (name := getattr(cell.told, column))
        })  # fmt: skip
        found: dict[str, set[str]] = {}
        for by in ("username", "name") if said else ():
            for one in self._desk.unit.find(Person, **{by: said}):
                found.setdefault(getattr(one, by), set()).add(one.id)
        return found

    def _hung(self, *parents: str) -> dict[str, set[str]]:
        """Ids of files by name and by id."""
        found: dict[str, set[str]] = {}
        for one in self._desk.unit.find(Document, parent_id=sorted(parents)):
            if one.replaced_by is None:
                found.setdefault(one.name, set()).add(one.id)
                found[one.id] = {one.id}
        return found

    def paper(self, name: str, *parents: str) -> str | Told:
        """The file of that name which hangs on one of these."""
        return _one(self._papers(*parents).get(name), (_NO_PAPER, _SEVERAL_PAPERS))

    def _named_uses(self, request_id: str) -> dict[str, Uses]:
        """By funding line: what the rules on uses call them."""
        request = self._desk.unit.get(Request, request_id)
        told = [(line.key, uses_of(self._desk, request.filing.kind, line))
                for line in admitted(self._desk, request).funding]  # fmt: skip
        return {key: uses for key, uses in told if uses is not None}

    def particulars(self, cell: VoucherCell, line: tuple[str, str, str]) -> tuple[Found, Wrong]:
        """What a row tells of its spending, and what of it cannot be.

        Args:
            line: request, presence and funding line.
        """
        told, (request_id, presence_id, key) = cell.told, line
        use, wrong = self._use(told.use or "", request_id, key)
        signed, unsigned = self._signatures(cell)
        papers, missing = self._evidence(told.evidence or "", (request_id, presence_id))
        payee = {"kind": told.payee_kind, "name": told.payee, "account": told.account}
        return {
            **{name: getattr(told, name) for name in _ALIKE}, "use": use, "payee": payee,
            "invoice_number": told.invoice, "paid_on": told.paid_on or told.dated_on,
            "signatures": signed, "evidence_ids": papers,
        }, [*wrong, *unsigned, *missing]  # fmt: skip

    def _use(self, cell: str, request_id: str, key: str) -> tuple[str, Wrong]:
        """The word of a use; one that no rule lets pass is told by the rule, not here."""
        uses = self._uses(request_id).get(key)
        allowed, blocked = (uses.allowed, uses.blocked) if uses is not None else ({}, {})
        named = {zh: word for word, zh in {**blocked, **allowed}.items()}
        word = named.get(cell, cell)
        try:
            return msgspec.convert(word, Ident), []
        except msgspec.ValidationError:
            some = "、".join(allowed.values())
            zh, en = f"没有这个用途，可填：{some}", f"no such use; it takes {some}"
            return "", [("use", Told(zh=zh, en=en))]

    def _signatures(self, cell: VoucherCell) -> tuple[dict[str, str], Wrong]:
        found: dict[str, str] = {}
        wrong: Wrong = []
        for who, column in _SIGNED.items():
            name = getattr(cell.told, column)
            one = _one(self._people.get(name), (_NO_PERSON, _SEVERAL_PEOPLE)) if name else None
            if isinstance(one, Told):
                wrong.append((column, one))
            elif one is not None:
                found[who.value] = one
        return found, wrong

    def _evidence(self, cell: str, parents: tuple[str, str]) -> tuple[list[str], Wrong]:
        found = [self.paper(name, *parents) for name in _split(cell)]
        wrong = [("evidence", one) for one in found if isinstance(one, Told)]
        return [one for one in found if isinstance(one, str)], wrong


def _split(cell: str) -> Iterator[str]:
    return (name.strip() for name in _SEPARATED.split(cell) if name.strip())


def _one(found: set[str] | None, told: tuple[Told, Told]) -> str | Told:
    """The only one; else that there is none, or that there are several."""
    return told[0] if not found else next(iter(found)) if len(found) == 1 else told[1]
