"""规则包 put in force by tests that are about something else: its proofs are recorded, not made."""

import re
from pathlib import Path

from registry.actions.office import Answer, Desk, Office
from registry.actions.rules.publishing import ProposeCommand, PublishCommand, propose, publish
from registry.actions.rules.signing import county_paths
from registry.actions.seeding import Seeder
from registry.domain.pack import (
    STEPS,
    PackRun,
    PublishedPack,
    RunState,
)
from registry.policies.loader import load_pack, read_folder

PACKS = Path("registry/policies/packs")


def proven(desk: Desk, id: str) -> Answer:
    """Runs of every kind, as if they had passed."""
    held = desk.unit.get(PublishedPack, id)
    desk.authorise("pack.check", paths=county_paths(desk))
    for kind, _ in STEPS:
        desk.unit.add(
            PackRun(
                county=desk.unit.county, id=desk.id("run"), pack_id=id, kind=kind,
                state=RunState.DONE, digest=held.digest, passed=True, by=desk.actor.person_id,
                began_at=desk.now, ended_at=desk.now,
            )
        )  # fmt: skip
    return Answer(body=held.version)


def proposed(office: Office, files: dict[str, str], name: str = "one") -> PublishedPack:
    """A draft whose proofs are on record."""
    identity = load_pack(files).document.pack
    command = ProposeCommand(files=files, document_number="演示发〔2026〕9号")
    seeder = Seeder(office, name)
    seeder.act(identity.jurisdiction, "pack.propose", lambda d: propose(d, command))
    seeder.act(identity.jurisdiction, "pack.check", lambda d: proven(d, identity.id))
    held = office.store.reader.get(PublishedPack, identity.jurisdiction, identity.id)
    assert held is not None
    return held


def barring(day: str = "2026-03-02", id: str = "demo-barred") -> dict[str, str]:
    """The demo county's pack as it might be later: what is off the list is refused (DM-OFF)."""
    files = read_folder(PACKS / "demo-county")
    text = files["pack.toml"].replace('id = "demo-county"', f'id = "{id}"')
    text = text.replace("effective_from = 2025-01-01", f"effective_from = {day}")
    table = files["rules.csv"].replace("allow,needs_approval,DM-OFF", "deny,refused,DM-OFF")
    return files | {"pack.toml": text, "rules.csv": table}


def without(*sections: str, day: str = "2026-03-02", id: str = "demo-silent") -> dict[str, str]:
    """The demo county's pack as it might be later: silent on some sections."""
    files = read_folder(PACKS / "demo-county")
    silent = re.compile(rf"\[+({'|'.join(sections)})[.\]]")
    tables = re.split(r"(?m)^(?=\[)", files["pack.toml"])
    text = "".join(table for table in tables if not silent.match(table))
    text = text.replace('id = "demo-county"', f'id = "{id}"')
    return files | {
        "pack.toml": text.replace("effective_from = 2025-01-01", f"effective_from = {day}")
    }


def enacted(office: Office, files: dict[str, str]) -> PublishedPack:
    """A pack in force from its own day on; without a file it must say that it is a fixture."""
    held = proposed(office, files)
    signed = PublishCommand(confirm_reported=True)
    Seeder(office, "two").act(
        held.county, "pack.publish", lambda d: publish(d, held.id, held.version, signed)
    )
    after = office.store.reader.get(PublishedPack, held.county, held.id)
    assert after is not None
    return after
