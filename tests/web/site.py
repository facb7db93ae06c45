"""A served registry and browsers before it: real HTTP, a real Chromium, people signed in."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from registry.actions.office import Office
from registry.actions.staff import seats
from registry.actions.vouching.starting import make_where_missing
from registry.app import server
from registry.clock import Source
from registry.settings import Settings
from registry.web.visit import SESSION
from tests.conftest import MovingClock, _opened
from tests.joined import joined, settings_for

AXE = "axe_playwright_python"
GRAVE = ("serious", "critical")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Site:
    """A served registry."""

    def __init__(self, office: Office, settings: Settings, clock: MovingClock) -> None:
        self.office, self.address, self.clock = office, settings.public_url, clock
        self.folder = settings.data_dir

    def secret(self, username: str) -> str:
        """A session of somebody's."""
        person = self.office.store.reader.person_named(username)
        assert person is not None
        return seats.seat(self.office, person, seats.From()).secret

    def cookie(self, username: str) -> dict[str, str]:
        return {"name": SESSION, "value": self.secret(username), "url": self.address}


@cache
def _port() -> tuple[socket.socket, str]:
    """A free port that this process keeps, and its address: one for all offices it serves."""
    kept = socket.create_server(("127.0.0.1", 0))
    return kept, f"http://127.0.0.1:{kept.getsockname()[1]}"


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Site]:
    """The seeded county on a port of this process, one at a time; time that passes brings nothing
    by itself there."""
    shutil.copy(template, folder / "registry.db")
    kept, address = _port()
    settings, clock = settings_for(folder, address), MovingClock()
    store = _opened(settings.database_url, folder)
    office = Office(store, clock, Source(5), secret="demo", clock_fixed=True)
    make_where_missing(office)
    standing, application = joined(address)
    standing.now, office.letterhead = office, standing.letterhead
    running = server(application, settings)
    thread = threading.Thread(target=running.run, args=([kept.dup()],), daemon=True)
    thread.start()
    try:
        while not running.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield Site(office, settings, clock)
    finally:
        running.should_exit = True
        thread.join()
        store.close()


class Sight:
    """One person's browser: what it complains of is kept."""

    def __init__(self, browser: Any, site: Site, who: str = "", **more: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, **more})
        if who:
            self.context.add_cookies([site.cookie(who)])
        self.page, self.site = self.context.new_page(), site
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type == "error" else 0
        )
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _answered(self, answer: Any) -> None:
        if answer.status >= 400:
            self.complaints.append(f"{answer.status} {answer.url}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site.address, "data:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def go(self, path: str) -> Any:
        return self.page.goto(self.site.address + path)

    def scrolls_sideways(self) -> bool:
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(wide))

    def barriers(self) -> list[str]:
        """What axe finds that keeps somebody out."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(files(AXE).joinpath("axe.min.js").read_text("utf-8"))
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        return [
            f"{one['id']}: {node['html'][:120]}"
            for one in found if one["impact"] in GRAVE for node in one["nodes"]
        ]  # fmt: skip

    def tab_to(self, selector: str, most: int = 150) -> None:
        """Reach something by the Tab key alone."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"no way to {selector} by keyboard")
