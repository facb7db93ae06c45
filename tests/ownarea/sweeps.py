"""巡查 what is asked at every operation, and held against what the tables let each person be told."""

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from registry.api import openapi, samples
from registry.api.acts import ACTS
from registry.api.operations import Operation
from registry.api.resources import RESOURCES
from registry.domain.presence import Presence
from tests.ownarea import reach
from tests.ownarea.grounds import ALWAYS, API, NONE, Grounds, alike, some
from tests.ownarea.knocking import Told
from tests.ownarea.placed import PLACES, Place

TABLE = Path(__file__).with_name("operations.csv")
LISTED = {f"{name}.{word}" for name in RESOURCES for word in ("list", "one")}
OTHERS = [o for o in openapi.operations() if o.id not in LISTED]
NAMES = sorted(set(RESOURCES) - {"events"})
TELLS = {f"{API}/packs": ("pack_run",)}
"""A pack in a list says which runs proved it (docs/rule-packs.md)."""


@cache
def rows() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Of each operation that is no list nor one record: what its id names, and what of others'
    records, or which fields of theirs, it tells whoever may ask it."""
    lines = [ln for ln in TABLE.read_text("utf-8").splitlines() if not ln.startswith("#")]
    return {r["operation"]: (r["about"], tuple(r["tells"].split())) for r in csv.DictReader(lines)}


# ---- lists ---------------------------------------------------------------------------------------


def walk(grounds: Grounds, who: str, path: str) -> tuple[int, list[tuple[str, str]]]:
    """Every page of a list by the link of the page before; the status, and what came."""
    found: list[tuple[str, str]] = []
    while True:
        told = grounds.ask(who, "GET", path)
        also = TELLS.get(path.partition("?")[0], ())
        assert grounds.foreign(who, told, also) == [], (who, path)
        if told.status != 200:
            return told.status, found
        found += [(i["county"], i["id"]) for i in told.json()["items"]]
        if "link" not in told.headers:
            return told.status, found
        path = told.headers["link"].partition("<")[2].partition(">")[0]


def expected(grounds: Grounds, who: str, name: str, county: str = "") -> set[tuple[str, str]]:
    """What of a resource the tables let the person see, of one county."""
    return {(r.county, r.id) for r in grounds.seen(who, name) if county in ("", r.county)}


def lists(grounds: Grounds, name: str) -> list[Any]:
    """Of everybody, what their list shows more or fewer than it should."""
    wrong: list[Any] = []
    for who, reader in grounds.people.items():
        asked = [("", "")]
        if reader.projects:  # A project lies in its own county, wherever its people are.
            asked += [(f"&county={p.county}", p.county) for p in reader.projects]
            asked[0] = ("", "")
        for query, county in asked:
            status, found = walk(grounds, who, f"{API}/{name}?limit=500{query}")
            mine = _expected_there(grounds, who, name, county)
            assert len(found) == len(set(found))
            if set(found) != mine or (status != 200 and not (status == 403 and not mine)):
                wrong.append((who, query, status, "more", sorted(set(found) - mine)[:3],
                              "fewer", sorted(mine - set(found))[:3]))  # fmt: skip
    return wrong


def _expected_there(
    grounds: Grounds, who: str, name: str, county: str
) -> set[tuple[str, str]]:  # fmt: skip
    """What is expected of one county; directories hold what lies above it as well."""
    if reach.rules()[name].purpose != "all":
        return expected(grounds, who, name, county)
    over = reach.SUPERIOR[county or grounds.people[who].county]
    return {i for i in expected(grounds, who, name) if i[0] in over}


TRIED = ("dept2.clerk", "street2.head", "community2.head", "finance.clerk", "auditor",
         "other.office")  # fmt: skip
"""Readers of every reach: their own, a street, a community, the county by area, a neighbour."""


def tried(name: str, whole: bool) -> tuple[str, ...]:
    """Who tries a list's further questions: two of these, all over all lists; in a full run all."""
    at = sum(name.encode()) % len(TRIED)
    return TRIED if whole else (TRIED[at], TRIED[(at + 2) % len(TRIED)])


def plain(value: Any) -> str | None:
    """A value as a query says it; ``None`` where it cannot."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | str) and value != "":
        return str(getattr(value, "value", value))
    return value.isoformat() if hasattr(value, "isoformat") else None


def filters(grounds: Grounds, name: str, whole: bool = False) -> list[Any]:
    """Each filter with the value of a record in each place: told as if the others were not."""
    resource, wrong = RESOURCES[name], []
    numbers = {"number", "document_number"}  # found however they are written
    for at, one in enumerate(f for f in resource.filters if f not in numbers):
        who = TRIED[at % len(TRIED)]
        mine = grounds.seen(who, name)
        places = list(grounds.world.placed.values())
        for laid in places if whole else places[at % 2 :: 2]:
            held = (getattr(r, one) for r in laid if type(r) is resource.record)
            value = next((v for v in map(plain, held) if v is not None), None)
            if value is None or (name == "decisions" and one == "request_id"):
                continue
            query = urlencode({one: value, "limit": 500})
            _, found = walk(grounds, who, f"{API}/{name}?{query}")
            fits = {(r.county, r.id) for r in mine if plain(getattr(r, one)) == value}
            if set(found) != fits:
                wrong.append((who, one, value, sorted(set(found) ^ fits)[:3]))
    return wrong


def cursors(grounds: Grounds, name: str) -> list[Any]:
    """A cursor that somebody else was given opens nothing of theirs; a list that is walked in the
    order of every sort ends where the reader's own ends."""
    wrong: list[Any] = []
    given = grounds.ask("auditor", "GET", f"{API}/{name}?limit=1")
    after = given.json().get("next") if given.status == 200 else None
    for who in TRIED[:3]:
        if after is None:
            break
        told = grounds.ask(who, "GET", f"{API}/{name}?limit=500&after={quote(after)}")
        found = grounds.foreign(who, told, TELLS.get(f"{API}/{name}", ()))
        here = {(i["county"], i["id"]) for i in told.json().get("items", [])}
        if found or not here <= expected(grounds, who, name) or told.status >= 500:
            wrong.append((who, told.status, found[:3]))
    return wrong


# ---- one record ----------------------------------------------------------------------------------


def records(grounds: Grounds, name: str, whole: bool = False) -> list[Any]:
    """What lies elsewhere and what is nowhere are told alike."""
    wrong: list[Any] = []
    for who in some(grounds, name, 2, whole):
        record = grounds.strange(who, name)
        if record is None:
            continue
        for query in ("", f"?county={record.county}", "?as_of=100000", "?fields=id"):
            grounds.ask(who, "GET", f"{API}/{name}/{NONE}{query}")  # Who they are is known then.
            there = grounds.ask(who, "GET", f"{API}/{name}/{record.id}{query}")
            nowhere = grounds.ask(who, "GET", f"{API}/{name}/{NONE}{query}")
            if there.status < 400 or not alike(there, nowhere, record.id):
                wrong.append((who, record.id, query, there, nowhere))
        kept = {"if-none-match": '"1"'}
        if grounds.ask(who, "GET", f"{API}/{name}/{record.id}", **kept).status < 400:
            wrong.append((who, record.id, "if-none-match"))
    return wrong


def own(grounds: Grounds) -> list[Any]:
    """What one may see is shown."""
    wrong: list[Any] = []
    for at, who in enumerate(grounds.people):
        for name in NAMES[at % 8 :: 8]:
            for record in grounds.seen(who, name)[:1]:
                path = f"{API}/{name}/{record.id}?county={record.county}"
                told = grounds.ask(who, "GET", path)
                if told.status != 200 or grounds.foreign(who, told, TELLS.get(f"{API}/{name}", ())):
                    wrong.append((who, name, record.id, told.status))
    return wrong


# ---- counts, sums, changes, words ----------------------------------------------------------------

SUMS = {"voucher-lines": ("stage", "amount_fen"), "expenditures": ("use", "amount_fen"),
        "payments": ("state", "amount_fen"), "indicators": ("payer_id", "amount_fen")}  # fmt: skip


def counted(grounds: Grounds, name: str, whole: bool = False) -> list[Any]:
    """Counts, and sums of amounts, are those of what the person sees in their county."""
    wrong: list[Any] = []
    by, amount = SUMS.get(name, ("", ""))
    for who in (*tried(name, whole), "street.clerk"):
        county = grounds.people[who].county
        mine = [r for r in grounds.seen(who, name) if r.county == county]
        path = f"{API}/counts?resource={name}" + (f"&by={by}&sum={amount}" if by else "")
        told = grounds.ask(who, "GET", path)
        if grounds.foreign(who, told):
            wrong.append((who, grounds.foreign(who, told)[:3]))
        if told.status == 200:
            items = told.json()["items"]
            sums = (sum(i["rows"] for i in items), sum(i.get("sum") or 0 for i in items))
            right = (len(mine), sum(map(_amount(amount), mine)) if by else 0)
            if sums != right:
                wrong.append((who, told.status, sums, right))
        elif told.status not in (400, 403):
            wrong.append((who, told.status, told.body[:200]))
    return wrong


def _amount(name: str) -> Callable[[Any], int]:
    return lambda record: (getattr(record, name) or 0) * getattr(record, "sign", 1)


def changed(grounds: Grounds, name: str, whole: bool = False) -> list[Any]:
    """What came between two snapshots is told by what the person sees."""
    wrong: list[Any] = []
    for who in tried(name, whole):
        county = grounds.people[who].county
        head = grounds.office.store.reader.head(county)
        path = f"{API}/diff?resource={name}&as_of=1..{head}&limit=500"
        told = grounds.ask(who, "GET", path)
        found = grounds.foreign(who, told, TELLS.get(f"{API}/{name}", ()))
        items = told.json().get("items", []) if told.status == 200 else []
        mine = expected(grounds, who, name)
        more = {(i["county"], i["id"]) for i in items if i["change"] != "went"} - mine
        if found or more or told.status >= 500:
            wrong.append((who, told.status, found[:3], sorted(more)[:3]))
    return wrong


def words(grounds: Grounds, name: str, whole: bool = False) -> list[Any]:
    """A word of what lies elsewhere is found by nobody who may not read it: its own mark, and the
    words it shares with one's own."""
    wrong: list[Any] = []
    for who in tried(name, whole):
        mine, marks = expected(grounds, who, name), grounds.may(who)[0]
        strange = grounds.strange(who, name)
        if strange is None:
            continue
        held = grounds.marked.get((grounds.tables[strange.id], strange.id), set())
        asked = [t for t in sorted(held - marks) if t.startswith("zq")][:4]
        for word in [*asked, "演示"]:
            status, found = walk(grounds, who, f"{API}/{name}?limit=500&text={quote(word)}")
            if status >= 500 or not set(found) <= mine or (word in asked and found):
                wrong.append((who, word, status, found[:3]))
    return wrong


def areas(grounds: Grounds, name: str, whole: bool = False) -> list[Any]:
    """The area of somebody else shows what of it is one's own, and nothing else."""
    wrong: list[Any] = []
    for who in tried(name, whole):
        mine = expected(grounds, who, name)
        for place in PLACES if whole else PLACES[::2]:
            path = f"{API}/{name}?limit=500&area=a-{place.community}"
            status, found = walk(grounds, who, path)
            if status >= 500 or not set(found) <= mine:
                wrong.append((who, place.name, status, found[:3]))
    return wrong


# ---- every other question ------------------------------------------------------------------------


FITS: dict[str, Callable[[Any], bool]] = {
    "requests.reflow": lambda record: record.state == "in_review",
    "pack-runs.rows": lambda record: record.rows_sha256 is not None,
    "resident_report.follow": lambda record: record.id.startswith(f"{record.county}-JM-"),
}
"""Of which record a question is asked that most have no answer to."""


def _about(place: Place, laid: list[Any], about: str, of: str = "") -> str:
    """The id that a path names, in a place."""
    if about in ("areas", "organisations"):
        return f"{about[0]}-{place.community}"
    if about == "people":
        return "person-" + place.people.get("community.", "community.") + "head"
    name = {"copies": "movements", "reports": "resident-reports"}.get(about, about)
    if name == "packs":
        return "demo-county"
    if name == "log" or name not in RESOURCES:
        return place.county
    kind = RESOURCES[name].record
    fits = FITS.get(of, lambda _: True)
    return next((r.id for r in laid if type(r) is kind and fits(r)), NONE)


def given(place: Place, laid: list[Any]) -> dict[str, str]:
    """What each parameter of a question may say of a place; one that has no word here fails."""
    presence = next(r for r in laid if isinstance(r, Presence) and r.request_id)
    return {
        "county": place.county, "area": f"a-{place.community}",
        "request_id": presence.request_id or "",
        "organisation_id": presence.organisation_id, "presence_id": presence.id, "year": "2026",
        "payer_id": f"o-{place.county}-{place.department}", "q": "证明", "username": "street.head",
        "from": "2020-01-01", "to": "2030-01-01", "first": "2026-01", "last": "2026-12",
        "since": "2020-01-01", "before": "2030-01-01", "on": "2026-03-02", "limit": "100",
        "valid_on": "2026-03-02", "period": "2026Q1", "person_id": "person-street.head",
        "applicant": f"o-{place.county}-{place.department}",
    }  # fmt: skip


QUIET = {"after", "format", "basis", "demander", "out_of_area", "by", "kind", "open", "tree",
         "tile",
         "X-Request-ID", "box", "what", "stage", "state", "trend", "late", "as_of", "against",
         "seq", "number", "month", "text", "act", "owed", "due_within", "unread", "detailed",
         "Idempotency-Key", "id", "If-Match", "If-None-Match", "check", "chain"}  # fmt: skip
"""Parameters that name neither a place nor what lies there."""
SHAPED = {"limit", "from", "to", "first", "last", "since", "before", "q", "period", "on", "year",
          "valid_on"}  # fmt: skip
"""Parameters that are always given."""
ASKED = {"proofs": {"seq": "1"}, "burden": {}, "public.postings": {}, "public.matters": {},
         "certificates.answer_public": {"q": "居住证明", "area": "990102001001"},
         "status": {}, "inbox": {"detailed": "true"}}  # fmt: skip
"""What is given instead, where these would not be taken."""
READERS = {"sign_ins.list": "audit.admin", "readings.list": "audit.admin", "proofs": "auditor",
           "handovers.page": "auditor", "pack-runs.rows": "auditor", "requests.reflow":
           "county.head", "packs.files": "county.office",
           "packs.diff": "county.office", "tokens.list": "sec.admin"}  # fmt: skip
"""Who is always asked besides."""
BY_THEMSELVES = ("counts", "diff", "export.one", "export.content")
"""Asked by sweeps of their own."""
OF_A_STATE = {"papers.supplement", "papers.urging", "papers.order", "requests.archive",
              "blank-forms.free", "blank-forms.paper"}  # fmt: skip
"""Asked of what no row of this world has come to (returned, urged, ordered, archived, reserved).
That who may read it gets it, ``tests/actions/test_papers.py`` tries; here, that no other does."""
READ = [o for o in OTHERS if o.method == "GET" and o.id not in BY_THEMSELVES]


def _asked(operation: Operation, grounds: Grounds, whole: bool) -> Iterator[tuple[str, str]]:
    """Each way of asking one question: plainly, and of each place by each parameter naming it; of
    every second place where the run is not a full one."""
    about, names = rows()[operation.id][0], [p["name"] for p in operation.parameters]
    first = sum(operation.id.encode())
    for at, place in enumerate(PLACES, start=first):
        laid = grounds.world.placed[place.name]
        id = _about(place, laid, about, operation.id)
        path = operation.path.replace("{id}", id[2:] if "/public/areas/" in operation.path else id)
        path = path.replace("{tree}", "0").replace("{tile}", "0/000.p/1")
        words = {n: v for n, v in given(place, laid).items() if n in names}
        strictly = ASKED.get(operation.id, {n: words[n] for n in SHAPED & words.keys()})
        if about or place.name == "here":
            yield place.name, f"{path}?{urlencode(strictly)}"
        for name in sorted(words.keys() - SHAPED) if whole or at % 2 else ():
            yield place.name, f"{path}?{urlencode(strictly | {name: words[name]})}"


def questions(
    grounds: Grounds, operation: Operation, whole: bool = False
) -> tuple[list[Any], set[int]]:
    """What a question tells anybody of what lies elsewhere, and how it was answered."""
    names = {p["name"] for p in operation.parameters}
    known = set(given(PLACES[0], grounds.world.placed["here"])) | QUIET
    assert names <= known, "say what the new parameter names"
    also, wrong, answered = rows()[operation.id][1], [], set()
    who_all = [
        "",
        *(
            ("auditor",)
            if operation.open
            else some(grounds, operation.id, 4 if whole else 1, whole)
        ),
    ]
    if operation.id in READERS:
        who_all.append(READERS[operation.id])
    for who in who_all:
        theirs = _told_besides(grounds, operation, who)
        for place, path in _asked(operation, grounds, whole):
            told = grounds.ask(who, "GET", path)
            answered.add(told.status)
            if told.status >= 500 and told.status != 503:
                wrong.append((who, path, told))
            if found := grounds.foreign(who, told, also, theirs):
                wrong.append((who, place, path, told.status, found[:4]))
        if operation.path.count("{") == 1 and who and not operation.open:
            wrong += _of_one(grounds, operation, who)
    return wrong, answered


PARTIES: dict[str, Callable[[Any], set[str | None]]] = {
    "handovers.page": lambda held: {held.person_id, *(i.to_person_id for i in held.items)},
}
"""What is told besides to whoever is party to it: who leaves and who takes over sign the list."""


def _told_besides(grounds: Grounds, operation: Operation, who: str) -> list[Any]:
    """Records that a question tells the person of, though no list shows them: where they are party
    to one; and what a city reads of the directories of a county below, which it names."""
    about = rows()[operation.id][0]
    if not who or about not in RESOURCES:
        return []
    reader, held = grounds.people[who], grounds.records.all[RESOURCES[about].record]
    if operation.id in PARTIES:
        return [r for r in held if reader.id in PARTIES[operation.id](r)]
    if reach.rules()[about].purpose == "all":
        return [r for r in held if reader.county in reach.SUPERIOR.get(r.county, ())]
    return []


def _of_one(grounds: Grounds, operation: Operation, who: str) -> list[Any]:
    """Asked of a record that is not the person's as of none; of one that is, with nothing of
    others in the answer."""
    about, also = rows()[operation.id]
    if about not in RESOURCES or reach.rules()[about].purpose in ("all", "people"):
        return []
    wrong: list[Any] = []
    theirs = _told_besides(grounds, operation, who)
    strange = grounds.strange(who, about, theirs)
    if strange is not None:
        paths = [operation.path.replace("{id}", id) for id in (strange.id, NONE)]
        grounds.ask(who, "GET", paths[1])  # Who they are is known from now on.
        there, nowhere = (grounds.ask(who, "GET", path) for path in paths)
        if there.status < 400 or not alike(there, nowhere, strange.id):
            wrong.append((who, strange.id, there, nowhere))
    fits = FITS.get(operation.id, lambda _: True)
    for record in [r for r in grounds.seen(who, about) if fits(r)][:1]:
        path = operation.path.replace("{id}", record.id) + f"?county={record.county}"
        told = grounds.ask(who, "GET", path)
        if told.status >= 500 or grounds.foreign(who, told, also):
            wrong.append((who, record.id, told.status, grounds.foreign(who, told, also)[:4]))
    return wrong


# ---- acts ----------------------------------------------------------------------------------------

FOR = {"request_id": "requests", "presence_id": "presences", "voucher_id": "vouchers",
       "decision_id": "decisions", "document_id": "documents", "agreement_id": "agreements",
       "indicator_id": "indicators", "conference_id": "conferences", "claim_id": "claims",
       "project_id": "audit-projects", "step_id": "steps", "task_id": "tasks",
       "order_id": "cleanup-orders", "line_id": "bank-lines", "batch_id": "bank-batches",
       "waiver_id": "exceptions", "finding_id": "findings", "parent_id": "requests",
       "reverses_id": "vouchers", "round_id": "code-rounds"}  # fmt: skip
"""Fields of orders that name a record, by its resource."""
BY_ID = {a.act: a for a in ACTS}


def _doers(grounds: Grounds, act: str, whole: bool) -> list[str]:
    """Who has the right to an act at all, one of each kind of body; and strangers."""
    able = [
        who for who, reader in grounds.people.items()
        if any(grounds.office.access.relations(s.role, act) for s in reader.seats)
    ]  # fmt: skip
    if whole:
        return list(grounds.people)
    first = sum(act.encode())
    told = [able[(first + n * 7) % len(able)] for n in range(2)] if able else []
    return list(dict.fromkeys([ALWAYS[first % len(ALWAYS)], "other.head", *told]))


def acts(grounds: Grounds, operation: Operation, whole: bool = False) -> list[Any]:
    """Whatever is done to what lies elsewhere is answered as if it were nowhere."""
    about, also = rows()[operation.id]
    name = {"copies": "movements"}.get(about, about)
    body = samples.commands().get(operation.id, {})
    wrong: list[Any] = []
    for who in _doers(grounds, operation.id, whole):
        record = grounds.strange(who, name) if name in RESOURCES else None
        own = getattr(record, "person_id", "") == grounds.people[who].id  # One's own absence.
        tried = [] if record is None or own else [(operation.path, record.id, body)]
        told = msgspec.to_builtins(body)
        for key in FOR.keys() & (told.keys() if isinstance(told, dict) else set()):
            named = grounds.strange(who, FOR[key])
            if named is not None and "{id}" not in operation.path:
                tried.append((operation.path, named.id, told | {key: named.id}))
        for path, id, order in tried:
            said = msgspec.json.encode(order)
            elsewhere = (path.replace("{id}", id), said)
            missing = (path.replace("{id}", NONE), said.replace(id.encode(), NONE.encode()))
            for _ in range(2):  # What was looked up for the first time is known the second.
                there = _done(grounds, who, operation, elsewhere)
                nowhere = _done(grounds, who, operation, missing)
                if alike(there, nowhere, id):
                    break
            found = grounds.foreign(who, there, also)
            if found or there.status < 400 or there.status >= 500 or not alike(there, nowhere, id):
                wrong.append((who, id, there, nowhere, found[:3]))
    return wrong


def _done(grounds: Grounds, who: str, operation: Operation, asked: tuple[str, bytes]) -> Told:
    path, said = asked
    held = {"content-type": "application/json", "if-match": '"1"',
            "idempotency-key": f"{operation.id}-{grounds.door.asked}"}  # fmt: skip
    if operation.raw_body:
        held["content-type"] = "application/octet-stream"
    return grounds.ask(who, operation.method, path, said, **held)
