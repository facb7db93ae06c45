"""居民说的话 what anybody says or looks up without signing in: a report, a rating by a one-time code,
a notice by its number.

The same acts as the API's, as bounded as there: tries of an address are counted in memory and
nowhere else, and no name, address or browser is kept (P8, P36).
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from registry.actions.evaluating import codes, reporting
from registry.actions.evaluating.codes import AnswerCommand
from registry.actions.evaluating.reporting import ReportCommand
from registry.actions.vouching.by_number import NumberQuery, of_number
from registry.actions.vouching.telling import counties
from registry.api import verify_page
from registry.api.limiting import Limiter
from registry.api.serving import aside, perform
from registry.domain.areas import Area, AreaLevel, full_code
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, command_of, typed
from registry.web.house import House
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import KEY, Visit

TELL, RATE, NOTICE = "/public/tell", "/public/rate", "/public/notice"
ASKS = Kind(open=True, parameters=frozenset({"area"}))
SENT = Kind(open=True)
RATES = Kind(open=True, parameters=frozenset({"code"}))
NUMBERED = Kind(open=True, parameters=frozenset({"number"}))
_KEY = 32
"""Hexadecimal digits of a form's own key."""
_COUNTY = 6
"""Digits of a county's code."""
_TOLD = frozenset({"area", "about", "wording"})
FIVE = range(5, 0, -1)
"""Words of a rating, the best first, as residents are used to."""


def below(visit: Visit, area: Area) -> list[Area]:
    """Places right below one, in the order of codes."""
    find, today = visit.office.store.reader.find, civil(visit.office.clock())
    found = [a for a in find(Area, area.county, parent_id=area.id) if a.in_force(today)]
    return sorted(found, key=lambda a: a.code)


def place_of(visit: Visit, code: str) -> Area | None:
    """The place of a code of 6, 9 or 12 digits; ``None`` = there is none."""
    find = visit.office.store.reader.find
    try:
        return next(iter(find(Area, code[:_COUNTY], code=full_code(code))), None)
    except ValueError:
        return None


async def ask_tell(visit: Visit) -> Any:
    """``GET /public/tell``: the form of a report, of a place that was come from or is chosen."""
    return await aside(_telling, visit, {"area": [visit.query.get("area", "")]})


def _telling(
    visit: Visit, given: Typed, wrong: list[Wrong] | None = None, refusal: Refusal | None = None
) -> Any:
    code = given.get("area", [""])[0]
    here = place_of(visit, code)
    parts = below(visit, here) if here and here.level is not AreaLevel.COMMUNITY else []
    about = next(f for f in fields_of(ReportCommand) if f.name == "about")
    return shown(
        visit, "public/tell.html", status=422 if wrong or refusal else 200, chosen=here,
        parts=parts,
        places=counties(visit.office) if here is None else [], given=given, kinds=about.codes,
        wrong=wrong or [], refusal=refusal, key=visit.office.source.token(_KEY // 2).hex(),
        why={w.path: visit.tongue.pair(w.zh, w.en) for w in wrong or []},
    )  # fmt: skip


def tell(limiter: Limiter) -> Callable[[Visit], Any]:
    """``POST /public/tell``: reported once, however often the form is sent; answered by number."""

    async def work(visit: Visit) -> Any:
        given = typed(visit.posted)
        kept: Typed = {n: v for n, v in given.items() if n in _TOLD}
        try:
            limiter.check(visit.address())
            filled = Filled(fields_of(ReportCommand), kept)
            command = command_of(ReportCommand, filled)
            if command is None:
                return await aside(_telling, visit, kept, filled.wrong)
            call = _once(visit, await aside(reporting.call, visit.office, command.area), command)
            answer = await perform(
                visit.office, call, lambda desk: reporting.tell_office(desk, command)
            )
        except Refusal as refusal:
            return await aside(_telling, visit, kept, None, refusal)
        body = answer.body
        number = body["number"] if isinstance(body, dict) else body.number
        return moved("/public/report", number=number)

    return work


def _once(visit: Visit, call: Any, command: Any) -> Any:
    """With the key of the form, so that a second press of the button is no second report."""
    key = visit.field(KEY)
    if len(key) != _KEY or set(key) - set("0123456789abcdef"):
        return call
    mark = sha256(msgspec.json.encode(command)).hexdigest()
    return msgspec.structs.replace(call, key=key, fingerprint=mark)


async def ask_rate(visit: Visit) -> Any:
    """``GET /public/rate``: the code that was handed out, and one of five words."""
    return _rating(visit, visit.query.get("code", ""))


def _rating(
    visit: Visit, code: str, wrong: list[Wrong] | None = None, refusal: Refusal | None = None
) -> Any:
    five = [(n, visit.tongue.t(f"rate.{n}")) for n in FIVE]
    return shown(
        visit, "public/rate.html", status=422 if wrong or refusal else 200, code=code, five=five,
        wrong=wrong or [], refusal=refusal,
        why={w.path: visit.tongue.pair(w.zh, w.en) for w in wrong or []},
        said=visit.field("answer"),
    )  # fmt: skip


def rate(limiter: Limiter) -> Callable[[Visit], Any]:
    """``POST /public/rate``: counted once; who said it is known to nobody."""

    async def work(visit: Visit) -> Any:
        code, said = "".join(visit.field("code").split()).upper(), visit.field("answer")
        wrong = []
        if not code:
            wrong.append(Wrong("code", "请填写评价码", "Give the code"))
        if said not in [str(n) for n in FIVE]:
            wrong.append(Wrong("answer", "请选一项", "Choose one"))
        if wrong:
            return _rating(visit, code, wrong)
        try:
            limiter.check(visit.address())
            call = await aside(codes.call, visit.office, code)
            command = AnswerCommand(answer=int(said))
            answer = await perform(
                visit.office, call, lambda desk: codes.answer(desk, code, command)
            )
        except Refusal as refusal:
            return _rating(visit, code, refusal=refusal)
        return shown(visit, "public/rated.html", counted=answer.body)

    return work


def notice(limiter: Limiter) -> Callable[[Visit], Any]:
    """``GET /public/notice``: a notice by the number that is printed on it."""

    async def work(visit: Visit) -> Any:
        number, found, refusal = visit.query.get("number", "").strip(), None, None
        if number:
            try:
                limiter.check(visit.address())
                query = msgspec.convert({"number": number}, NumberQuery)
                found = await aside(of_number, visit.office, query)
            except msgspec.ValidationError:
                found = []
            except Refusal as raised:
                refusal = raised
        return shown(visit, "public/notice.html", status=429 if refusal else 200, number=number,
                     found=found, refusal=refusal, verify=verify_page.PATH)  # fmt: skip

    return work


def pages(house: House) -> list[Line]:
    """Every page of these, each counting its own tries."""
    return [
        ("GET", TELL, ask_tell, ASKS),
        ("POST", TELL, tell(Limiter(house.office)), SENT),
        ("GET", RATE, ask_rate, RATES),
        ("POST", RATE, rate(Limiter(house.office)), SENT),
        ("GET", NOTICE, notice(Limiter(house.office)), NUMBERED),
    ]
