"""成交与结果 a purchase is awarded within its line and limit, to a provider that the rules let
stand, and told what came of it (P27).
"""

import msgspec

from registry.actions import evidence
from registry.actions.filing import owners
from registry.actions.granting import admitted
from registry.actions.judging import pass_gate
from registry.actions.office import Answer, Desk
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.formula import PurchaseFormula
from registry.domain.funding import FundingLine
from registry.domain.purchase import (
    AwardCommand,
    Provider,
    Purchase,
    PurchaseResults,
    PurchaseTerms,
)
from registry.domain.request import Request, State
from registry.domain.vocabulary import FundingMode, Gate
from registry.domain.wording import normalise

LINE = declare(
    "purchase.line", RefusalKind.INVALID, "经费项 {line} 不是现行准入中的购买服务经费",
    "Funding line {line} buys nothing in what stands admitted.", recorded=True,
)  # fmt: skip
TAKEN = declare(
    "purchase.award", RefusalKind.CONFLICT, "成交编号 {award} 已登记过（E13 编号不得重复）",
    "Award {award} is on record already (E13).", recorded=True,
)  # fmt: skip
EXCEEDS = declare(
    "purchase.exceeds", RefusalKind.INVALID,
    "成交价 {amount_fen:元}超过{what}所剩的 {left_fen:元}（E5 不得超过核定）",
    "{amount_fen:yuan} is more than the {left_fen:yuan} left (E5).", recorded=True,
)  # fmt: skip
DATED = declare(
    "purchase.dated", RefusalKind.INVALID, "成交、合同和验收日期不能晚于今天，验收不能早于成交",
    "No award, contract or acceptance is dated ahead, nor accepted before its award.",
    recorded=True,
)  # fmt: skip
TOLD = declare(
    "purchase.told", RefusalKind.CONFLICT, "该项购买的结果已登记",
    "What came of this purchase is told already.", recorded=True,
)  # fmt: skip


def award(desk: Desk, command: AwardCommand) -> Answer:
    """成交登记 by who buys, at the gate of signing.

    Raises:
        Refusal: ``purchase.line``, ``purchase.award``, ``purchase.exceeds``, ``purchase.dated``;
            ``gate.refused`` where what is bought, or of whom, may not be.
    """
    request = desk.unit.get(Request, command.request_id, lock=True)
    desk.about(request)
    post = desk.authorise("purchase.award", owners=owners(request))
    filing = admitted(desk, request)
    line = next((one for one in filing.funding if one.key == command.funding_key), None)
    if request.state is not State.APPROVED or line is None or line.mode is not FundingMode.PURCHASE:
        raise Refusal(LINE, line=command.funding_key)
    if max(command.awarded_on, command.contract_on or command.awarded_on) > desk.today:
        raise Refusal(DATED)
    buyer = post.organisation_id
    if desk.unit.find(Purchase, organisation_id=buyer, award=command.award):
        raise Refusal(TAKEN, award=command.award, invariant="E13")
    limit_fen = _check_room(desk, line, command)
    evidence.check(desk, [command.document_id], request.id)
    verdict = pass_gate(
        desk, Gate.SIGN, request, state={"decision": "approved"}, about=request,
        filing=_awarded(filing, line, command),
    )  # fmt: skip
    fields = {n: getattr(command, n) for n in AwardCommand.__struct_fields__}
    made = desk.unit.add(Purchase(
        county=desk.unit.county, id=desk.id("pur"), organisation_id=buyer, limit_fen=limit_fen,
        provider_key=key_of(command.provider), recorded_by=desk.actor.person_id,
        verdict_id=verdict.id, **fields,
    ))  # fmt: skip
    desk.business_date = command.awarded_on
    desk.about(made)
    return Answer(body=made, version=made.version)


def key_of(provider: Provider) -> str:
    """By which the same provider is found again."""
    return provider.organisation_id or normalise(provider.name)


def _check_room(desk: Desk, line: FundingLine, command: AwardCommand) -> int | None:
    """Refuse an award beyond what the line still has, or beyond its limit; the limit, 分."""
    before = desk.unit.find(
        Purchase, request_id=command.request_id, funding_key=command.funding_key
    )  # fmt: skip
    limit_fen = line.formula.terms.limit_fen if isinstance(line.formula, PurchaseFormula) else None
    left = {"经费项": line.amount_fen - sum(one.amount_fen for one in before)}
    if limit_fen is not None:
        left["最高限价"] = limit_fen
    for what, left_fen in left.items():
        if command.amount_fen > left_fen:
            raise Refusal(
                EXCEEDS, amount_fen=command.amount_fen, left_fen=left_fen, what=what, invariant="E5"
            )
    return limit_fen


def _awarded(filing: Filing, line: FundingLine, command: AwardCommand) -> Filing:
    """The filing as it is bought now: this service of this provider, and nothing else of it."""
    known = line.formula if isinstance(line.formula, PurchaseFormula) else None
    terms = msgspec.structs.replace(
        known.terms if known else PurchaseTerms(service=command.service),
        service=command.service, directory_code=command.directory_code,
        provider=command.provider,
    )  # fmt: skip
    formula = PurchaseFormula(rate_fen=command.amount_fen, quantity=1, terms=terms)
    bought = msgspec.structs.replace(
        line, formula=formula, amount_fen=command.amount_fen, rate_fen=0, quantity=0, schedule=[]
    )  # fmt: skip
    return msgspec.structs.replace(
        filing, funding=[bought if one.key == line.key else one for one in filing.funding]
    )  # fmt: skip


def conclude(desk: Desk, id: str, version: int | None, command: PurchaseResults) -> Answer:
    """履约验收和效果登记 by who bought: acceptance, use, satisfaction.

    Raises:
        Refusal: ``purchase.told``, ``purchase.dated``.
    """
    held = desk.unit.get(Purchase, id, lock=True)
    desk.about(held)
    desk.authorise("purchase.conclude", owners=[held.organisation_id])
    if held.results is not None:
        raise Refusal(TOLD)
    desk.check_version(held, version)
    if not held.awarded_on <= command.accepted_on <= desk.today:
        raise Refusal(DATED)
    evidence.check(desk, [command.document_id], held.request_id, id)
    after = desk.unit.change(held, results=command, results_by=desk.actor.person_id)
    desk.business_date = command.accepted_on
    desk.about(after)
    return Answer(body=after, version=after.version)
