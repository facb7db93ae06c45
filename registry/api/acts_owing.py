"""应付与清算办理入口 acts on what is owed: clearances drawn and agreed, reasons for what a street holds."""

from registry.actions.owing import clearing, disputing, holding
from registry.api.acting import Act, bare, new, on
from registry.domain.closing import Clearance, Hold

OWING: tuple[Act, ...] = (
    Act(path="/presences/{id}/clearance", act="clearance.draw", zh="草拟清算",
        en="Draw up what is owed either way for the work accepted", make=on(clearing.draw),
        command=clearing.ClearanceCommand, answers=Clearance, module=clearing,
        creates="clearances", money=True),
    Act(path="/clearances/{id}/agree", act="clearance.agree", zh="同意清算",
        en="Agree to a clearance", make=bare(clearing.agree), answers=Clearance,
        module=clearing, money=True),
    Act(path="/clearances/{id}/dispute", act="clearance.dispute", zh="对清算提出异议",
        en="Dispute the figures of a clearance", make=on(disputing.dispute),
        command=disputing.DisputeCommand, answers=Clearance, module=disputing, money=True),
    Act(path="/clearances/{id}/uphold", act="clearance.uphold", zh="维持清算",
        en="Let a disputed clearance stand; the objection is passed on",
        make=on(disputing.uphold), command=disputing.DisputeCommand, answers=Clearance,
        module=disputing, money=True),
    Act(path="/holds", act="hold.record", zh="登记滞留说明",
        en="Say why money is not passed on yet", make=new(holding.record),
        command=holding.HoldCommand, answers=Hold, module=holding, creates="holds",
        names=("presence_id",), versioned=False, money=True),
    Act(path="/holds/{id}/release", act="hold.release", zh="结束滞留说明",
        en="End the reason for which money is held", make=bare(holding.release), answers=Hold,
        module=holding, money=True),
)  # fmt: skip
