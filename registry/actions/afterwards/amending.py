"""变更 what was admitted is to be changed: a small case of its own, decided before it takes effect.

The change is a request like any other, drafted, signed, judged and decided; ``amended`` compares it
with what it would change, ``taking_effect`` carries it out (P14).
"""

import msgspec

from registry.actions.afterwards.amended import running
from registry.actions.afterwards.bounds import check_lasting, check_paid
from registry.actions.afterwards.settled import check_at_rest
from registry.actions.afterwards.taking_effect import NOT_ADMITTED, check_stands
from registry.actions.filing import owners, put_down
from registry.actions.granting import admitted, reach
from registry.actions.office import Answer, Desk
from registry.actions.views import view
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.request import Purpose, Request, State
from registry.policies.dictionary import code_zh

RUNNING = declare(
    "change.running", RefusalKind.CONFLICT, "该事项的{purpose_zh} {change} 正在办理",
    "Something of it is under way already ({purpose}): {change}.", recorded=True,
)  # fmt: skip
OTHER = declare(
    "change.other", RefusalKind.INVALID, "变更不得改换申请单位或者事项类别，请另行申报",
    "A change keeps the leading applicant and the kind; file another matter anew.", recorded=True,
)  # fmt: skip
TERM = declare(
    "renewal.term", RefusalKind.INVALID, "续期只延长有期限的事项，新的终止日期须晚于现行的 {ends_on}",
    "A renewal lengthens a term that there is: its last day lies after the present one, {ends_on}.",
    recorded=True,
)  # fmt: skip
MORE = declare(
    "renewal.other", RefusalKind.INVALID, "续期只能改期限和经费，{fields} 另有不同；请按变更办理",
    "A renewal alters term and money only, and {fields} differ; file a change.", recorded=True,
)  # fmt: skip
FEWER = declare(
    "exit.other", RefusalKind.INVALID, "退出申请只能减少社区，不得改变其他内容：{fields}",
    "A request to leave names fewer communities and alters nothing else: {fields}.", recorded=True,
)  # fmt: skip
_PAPERS = frozenset({"letter", "documents", "consultations"})
"""What comes with a new letter, and changes nothing of the matter."""
_LONGER = _PAPERS | {"ends_on", "funding"}

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
        raise still_running(under_way[0])
    check_same(original, command.filing)
    recorder = original.recorded_by_organisation_id
    drafted = put_down(desk, command.filing, recorder, amends=original)
    desk.about(drafted)
    return Answer(body=view(desk, drafted), version=drafted.version)


def still_running(request: Request) -> Refusal:
    """The refusal of a second one, which calls the first by what it is for."""
    purpose = request.purpose
    return Refusal(RUNNING, change=request.id, purpose=purpose.value, purpose_zh=code_zh(purpose))


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
            ``change.over``, ``change.below_paid``, ``change.added``, ``renewal.term``,
            ``renewal.other``, ``exit.other``.
    """
    if request.amends is None:
        return
    original = desk.unit.get(Request, request.amends)
    check_stands(desk, original, request)
    check_same(original, request.filing)
    if request.purpose is Purpose.LEAVE:
        _check_fewer(desk, original, request.filing)
        return
    if request.purpose is Purpose.RENEW:
        check_term(desk, original, request.filing)
    check_lasting(desk, request.filing)
    check_paid(desk, original, request.filing)


def check_term(desk: Desk, original: Request, filing: Filing) -> None:
    """Refuse as a renewal what alters more than the term and the money, or lengthens no term.

    Raises:
        Refusal: ``renewal.term``, ``renewal.other``.
    """
    stands = admitted(desk, original)
    if other := _differing(stands, filing, _LONGER):
        raise Refusal(MORE, fields="、".join(other))
    if stands.ends_on is None or filing.ends_on is None or filing.ends_on <= stands.ends_on:
        raise Refusal(TERM, ends_on=str(stands.ends_on or "—"))


def _check_fewer(desk: Desk, original: Request, filing: Filing) -> None:
    stands = admitted(desk, original)
    other = _differing(stands, filing, _PAPERS | {"targets", "receivers"})
    if not set(filing.receivers) <= set(stands.receivers):
        other.append("receivers")
    if not reach(desk, filing).keys() <= reach(desk, stands).keys():
        other.append("targets")
    if other:
        raise Refusal(FEWER, fields="、".join(other))


def _differing(one: Filing, other: Filing, apart: frozenset[str]) -> list[str]:
    """Names of the fields in which two filings differ, some left aside."""
    names = (f.name for f in msgspec.structs.fields(Filing) if f.name not in apart)
    return [n for n in names if getattr(one, n) != getattr(other, n)]
