"""经费账的办理入口 acts on vouchers and on how a community's money is kept."""

from registry.actions.ledger import confirming, custody, recording
from registry.api.acting import Act, bare, new, on
from registry.domain.budget import CustodyTerm
from registry.domain.funds import VoucherCommand

LEDGER: tuple[Act, ...] = (
    Act(path="/vouchers", act="voucher.record", zh="登记凭证", en="Record a voucher",
        make=new(recording.record), command=VoucherCommand, answers=recording.VoucherView,
        module=recording, creates="vouchers", names=("request_id",), versioned=False, money=True),
    Act(path="/vouchers/{id}/confirm", act="voucher.confirm", zh="确认凭证",
        en="Confirm a voucher", make=bare(confirming.confirm), answers=recording.VoucherView,
        module=confirming, money=True),
    Act(path="/vouchers/{id}/void", act="voucher.void", zh="作废未确认的凭证",
        en="Void a voucher that was never confirmed", make=on(confirming.void),
        command=confirming.VoidCommand, answers=recording.VoucherView, module=confirming,
        money=True),
    Act(path="/custody-terms", act="custody.change", zh="变更资金管理模式",
        en="Change how a community's money is kept, from a day on", make=new(custody.change),
        command=custody.CustodyCommand, answers=CustodyTerm, module=custody,
        creates="custody-terms", versioned=False, money=True),
)  # fmt: skip
