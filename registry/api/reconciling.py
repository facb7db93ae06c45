"""对账入口 what is asked of the statements of treasury and banks."""

from registry.actions.office import Office
from registry.actions.reconciling import offering, one_sided, siding
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY


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
