"""对账入口 statements as they come from treasury and banks, the raw file as the body; what is asked
of them."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from registry.actions import importing
from registry.actions.office import NEEDS_KEY, Answer, Desk, Office
from registry.actions.reconciling import incomes, offering, one_sided, siding, taking
from registry.actions.rules import publishing
from registry.api import samples
from registry.api.asked import BAD_QUERY, Asked
from registry.api.asking import Question, read_as
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import COUNTY, Work, aside, perform, told
from registry.domain.bank import LineSource
from registry.domain.errors import Refusal
from registry.domain.records import Line, Wire

LIMIT = 32 << 20
"""Largest file, bytes."""
BATCHES, INCOMES = "/bank-batches", "/other-incomes/import"
PARAMETERS = frozenset({"county", "source", "account", "name"})


class TakeQuery(Wire, frozen=True, kw_only=True):
    """导入条件."""

    source: LineSource
    account: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """Whose account it is, where the lines do not say."""
    name: Line = "流水"


def take(office: Office) -> Work:
    """What ``POST /bank-batches`` does: CSV or xlsx is told by the bytes, not by a header."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        if "source" not in asked.query:
            raise Refusal(BAD_QUERY, name="source")
        query = read_as(TakeQuery, dict(asked.query))
        taking.may(office, actor, query.source)
        content = await asked.raw()
        digest = hashlib.sha256(content).hexdigest()
        call = asked.call(actor, taking.ACT[query.source], query, digest)
        if call.key is None:
            raise Refusal(NEEDS_KEY)
        given = await aside(taking.read, query.source, query.name, content)

        def verb(desk: Desk) -> Answer:
            return taking.bring_in(desk, given, query.account)

        return told((await perform(office, call, verb)).body, status=201)

    return work


def take_incomes(office: Office) -> Work:
    """What ``POST /other-incomes/import`` does."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        incomes.may(office, actor)
        content = await asked.raw()
        call = asked.call(actor, incomes.ACT, None, hashlib.sha256(content).hexdigest())
        if call.key is None:
            raise Refusal(NEEDS_KEY)
        rows = await aside(incomes.read, "incomes", content)

        def verb(desk: Desk) -> Answer:
            return incomes.bring_in(desk, rows)

        return told((await perform(office, call, verb)).body, status=201)

    return work


def operations(api: str) -> list[Operation]:
    """How both stand in the OpenAPI document."""
    key = [parameter("Idempotency-Key", place="header", required=True, example="k-0001")]
    made: Callable[..., Any] = samples.sample
    return [
        Operation(
            path=f"{api}{BATCHES}", method="POST", id="bank.import", status=201, raw_body=True,
            zh="导入国库支付明细、银行对账单(xlsx 或 CSV)",
            en="Bring in a treasury payment list or a bank statement: the raw file",
            answers=taking.TakenIn, example=made(taking.TakenIn),
            parameters=[parameter("source", required=True, example="treasury"),
                        parameter("account"), parameter("name"), *key, parameter("county")],
            errors=errors_of(taking, importing, publishing, body=True, record=False, act=True,
                             money=True),
        ),
        Operation(
            path=f"{api}{INCOMES}", method="POST", id="income.import", status=201, raw_body=True,
            zh="导入其他来源资金(xlsx 或 CSV)",
            en="Bring in money from other sources: the raw file",
            answers=incomes.IncomesTaken, example=made(incomes.IncomesTaken),
            parameters=[*key, parameter("county")],
            errors=errors_of(incomes, importing, publishing, body=True, record=False, act=True,
                             money=True),
        ),
    ]  # fmt: skip


def _one_sided(office: Office, asked: Asked) -> one_sided.OneSided:
    given = {n: v for n in ("area", "kind", "after", "limit") if (v := asked.query.get(n))}
    query = read_as(one_sided.OneSidedQuery, given)
    return one_sided.asked(office, asked.call(asked.actor(), one_sided.BOOKS), query)


def _offers(office: Office, asked: Asked) -> offering.Offers:
    return offering.asked(office, asked.call(asked.actor(), offering.READ), asked.id)


def _sides(office: Office, asked: Asked) -> siding.VoucherSides:
    return siding.asked(office, asked.call(asked.actor(), siding.READ), asked.id)


RECONCILING_QUESTIONS: tuple[Question, ...] = (
    Question(path="/reconciliations/one-sided", id="reconciliations.one_sided", zh="单边账",
             en="What stands in one side's books only", ask=_one_sided,
             answers=one_sided.OneSided, module=one_sided,
             query=COUNTY | {"area", "kind", "after", "limit"}),
    Question(path="/bank-lines/{id}/offers", id="bank-lines.offers", zh="流水核对建议",
             en="The vouchers that a line might show", ask=_offers, answers=offering.Offers,
             module=offering, query=COUNTY),
    Question(path="/vouchers/{id}/sides", id="vouchers.sides", zh="凭证双方核对",
             en="What both sides have confirmed of a voucher", ask=_sides,
             answers=siding.VoucherSides, module=siding, query=COUNTY),
)  # fmt: skip
