"""demo 全流程演示: every story over a fresh database through real HTTP, each step with its verdict.

Ends with 0 only if every step was answered as the rules say.
"""

import argparse
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from registry.actions.office import Office
from registry.actions.seeding import seed_demo
from registry.actions.ticking import tick
from registry.app import create_app, server
from registry.cli.entry import DONE, FAILED, CommandError
from registry.cli.opening import progress
from registry.cli.player import Played, Player
from registry.cli.stories import Story, all_stories
from registry.clock import Source
from registry.domain.vocabulary import ZH, Outcome
from registry.settings import DEMO_SECRET, Settings
from registry.store.migrate import migrate
from registry.store.store import Store

PEOPLE = "people.txt"
PATIENCE = 30.0
"""Seconds a server may take to come up."""


class DemoClock:
    """演示时钟: stands where the story puts it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, at: datetime) -> None:
        """Set it."""
        self.at = at


class Served(NamedTuple):
    """演示服务: where it answers, its clock, and its office."""

    address: str
    clock: DemoClock
    office: Office


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which stories, and whether one is left standing to be looked at."""
    parser.add_argument("story", nargs="*", help="故事编号；不写则全部 story ids, default all")
    parser.add_argument(
        "--stay", action="store_true",
        help="演完一个故事后留着，在浏览器里看，Ctrl-C 结束 serve one story as it ends, until Ctrl-C",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Play; the database goes afterwards."""
    stories = [s for s in all_stories() if not args.story or s.id in args.story]
    if not stories:
        raise CommandError(f"没有这个故事 no such story: {', '.join(args.story)}")
    if args.stay and len(stories) > 1:
        raise CommandError("--stay 只留一个故事，请写明编号 names one story to stay with")
    wrong, over = 0, _over() if args.stay else None
    with tempfile.TemporaryDirectory(prefix="registry-demo-") as folder:
        original = Path(folder) / "original"
        progress("正在装入演示县 loading the demo county …")
        _seed(original, stories[0].clock)
        for story in stories:
            copy = Path(folder) / story.id
            shutil.copytree(original, copy)
            with _serving(copy, story) as served:
                wrong += _play(story, served, _passwords(original / PEOPLE))
                if over is not None:
                    _stay(served, original / PEOPLE, over)
    print(f"\n{len(stories)} 个故事 stories, {wrong} 处不符 wrong")
    return FAILED if wrong else DONE


def _over() -> threading.Event:
    """Set when whoever looks has seen enough."""
    over = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: over.set())
    return over


def _stay(served: Served, people: Path, over: threading.Event) -> None:
    """The story is left as it ends, on its own day, for a browser."""
    print(
        f"\n停在 {served.clock():%Y-%m-%d}，用浏览器打开 as it ends, in a browser: {served.address}"
    )
    print(
        f"口令 passwords: {people}\nCtrl-C 结束，数据随即删除 ends it, and takes the data away",
        flush=True,
    )
    over.wait()


def _settings(folder: Path) -> Settings:
    url = f"sqlite:///{folder / 'registry.db'}"
    return Settings(
        mode="demo", database_url=url, read_database_url=url, data_dir=folder, port=0,
        secret_key=DEMO_SECRET, public_url="http://127.0.0.1",
    )  # fmt: skip


def _office(folder: Path, clock: DemoClock) -> Office:
    given = _settings(folder)
    store = Store(given.database_url, given.read_database_url, folder)
    return Office(store, clock, Source(), clock_fixed=True)


def _seed(folder: Path, at: datetime) -> None:
    migrate(_settings(folder).database_url)
    office = _office(folder, DemoClock(at))
    seed_demo(office, folder / PEOPLE)
    office.store.close()


def _passwords(file: Path) -> dict[str, str]:
    lines = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
    return {cells[0]: cells[1] for cells in lines if len(cells) > 1}


@contextmanager
def _serving(folder: Path, story: Story) -> Iterator[Served]:
    """A real server on a free port of this machine, for one story."""
    clock = DemoClock(story.clock)
    office = _office(folder, clock)
    settings = _settings(folder)
    running = server(create_app(office, settings), settings)
    thread = threading.Thread(target=running.run, name="demo-server", daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{_port(running, thread)}", clock, office)
    finally:
        running.should_exit = True
        thread.join()


def _port(running: Any, thread: threading.Thread) -> int:
    until = time.monotonic() + PATIENCE
    while not running.started:
        if time.monotonic() > until or not thread.is_alive():
            raise CommandError("服务没有起来 the server did not come up")
        time.sleep(0.01)
    return int(running.servers[0].sockets[0].getsockname()[1])


def _play(story: Story, served: Served, passwords: dict[str, str]) -> int:
    print(f"\n■ {story.title}\n  {story.title_en}")
    with httpx.Client(base_url=served.address, timeout=PATIENCE) as client:

        def bearer(username: str) -> str:
            body = {"username": username, "password": passwords[username]}
            answer = client.post("/api/v1/tokens", json=body)
            answer.raise_for_status()
            return str(answer.json()["token"])

        player = Player(client, bearer, served.clock.move, tick=lambda: tick(served.office))
        played = player.play(story)
    for one in played:
        _show(one)
    return sum(len(one.problems) for one in played)


def _show(one: Played) -> None:
    print(f"  {one.number:2} {one.step.as_:18} {one.step.say}\n     {'':18} {one.step.say_en}")
    told = [f"HTTP {one.status}", one.state, one.code]
    if one.outcome:
        zh = ZH[Outcome(one.outcome)] if one.outcome in set(Outcome) else ""
        told.append(f"{one.outcome} {zh}".rstrip())
    print(f"     → {'  '.join(word for word in told if word)}")
    refused = one.status >= httpx.codes.BAD_REQUEST
    for rule in one.rules if refused or one.step.expect.rules else ():
        lifted = f"  （由 {rule['lifted_by']} 排除 lifted）" if rule.get("lifted_by") else ""
        print(f"       {rule['rule']}  {rule['clause']}{lifted}")
        if refused and rule.get("remedy"):
            print(f"         改法 remedy: {rule['remedy']}")
    if one.balances:
        sums = "  ".join(f"{stage} {fen / 100:.2f}" for stage, fen in one.balances.items())
        print(f"       资金（元） balances: {sums}")
    for problem in one.problems:
        print(f"     ✗ {problem}")
