"""巡查 one person walks over the site from its first page, by every link that is offered; what stands
on each page is held against what no page may show."""

import re
import sys
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl

from tests.ownarea.knocking import Door
from tests.web.looking import Looking, Page, inside

PUBLIC = ""
EVERYBODY = (
    PUBLIC, "dept.clerk", "dept.head", "street.clerk", "street.head", "community.head",
    "community.worker", "community.cashier", "finance.clerk", "finance.head", "county.office",
    "county.head", "auditor", "inspector", "city.office", "sys.admin", "sec.admin", "audit.admin",
)  # fmt: skip
"""One of each kind of post; nobody = the public."""
_HOLE = re.compile(r"\\?\{(\w+)(?::\w+)?\\?\}")
_NAMED = r"(?P<\1>[^/]+)"
_ID_NAMES = frozenset({"id"})
_ELSEWHERE = ("/api/", "/schema/", "/static/", "/verify", "/public/status.json")
"""What is no page of the table, and is tried elsewhere."""


class Pattern(NamedTuple):
    """路径 of the table of pages."""

    path: str
    form: re.Pattern[str]

    def kind(self, address: str) -> str:
        """What an address is one of: its path without ids, and what it asks by."""
        path, _, query = address.partition("?")
        found = self.form.fullmatch(path)
        assert found is not None
        said = _HOLE.sub(lambda m: "{id}" if m[1] in _ID_NAMES else found[m[1]], self.path)
        asked = sorted({name for name, value in parse_qsl(query) if value})
        return said + ("?" + "&".join(asked) if asked else "")


def patterns(paths: list[str]) -> list[Pattern]:
    """The table's paths, those that name most first."""
    told = sorted(paths, key=lambda path: (len(_HOLE.findall(path)), path))
    return [Pattern(path, re.compile(_HOLE.sub(_NAMED, re.escape(path)))) for path in told]


_MANY = ("/records/", "/do/", "/papers/", "/attach/", "/audit/papers/")
"""Pages of which there is one for each list, act or paper: in a short walk whoever comes first
looks at them for all."""


class Shown(NamedTuple):
    """看到 a page that somebody was shown."""

    who: str
    address: str
    kind: str
    path: str
    parts: frozenset[int]


@dataclass
class Crawl:
    """巡查 of everybody: what was reached, and what was wrong there."""

    door: Door
    table: list[Pattern]
    looking: Looking
    most: int
    """Addresses of one kind that one person looks at."""
    whole: bool
    each: int = sys.maxsize
    """Addresses of one path of the table that all look at together."""
    wrong: list[str] = field(default_factory=list)
    reached: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Each kind of page with who came to it first, and where."""
    shown: list[Shown] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    """Paths of the table that were answered, files and moves too."""

    def wanted(self, kind: str, path: str) -> bool:
        if sum(1 for one in self.shown if one.path == path) >= self.each:
            return False
        return self.whole or kind not in self.reached or not kind.startswith(_MANY)


@dataclass
class Walk:
    """巡查 of one person."""

    who: str
    crawl: Crawl
    headers: dict[str, str]

    def go(self, *begin: str) -> None:
        """By every link that is offered, from where one begins."""
        waiting = deque((one, "") for one in begin)
        seen, many = set(begin), Counter[str]()
        while waiting:
            address, whence = waiting.popleft()
            path = address.partition("?")[0]
            if path.startswith(_ELSEWHERE):
                continue
            pattern = next((p for p in self.crawl.table if p.form.fullmatch(path)), None)
            if pattern is None:
                if path:
                    self._say(address, whence, "leads nowhere")
                continue
            kind = pattern.kind(address)
            if many[kind] >= self.crawl.most or not self.crawl.wanted(kind, pattern.path):
                continue
            many[kind] += 1
            for found in self._look(address, whence, kind, pattern):
                if found and found not in seen:
                    seen.add(found)
                    waiting.append((found, address))

    def _look(self, address: str, whence: str, kind: str, pattern: Pattern) -> list[str]:
        told = self.crawl.door.ask("GET", address, self.headers)
        if told.status in (302, 303) and not told.headers["location"].startswith("/login"):
            self.crawl.met.add(pattern.path)
            return [inside(address, told.headers["location"])]
        if told.status != 200:
            self._say(address, whence, f"answers {told.status}")
            return []
        self.crawl.met.add(pattern.path)
        if not told.headers.get("content-type", "").startswith("text/html"):
            return []
        page = Page(told)
        self.crawl.reached.setdefault(kind, (self.who, address))
        self.crawl.shown.append(Shown(self.who, address, kind, pattern.path, page.parts))
        for one in dict.fromkeys(self.crawl.looking.faults(page)):
            self._say(address, whence, one)
        return list(page.links(address))

    def _say(self, address: str, whence: str, what: str) -> None:
        self.crawl.wrong.append(f"{self.who or 'nobody'} {address} (from {whence}): {what}")
