"""年度办理入口 opening balances are signed by both sides; a year is closed community by community."""

from registry.actions.years import closing, rehearsing, reversing, signing
from registry.api.acting import Act, new, on
from registry.domain.closing import OpeningBalance, YearClosing

YEARS: tuple[Act, ...] = (
    Act(path="/opening-balances/{id}/sign", act="opening.sign", zh="签认期初余额",
        en="Sign an opening balance: the street, then the community", make=on(signing.sign),
        command=signing.OpeningSignCommand, answers=OpeningBalance, module=signing, money=True),
    Act(path="/opening-balances/{id}/withdraw", act="opening.withdraw", zh="撤下期初余额",
        en="Take an opening balance back before both have signed", make=on(signing.withdraw),
        command=signing.WithdrawCommand, answers=OpeningBalance, module=signing, money=True),
    Act(path="/opening-balances/{id}/reverse", act="opening.reverse", zh="冲销期初余额",
        en="Take a signed opening balance out again: the street asks, the community agrees",
        make=on(reversing.reverse), command=reversing.ReverseCommand, answers=OpeningBalance,
        module=reversing, money=True),
    Act(path="/year-closings", act="year.close", zh="年终结转",
        en="Close a year of one community", make=new(closing.close),
        command=closing.CloseCommand, answers=YearClosing, module=closing,
        creates="year-closings", versioned=False, money=True),
)  # fmt: skip
REHEARSE = Act(
    path="/year-closings/rehearsal", act="year.rehearse", zh="预演年终结转，不留记录",
    en="What closing a year would do, without recording", make=new(rehearsing.rehearse),
    command=rehearsing.RehearseCommand, answers=rehearsing.Rehearsal, module=rehearsing,
    versioned=False,
)  # fmt: skip
