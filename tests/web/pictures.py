"""截图 pictures of the main pages for docs/pictures: ``python -m tests.web.pictures [FOLDER]``.

A county of its own is seeded and a case carried on its way, all through pages; then each page is
photographed as it is seen on a laptop and on a phone.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.seeding import seed_demo
from registry.app import create_app
from registry.clock import Source
from registry.domain.approval import Task
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store.migrate import migrate
from registry.store.store import Store
from tests.actions.case import accepted, agreed, drafted, funded, started, submitted
from tests.actions.case import admitted as by_acts
from tests.browsing import opened
from tests.conftest import Hand, MovingClock
from tests.joined import settings_for
from tests.web.seated import Seat
from tests.web.site import NARROW, WIDE, Sight, Site, served
from tests.web.test_case import do, typed_filing

RUNNING = (
    ("楼道灯具编号拍照", 800_000), ("楼栋信箱更换登记", 300_000), ("小区门禁卡补登", 300_000),
)  # fmt: skip
"""What runs, and how much of its money has come, 分."""
ADMITTED = (
    ("暑期活动室开放排班", "990102001001"), ("门栋联络表整理", "990102001002"),
    ("旧衣回收点值守", "990102001003"), ("楼道长名册更新", "990102001002"),
)  # fmt: skip
WAITING = (
    ("健身器材编号登记", "990102001001"), ("宣传栏内容更换", "990102001003"),
    ("晾衣区划线", "990102001002"),
)  # fmt: skip
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
NO_FONT = "no Chinese font is installed: every character would be a box 没有安装中文字体"
ALIKE = """() => {
  const drawn = (one) => { const it = document.createElement('canvas').getContext('2d');
    it.font = '32px sans-serif'; it.fillText(one, 4, 40); return it.canvas.toDataURL(); };
  return drawn('事') === drawn('项');
}"""
"""Whether two characters look the same."""
MOST_OCTETS = 200_000
SEEN = (
    ("sign-in", "", "/login"),
    ("desk", "street.clerk", "/desk"),
    ("filing", "dept.clerk", "/file/{filing}/what"),
    ("case", "street.clerk", "/case/{waits}"),
    ("deciding", "street.clerk", "/do/task.opine?id={task}"),
    ("community", "community.head", "/community/990102001001"),
    ("money", "finance.clerk", "/money"),
    ("county", "county.office", "/county"),
    ("audit", "auditor", "/audit"),
    ("packs", "county.office", "/packs"),
    ("administration", "sys.admin", "/admin"),
    ("public", "", "/public/990102"),
)
"""(name of the picture, who looks, where)."""


def main() -> int:
    """Every picture; those that weigh too much are named. None where characters would be boxes."""
    with opened() as browser:
        if not reads_chinese(browser):
            print(NO_FONT, file=sys.stderr)
            return 2
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="registry-pictures-") as name:
        template = _template(Path(name))
        (place := Path(name) / "site").mkdir()
        with served(template, place) as site, opened() as browser:
            names = begun(site, Path(name))
            heavy = [
                one for size in (WIDE, NARROW) for one in _all(browser, site, names, (folder, size))
            ]
    print("\n".join(heavy) or f"{folder}")
    return 1 if heavy else 0


def reads_chinese(browser: Any) -> bool:
    """Whether the browser has a font for Chinese."""
    page = browser.new_page()
    alike = page.evaluate(ALIKE)
    page.close()
    return not alike


def _template(folder: Path) -> Path:
    """A seeded county of its own."""
    url = f"sqlite:///{folder / 'registry.db'}"
    migrate(url)
    store = Store(url, url, folder)
    try:
        seed_demo(Office(store, MovingClock(), Source(3), secret="demo"), passwords=False)
    finally:
        store.close()
    return folder / "registry.db"


def filled(office: Office) -> None:
    """A county at work: matters that run with their money, that wait for it, or to be read."""

    def hand(username: str) -> Hand:
        return Hand(office, username)

    for at, (title, paid_fen) in enumerate(RUNNING):
        presence = agreed(hand, by_acts(hand, title=title, targets=["990102001001"]))
        funded(hand, presence, paid_fen, series=f"{at + 1}")
        paid = office.store.reader.get(Presence, presence.county, presence.id)
        started(hand, paid or presence)
    for title, place in ADMITTED:
        by_acts(hand, title=title, targets=[place])
    for title, place in WAITING:
        accepted(hand, submitted(hand, drafted(hand, title=title, targets=[place])))


def begun(site: Site, folder: Path) -> dict[str, str]:
    """An admitted case, one that waits for an opinion, and a filing begun."""
    filled(site.office)
    with TestClient(create_app(site.office, settings_for(folder), owns=False)) as client:

        def seat(username: str) -> Seat:
            return Seat(client, site.office, username)

        before = {r.id for r in site.office.store.reader.find(Request, "990102")}
        clerk = seat("dept.clerk")
        do(clerk, "request.draft", **typed_filing(title="演示社区花草认养登记"))
        waits = next(
            r for r in site.office.store.reader.find(Request, "990102") if r.id not in before
        )
        do(seat("dept.head"), "request.submit", waits.id)
        do(seat("street.clerk"), "request.accept", waits.id)
        case = waits
        task = next(
            one.id for one in site.office.store.reader.find(Task, "990102", request_id=waits.id)
        )
        at = clerk.get(f"/file?copy={case.id}").headers["location"]
    return {"case": case.id, "waits": waits.id, "task": task, "filing": at.split("/")[2]}


def _all(
    browser: Any, site: Site, names: dict[str, str], to: tuple[Path, dict[str, int]]
) -> list[str]:
    """The pictures of one size; names of those that weigh too much."""
    folder, size = to
    heavy = []
    for name, who, path in SEEN:
        sight = Sight(browser, site, who, viewport=size, locale="zh-CN")
        answer = sight.go(path.format(**names))
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        file = folder / f"{name}-{size['width']}.png"
        sight.page.screenshot(path=file, animations="disabled")
        heavy += [str(file)] if file.stat().st_size > MOST_OCTETS else []
        sight.context.close()
    return heavy


if __name__ == "__main__":
    sys.exit(main())
