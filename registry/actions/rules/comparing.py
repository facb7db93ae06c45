"""规则包比对 what one pack changes against another, as anybody may read who may read packs."""

from registry.actions.office import Office
from registry.actions.reading import one
from registry.domain.pack import PackState, PublishedPack, standing
from registry.domain.people import Actor
from registry.domain.records import Wire, civil
from registry.policies.drafting.diff import Change, diff
from registry.policies.loader import load_pack


class PackFiles(Wire, frozen=True, kw_only=True):
    """规则包文件: the exact bytes, as published or proposed."""

    id: str
    version: int
    digest: str
    files: dict[str, str]


class PackChanges(Wire, frozen=True, kw_only=True):
    """规则包变动."""

    id: str
    against: str | None = None
    """The pack it is compared with; absent where there is none before it."""
    changes: list[Change]


def files_of(office: Office, actor: Actor, id: str, county: str | None = None) -> PackFiles:
    """The files of a pack.

    Raises:
        Refusal: ``access.hidden``.
    """
    held = one(office, actor, PublishedPack, id, county=county)
    return PackFiles(id=held.id, version=held.version, digest=held.digest, files=held.files)


def compare(
    office: Office, actor: Actor, id: str, *, against: str | None = None, county: str | None = None
) -> PackChanges:
    """What a pack changes.

    Args:
        against: id of another pack; absent: the one of its jurisdiction that governs today.

    Raises:
        Refusal: ``access.hidden``.
    """
    after = one(office, actor, PublishedPack, id, county=county)
    before = (
        one(office, actor, PublishedPack, against, county=county)
        if against is not None
        else governing(office, after.county, after.id)
    )
    lists = {held.id: held for held in office.rulebooks.lists(after.county)}
    changes = diff(
        load_pack(before.files) if before else None, load_pack(after.files), (lists, lists)
    )
    return PackChanges(id=id, against=before.id if before else None, changes=changes)


def governing(office: Office, county: str, besides: str) -> PublishedPack | None:
    """The pack of a jurisdiction that governs today, another than the one named."""
    others = [
        p for p in office.store.reader.find(PublishedPack, county)
        if p.id != besides and p.state is not PackState.PROPOSED
    ]  # fmt: skip
    return standing(others, civil(office.clock()))
