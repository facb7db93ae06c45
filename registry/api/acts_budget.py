"""预算的办理入口 acts on budget indicators."""

from registry.actions.budgeting import indicating
from registry.actions.budgeting.indicating import IndicatorView
from registry.api.acting import Act, bare, new, on
from registry.domain.budget import IndicatorCommand

BUDGET: tuple[Act, ...] = (
    Act(path="/indicators", act="indicator.record", zh="登记指标", en="Record a budget indicator",
        make=new(indicating.record), command=IndicatorCommand, answers=IndicatorView,
        module=indicating, creates="indicators", versioned=False, money=True),
    Act(path="/indicators/{id}/confirm", act="indicator.confirm", zh="确认指标",
        en="Confirm a budget indicator", make=bare(indicating.confirm), answers=IndicatorView,
        module=indicating, money=True),
    Act(path="/indicators/{id}/adjust", act="indicator.adjust", zh="调整指标（追加、追减）",
        en="Change the amount of a budget indicator", make=on(indicating.adjust),
        command=indicating.AdjustCommand, answers=IndicatorView, module=indicating, money=True),
)  # fmt: skip
