"""决定之后的办理入口 acts on what is decided: changed, corrected, voided, revoked, reviewed."""

from registry.actions.afterwards import amending, correcting, reviewed, reviewing, revoking, voiding
from registry.actions.views import RequestView
from registry.api.acting import Act, bare, new, on
from registry.domain.afterwards import Correction, Review, Revocation
from registry.domain.approval import Decision

AFTER: tuple[Act, ...] = (
    Act(path="/requests/{id}/changes", act="request.change", zh="起草变更",
        en="Draft a change of what was admitted", make=on(amending.change),
        command=amending.ChangeCommand, answers=RequestView, module=amending, creates="requests"),
    Act(path="/requests/{id}/correct", act="request.correct", zh="更正申请文字",
        en="Correct a slip of the pen in a request", make=on(correcting.correct_request),
        command=correcting.CorrectCommand, answers=Correction, module=correcting,
        creates="corrections"),
    Act(path="/decisions/{id}/correct", act="decision.correct", zh="更正决定文字",
        en="Correct a slip of the pen in a decision", make=on(correcting.correct_decision),
        command=correcting.CorrectCommand, answers=Correction, module=correcting,
        creates="corrections"),
    Act(path="/decisions/{id}/void", act="decision.void", zh="文号作废",
        en="Void a number and issue the decision under another", make=on(voiding.void),
        command=voiding.VoidCommand, answers=Decision, module=voiding, creates="decisions"),
    Act(path="/revocations", act="revocation.propose", zh="告知拟撤销准入",
        en="Tell the grounds for revoking an admission", make=new(revoking.propose),
        command=revoking.ProposeCommand, answers=Revocation, module=revoking,
        creates="revocations", names=("request_id",), versioned=False),
    Act(path="/revocations/{id}/answer", act="revocation.answer", zh="陈述申辩",
        en="Be heard on a revocation", make=on(revoking.answer), command=revoking.HearCommand,
        answers=Revocation, module=revoking),
    Act(path="/revocations/{id}/drop", act="revocation.drop", zh="不再撤销",
        en="Drop a revocation", make=on(revoking.drop), command=revoking.DropCommand,
        answers=Revocation, module=revoking),
    Act(path="/requests/{id}/revoke", act="request.revoke", zh="撤销准入",
        en="Revoke an admission", make=on(revoking.revoke), command=revoking.RevokeCommand,
        answers=RequestView, module=revoking),
    Act(path="/requests/{id}/review", act="review.ask", zh="申请复核",
        en="Ask for a review of the decision", make=on(reviewing.ask),
        command=reviewing.ReviewCommand, answers=Review, module=reviewing, creates="reviews"),
    Act(path="/reviews/{id}/decide", act="review.decide", zh="作出复核决定",
        en="Decide a review", make=on(reviewed.decide), command=reviewed.ReviewDecision,
        answers=Review, module=reviewed),
    Act(path="/reviews/{id}/withdraw", act="review.withdraw", zh="撤回复核申请",
        en="Withdraw a review", make=bare(reviewing.withdraw), answers=Review, module=reviewing),
)  # fmt: skip
