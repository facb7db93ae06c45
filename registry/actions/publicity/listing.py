"""公开清单 what anybody may read of a community without signing in: what is in force there (P8).

Of class ``open`` alone. No person, complaint, refusal, arrear or finding; nobody is compared.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from registry.actions.burden.over_time import Since
from registry.actions.office import HIDDEN, Office
from registry.actions.places import above, heir_of
from registry.domain.approval import Decision, DecisionKind
from registry.domain.areas import Area, full_code
from registry.domain.errors import Refusal
from registry.domain.people import Organisation
from registry.domain.posting import Posting
from registry.domain.presence import STATE_ZH, Presence
from registry.domain.records import Wire, civil
from registry.domain.request import Request
from registry.domain.vocabulary import ZH, Disclosure
from registry.store import published as store
from registry.store.burden import County
from registry.store.published import Cut

Place = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$")]


class PublicQuery(Wire, frozen=True, kw_only=True):
    """公开查询条件."""

    code: Place
    """6, 9 or 12 digits: a county, a street or a community."""
    valid_on: date | None = None
    """As it stood at the end of that day; absent = now."""
    after: (
        Annotated[str, msgspec.Meta(pattern=r"^([0-9]{12})?\|[0-9A-Za-z._:\-]{1,120}$")] | None
    ) = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


class PublicMatter(Wire, frozen=True, kw_only=True):
    """公开事项."""

    number: str
    title: str
    kind: str
    kind_zh: str
    community: str
    community_code: str
    receiver_zh: str
    department: str
    """要求单位."""
    decided_by: str
    decided_on: date | None
    starts_on: date | None
    ends_on: date | None
    state: str
    state_zh: str
    amount_fen: int
    """本社区经费, 分."""


class PublicMatters(Wire, frozen=True, kw_only=True):
    """公开清单一页: ``next`` is the ``after`` of the following one."""

    code: str
    name: str
    on: date
    items: list[PublicMatter]
    next: str | None


class PublicPosting(Wire, frozen=True, kw_only=True):
    """公示记录 as the public reads it."""

    what: str
    where: str
    title: str
    text: str
    posted_on: date
    taken_down_on: date | None


class PublicPostings(Wire, frozen=True, kw_only=True):
    """公示记录一页."""

    code: str
    name: str
    on: date
    items: list[PublicPosting]
    next: str | None


def matters(office: Office, query: PublicQuery) -> PublicMatters:
    """What is in force in the communities of a place, in code order.

    Raises:
        Refusal: ``access.hidden`` where there is no such place.
    """
    area, on = _area(office, query)
    with office.store.reader.connect() as connection:
        cut = _cut(
            area,
            on,
            query,
            _moment(office, County(connection, area.county, office.store.reader.kept), on),
        )
        rows = store.in_force(connection, cut)
        shown = rows[: query.limit]
        requests = sorted({p.request_id for p, _, _ in shown if p.request_id})
        behind = store.admitted_by(connection, cut, requests)
    names = _names(office, area.county, [p.department_id or "" for p, _, _ in shown] + [
        request.applicant_id for request, _ in behind.values()])  # fmt: skip
    items = [_told(p, (code, name), behind[str(p.request_id)], names) for p, code, name in shown]
    last = f"{shown[-1][1]}|{shown[-1][0].id}" if len(rows) > len(shown) else None
    return PublicMatters(code=area.code, name=area.name, on=on, items=items, next=last)


def _told(
    presence: Presence, community: tuple[str, str], behind: tuple[Request, Decision | None],
    names: dict[str, str],
) -> PublicMatter:  # fmt: skip
    request, decision = behind
    department = presence.department_id or request.applicant_id
    return PublicMatter(
        number=decision.number if decision else "",
        title=presence.title,
        kind=presence.kind.value,
        kind_zh=ZH[presence.kind],
        community=community[1],
        community_code=community[0],
        receiver_zh=ZH[presence.receiver],
        department=names.get(department, ""),
        decided_by=decision.body_name if decision else "",
        decided_on=decision.issued_on if decision else None,
        starts_on=presence.starts_on,
        ends_on=presence.ends_on,
        state=presence.state.value,
        state_zh=STATE_ZH[presence.state],
        amount_fen=presence.share_fen,
    )


def postings(office: Office, query: PublicQuery) -> PublicPostings:
    """What was posted in a place by the day: of open matters, and lists of none.

    Raises:
        Refusal: ``access.hidden`` where there is no such place.
    """
    area, on = _area(office, query)
    with office.store.reader.connect() as connection:
        rows = store.posted(connection, _cut(area, on, query))
    shown = rows[: query.limit]
    titles = _open_titles(office, area.county, shown)
    items = [
        PublicPosting(
            what=p.what, where=p.where, title=titles[p.id], text=p.text, posted_on=p.posted_on,
            taken_down_on=p.taken_down_on,
        )
        for p in shown if p.id in titles
    ]  # fmt: skip
    last = f"|{shown[-1].id}" if len(rows) > len(shown) else None
    return PublicPostings(code=area.code, name=area.name, on=on, items=items, next=last)


def _open_titles(office: Office, county: str, shown: list[Posting]) -> dict[str, str]:
    """Posting → the title of its matter, of those the public may read: what was refused, or is of
    another class, is not told here whatever hung on a wall."""
    find = office.store.reader.find
    presences = {p.id: p for p in find(Presence, county, id=_ids(x.presence_id for x in shown))}
    requests = {r.id: r for r in find(Request, county, id=_ids(x.request_id for x in shown))}
    named = _ids(r.decision_id for r in requests.values())
    granted = {d.id for d in find(Decision, county, id=named) if d.kind is DecisionKind.ADMITTED}
    titles: dict[str, str] = {}
    for one in shown:
        presence, request = presences.get(one.presence_id or ""), requests.get(one.request_id or "")
        if presence is not None and presence.disclosure is Disclosure.OPEN:
            titles[one.id] = presence.title
        elif presence is None and request is not None:
            if request.disclosure is Disclosure.OPEN and request.decision_id in granted:
                titles[one.id] = request.title
        elif presence is None and one.what == "list":
            titles[one.id] = ""
    return titles


def _ids(found: Iterable[str | None]) -> list[str]:
    return sorted({id for id in found if id})


def _area(office: Office, query: PublicQuery) -> tuple[Area, date]:
    """The place of a code on the day; of one that is no more, the place that came after it."""
    county, on = query.code[:6], query.valid_on or civil(office.clock())
    held = office.store.reader.find(Area, county, code=full_code(query.code))
    if not held:
        raise Refusal(HIDDEN)
    there = next((area for area in held if area.in_force(on)), None)
    return there or heir_of(office.store.reader, held[0], on), on


def _moment(office: Office, county: County, on: date) -> int | None:
    """The last event of a day that is over; ``None`` = now."""
    return Since(county).end_of(on) if on < civil(office.clock()) else None


def _cut(area: Area, on: date, query: PublicQuery, snapshot: int | None = None) -> Cut:
    code, _, id = (query.after or "").partition("|")
    return Cut(
        county=area.county, path=area.path, on=on, snapshot=snapshot, limit=query.limit + 1,
        after=(code, id) if query.after else None,
    )  # fmt: skip


def _names(office: Office, county: str, ids: list[str]) -> dict[str, str]:
    find = office.store.reader.find
    held = [o for c in above(county) for o in find(Organisation, c, id=sorted(set(ids)))]
    return {o.id: o.name for o in held}


_COLUMNS: dict[str, str] = {
    "number": "准入文号", "title": "事项", "kind_zh": "类别", "community": "社区（村）",
    "community_code": "区划代码", "receiver_zh": "承接主体", "department": "要求单位",
    "decided_by": "决定单位", "decided_on": "决定日期", "starts_on": "起", "ends_on": "止",
    "state_zh": "状态", "amount_fen": "经费(分)",
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t")


def sheet(page: PublicMatters) -> bytes:
    """The page as CSV, UTF-8 with a byte order mark, as spreadsheets in offices open it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS.values())
    for item in page.items:
        writer.writerow(_cell(getattr(item, name)) for name in _COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: str | int | date | None) -> str:
    """A cell that no spreadsheet takes for a formula."""
    told = "" if value is None else f"{value}"
    return f"'{told}" if isinstance(value, str) and told.startswith(_FORMULA) else told
