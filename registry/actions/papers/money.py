"""资金公文 用款申请、对账单、清算单: amounts as the ledger has them, 元 with two places."""

import msgspec

from registry.actions.filing import owners
from registry.actions.papers.book import Book, called, day, pairs, yuan
from registry.actions.spending.payees import shown_to
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
from registry.domain.spending import Expenditure
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


def statement(book: Book, request: Request) -> Paper:
    """对账单 of a whole matter, as of its last entry: its communities, every entry, what was spent.

    Raises:
        Refusal: ``access.reading`` where the reader reads no money.
    """
    asked = StatementQuery(by=By.PRESENCE, request_id=request.id, county=book.county)
    told = stating.state(book.office, book.actor, asked)
    doors = {p.id: p for p in book.mine(Presence, request_id=request.id)}
    found = entries_of(book, DetailQuery(request_id=request.id, limit=_MANY))
    on = max((one.dated_on for one in found), default=None)
    where = {id: book.name(door.organisation_id, on) for id, door in doors.items()}
    rows = [
        [where.get(row.key, ""), *(yuan(getattr(row.chain, name)) for name in _COLUMNS)]
        for row in told.rows
    ]
    total = added(row.chain for row in told.rows)
    rows.append(["合计", *(yuan(getattr(total, name)) for name in _COLUMNS)])
    facts = {
        "title": request.title, "on": day(on), "department": book.names(owners(request)[:1], on),
    }  # fmt: skip
    heads = ["社区", *(AMOUNTS[name] for name in _COLUMNS)]
    sums = Grid(caption="一、各社区累计（元）", headings=heads, rows=rows,
                amounts=[*range(1, len(heads))])  # fmt: skip
    grids = [sums, *_listed(found, where), *_spent(book, request, where)]
    return book.paper("statement", facts, on, grids=grids, signed_on=on, seal=False, of=request)


_COLUMNS = ("approved_fen", "dispatched_fen", "community_fen", "spent_fen", "balance_fen")


def _listed(found: list[DetailEntry], where: dict[str, str]) -> list[Grid]:
    rows = [
        [day(e.dated_on), where.get(e.presence_id, ""), _stage(e), e.number, _signed(e)]
        for e in found
    ]
    heads = ["日期", "社区", "环节", "凭证号", "金额（元）"]
    return [Grid(caption="二、明细", headings=heads, rows=rows, amounts=[4])] if rows else []


def _spent(book: Book, request: Request, where: dict[str, str]) -> list[Grid]:
    """支出: who was paid for what, as far as it is told to the reader."""
    held = sorted(book.mine(Expenditure, request_id=request.id), key=lambda e: (e.paid_on, e.id))
    rows = [
        [day(one.paid_on), where.get(one.presence_id, ""), one.payee_name or "—", one.use,
         code_zh(one.state), yuan(one.amount_fen)]
        for one in (shown_to(book.office, book.actor, held) if held else [])
    ]  # fmt: skip
    heads = ["日期", "社区", "收款人", "用途", "状态", "金额（元）"]
    return [Grid(caption="三、支出", headings=heads, rows=rows, amounts=[5])] if rows else []


def _stage(one: DetailEntry) -> str:
    return STAGE_ZH[one.stage] + ("（冲销）" if one.reversal else "")


def _signed(one: DetailEntry) -> str:
    return ("-" if one.reversal else "") + yuan(one.amount_fen)


def _stages(chain: Chain) -> list[list[str]]:
    amounts = {zh: getattr(chain, name) for name, zh in AMOUNTS.items()}
    return [
        [zh, yuan(fen)] for zh, fen in amounts.items() if fen or zh in ("核定", "社区到账", "支出")
    ]


def entries_of(book: Book, query: DetailQuery) -> list[DetailEntry]:
    """Every confirmed entry, by day and then in the order of the chain."""
    found: list[DetailEntry] = []
    after = None
    while True:
        asked = msgspec.structs.replace(query, after=after)
        some = detail.detail(book.office, book.actor, book.call, asked)
        found += some.items
        after = some.next
        if after is None:
            break
    chain = list(VoucherStage)
    return sorted(found, key=lambda e: (e.dated_on, chain.index(e.stage)))


def _entries(book: Book, held: Presence) -> list[Grid]:
    rows = [
        [day(e.dated_on), _stage(e), e.number, e.payer_name, str(e.year), _signed(e)]
        for e in entries_of(book, DetailQuery(presence_id=held.id, limit=_MANY))
    ]
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
