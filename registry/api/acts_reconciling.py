"""对账办理入口 what a person says of a line of a statement; what a community notes."""

from registry.actions.reconciling import noting, settling
from registry.api.acting import Act, new, on
from registry.domain.bank import (
    BankLine,
    ClassifyCommand,
    MatchCommand,
    NoteCommand,
    ReasonCommand,
)

RECONCILING: tuple[Act, ...] = (
    Act(path="/bank-lines/{id}/match", act="bank.match", zh="人工核对流水",
        en="Match a line of a statement with a voucher", make=on(settling.match),
        command=MatchCommand, answers=BankLine, module=settling, money=True),
    Act(path="/bank-lines/{id}/unmatch", act="bank.unmatch", zh="撤回核对、归类",
        en="Take back what was said of a line", make=on(settling.unmatch), command=ReasonCommand,
        answers=BankLine, module=settling, money=True),
    Act(path="/bank-lines/{id}/classify", act="bank.classify", zh="流水归类",
        en="Say what a line is that no admission stands behind", make=on(settling.classify),
        command=ClassifyCommand, answers=BankLine, module=settling, money=True),
    Act(path="/bank-lines/{id}/flag", act="bank.flag", zh="流水列为疑点",
        en="Ask about a payment without an admission", make=on(settling.flag),
        command=ReasonCommand, answers=BankLine, module=settling, money=True),
    Act(path="/unregistered-notes", act="unregistered.note", zh="反映未登记事项",
        en="Note work that a community finds no admission for", make=new(noting.note),
        command=NoteCommand, answers=noting.Noted, module=noting, creates="findings",
        versioned=False),
)  # fmt: skip
