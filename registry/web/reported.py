"""报表指标 every figure of the reports for leaders: of the period, the one before and the same a year
before, each with the very query that its rows answer (P30).

What is counted is what the reader may read; of records that they may not read a figure is a dash.
Results of evaluations are counts of what was decided, never of whom (P9).
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple, cast
from urllib.parse import urlencode

from registry.actions.burden.formulas import FORMULAS
from registry.actions.burden.weighing import BurdenQuery, burden
from registry.actions.owing.late_lines import late_lines
from registry.actions.querying.many import many_of_each
from registry.actions.reading import NOT_READABLE, ListQuery
from registry.actions.statements.detail import Turnover, turnovers
from registry.api.lists import RESOURCES, list_query
from registry.domain.accounts import VoucherStage
from registry.domain.approval import DecisionKind
from registry.domain.errors import Refusal
from registry.domain.evaluating import Proposal, Rater
from registry.domain.records import civil
from registry.domain.redress import GROUND_ZH
from registry.domain.request import State
from registry.web.county import STEPS
from registry.web.visit import Visit

MONEY = (VoucherStage.PLEDGE, VoucherStage.INCREASE, VoucherStage.DECREASE, VoucherStage.ORDER,
         VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL,
         VoucherStage.EXPENDITURE, VoucherStage.ADVANCE, VoucherStage.REPAYMENT,
         VoucherStage.REFUND, VoucherStage.SURPLUS)  # fmt: skip
"""What vouchers of the period moved, stage by stage; the chain nets one against the other."""
LATE = ("objections", "complaints", "resident-reports", "cleanup-orders", "legacy-reviews")
"""Lists whose rows say that they are overdue, as their own clocks have it."""
STOCK = ("items", "items_legacy", "hours_year", "boards", "boards_legacy", "bureaus",
         "certificates", "reports")  # fmt: skip
"""Figures of the burden at the end of a period."""
_QUARTER, _PERMILLE = 3, 1000


class Span(NamedTuple):
    """期间, both days within it."""

    first: date
    last: date


class Cell(NamedTuple):
    """一个数字: how it is written, what it is, where its rows are; ``None`` = not told."""

    said: str
    value: int | None = None
    to: str = ""


class Listed(NamedTuple):
    """待数: a figure that is a number of rows of a list, before they are counted."""

    resource: str
    asked: dict[str, str]


class Row(NamedTuple):
    """一行: of this period, the last, the same a year before."""

    group: str
    name: str
    cells: tuple[Cell, Cell, Cell]

    def change(self, of: int) -> str:
        """By how much this period is more than another, in percent; empty = of nothing."""
        now, then = self.cells[0].value, self.cells[of].value
        if now is None or not then:
            return ""
        tenths = round((now - then) * _PERMILLE / abs(then))
        return f"{tenths / 10:+.1f}%" if tenths else "0.0%"


class Asked(NamedTuple):
    """一行, of which some figures are still to be counted."""

    group: str
    name: str
    cells: tuple[Cell | Listed, Cell | Listed, Cell | Listed]


class Reported:
    """报表 of one reader: asks each figure of each period."""

    def __init__(self, visit: Visit, spans: tuple[Span, Span, Span]) -> None:
        self._visit, self._spans, self._t = visit, spans, visit.tongue.t
        self._none = Cell(self._t("county.unread"))
        self._today = civil(visit.office.clock())

    def rows(self) -> list[Row]:
        """Every figure, in its order."""
        asked = [*self._filed(), *self._decided(), *self._declined(), *self._late(),
                 *self._stock(), *self._evaluated(), *self._money()]  # fmt: skip
        told = self._counted([c for row in asked for c in row.cells if isinstance(c, Listed)])
        return [
            Row(row.group, row.name, cast("tuple[Cell, Cell, Cell]", tuple(
                next(told) if isinstance(cell, Listed) else cell for cell in row.cells
            )))
            for row in asked
        ]  # fmt: skip

    def _row(
        self, group: str, name: str, ask: Callable[[Span], Cell | Listed], *, now: bool = False
    ) -> Asked:  # fmt: skip
        first, second, third = self._spans
        rest = (Cell("—"), Cell("—")) if now else (ask(second), ask(third))
        return Asked(self._t(f"county.{group}"), name, (ask(first), *rest))

    def _listed(self, resource: str, where: dict[str, str], day: str = "") -> Callable[..., Listed]:
        def ask(span: Span) -> Listed:
            days = {f"{day}.ge": f"{span.first}", f"{day}.le": f"{span.last}"} if day else {}
            return Listed(resource, where | days)

        return ask

    def _counted(self, figures: list[Listed]) -> Iterator[Cell]:
        """How many rows each list has under conditions, a statement a list, in their order."""
        told: dict[int, Cell] = {}
        for resource in dict.fromkeys(one.resource for one in figures):
            own = [(at, one) for at, one in enumerate(figures) if one.resource == resource]
            cells = self._of_list(resource, [one.asked for _, one in own])
            told |= {at: cell for (at, _), cell in zip(own, cells, strict=True)}
        return (told[at] for at in range(len(figures)))

    def _of_list(self, resource: str, asked: list[dict[str, str]]) -> list[Cell]:
        visit, kind, queries = self._visit, RESOURCES[resource], list[ListQuery]()
        for one in asked:
            visit.query = dict(one)
            queries.append(list_query(kind, visit))
        found = many_of_each(visit.office, visit.actor(), kind.record, queries)
        if found is None:
            return [self._none] * len(asked)
        return [
            Cell(str(many), many, f"/records/{resource}?{urlencode(one)}")
            for many, one in zip(found, asked, strict=True)
        ]

    def _filed(self) -> list[Asked]:
        steps = [
            (word, {"state.in": ",".join(sorted(s.value for s in of))}) for word, of in STEPS
        ]  # fmt: skip
        steps.append(("returned", {"state": State.RETURNED.value}))
        return [
            self._row("g_filed", self._t(f"county.{word}"),
                      self._listed("requests", where, "applied_on"))
            for word, where in steps
        ]  # fmt: skip

    def _decided(self) -> list[Asked]:
        kinds = (DecisionKind.ADMITTED, DecisionKind.NOT_ADMITTED, DecisionKind.NOT_ACCEPTED,
                 DecisionKind.REVOKED)  # fmt: skip
        return [
            self._row("g_decided", self._visit.tongue.code(kind),
                      self._listed("decisions", {"kind": kind.value}, "issued_on"))
            for kind in kinds
        ]  # fmt: skip

    def _declined(self) -> list[Asked]:
        rows = [
            self._row("g_declined", self._visit.tongue.word("ground", ground),
                      self._listed("declinings", {"ground": ground}, "issued_on"))
            for ground in GROUND_ZH
        ]  # fmt: skip
        for name, resource, day in (
            ("findings", "findings", "opened_on"), ("complaints", "complaints", "received_on"),
            ("heard", "resident-reports", "received_on"),
        ):  # fmt: skip
            rows.append(self._row("g_heard", self._t(f"county.{name}"),
                                  self._listed(resource, {}, day)))  # fmt: skip
        return rows

    def _late(self) -> list[Asked]:
        tongue = self._visit.tongue
        rows = [
            self._row("g_late", tongue.pair(RESOURCES[one].zh, RESOURCES[one].en),
                      self._listed(one, {"overdue": "true"}), now=True)
            for one in LATE
        ]  # fmt: skip
        return [*rows, self._row("g_late", self._t("county.owed"), self._owed, now=True)]

    def _owed(self, _span: Span) -> Cell:
        """应付未付 lines that are late today."""
        visit, actor = self._visit, self._visit.actor()
        try:
            count = late_lines(visit.office, actor, visit.county or actor.county)
        except Refusal:
            return self._none
        return Cell(str(count), count, "/money/arrears?late=true")

    def _stock(self) -> list[Asked]:
        """What communities carry at the end of each period; of the running one today."""
        days = [min(span.last, self._today) for span in self._spans]
        told = [self._weighed(day) for day in days]
        formulas = {f.key: f for f in FORMULAS}
        rows = []
        for key in STOCK:
            one = formulas[key]
            name = f"{self._visit.tongue.pair(one.name, one.name_en)}（{one.unit}）"
            cells = [
                self._none if sums is None else
                Cell(str(sums[key]), sums[key], f"/county?{urlencode({'figure': key, 'on': day})}")
                for day, sums in zip(days, told, strict=True)
            ]  # fmt: skip
            rows.append(Asked(self._t("county.g_stock"), name, (cells[0], cells[1], cells[2])))
        return rows

    def _weighed(self, on: date) -> dict[str, int] | None:
        query = BurdenQuery(on=on, before=on, limit=1, county=self._visit.county)
        try:
            found = burden(self._visit.office, self._visit.actor(), query)
        except Refusal:
            return None
        return {one.formula.key: one.total for one in found.figures}

    def _evaluated(self) -> list[Asked]:
        tongue = self._visit.tongue
        rows = [
            self._row("g_rated", self._t("county.rated", by=tongue.code(rater)),
                      partial(self._rated, rater))
            for rater in Rater
        ]  # fmt: skip
        for result in Proposal:
            said = self._t("county.reviewed", result=tongue.code(result))
            rows.append(self._row("g_rated", said,
                                  partial(self._reviewed, result)))  # fmt: skip
        return rows

    def _rated(self, rater: Rater, span: Span) -> Listed:
        """Surveys are of a quarter or a year: those of the quarters that the period touches."""
        year, whole = span.first.year, span.last.month - span.first.month >= _QUARTER
        quarters = range(1, 5) if whole else [(span.first.month - 1) // _QUARTER + 1]
        periods = [f"{year}Q{q}" for q in quarters] + ([str(year)] if whole else [])
        return Listed("satisfactions", {"rater": rater.value, "period.in": ",".join(periods)})

    def _reviewed(self, result: Proposal, span: Span) -> Listed:
        return Listed("yearly-reviews", {"year": str(span.first.year), "decided": result.value})

    def _money(self) -> list[Asked]:
        """What the entries of each stage come to, what was taken back taken off, 分."""
        visit, tongue = self._visit, self._visit.tongue
        asked = [Turnover(stage, *span) for stage in MONEY for span in self._spans]
        actor = visit.actor()
        try:
            told = turnovers(visit.office, actor, visit.call(actor, "voucher.read"), asked)
        except Refusal as refusal:
            if refusal.code != NOT_READABLE:
                raise
            cells = [self._none for _ in asked]
        else:
            cells = [_moved(visit, one, fen) for one, fen in zip(asked, told, strict=True)]
        each = iter(cells)
        return [
            Asked(self._t("county.g_money"), self._t("county.money", stage=tongue.code(stage)),
                  (next(each), next(each), next(each)))
            for stage in MONEY
        ]  # fmt: skip


def _moved(visit: Visit, of: Turnover, fen: int) -> Cell:
    asked = {"stage": of.stage.value, "from": f"{of.first}", "to": f"{of.last}"}
    return Cell(visit.tongue.yuan(fen), fen, f"/money/entries?{urlencode(asked)}")
