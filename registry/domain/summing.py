"""合并核对 one line that pays several vouchers, or several that pay one: only where the amounts sum,
and nothing else could be meant on either side (E14)."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar


class Weighed(NamedTuple):
    """What stands under some keys, with its amount, 分, and its day."""

    keys: tuple[Hashable, ...]
    fen: int
    on: date | None


S = TypeVar("S", str, int)
M = TypeVar("M", str, int)
Sets = dict[int, set[tuple[M, ...]]]
"""Amount, 分 → every set of two or more that comes to it, each in its own order."""


def summed(
    singles: Mapping[S, Weighed], several: Mapping[M, Weighed], *, by_day: bool
) -> list[tuple[S, tuple[M, ...]]]:
    """Each single whose amount just one set of the others comes to, where no other single could be
    meant by the whole or by a part of it.

    No number of days, and no search among all subsets: a set is everything that waits under the
    keys, or everything of one day among it.

    Args:
        by_day: only what is of one day is taken together.
    """
    there, rivals = _turned(several), _amounts(singles)
    known: dict[tuple[Hashable, ...], Sets[M]] = {}
    found: list[tuple[S, tuple[M, ...]]] = []
    taken: Counter[M] = Counter()
    for id, one in singles.items():
        if one.keys not in known:
            every = dict.fromkeys(m for key in one.keys for m in there.get(key, ()))
            known[one.keys] = _sets(every, several, by_day)
        sets = known[one.keys].get(one.fen, set())
        if len(sets) != 1:
            continue
        (members,) = sets
        if _clear(one, [several[m] for m in members], rivals):
            found.append((id, members))
            taken.update(members)
    return [(id, members) for id, members in found if all(taken[m] == 1 for m in members)]


def _sets(every: Iterable[M], several: Mapping[M, Weighed], by_day: bool) -> Sets[M]:
    days: dict[date | None, list[M]] = {}
    for member in every:
        days.setdefault(several[member].on, []).append(member)
    some = [tuple(day) for day in days.values()]
    if not by_day and len(days) > 1:
        some.append(tuple(every))
    found: Sets[M] = {}
    for members in some:
        if len(members) > 1:
            found.setdefault(sum(several[m].fen for m in members), set()).add(members)
    return found


def _clear(one: Weighed, parts: Sequence[Weighed], rivals: Mapping[Hashable, Counter[int]]) -> bool:
    """Whether no other single could be meant by the whole, and none by a part of it."""
    if any(rivals[key][one.fen] > 1 for key in one.keys):
        return False
    return not any(rivals[key][p.fen] for p in parts for key in p.keys if key in rivals)


def _turned(several: Mapping[M, Weighed]) -> dict[Hashable, list[M]]:
    found: dict[Hashable, list[M]] = {}
    for id, one in several.items():
        for key in one.keys:
            found.setdefault(key, []).append(id)
    return found


def _amounts(singles: Mapping[S, Weighed]) -> dict[Hashable, Counter[int]]:
    """Key → how many singles of each amount stand under it."""
    found: dict[Hashable, Counter[int]] = {}
    for one in singles.values():
        for key in one.keys:
            found.setdefault(key, Counter())[one.fen] += 1
    return found
