"""导出: the same log gives the same files on SQLite and PostgreSQL, octet for octet."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from registry.actions.exporting.ground import ground
from registry.actions.exporting.making import Order, make
from registry.actions.office import Office
from registry.api.exporting import sheets, shown
from registry.clock import Source
from registry.domain.exporting import OF_ONE, Form
from registry.store.store import Store
from tests.actions import spent
from tests.conftest import TEMPLATE, Hand, MovingClock, actor_of
from tests.servers import fresh

COUNTY = "990102"
Files = dict[str, str]


@contextmanager
def lived(url: str, folder: Path) -> Iterator[Office]:
    """An office in which the same was done, by the same hands at the same time."""
    store = Store(url, url, folder)
    office = Office(store, MovingClock(), Source(11))
    hand = partial(Hand, office)
    presence = spent.funded(hand)
    spent.spent(hand, spent.spending(presence, "支-1", spent.told(presence)))
    yield office
    store.close()


def taken(office: Office, folder: Path) -> Files:
    """SHA-256 of every file that can be taken; of a package, of each file in it."""
    of, found = ground(office, COUNTY, None, sheets()), Files()
    seen = of._replace(actor=actor_of(office, "auditor"), shown=shown())
    orders: list[tuple[str, Any, Order]] = [
        (f"{form.value} {resource} {history}", of, Order(form, resource, history=history))
        for form in OF_ONE for resource in ("requests", "presences", "voucher-lines", "people")
        for history in (False, True)
    ]  # fmt: skip
    orders += [(f"{f.value} whole", of, Order(f, release="0")) for f in Form if f not in OF_ONE]
    orders += [(f"csv {r} seen", seen, Order(Form.CSV, r)) for r in ("requests", "expenditures")]
    for name, ground_of, order in orders:
        file = folder / "taken"
        made = make(ground_of, order, file)
        if order.form is Form.PACKAGE:
            found |= {f"package {name}": digest for name, digest in _inside(file)}
        else:
            found[name] = made.sha256
    return found


def _inside(file: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(file) as held:
        for name in held.namelist():
            yield name, hashlib.sha256(held.read(name)).hexdigest()


def test_the_same_log_gives_the_same_files_on_either_engine(
    sqlite_template: Path, postgres_template: Any, tmp_path: Path
) -> None:
    found: dict[str, Files] = {}
    for engine in ("sqlite", "postgres"):
        folder = tmp_path / engine
        folder.mkdir()
        if engine == "sqlite":
            shutil.copy(sqlite_template, folder / "registry.db")
            with lived(f"sqlite:///{folder / 'registry.db'}", folder) as office:
                found[engine] = taken(office, folder)
            continue
        with (
            fresh(folder, postgres_template, TEMPLATE) as url, lived(url, folder) as office,
        ):  # fmt: skip
            found[engine] = taken(office, folder)
    assert len(found["sqlite"]) > 100
    apart = {name for name, digest in found["sqlite"].items()
             if found["postgres"].get(name) != digest}  # fmt: skip
    assert apart == set()
    assert found["sqlite"].keys() == found["postgres"].keys()


pytestmark = pytest.mark.postgres
