"""评价的办理入口 acts of rating, of the yearly review, and on what residents report."""

from registry.actions.evaluating import satisfying
from registry.api.acting import Act, new
from registry.domain.evaluating import Satisfaction

EVALUATING: tuple[Act, ...] = (
    Act(path="/satisfactions", act="satisfaction.record", zh="登记满意度(只登记人数)",
        en="Record satisfaction, as counts alone", make=new(satisfying.record),
        command=satisfying.SatisfactionCommand, answers=Satisfaction, module=satisfying,
        creates="satisfactions", versioned=False),
)  # fmt: skip
