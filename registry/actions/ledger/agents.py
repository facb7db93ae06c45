"""代付 another body pays in the name of who owes it, and is shown as such; the payer stays (E4)."""

from registry.actions.office import Desk
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherCommand
from registry.domain.people import Organisation

AGENT = declare(
    "voucher.agent", RefusalKind.INVALID,
    "代付单位（agent_id）只写在拨付和到账凭证上，须是已登记、在用的单位，不是付款单位自己，也不是收款社区"
    "（E4 代付须写明，付款单位不变）",
    "An agent is told of what is sent and arrives alone: a body on record, neither the payer nor "
    "the community paid (E4).", recorded=True,
)  # fmt: skip
_PAYING = frozenset(
    {VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL}
)


def check_agent(desk: Desk, command: VoucherCommand, payer_id: str, paid: set[str]) -> None:
    """Refuse an agent where nothing is paid, or that is one of the two sides.

    Args:
        paid: the communities that the money is for.

    Raises:
        Refusal: ``voucher.agent``.
    """
    if command.agent_id is None:
        return
    body = desk.unit.maybe(Organisation, command.agent_id)
    known = body is not None and body.in_force(desk.today)
    if not known or command.stage not in _PAYING or command.agent_id in {payer_id, *paid}:
        raise Refusal(AGENT, invariant="E4")
