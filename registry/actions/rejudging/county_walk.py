"""试算走查 one county's cases walked and judged by two rulebooks: what changed is told."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO, Any, Protocol

import msgspec

from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.rejudging.restating import Restated, Restater
from registry.domain.areas import Area
from registry.domain.catalogue import MatterList
from registry.domain.pack import PublishedPack
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.policies.simulation import (
    CHANGE_ZH,
    Change,
    Stand,
    Summary,
    Tally,
    Weighed,
    change,
    plain,
)
from registry.store.scan import BATCH, Case, Moment, Range, in_force, pieces, steady, walk, wholes

HEADER = (
    "县（市、区）", "申请编号", "状态", "类别", "标题", "申请单位", "范围", "变化",
    "现行结果", "拟定结果", "现行理由", "拟定理由", "涉及资金(分)", "在办进驻数",
)  # fmt: skip


class Writer(Protocol):
    """What a page of CSV is written with."""

    def writerow(self, row: Sequence[str], /) -> Any:
        """One row."""


class _Line(msgspec.Struct, frozen=True):
    amount_fen: int = 0


class _Money(msgspec.Struct, frozen=True):
    targets: list[str]
    funding: list[_Line] = []


class _Filed(msgspec.Struct, frozen=True):
    """Of a request's body, what a changed answer is weighed by."""

    filing: _Money


_money = msgspec.json.Decoder(_Filed)


class Order(Wire, frozen=True, kw_only=True):
    """试算范围: which draft, where, on which day."""

    draft: PublishedPack | None = None
    matters: MatterList | None = None
    """The text of a list that is tried instead of a pack."""
    counties: list[str]
    on: date

    @property
    def tried(self) -> PublishedPack | MatterList:
        """What is tried: one of the two."""
        found = self.draft or self.matters
        if found is None:
            raise ValueError("nothing to be tried")
        return found


class CountyWalk:
    """试算 of one county on one connection."""

    def __init__(self, office: Office, connection: Moment, order: Order, county: str) -> None:
        books = office.rulebooks
        before, after = books.of(county, order.on), books.trial(county, order.tried, order.on)
        self._restater = Restater(office, connection, county, books=[before, after], on=order.on)
        self._connection, self._county = connection, county
        self.tally = Tally(order.on)
        areas = office.store.reader.find(Area, county)
        self._areas = {key: a for a in areas for key in (a.id, a.code)}
        self._names = {
            o.id: o.name for c in above(county) for o in office.store.reader.find(Organisation, c)
        }

    def run(self, within: Range, writer: Writer, size: int = BATCH) -> Iterator[int]:
        """Judge a range of cases, batch by batch; yields how many each had."""
        for batch in walk(self._connection, self._county, within, size=size):
            found = self._restater.restated(batch)
            judged = [(case, one) for case, one in found if one is not None]
            self.tally.unreadable += len(found) - len(judged)
            self.tally.same(len(found), sum(one.reused for _, one in judged))
            changed = [(c, one) for c, one in judged if one.stands[0] != one.stands[1]]
            for some in pieces(changed):
                self._tell(some, writer)
            yield len(batch)

    def _tell(self, changed: Sequence[tuple[Case, Restated]], writer: Writer) -> None:
        words = [(c, r, change(*r.stands)) for c, r in changed]
        told = [one for one in words if one[2] is not Change.SAME]
        if not told:
            return
        ids = [c.id for c, _, _ in told]
        whole = wholes(self._connection, self._county, ids)
        live = in_force(self._connection, self._county, ids)
        for case, restated, word in told:
            asked = _money.decode(self._restater.granted(case, whole[case.id]).body).filing
            weighed = Weighed(
                change=word, applicant_id=case.applicant_id, kind=case.kind,
                areas=[self._code(t) for t in asked.targets],
                amount_fen=sum(line.amount_fen for line in asked.funding),
                in_force=live[case.id],
            )  # fmt: skip
            self.tally.add(weighed)
            row = self._row((case, whole[case.id].title), weighed, restated.stands)
            writer.writerow(row)

    def _code(self, target: str) -> str:
        found = self._areas.get(target)
        return found.code if found else target

    def _row(
        self, titled: tuple[Case, str], weighed: Weighed, stands: Sequence[Stand]
    ) -> list[str]:
        case, title = titled
        names = [a.name for code in weighed.areas if (a := self._areas.get(code))]
        before, after = stands
        told = (
            self._county, case.id, case.state, case.kind, title,
            self._names.get(case.applicant_id, case.applicant_id), "、".join(names),
            CHANGE_ZH[weighed.change], before.outcome.value, after.outcome.value,
            " ".join(before.deciding), " ".join(after.deciding),
            str(weighed.amount_fen), str(weighed.in_force),
        )  # fmt: skip
        return [plain(cell) for cell in told]


def walked(
    office: Office, order: Order, part: tuple[str, Range, IO[str]], say: Callable[[int], None]
) -> Summary:
    """Walk a range of one county's cases and list what changed; ``say`` is told of each batch."""
    county, within, stream = part
    with steady(office.store.reader) as connection:
        made = CountyWalk(office, connection, order, county)
        for judged in made.run(within, csv.writer(stream)):
            say(judged)
        return made.tally.summary()
