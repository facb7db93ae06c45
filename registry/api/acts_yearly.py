"""年度评估办理入口 the acts of the yearly review: a year is opened, each matter is decided."""

from registry.actions.evaluating import deciding_years, reviewing_years
from registry.api.acting import Act, new, on

YEARLY: tuple[Act, ...] = (
    Act(path="/yearly-reviews", act="yearly_review.open", zh="开启年度评估",
        en="Open a year: one review of each matter in force", make=new(reviewing_years.open_year),
        command=reviewing_years.OpenCommand, answers=reviewing_years.Opened,
        module=reviewing_years, versioned=False),
    Act(path="/yearly-reviews/{id}/decide", act="yearly_review.decide", zh="作出年度评估决定",
        en="Decide what becomes of a matter after its review", make=on(deciding_years.decide),
        command=deciding_years.DecideCommand, answers=reviewing_years.ReviewView,
        module=deciding_years),
)  # fmt: skip
