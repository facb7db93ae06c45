"""疑点登记 the one way in which a finding is opened, brought up to date, opened again and closed.

The same thing seen twice is one finding: its id says what it is about, and who sees it again with
the same facts writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from registry.actions.office import Desk
from registry.domain.audit import Finding
from registry.domain.doubts import Doubt


class Seen(NamedTuple):
    """所见: what a finding says of one object today."""

    doubt: Doubt
    id: str
    """Of the finding: the same for the same thing seen again."""
    about: str
    """Id of the object."""
    asked: str | None = None
    """被问单位."""
    path: str | None = None
    """Path of the area in which it lies; ``None`` = of no area, or none that may be told."""
    facts: Mapping[str, Any] = {}
    evidence: Mapping[str, Sequence[str]] = {}
    """佐证: ids by resource."""
    kind: str = ""
    """Kind of the object, where the doubt is about several kinds."""

    @property
    def told(self) -> dict[str, Any]:
        """The facts as the finding keeps them.

        Raises:
            ValueError: the catalogue does not say that this kind of finding tells such a thing.
        """
        unknown = {*self.facts} - {*self.doubt.facts} | {*self.evidence} - {*self.doubt.evidence}
        if unknown:
            raise ValueError(f"{self.doubt.code} does not tell {sorted(unknown)}")
        rows = {name: list(ids) for name, ids in self.evidence.items() if ids}
        facts: dict[str, Any] = msgspec.to_builtins({**self.facts})
        return facts | ({"evidence": rows} if rows else {})


def differs(held: Finding | None, seen: Seen) -> bool:
    """Whether what stands does not tell what was seen now."""
    return held is None or held.closed_on is not None or held.facts != seen.told


def drawn(desk: Desk, seen: Seen) -> Finding | None:
    """The version to be written; ``None`` where what stands says it already."""
    held = desk.unit.maybe(Finding, seen.id, lock=True)
    return _version(desk, seen, held) if differs(held, seen) else None


def _version(desk: Desk, seen: Seen, held: Finding | None) -> Finding:
    facts, doubt = seen.told, seen.doubt
    since = desk.today if held is None or held.closed_on is not None else held.opened_on
    return Finding(
        county=desk.unit.county, id=seen.id, version=1 if held is None else held.version + 1,
        code=doubt.code, name=doubt.name,
        object_kind=seen.kind or doubt.about[0], object_id=seen.about,
        organisation_id=seen.asked, area_path=seen.path, opened_on=since,
        detail=doubt.zh.format_map(facts), detail_en=doubt.en.format_map(facts), law=doubt.law,
        facts=facts,
    )  # fmt: skip


def tell(desk: Desk, seen: Seen) -> Finding:
    """Open what was seen as a finding, once; one that says something else is brought up to date,
    one that was closed is opened again."""
    held = desk.unit.maybe(Finding, seen.id, lock=True)
    if held is None:
        return desk.unit.add(_version(desk, seen, None))
    if not differs(held, seen):
        return held
    fresh = _version(desk, seen, held)
    taken_up = held.project_id is not None
    fields = {n: getattr(fresh, n) for n in _TOLD if not (taken_up and n == "organisation_id")}
    return desk.unit.change(held, **fields)


_TOLD = [
    n for n in Finding.__struct_fields__
    if n not in ("county", "id", "version", "stage", "project_id", "due_on")
]  # fmt: skip
"""What seeing it again says anew: what people have made of it stands."""


def close(desk: Desk, id: str) -> Finding | None:
    """销: it holds no longer; ``None`` where nothing stood open under this id."""
    held = desk.unit.maybe(Finding, id, lock=True)
    if held is None or held.closed_on is not None:
        return None
    return desk.unit.change(held, closed_on=desk.today)


def set_right(desk: Desk, seen: Iterable[Seen], ids: Iterable[str] = ()) -> list[str]:
    """Bring findings to what was seen: open these, close those of the ids that were not seen; ids
    of the findings that changed."""
    found = {one.id: one for one in seen}
    changed = []
    for id in sorted({*ids, *found}):
        one = found.get(id)
        if one is None:
            done = close(desk, id)
        else:
            done = tell(desk, one) if differs(desk.unit.maybe(Finding, id), one) else None
        if done is not None:
            changed.append(done.id)
    return changed


def open_of(desk: Desk, code: str | Sequence[str], **equals: Any) -> list[Finding]:
    """Findings of a kind that stand open."""
    codes = code if isinstance(code, str) else list(code)
    return desk.unit.find(Finding, code=codes, closed_on=None, **equals)
