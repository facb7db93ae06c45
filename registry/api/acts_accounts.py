"""账号入口 the acts of those who keep accounts: first passwords, unlocking, signing others out."""

from typing import Any

from registry.actions.office import Verb
from registry.actions.staff import ending, giving
from registry.api.acting import Act, new, plainly
from registry.api.asked import Asked
from registry.domain.records import Wire


class Ended(Wire, frozen=True, kw_only=True):
    """已退出: whose browsers or tokens ended."""

    id: str


def _given(_asked: Asked, made: Any) -> Verb:
    return lambda desk: giving.give(desk, made)


ACCOUNTS: tuple[Act, ...] = (
    Act(path="/passwords", act=giving.ACT, zh="发初始口令",
        en="Give first passwords, each told once", make=_given, command=giving.PasswordsCommand,
        answers=giving.Slips, module=giving, versioned=False, each=True,
        ahead=lambda office, call, _id, command: giving.made(office, call, command)),
    Act(path="/people/{id}/unlock", act=giving.UNLOCK, zh="解除登录锁定",
        en="Let an account sign in again after too many failures", make=plainly(giving.unlock),
        answers=giving.Unlocked, module=giving, versioned=False),
    Act(path="/sign-outs", act=ending.ACT, zh="结束他人登录",
        en="Sign somebody out: one browser, one token, or all", make=new(ending.end),
        command=ending.SessionEndCommand, answers=Ended, module=ending, versioned=False),
)  # fmt: skip
