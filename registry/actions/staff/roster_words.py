"""花名册用词 the Chinese words that columns of a sheet take, which stand in its template too."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from registry.actions.staff.staffing import MACHINE
from registry.domain.vocabulary import CommunityType, Custody, Level, OrganisationKind
from registry.policies import roles
from registry.policies.dictionary import code_zh

_CODED: dict[str, type[StrEnum]] = {
    "kind": OrganisationKind, "level": Level, "custody": Custody, "community_type": CommunityType,
}  # fmt: skip


def taken(columns: Sequence[str], known: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """By column: a word in Chinese → what it is on record.

    Args:
        known: roles beside those that have a name; such a one is called by its own word.
    """
    found = {one: {code_zh(w): w.value for w in _CODED[one]} for one in columns if one in _CODED}
    if "role" in columns:
        named = {role: zh for role, (zh, _) in roles.named().items()}
        every = sorted({*named, *known} - MACHINE)
        found["role"] = {named.get(role, role): role for role in every}
    return found
