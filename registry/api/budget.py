"""预算入口 code tables and counts of people as sheets; what a standard a head wants and has."""

import hashlib
from typing import Any

from registry.actions import importing
from registry.actions.budgeting import provisions, tables
from registry.actions.doubting import catalogue
from registry.actions.office import Answer, Desk, Office
from registry.actions.rules import publishing
from registry.api import samples
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import COUNTY, Work, aside, perform, told
from registry.domain.funds import Year
from registry.domain.records import Wire

LIMIT = 8 << 20
"""Largest sheet, bytes."""
_NAMES = {
    "codes": ("导入当年预算科目表(xlsx 或 CSV)", "Bring in a year's table of budget codes"),
    "populations": ("导入人口户数(xlsx 或 CSV)", "Bring in counts of people by area"),
}


def take(office: Office, table: tables.Table) -> Work:
    """What ``POST /imports/{table}`` does: CSV or xlsx is told by the bytes, not by a header."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        tables.may(office, actor, table)
        content = await asked.raw()
        digest = hashlib.sha256(content).hexdigest()
        call = asked.call(actor, tables.ACTS[table], None, digest)
        rows = await aside(tables.read, table, content)

        def verb(desk: Desk) -> Answer:
            return tables.take_in(desk, table, rows)

        return told((await perform(office, call, verb)).body)

    return work


def operations(api: str) -> list[Operation]:
    """One for each table."""
    return [
        Operation(
            path=f"{api}/imports/{table}", method="POST", id=f"budget.import.{table}",
            zh=_NAMES[table][0], en=_NAMES[table][1] + ": the raw file",
            answers=tables.TableIn, example=samples.sample(tables.TableIn), raw_body=True,
            parameters=[parameter("Idempotency-Key", place="header"), parameter("county")],
            errors=errors_of(tables, importing, publishing, body=True, record=False, act=True),
        )
        for table in tables.TABLES
    ]  # fmt: skip


def _provisions(office: Office, asked: Asked) -> provisions.Provisions:
    given = asked.query.get("year")
    year = read_as(_OfYear, {"year": given}).year if given is not None else None
    return provisions.asked(office, asked.call(asked.actor(), "provision.read"), year)


class _OfYear(Wire, frozen=True, kw_only=True):
    year: Year


def _catalogue(office: Office, asked: Asked) -> catalogue.Catalogue:
    asked.actor()
    return catalogue.listed(office)


BUDGET_QUESTIONS: tuple[Question, ...] = (
    Question(path="/provisions", id="provisions.check", zh="人均经费核对：应列与已列",
             en="What a standard a head wants in the budgets, and what is there", ask=_provisions,
             answers=provisions.Provisions, module=provisions, query=COUNTY | {"year"}),
    Question(path="/finding-kinds", id="findings.catalogue", zh="经费疑点目录",
             en="Every kind of finding about money, and in the light of which clause",
             ask=_catalogue, answers=catalogue.Catalogue, module=catalogue),
)  # fmt: skip
