"""所及 what one export reads: whose rows, of which moment, and as whom."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from registry.actions.exporting.writing import Batch, Veil
from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import ACT, SHARED, scopes, with_records
from registry.domain.agreement import Signature
from registry.domain.audit import Event, canonical, wire
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.exporting import Column, Holds, Sheet
from registry.domain.funds import VoucherLine
from registry.domain.notice import Notice
from registry.domain.people import Actor, Post
from registry.domain.presence import Receipt
from registry.domain.redress import Complaint
from registry.domain.request import Target
from registry.store.engine import Narrowed, Reading
from registry.store.exported import Rows, Wanted
from registry.store.recorded import records
from registry.store.visible import Scope

NO_SNAPSHOT = declare(
    "export.snapshot", RefusalKind.INVALID, "快照号应在 1 和 {head} 之间",
    "A snapshot is a number from 1 to {head}.",
)  # fmt: skip
Shown = Callable[[Office, Actor, list[Any]], Sequence[Any]]
"""How records are shown to somebody."""
_AS: dict[type[Any], str] = {
    VoucherLine: "voucher.read", Target: "request.read", Signature: "agreement.read",
    Receipt: "presence.read", Post: "people.read", Event: "event.read",
}  # fmt: skip
"""What has no list of its own, by the act under which it is read."""
READ_AS = ACT | _AS
"""By which act each kind of record is read."""


class Ground(NamedTuple):
    """所及."""

    office: Office
    county: str
    as_of: int
    sheets: dict[str, Sheet]
    actor: Actor | None = None
    """As whom it is read; ``None`` = by the operator, who has the database."""
    shown: dict[str, Shown] = {}
    """Sheets of which not everybody sees all that stands in a row."""

    def scopes(self, kind: type[Any]) -> list[Scope] | None:
        """What may be read of a kind; ``None`` = all."""
        if self.actor is None:
            return None
        if kind in SHARED:
            return [Scope(county=self.county, whole=True)]
        if kind is Notice:
            return []
        act = READ_AS.get(kind)
        found = [] if act is None else scopes(self.office, self.actor, act, self.county)
        if kind is Document and not on_a_letter(found):
            found += with_records(self.office, self.actor, self.county)
        return [s for s in found if s.whole] if kind is Event else found

    def rows(
        self, connection: Reading, sheet: Sheet, *, history: bool = False,
        narrowed: Narrowed = (),
    ) -> Rows | None:  # fmt: skip
        """The rows of a sheet; ``None`` where nothing of it may be read."""
        within = self.scopes(sheet.record)
        if within == []:
            return None
        wanted = Wanted(county=self.county, as_of=self.as_of, scopes=within, history=history)
        return Rows(connection, sheet, wanted, narrowed)

    def veil(self, sheet: Sheet) -> Veil | None:
        """How the rows are read where the reader may not see all that stands in them."""
        shown = self.shown.get(sheet.name)
        if self.actor is None or shown is None:
            return None
        return partial(_veiled, self.office, self.actor, shown)


def on_a_letter(found: Sequence[Scope] | None) -> bool:
    """Whether nothing is read but what a project or a letter opened (P30)."""
    return bool(found) and all(scope.projects for scope in found or ())


def ground(office: Office, county: str, as_of: int | None, sheets: dict[str, Sheet]) -> Ground:
    """A county at a moment, read whole.

    Raises:
        Refusal: ``export.snapshot``.
    """
    head = office.store.reader.head(county)
    at = head if as_of is None else as_of
    if not 0 < at <= head:
        raise Refusal(NO_SNAPSHOT, head=head)
    return Ground(office, county, at, sheets)


def looks(office: Office, actor: Actor, county: str) -> bool:
    """Whether somebody reads anything of a county today that not everybody reads: on a letter that
    has ended nobody does."""
    own = (*SHARED, Notice, Complaint)
    acts = sorted({act for kind, act in ACT.items() if kind not in own})
    return any(scopes(office, actor, act, county) for act in acts)


def readable(of: Ground, sheet: Sheet) -> None:
    """Raises ``access.reading`` where the reader may see nothing of a sheet."""
    if of.scopes(sheet.record) == []:
        raise Refusal(NOT_READABLE)


def _veiled(office: Office, actor: Actor, shown: Shown, rows: Rows) -> Iterator[Batch]:
    for batch in records(rows):
        told = shown(office, actor, [record for record, _ in batch])
        yield [
            [*(_value(view, column) for column in rows.sheet.columns), *rest]
            for view, (_, rest) in zip(told, batch, strict=True)
        ]


def _value(view: Any, column: Column) -> Any:
    found: Any = view
    for name in column.path:
        found = None if found is None else getattr(found, name)
    if found is None or isinstance(found, str | int | bool):
        return int(found) if isinstance(found, bool) else getattr(found, "value", found)
    if column.holds is Holds.JSON:
        return canonical(msgspec.to_builtins(found)).decode()
    return wire(found)
