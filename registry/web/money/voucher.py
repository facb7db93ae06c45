"""登记凭证页 a voucher is typed row by row beside what is left; the sum is told as it is typed, and
looked at whole by whoever confirms it.

Item, stage, amounts: three steps, each an address of its own, so that going back loses nothing.
"""

from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions import reading
from registry.actions.hindering import hindered
from registry.actions.ledger import books, confirming
from registry.actions.ledger.left import Left, LeftQuery, left
from registry.actions.office import HIDDEN, Answer, Desk
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.actions.spending.asking import names_of
from registry.api.acting import carried, identity
from registry.api.lists import RESOURCES, all_shown
from registry.api.serving import aside
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.request import Request, State
from registry.domain.spending import Expenditure, Signatory
from registry.web.forms.choices import OF, name_of, options
from registry.web.forms.filled import Typed, Wrong, typed
from registry.web.money.frame import opened
from registry.web.money.slip import (
    HEAD,
    TAIL,
    Slip,
    added_up,
    filled_up,
    head,
    particulars,
    summed,
)
from registry.web.named import Named
from registry.web.offers import BY_NAME, on_record
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.uploading import Parent, hanging, uploaded
from registry.web.visit import AGAIN, Visit

PATH = "/money/voucher"
NAMED = ("request_id", "stage", "reverses_id")
ASKS = Kind(parameters=frozenset({*NAMED, "q"}))
SENT_LIMIT = 2 * (20 << 20)
SENT = Kind(parameters=frozenset(NAMED), limit=SENT_LIMIT, again=True)
LIVE, ONE = Kind(open=True, parameters=frozenset(NAMED)), Kind(parameters=frozenset({"done"}))
CONFIRM = "voucher.confirm"
LIVE_PART = {"x-part": "1"}
STAGES = (
    VoucherStage.ALLOT, VoucherStage.ORDER, VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL,
    VoucherStage.COMMUNITY_ARRIVAL, VoucherStage.EXPENDITURE, VoucherStage.ADVANCE,
    VoucherStage.REPAYMENT, VoucherStage.REFUND, VoucherStage.SURPLUS, VoucherStage.INCREASE,
    VoucherStage.DECREASE, VoucherStage.REALLOCATE,
)  # fmt: skip
"""In the order in which money goes its way; 冲销 begins from the voucher that it takes back."""
BEGUN, MOST_NAMES, MOST_LINES = (State.APPROVED, State.REVOKED, State.CLOSED), 20, 500


def stages_of(visit: Visit) -> list[VoucherStage]:
    """Stages of which the person may record one somewhere."""
    return [s for s in STAGES if may(visit.office, visit.actor(), f"voucher.{s}")]


async def ask(visit: Visit) -> Any:
    """``GET /money/voucher``: which item, by its name; which stage; then the rows."""
    if not visit.query.get("request_id"):
        return await aside(choose, visit, f"{PATH}?request_id=", "voucher.choose")
    if visit.query.get("stage") == VoucherStage.REALLOCATE:
        return moved("/money/reallocate", request_id=visit.query["request_id"])
    return await aside(_asked, visit)


def choose(visit: Visit, onward: str, word: str, *, giving: Request | None = None) -> Any:
    """Items by their name.

    Args:
        onward: where the choice leads, but for the id of the item.
        word: what is chosen.
        giving: of 调剂: the item that gives, which may receive as well.
    """
    words = visit.query.get("q", "").strip()
    query = ListQuery(limit=MOST_NAMES, county=visit.county, text=words or None)
    rows = reading.page(visit.office, visit.actor(), Request, query).items
    found = [row for row in rows if row.state in BEGUN]
    if giving is not None:
        found = [giving, *(row for row in found if row.id != giving.id)]
    return opened(visit, "choose", found=found, words=words, named=Named(visit, found),
                  onward=onward, word=word, giving=giving,
                  within=word.partition(".")[0])  # fmt: skip


def _asked(visit: Visit) -> Any:
    request = request_of(visit)
    if not visit.query.get("stage"):
        query = urlencode({"request_id": request.id})
        return opened(visit, "stages", request=request, offers=stages_of(visit), query=query)
    told = _left(visit)
    given: Typed = {"dated_on": [f"{civil(visit.office.clock())}"]}
    years = {row.year for row in told.rows}
    given["fiscal_year"] = [given["dated_on"][0][:4] if len(years) != 1 else str(min(years))]
    return _form(visit, told, given)


def request_of(visit: Visit) -> Request:
    """The item that the address names, as far as one may read it."""
    id = visit.query["request_id"]
    return reading.one(visit.office, visit.actor(), Request, id, county=visit.county)


def _query(visit: Visit) -> LeftQuery:
    named = {n: visit.query[n] for n in NAMED if visit.query.get(n)}
    try:
        return msgspec.convert(named, LeftQuery)
    except msgspec.ValidationError:
        raise Refusal(HIDDEN) from None


def _left(visit: Visit) -> Left:
    call = visit.call(visit.actor(), books.READ)
    return left(visit.office, call, _query(visit))


def _form(
    visit: Visit, told: Left, given: Typed, wrong: list[Wrong] | None = None,
    *, refusal: Refusal | None = None,
) -> Any:  # fmt: skip
    query, slip = _query(visit), Slip(_query(visit).stage, told, given)
    named = {n: visit.query[n] for n in NAMED if visit.query.get(n)}
    again = wrong is not None or refusal is not None
    fields = head(HEAD), head(TAIL if not slip.spends else TAIL[1:])
    return opened(
        visit, "voucher", status=422 if again else 200, request=request_of(visit), told=told,
        stage=query.stage, fields=fields, each=particulars() if slip.spends else [],
        query=urlencode(named), slip=slip, sums=summed(told, given), of=OF, rows={},
        wrong=wrong or [], refusal=refusal, given=given,
        why={w.path: visit.tongue.pair(w.zh, w.en) for w in wrong or []},
        key=visit.key_on(refusal), signatories=list(Signatory),
        options=options(visit.office, visit.actor(), _picked(slip), visit.county),
        payees=_payees(visit, told) if slip.spends else [], hung=hanging(visit, _case(visit)),
    )  # fmt: skip


def _case(visit: Visit) -> Parent:
    return "request", visit.query["request_id"]


def _picked(slip: Slip) -> set[str]:
    return {"people"} if slip.spends else {"organisations"}


def _payees(visit: Visit, told: Left) -> list[tuple[str, str]]:
    """Who was paid there before, newest first, as far as the reader may know them: a name, and
    the end of the account. No account is kept (P20): it is given anew."""
    whom: dict[tuple[str, str], None] = {}
    for id in dict.fromkeys(row.presence_id for row in told.rows):
        query = ListQuery(limit=MOST_NAMES, equals={"presence_id": id}, county=visit.county)
        try:
            rows = reading.page(visit.office, visit.actor(), Expenditure, query).items
        except Refusal:
            return []
        told_rows = all_shown((visit.office, visit.actor()), RESOURCES["expenditures"], rows)
        whom |= dict.fromkeys((one.payee_name, one.payee_masked) for one in told_rows)
        if len(whom) >= MOST_NAMES:
            break
    return list(whom)[:MOST_NAMES]


async def check(visit: Visit) -> Any:
    """``POST /money/voucher/check``: the sum so far, as it is typed."""
    if visit.seat is None:
        return shown(visit, "filing/signed_out.html", status=401, headers=LIVE_PART)
    visit.actor()
    visit.check_token()
    told = await aside(_left, visit)
    return shown(visit, "money/sums.html", sums=summed(told, typed(visit.posted)), told=told)


async def record(visit: Visit) -> Any:
    """``POST /money/voucher``: filled up, added up, or handed in."""
    told, given = await aside(_left, visit), typed(visit.posted)
    for name, change in (("_fill", filled_up), ("_sum", added_up)):
        if visit.field(name):
            return await aside(_form, visit, told, change(told, given))
    if visit.field(AGAIN):
        return await aside(_form, visit, told, given)
    stage = _query(visit).stage
    try:
        await uploaded(visit, _case(visit), given)
        given |= {n: [visit.query[n]] for n in NAMED if visit.query.get(n)}
        slip = Slip(stage, told, given)
        command = slip.command()
        if command is None:
            return await aside(_form, visit, told, given, slip.wrong)
        act = BY_NAME["expenditure.record" if slip.spends else "voucher.record"]
        answer = await carried(visit.office, act, (visit, visit.actor()), command)
    except Refusal as refusal:
        return await aside(partial(_form, visit, told, given, refusal=refusal))
    return moved(f"/money/vouchers/{identity(answer.body)}", done=act.act)


async def look(visit: Visit) -> Any:
    """``GET /money/vouchers/{id}``: a voucher with its lines, whole, and what may be done."""
    return await aside(_look, visit)


def _look(visit: Visit) -> Any:
    office, actor = visit.office, visit.actor()
    row = reading.one(office, actor, Voucher, visit.id, county=visit.county)
    query = ListQuery(limit=MOST_LINES, equals={"voucher_id": row.id}, county=visit.county)
    lines = list(reading.page(office, actor, VoucherLine, query).items)
    acts = [a for a in on_record(office, actor, "vouchers", row)
            if row.state is VoucherState.RECORDED]  # fmt: skip
    why = None
    if any(act.act == CONFIRM for act in acts):
        why = hindered(office, visit.call(actor, CONFIRM), _confirm, row)
        acts = [act for act in acts if act.act != CONFIRM or why is None]
    back = row.state is VoucherState.CONFIRMED and row.stage is not VoucherStage.REVERSAL
    again = {"request_id": row.request_id or "", "stage": "reversal", "reverses_id": row.id}
    where = [Condition(field="id", op=Op.IN, value=sorted({one.presence_id for one in lines}))]
    found = ListQuery(limit=MOST_LINES, where=where, county=visit.county)
    places = {one.id: one for one in reading.page(office, actor, Presence, found).items}
    spent = _spent(visit, row)
    signed = [{"person_id": id} for one in spent for id in one.signatures.values()]
    named = Named(visit, [row, *lines, *places.values(), *spent, *signed])
    book = office.rulebooks.of(row.county, row.dated_on)
    return opened(
        visit, "slip", row=row, lines=lines, named=named, places=places, acts=acts, spent=spent,
        uses=names_of(book) if spent else {}, signatories={s.value: s for s in Signatory},
        done=done_of(visit), called=name_of, hindered=why,
        reverse=urlencode(again) if back and may(office, actor, "voucher.reverse") else "",
    )  # fmt: skip


def _confirm(desk: Desk, row: Voucher) -> Answer:
    return confirming.confirm(desk, row.id, row.version)


def _spent(visit: Visit, row: Voucher) -> list[Any]:
    """What each of its lines was for and who got it, as far as the reader may know it."""
    query = ListQuery(limit=MOST_LINES, equals={"voucher_id": row.id}, county=visit.county)
    try:
        found = reading.page(visit.office, visit.actor(), Expenditure, query).items
    except Refusal:
        return []
    return all_shown((visit.office, visit.actor()), RESOURCES["expenditures"], found)


PAGES: list[Line] = [
    ("GET", PATH, ask, ASKS),
    ("POST", PATH, record, SENT),
    ("POST", PATH + "/check", check, LIVE),
    ("GET", "/money/vouchers/{id:str}", look, ONE),
]
