"""一本账开始之前 the demo county with money granted in communities of three custodies, laid down once
and copied for every run of the machine."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec

from registry.actions.office import Answer, Office
from registry.actions.rules import instruments
from registry.clock import Source
from registry.domain.instrument import InstrumentCommand
from registry.domain.people import Organisation, Person, Post
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store.store import Store
from tests.actions import case, ledgered, spent, yearly
from tests.actions.decided import presences, rows
from tests.actions.second_ledger import CUSTODY, SecondLedger
from tests.actions.test_budget import indicator
from tests.conftest import Hand, MovingClock
from tests.servers import create

COUNTY = "990102"
CIVIL = "o-990102-civil"
STREET, OWN, DIRECT, NEXT = "990102001001", "990102001002", "990102001004", "990102001005"
PEOPLE = {OWN: "own", DIRECT: "direct"}
GRANT, PRINTING, LIMIT, OPENED, SENT = 800_000, 300_000, 500_000, 1_200_000, 100_000
TRANSFER: dict[str, Any] = {
    "key": "F1", "mode": "transfer", "payer_id": CIVIL, "basis": "按户", "unit": "户",
    "rate_fen": 800, "quantity": 1000, "amount_fen": GRANT, "fiscal_year": 2026,
}  # fmt: skip
TOLD: dict[str, Any] = spent.FUNDING | {
    "key": "F2",
    "quantity": 375,
    "amount_fen": PRINTING,
    "schedule": [],
}
"""Money of which the demo pack asks, line by line, for what it was spent."""
CASES: list[dict[str, Any]] = [
    {"targets": [STREET, NEXT], "funding": [TRANSFER, TOLD]},
    {"targets": [OWN], "title": "楼道扶手编号拍照", "funding": [TRANSFER]},
    {"targets": [DIRECT], "title": "楼道窗户编号拍照", "funding": [TRANSFER]},
]
NEW_TERMS = ["2027-12-31", "2028-12-31"]
"""Last days that a change may name instead of the first."""
Hands = Callable[[str], Any]


@dataclass(frozen=True)
class World:
    """What the machine knows at the start."""

    requests: tuple[str, ...]
    papers: tuple[str, ...]
    """批准文件 of each request."""
    places: tuple[tuple[str, str, str], ...]
    """(presence, request, community) of what was admitted."""
    legacy: str
    """A matter from before the registry, with balances signed for."""
    indicator: str
    instrument: str

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(presence, funding line, community)."""
        found = [(p, "F1", c) for p, _, c in self.places]
        return found + [(p, "F2", c) for p, r, c in self.places if r == self.requests[0]]

    def begun(self) -> SecondLedger:
        """The second ledger as it is when everything was granted and nothing else happened."""
        second = SecondLedger()
        first = [p for p, r, _ in self.places if r == self.requests[0]]
        for presence, request, _ in self.places:
            many = len(first) if request == self.requests[0] else 1
            second.grant((presence, "F1", 2026), GRANT // many)
        for presence in first:
            second.grant((presence, "F2", 2026), PRINTING // len(first))
        key = (self.legacy, f"opening:{CIVIL}", 2026)
        second.pots[*key, "before"] -= OPENED
        second.pots[*key, "books"] += OPENED
        second.indicators[self.indicator] = LIMIT
        for key, pot, fen in self.under_way():
            second.pots[*key, "unused"] -= fen
            second.pots[*key, pot] += fen
        return second

    def under_way(self) -> list[tuple[tuple[str, str, int], str, int]]:
        """What has come some way already: into the books, and to the street or on its way."""
        return [
            ((self.places[0][0], "F1", 2026), "books", SENT),
            ((self.places[0][0], "F2", 2026), "books", PRINTING // 2),
            ((self.places[2][0], "F1", 2026), "books", SENT),
            ((self.places[1][0], "F1", 2026), "street", SENT),
        ]


def _staffed(hand: Hands) -> None:
    """A cashier and a head in the two communities of the street that have nobody."""

    def verb(desk: Any) -> Answer:
        for code, name in PEOPLE.items():
            body = desk.unit.get(Organisation, f"o-{code}")
            for role in ("cashier", "head"):
                like = next(p for p in rows(hand, Person, username=f"community.{role}"))
                post = next(p for p in rows(hand, Post, person_id=like.id))
                told = {"username": f"{name}.{role}", "id": f"u-{name}.{role}", "version": 1}
                desk.unit.add(msgspec.structs.replace(like, **told))
                held = {"person_id": f"u-{name}.{role}", "organisation_id": body.id, "version": 1,
                        "area_id": f"a-{code}", "id": f"post-{name}.{role}"}  # fmt: skip
                desk.unit.add(msgspec.structs.replace(post, **held))
        return Answer(body=None)

    hand("county.head").do(verb)


def _sent(hand: Hands, places: list[Presence]) -> None:
    """What ``World.under_way`` tells, by the acts of those whose they are."""
    way = {"community_arrival": ("own.cashier", "own.head")}
    for at, line, fen in (
        (0, "F1", SENT),
        (0, "F2", PRINTING // 2),
        (1, "F1", SENT),
        (2, "F1", SENT),
    ):
        stages = ["order", "dispatch", "street_arrival", "community_arrival"]
        for stage in stages[: 3 if at == 1 else 4]:
            if at == 2 and stage == "street_arrival":
                continue
            recorder, confirmer = way.get(stage, ("", "")) if at == 2 and stage in way else (
                ledgered.WHO[stage]
            )  # fmt: skip
            entry = ledgered.entry(places[at], fen) | {"funding_key": line}
            command = ledgered.command(stage, entry, number=f"始{at}{line}{stage}")
            kept = ledgered.recorded(hand, recorder, command)
            if confirmer:
                ledgered.confirmed(hand, confirmer, kept)


def _laid(office: Office) -> World:
    def hand(name: str) -> Hand:
        return Hand(office, name)

    _staffed(hand)
    requests = [case.admitted(hand, ends_on="2026-12-31", **told) for told in CASES]
    papers = [ledgered.approval_of(hand, request.id) for request in requests]
    codes = {f"o-{code}": code for code in CUSTODY}
    places = [(p.id, r.id, codes[p.organisation_id]) for r in requests for p in presences(hand, r)]
    _sent(hand, [now(office, id) for id, _, _ in places])
    legacy = yearly.opened(hand)
    held = indicator(hand, amount_fen=LIMIT)
    told = msgspec.convert({
        "document_number": "演财〔2026〕9号", "title": "演示通知", "issuer": "演示县财政局",
        "issued_on": "2026-01-05", "effective_on": "2026-01-10",
    }, InstrumentCommand)  # fmt: skip
    instrument = hand("county.office").do(lambda d: instruments.record(d, told))
    return World(
        tuple(r.id for r in requests), tuple(papers), tuple(places), legacy.id, held.id,
        instrument.id,
    )  # fmt: skip


def opened(url: str, folder: Path, seed: int = 5) -> tuple[Office, MovingClock]:
    """``seed`` = of the ids: another one for what goes on from a copy."""
    clock = MovingClock()
    return Office(Store(url, url, folder), clock, Source(seed)), clock


@dataclass(frozen=True)
class Ground:
    """底子: a database with the world in it, on one engine, to be copied."""

    world: World
    folder: Path
    server: Any = None
    name: str = ""

    @contextmanager
    def copied(self, folder: Path) -> Iterator[str]:
        """The address of a copy, gone afterwards."""
        for one in self.folder.iterdir():
            if one.is_dir():
                shutil.copytree(one, folder / one.name, dirs_exist_ok=True)
        if self.server is None:
            shutil.copy(self.folder / "registry.db", folder)
            yield f"sqlite:///{folder / 'registry.db'}"
            return
        from tests.servers import fresh

        with fresh(folder, self.server, self.name) as url:
            yield url


def on_sqlite(template: Path) -> Ground:
    """The seeded file with the world laid into it."""
    return _on_sqlite(template)


@cache
def _on_sqlite(template: Path) -> Ground:
    folder = Path(mkdtemp(prefix="registry-ground-", dir=template.parent))
    shutil.copy(template, folder / "registry.db")
    office, _ = opened(f"sqlite:///{folder / 'registry.db'}", folder)
    world = _laid(office)
    office.store.close()
    return Ground(world, folder)


def on_postgres(server: Any, template: str, run: Path) -> Ground:
    """A database of the server with the world laid into it."""
    folder = Path(mkdtemp(prefix="registry-ground-", dir=run))
    name = create(server, template)
    office, _ = opened(str(server.get_uri(name)), folder)
    world = _laid(office)
    office.store.close()
    return Ground(world, folder, server, name)


def now(office: Office, id: str) -> Presence:
    found = office.store.reader.get(Presence, COUNTY, id)
    assert found is not None
    return found


def request_of(office: Office, id: str) -> Request:
    found = office.store.reader.get(Request, COUNTY, id)
    assert found is not None
    return found
