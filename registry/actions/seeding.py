"""演示数据 the demo county: areas, organisations, people, lists and packs, brought in by acts.

Everything enters through the same actions as an official would use; nothing is inserted by hand.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from registry.actions.importing import add_people, area_id, import_areas
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rejudging.running import begin, work_out
from registry.actions.rules.packs import examine, record
from registry.actions.rules.publishing import (
    ProposeCommand,
    PublishCommand,
    propose,
    publish,
    put_calendar,
    put_list,
)
from registry.actions.staff.accounts import actor_for
from registry.actions.staff.passwords import hash_password
from registry.domain.area_sheets import plant_jurisdictions, read_jurisdiction_csv
from registry.domain.areas import Area
from registry.domain.pack import PublishedPack, RunKind
from registry.domain.people import Actor, Organisation, Person, Post, PostView
from registry.domain.people_sheets import (
    OrganisationRow,
    PersonRow,
    PostRow,
    read_organisations_csv,
    read_people_csv,
    read_posts_csv,
)
from registry.domain.records import NATION
from registry.domain.vocabulary import Level, OrganisationKind
from registry.policies.lists import load_lists
from registry.policies.loader import load_pack, read_folder

SEEDS = Path(__file__).parents[2] / "seeds"
PACKS = Path(__file__).parents[1] / "policies" / "packs"


def operator(county: str, name: str) -> Actor:
    """The machine's operator at the command line, under the same access tables."""
    post = PostView(
        role="cli", organisation_id="cli", organisation_kind=OrganisationKind.INSTITUTION,
        area_id="cli", area_path="/", level=Level.NATIONAL,
    )  # fmt: skip
    return Actor(person_id=f"cli:{name}", name=name, county=county, posts=[post], cli=True)


class Seeder:
    """装入数据 as one operator."""

    def __init__(self, office: Office, name: str = "system") -> None:
        self.office, self.name = office, name

    def act(self, county: str, act: str, verb: Callable[[Desk], Answer]) -> Answer:
        """Do one act as the operator."""
        actor = operator(county, self.name)
        return self.office.perform(Call(actor=actor, county=county, act=act), verb)

    def nation(self) -> None:
        """Lists, calendars and the national base: what a production instance starts with."""
        self.lists(lambda county: county == NATION)
        for path in sorted((SEEDS / "calendars").glob("*.csv")):
            self.act(NATION, "calendar.import", partial(put_calendar, data=path.read_bytes()))
        for folder in sorted(PACKS.iterdir()):
            if folder.is_dir() and _jurisdiction(folder) == NATION:
                self.pack(folder)

    def lists(self, wanted: Callable[[str], bool]) -> None:
        """Seed lists of the jurisdictions wanted."""
        for one in load_lists(SEEDS / "lists"):
            if wanted(one.county):
                self.act(one.county, "list.import", partial(put_list, one=one))

    def pack(self, folder: Path) -> None:
        """Bring in a shipped pack, prove it, and publish it by a second operator name."""
        files = read_folder(folder)
        identity = load_pack(files).document.pack
        county, number = identity.jurisdiction, identity.instrument[:80]
        command = ProposeCommand(files=files, document_number=number)
        draft = self.act(county, "pack.propose", lambda desk: propose(desk, command)).body
        self.prove(draft)
        second = Seeder(self.office, f"{self.name}.second")
        signed = PublishCommand(confirm_reported=True)
        second.act(
            county, "pack.publish", lambda desk: publish(desk, draft.id, draft.version, signed)
        )

    def prove(self, draft: PublishedPack) -> None:
        """Check a draft, run its cases, and simulate it on what the register holds.

        Raises:
            SeedError: a shipped pack that does not pass.
        """
        for kind in (RunKind.CHECK, RunKind.TEST):
            act = f"pack.{kind.value}"
            call = Call(actor=operator(draft.county, self.name), county=draft.county, act=act)
            examined = examine(self.office, call, draft.id, kind)
            if not examined.passed:
                raise SeedError(f"{draft.id}: {act}: {examined.summary}")
            self.act(draft.county, act, partial(record, id=draft.id, examined=examined))
        run = self.act(draft.county, "pack.simulate", partial(begin, id=draft.id)).body
        work_out(self.office, run, draft)


class SeedError(ValueError):
    """装入失败: a shipped pack is not what it should be."""


def _jurisdiction(folder: Path) -> str:
    return load_pack(read_folder(folder)).document.pack.jurisdiction


def seed_nation(office: Office) -> None:
    """The national base alone."""
    Seeder(office).nation()


def seed_demo(office: Office, people_file: Path | None = None, *, passwords: bool = True) -> None:
    """The national base and the fictional demo county with its people.

    Args:
        people_file: where the demo people and their random passwords are written, mode 0600.
        passwords: without, nobody can sign in by password (tests take tokens).
    """
    seeder = Seeder(office)
    seeder.nation()
    demo = SEEDS / "demo"
    counties = _jurisdictions(seeder, demo)
    for path in sorted(demo.glob("areas-*.csv")):
        county = path.stem.removeprefix("areas-")
        name, data = counties[county].name, path.read_bytes()
        seeder.act(
            county,
            "area.import",
            partial(import_areas, data=data, county_name=name, valid_from=_since),
        )
    seeder.lists(lambda county: county in counties)
    for folder in sorted(PACKS.iterdir()):
        if folder.is_dir() and _jurisdiction(folder) in counties:
            seeder.pack(folder)
    told = _people(seeder, demo, passwords=passwords)
    if people_file is not None:
        _write_private(people_file, told)


_since = date(2025, 1, 1)
"""From when the fictional places exist; like everything here it is demo data."""


def _jurisdictions(seeder: Seeder, demo: Path) -> dict[str, Area]:
    rows, _ = read_jurisdiction_csv((demo / "jurisdictions.csv").read_bytes())
    areas = plant_jurisdictions(rows, area_id, _since)
    for area in areas:
        seeder.act(area.county, "organisation.import", partial(add_people, records=[area]))
    return {area.county: area for area in areas}


def _people(seeder: Seeder, demo: Path, *, passwords: bool) -> str:
    organisations, _ = read_organisations_csv((demo / "organisations.csv").read_bytes())
    people, _ = read_people_csv((demo / "people.csv").read_bytes())
    posts, _ = read_posts_csv((demo / "posts.csv").read_bytes())
    lines = ["演示数据 demo people: user name, password, name"]
    records: dict[str, list[Any]] = {}
    for row in organisations:
        records.setdefault(row.county, []).append(_organisation(row))
    home = {row.username: row.county for row in people}
    for person in people:
        secret = urlsafe_b64encode(seeder.office.source.token(12)).decode()
        records.setdefault(person.county, []).append(_person(person, secret if passwords else ""))
        lines.append(f"{person.username}\t{secret if passwords else '-'}\t{person.name}")
    for index, post in enumerate(posts):
        records[home[post.username]].append(_post(post, index, home[post.username]))
    for county, made in sorted(records.items()):
        seeder.act(county, "organisation.import", partial(add_people, records=made))
    return "\n".join(lines) + "\n"


def _organisation(row: OrganisationRow) -> Organisation:
    fields = msgspec.structs.asdict(row)
    return Organisation(**{k: v for k, v in fields.items() if k != "area_code"},
                        area_id=area_id(row.area_code))  # fmt: skip


def _person(row: PersonRow, secret: str) -> Person:
    return Person(
        county=row.county, id=f"person-{row.username}", name=row.name, username=row.username,
        password_hash=hash_password(secret) if secret else "", valid_from=_since,
    )  # fmt: skip


def _post(row: PostRow, index: int, county: str) -> Post:
    return Post(
        county=county, id=f"post-{index:03d}", person_id=f"person-{row.username}",
        organisation_id=row.organisation_id, area_id=area_id(row.area_code), role=row.role,
        valid_from=row.valid_from, valid_to=row.valid_to,
    )  # fmt: skip


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)


def is_empty(office: Office) -> bool:
    """Whether nothing was ever recorded."""
    return not office.store.reader.partitions()


def demo_packs(office: Office) -> list[str]:
    """Published packs that are marked as demo or test material: production refuses them."""
    found = []
    for county in office.store.reader.partitions():
        for held in office.store.reader.find(PublishedPack, county):
            if load_pack(held.files).document.pack.fixture:
                found.append(held.id)
    return found


def demo_people(office: Office, names: Iterable[str]) -> list[str]:
    """Accounts of the demo people that exist here: production refuses them."""
    return [name for name in names if office.store.reader.person_named(name) is not None]


def person_actor(office: Office, username: str) -> Actor:
    """A person by user name, as an actor (stories, tests, command line)."""
    person = office.store.reader.person_named(username)
    if person is None:
        raise LookupError(username)
    return actor_for(office, person)
