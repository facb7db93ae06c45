"""清单修订办理入口 acts on the texts of lists: proposed, published by another, withdrawn, tried."""

from registry.actions.rejudging import running, sampling
from registry.actions.rejudging.sampling import Sampled
from registry.actions.rules import editions
from registry.api.acting import Act, new, on, plainly
from registry.domain.edition import ListEdition
from registry.domain.pack import PackRun

LISTS: tuple[Act, ...] = (
    Act(path="/list-editions", act="list.propose", zh="提出清单修订",
        en="Propose the next text of a list", make=new(editions.propose),
        command=editions.ProposeListCommand, answers=ListEdition, module=editions,
        creates="list-editions", versioned=False),
    Act(path="/list-editions/{id}/publish", act="list.publish", zh="发布清单修订",
        en="Publish the next text of a list", make=on(editions.publish),
        command=editions.PublishListCommand, answers=ListEdition, module=editions),
    Act(path="/list-editions/{id}/withdraw", act="list.withdraw", zh="撤回清单修订",
        en="Withdraw the next text of a list", make=on(editions.withdraw),
        command=editions.WithdrawListCommand, answers=ListEdition, module=editions),
    Act(path="/list-editions/{id}/run", act="list.run", zh="试算清单修订，留存记录",
        en="Simulate the next text of a list, on record", make=plainly(running.begin_edition),
        answers=PackRun, module=running, versioned=False, after=running.start),
)  # fmt: skip
TRY_LIST = Act(
    path="/list-editions/{id}/simulate", act="list.simulate", zh="试算清单修订，不留记录",
    en="Simulate the next text of a list, without recording", make=plainly(sampling.try_edition),
    answers=Sampled, module=sampling, versioned=False,
)  # fmt: skip
