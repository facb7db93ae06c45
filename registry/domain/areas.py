"""行政区划 areas: the tree from province to community, and who stands where in it.

An area keeps its own id for life; the 12-digit statistical code is an attribute that may change
with a merger or a renaming, so nothing may be keyed by it.
"""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.records import Ident, Line, Record
from registry.domain.vocabulary import CommunityType

AreaCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}$")]
"""统计用区划代码: 6 + 3 + 3 digits; upper levels are filled with zeros."""
_CODE = re.compile(r"[0-9]{12}", re.ASCII)
_PATH = re.compile(r"(/[0-9A-Za-z._:\-]+)+/")


class AreaLevel(StrEnum):
    """区划层级."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"


class AreaKind(StrEnum):
    """区划类别: a town is not a street, a village is not a residents' committee (P7)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    OTHER_STREET = "other_street"
    RESIDENTS_COMMITTEE = "residents_committee"
    VILLAGE_COMMITTEE = "village_committee"
    OTHER_COMMITTEE = "other_committee"


class Relation(StrEnum):
    """辖区关系 of a post to an object: the only thing the access tables learn about place."""

    OWN = "own"
    BELOW = "below"
    OTHER = "other"
    PROJECT = "project"
    """凭项目: within an open 审计项目 or 调阅函 in which the person takes part."""


class Area(Record, frozen=True, kw_only=True):
    """行政区划(含社区、村): one place in one version; renamed, merged, split by new versions."""

    code: AreaCode
    name: Line
    level: AreaLevel
    kind: AreaKind
    parent_id: Ident | None = None
    path: str
    """Ids from the top of the tree down to this area, ``/<county id>/<street id>/<own id>/``;
    ids of the city and the province stand before the county's where those are on record."""
    community_type: CommunityType | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path) or not self.path.endswith(f"/{self.id}/"):
            raise ValueError("path must be ids between slashes and end with the area's own id")

    def in_force(self, on: date) -> bool:
        """Whether the area exists on that day (both ends inclusive)."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


def level_of(code: str) -> AreaLevel:
    """层级 read from where the zeros of a 6-, 9- or 12-digit code begin."""
    full = full_code(code)
    if full[9:] != "000":
        return AreaLevel.COMMUNITY
    if full[6:9] != "000":
        return AreaLevel.STREET
    if full[4:6] != "00":
        return AreaLevel.COUNTY
    return AreaLevel.CITY if full[2:4] != "00" else AreaLevel.PROVINCE


def full_code(code: str) -> str:
    """The 12-digit form of a 6-, 9- or 12-digit code; anything else is a ValueError."""
    full = code.ljust(12, "0") if len(code) in (6, 9, 12) else code
    if not _CODE.fullmatch(full) or (full[6:9] == "000" and full[9:] != "000"):
        raise ValueError(f"not an area code: {code}")
    return full


_Ranges = tuple[tuple[int, int, AreaKind], ...]
_STREET_RANGES: _Ranges = (
    (1, 99, AreaKind.STREET),
    (100, 199, AreaKind.TOWN),
    (200, 399, AreaKind.TOWNSHIP),
)
"""Digits 7–9 (GB/T 10114-2003 as read in C9); 400–599 only say "like a township"."""
_STREET_ENDINGS = (
    ("街道", AreaKind.STREET),
    ("街道办事处", AreaKind.STREET),
    ("镇", AreaKind.TOWN),
    ("乡", AreaKind.TOWNSHIP),
)
_COMMITTEE_RANGES: _Ranges = (
    (1, 199, AreaKind.RESIDENTS_COMMITTEE),
    (200, 399, AreaKind.VILLAGE_COMMITTEE),
)
"""Digits 10–12; 400–599 only say "like a committee" (498 and 598 are not even inhabited ones)."""
_COMMITTEE_ENDINGS = (
    ("居民委员会", AreaKind.RESIDENTS_COMMITTEE),
    ("居委会", AreaKind.RESIDENTS_COMMITTEE),
    ("村民委员会", AreaKind.VILLAGE_COMMITTEE),
    ("村委会", AreaKind.VILLAGE_COMMITTEE),
)
_SIMILAR = range(400, 600)
_LEAST = 2
"""Letters a place's bare name has at least; one alone would be found in any sentence."""


def called(name: str) -> tuple[str, ...]:
    """称呼: the name of a community as it stands, and as people write it: 甲社区, 甲社区居委会, 乙村."""
    for ending, kind in _COMMITTEE_ENDINGS:
        stem = name.removesuffix(ending)
        if stem == name or len(stem) < _LEAST:
            continue
        if kind is AreaKind.RESIDENTS_COMMITTEE:
            return (name, stem, *(stem + e for e, k in _COMMITTEE_ENDINGS if k is kind))
        bare = stem.removesuffix("村")
        full = (f"{bare}{v}{e}" for v in ("", "村") for e, k in _COMMITTEE_ENDINGS if k is kind)
        return (name, f"{bare}村", *full)
    return (name,)


def kind_of(code: str, name: str) -> AreaKind:
    """类别 from the code; the name's ending decides where the code does not say (P7).

    Raises ValueError where neither says: a person has to look.
    """
    full, level = full_code(code), level_of(code)
    if level is AreaLevel.STREET:
        number, other = int(full[6:9]), AreaKind.OTHER_STREET
        ranges, endings = _STREET_RANGES, _STREET_ENDINGS
    elif level is AreaLevel.COMMUNITY:
        number, other = int(full[9:]), AreaKind.OTHER_COMMITTEE
        ranges, endings = _COMMITTEE_RANGES, _COMMITTEE_ENDINGS
    else:
        return AreaKind(level.value)
    for first, last, kind in ranges:
        if first <= number <= last:
            return kind
    for ending, kind in endings:
        if name.endswith(ending):
            return kind
    if number in _SIMILAR:
        return other
    raise ValueError(f"neither code nor name tells the kind: {code} {name}")


def covers(outer: Area, inner: Area) -> bool:
    """辖区包含: whether ``inner`` is ``outer`` or lies below it."""
    return inner.path.startswith(outer.path)


def relation(
    post_org: str,
    post_path: str,
    owners: Collection[str],
    paths: Collection[str],
    *,
    upward: bool = True,
) -> Relation:
    """辖区关系 of a post (its organisation and the path of its area) to an object.

    ``owners`` are the organisations the object belongs to, ``paths`` the areas it touches. An
    object aimed at a whole county also concerns each community in it, so it reads as ``below``
    from there; acts that change such an object pass ``upward=False`` and see ``other``.
    """
    if post_org and post_org in owners:
        return Relation.OWN
    if not post_path.strip("/"):
        return Relation.OTHER  # a post without a place must not match every place
    for path in paths:
        if path.startswith(post_path):
            return Relation.BELOW
        if upward and path.strip("/") and post_path.startswith(path):
            return Relation.BELOW
    return Relation.OTHER
