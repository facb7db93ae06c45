"""批量登记凭证 of what asks for more than an amount: spending, 追加, 追减, 冲销 keep their conditions."""

import pytest

from registry.domain.accounts import VoucherStage
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from registry.domain.spending import Expenditure
from registry.domain.voucher_sheets import columns_of, needed_of
from tests.actions import spent
from tests.actions.case import Hands
from tests.actions.ledgered import approval_of, booked, chain_now
from tests.actions.refused import refused
from tests.actions.test_ledger_changes import BOTH, places
from tests.actions.test_vouchers_sheet import DAY, held, taken_of, told_by

SPENT: dict[str, str] = {
    "凭证号": "支1", "经费项": "F1", "金额（元）": "360", "日期": "2026-04-20", "用途": "印刷宣传",
    "收款人": "演示图文店", "收款人类别": "单位", "收款账号": "6200 0000 0000 1234",
    "支付方式": "转账", "付款日期": "2026-04-18", "发票号码": "2600 0001",
    "经办人": "演示·社区工作者", "证明人": "station.worker", "审批人": "community.head",
    "居务监督人": "community.supervisor",
}  # fmt: skip


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """All its money is in the community's books."""
    return spent.funded(one_hand)


@pytest.fixture
def pair(one_hand: Hands) -> list[Presence]:
    return places(one_hand, **BOTH)


def row(place: Presence, **cells: str) -> dict[str, str]:
    return {"事项": place.title, "社区": place.organisation_id, "经费项": "F1"} | cells


def spending(place: Presence, **cells: str) -> dict[str, str]:
    return row(place, **(SPENT | cells))


def test_what_a_sheet_spends_is_kept_as_what_is_spent_by_itself(
    one_hand: Hands, presence: Presence
) -> None:
    alone = spent.spent(one_hand, spent.spending(presence, "支0")).voucher.id
    taken_of(one_hand, "community.cashier", "expenditure", spending(presence, 发票号码="26000002"))
    (by_itself,) = spent.kept(one_hand, voucher_id=alone)
    (by_sheet,) = [one for one in spent.kept(one_hand) if one.voucher_id != alone]
    own = ("id", "voucher_id", "line_id", "invoice_number", "invoice_key", "version")
    fields = [name for name in Expenditure.__struct_fields__ if name not in own]
    assert {n: getattr(by_sheet, n) for n in fields} == {n: getattr(by_itself, n) for n in fields}


def test_rows_of_one_number_are_one_voucher_with_what_each_was_for(
    one_hand: Hands, presence: Presence
) -> None:
    told = taken_of(
        one_hand, "community.cashier", "expenditure", spending(presence),
        spending(presence, 发票号码="26000002", 支付方式="公务卡", **{"金额（元）": "40"}),
    )  # fmt: skip
    assert (told.rows, len(told.vouchers), told.total_fen) == (2, 1, 40_000)
    assert [(one.amount_fen, one.means.value) for one in spent.kept(one_hand)] == [
        (36_000, "transfer"), (4_000, "official_card"),
    ]  # fmt: skip
    assert chain_now(one_hand, presence).spent_fen == 0, "nothing counts before it is confirmed"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"用途": ""}, "用途"), ({"收款人": ""}, "收款人"), ({"收款人类别": ""}, "收款人类别"),
        ({"收款人类别": "公司"}, "收款人类别"), ({"支付方式": ""}, "支付方式"),
        ({"支付方式": "微信"}, "支付方式"), ({"用途": "印 刷"}, "用途"),
        ({"审批人": "没有这个人"}, "审批人"), ({"数量凭据": "没有.pdf"}, "数量凭据"),
        ({"附件": "没有.pdf"}, "附件"), ({"发票号码": ""}, "发票号码"),
        ({"数量": "10", "计量单位": "户"}, "数量凭据"), ({"付款日期": "2026-04-21"}, "付款日期"),
        ({"证明人": "community.worker"}, "审批人"), ({"居务监督人": ""}, "—"),
        ({"说明": "身份证 990102199001011234"}, "说明"),
        ({"金额（元）": "9000"}, "金额（元）"),
    ],
)  # fmt: skip
def test_what_spending_lacks_is_told_at_its_cell_and_nothing_is_kept(
    one_hand: Hands, presence: Presence, cells: dict[str, str], column: str
) -> None:
    with refused("import.cells") as caught:
        taken_of(one_hand, "community.cashier", "expenditure",
                 spending(presence, 凭证号="支2", 发票号码="26000002", **{"金额（元）": "1"}),
                 spending(presence, **cells))  # fmt: skip
    assert [(at, name or "—") for at, name in told_by(caught)] == [(3, column)]
    assert spent.kept(one_hand) == []


def test_a_use_that_is_none_is_told_with_those_that_are_allowed(
    one_hand: Hands, presence: Presence
) -> None:
    with refused("import.cells") as caught:
        taken_of(one_hand, "community.cashier", "expenditure", spending(presence, 用途="吃 饭"))
    (told,) = caught.value.facts["errors"]
    assert "印刷宣传" in told["message"] and "招待" not in told["message"]
    with refused("import.cells") as caught:
        taken_of(one_hand, "community.cashier", "expenditure", spending(presence, 用途="招待"))
    assert told_by(caught) == [(2, "用途")], "the gate refuses it, and says by which rule"


def test_a_quantity_is_shown_by_files_named_in_its_cell(
    one_hand: Hands, presence: Presence
) -> None:
    paper = spent.paper(one_hand, presence, b"one")
    more = {"数量": "10", "计量单位": "户", "数量凭据": "签收表.pdf"}
    taken_of(one_hand, "community.cashier", "expenditure", spending(presence, **more))
    (made,) = spent.kept(one_hand)
    assert (made.quantity, made.evidence_ids) == (10, [paper])


def changed(place: Presence, **cells: str) -> dict[str, str]:
    return row(place, **({"凭证号": "批1", "金额（元）": "50", "日期": DAY,
                          "摘要": "追加批复", "附件": "追加批复(演示).pdf"} | cells))  # fmt: skip


@pytest.mark.parametrize(("stage", "sign"), [("increase", 1), ("decrease", -1)])
def test_a_grant_is_changed_by_a_sheet_that_names_the_approval(
    one_hand: Hands, pair: list[Presence], stage: str, sign: int
) -> None:
    paper = approval_of(one_hand, pair[0].request_id or "")
    taken_of(one_hand, "finance.clerk", stage, changed(pair[0]), changed(pair[1]))
    (made,) = held(one_hand, stage=stage)
    assert (made.document_id, made.note, made.total_fen) == (paper, "追加批复", 10_000)


@pytest.mark.parametrize(
    ("cells", "told"),
    [({"附件": ""}, "附件"), ({"摘要": ""}, "摘要"), ({"附件": "另一件.pdf"}, "附件")],
)
def test_no_grant_is_changed_without_its_approval_and_a_reason(
    one_hand: Hands, pair: list[Presence], cells: dict[str, str], told: str
) -> None:
    approval_of(one_hand, pair[0].request_id or "")
    with refused("import.cells") as caught:
        taken_of(one_hand, "finance.clerk", "increase", changed(pair[0], **cells))
    assert told_by(caught) == [(2, told)]
    assert not held(one_hand, stage="increase")


def back(place: Presence, number: str, **cells: str) -> dict[str, str]:
    return row(place, **({"凭证号": f"冲-{number}", "金额（元）": "10", "日期": DAY,
                          "摘要": "登记有误", "原凭证号": number} | cells))  # fmt: skip


def ordered(hand: Hands, place: Presence, fen: int) -> Voucher:
    return booked(hand, "order", place, fen)


def test_vouchers_are_taken_back_by_their_numbers(one_hand: Hands, pair: list[Presence]) -> None:
    first, second = ordered(one_hand, pair[0], 1_000), ordered(one_hand, pair[1], 2_000)
    told = taken_of(one_hand, "dept.head", "reversal", back(pair[0], first.number),
                    back(pair[1], second.number))  # fmt: skip
    assert len(told.vouchers) == 2
    made = {one.reverses_id: one.total_fen for one in held(one_hand, stage="reversal")}
    assert made == {first.id: 1_000, second.id: 1_000}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"原凭证号": "没有"}, "原凭证号"), ({"原凭证号": ""}, "原凭证号"), ({"摘要": ""}, "摘要"),
        ({"金额（元）": "10.01"}, "原凭证号"),
    ],
)  # fmt: skip
def test_no_more_is_taken_back_than_there_was_and_never_without_a_reason(
    one_hand: Hands, pair: list[Presence], cells: dict[str, str], told: str
) -> None:
    made = ordered(one_hand, pair[0], 1_000)
    with refused("import.cells") as caught:
        taken_of(one_hand, "dept.head", "reversal", back(pair[0], made.number, **cells))
    assert told_by(caught) == [(2, told)]
    assert not held(one_hand, stage="reversal")


def test_only_who_may_reverse_reverses_by_a_sheet(one_hand: Hands, pair: list[Presence]) -> None:
    made = ordered(one_hand, pair[0], 1_000)
    with refused("access.forbidden"):
        taken_of(one_hand, "finance.head", "reversal", back(pair[0], made.number))
    with refused("import.cells") as caught:
        taken_of(one_hand, "finance.clerk", "reversal", back(pair[0], made.number))
    assert told_by(caught) == [(2, "原凭证号")], "finance did not issue it"


def test_the_template_asks_for_particulars_where_money_is_spent_and_nowhere_else() -> None:
    for stage in (VoucherStage.EXPENDITURE, VoucherStage.ORDER, VoucherStage.INCREASE):
        spends = stage is VoucherStage.EXPENDITURE
        assert ("payee" in columns_of(stage)) == spends
        assert set(needed_of(stage)) <= set(columns_of(stage))
    assert "document" in needed_of(VoucherStage.INCREASE)
    assert "reverses" in needed_of(VoucherStage.REVERSAL)


def test_an_account_that_is_none_is_told_at_its_cell(one_hand: Hands, presence: Presence) -> None:
    with refused("import.cells") as caught:
        taken_of(one_hand, "community.cashier", "expenditure",
                 spending(presence, 收款账号="账号见附件"))  # fmt: skip
    assert told_by(caught) == [(2, "收款账号")]
