"""国库支付办理入口 what people may do with a payment, and the treasury when it has news."""

from registry.actions.paying import asking
from registry.api.acting import Act, on, plainly
from registry.domain.paying import Payment

PAYING: tuple[Act, ...] = (
    Act(path="/payments/{id}/retry", act="payment.retry", zh="催问国库支付",
        en="Have the treasury asked at once what became of a payment", make=plainly(asking.retry),
        answers=Payment, module=asking, versioned=False, money=True),
    Act(path="/payments/{id}/void", act="payment.void", zh="撤回国库支付",
        en="Call a payment back: the treasury's answer decides", make=on(asking.call_back),
        command=asking.CallBackCommand, answers=Payment, module=asking, money=True),
)  # fmt: skip
