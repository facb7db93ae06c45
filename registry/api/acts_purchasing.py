"""购买服务的办理入口 acts on purchases."""

from registry.actions.purchasing import awarding
from registry.api.acting import Act, new, on
from registry.domain.purchase import AwardCommand, Purchase, PurchaseResults

PURCHASING: tuple[Act, ...] = (
    Act(path="/purchases", act="purchase.award", zh="登记成交",
        en="Record to whom a purchase was awarded", make=new(awarding.award),
        command=AwardCommand, answers=Purchase, module=awarding, creates="purchases",
        names=("request_id",), versioned=False, money=True),
    Act(path="/purchases/{id}/results", act="purchase.conclude", zh="登记履约验收和效果",
        en="Record what came of a purchase", make=on(awarding.conclude),
        command=PurchaseResults, answers=Purchase, module=awarding, money=True),
)  # fmt: skip
