"""单位与人员 organisations, people, and the posts that join them, each with its dates.

A person acts through posts only (P23, P37): one person may hold two posts, and separation of
duties is always judged by the person, never by the post or the account.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.domain.records import Ident, Line, Record, Wire
from registry.domain.vocabulary import Custody, Level, OrganisationKind

RoleName = Annotated[
    str, msgspec.Meta(max_length=60, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
]
"""岗位: ``family.rank``, or one word, as the access tables name it."""
Username = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[a-z0-9][a-z0-9._\-]*$")]
CountyCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]
Telephone = Annotated[str, msgspec.Meta(max_length=30, pattern=r"^[0-9+()\- ]{5,30}$")]
FunctionName = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
"""职能: what a pack's bodies ask for, e.g. who manages admission."""


class Organisation(Record, frozen=True, kw_only=True):
    """单位: any body that asks, decides, pays, receives or watches.

    A renaming, merger or split (P15) is a new version or a successor with its own dates; old
    papers keep the name of their day.
    """

    name: Line
    kind: OrganisationKind
    level: Level
    area_id: Ident
    functions: list[FunctionName] = []
    parent_id: Ident | None = None
    uscc: str | None = None
    """统一社会信用代码, GB 32100-2015; an attribute, never a key."""
    custody: Custody | None = None
    """Of a community: who holds its money, from this version's ``valid_from`` on (P5)."""
    telephone: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.uscc is not None and not is_uscc(self.uscc):
            raise ValueError("uscc: the check character does not fit")

    def in_force(self, on: date) -> bool:
        """Whether the organisation exists on that day (both ends inclusive)."""
        return _within(self.valid_from, self.valid_to, on)


class Person(Record, frozen=True, kw_only=True):
    """人员: who signs in. Powers come from posts, never from the account."""

    name: Line
    username: Username
    password_hash: str
    active: bool = True
    must_change: bool = False
    """The password was given by another and works for nothing but changing it."""
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the account may be used on that day (both ends inclusive)."""
        return self.active and _within(self.valid_from, self.valid_to, on)


class Post(Record, frozen=True, kw_only=True):
    """任职: one person in one role of one organisation for one area, from a day to a day (P23)."""

    person_id: Ident
    organisation_id: Ident
    area_id: Ident
    role: RoleName
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the post is held on that day (both ends inclusive)."""
        return _within(self.valid_from, self.valid_to, on)


class PostView(Wire, frozen=True, kw_only=True):
    """在任岗位: a post as an act sees it, with what access has to know of its organisation."""

    role: RoleName
    organisation_id: Ident
    organisation_kind: OrganisationKind
    area_id: Ident
    area_path: str
    level: Level
    formerly: list[Ident] = []
    """承继: bodies that this one took over; what they had may be read, and acted on where nobody
    else took it (P15)."""
    formerly_paths: list[str] = []
    """Paths under which ground of this place lay before."""
    post_id: Ident | None = None
    """The record it comes from; absent = a post of the registry's own machine."""
    on_behalf_of: Ident | None = None
    """委托人: whose post it is, where it is held by a delegation or as 角B."""
    delegation_id: Ident | None = None
    acts: list[str] | None = None
    """Of a post held for another: the acts that were named; absent = all that the role may do."""

    def reach(self) -> list[tuple[str, str]]:
        """Each (organisation, path) under which the post may read: its own, and what came to it."""
        came = [(body, "") for body in self.formerly] + [("", p) for p in self.formerly_paths]
        return [(self.organisation_id, self.area_path), *came]

    def serves(self, act: str) -> bool:
        """Whether the post may be used for an act at all: what is held for another serves for the
        acts that were named, and for reading what they are about."""
        return self.acts is None or act in self.acts or (act.endswith(READS) and bool(self.acts))


READS = ".read"
"""How the acts end that change nothing."""


class Actor(Wire, frozen=True, kw_only=True):
    """办理人: who is acting now, with the posts in force today."""

    person_id: Ident
    name: Line
    county: CountyCode
    """The partition the person belongs to; a city's people belong to the city's code."""
    posts: list[PostView] = []
    must_change: bool = False
    """The first password was not changed yet."""
    cli: bool = False
    """Acting from the command line; access asks the same tables."""


def _within(first: date | None, last: date | None, on: date) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)


_USCC_LENGTH = 18
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of GB 32100-2015 in order of value; I, O, S, V and Z are left out."""


def uscc_check(body: str) -> str:
    """校验码: the 18th character for the first 17 of a code.

    The remainder is taken once more after the subtraction: where the weighted sum divides
    evenly, the answer is '0', which much published code gets wrong.
    """
    modulus = len(_USCC)
    total = sum(_USCC.index(c) * pow(3, i, modulus) for i, c in enumerate(body))
    return _USCC[(modulus - total % modulus) % modulus]


def is_uscc(code: str) -> bool:
    """Whether ``code`` is 18 characters of the right set and its check character fits."""
    if len(code) != _USCC_LENGTH or any(c not in _USCC for c in code):
        return False
    return uscc_check(code[:-1]) == code[-1]
