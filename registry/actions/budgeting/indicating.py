"""指标 money a budget gives to one paying body for one year: recorded, confirmed, adjusted (P6)."""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.budgeting.splitting import used
from registry.actions.budgeting.tables import code_of
from registry.actions.office import Answer, Desk, Office
from registry.actions.ties import acting
from registry.domain.budget import CodeKind, Indicator, IndicatorCommand
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import PostView
from registry.domain.records import Fen, Ident, PositiveFen, Text, Wire
from registry.store import indicators
from registry.store.indicators import Used

TAKEN = declare(
    "indicator.number", RefusalKind.CONFLICT, "指标文号 {number} 在{year}年度已登记过",
    "Indicator {number} is on record for {year} already.", recorded=True,
)  # fmt: skip
YEAR = declare(
    "indicator.year", RefusalKind.INVALID, "指标年度 {year} 晚于下一年度，不能登记",
    "{year} is later than the coming year.", recorded=True,
)  # fmt: skip
CONFIRMED = declare(
    "indicator.confirmed", RefusalKind.CONFLICT, "指标已确认", "The indicator is confirmed already.",
    recorded=True,
)  # fmt: skip
SPLIT = declare(
    "indicator.below_split", RefusalKind.INVALID,
    "调整后 {amount_fen:元}，低于已分解的 {split_fen:元}（E5 分解不得超过指标），请先收回分解",
    "{amount_fen:yuan} would be less than the {split_fen:yuan} split already (E5); take that back "
    "first.", recorded=True,
)  # fmt: skip


class IndicatorView(Indicator, frozen=True, kw_only=True):
    """指标 with what has become of it, 分."""

    split_fen: Fen = 0
    """已分解, what waits for confirmation included."""
    ordered_fen: Fen = 0
    left_fen: int = 0
    """未分解."""


class AdjustCommand(Wire, frozen=True, kw_only=True):
    """指标调整: the new amount, by which document and why."""

    amount_fen: PositiveFen
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    document_number: Text = ""
    document_id: Ident | None = None
    dated_on: date


def record(desk: Desk, command: IndicatorCommand) -> Answer:
    """指标登记 by the finance office, in the codes of its year.

    Raises:
        Refusal: ``indicator.number``, ``indicator.year``, ``budget.code``.
    """
    payer = desk.places.organisation(command.payer_id)
    post = desk.authorise("indicator.record", paths=[desk.places.county().path])
    if command.year > desk.today.year + 1:
        raise Refusal(YEAR, year=command.year)
    same = desk.unit.find(
        Indicator, organisation_id=post.organisation_id, year=command.year, number=command.number
    )
    if same:
        raise Refusal(TAKEN, number=command.number, year=command.year)
    function = code_of(desk, command.year, CodeKind.FUNCTIONAL, command.functional_code)
    economic = ""
    if command.economic_code is not None:
        kind = command.economic_kind or CodeKind.GOVERNMENT
        economic = code_of(desk, command.year, kind, command.economic_code).name
    made = desk.unit.add(Indicator(
        county=desk.unit.county, id=desk.id("ind"), number=command.number, year=command.year,
        payer_id=payer.id, organisation_id=post.organisation_id, amount_fen=command.amount_fen,
        functional_code=function.code, functional_name=function.name,
        economic_kind=command.economic_kind, economic_code=command.economic_code or "",
        economic_name=economic, purpose=command.purpose, dated_on=command.dated_on,
        recorded_by=desk.actor.person_id, recorded_for=desk.on_behalf_of,
    ))  # fmt: skip
    desk.about(made)
    desk.business_date = command.dated_on
    return Answer(body=shown(made, Used()), version=made.version)


def confirm(desk: Desk, id: str, version: int | None) -> Answer:
    """指标确认 by another person of the finance office; from then on it may be split."""
    held = desk.unit.get(Indicator, id, lock=True)
    desk.about(held)

    def ties(post: PostView) -> list[str]:
        recorded = {held.recorded_by, held.recorded_for}
        return ["recorded"] if recorded & acting(desk, post) else []

    desk.authorise("indicator.confirm", owners=[held.organisation_id], ties=ties)
    if held.confirmed_by is not None:
        raise Refusal(CONFIRMED)
    desk.check_version(held, version)
    after = desk.unit.change(held, confirmed_by=desk.actor.person_id)
    desk.about(after)
    return Answer(body=shown(after, used(desk, id)), version=after.version)


def adjust(desk: Desk, id: str, version: int | None, command: AdjustCommand) -> Answer:
    """指标追加、追减: a new amount, to be confirmed anew; never below what is split (E5)."""
    held = desk.unit.get(Indicator, id, lock=True)
    desk.about(held)
    desk.authorise("indicator.adjust", paths=[desk.places.county().path])
    desk.check_version(held, version)
    evidence.check(desk, [command.document_id], id)
    now = used(desk, id)
    if command.amount_fen < now.split_fen:
        raise Refusal(SPLIT, amount_fen=command.amount_fen, split_fen=now.split_fen)
    after = desk.unit.change(
        held, amount_fen=command.amount_fen, dated_on=command.dated_on, confirmed_by=None,
        document_id=command.document_id or held.document_id, adjusted_why=command.reason,
        adjusted_number=command.document_number, recorded_by=desk.actor.person_id,
        recorded_for=desk.on_behalf_of,
    )  # fmt: skip
    desk.about(after)
    desk.business_date = command.dated_on
    return Answer(body=shown(after, now), version=after.version)


def shown(held: Indicator, now: Used) -> IndicatorView:
    """An indicator as it is read."""
    return IndicatorView(
        **msgspec.structs.asdict(held), split_fen=now.split_fen, ordered_fen=now.ordered_fen,
        left_fen=held.amount_fen - now.split_fen,
    )  # fmt: skip


def views(office: Office, rows: list[Indicator]) -> list[IndicatorView]:
    """Indicators as they are read, what has become of all of them asked in one statement for each
    county."""
    found: dict[tuple[str, str], Used] = {}
    with office.store.reader.connect() as connection:
        for county in sorted({row.county for row in rows}):
            ids = [row.id for row in rows if row.county == county]
            told = indicators.used(connection, county, ids)
            found |= {(county, id): one for id, one in told.items()}
    return [shown(row, found.get((row.county, row.id), Used())) for row in rows]
