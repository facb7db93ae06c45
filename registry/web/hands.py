"""办理人 what may be done from the page of a community, by one's own post or, for a street, by
telephone: with each of its matters, and without one."""

from typing import NamedTuple

from registry.actions.beginning import ACT as START
from registry.actions.beginning import Lack, lacking
from registry.actions.burden.at_the_door import DoorMatter
from registry.actions.ledger import books
from registry.actions.telephoning.checking import CallPage
from registry.actions.telephoning.taking import offered
from registry.api.acting import Act
from registry.domain.presence import Presence
from registry.web.offers import BY_NAME, MOVES
from registry.web.shell import may
from registry.web.telephone import takes
from registry.web.visit import Visit

PATH = "/community"
OF_PRESENCE = ("presence.start", "presence.resume", "presence.complete", "presence.refuse",
               "presence.report", "objection.raise", "reservation.make",
               "presence.suspend")  # fmt: skip
"""What a community does with a matter, in the order in which it is offered."""
ANEW = ("declining.issue", "unregistered.note", "board.record", "certificate_demand.record",
        "complaint.register")  # fmt: skip
"""What it begins without a matter."""
NAMES = "presence_id"
ARRIVES = "voucher.community_arrival"


class Matter(NamedTuple):
    """一件事项: what is told of it, and what may be done."""

    told: DoorMatter
    acts: list[tuple[Act, str]]
    """With the address of each form."""
    arrival: str
    """Where the arrival of its money is entered; empty = not by whoever looks."""
    lacks: tuple[Lack, ...]
    """What stands against its start; nothing = it may begin, has begun, or another begins it."""


class Hands:
    """办理人: what may be done from the page, by one's own post or, for a street, by telephone."""

    def __init__(self, visit: Visit, calls: CallPage) -> None:
        self.visit, self.actor = visit, visit.actor()
        self.own = any(post.area_id == visit.id for post in self.actor.posts)
        self.callers = [] if self.own or not takes(visit) else calls.callers
        self._roles = sorted({role for one in self.callers for role in one.roles})
        self._body = calls.organisation_id
        self._may: dict[str, bool] = {}

    def may(self, name: str) -> bool:
        """Whether the person may, or whoever of the community telephones."""
        if name not in self._may:
            self._may[name] = self._asked(name)
        return self._may[name]

    def _asked(self, name: str) -> bool:
        if not self._roles:
            return may(self.visit.office, self.actor, name)
        access = self.visit.office.access
        return offered(name) and any(access.relations(role, name) for role in self._roles)

    def to(self, name: str, named: str = "") -> str:
        """The form of an act."""
        told = f"&told={self.visit.id}" if self._roles else ""
        return f"/do/{name}?{named}next={PATH}/{self.visit.id}{told}"

    def matters(self, told: list[DoorMatter], held: list[Presence]) -> list[Matter]:
        """Each with what may be done, and what stands against its start for whoever begins it."""
        lacks: dict[str, tuple[Lack, ...]] = {}
        if self.may(START):
            lacks = lacking(self.visit.office, self.visit.call(self.actor, START), held)
        return [
            Matter(one, self.acts(one, halted=bool(why)), self.arrival(one), why)
            for one in told for why in (lacks.get(one.presence_id, ()),)
        ]  # fmt: skip

    def acts(self, one: DoorMatter, *, halted: bool) -> list[tuple[Act, str]]:
        """What may be done with a matter; its start only where nothing stands against it."""
        found = []
        for name in OF_PRESENCE:
            act = BY_NAME[name]
            if self.may(name) and _lets(act, one) and not (halted and name == START):
                by = "id" if "{id}" in act.path else NAMES
                found.append((act, self.to(name, f"{by}={one.presence_id}&")))
        return found

    def anew(self) -> list[tuple[Act, str]]:
        """What may be begun without a matter."""
        body = f"organisation_id={self._body}&" if self._body else ""
        return [(BY_NAME[name], self.to(name, body)) for name in ANEW if self.may(name)]

    def arrival(self, one: DoorMatter) -> str:
        """Where the arrival of a matter's money is entered."""
        if not (one.request_id and one.share_fen and self.may(ARRIVES)):
            return ""
        named = f"request_id={one.request_id}&stage={ARRIVES.partition('.')[2]}"
        if not self._roles and may(self.visit.office, self.actor, books.READ):
            return f"/money/voucher?{named}"  # where what is left stands beside
        return self.to("voucher.record", f"{named}&")


def _lets(act: Act, one: DoorMatter) -> bool:
    if act.act == "presence.refuse" and one.declinable.may != "on_ground":
        return False
    if act.act == "presence.complete":
        return one.completable
    moves = next(m for kind, m in MOVES.items() if kind.__name__ == "Presence")
    word = act.path.rpartition("/")[2]
    return word not in moves or one.state in moves[word]
