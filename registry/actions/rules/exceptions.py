"""例外 a 会议纪要 or 批示 entered with scope and end, granted by a second person, counted in its use (P12).

``waived_for`` is the one place where a filing learns which rules do not decide for it.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

import msgspec

from registry.actions.office import Answer, Desk, Office
from registry.actions.rules.signing import county_paths, sign_second
from registry.domain.admission import Verdict
from registry.domain.document import Document
from registry.domain.document_number import writings
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.instrument import Instrument, InstrumentStatus
from registry.domain.records import Ident, Line, Text, Wire, civil
from registry.domain.request import Request
from registry.domain.waiver import Waiver, WaiverScope, WaiverUse, waived
from registry.policies.overlay import Overlay
from registry.policies.silence import WAIVABLE
from registry.store.waivers import standing, uses

UNKNOWN_RULE = declare(
    "exception.rule", RefusalKind.INVALID, "现行规则中没有：{named}",
    "The rules in force have none called {named}.", recorded=True,
)  # fmt: skip
ABSOLUTE = declare(
    "exception.absolute", RefusalKind.INVALID, "绝对禁止没有例外：{named}",
    "An absolute rule knows no exception: {named}.", recorded=True,
)  # fmt: skip
ABOVE = declare(
    "exception.above", RefusalKind.INVALID, "上级规则未写明可以例外，本级不得准予：{named}",
    "These rules stand above this jurisdiction, and their text allows no exception: {named}.",
    recorded=True,
)  # fmt: skip
NO_END = declare(
    "exception.no_end", RefusalKind.INVALID, "例外须写明到期日", "An exception names its last day.",
    recorded=True,
)  # fmt: skip
DATES = declare(
    "exception.dates", RefusalKind.INVALID, "例外的日期不对：{why}",
    "The dates of the exception will not do: {why_en}.", recorded=True,
)  # fmt: skip
BASIS = declare(
    "exception.basis", RefusalKind.INVALID, "依据 {document_number} 只到 {last}，例外不得超出",
    "The basis {document_number} ends on {last}; no exception outlives it.", recorded=True,
)  # fmt: skip
SETTLED = declare(
    "exception.settled", RefusalKind.CONFLICT, "例外已批准或已终止，不能再办",
    "The exception is granted or ended already.", recorded=True,
)  # fmt: skip
FOREIGN_PAPER = declare(
    "exception.document", RefusalKind.INVALID, "附件 {document} 不是本例外的附件",
    "Document {document} was not uploaded for this exception.", recorded=True,
)  # fmt: skip
NO_REASON = declare(
    "exception.reason", RefusalKind.INVALID, "须说明理由", "Give a reason."
)  # fmt: skip


class ExceptionCommand(Wire, frozen=True, kw_only=True):
    """提出例外."""

    basis: Literal["meeting", "instruction", "document"]
    """会议纪要, 批示, 文件."""
    document_number: Line
    issuer: Line
    dated_on: date
    basis_valid_to: date | None = None
    reason: Text
    scope: WaiverScope
    valid_from: date
    valid_to: date | None = None


class GrantCommand(Wire, frozen=True, kw_only=True):
    """批准例外."""

    document_id: Ident | None = None
    """The 会议纪要 or 批示 itself, uploaded for this exception."""


class EndCommand(Wire, frozen=True, kw_only=True):
    """终止例外: from today on it is honoured no more."""

    reason: Text


class ExceptionView(Waiver, frozen=True, kw_only=True):
    """例外 as it is answered: whether it stands today, and how many verdicts it changed."""

    honoured: bool
    uses: int


def propose(desk: Desk, command: ExceptionCommand) -> Answer:
    """Enter what a meeting or a superior decided; nothing follows from it until it is granted."""
    desk.authorise("exception.propose", paths=county_paths(desk))
    if not command.reason.strip():
        raise Refusal(NO_REASON)
    if command.valid_to is None:
        raise Refusal(NO_END)
    fields = {n: getattr(command, n) for n in command.__struct_fields__}
    made = Waiver(
        county=desk.unit.county, id=desk.id("exc"), proposed_by=desk.actor.person_id,
        proposed_for=desk.on_behalf_of,
        **{**fields, "scope": _placed(desk, command.scope)},
    )  # fmt: skip
    _check(desk, made)
    kept = desk.unit.add(made)
    desk.about(kept)
    return _seen(desk, kept)


def grant(desk: Desk, id: str, version: int | None, command: GrantCommand) -> Answer:
    """Let an exception stand: by another person than who proposed it."""
    held = desk.unit.get(Waiver, id, lock=True)
    desk.about(held)
    sign_second(desk, "exception.grant", held.proposed_by, held.proposed_for)
    if held.granted_by is not None or held.ended_on is not None:
        raise Refusal(SETTLED)
    desk.check_version(held, version)
    _check(desk, held)
    if command.document_id is not None:
        paper = desk.unit.maybe(Document, command.document_id)
        if paper is None or (paper.parent_kind, paper.parent_id) != ("exception", id):
            raise Refusal(FOREIGN_PAPER, document=command.document_id)
    after = desk.unit.change(
        held, granted_by=desk.actor.person_id, granted_on=desk.today,
        document_id=command.document_id,
    )  # fmt: skip
    desk.about(after)
    return _seen(desk, after)


def end(desk: Desk, id: str, version: int | None, command: EndCommand) -> Answer:
    """End an exception before its time, or drop one that was never granted."""
    held = desk.unit.get(Waiver, id, lock=True)
    desk.about(held)
    desk.authorise("exception.end", paths=county_paths(desk))
    if held.ended_on is not None or held.valid_to < desk.today:
        raise Refusal(SETTLED)
    desk.check_version(held, version)
    if not command.reason.strip():
        raise Refusal(NO_REASON)
    after = desk.unit.change(held, ended_on=desk.today, end_reason=command.reason)
    desk.about(after)
    return _seen(desk, after)


def waived_for(desk: Desk, filing: Filing, request_id: str | None, on: date) -> dict[str, str]:
    """Rule id → id of the exception under which it does not decide for this filing on a day.

    Args:
        request_id: of the request, where there is one already.
        on: the day of the judging: today for an act, the day asked for in a precheck.
    """
    unit = desk.unit
    found = unit.remembered(Waiver, on, lambda: standing(unit.connection, unit.county, on))
    if not found:
        return {}
    placed = any(w.scope.areas for w in found)
    paths = {desk.places.area(t, desk.today).path for t in filing.targets} if placed else set()
    return waived(found, (filing, paths, request_id), on)


def uses_of(desk: Desk, verdict: Verdict) -> list[WaiverUse]:
    """One row for each exception that changed a verdict, to be kept with it."""
    made = []
    for id in verdict.waivers:
        waiver = desk.unit.get(Waiver, id)
        made.append(WaiverUse(
            county=desk.unit.county, id=desk.id("use"), waiver_id=id, verdict_id=verdict.id,
            request_id=verdict.request_id, used_on=desk.today, issuer=waiver.issuer,
            document_number=waiver.document_number,
        ))  # fmt: skip
    return made


def views(office: Office, waivers: Collection[Waiver]) -> list[ExceptionView]:
    """Exceptions as a list answers them."""
    counted: dict[tuple[str, str], int] = {}
    with office.store.reader.connect() as connection:
        for county in {w.county for w in waivers}:
            ids = [w.id for w in waivers if w.county == county]
            counted |= {(county, i): n for i, n in uses(connection, county, ids).items()}
    today = civil(office.clock())
    return [_view(w, today, counted.get((w.county, w.id), 0)) for w in waivers]


def _view(waiver: Waiver, on: date, count: int) -> ExceptionView:
    fields = {name: getattr(waiver, name) for name in Waiver.__struct_fields__}
    return ExceptionView(**fields, honoured=waiver.stands(on), uses=count)


def _seen(desk: Desk, waiver: Waiver) -> Answer:
    counted = uses(desk.unit.connection, waiver.county, [waiver.id])
    body = _view(waiver, desk.today, counted.get(waiver.id, 0))
    return Answer(body=body, version=waiver.version)


def _placed(desk: Desk, scope: WaiverScope) -> WaiverScope:
    """The scope with every area as its path, and every organisation and request known."""
    for organisation in scope.applicants:
        desk.places.organisation(organisation)
    for request in scope.requests:
        desk.unit.get(Request, request)
    paths = [desk.places.area(area, desk.today).path for area in scope.areas]
    return msgspec.structs.replace(scope, areas=sorted(set(paths)))


def _check(desk: Desk, made: Waiver) -> None:
    _check_dates(desk, made)
    _check_rules(desk, made)


def _check_dates(desk: Desk, made: Waiver) -> None:
    if made.valid_to < made.valid_from:
        raise Refusal(DATES, why="到期日早于起始日", why_en="it ends before it begins")
    if made.valid_to < desk.today:
        raise Refusal(DATES, why="到期日已过", why_en="its last day is past")
    if made.dated_on > desk.today:
        raise Refusal(DATES, why="依据的日期在今天之后", why_en="its basis is dated after today")
    for last in _ends(desk, made):
        if last < made.valid_to:
            raise Refusal(BASIS, document_number=made.document_number, last=last)


def _ends(desk: Desk, made: Waiver) -> Iterable[date]:
    """Last days of the basis: as entered with the exception, and as the register has it."""
    if made.basis_valid_to is not None:
        yield made.basis_valid_to
    for known in desk.unit.find(Instrument, document_number=writings(made.document_number)):
        if known.lapses_on is not None and known.status(made.valid_to) is InstrumentStatus.LAPSED:
            yield known.lapses_on - date.resolution


def _check_rules(desk: Desk, made: Waiver) -> None:
    """Every rule named is in force somewhere in the county's rules, and none is absolute."""
    overlay = desk.rulebook(max(made.valid_from, desk.today)).overlay
    rules = {rule.id: rule for pack in overlay.packs for rule in pack.document.rule}
    unknown = [r for r in made.scope.rules if r not in rules and r not in WAIVABLE]
    if unknown:
        raise Refusal(UNKNOWN_RULE, named="、".join(unknown))
    absolute = [r for r in made.scope.rules if r in rules and rules[r].absolute]
    if absolute:
        raise Refusal(ABSOLUTE, named="、".join(absolute))
    above = _out_of_reach(overlay, made.scope.rules, desk.unit.county)
    if above:
        raise Refusal(ABOVE, named="、".join(above))


def _out_of_reach(overlay: Overlay, named: Iterable[str], county: str) -> list[str]:
    """Of the rules named, those that a pack above states without calling them ``liftable``: minutes
    of a meeting set no law aside. A default above is the higher body's own too."""
    own = {
        rule.id
        for pack in overlay.packs
        for rule in pack.document.rule
        if rule.liftable or pack.document.pack.jurisdiction == county
    }
    for pack in overlay.packs:
        if pack.document.pack.jurisdiction == county:
            stated = {pack.document.pack.default, *pack.document.default_of.values()} - {None}
            own |= {f"default.{default}" for default in stated}
    return [name for name in named if name not in own]
