"""岗位入口 the acts by which people stand in for one another, as one table."""

from registry.actions.staff import absences, delegating
from registry.api.acting import Act, bare, new
from registry.domain.delegation import Absence, Delegation

POSTS: tuple[Act, ...] = (
    Act(path="/delegations", act="delegation.give", zh="授权委托", en="Delegate acts of a post",
        make=new(delegating.give), command=delegating.DelegationCommand, answers=Delegation,
        module=delegating, creates="delegations", versioned=False),
    Act(path="/deputies", act="delegation.deputy", zh="设置A/B角",
        en="Name who stands in for the holder of a post", make=new(delegating.name_deputy),
        command=delegating.DeputyCommand, answers=Delegation, module=delegating,
        creates="delegations", versioned=False),
    Act(path="/delegations/{id}/end", act="delegation.end", zh="终止委托", en="End a delegation",
        make=bare(delegating.end), answers=Delegation, module=delegating),
    Act(path="/absences", act="absence.record", zh="外出登记", en="Record being away",
        make=new(absences.record), command=absences.AbsenceCommand, answers=Absence,
        module=absences, creates="absences", versioned=False),
    Act(path="/absences/{id}/end", act="absence.end", zh="销假", en="Record being back",
        make=bare(absences.end), answers=Absence, module=absences),
)  # fmt: skip
