"""处处可问 every list is asked in every way its grammar allows, through the door, and answers with
exactly the rows that the whole list shows; what it does not allow is refused with a code. What is
written out without being checked again is what it would be checked, octet for octet."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec
import pytest
from sqlalchemy import select

from registry.actions.office import Answer
from registry.api import grammar
from registry.api.resources import RESOURCES, Resource
from registry.domain.audit import Event
from registry.domain.people import Post
from registry.domain.records import Record
from registry.domain.succession import ChangeKind, Reorganisation, Succession
from registry.domain.wording import normalise
from registry.store import grams, tables
from registry.store.filters import BODIES, DATED, first_of
from registry.store.listing import table_of
from registry.store.mapping import to_record, to_row, to_told
from tests.conftest import Hand
from tests.ownarea import grounds as standing
from tests.ownarea.grounds import Grounds
from tests.ownarea.placed import HOME

NAMED = (
    "requests", "verdicts", "decisions", "agreements", "vouchers", "voucher-lines", "expenditures",
    "presences", "boards", "certificate-demands", "declinings", "complaints", "findings", "events",
    "posts", "indicators",
)  # fmt: skip
"""What an auditor asks first; the rest in the long run."""
REST = tuple(sorted(set(RESOURCES) - set(NAMED)))
STREET = "990102001"
FIRST = ("auditor", "county.office", "audit.admin", "street.head", "dept.clerk")
"""Who is tried before anybody else."""
COMPARED: dict[str, Callable[[Any, Any], bool]] = {"ge": ge, "gt": gt, "le": le, "lt": lt}
BAD = {
    "colour=red": {"query.unknown"},
    "limit=0": {"query.malformed"},
    "limit=1000000000": {"query.malformed"},
    "limit=-1": {"query.malformed"},
    "limit=x": {"query.malformed"},
    "after=%00": {"json.control"},
    "after=zzzz": {"query.cursor"},
    "as_of=gestern": {"query.as_of", "query.malformed"},
    "valid_on=2026-13-40": {"query.malformed"},
    "sort=event_to": {"query.malformed"},
    "fields=event_to": {"query.malformed"},
}
Row = dict[str, Any]
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")


class List(NamedTuple):
    """一张列表 as the one person sees it who sees most of it."""

    grounds: Grounds
    who: str
    resource: Resource
    rows: list[Row]

    def ask(self, **query: Any) -> Any:
        return self.path(f"{self.resource.name}?{urlencode(query)}")

    def path(self, path: str) -> Any:
        return self.grounds.ask(self.who, "GET", f"/api/v1/{path}")

    def ids(self, **query: Any) -> list[str]:
        """Ids of every page, in the order in which they come."""
        found, asked = [], {"limit": 500, "county": HOME, **query}
        while True:
            told = self.ask(**asked)
            assert told.status == 200, (asked, told.text)
            page = told.json()
            found += [self.key(row) for row in page["items"]]
            if page["next"] is None:
                return found
            asked["after"] = page["next"]

    def key(self, row: Row) -> str:
        return str(row["seq"] if self.resource.name == "events" else row["id"])


@pytest.fixture(scope="module")
def grounds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    with standing.on_sqlite(sqlite_template, tmp_path_factory.mktemp("asked")) as made:
        yield made


def _list(grounds: Grounds, name: str) -> List:
    best: List | None = None
    for who in (*FIRST, *sorted(set(grounds.people) - set(FIRST))):
        if best is not None and who not in FIRST:
            break
        told = grounds.ask(who, "GET", f"/api/v1/{name}?limit=500&county={HOME}")
        if told.status != 200:
            continue
        rows = told.json()["items"]
        if best is None or len(rows) > len(best.rows):
            best = List(grounds, who, RESOURCES[name], rows)
    assert best is not None, "nobody reads it"
    return best


@pytest.mark.parametrize(
    "name", [*NAMED, *(pytest.param(one, marks=pytest.mark.long) for one in REST)]
)
def test_a_list_answers_each_question_with_the_rows_that_it_shows(
    grounds: Grounds, name: str
) -> None:
    told = _list(grounds, name)
    wrong = [
        *_by_values(told), *_by_ranges(told), *_in_orders(told), *_by_words(told),
        *_in_areas(told), *_at_snapshots(told), *_counted(told), *_refusing(told),
    ]  # fmt: skip
    assert wrong == []


def _values(told: List, field: str) -> list[Any]:
    found = {row[field] for row in told.rows if row.get(field) not in (None, "")}
    plain = [one for one in found if isinstance(one, str | int) and "," not in str(one)]
    return sorted(plain, key=str)


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _by_values(told: List) -> Iterator[str]:
    for field in sorted(grammar.exact(told.resource)):
        values = _values(told, field)[:2]
        if not values or len(str(values[0])) > grammar.LONGEST:
            continue
        for several in ([values[0]], values) if f"{field}.in" in _known(told) else ([values[0]],):
            name = field if len(several) == 1 else f"{field}.in"
            found = told.ids(**{name: ",".join(map(_said, several))})
            wanted = [told.key(row) for row in told.rows if row[field] in several]
            # A change's decisions are found with those of its original.
            if sorted(found) != sorted(wanted) and (told.resource.name, field) not in ALSO:
                yield f"{name}={several}: {found} for {wanted}"


ALSO = {("decisions", "request_id")}


def _known(told: List) -> frozenset[str]:
    return grammar.parameters_of(told.resource.name)


def _typed(value: Any) -> Any:
    if isinstance(value, str) and _INSTANT.match(value):
        return datetime.fromisoformat(value)
    return value


def _by_ranges(told: List) -> Iterator[str]:
    for field in grammar.ranges(told.resource.name):
        values = _values(told, field)
        if not values:
            continue
        middle = values[len(values) // 2]
        for word, holds in COMPARED.items():
            found = told.ids(**{f"{field}.{word}": _said(middle)})
            wanted = [
                told.key(row) for row in told.rows
                if row[field] is not None and holds(_typed(row[field]), _typed(middle))
            ]  # fmt: skip
            if sorted(found) != sorted(wanted):
                yield f"{field}.{word}={middle}: {found} for {wanted}"
        for bad in ("gestern", "", "1" * 300, "２０２６"):
            answer = told.ask(**{f"{field}.ge": bad})
            if answer.status != 400 or answer.json()["code"] != "query.malformed":
                yield f"{field}.ge={bad}: {answer.status}"


def _in_orders(told: List) -> Iterator[str]:
    whole = sorted(told.key(row) for row in told.rows)
    many = max(2, len(whole) // 3)
    for field in grammar.sorts(told.resource):
        for sign in ("", "-"):
            first = told.ask(sort=f"{sign}{field}", limit=1)
            if first.status == 400:
                if first.json()["code"] != "query.unserved":
                    yield f"sort={sign}{field}: {first.text}"
                continue
            found = told.ids(sort=f"{sign}{field}", limit=many)
            if sorted(found) != whole:
                yield f"sort={sign}{field}: {len(found)} of {len(whole)}"
            at = {told.key(row): row.get(field) for row in told.rows}
            held = [_typed(at[id]) for id in found if at[id] is not None]
            if all(isinstance(one, int | datetime) for one in held) and (
                held != sorted(held, reverse=sign == "-")
            ):
                yield f"sort={sign}{field} is not in order: {held}"
    if sorted(told.ids(limit=2)) != whole:
        yield "pages of two are not the whole"


def _by_words(told: List) -> Iterator[str]:
    if "text" not in _known(told):
        if told.ask(text="登记").json()["code"] != "query.unknown":
            yield "a word is taken where there are none"
        return
    kind, shown = told.resource.record, {told.key(row) for row in told.rows}
    texts = {
        one.id: [normalise(text) for text in grams.texts(one)]
        for one in told.grounds.records.all[kind]
        if one.county == HOME and one.id in shown
    }
    words = sorted({said[:2] for held in texts.values() for said in held if len(said) > 1})[:3]
    for word in words:
        wanted = sorted(id for id, held in texts.items() if any(word in one for one in held))
        if sorted(told.ids(text=word)) != wanted:
            yield f"text={word}: not {wanted}"
    for bad in ("", "花", "花" * 60, "\u202e花草"):
        answer = told.ask(text=bad)
        if answer.status != 400:
            yield f"text={bad!r}: {answer.status}"


def _in_areas(told: List) -> Iterator[str]:
    if "area" not in _known(told):
        return
    found = set(told.ids(area=STREET))
    below = {
        told.key(row) for row in told.rows
        if f"/a-{STREET}000/" in str(row.get("area_path") or row.get("path") or "")
    }  # fmt: skip
    if not below <= found <= {told.key(row) for row in told.rows}:
        yield f"area: {found} for {below}"
    if told.ask(area="990102999").json()["code"] != "query.area":
        yield "an area that is nowhere is taken"


def _at_snapshots(told: List) -> Iterator[str]:
    whole = sorted(told.key(row) for row in told.rows)
    page = told.ask(limit=500, county=HOME).json()
    if page["snapshot"] is not None and sorted(told.ids(as_of=page["snapshot"])) != whole:
        yield "as of the snapshot it is not the whole"
    if told.ask(valid_on="2026-03-02").status != 200:
        yield "a day in force is not taken"
    picked = sorted(told.resource.answers.__struct_fields__)[:2]
    for row in told.ask(fields=",".join(picked), limit=2).json()["items"]:
        if sorted(row) != picked:
            yield f"fields={picked}: {sorted(row)}"
    answer = told.path(f"diff?resource={told.resource.name}&as_of=0..&county={HOME}&limit=500")
    if answer.status == 200:
        came = [row["id"] for row in answer.json()["items"] if row["change"] == "came"]
        # What is shared with the county lies above it, in a log of its own.
        whole = sorted(told.key(row) for row in told.rows if row["county"] == HOME)
        if answer.json()["next"] is None and sorted(came) != whole:
            yield f"diff from nothing: {len(came)} of {len(whole)}"
    elif answer.json()["code"] != "query.span":
        yield f"diff: {answer.text}"


def _counted(told: List) -> Iterator[str]:
    path = f"counts?resource={told.resource.name}&county={HOME}&by="
    answer = told.path(path + "none-such")
    if (answer.status, answer.json()["code"]) != (400, "query.uncounted"):
        yield f"counted by nothing there is: {answer.text}"
    stated = answer.json()["detail"].partition("可用的维度：")[2].partition("；")[0]
    for one in stated.split("、") if stated not in ("", "无") else ():
        answer = told.path(path + one)
        if answer.status != 200:
            yield f"by={one}: {answer.text}"
        elif sum(group["rows"] for group in answer.json()["items"]) != len(told.rows):
            yield f"by={one}: {answer.json()['items']} for {len(told.rows)}"


def _refusing(told: List) -> Iterator[str]:
    for query, codes in BAD.items():
        answer = told.path(f"{told.resource.name}?{query}")
        if answer.status != 400 or answer.json()["code"] not in codes:
            yield f"{query}: {answer.status} {answer.text[-300:]}"
    for field in sorted(grammar.exact(told.resource))[:3]:
        for bad in ("a\0b", "\u202eabc", "x" * 100_000):
            answer = told.path(f"{told.resource.name}?{field}={quote(bad)}")
            if answer.status != 400:
                yield f"{field}={bad[:9]!r}: {answer.status}"
    page = told.ask(limit=1, county=HOME).json()
    if page["next"] is not None:
        other = "areas" if told.resource.name != "areas" else "organisations"
        answer = told.grounds.ask("auditor", "GET", f"/api/v1/{other}?after={page['next']}")
        if answer.json().get("code") != "query.cursor":
            yield f"a cursor of another list is taken: {answer.text}"


HEAD, AREA = "person-two-terms", "a-990102000000"
TERMS = ((date(2024, 1, 1), date(2026, 3, 2)), (date(2026, 3, 3), None))
"""The first post and the second of one person: the bureau, then a street."""


@pytest.fixture(scope="module")
def terms(grounds: Grounds) -> tuple[Grounds, int]:
    """The snapshot before the person held a post; since then they held the bureau's, and hold a
    street's."""
    told = grounds.ask("auditor", "GET", "/api/v1/requests?limit=1")
    areas = (AREA, f"a-{STREET}000")
    held = [
        Post(
            county=HOME, id=f"pst-term-{number}", person_id=HEAD,
            role=("dept.head", "street.head")[number],
            organisation_id=(BUREAU, f"o-{STREET}")[number], area_id=areas[number],
            valid_from=first, valid_to=last,
        )
        for number, (first, last) in enumerate(TERMS)
    ]  # fmt: skip

    def verb(desk: Any) -> Answer:
        for post in held:
            desk.unit.add(post)
        return Answer(body=None)

    Hand(grounds.office, "county.head").do(verb)
    return grounds, told.json()["snapshot"]


BUREAU = "o-990102-civil"


@pytest.mark.parametrize(
    "name", [one for one in sorted(RESOURCES) if "holder" in grammar.parameters_of(one)]
)
def test_what_fell_to_somebody_is_cut_by_their_terms_of_office(
    terms: tuple[Grounds, int], name: str
) -> None:
    grounds, before = terms
    told = _list(grounds, name)
    if grounds.ask(told.who, "GET", "/api/v1/posts?limit=1").status != 200:
        answer = told.ask(holder=HEAD)
        assert (answer.status, answer.json()["code"]) == (400, "query.holder")
        return
    table = table_of(RESOURCES[name].record)
    body, dated = first_of(table, BODIES), first_of(table, DATED)
    assert body is not None
    assert dated is not None

    def fell(row: Row, number: int) -> bool:
        (first, last), ground = TERMS[number], f"/{AREA}/a-{STREET}000/"
        owned = row.get(body) == (BUREAU, f"o-{STREET}")[number]
        if number:  # What lay in the street fell to its head as well.
            owned = owned or ground in str(row.get("area_path") or "")
        day = row.get(dated)
        return bool(owned and day and first <= date.fromisoformat(day) <= (last or date.max))

    shown = [
        row for row in told.rows if {body, dated, "area_path"} & set(table.c.keys()) <= row.keys()
    ]
    if len(shown) < len(told.rows) or "area_path" not in table.c:
        ids = {told.key(row) for row in told.rows if body in row and dated in row and fell(row, 0)}
        assert ids <= set(told.ids(holder=HEAD, post="pst-term-0")) or body not in told.rows[0]
        return
    for number in (0, 1):
        wanted = sorted(told.key(row) for row in shown if fell(row, number))
        assert sorted(told.ids(holder=HEAD, post=f"pst-term-{number}")) == wanted
    both = sorted(told.key(row) for row in shown if fell(row, 0) or fell(row, 1))
    assert sorted(told.ids(holder=HEAD)) == both
    assert sorted(told.ids(holder=HEAD, limit=2)) == both
    assert told.ask(holder=HEAD, as_of=before).json()["code"] == "query.holder"
    assert told.ask(holder=HEAD, post="pst-none").json()["code"] == "query.holder"


EMPTY = {"notices", "reorganisations", "successions"}
"""Lists that have no row here for who is asked."""


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_list_is_written_out_as_it_would_be_checked(
    grounds: Grounds, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, whole = _list(grounds, name), f"{name}?county={HOME}&limit=500"
    fields = ",".join(reversed(RESOURCES[name].answers.__struct_fields__))
    head = told.path(whole).json()["snapshot"] or 0
    asked = [whole, f"{whole}&fields={fields}", f"{whole}&as_of={head}", f"{whole}&as_of=99"]
    quick = [told.path(one).body for one in asked]
    monkeypatch.setattr(Resource, "plain", property(lambda _: False))
    assert [told.path(one).body for one in asked] == quick
    assert quick[0].startswith(b'{"items":[{') or name in EMPTY


def test_what_is_masked_or_worked_out_is_never_written_out_as_it_lies() -> None:
    masked = {"people", "bank-lines", "expenditures", "indicators", "packs", "exceptions"}
    assert masked <= {name for name, one in RESOURCES.items() if not one.plain}


BODIES_EACH = 6
"""Rows of each kind of which a body is tried without each of its fields."""
RARE = "𬱖𠮷㐂"
"""Han beyond the first plane, and of its extension."""
MADE = {
    Reorganisation: Reorganisation(
        county=HOME, id="rog-x", kind=ChangeKind.RENAME, object_kind="area", sources=["a"],
        successors=["a"], document_number="演1", document_title="演示", effective_on=date(2026, 3, 2),
        plan_digest="0" * 64, moved={"board": 1}, done_by="p", done_on=date(2026, 3, 2),
    ),
    Succession: Succession(
        county=HOME, id="suc-x", reorganisation_id="rog-x", object_kind="area", object_id="a",
        successor_id="a", effective_on=date(2026, 3, 2), was="演示",
    ),
}  # fmt: skip
"""Of what the county has none."""
LISTED = sorted(
    {one.record for one in RESOURCES.values()} - {Event}, key=lambda kind: str(kind.__name__)
)


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.__name__)
def test_a_row_is_written_out_as_it_would_be_checked_whatever_its_release_left_out(
    grounds: Grounds, kind: type[Record]
) -> None:
    write, tried = msgspec.json.encode, 0
    with grounds.office.store.reader.connect() as connection:
        stored = connection.execute(select(tables.BY_RECORD[kind])).mappings()
        rows = [dict(row) for row in stored] or [to_row(MADE[kind])]
    for number, row in enumerate(rows):
        assert write(to_told(kind, row)) == write(to_record(kind, row))
        body = msgspec.json.decode(row["body"])
        for other in [_rare(body), *(_older(body) if number < BODIES_EACH else ())]:
            made = {**row, "body": msgspec.json.encode(other).decode()}
            try:
                read = to_record(kind, made)
            except msgspec.ValidationError:
                continue  # what no release left out
            assert write(to_told(kind, made)) == write(read)
            tried += 1
    assert tried


def _older(body: Any) -> Iterator[Any]:
    """A body without one of its fields, at whatever depth; of a list, the first that has it."""
    first: dict[tuple[str, ...], list[Any]] = {}
    for at in _places(body):
        first.setdefault(tuple(step for step in at if isinstance(step, str)), at)
    for *way, name in first.values():
        made = held = deepcopy(body)
        for step in way:
            held = held[step]
        del held[name]
        yield made


def _places(held: Any) -> Iterator[list[Any]]:
    if isinstance(held, dict):
        yield from ([name] for name in held)
    for step, part in held.items() if isinstance(held, dict) else enumerate(held):
        if isinstance(part, dict | list):
            yield from ([step, *rest] for rest in _places(part))


def _rare(held: Any) -> Any:
    """The same with other letters in its texts."""
    if isinstance(held, dict):
        return {name: _rare(part) for name, part in held.items()}
    if isinstance(held, list):
        return [_rare(part) for part in held]
    return held.replace("演示", RARE) if isinstance(held, str) else held
