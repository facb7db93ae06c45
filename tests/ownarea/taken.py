"""带走的 what is taken away in files, asked by SQL, proven, or answered a second time."""

import sqlite3
import tempfile
import time
from typing import Any

from registry.api.resources import RESOURCES
from registry.domain.exporting import OF_ONE, Form
from registry.domain.redress import Complaint
from tests.ownarea.grounds import API, NONE, Grounds, alike
from tests.ownarea.knocking import Told
from tests.ownarea.placed import TOKEN

TAKERS = (("other.office", "990102"), ("other.office", "990103"), ("county.office", "990102"),
          ("auditor", "990102"))  # fmt: skip
"""Who takes away, and from where: the visitor whom a project lets into one community, at home as
well; and those who read the whole county."""
WHOLE = [f for f in Form if f not in OF_ONE]
PUBLIC_IN = ("pack_run",)
"""What a list of rule packs tells anybody of the county."""


def taken(grounds: Grounds, who: str, county: str, order: dict[str, Any]) -> Told:
    """A file that was ordered, as it came, now or as a job."""
    told = grounds.send(who, f"{API}/exports?county={county}", order)
    if told.status != 202:
        return told
    at = told.headers["location"]
    for _ in range(1200):
        job = grounds.ask(who, "GET", at).json()
        if job["state"] != "running":
            break
        time.sleep(0.05)
    return grounds.ask(who, "GET", f"{at}/content")


def lists(grounds: Grounds, name: str, forms: tuple[Form, ...]) -> list[Any]:
    """A list in files: no mark of what the taker may not see, and as many rows as they see."""
    wrong: list[Any] = []
    for who, county in TAKERS:
        mine = [r for r in grounds.seen(who, name) if r.county == county]
        for form in forms:
            for history in (False, True) if who == "other.office" else (True,):
                order = {"form": form.value, "resource": name, "history": history}
                told = taken(grounds, who, county, order)
                found = grounds.foreign(who, told, PUBLIC_IN)
                if found or told.status not in (200, 403, 422):
                    wrong.append((who, county, form.value, told.status, found[:3]))
                counts = told.status == 200 and not history and name not in _UNCOUNTED
                if counts and int(told.headers.get("x-rows", -1)) != len(mine):
                    wrong.append((who, county, form.value, told.headers, len(mine)))
    return wrong


_UNCOUNTED = {"notices", "signing-keys"}
"""Papers to one person leave in no file; a key is made when it is first needed."""


def wholes(grounds: Grounds, form: Form) -> list[Any]:
    """A file of everything: no mark of what the taker may not see."""
    wrong: list[Any] = []
    for who, county in TAKERS[:3]:
        told = taken(grounds, who, county, {"form": form.value})
        also = (*PUBLIC_IN, *(_LOGGED if who != "other.office" else ()))
        if found := grounds.foreign(who, told, also):
            wrong.append((who, county, form.value, told.status, found[:6]))
        if told.status >= 500:
            wrong.append((who, county, form.value, told.status))
    return wrong


_LOGGED: tuple[str, ...] = ()


def jobs(grounds: Grounds) -> list[Any]:
    """A file that somebody else ordered, or asks SQL of, is none."""
    told = grounds.send("auditor", f"{API}/exports", {"form": "audit-db"})
    assert told.status == 202, told
    id, wrong = told.json()["id"], []
    taken(grounds, "auditor", "990102", {"form": "audit-db"})
    for who in ("county.office", "other.office", "dept2.clerk", "inspector"):
        for path in (f"{API}/exports/{{id}}", f"{API}/exports/{{id}}/content"):
            grounds.ask(
                who, "GET", path.replace("{id}", NONE)
            )  # Who they are is known from now on.
            there = grounds.ask(who, "GET", path.replace("{id}", id))
            nowhere = grounds.ask(who, "GET", path.replace("{id}", NONE))
            if there.status < 400 or not alike(there, nowhere, id):
                wrong.append((who, path, there, nowhere))
        grounds.send(who, f"{API}/sql", {"sql": "SELECT 1", "export": NONE})
        asked = [{"sql": "SELECT 1", "export": one} for one in (id, NONE)]
        there, nowhere = (grounds.send(who, f"{API}/sql", one) for one in asked)
        if there.status < 400 or not alike(there, nowhere, id):
            wrong.append((who, "sql", there, nowhere))
    return wrong


def asked_sql(grounds: Grounds) -> list[Any]:
    """By SQL a visitor finds in their own audit database nothing but what they may see."""
    wrong: list[Any] = []
    for who, county in TAKERS[:2]:
        told = taken(grounds, who, county, {"form": "audit-db"})
        if told.status != 200:
            wrong.append((who, county, told.status, told.body[:300]))
            continue
        for table in _tables(told.body):
            order = {"sql": f'SELECT * FROM "{table}" LIMIT 5000'}
            answer = grounds.send(who, f"{API}/sql?county={county}", order)
            found = grounds.foreign(who, answer, PUBLIC_IN)
            if found or answer.status != 200:
                wrong.append((who, county, table, answer.status, found[:4]))
    return wrong


def _tables(database: bytes) -> list[str]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(database)
        file.flush()
        held = sqlite3.connect(file.name)
        told = held.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        found = [name for (name,) in told]
        held.close()
    return [name for name in found if not name.startswith("sqlite_")]


def receipts(grounds: Grounds) -> list[Any]:
    """A receipt is for who may read the decision; it says of others' entries nothing but hashes."""
    wrong: list[Any] = []
    for who in ("dept2.clerk", "street2.clerk", "community2.head", "other.head", "inspector"):
        strange = grounds.strange(who, "decisions")
        if strange is not None:
            there = grounds.ask(who, "GET", f"{API}/decisions/{strange.id}/receipt")
            nowhere = grounds.ask(who, "GET", f"{API}/decisions/{NONE}/receipt")
            if there.status < 400 or not alike(there, nowhere, strange.id):
                wrong.append((who, there, nowhere))
        logs = () if who == "other.head" else ("events?limit=500",)
        for path in ("proofs?seq=1", "proofs?from=1&to=5", "readings", *logs):
            told = grounds.ask(who, "GET", f"{API}/{path}")
            if told.status == 200:
                wrong.append((who, path))
    return wrong


def again(grounds: Grounds) -> list[Any]:
    """What one was answered under a key, nobody else is answered under the same key."""
    wrong: list[Any] = []
    order = {"organisation_id": "o-990102-urban", "text": "演示用语zq999999z", "shared": False}
    key = {"idempotency-key": "one-key-of-two-people"}
    first = grounds.send("dept2.head", f"{API}/phrases", order, **key)
    if first.status != 201:
        wrong.append(first)
    for who in ("dept.head", "street2.head", "other.head"):
        told = grounds.send(who, f"{API}/phrases", order, **key)
        if "zq999999z" in told.body.decode() or told.status < 400:
            wrong.append((who, told))
    return wrong


def searched(grounds: Grounds) -> list[Any]:
    """事前询问: what is searched for names bodies, places and kinds, and nothing that was filed."""
    wrong: list[Any] = []
    subject = {"type": "organisation"}
    for who, county in (("dept2.clerk", "990102"), ("other.office", "990103")):
        for word, more in (
            ("subject", {"subject": subject}),
            ("resource", {"subject": subject | {"id": f"o-{county}-civil"}}),
            ("action", {"subject": subject | {"id": f"o-{county}-civil"}}),
        ):
            asked = {
                "action": {"name": "report"},
                "resource": {"type": "area", "id": f"{county}001001"},
            } | more
            if word == "resource":
                asked["resource"] = {"type": "area"}
            if word == "action":
                del asked["action"]
            told = grounds.send(who, f"/access/v1/search/{word}", asked)
            said = told.body.decode()
            others = {"990102": "990103", "990103": "990102"}[county]
            if told.status != 200 or TOKEN.search(said) or f"{others}0" in said:
                wrong.append((who, word, told.status, said[:300]))
    return wrong


def public(grounds: Grounds) -> list[Any]:
    """公开页 shows what is of the class ``open``, whole, and nothing else (P8)."""
    wrong: list[Any] = []
    opened = {
        t for name in ("requests", "presences", "decisions", "postings", "vouchers")
        for r in grounds.records.all[RESOURCES[name].record]
        if _is_open(grounds, r)
        for t in grounds.marked.get((grounds.tables[r.id], r.id), ())
    }  # fmt: skip
    told_at_all = 0
    for code in ("990102001001", "990102001002", "990102002001", "990102100200", "990102"):
        for page in ("matters", "postings", "matters?format=csv"):
            told = grounds.ask("", "GET", f"{API}/public/areas/{code}/{page}")
            marks = set(TOKEN.findall(told.text))
            told_at_all += len(marks & opened)
            for one in sorted((marks & set(grounds.world.marks)) - opened):
                wrong.append((code, page, grounds.world.marks[one]))
    assert told_at_all, "nothing was shown at all"
    return wrong


def _is_open(grounds: Grounds, record: Any) -> bool:
    held = getattr(record, "disclosure", None)
    if held is None:
        id = getattr(record, "request_id", "")
        held = getattr(grounds.records.requests.get((record.county, id)), "disclosure", None)
    return held is not None and held.value == "open"


def complaints(grounds: Grounds) -> list[Any]:
    """Whom a complaint is about reads neither it nor who made it, wherever they look."""
    wrong: list[Any] = []
    for record in grounds.records.all[Complaint]:
        for who, reader in grounds.people.items():
            if record.against_id in reader.bodies and not any(
                r.id == record.id for r in grounds.seen(who, "complaints")
            ):
                told = grounds.ask(who, "GET", f"{API}/complaints/{record.id}")
                if told.status != 404 or grounds.foreign(who, told):
                    wrong.append((who, record.id, told.status))
    return wrong
