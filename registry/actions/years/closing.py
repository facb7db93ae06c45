"""年终结转 one community's year, closed once: what is left goes on, is handed in, or lapses (P17, E9).

One idempotent act: what was carried cannot be carried again, for nothing is left of it; a year that
was closed is closed for every entry, and only the closing itself completes it, where a merger
brought something of that year afterwards.
"""

from collections.abc import Sequence
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.ledger.closed import closed_of
from registry.actions.ledger.posting import check_room
from registry.actions.office import Answer, Desk
from registry.actions.years.carrying import Book, carried, is_money, total_of
from registry.actions.years.doubts import SURPLUS_DUE
from registry.domain.closing import YearClosing
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherLine, Year, chain, flows
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.domain.request import Request
from registry.domain.year_end import STAGE_OF, Fate, Left, Rule, left_over, waits
from registry.store.counting import hold

RUNNING = declare(
    "year.running", RefusalKind.CONFLICT, "{year} 年度还没有结束，可以先试结（预演）",
    "{year} is not over yet; it may be rehearsed.", recorded=True,
)  # fmt: skip
UNRULED = declare(
    "year.unruled", RefusalKind.CONFLICT,
    "规则包没有规定年终余款如何处理（[year_end]），不能结转",
    "No pack says what becomes of what is left at the end of a year.", recorded=True,
)  # fmt: skip
WAITING = declare(
    "year.waiting", RefusalKind.CONFLICT,
    "{year} 年度还有待确认的凭证：{numbers}；请先确认或者作废（E9 结转后不再变动）",
    "Vouchers of {year} wait for confirmation: {numbers}. Confirm or void them first (E9).",
    recorded=True,
)  # fmt: skip
BEFORE = declare(
    "year.before", RefusalKind.CONFLICT, "{before} 年度还有余额没有结转，请先结转该年度（E9 逐年结转）",
    "Something is left of {before}; close that year first (E9).", recorded=True,
)  # fmt: skip


class CloseCommand(Wire, frozen=True, kw_only=True):
    """年终结转 of one community."""

    organisation_id: Ident
    """The community's organisation."""
    year: Year


def close(desk: Desk, command: CloseCommand) -> Answer:
    """年终结转.

    Raises:
        Refusal: ``year.running``, ``year.unruled``, ``year.waiting``, ``year.before``.
    """
    body = desk.unit.get(Organisation, command.organisation_id)
    desk.about(body)
    desk.authorise("year.close", paths=[desk.places.home(body).path])
    if desk.today.year <= command.year:
        raise Refusal(RUNNING, year=command.year)
    rule = rule_of(desk, command.year)
    # Two who close at once come one after the other; whoever books waits for the requests.
    hold(desk.unit.connection, desk.unit.county, f"closing {body.id}")
    book = read_book(desk, body, lock=True)
    held = standing(desk, body.id, command.year)
    left = left_over(book.lines, command.year, rule)
    if held is not None and all(one.fate is Fate.LAPSE for one in left):
        desk.about(held)
        return Answer(body=held, version=held.version)
    check_ready(desk, body, book.lines, command.year)
    made = _close(desk, book, left, (held, command.year))
    desk.about(made)
    desk.business_date = date.max.replace(year=command.year)
    return Answer(body=made, version=made.version)


def rule_of(desk: Desk, year: int) -> Rule:
    """What the pack in force on the last day of a year says becomes of what is left.

    Raises:
        Refusal: ``year.unruled``.
    """
    last = date.max.replace(year=year)
    found = desk.rulebook(last).overlay.setting(lambda d: d.year_end)
    if found is None:
        raise Refusal(UNRULED)
    return Rule(unspent=found.unspent, unsent=found.unsent, years=found.years)


def standing(desk: Desk, organisation_id: str, year: int) -> YearClosing | None:
    """The closing of a year of a community, where it was closed."""
    found = desk.unit.find(YearClosing, organisation_id=organisation_id, year=year)
    return found[0] if found else None


def read_book(desk: Desk, body: Organisation, *, lock: bool = False) -> Book:
    """The books of a community. ``lock`` = whoever books money of its requests waits."""
    presences = {p.id: p for p in desk.unit.find(Presence, organisation_id=body.id)}
    if lock:
        for id in sorted({p.request_id for p in presences.values() if p.request_id}):
            desk.unit.get(Request, id, lock=True)
    ids = sorted(presences)
    lines = desk.unit.find(VoucherLine, presence_id=ids) if ids else []
    return Book(body, presences, lines)


def check_ready(
    desk: Desk, body: Organisation, lines: Sequence[VoucherLine], year: int
) -> None:  # fmt: skip
    """Refuse to close a year in which something waits, or before the year before it.

    Raises:
        Refusal: ``year.waiting``, ``year.before``.
    """
    if waiting := waits(lines, year):
        found = desk.unit.find(Voucher, id=waiting)
        raise Refusal(WAITING, year=year, numbers="、".join(sorted(v.number for v in found)))
    for before in sorted({line.year for line in lines if line.year and line.year < year}):
        closed = standing(desk, body.id, before) is not None
        gone = closed_of(desk, {(line.presence_id, before) for line in lines})
        # What a community closed before its merger stays closed with its heir.
        rest = [
            one
            for one in left_over(lines, before, rule_of(desk, before))
            if not (one.fate is Fate.LAPSE and (one.slot.presence_id, before) in gone)
        ]
        if rest and not (closed and all(one.fate is Fate.LAPSE for one in rest)):
            raise Refusal(BEFORE, before=before)


def _close(
    desk: Desk, book: Book, left: Sequence[Left], told: tuple[YearClosing | None, int]
) -> YearClosing:
    held, year = told
    vouchers, fresh = carried(desk, book, left, year)
    if fresh:
        check_room(flows(book.lines), fresh)
    for voucher in vouchers:
        desk.unit.add(voucher)
    for line in fresh:
        desk.unit.add(line)
    _flag(desk, book, (left, fresh), year)
    whole = YearClosing(
        county=desk.unit.county, id=f"{book.body.id}.y{year}", organisation_id=book.body.id,
        area_path=desk.places.home(book.body).path, year=year,
        chain=chain(line for line in (*book.lines, *fresh) if line.year == year),
        carried_fen=total_of(x for x in left if x.fate is not Fate.LAPSE and is_money(x)),
        remitted_fen=total_of(x for x in left if x.fate in STAGE_OF),
        lapsed_fen=total_of(x for x in left if x.fate is Fate.LAPSE),
        vouchers=[v.id for v in vouchers], closed_by=desk.actor.person_id, closed_on=desk.today,
    )  # fmt: skip
    if held is None:
        return desk.unit.add(whole)
    return desk.unit.change(
        held, chain=whole.chain, lapsed_fen=whole.lapsed_fen,
        carried_fen=held.carried_fen + whole.carried_fen,
        remitted_fen=held.remitted_fen + whole.remitted_fen,
        vouchers=[*held.vouchers, *whole.vouchers],
    )  # fmt: skip


def _flag(
    desk: Desk, book: Book, gone: tuple[Sequence[Left], Sequence[VoucherLine]], year: int
) -> None:
    """结余: what was carried over as often as the pack allows is told until it is handed in."""
    left, fresh = gone
    due: dict[tuple[str, str], int] = {}
    for one in left:
        if one.expired and one.fate is Fate.HAND_IN:
            of = (one.slot.presence_id, one.slot.funding_key)
            due[of] = due.get(of, 0) + one.amount_fen
    for (id, key), fen in due.items():
        presence = book.presences[id]
        keeping.tell(desk, Seen(
            SURPLUS_DUE, f"{id}.{key}.surplus.{year}", id, book.body.id, presence.area_path,
            {"amount_fen": fen, "funding_key": key, "year": year},
            {"vouchers": sorted({line.voucher_id for line in fresh
                                 if (line.presence_id, line.funding_key) == (id, key)})},
        ))  # fmt: skip
