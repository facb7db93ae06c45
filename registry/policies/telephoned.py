"""电话代录 what may be entered for a community that telephoned, and how long after, by
``telephoned.toml``."""

import tomllib
from functools import cache
from typing import Annotated

import msgspec

from registry.domain.records import Wire
from registry.policies.engine import HERE


class Telephoning(Wire, frozen=True, kw_only=True):
    """电话代录规则."""

    days: Annotated[int, msgspec.Meta(ge=0)]
    """Days after the call within which it may be entered."""
    acts: frozenset[str]
    """As the access tables name them; no other passes by telephone."""
    doors: frozenset[str]
    """Acts of the doors that lead to some of them by what the form says."""

    def offers(self, act: str) -> bool:
        """Whether an act of the doors may perhaps be done by telephone."""
        return act in self.acts or act in self.doors


@cache
def shipped() -> Telephoning:
    """As it comes with the program."""
    told = tomllib.loads((HERE / "telephoned.toml").read_text("utf-8"))
    return msgspec.convert(told, Telephoning)
