"""其他来源资金 what communities get and spend from elsewhere comes in as a sheet, each row once (P21)."""

from registry.actions.existing.whose import Told, Whose
from registry.actions.office import Answer, Desk
from registry.actions.reconciling.doubling import double_funding
from registry.actions.reconciling.taking import LIMIT_LINES
from registry.actions.sheets import as_csv, sheet_refused
from registry.domain.bank import OtherIncome
from registry.domain.income_sheets import Income, read_incomes
from registry.domain.records import Wire
from registry.domain.sheets import CellError, Errors
from registry.domain.spending import plain

ACT = "income.import"
_AHEAD = Told(zh="日期还没有到", en="has not come yet")
_TWICE = Told(zh="流水号与上面的行相同，内容不同", en="one number, two contents")


class IncomesTaken(Wire, frozen=True, kw_only=True):
    """导入结果."""

    rows: int
    added: int
    known: int
    otherwise: list[int]
    """Rows that are known and say something else now; nothing of them was taken."""


def read(name: str, data: bytes) -> list[Income]:
    """A sheet, CSV or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv(name, data)
    rows, errors = read_incomes(text, LIMIT_LINES)
    sheet_refused(errors)
    return rows


def bring_in(desk: Desk, rows: list[Income]) -> Answer:
    """导入其他来源资金.

    Raises:
        Refusal: ``import.cells``, and no row is kept.
    """
    made, errors = _made(desk, rows)
    sheet_refused(errors)
    for id, path in sorted({(one.organisation_id, one.area_path) for one in made}):
        desk.authorise(ACT, owners=[id], paths=[path])
    if not made:
        desk.authorise(ACT, owners=[p.organisation_id for p in desk.actor.posts])
    bodies = sorted({one.organisation_id for one in made})
    held = {
        (one.organisation_id, one.source, one.external_key): one
        for one in (desk.unit.find(OtherIncome, organisation_id=bodies) if bodies else [])
    }
    fresh: list[OtherIncome] = []
    otherwise: list[int] = []
    for row, one in zip(rows, made, strict=True):
        key = (one.organisation_id, one.source, one.external_key)
        before = held.get(key)
        if before is None:
            held[key] = one
            fresh.append(desk.unit.add(one))
        elif _says(before) != _says(one):
            otherwise.append(row.row)
    double_funding(desk, fresh)
    desk.note = {"rows": len(rows), "added": len(fresh)}
    told = IncomesTaken(
        rows=len(rows), added=len(fresh), known=len(rows) - len(fresh), otherwise=otherwise
    )
    return Answer(body=told)


def _says(one: OtherIncome) -> tuple[object, ...]:
    return one.year, one.direction, one.amount_fen, one.dated_on, one.invoice_key


def _made(desk: Desk, rows: list[Income]) -> tuple[list[OtherIncome], Errors]:
    whose, errors, batch = Whose(desk), list[CellError](), desk.id("inc")
    made: list[OtherIncome] = []
    met: dict[tuple[str, str, str], OtherIncome] = {}

    def bad(row: int, column: str, told: Told) -> None:
        errors.append(CellError(row=row, column=column, message=told.zh, message_en=told.en))

    for row in rows:
        told, seat = row.told, whose.community(row.told.community)
        if isinstance(seat, Told):
            bad(row.row, "community", seat)
            continue
        if told.dated_on is not None and told.dated_on > desk.today:
            bad(row.row, "dated_on", _AHEAD)
        one = OtherIncome(
            county=desk.unit.county, id=f"{batch}.{len(made) + 1}", organisation_id=seat.body.id,
            area_path=seat.area.path, source=told.source, year=told.year, external_key=row.key,
            direction=told.direction, amount_fen=row.fen, dated_on=told.dated_on,
            counterparty=told.counterparty, purpose=told.purpose,
            invoice_key=plain(told.invoice_number) or None, note=told.note,
        )  # fmt: skip
        before = met.setdefault((one.organisation_id, one.source, one.external_key), one)
        if _says(before) != _says(one):
            bad(row.row, "external_key", _TWICE)
        made.append(one)
    return made, errors
