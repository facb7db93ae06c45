"""评价码页 one-time codes for residents of a community: what is asked, then the slips, shown once.

What is shown stands in this one answer and nowhere else: sent again, the form tells that it was
done.
"""

from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from registry.actions import reading
from registry.actions.evaluating import codes, satisfying
from registry.actions.evaluating.codes import Issued, RoundCommand
from registry.actions.reading import ListQuery
from registry.actions.staff.powers import forbidding
from registry.actions.telephoning import checking
from registry.api.residents import ISSUE, handed_out
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.evaluating import CodeRound, Rated
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import civil
from registry.web.forms.choices import OF, Option, Options, options
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, command_of, typed
from registry.web.offers import BY_NAME
from registry.web.serving import HEADERS, Kind, Line, shown
from registry.web.sheet import as_xlsx
from registry.web.shell import may
from registry.web.tongue import Tongue
from registry.web.visit import AGAIN, Visit

PATH = "/community/{id:str}/codes"
ASKS, HANDS_IN = Kind(parameters=frozenset({"presence_id"})), Kind(again=True)
ASKED = ("opens_on", "closes_on", "issued")
SUBJECTS = {"presence_id": Rated.PRESENCE, "department_id": Rated.DEPARTMENT,
            "subject": Rated.UTILITY}  # fmt: skip
"""What may be rated, by the field in which it is named."""
AT = {satisfying.SUBJECT: "subject", satisfying.AHEAD: "period", codes.DAYS: "closes_on"}
"""Where what is wrong can be put right."""
OPEN = timedelta(days=30)
"""How long codes are good for unless it is said otherwise."""
FEW, MOST = "50", 500
GONE = (PresenceState.REFUSED, PresenceState.EXITED, PresenceState.EXPIRED)
_QUARTER, _QUARTERS = 3, 4


class Round(NamedTuple):
    """发码表: of which community, and what of it may be rated."""

    body: str
    presences: list[Option]
    fields: list[Any]


async def ask(visit: Visit) -> Any:
    """``GET /community/{id}/codes``: what is rated, in which period, how many codes."""
    return await aside(_begun, visit)


def _begun(visit: Visit) -> Any:
    if not may(visit.office, visit.actor(), ISSUE):
        raise forbidding(visit.office.access, ISSUE, ())
    today = civil(visit.office.clock())
    given = {"presence_id": [visit.query.get("presence_id", "")], "issued": [FEW],
             "period": [_periods(today)[0]], "opens_on": [f"{today}"],
             "closes_on": [f"{today + OPEN}"]}  # fmt: skip
    return _form(visit, given)


def _form(
    visit: Visit, given: Typed, wrong: list[Wrong] | None = None, refusal: Refusal | None = None
) -> Any:
    asked, office, actor = _round(visit), visit.office, visit.actor()
    departments: Options = options(office, actor, {OF["department"]}, visit.county)[
        OF["department"]
    ]
    at = AT.get(refusal.code, "") if refusal else ""
    return shown(
        visit, "community/codes.html", status=422 if wrong or refusal else 200, asked=asked,
        given=given, wrong=wrong or [], refusal=refusal, at=at, place=visit.id,
        why={w.path: visit.tongue.pair(w.zh, w.en) for w in wrong or []}
        | ({at: visit.tongue.refusal(refusal)} if refusal and at else {}),
        departments=departments, rounds=_rounds(visit, asked.body), rows={}, of=OF, options={},
        periods=_periods(civil(office.clock())), period=partial(_called, visit.tongue),
        key=visit.key_on(refusal),
        closes=BY_NAME["code_round.close"] if may(office, actor, "code_round.close") else None,
    )  # fmt: skip


def _round(visit: Visit) -> Round:
    actor = visit.actor()
    body = checking.entries(visit.office, actor, visit.id, visit.county).organisation_id
    query = ListQuery(limit=MOST, county=visit.county, equals={"area_id": visit.id})
    held = reading.page(visit.office, actor, Presence, query).items
    named = {f.name: f for f in fields_of(RoundCommand)}
    return Round(
        body, [Option(one.id, one.title) for one in held if one.state not in GONE],
        [named[name] for name in ASKED],
    )  # fmt: skip


def _rounds(visit: Visit, body: str) -> list[Any]:
    """Rounds of the community that are not over."""
    query = ListQuery(limit=MOST, county=visit.county, equals={"organisation_id": body})
    held = reading.page(visit.office, visit.actor(), CodeRound, query).items
    return [codes.shown(one) for one in held if not one.closed]


def _periods(today: date) -> list[str]:
    """Periods that may be rated, the latest first: quarters of this year and the last, and those
    years."""
    begun = (today.month - 1) // _QUARTER + 1
    found: list[str] = []
    for year, last in ((today.year, begun), (today.year - 1, _QUARTERS)):
        found += [f"{year}Q{quarter}" for quarter in range(last, 0, -1)] + [f"{year}"]
    return found


def _called(tongue: Tongue, period: str) -> str:
    year, _, quarter = period.partition("Q")
    if not quarter:
        return tongue.t("codes.year", year=year)
    return tongue.t("codes.quarter", year=year, number=quarter)


async def issue(visit: Visit) -> Any:
    """``POST /community/{id}/codes``: the slips to print, or the same as a sheet."""
    given = typed(visit.posted)
    if visit.field(AGAIN):
        return await aside(_form, visit, given)
    asked = await aside(_round, visit)
    command, wrong = _command(asked, given)
    if command is None:
        return await aside(_form, visit, given, wrong)
    try:
        call = visit.call(visit.actor(), ISSUE, command)
        made, _ = await handed_out(visit.office, call, command)
    except Refusal as refusal:
        return await aside(_form, visit, given, None, refusal)
    if visit.field("_sheet") and made.codes:
        return as_xlsx(*_sheet(visit, made), "codes", HEADERS)
    return await aside(partial(
        shown, visit, "community/slips.html", made=made, place=visit.id,
        period=partial(_called, visit.tongue),
    ))  # fmt: skip


def _command(asked: Round, given: Typed) -> tuple[RoundCommand | None, list[Wrong]]:
    """What is asked for; ``None`` where something is wrong."""
    filled = Filled(asked.fields, given)
    named = {n: told for n in SUBJECTS if (told := "".join(given.get(n, [])).strip())}
    if len(named) != 1:
        filled.wrong.insert(0, Wrong("subject", "三项中填一项", "One of the three"))
    for name, told in named.items():
        held = "subject" if name == "subject" else "subject_id"
        filled.data |= {"rated": SUBJECTS[name], held: told}
    filled.data |= {"organisation_id": asked.body, "period": given.get("period", [""])[0]}
    return command_of(RoundCommand, filled), filled.wrong


def _sheet(visit: Visit, made: Issued) -> tuple[list[list[str]], list[list[str]]]:
    """The codes as rows, the heading first, and what is told of them on a sheet of its own."""
    t, held = visit.tongue.t, made.round
    told = [[t("codes.subject"), held.subject],
            [t("codes.period"), _called(visit.tongue, held.period)],
            [t("codes.good"), f"{held.opens_on} – {held.closes_on}"],
            [t("codes.site"), _site(visit)], [t("rate.title"), t("rate.nameless")]]  # fmt: skip
    return [[t("rate.code"), t("codes.subject"), t("codes.until"), t("codes.site")]] + [
        [code, held.subject, f"{held.closes_on}", _site(visit)] for code in made.codes
    ], told


def _site(visit: Visit) -> str:
    return f"{visit.house.about.public_url}/public/rate"


PAGES: list[Line] = [("GET", PATH, ask, ASKS), ("POST", PATH, issue, HANDS_IN)]
