"""电话代录的办理入口 what a community says of what was entered in its name by telephone."""

from registry.actions.telephoning import checking
from registry.api.acting import Act, new
from registry.domain.notice import Notice

TELEPHONE: tuple[Act, ...] = (
    Act(path="/telephone-checks", act="telephone.check", zh="核对电话代录",
        en="Confirm or contradict what was entered by telephone", make=new(checking.check),
        command=checking.CheckCommand, answers=Notice, module=checking, versioned=False),
)  # fmt: skip
