"""不相容岗位体检 what the doctor asks of posts: nobody holds, or will hold, two that ``apart.csv``
keeps apart; what was given before the table said so is found here.
"""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, select

from registry.domain.delegation import Delegation
from registry.domain.people import Person, Post
from registry.domain.records import Record
from registry.policies.apart import clash, lent_term, named, term_of
from registry.store import tables
from registry.store.mapping import to_record

R = TypeVar("R", bound=Record)
Told = tuple[str, bool | None, str, str]
_SOME = 5
"""People who are named; of more, how many."""


def posts_apart(connection: Connection, today: date) -> Told:
    """The check of posts, and its outcome: ``registry user end`` puts right what it names."""
    found = [*_clashing(connection, today)]
    if not found:
        return "posts apart", True, "没有不相容的兼任", "nobody holds posts that stand apart"
    told = "; ".join(found[:_SOME])
    return (
        "posts apart", False, f"{len(found)} 人兼任不相容岗位：{told}",
        f"{len(found)} people hold posts that stand apart: {told}",
    )  # fmt: skip


def _clashing(connection: Connection, today: date) -> Iterator[str]:
    """User name and roles of each who does."""
    held = tables.BY_RECORD[Post]
    within = (held.c.role.in_(named()), held.c.event_to.is_(None))
    query = select(held.c.county, held.c.person_id).where(*within).distinct()
    for county, person_id in sorted(connection.execute(query).all()):
        posts = _rows(connection, Post, county, person_id=person_id)
        lent = _rows(connection, Delegation, county, to_person_id=person_id)
        terms = [*map(term_of, posts), *map(lent_term, lent)]
        for at, term in enumerate(terms):
            met = clash(term, terms[at + 1 :], today)
            if met is not None:
                who = _rows(connection, Person, county, id=person_id)
                yield f"{who[0].username if who else person_id} {met.one}+{met.other}"
                break


def _rows(connection: Connection, kind: type[R], county: str, **equals: str) -> list[R]:
    table = tables.BY_RECORD[kind]
    within = [table.c[name] == value for name, value in equals.items()]
    query = select(table).where(table.c.county == county, table.c.event_to.is_(None), *within)
    rows = connection.execute(query.order_by(table.c.id)).mappings().all()
    return [to_record(kind, row) for row in rows]
