"""不相容岗位 which posts one person may not hold at the same time, by ``apart.csv``.

The first line that fits tells why; ``*`` is any other role. The same role in two places is one
role, and what is over binds nobody.
"""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from registry.domain.delegation import Delegation
from registry.domain.people import Post
from registry.domain.records import Wire
from registry.policies.engine import HERE

ANY = "*"


class Apart(Wire, frozen=True, kw_only=True):
    """不相容岗位: one line of the table, and why in both languages."""

    role: str
    other: str
    zh: str
    en: str

    def parts(self, one: str, two: str) -> bool:
        """Whether the line says that nobody holds both."""
        return one != two and any(
            held == self.role and self.other in (beside, ANY)
            for held, beside in ((one, two), (two, one))
        )


class Term(Wire, frozen=True, kw_only=True):
    """任期: a role in somebody's hands, own or lent, from a day to a day (both inclusive)."""

    role: str
    first: date | None = None
    last: date | None = None

    def meets(self, other: "Term", since: date) -> bool:
        """Whether both stand on some common day, on or after ``since``."""
        first = max(self.first or since, other.first or since, since)
        return all(term.last is None or first <= term.last for term in (self, other))


def term_of(post: Post) -> Term:
    """A post as the term it stands for."""
    return Term(role=post.role, first=post.valid_from, last=post.valid_to)


def lent_term(given: Delegation) -> Term:
    """A delegation as the term it stands for, whether or not who gave it is there (A/B角)."""
    ended = given.ended_on - timedelta(days=1) if given.ended_on is not None else None
    days = [day for day in (given.valid_to, ended) if day is not None]
    return Term(role=given.role, first=given.valid_from, last=min(days, default=None))


class Clash(Wire, frozen=True, kw_only=True):
    """兼任: two roles in one person's hands, and the line that forbids it."""

    one: str
    other: str
    line: Apart


@cache
def shipped() -> tuple[Apart, ...]:
    """As it comes with the program."""
    text = (HERE / "apart.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Apart(**row) for row in csv.DictReader(lines))


def named() -> list[str]:
    """The roles that stand apart from others: who holds none of them clashes with nothing."""
    return sorted({line.role for line in shipped()})


def about(role: str) -> list[Apart]:
    """The lines that keep a role apart from others, in the order of the table."""
    return [line for line in shipped() if line.role == role or line.other in (role, ANY)]


def forbidden(one: str, other: str) -> Apart | None:
    """The line by which nobody holds both roles at once; ``None`` where one may."""
    return next((line for line in shipped() if line.parts(one, other)), None)


def clash(given: Term, held: Iterable[Term], since: date) -> Clash | None:
    """The first of what somebody holds that may not stand beside a role on any day from
    ``since`` on; ``None`` where all of it may."""
    for other in held:
        line = forbidden(given.role, other.role)
        if line is not None and given.meets(other, since):
            return Clash(one=given.role, other=other.role, line=line)
    return None
