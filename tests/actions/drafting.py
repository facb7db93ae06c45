"""规则包草案 a real pack of next year for the demo county, and its steps as tests take them."""

from collections.abc import Callable
from typing import Any

from registry.actions.attaching import AttachCommand
from registry.actions.office import Call, Office
from registry.actions.rules import packs, publishing
from registry.actions.rules.publishing import ProposeCommand, PublishCommand
from registry.domain.document import DocumentType
from registry.domain.pack import PackRun, PackStage, PublishedPack, RunKind
from registry.policies.loader import read_folder
from tests.actions.case import attached
from tests.actions.enacting import PACKS, proven

Hands = Callable[[str], Any]
COUNTY, NEXT = "990102", "demo-county-2027"


def next_year(*swaps: tuple[str, str], day: str = "2027-01-01", id: str = NEXT) -> dict[str, str]:
    """The demo county's pack as a real one of next year: no test material, no file waived."""
    files = read_folder(PACKS / "demo-county")
    text = files["pack.toml"].replace('id = "demo-county"', f'id = "{id}"')
    text = text.replace("effective_from = 2025-01-01", f"effective_from = {day}")
    for old, new in (("fixture = true\n", ""), *swaps):
        assert old in text
        text = text.replace(old, new)
    return files | {"pack.toml": text}


def draft(hand: Hands, files: dict[str, str], **more: Any) -> packs.PackView:
    command = ProposeCommand(files=files, **more)
    view: packs.PackView = hand("county.office").do(lambda d: publishing.propose(d, command))
    return view


def ran(hand: Hands, kind: RunKind, id: str = NEXT) -> PackRun:
    person = hand("county.office")
    call = Call(actor=person.actor, county=COUNTY, act=f"pack.{kind.value}")
    examined = packs.examine(person.office, call, id, kind)
    run: PackRun = person.do(lambda d: packs.record(d, id, examined))
    return run


def kept(office: Office, id: str = NEXT) -> PublishedPack:
    held = office.store.reader.get(PublishedPack, COUNTY, id)
    assert held is not None
    return held


def stage(office: Office, id: str = NEXT) -> PackStage:
    return packs.views(office.store.reader, [kept(office, id)])[0].stage


def ready(hand: Hands, files: dict[str, str]) -> PublishedPack:
    """A draft by the county office whose proofs are on record."""
    draft(hand, files)
    hand("county.office").do(lambda d: proven(d, NEXT))
    return kept(hand("county.office").office)


def paper(hand: Hands, by: str = "county.office", id: str = NEXT) -> str:
    command = AttachCommand(parent_kind="pack", parent_id=id, type=DocumentType.BASIS,
                            name="红头文件.pdf", not_secret=True)  # fmt: skip
    return str(attached(hand, by, command, b"%PDF-1.4 the instrument").id)


def published(hand: Hands, version: int | None = 1, by: str = "county.head", **given: Any) -> Any:
    command = PublishCommand(**{"document_number": "演发〔2026〕8号", **given})
    return hand(by).do(lambda d: publishing.publish(d, NEXT, version, command))


def province(*swaps: tuple[str, str]) -> dict[str, str]:
    files = next_year(
        ('jurisdiction = "990102"', 'jurisdiction = "990000"'),
        ('level = "county"', 'level = "province"\nfixture = true'),
        *swaps, day="2026-03-02", id="demo-province",
    )  # fmt: skip
    return {name: text for name, text in files.items() if not name.startswith("cases/")}


def as_fixture(files: dict[str, str]) -> dict[str, str]:
    marked = files["pack.toml"].replace("fictional = true", "fictional = true\nfixture = true", 1)
    return files | {"pack.toml": marked}
