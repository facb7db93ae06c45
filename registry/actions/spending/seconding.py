"""加批 a second approver lets a blocked use pass, where the pack provides for it (E18)."""

from registry.actions.office import Answer, Desk
from registry.actions.spending.payees import shown
from registry.actions.ties import acting
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher
from registry.domain.people import PostView
from registry.domain.spending import Expenditure, Signatory, SpendingState

NO_SECOND = declare(
    "expenditure.no_second", RefusalKind.CONFLICT, "这笔支出不需要加批，或者已经加批、确认、作废",
    "It needs no second approver, or has one, or is confirmed or void.", recorded=True,
)  # fmt: skip


def second(desk: Desk, id: str, version: int | None) -> Answer:
    """加批: by whoever pays or oversees, and never by who recorded or approved it.

    Raises:
        Refusal: ``expenditure.no_second``.
    """
    held = desk.unit.get(Expenditure, id, lock=True)
    desk.about(held)

    def ties(post: PostView) -> list[str]:
        people, voucher = acting(desk, post), desk.unit.get(Voucher, held.voucher_id)
        found = ["recorded"] if people & {voucher.recorded_by, voucher.recorded_for} else []
        return [
            *found,
            *(["approved"] if held.signatures.get(Signatory.APPROVED) in people else []),
        ]

    owners = [held.organisation_id, held.payer_id]
    desk.authorise("expenditure.second", owners=owners, paths=[held.area_path], ties=ties)
    desk.check_version(held, version)
    waits = held.needs_second and held.second_approver is None
    if not waits or held.state is not SpendingState.RECORDED:
        raise Refusal(NO_SECOND)
    kept = desk.unit.change(
        held, second_approver=desk.actor.person_id, second_for=desk.on_behalf_of,
        second_on=desk.today,
    )  # fmt: skip
    desk.about(kept)
    return Answer(body=shown(kept, named=False), version=kept.version)
