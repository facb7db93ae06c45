"""明细核对 whether the particulars of one line are complete, and their signatures four people's."""

from collections.abc import Mapping
from datetime import date

from registry.actions import evidence
from registry.actions.office import Desk
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.living import Departure
from registry.domain.people import Person
from registry.domain.personal import numbered
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from registry.domain.spending import SIGNATORY_ZH, Particulars, Signatory
from registry.domain.vocabulary import FundingMode
from registry.policies.purse import SpendingRule

SIGNATURES = declare(
    "expenditure.signatures", RefusalKind.INVALID,
    "第 {line} 笔缺少签字：{missing_zh}（P20 经办、证明、审批、居务监督）",
    "Line {line} lacks signatures: {missing}.", recorded=True,
)  # fmt: skip
SAME = declare(
    "expenditure.same_person", RefusalKind.INVALID,
    "第 {line} 笔的签字须由不同的人签署，登记人不得审批自己登记的支出（E13）",
    "Line {line}: each signature is another person's, and nobody approves what they recorded "
    "(E13).", recorded=True,
)  # fmt: skip
UNKNOWN = declare(
    "expenditure.person", RefusalKind.INVALID, "第 {line} 笔的签字人 {person} 不在人员名录中",
    "Line {line}: {person}, who signed, is not on record.", recorded=True,
)  # fmt: skip
INVOICE = declare(
    "expenditure.invoice", RefusalKind.INVALID, "第 {line} 笔须填写发票或者收据号码",
    "Line {line} needs the number of an invoice or a receipt.", recorded=True,
)  # fmt: skip
EVIDENCE = declare(
    "expenditure.evidence", RefusalKind.INVALID, "第 {line} 笔按数量列支，须附数量凭据（E11）",
    "Line {line} is paid by quantity and needs the papers that show it (E11).", recorded=True,
)  # fmt: skip
LENDER = declare(
    "expenditure.lender", RefusalKind.INVALID, "第 {line} 笔：垫付须写明垫付人，其他支出不写垫付人",
    "Line {line}: an advance names who paid it, and nothing else does.", recorded=True,
)  # fmt: skip
DAYS = declare(
    "expenditure.days", RefusalKind.INVALID, "第 {line} 笔的付款日或者最后服务日晚于今天",
    "Line {line} was paid, or its work done, after today.", recorded=True,
)  # fmt: skip
ENDED = declare(
    "expenditure.ended", RefusalKind.INVALID,
    "事项已于 {ended_on} 结束：只能列支该日及以前的工作，须写明最后服务日（E15）",
    "The matter ended on {ended_on}: only work done by then is paid for, and its last day is told "
    "(E15).", recorded=True,
)  # fmt: skip
PERSONAL = declare(
    "expenditure.personal", RefusalKind.INVALID,
    "第 {line} 笔的说明里像是写了证件号、电话或者账号，请删去（E25）",
    "Line {line}: the text seems to hold a number of a person; leave it out (E25).",
)  # fmt: skip


def check(
    desk: Desk, request: Request, told: Mapping[int, Particulars], stage: VoucherStage
) -> None:
    """What every line must tell, whatever the packs ask.

    Args:
        told: by number of the line, from 1.

    Raises:
        Refusal: ``expenditure.…``, ``document.foreign``.
    """
    places = {line.presence_id: desk.unit.get(Presence, line.presence_id) for line in told.values()}
    ends = {id: _ended_on(desk, place) for id, place in places.items()}
    for number, line in told.items():
        _check_people(desk, number, line)
        evidence.check(desk, line.evidence_ids, request.id, line.presence_id)
        if (line.lender is not None) is not (stage is VoucherStage.ADVANCE):
            raise Refusal(LENDER, line=number)
        if numbered(line.text):
            raise Refusal(PERSONAL, line=number)
        if max(line.paid_on, line.served_on or line.paid_on) > desk.today:
            raise Refusal(DAYS, line=number)
        ended_on = ends[line.presence_id]
        if ended_on is not None and (line.served_on is None or line.served_on > ended_on):
            raise Refusal(ENDED, line=number, ended_on=str(ended_on))


def check_asked(number: int, line: Particulars, rule: SpendingRule, mode: FundingMode) -> None:
    """What the packs ask of a line besides.

    Args:
        mode: of the fund that is spent: 按件 money is by quantity, whether one is told or not.

    Raises:
        Refusal: ``expenditure.signatures``, ``expenditure.invoice``, ``expenditure.evidence``.
    """
    missing = [one for one in rule.signatures if one not in line.signatures]
    if missing:
        zh = "、".join(SIGNATORY_ZH[one] for one in missing)
        raise Refusal(
            SIGNATURES, line=number, missing_zh=zh, missing=", ".join(one.value for one in missing)
        )
    if rule.invoice and not line.invoice_number.strip():
        raise Refusal(INVOICE, line=number)
    by_quantity = line.quantity is not None or mode is FundingMode.PER_CASE
    if rule.evidence and by_quantity and not line.evidence_ids:
        raise Refusal(EVIDENCE, line=number)


def _check_people(desk: Desk, number: int, line: Particulars) -> None:
    """Each signature is another person's; who records, or in whose place they do, approves
    nothing of it."""
    signed = line.signatures
    for person in signed.values():
        if desk.unit.maybe(Person, person) is None:
            raise Refusal(UNKNOWN, line=number, person=person)
    approved = signed.get(Signatory.APPROVED)
    own = approved is not None and approved in (desk.actor.person_id, desk.on_behalf_of)
    if own or len(set(signed.values())) < len(signed):
        raise Refusal(SAME, line=number)


def _ended_on(desk: Desk, presence: Presence) -> date | None:
    """The day a matter ended in a community; ``None`` = it is there, or was completed."""
    if presence.state not in _OVER and not presence.dropped:
        return None
    left = [d.left_on for d in desk.unit.find(Departure, presence_id=presence.id)]
    ends = [*left, *([presence.ends_on] if presence.ends_on else [])]
    return min(ends, default=desk.today)


_OVER = frozenset({PresenceState.EXITED, PresenceState.EXPIRED, PresenceState.REFUSED})
