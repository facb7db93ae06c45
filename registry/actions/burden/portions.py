"""逐页 the matters of one community, a portion at a time: however many there are, what a page reads
of them is bounded. In the order of ids, which is none of merit (P9).

A portion also says where it begins and ends among all ids, so that what else is read by the matter
(its money) is read once, by one portion.
"""

from typing import Annotated

import msgspec

from registry.actions.burden.reads import Read
from registry.actions.office import Office
from registry.actions.owing.arrears import SEPARATOR, Arrear, MoneyQuery, arrears
from registry.actions.reading import ListQuery
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store.counting import THERE

MOST = 1 << 6
"""Matters of one portion: most communities have fewer, and all on one page."""
_PAGE, _FURTHER = 1 << 8, 1 << 4
"""Rows of money asked for at once: of all, and of the rest of a portion."""


class Sought(Wire, frozen=True, kw_only=True):
    """要哪一部分: what the address says."""

    text: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """A word of its title."""
    after: Annotated[str, msgspec.Meta(max_length=400)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=512)] | None = None


class Portion(Wire, frozen=True, kw_only=True):
    """一部分."""

    matters: list[Presence]
    many: int
    """How many there are in the community; of words, how many this portion holds."""
    first: bool
    begins: str = ""
    """The first id of the next thing that is this portion's; empty = all before are."""
    ends: str | None = None
    """The first id that is the next portion's; ``None`` = all that come are this one's."""
    next: str | None = None
    """The ``after`` of the following portion."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.first and self.next is None

    def holds(self, id: str) -> bool:
        """Whether what is known by an id is told by this portion."""
        return self.begins <= id and (self.ends is None or id < self.ends)


def portion_of(read: Read, area: Area, sought: Sought) -> Portion:
    """One portion of what is in a community, as the reader's own list shows it.

    Raises:
        Refusal: ``query.text``, ``query.cursor``.
    """
    here = {"area_id": area.id, "state": THERE}
    query = ListQuery(limit=sought.limit or MOST, equals=here, text=sought.text, after=sought.after)
    told = read.part(Presence, query)
    ids = [one.id for one in told.items]
    following = msgspec.structs.replace(query, after=told.next, limit=1)
    next_one = read.part(Presence, following).items if told.next and not sought.text else []
    return Portion(
        matters=told.items, next=told.next, first=sought.after is None,
        many=len(ids) if sought.text else read.many(Presence, here),
        begins=ids[0] if sought.after and ids else "", ends=next_one[0].id if next_one else None,
    )  # fmt: skip


def money_rows(
    office: Office, actor: Actor, of: tuple[Area, str], portion: Portion | None
) -> list[Arrear] | None:
    """Every row of money in a community, or of a portion; ``None`` where the reader sees none.

    Args:
        of: the community, and the code of its county.
    """
    found: list[Arrear] = []
    begins, ends = (portion.begins, portion.ends) if portion else ("", None)
    # What comes after all but an id's last letter: that id itself, and few before it.
    after = f"{of[0].code}{SEPARATOR}{begins[:-1]}" if begins else None
    limit = len(portion.matters) if portion and ends else _PAGE
    while True:
        query = MoneyQuery(county=of[1], area=of[0].id, after=after, limit=limit)
        try:
            told = arrears(office, actor, query)
        except Refusal:
            return None
        found += [row for row in told.items if portion is None or portion.holds(row.presence_id)]
        after = told.next
        if after is None or (ends is not None and after.partition(SEPARATOR)[2] >= ends):
            return found
        limit = limit if ends is None else _FURTHER
