"""变更 what was admitted is to be changed: a small case of its own, decided before it takes effect.

The change is a request like any other, drafted, signed, judged and decided; ``amended`` compares it
with what it would change, ``taking_effect`` carries it out (P14).
"""

from registry.actions.afterwards.amended import running
from registry.actions.afterwards.settled import check_at_rest
from registry.actions.afterwards.taking_effect import NOT_ADMITTED, check_paid, check_stands
from registry.actions.filing import owners, put_down
from registry.actions.office import Answer, Desk
from registry.actions.views import view
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.request import Request, State

RUNNING = declare(
    "change.running", RefusalKind.CONFLICT, "该事项已有变更 {change} 在办",
    "A change of it is under way already: {change}.", recorded=True,
)  # fmt: skip
OTHER = declare(
    "change.other", RefusalKind.INVALID, "变更不得改换申请单位或者事项类别，请另行申报",
    "A change keeps the leading applicant and the kind; file another matter anew.", recorded=True,
)  # fmt: skip

__all__ = ["NOT_ADMITTED"]


class ChangeCommand(Wire, frozen=True, kw_only=True):
    """变更: the whole filing as it is to read."""

    filing: Filing


def change(desk: Desk, request_id: str, version: int | None, command: ChangeCommand) -> Answer:
    """起草变更: a draft beside what was admitted, which stands unchanged meanwhile."""
    original = desk.unit.get(Request, request_id, lock=True)
    desk.about(original)
    desk.authorise("request.change", owners=owners(original))
    desk.check_version(original, version)
    _check_changeable(desk, original)
    if under_way := running(desk, original):
        raise Refusal(RUNNING, change=under_way[0].id)
    check_same(original, command.filing)
    recorder = original.recorded_by_organisation_id
    drafted = put_down(desk, command.filing, recorder, amends=original)
    desk.about(drafted)
    return Answer(body=view(desk, drafted), version=drafted.version)


def _check_changeable(desk: Desk, original: Request) -> None:
    if original.state is not State.APPROVED or original.amends is not None:
        raise Refusal(NOT_ADMITTED)
    check_at_rest(desk, original)


def check_same(original: Request, filing: Filing) -> None:
    """Refuse a change that is another matter, or another department's.

    Raises:
        Refusal: ``change.other``.
    """
    if (filing.leading, filing.kind) != (original.applicant_id, original.kind):
        raise Refusal(OTHER)


def check_change(desk: Desk, request: Request) -> None:
    """What a change must hold to when it is signed: told before others have worked on it.

    Raises:
        Refusal: ``change.not_admitted``, ``change.outdated``, ``change.other``,
            ``change.below_paid``.
    """
    if request.amends is None:
        return
    original = desk.unit.get(Request, request.amends)
    check_stands(original, request)
    check_same(original, request.filing)
    check_paid(desk, original, request.filing)
