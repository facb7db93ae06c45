"""清单命中 which list items a filing meets, and what that makes of it: listed, statutory, barred."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.filing import Filing
from registry.domain.matching import Match, MatchIndex
from registry.domain.records import Wire
from registry.domain.vocabulary import Kind, Polarity, Receiver, Role

PERMITTING = frozenset({Polarity.ASSIST, Polarity.SELF_GOVERNANCE, Polarity.PERMITTED})
_PROHIBITING = frozenset(
    {Polarity.BARRED, Polarity.OWN_DUTY, Polarity.NEGATIVE, Polarity.CANCELLED}
)


class Found(Wire, frozen=True, kw_only=True):
    """清单命中: one list item met by the text, still in force."""

    list: MatterList
    item: ListItem
    how: str


class Lists:
    """清单索引: the lists of one overlay, matched together."""

    def __init__(self, lists: Iterable[MatterList], index: MatchIndex) -> None:
        self.lists = {one.id: one for one in lists}
        self.items = {(one.id, item.id): item for one in self.lists.values() for item in one.items}
        self.index = index

    def meet(self, filing: Filing, on: date, paths: Collection[str] = ()) -> list[Found]:
        """Items of lists in force that the title or text meets and whose grade is on.

        Args:
            paths: of the targets; a list of one area is met only where a target lies in it or
                spans it.
        """
        found = []
        for match in self.index.find(filing.title, filing.text, filing.kind, on):
            made = self._standing(match, filing, on)
            if made is not None and _here(made.list.area, paths):
                found.append(made)
        return found

    def _standing(self, match: Match, filing: Filing, on: date) -> Found | None:
        one, item = self.lists[match.list_id], self.items[match.list_id, match.item_id]
        if filing.kind not in one.kinds and one.polarity not in _PROHIBITING:
            return None
        if not (one.in_force(on) and item.in_force(on)):
            return None
        claimed = filing.list_item_id == item.id and match.where == "title"
        how = "exact" if match.how == "exact" or claimed else "near"
        return Found(list=one, item=item, how=how if item.on and not one.advisory else "near")

    def unread(self, filing: Filing, receiver: Receiver, on: date) -> list[MatterList]:
        """Count-only lists of this kind and receiver: their items were never read."""
        return [one for one in self._owed(filing, receiver, on) if not one.items_read]

    def count(self, filing: Filing, receiver: Receiver, on: date) -> int:
        """项数 how many matters of this kind local lists hold for such a receiver and community;
        statutory duties are counted by their own list and not here."""
        return sum(
            one.count_stated or len(one.items)
            for one in self._owed(filing, receiver, on) if not one.statutory
        )  # fmt: skip

    def _owed(self, filing: Filing, receiver: Receiver, on: date) -> list[MatterList]:
        """Permitting lists in force of this kind, receiver and community type."""
        return [
            one for one in self.lists.values()
            if one.polarity in PERMITTING and filing.kind in one.kinds
            and one.in_force(on) and (not one.receivers or receiver in one.receivers)
            and one.community_type in (None, filing.community_type)
        ]  # fmt: skip


def informing(found: list[Found]) -> list[str]:
    """Items that are told and decide nothing: like ones, and the help that a 指导 list offers."""
    told = (f for f in found if f.how == "near" or f.list.polarity is Polarity.GUIDANCE)
    return list(dict.fromkeys(f"{f.item.id} {f.item.title}" for f in told))


def grounds_met(found: list[Found], kind: Kind) -> dict[str, tuple[str, list[str]]]:
    """Grounds of refusal the text met: ground → (exact or near, the items behind it)."""
    # A filing for a certificate has a column of its own; one hidden in another matter is R5.
    own = {Polarity.NEGATIVE} if kind is Kind.CERTIFICATE else set()
    prohibiting = _PROHIBITING - own
    grounds: dict[str, tuple[str, list[str]]] = {}
    for one in found:
        ground = one.item.ground
        if ground and one.list.polarity in prohibiting:
            how, names = grounds.get(ground, ("near", []))
            names.append(f"{one.item.id} {one.item.title}")
            grounds[ground] = ("exact" if "exact" in (how, one.how) else "near", names)
    return grounds


def joined(
    met: Mapping[str, tuple[str, list[str]]], told: Mapping[str, tuple[str, list[str]]]
) -> dict[str, tuple[str, list[str]]]:
    """Grounds the text met and grounds the register tells, the surer word of two kept."""
    both = dict(met)
    for ground, (how, names) in told.items():
        before, items = both.get(ground, ("near", []))
        both[ground] = ("exact" if "exact" in (how, before) else "near", [*items, *names])
    return both


def _here(area: str, paths: Collection[str]) -> bool:
    return not area or any(p.startswith(area) or area.startswith(p) for p in paths)


def _fits(one: Found, filing: Filing, receiver: Receiver) -> bool:
    receivers = one.item.receivers or one.list.receivers
    return (not receivers or receiver in receivers) and (
        one.list.community_type in (None, filing.community_type)
    )


def standing_of(found: list[Found], filing: Filing, receiver: Receiver) -> tuple[str, list[Found]]:
    """Standing on the permitting lists for one receiver, and the items behind it."""
    on = [f for f in found if f.list.polarity in PERMITTING and not f.list.statutory]
    exact = [f for f in on if f.how == "exact"]
    here = [f for f in exact if _fits(f, filing, receiver)]
    if here:
        role = [f for f in here if f.item.role in (None, filing.role)]
        assisted = filing.role is Role.LEAD and not role
        return ("other_role" if assisted else "listed"), role or here
    if exact:
        return "other_receiver", exact
    return ("near", on) if on else ("off", [])


def statutory_of(found: list[Found], filing: Filing, receiver: Receiver) -> tuple[str, list[Found]]:
    """Whether a statute itself lays it on this receiver, and the items behind it."""
    on = [
        f for f in found
        if f.list.statutory and f.list.polarity in PERMITTING and _fits(f, filing, receiver)
    ]  # fmt: skip
    exact = [f for f in on if f.how == "exact"]
    return ("yes", exact) if exact else ("near", on) if on else ("no", [])


def certificate(filing: Filing, found: list[Found]) -> str:
    """证明事项 against the negative, retained and discretionary lists."""
    if filing.kind is not Kind.CERTIFICATE:
        return "none"
    exact = {f.list.polarity for f in found if f.how == "exact"}
    retained = exact & PERMITTING
    if Polarity.NEGATIVE in exact:
        return "conflict" if retained else "negative"
    if retained:
        return "retained"
    if any(f.list.polarity is Polarity.NEGATIVE for f in found):
        return "negative_near"
    return "discretionary" if Polarity.DISCRETIONARY in exact else "off"
