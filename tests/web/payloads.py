"""恶意文字 a county whose every page has something to show, and whose every text carries something that
must be shown as it stands and never done: scripts, templates, turned letters, words without an end.

The records are the stories', played by real acts (``tests/ownarea``), laid down once and written
into; a filing, a draft of rules and a sheet of many come besides, as people leave them behind.
"""

import re
import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient

from registry.actions.office import Answer, Office
from registry.actions.papers import blank
from registry.actions.vouching.starting import make_where_missing
from registry.app import create_app
from registry.clock import Source
from registry.domain.areas import Area
from registry.domain.people import Organisation, Person
from registry.domain.records import Record
from registry.store.store import Store
from tests.conftest import Hand, MovingClock
from tests.joined import settings_for
from tests.ownarea import placed, richer
from tests.web.seated import Seat
from tests.web.test_case import admitted, do, the_case, the_task, typed_filing
from tests.web.test_filing_many import line, sheet
from tests.web.test_lists import begun as begun_list
from tests.web.test_lists import with_item

COUNTY = placed.HOME
HERE = placed.PLACES[0]
PAYLOADS = (
    "<script>window.hit=1</script>",
    "\"'><img src=x onerror=window.hit=1>",
    "</textarea></title></option></select></style><svg/onload=window.hit=1>",
    "javascript:window.hit=1",
    "\" autofocus onfocus=window.hit=1 x='",
    "{{7*191}}${7*191}<%=7*191%>#{7*191}",
    "{% raw %}%s%d%n{0}{t}\\u0000\\x00",
    "\u202eתירבע\u2066مرحبا\u202c",
    "零\u200b宽\u200d\u2060\u00ad\u3000间",
    "𠮷𡃁𰻝㐱䶮\U00030000",
    "Z̷̢̛a̸̡͝l̵̨͠g̶̢͘o̷",
    "&lt;b&gt;&amp;amp;&#x6A;",
    "=1+1|' /C calc'!A0",
    "../../etc/passwd%00?a=b&c#d",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "不" * 150,
    "W" * 150,
    "W" * 500,
    "1;DROP TABLE request--",
)
"""What is written behind each text in turn; the first is taken where the turn's does not fit."""
DONE = "1337"
"""What a template that ran would leave."""
_HAN = re.compile("[\u3400-\u9fff]")
_PLAIN = frozenset({"name", "number"})
_MEANT = frozenset({"key", "role", "fiscal_year", "month", "period", "external_key", "row_key"})
"""Fields by which other records find theirs."""
_turn = count()


def written(record: Record, *fields: str) -> Record:
    """The record with a payload behind every text of it (or of some fields), where it fits."""
    told: dict[str, Any] = msgspec.to_builtins(record)
    for name, value in told.items():
        if fields and name not in fields:
            continue
        for at in (next(_turn) % len(PAYLOADS), 0, 3):
            more = told | {name: _walked(value, name, PAYLOADS[at])}
            try:
                msgspec.convert(more, type(record))
            except msgspec.ValidationError:
                continue
            told = more
            break
    return msgspec.convert(told, type(record))


def _walked(value: Any, name: str, payload: str) -> Any:
    if isinstance(value, dict):
        return {k: _walked(v, k, payload) for k, v in value.items()}
    if isinstance(value, list):
        return [_walked(v, name, payload) for v in value]
    said = isinstance(value, str) and (_HAN.search(value) or name in _PLAIN)
    return value + payload if said and name not in _MEANT else value


def laid(template: Path, folder: Path) -> None:
    """The county with all that, in a folder: ``registry.db`` and its files."""
    found = placed.every_kind(placed.told(template, folder / "stories"))
    shutil.rmtree(folder / "stories")
    shutil.copy(template, folder / "registry.db")
    url, clock = f"sqlite:///{folder / 'registry.db'}", MovingClock()
    office = Office(Store(url, url, folder), clock, Source(9), secret="demo", clock_fixed=True)
    with TestClient(create_app(office, settings_for(folder), owns=False)) as client:
        _left(client, office, clock)
    _lay(office, found)
    make_where_missing(office)
    _rename(office)
    _reserve(office)
    office.store.close()


def _lay(office: Office, found: list[Record]) -> None:
    moved = placed.moving(HERE, sorted({r.id for r in found}, key=len, reverse=True))
    here = [moved(record) for record in found]
    area = office.store.reader.get(Area, COUNTY, f"a-{HERE.community}")
    assert area is not None
    here += [*richer.more(HERE, here), *richer.letting(HERE, area.path)]
    _write(office, [placed.kept(office, written(r), {}, HERE) for r in here])


def _write(office: Office, records: list[Record]) -> None:
    def verb(desk: Any) -> Answer:
        for record in records:
            desk.unit.add(record)
        return Answer(body=None)

    Hand(office, "county.head", COUNTY).do(verb)


def _rename(office: Office) -> None:
    """Places, bodies and people are called something too."""

    def verb(desk: Any) -> Answer:
        for kind in (Area, Organisation, Person):
            for record in desk.unit.find(kind):
                named = written(record, "name")
                desk.unit.change(record, name=named.name)  # type: ignore[attr-defined]
        return Answer(body=None)

    Hand(office, "county.head", COUNTY).do(verb)


def _reserve(office: Office) -> None:
    """A number for a blank application, in the series that bears the body's name of today."""
    command = blank.ReserveCommand(organisation_id="o-990102-civil")
    Hand(office, "dept.clerk", COUNTY).do(lambda desk: blank.reserve(desk, command))


def _left(client: Any, office: Office, clock: MovingClock) -> None:
    """What people leave behind by pages: cases on their way, forms put aside, drafts of rules."""

    def seat(username: str) -> Seat:
        return Seat(client, office, username)

    admitted(seat, office)
    signed = (("dept.head", "request.submit"), ("street.clerk", "request.accept"))
    for title, steps in (("待提交", 0), ("待受理", 1), ("待决定", 2)):
        clock.at += timedelta(seconds=1)  # so that the next id is the later one
        more = {"title": title + PAYLOADS[0], "content": "\n".join(PAYLOADS)}
        do(seat("dept.clerk"), "request.draft", **typed_filing(**more))
        for who, act in signed[:steps]:
            do(seat(who), act, the_case(office).id)
    opine = f"/do/task.opine?id={the_task(office).id}"
    clerk, street, rules = seat("dept.clerk"), seat("street.clerk"), seat("county.office")
    typed = {"_aside": "1", "ballot": "agree", "text": PAYLOADS[2]}
    _kept(street.post(opine, street.hidden(opine) | typed))
    begun = clerk.get("/file").headers["location"]
    _kept(clerk.post(begun, clerk.hidden(begun) | {"kind": "task", "title": PAYLOADS[1]}))
    lines = sheet(line(), line(title=PAYLOADS[0]), line(starts_on=PAYLOADS[1]))
    _kept(clerk.post("/file-many", clerk.hidden("/file-many"), files={"file": ("a.xlsx", lines)}))
    told = {"from": "demo-county", "id": "next", "effective_from": "2027-01-01"}
    named = {"name": "演示" + PAYLOADS[0]}
    _kept(rules.post("/pack-drafts/new", rules.hidden("/packs") | told | named))
    _kept(with_item(rules, begun_list(rules), **{"c.title": "楼道灯具" + PAYLOADS[0]}))


def _kept(answer: Any) -> None:
    assert answer.status_code == 303, answer.text
