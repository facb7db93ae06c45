"""清单检查 lists that a pack names: are they there, and does one forbid what another permits."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.vocabulary import Polarity
from registry.policies.drafting import marks
from registry.policies.drafting.problems import Problem, problem
from registry.policies.pack import Pack
from registry.policies.standing import PERMITTING

_FORBIDDING = frozenset({Polarity.BARRED, Polarity.OWN_DUTY, Polarity.NEGATIVE})


class Claim(NamedTuple):
    """清单主张: one item of one list."""

    list: MatterList
    item: ListItem

    @property
    def span(self) -> tuple[date, date]:
        """First and last day on which the item stands."""
        starts = [d for d in (self.list.valid_from, self.item.valid_from) if d]
        ends = [d for d in (self.list.valid_to, self.item.valid_to) if d]
        return max(starts, default=date.min), min(ends, default=date.max)

    def meets(self, other: "Claim") -> bool:
        """Whether both speak of one kind, receiver, community type and day."""
        mine, theirs = self.item.receivers or self.list.receivers, (
            other.item.receivers or other.list.receivers
        )  # fmt: skip
        types = {self.list.community_type, other.list.community_type} - {None}
        return (
            bool(set(self.list.kinds) & set(other.list.kinds))
            and (not mine or not theirs or bool(set(mine) & set(theirs)))
            and len(types) <= 1
            and self.span[0] <= other.span[1]
            and other.span[0] <= self.span[1]
        )


def check_lists(
    pack: Pack, text: str, above: list[Pack], lists: Sequence[MatterList]
) -> Iterator[Problem]:
    """Lists that are not there, and titles that are permitted here and forbidden there."""
    by_id = {one.id: one for one in lists}
    place = marks.key(text, "lists")
    own = pack.document.pack.lists
    for name in own:
        if name not in by_id:
            yield problem("list.missing", place, other=name)
    named = [*own, *(n for p in above for n in p.document.pack.lists)]
    claims = [
        Claim(by_id[name], item)
        for name in dict.fromkeys(named)
        if name in by_id and not by_id[name].advisory
        for item in by_id[name].items
        if item.on
    ]
    for one, other, title in disputes(claims):
        ours = [one.list.id in own, other.list.id in own]
        settled = not all(ours) or one.list.statutory or other.list.statutory
        if any(ours):
            yield problem("list.disputed" if settled else "list.opposed", place, title=title,
                          one=one.list.id, other=other.list.id)  # fmt: skip


def disputes(claims: list[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """(permitting, prohibiting, title) for titles that both print."""
    forbidden: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.list.polarity in _FORBIDDING:
            for title in (claim.item.title, *claim.item.aliases):
                forbidden.setdefault(title, []).append(claim)
    for claim in claims:
        if claim.list.polarity in PERMITTING:
            for title in (claim.item.title, *claim.item.aliases):
                for other in forbidden.get(title, ()):
                    if claim.meets(other):
                        yield claim, other, title
