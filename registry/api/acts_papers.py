"""公文办理入口 what is done for papers before there is a record: numbers of blank forms."""

from registry.actions.papers import blank
from registry.api.acting import Act, new

PAPERS: tuple[Act, ...] = (
    Act(path="/blank-forms", act=blank.ACT, zh="预留空白申请表编号",
        en="Reserve numbers for blank applications", make=new(blank.reserve),
        command=blank.ReserveCommand, answers=blank.Reserved, module=blank, versioned=False),
)  # fmt: skip
