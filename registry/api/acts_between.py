"""流转入口 the acts on a case between its steps, as one table."""

from registry.actions.between import adding, passing, phrases, sending_back, urging
from registry.actions.views import RequestView
from registry.api.acting import Act, new, on, plainly, told_to
from registry.domain.approval import Task
from registry.domain.movement import Movement
from registry.domain.phrase import Phrase

BETWEEN: tuple[Act, ...] = (
    Act(path="/tasks/{id}/transfer", act="task.transfer", zh="转办",
        en="Pass a task to a colleague", make=on(passing.transfer), command=passing.PassCommand,
        answers=Task, module=passing),
    Act(path="/tasks/{id}/entrust", act="task.entrust", zh="委派",
        en="Have a colleague speak first", make=on(passing.entrust), command=passing.PassCommand,
        answers=Task, module=passing, creates="tasks"),
    Act(path="/tasks/{id}/add", act="task.add", zh="加签", en="Add a body to be heard",
        make=on(adding.add), command=adding.AddCommand, answers=Task, module=adding,
        creates="tasks"),
    Act(path="/tasks/{id}/drop", act="task.drop", zh="减签", en="Drop who was added or entrusted",
        make=on(adding.drop), command=adding.DropCommand, answers=Task, module=adding),
    Act(path="/tasks/{id}/take-back", act="task.take_back", zh="拿回",
        en="Take back what one said", make=on(sending_back.take_back),
        command=sending_back.TakeBackCommand, answers=RequestView, module=sending_back),
    Act(path="/requests/{id}/send-back", act="request.send_back", zh="驳回",
        en="Send back to an earlier step", make=on(sending_back.send_back),
        command=sending_back.SendBackCommand, answers=RequestView, module=sending_back),
    Act(path="/requests/{id}/urge", act="request.urge", zh="催办", en="Ask after a case",
        make=told_to(urging.urge), command=urging.UrgeCommand, answers=Movement, module=urging,
        versioned=False, creates="movements"),
    Act(path="/requests/{id}/copy", act="request.copy", zh="抄送", en="Copy a case to others",
        make=told_to(urging.copy), command=urging.CopyCommand, answers=urging.Copies,
        module=urging, versioned=False),
    Act(path="/copies/{id}/read", act="copy.read", zh="阅知抄送", en="Note a copy as read",
        make=plainly(urging.read), answers=Movement, module=urging, versioned=False),
    Act(path="/phrases", act="phrase.keep", zh="写常用意见", en="Keep a wording",
        make=new(phrases.keep), command=phrases.PhraseCommand, answers=Phrase, module=phrases,
        creates="phrases", versioned=False),
    Act(path="/phrases/{id}", act="phrase.amend", zh="修改常用意见", en="Change a wording",
        method="PUT", make=on(phrases.amend), command=phrases.PhraseCommand, answers=Phrase,
        module=phrases),
)  # fmt: skip
