"""权限 who may do which act to what, where: Casbin over role × act × relation × tie.

The relation (own, below, other) is computed from the area tree before Casbin sees it; a tie is what
already binds the person to the object: filed, recorded, applicant, proposed, voted, spoke in it for
another body (elsewhere), signed for the other side, decided.
"""

import csv
import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from registry.domain.areas import Relation
from registry.policies.engine import HERE, EngineError, enforcer

TIES = (
    "none", "filed", "recorded", "applicant", "proposed", "voted", "elsewhere", "signed", "decided",
    "approved", "cashier",
)  # fmt: skip
TIE_WORDS = {
    "filed": ("您参与过本案的起草或申报", "you worked on the filing"),
    "recorded": ("由您登记", "you recorded it"),
    "applicant": ("您现在或曾经属于申请单位", "you belong or belonged to those who ask"),
    "proposed": ("由您提出", "you proposed it"),
    "voted": ("您已就此表态", "you have spoken on it"),
    "elsewhere": ("您已代表另一单位在本案中表态", "you spoke in the case for another body"),
    "signed": ("您已代表另一方签署", "you signed for the other side"),
    "approved": ("由您审批或者审核", "you approved or reviewed it"),
    "cashier": ("您是该社区的报账员", "you keep the community's cash"),
    "decided": ("您参与过原决定", "you took part in the decision"),
}
"""Each tie as the person who must stand aside is told of it: Chinese, English."""
_WORD = re.compile(r"\*|[a-z_]+(\.[a-z_]+){0,2}")
_CELLS = 6


def read_table(text: str) -> tuple[list[list[str]], list[list[str]]]:
    """The policy and role rows of ``access.csv``, checked before Casbin sees them.

    Raises:
        EngineError: naming the line: unknown prefix, wrong count, unknown relation, tie or effect.
    """
    policies: list[list[str]] = []
    roles: list[list[str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in next(csv.reader([line]))]
        if any(not _WORD.fullmatch(c) for c in cells):
            raise EngineError(f"access.csv:{number}: a cell has a character that is not allowed")
        if cells[0] == "g" and len(cells) == 3:  # noqa: PLR2004 - g, role, role
            roles.append(cells[1:])
            continue
        if cells[0] != "p" or len(cells) != _CELLS:
            raise EngineError(f"access.csv:{number}: expected p,role,act,relation,tie,eft")
        if cells[3] not in ("*", *Relation) or cells[4] not in ("*", *TIES):
            raise EngineError(f"access.csv:{number}: unknown relation or tie")
        if cells[5] not in ("allow", "deny"):
            raise EngineError(f"access.csv:{number}: eft must be allow or deny")
        policies.append(cells[1:])
    if not policies:
        raise EngineError("access.csv: an empty table would allow everything")
    return policies, roles


@cache
def _names() -> dict[str, tuple[str, str]]:
    text = (HERE / "acts.csv").read_text("utf-8")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    return {act: (zh, en) for act, zh, en in rows}


class Access:
    """权限判定."""

    def __init__(self, text: str | None = None, decider: str = "indexed") -> None:
        given = (HERE / "access.csv").read_text("utf-8") if text is None else text
        policies, roles = read_table(given)
        self._enforcer = enforcer(decider, "access.conf", policies, {"g": roles})
        self._names = _names()
        self.acts = sorted({row[1] for row in policies} - {"*"})
        self.roles = sorted(({row[0] for row in policies} | {r[0] for r in roles}) - {"*"})
        self.allows = lru_cache(maxsize=65536)(self._allows)

    def named(self, act: str) -> tuple[str, str]:
        """What an act is called, in Chinese and English; the act itself where it has no name."""
        return self._names.get(act, (act, act))

    def _allows(self, role: str, act: str, relation: str, tie: str) -> bool:
        if not (role and act and relation and tie):
            return False  # an empty field must never meet an empty policy
        return bool(self._enforcer.enforce(role, act, relation, tie))

    def may(
        self, posts: Iterable[tuple[str, Relation]], act: str, ties: Collection[str] = ()
    ) -> str | None:
        """The first role that may do the act, or ``None``.

        Args:
            posts: (role, relation of that post to the object).
            act: e.g. ``request.approve``.
            ties: what binds the person to the object already; each is asked, one denial suffices.
        """
        for role, relation in posts:
            if all(self.allows(role, act, relation.value, tie) for tie in (*ties, "none")):
                return role
        return None

    def relations(self, role: str, act: str) -> set[Relation]:
        """The relations in which a role may do an act: what a list may show."""
        return {r for r in Relation if self.allows(role, act, r.value, "none")}


@cache
def shipped(decider: str) -> Access:
    """The tables as they come with the program: never changed, so read once in a process."""
    return Access(decider=decider)
