"""资金公文 用款申请、对账单、清算单: amounts as the ledger has them, 元 with two places."""

from registry.actions.papers.book import Book, called, day, pairs, yuan
from registry.actions.statements import detail, stating
from registry.actions.statements.detail import DetailEntry, DetailQuery
from registry.actions.statements.sheeting import AMOUNTS
from registry.actions.statements.stating import StatementQuery
from registry.domain.accounts import STAGE_ZH, VoucherStage
from registry.domain.approval import Decision, DecisionKind
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.funds import Chain, Voucher, VoucherLine, VoucherState
from registry.domain.paper import Grid, Paper
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.statement import By, added
from registry.policies.dictionary import code_zh

_MANY = 256
_REASON = {"accepted": "验收", "revoked": "撤销准入", "exited": "退出", "year_end": "年终"}


def order(book: Book, held: Voucher) -> Paper:
    """用款申请: what is asked of the treasury, community by community."""
    case = book.case(held.request_id, held) if held.request_id else None
    lines = sorted(book.unit.find(VoucherLine, voucher_id=held.id), key=lambda one: one.id)
    rows = []
    for line in lines:
        presence = book.unit.get(Presence, line.presence_id)
        rows.append([presence.title, book.name(presence.organisation_id, held.dated_on),
                     line.funding_key, str(line.year), yuan(line.amount_fen)])  # fmt: skip
    payer = book.name(held.payer_id, held.dated_on)
    facts = {
        "title": case.title if case else "", "payer": payer, "amount": yuan(held.total_fen),
        "case": called(case) if case else "", "admission": _admission(book, case) if case else "",
    }  # fmt: skip
    rows.append(["合计", "", "", "", yuan(held.total_fen)])
    heads = ["事项", "社区", "经费项", "年度", "金额（元）"]
    state = {"状态": code_zh(held.state), "登记人": book.person(held.recorded_by),
             "确认人": book.person(held.confirmed_by), "确认日期": day(held.confirmed_on),
             "说明": held.note}  # fmt: skip
    return book.paper(
        "order", facts, held.dated_on, number=held.number, number_zh="凭证号",
        grids=[Grid(headings=heads, rows=rows, amounts=[4]), Grid(rows=pairs(state))],
        signed_by=payer, signed_on=held.dated_on, of=held,
        notes=[f"本凭证已作废：{held.voided_why}"] if held.state is VoucherState.VOIDED else [],
    )  # fmt: skip


def _admission(book: Book, case: Request) -> str:
    found = book.unit.find(Decision, request_id=case.id)
    told = [d for d in found if d.kind is DecisionKind.ADMITTED and d.voided_on is None]
    return max(told, key=lambda d: (d.issued_on, d.id)).number if told else called(case)


def account(book: Book, held: Presence) -> Paper:
    """对账单 of one matter in one community: the chain, and every confirmed entry.

    Raises:
        Refusal: ``access.reading`` where the reader reads no money.
    """
    today = book.desk.today
    asked = StatementQuery(by=By.PRESENCE, area=held.area_id, request_id=held.request_id,
                           county=book.county)  # fmt: skip
    told = stating.state(book.office, book.actor, asked)
    chain = added(row.chain for row in told.rows if row.key == held.id)
    community = book.name(held.organisation_id, today)
    facts = {
        "title": held.title, "community": community, "on": day(today),
        "department": book.name(held.department_id, today),
    }  # fmt: skip
    grids = [
        Grid(
            caption="一、各环节累计",
            headings=["环节", "金额（元）"],
            rows=_stages(chain),
            amounts=[1],
        )
    ]
    grids += _entries(book, held)
    return book.paper(
        "account", facts, today, grids=grids, seal=False,
        notes=[f"按电子账簿第{told.snapshot}号记录时的数字生成，此后的变动不在其中。"], of=held,
    )  # fmt: skip


def _stages(chain: Chain) -> list[list[str]]:
    amounts = {zh: getattr(chain, name) for name, zh in AMOUNTS.items()}
    return [
        [zh, yuan(fen)] for zh, fen in amounts.items() if fen or zh in ("核定", "社区到账", "支出")
    ]


def _entries(book: Book, held: Presence) -> list[Grid]:
    """Every confirmed entry, by day and then in the order of the chain."""
    found: list[DetailEntry] = []
    after = None
    while True:
        query = DetailQuery(presence_id=held.id, after=after, limit=_MANY)
        some = detail.detail(book.office, book.actor, book.call, query)
        found += some.items
        after = some.next
        if after is None:
            break
    chain = list(VoucherStage)
    rows = [
        [day(e.dated_on), STAGE_ZH[e.stage] + ("（冲销）" if e.reversal else ""), e.number,
         e.payer_name, str(e.year), ("-" if e.reversal else "") + yuan(e.amount_fen)]
        for e in sorted(found, key=lambda e: (e.dated_on, chain.index(e.stage)))
    ]  # fmt: skip
    heads = ["日期", "环节", "凭证号", "付款单位", "年度", "金额（元）"]
    return [Grid(caption="二、明细", headings=heads, rows=rows, amounts=[5])] if rows else []


def clearance(book: Book, held: Clearance) -> Paper:
    """清算单: what work is worth, what was paid, what remains either way."""
    presence = book.unit.get(Presence, held.presence_id)
    community = book.name(held.organisation_id, held.drawn_on)
    payer = book.name(held.payer_id, held.drawn_on)
    facts = {
        "title": presence.title, "community": community, "payer": payer,
        "reason": _REASON.get(held.reason, held.reason),
    }  # fmt: skip
    told = {
        "付款单位": payer, "社区": community, "清算事由": facts["reason"],
        "经费项、年度": f"{held.funding_key}，{held.year}年度",
        "验收数量": str(held.quantity) if held.quantity is not None else "",
        "计算": held.formula, "应付（元）": yuan(held.earned_fen), "已付（元）": yuan(held.paid_fen),
        "应补付（元）": yuan(held.due_fen), "应退回（元）": yuan(held.refund_fen),
        "已支出未获认可（元）": yuan(held.beyond_fen) if held.beyond_fen else "",
        "退回期限": day(held.refund_due_on), "状态": code_zh(held.state),
        "编制": f"{book.person(held.drawn_by)}，{day(held.drawn_on)}",
        "同意": f"{book.person(held.agreed_by)}，{day(held.agreed_on)}" if held.agreed_on else "",
        "清算异议": held.disputed_why, "维持理由": held.upheld_why,
    }  # fmt: skip
    void = held.state is ClearanceState.VOID
    return book.paper(
        "clearance", facts, held.drawn_on, number=held.number, grids=[Grid(rows=pairs(told))],
        signed_on=held.drawn_on, seal=False, of=held,
        notes=["本单已由重新编制的清算单代替。"] if void else [],
    )  # fmt: skip
