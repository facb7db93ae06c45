"""资金报表 the statement of the largest county: 1,520 communities × 40 items, every stage of each.

The lines are laid by ``bulk`` as acts would leave them; measured is what a reader waits for.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from bench.fanout import _act, _place
from bench.figures import Board, Figure, median
from bench.forms import COUNTY
from registry.actions.office import Answer, Desk, Office
from registry.actions.seeding import person_actor, seed_demo
from registry.actions.statements.stating import StatementQuery, state
from registry.app import settle_memory
from registry.clock import Source, wall_clock
from registry.domain.accounts import Account, Told, VoucherStage, moves
from registry.domain.approval import Decision, DecisionKind
from registry.domain.areas import Area, AreaKind
from registry.domain.audit import EventOutcome
from registry.domain.filing import Filing
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.people import Organisation
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Record
from registry.domain.request import Request, State
from registry.domain.statement import By, Statement
from registry.domain.vocabulary import Custody, Disclosure, Kind, OrganisationKind, Receiver
from registry.store.bulk import Act, enter
from registry.store.entry import Header
from registry.store.migrate import migrate
from registry.store.store import Store

COMMUNITIES, STREETS, ITEMS, ROUNDS, GOAL_S = 1_520, 20, 40, 3, 2.0
DAY, YEAR = date(2026, 3, 20), 2026
STAGES = (
    (VoucherStage.PLEDGE, 900_000), (VoucherStage.ORDER, 800_000),
    (VoucherStage.DISPATCH, 800_000), (VoucherStage.STREET_ARRIVAL, 700_000),
    (VoucherStage.COMMUNITY_ARRIVAL, 600_000), (VoucherStage.EXPENDITURE, 450_000),
)  # fmt: skip
PAYER = "o-990102-civil"


def run(board: Board) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        url = f"sqlite:///{Path(name) / 'registry.db'}"
        migrate(url)
        store = Store(url, url, Path(name))
        try:
            office = Office(store, wall_clock, Source())
            seed_demo(office, passwords=False)
            lines = load(office, COMMUNITIES, ITEMS)
            settle_memory()  # As a process that serves has it.
            for by in (By.COMMUNITY, By.ITEM, By.PRESENCE):
                _measure(board, office, by, lines)
        finally:
            store.close()


def _measure(board: Board, office: Office, by: By, lines: int) -> None:
    actor = person_actor(office, "auditor")
    seconds, told = [], b""
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found: Statement = state(office, actor, StatementQuery(by=by, year=YEAR))
        told = msgspec.json.encode(found)
        seconds.append(time.perf_counter() - began)
    board.add(Figure(
        name=f"statement by {by.value}", value=median(seconds), unit="s", goal=GOAL_S,
        wants="less",
        scale=f"SQLite, {COMMUNITIES:,} communities × {ITEMS} items, {lines:,} lines; "
        f"{len(found.rows):,} rows, {len(told) / 2**20:.1f} MiB of JSON; median of {ROUNDS}",
    ))  # fmt: skip


def load(office: Office, communities: int, items: int) -> int:
    """The demo county grown, with money in every stage; returns how many lines there are."""
    _act(office, "county.head", lambda desk: _grown(desk, communities))
    places = _places(office, communities)
    acts = list(_acts(office, places, items))
    for at in range(0, len(acts), items):
        batch = acts[at : at + items]
        office.store.writer.submit(COUNTY, lambda unit, b=batch: enter(unit, b)).result()
    return items * len(places) * len(STAGES)


def _grown(desk: Desk, communities: int) -> Answer:
    county = desk.places.county()
    for s in range(STREETS):
        street = _place(desk, county, AreaKind.STREET, f"{COUNTY}{300 + s}000")
        for c in range(-(-communities // STREETS)):
            _place(desk, street, AreaKind.RESIDENTS_COMMITTEE, f"{COUNTY}{300 + s}{c + 1:03d}")
    return Answer(body=None)


def _places(office: Office, many: int) -> list[tuple[Area, Organisation]]:
    find = office.store.reader.find
    areas = {area.id: area for area in find(Area, COUNTY)}
    bodies = [
        (areas[body.area_id], body)
        for body in find(Organisation, COUNTY)
        if body.kind is OrganisationKind.COMMUNITY and body.id.startswith(f"o-{COUNTY}3")
    ]
    return bodies[:many]


def _acts(office: Office, places: list[tuple[Area, Organisation]], items: int) -> Iterator[Act]:
    for item in range(items):
        request = f"req-bench{item:03d}"
        there = [_presence(request, n, *place) for n, place in enumerate(places)]
        yield Act(_header(office, request), [*_case(request, item), *there])
    for stage, amount in STAGES:
        for item in range(items):
            request = f"req-bench{item:03d}"
            there = [_presence(request, n, *place) for n, place in enumerate(places)]
            yield Act(_header(office, request), _entry(request, (stage, amount), there))


def _case(request: str, item: int) -> list[Record]:
    filing = msgspec.convert(
        {
            "kind": "task", "title": f"演示事项第{item}项", "role": "assist",
            "applicants": [{"organisation_id": PAYER, "leading": True, "duties": "组织"}],
            "receivers": ["residents_committee"], "targets": [COUNTY], "content": "演示",
            "standard": "演示", "responsible_party": "演示", "concerns_residents": True,
            "bases": [], "duration": "phase", "starts_on": "2026-03-01", "ends_on": "2026-12-31",
        },
        Filing,
    )  # fmt: skip
    decision = Decision(
        county=COUNTY, id=f"{request}.d", request_id=request, kind=DecisionKind.ADMITTED,
        number=f"演示准入〔2026〕{item + 1}号", organisation_id=PAYER, body_name="演示",
        person_id="bench", issued_on=DAY,
    )  # fmt: skip
    return [
        Request(
            county=COUNTY, id=request, kind=Kind.TASK, title=filing.title, applicant_id=PAYER,
            filing=filing, drafted_by="bench", state=State.APPROVED, decision_id=decision.id,
        ),
        decision,
    ]  # fmt: skip


def _presence(request: str, number: int, area: Area, body: Organisation) -> Presence:
    return Presence(
        county=COUNTY, id=f"{request}.p{number}", request_id=request, kind=Kind.TASK,
        title="演示事项", area_id=area.id, area_path=area.path,
        receiver=Receiver.RESIDENTS_COMMITTEE, organisation_id=body.id,
        custody=Custody.STREET_CUSTODY, state=PresenceState.ACTIVE, disclosure=Disclosure.OPEN,
    )  # fmt: skip


def _entry(
    request: str, told: tuple[VoucherStage, int], there: list[Presence]
) -> list[Record]:  # fmt: skip
    stage, amount = told
    voucher = Voucher(
        county=COUNTY, id=f"{request}.{stage.value}", request_id=request, stage=stage,
        number=f"{request}{stage.value}", payer_id=PAYER, issuer_id=PAYER, fiscal_year=YEAR,
        dated_on=DAY, total_fen=amount * len(there), state=VoucherState.CONFIRMED,
        recorded_by="bench",
    )  # fmt: skip
    (move,) = moves(stage, Custody.STREET_CUSTODY, Told(at=Account.COMMUNITY))
    lines: list[Record] = [
        VoucherLine(
            county=COUNTY, id=f"{voucher.id}.l{n}", voucher_id=voucher.id, request_id=request,
            presence_id=presence.id, funding_key="F1", stage=stage, debit=move.debit,
            credit=move.credit, amount_fen=amount, counted=True, year=YEAR, payer_id=PAYER,
            area_path=presence.area_path, dated_on=DAY,
        )
        for n, presence in enumerate(there)
    ]  # fmt: skip
    return [voucher, *lines]


def _header(office: Office, id: str) -> Header:
    return Header(
        actor="bench", post="", act="bench", outcome=EventOutcome.DONE, code="",
        object_kind="request", object_id=id, object_version=1, business_date=DAY,
        at=office.clock(), pack=None, clock_fixed=False, note={}, salt="00",
    )  # fmt: skip
