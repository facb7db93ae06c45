"""进驻展开 one approval that reaches thousands of communities: presences, outcomes, notices."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench.figures import Board, Figure, median
from bench.forms import COUNTY
from registry.actions import approving
from registry.actions.filing import DraftCommand, draft
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.seeding import person_actor, seed_demo
from registry.actions.submitting import SubmitCommand, submit
from registry.clock import Source, wall_clock
from registry.domain.approval import Task
from registry.domain.areas import Area, AreaKind, AreaLevel
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.vocabulary import Level, OrganisationKind
from registry.store.migrate import migrate
from registry.store.store import Store

COMMUNITIES, STREETS, ROUNDS, GOAL_S = 3_000, 100, 3, 2.0


def run(board: Board) -> None:
    """Print the figure."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        url = f"sqlite:///{Path(name) / 'registry.db'}"
        migrate(url)
        store = Store(url, url, Path(name))
        try:
            office = Office(store, wall_clock, Source())
            seed_demo(office, passwords=False)
            _act(office, "county.head", _grown)
            taken = [_approved(office, number) for number in range(ROUNDS)]
        finally:
            store.close()
    board.add(Figure(
        name="fan-out", value=median(taken), unit="s", goal=GOAL_S, wants="less",
        scale=f"SQLite, one approval for {COMMUNITIES:,} communities in {STREETS} streets, durable:"
        f" presences, streets' outcomes and notices; median of {ROUNDS}",
    ))  # fmt: skip


def _act(office: Office, by: str, verb: Any) -> Any:
    call = Call(actor=person_actor(office, by), county=COUNTY, act="bench")
    return office.perform(call, verb).body


def _grown(desk: Desk) -> Answer:
    """The demo county with many more streets and communities."""
    county = desk.places.county()
    for s in range(STREETS):
        # Codes of no real place: the demo county has no street 3xx of its own.
        street = _place(desk, county, AreaKind.STREET, f"{COUNTY}{300 + s}000")
        for c in range(COMMUNITIES // STREETS):
            _place(desk, street, AreaKind.RESIDENTS_COMMITTEE, f"{COUNTY}{300 + s}{c + 1:03d}")
    return Answer(body=None)


def _place(desk: Desk, above: Area, kind: AreaKind, code: str) -> Area:
    street = kind is AreaKind.STREET
    id = f"a-{code}"
    area = desk.unit.add(msgspec.structs.replace(
        above, id=id, version=1, code=code, name=f"演示{code}", kind=kind, parent_id=above.id,
        path=f"{above.path}{id}/", level=AreaLevel.STREET if street else AreaLevel.COMMUNITY,
    ))  # fmt: skip
    desk.unit.add(Organisation(
        county=COUNTY, id=f"o-{code}", name=f"演示{code}", area_id=area.id, level=Level.STREET,
        kind=OrganisationKind.STREET if street else OrganisationKind.COMMUNITY,
    ))  # fmt: skip
    return area


def _approved(office: Office, number: int) -> float:
    """Seconds that the deciding act takes, answer included."""
    today = civil(office.clock())
    command = msgspec.convert(
        {"filing": FILING | {
            "title": f"演示创建活动第{number}项",
            "starts_on": (today + timedelta(days=30)).isoformat(),
            "ends_on": (today + timedelta(days=120)).isoformat(),
        }}, DraftCommand,
    )  # fmt: skip
    made = _act(office, "dept.clerk", lambda d: draft(d, command)).request
    order = SubmitCommand()
    at = _act(office, "dept.head", lambda d: submit(d, made.id, made.version, order)).request
    at = _act(office, "county.office", lambda d: approving.accept(d, at.id, at.version)).request
    task = office.store.reader.find(Task, COUNTY, request_id=at.id, state="open")[0]
    word = approving.OpinionCommand(ballot="agree", text="材料齐全")
    at = _act(
        office, "county.office", lambda d: approving.opine(d, task.id, task.version, word)
    ).request
    agreed = approving.DecideCommand(reason="同意")
    began = time.perf_counter()
    at = _act(office, "county.head", lambda d: approving.approve(d, at.id, at.version, agreed))
    taken = time.perf_counter() - began
    found = len(office.store.reader.find(Presence, COUNTY, request_id=at.request.id))
    if found < COMMUNITIES:
        raise RuntimeError(f"{found} presences")
    return taken


FILING: dict[str, Any] = {
    "kind": "campaign", "receivers": ["residents_committee"], "targets": [COUNTY],
    "applicants": [{"organisation_id": "o-990102-civil", "leading": True, "duties": "组织实施"}],
    "role": "assist", "content": "协助开展创建活动", "standard": "按通知",
    "responsible_party": "县民政局（演示）", "concerns_residents": True, "duration": "phase",
    "bases": [{"level": "policy", "title": "演示文件", "document_number": "演民发〔2026〕1号"}],
    "campaign": {"approval_document": "演创〔2026〕1号", "approved_by_level": "county"},
    "hours_per_cycle": 4, "cycle": "month",
    "funding": [{
        "key": "F1", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "按社区",
        "unit": "社区", "rate_fen": 100000, "quantity": 3000, "amount_fen": 300000000,
        "fiscal_year": 2026,
    }],
}  # fmt: skip
