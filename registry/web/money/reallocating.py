"""调剂页 money moved from one item to another, or between the communities of one: what each side has
left stands beside its rows, and what is given must be what is received (E20).

The item that gives, the one that receives, amounts: three steps, each an address of its own. It is
recorded as a voucher of the giving item, and another body approves it.
"""

from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from registry.actions import reading
from registry.actions.ledger import books
from registry.actions.ledger.left import Left, LeftQuery, LeftRow, left
from registry.api.acting import carried, identity
from registry.api.serving import aside
from registry.domain.accounts import VoucherStage
from registry.domain.amounts import told_capital, told_yuan
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.domain.request import Request
from registry.web.forms.choices import OF
from registry.web.forms.filled import Typed, Wrong, typed
from registry.web.money.frame import opened
from registry.web.money.slip import HEAD, TOTAL, Slip, amount_of, head, path_of, summed
from registry.web.money.voucher import LIVE_PART, SENT_LIMIT, choose, request_of
from registry.web.offers import BY_NAME
from registry.web.serving import Kind, Line, moved, shown
from registry.web.uploading import hanging, uploaded
from registry.web.visit import AGAIN, Visit

PATH = "/money/reallocate"
NAMED = ("request_id", "into_id")
ASKS = Kind(parameters=frozenset({*NAMED, "q"}))
SENT = Kind(parameters=frozenset(NAMED), limit=SENT_LIMIT, again=True)
LIVE = Kind(open=True, parameters=frozenset(NAMED))
STAGE = VoucherStage.REALLOCATE
GROUNDS = ("document_id", "note")
_WHY = {
    "document_id": ("请选择批准调剂的文件", "Choose the document that approves it"),
    "note": ("请写明调剂的理由", "Say why the money is moved"),
}


class Sides(NamedTuple):
    """两边 what was typed so far, 分, and what is said beside each field of it."""

    out_fen: int
    in_fen: int
    total_fen: int | None
    beside: dict[str, tuple[str, str]]
    capital: str


async def ask(visit: Visit) -> Any:
    """``GET /money/reallocate``: which item gives, which receives; then the rows of both."""
    if not visit.query.get("request_id"):
        told = partial(choose, visit, f"{PATH}?request_id=", "reallocate.giving")
        return await aside(told)
    return await aside(_receiving if not visit.query.get("into_id") else _asked, visit)


def _receiving(visit: Visit) -> Any:
    request = request_of(visit)
    onward = f"{PATH}?{urlencode({'request_id': request.id})}&into_id="
    return choose(visit, onward, "reallocate.receiving", giving=request)


def _asked(visit: Visit) -> Any:
    today = f"{civil(visit.office.clock())}"
    return _form(visit, _rows(visit), {"dated_on": [today], "fiscal_year": [today[:4]]})


def _rows(visit: Visit) -> Left:
    """The rows that give, then those that receive, of the payers that both sides have."""
    call = visit.call(visit.actor(), books.READ)
    gives, gets = (
        left(visit.office, call, LeftQuery(request_id=visit.query[n], stage=STAGE)).rows
        for n in NAMED
    )
    payers = {row.payer_id for row in gives} & {row.payer_id for row in gets}
    rows = [row for row in gives if row.out] + [
        _with_left(row, gets) for row in gets if not row.out
    ]
    return Left(rows=[row for row in rows if row.payer_id in payers])


def _with_left(row: LeftRow, beside: list[LeftRow]) -> LeftRow:
    """A row that receives, telling what is left there now; that bounds nothing."""
    given = msgspec.structs.replace(row, out=True)
    fen = next(
        (x.left_fen for x in beside if msgspec.structs.replace(x, left_fen=None) == given), None
    )
    return msgspec.structs.replace(row, left_fen=fen)


def sides(told: Left, given: Typed) -> Sides:
    """What is given and received so far, and where they are apart."""
    bounded = [row if row.out else msgspec.structs.replace(row, left_fen=None) for row in told.rows]
    sums = {True: 0, False: 0}
    for number, row in enumerate(told.rows):
        sums[row.out] += amount_of(given, path_of(number)) or 0
    beside = summed(Left(rows=bounded), given | {TOTAL: [""]}).beside
    total = amount_of(given, TOTAL)
    apart = [
        (zh, en, fen)
        for zh, en, fen in (("调出", "given", sums[True]), ("调入", "received", sums[False]))
        if total is not None and fen != total
    ]
    if apart:
        beside[TOTAL] = (
            "；".join(f"{zh}合计 {told_yuan(fen)} 元，与调剂金额不符" for zh, _, fen in apart),
            "; ".join(f"{told_yuan(fen)} is {en}, unlike the amount" for _, en, fen in apart),
        )
    return Sides(sums[True], sums[False], total, beside, told_capital(total) if total else "")


def _form(
    visit: Visit, told: Left, given: Typed, wrong: list[Wrong] | None = None,
    *, refusal: Refusal | None = None,
) -> Any:  # fmt: skip
    named = {n: visit.query[n] for n in NAMED}
    again = wrong is not None or refusal is not None
    into: Any = reading.one(
        visit.office, visit.actor(), Request, named["into_id"], county=visit.county
    )
    return opened(
        visit, "reallocate", status=422 if again else 200, request=request_of(visit), into=into,
        told=told, fields=(head(HEAD), head(GROUNDS)), needed=GROUNDS, query=urlencode(named),
        sides=sides(told, given), of=OF, options={}, rows={}, wrong=wrong or [], refusal=refusal,
        given=given, why={w.path: visit.tongue.pair(w.zh, w.en) for w in wrong or []},
        key=visit.key_on(refusal), hung=hanging(visit, ("request", named["request_id"])),
    )  # fmt: skip


async def check(visit: Visit) -> Any:
    """``POST /money/reallocate/check``: both sums so far, as they are typed."""
    if visit.seat is None:
        return shown(visit, "filing/signed_out.html", status=401, headers=LIVE_PART)
    visit.actor()
    visit.check_token()
    told = sides(await aside(_rows, visit), typed(visit.posted))
    return shown(visit, "money/sides.html", sides=told)


async def record(visit: Visit) -> Any:
    """``POST /money/reallocate``: handed in, as a voucher of the item that gives."""
    told, given = await aside(_rows, visit), typed(visit.posted)
    if visit.field(AGAIN):
        return await aside(_form, visit, told, given)
    request_id = visit.query["request_id"]
    wrong = _wrong(visit, told, given)
    try:
        if not wrong:
            await uploaded(visit, ("request", request_id), given)
        slip = Slip(STAGE, told, _whole(told, given) | {"request_id": [request_id]})
        command = slip.command()
        told_wrong = {one.path: one for one in [*slip.wrong, *wrong]}
        if command is None or told_wrong:
            return await aside(_form, visit, told, given, list(told_wrong.values()))
        act = BY_NAME["voucher.record"]
        answer = await carried(visit.office, act, (visit, visit.actor()), command)
    except Refusal as refusal:
        return await aside(partial(_form, visit, told, given, refusal=refusal))
    return moved(f"/money/vouchers/{identity(answer.body)}", done=act.act)


def _wrong(visit: Visit, told: Left, given: Typed) -> list[Wrong]:
    """What this form asks beyond any voucher's: both sides alike, a document, a reason."""
    found = [Wrong(path, *said) for path, said in sides(told, given).beside.items()]
    file = visit.files.get("document_id")
    has = {
        "document_id": bool(file and file.filename) or any(given.get("document_id", [])),
        "note": bool(visit.field("note").strip()),
    }  # fmt: skip
    return found + [Wrong(name, *_WHY[name]) for name in GROUNDS if not has[name]]


def _whole(told: Left, given: Typed) -> Typed:
    """As the voucher has it: its total is that of both sides."""
    both = sides(told, given)
    if both.total_fen is None:
        return given
    return given | {TOTAL: [told_yuan(both.out_fen + both.in_fen)]}


PAGES: list[Line] = [
    ("GET", PATH, ask, ASKS),
    ("POST", PATH, record, SENT),
    ("POST", PATH + "/check", check, LIVE),
]
