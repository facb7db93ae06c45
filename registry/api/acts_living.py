"""进驻之后的办理入口 acts on what lives in a community: suspended, accepted, renewed, leaving."""

from registry.actions.living import accepting, departing, leaving, renewing, suspending
from registry.actions.views import RequestView
from registry.api.acting import Act, bare, on
from registry.domain.living import Acceptance, Departure
from registry.domain.presence import Presence

LIVING: tuple[Act, ...] = (
    Act(path="/presences/{id}/suspend", act="presence.suspend", zh="暂停执行",
        en="Suspend what the rules let be suspended", make=on(suspending.suspend),
        command=suspending.SuspendCommand, answers=Presence, module=suspending),
    Act(path="/presences/{id}/resume", act="presence.resume", zh="恢复执行",
        en="Resume what was suspended", make=on(suspending.resume),
        command=suspending.ResumeCommand, answers=Presence, module=suspending),
    Act(path="/presences/{id}/report", act="presence.report", zh="报告完成情况",
        en="Report what is done, to be accepted", make=on(accepting.report),
        command=accepting.ReportCommand, answers=Acceptance, module=accepting,
        creates="acceptances"),
    Act(path="/acceptances/{id}/give", act="acceptance.give", zh="作出验收结论",
        en="Accept what was done, or say what is to be mended", make=on(accepting.give),
        command=accepting.GiveCommand, answers=Acceptance, module=accepting),
    Act(path="/presences/{id}/complete", act="presence.complete", zh="办结",
        en="Complete a matter in a community", make=bare(accepting.complete), answers=Presence,
        module=accepting),
    Act(path="/requests/{id}/renew", act="request.renew", zh="起草续期",
        en="Draft a renewal of what was admitted", make=on(renewing.renew),
        command=renewing.RenewCommand, answers=RequestView, module=renewing, creates="requests"),
    Act(path="/presences/{id}/renew", act="presence.renew", zh="起草续期（从一个社区的事项）",
        en="Draft a renewal, from the matter in one community", make=on(renewing.renew_one),
        command=renewing.RenewCommand, answers=RequestView, module=renewing, creates="requests"),
    Act(path="/requests/{id}/leave", act="request.leave", zh="整项退出",
        en="Take a matter out of every community, or ask to", make=on(leaving.leave_all),
        command=leaving.LeaveCommand, answers=leaving.Leaving, module=leaving),
    Act(path="/presences/{id}/exit", act="presence.exit", zh="退出一个社区",
        en="Take a matter out of one community, or ask to", make=on(leaving.leave_one),
        command=leaving.LeaveCommand, answers=leaving.Leaving, module=leaving),
    Act(path="/departures/{id}/settle", act="departure.settle", zh="了结退出事宜",
        en="Settle what a leaving left behind", make=on(departing.settle),
        command=departing.SettleCommand, answers=Departure, module=departing),
)  # fmt: skip
