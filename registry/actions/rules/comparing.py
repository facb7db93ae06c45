"""比对 what one pack, or one text of a list, changes against another, for who may read them."""

from registry.actions.office import HIDDEN, Office
from registry.actions.reading import one
from registry.domain.catalogue import MatterList
from registry.domain.edition import EditionState, ListEdition
from registry.domain.errors import Refusal
from registry.domain.pack import PackState, PublishedPack, standing
from registry.domain.people import Actor
from registry.domain.records import Wire, civil
from registry.policies.drafting.diff import Change, diff
from registry.policies.drafting.diff_text import diff_text
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


class ListChanges(Wire, frozen=True, kw_only=True):
    """清单变动."""

    id: str
    list_id: str
    against: str | None = None
    """The edition it is compared with; absent: the text that it replaces, or would."""
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


def compare_texts(
    office: Office, actor: Actor, id: str, *, against: str | None = None, county: str | None = None
) -> ListChanges:
    """What one text of a list changes.

    Args:
        against: id of another edition of the same list; absent: the text that stood until its first
            day, before that day the list as it is.

    Raises:
        Refusal: ``access.hidden``.
    """
    after = one(office, actor, ListEdition, id, county=county)
    before = _replaced(office, after)
    if against is not None:
        other = one(office, actor, ListEdition, against, county=county)
        if other.list_id != after.list_id:
            raise Refusal(HIDDEN)
        before = other.matters
    changes = diff_text(before, after.matters)
    return ListChanges(id=id, list_id=after.list_id, against=against, changes=changes)


def _replaced(office: Office, held: ListEdition) -> MatterList | None:
    if held.state in (EditionState.IN_FORCE, EditionState.SUPERSEDED):
        return held.replaces
    return office.store.reader.get(MatterList, held.county, held.list_id)
