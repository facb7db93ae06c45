"""支出与报账的办理入口 acts of spending: particulars, second approvers, claims of communities."""

from registry.actions.spending import claiming, recording, seconding
from registry.actions.spending.payees import ExpenditureView
from registry.api.acting import Act, bare, new, on
from registry.domain.spending import Claim, ExpenditureCommand

SPENDING: tuple[Act, ...] = (
    Act(path="/expenditures", act="expenditure.record", zh="登记支出及明细",
        en="Record what was spent, and on whom", make=new(recording.record),
        command=ExpenditureCommand, answers=recording.SpendingView, module=recording,
        creates="vouchers", names=("request_id",), versioned=False, money=True),
    Act(path="/expenditures/{id}/second", act="expenditure.second", zh="加批受限用途",
        en="Let a blocked use pass as a second approver", make=bare(seconding.second),
        answers=ExpenditureView, module=seconding, money=True),
    Act(path="/claims", act="claim.draw", zh="提交报账单", en="Hand in a claim",
        make=new(claiming.draw), command=claiming.ClaimCommand, answers=Claim, module=claiming,
        creates="claims", versioned=False, money=True),
    Act(path="/claims/{id}/review", act="claim.review", zh="审核报账单", en="Review a claim",
        make=bare(claiming.review), answers=Claim, module=claiming, money=True),
    Act(path="/claims/{id}/return", act="claim.return", zh="退回报账单", en="Return a claim",
        make=on(claiming.send_back), command=claiming.ReturnCommand, answers=Claim,
        module=claiming, money=True),
    Act(path="/claims/{id}/reimburse", act="claim.reimburse", zh="支付报账款", en="Pay a claim",
        make=on(claiming.reimburse), command=claiming.ReimburseCommand, answers=Claim,
        module=claiming, money=True),
)  # fmt: skip
