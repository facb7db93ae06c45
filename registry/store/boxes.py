"""信箱 what one person has to do, did, began and was told of: each page by an index of its own.

A page is put together from short pieces, one for each body and holder (``box_pages``).
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from registry.domain.approval import Opinion, Task
from registry.domain.movement import Movement, MovementKind
from registry.domain.records import Wire
from registry.domain.request import Request, State
from registry.store.box_pages import Cut, Found, counted, page
from registry.store.sieve import CASE, Sieve, Term

__all__ = ["Cut", "Found"]


class Desktop(Wire, frozen=True, kw_only=True):
    """案头: a body, in one county, on whose desk tasks lie that a person may finish."""

    county: str
    organisation_id: str
    people: list[str]
    """Whose own tasks are shown besides those that nobody has in particular."""
    acts: list[str] | None = None
    """The kinds of task the person may do something about; ``None`` = every kind."""
    accepts: list[str] = []
    """Further kinds, of cases that are not accepted yet: whoever accepts cases has those too."""


class Owner(Wire, frozen=True, kw_only=True):
    """谁的信箱: a person, their bodies, and the counties where their papers may lie."""

    counties: list[str]
    person: str
    bodies: list[str] = []


OPEN = Sieve()
"""Nothing is left out."""


def todo(
    connection: Connection, desktops: Sequence[Desktop], cut: Cut, sieve: Sieve = OPEN
) -> list[Found[Task]]:
    """待办 by the day they are due, those without a day last."""
    return page(connection, Task, _todo(desktops, cut, sieve), cut)


def _todo(desktops: Sequence[Desktop], cut: Cut, sieve: Sieve) -> list[list[Term]]:
    pieces: list[list[Term]] = []
    for desk in desktops:
        asked = sieve.of_case([desk.county])
        pieces += _of_acts(desk, _both(desk.acts, sieve.acts), cut, (sieve, asked))
        if desk.accepts:
            coming: Term = (CASE + "state", "=", (State.SUBMITTED.value,))
            further = _both(desk.accepts, sieve.acts)
            pieces += _of_acts(desk, further, cut, (sieve, [coming, *asked]))
    return pieces


def _of_acts(
    desk: Desktop, acts: list[str] | None, cut: Cut, of: tuple[Sieve, list[Term]]
) -> list[list[Term]]:
    """The pieces of some kinds of task; none where there is no kind."""
    if acts == []:
        return []
    pieces, (sieve, asked) = list[list[Term]](), of
    plain = [_is("county", desk.county), _is("organisation_id", desk.organisation_id)]
    plain += [] if acts is None else [("act", "in", tuple(acts))]
    for holder in (None, *desk.people):
        own = [*plain, _is("person_id", holder)]
        if cut.id is None or cut.due_on is not None:
            begun = ("due_on", "is not null", ())
            after = [] if cut.id is None else [("due_on", "beyond", (cut.due_on, cut.id))]
            pieces.append([*own, begun, *after, *sieve.of_day(desk.county), *asked])
        later = cut.id is not None and cut.due_on is None
        further = [("id", ">", (cut.id,))] if later else []
        if not sieve.timely:
            pieces.append([*own, _is("due_on", None), *further, *asked])
    return pieces


def _both(may: list[str] | None, asked: list[str] | None) -> list[str] | None:
    """What both let through, where each but ``None`` names all that it does."""
    if may is None or asked is None:
        return asked if may is None else may
    return [one for one in may if one in asked]


def done(
    connection: Connection, owner: Owner, cut: Cut, sieve: Sieve = OPEN
) -> list[Found[Opinion]]:
    """已办: what the person said, the latest first; what lapsed since says so."""
    return page(connection, Opinion, _latest(_spoken(owner), cut, sieve), cut)


def started(
    connection: Connection, owner: Owner, cut: Cut, sieve: Sieve = OPEN
) -> list[Found[Request]]:
    """我发起的: requests one holds, the latest first; of older ones, those one drafted."""
    return page(connection, Request, _latest(_begun(owner), cut, sieve), cut)


def copied(
    connection: Connection, owner: Owner, cut: Cut, sieve: Sieve = OPEN
) -> list[Found[Movement]]:
    """抄送 to the person or their bodies, the latest first."""
    return page(connection, Movement, _latest(_sent(owner), cut, sieve), cut)


def count_todo(connection: Connection, desktops: Sequence[Desktop], most: int) -> int:
    """How many tasks wait, counted no further than so many."""
    return counted(connection, Task, _todo(desktops, Cut(limit=most), OPEN), most)


def count_kept(connection: Connection, owner: Owner, most: int) -> tuple[int, int, int]:
    """How many lie in 已办, 我发起的 and 抄送, each counted no further than so many."""
    cut = Cut(limit=most)
    return (
        counted(connection, Opinion, _latest(_spoken(owner), cut, OPEN), most),
        counted(connection, Request, _latest(_begun(owner), cut, OPEN), most),
        counted(connection, Movement, _latest(_sent(owner), cut, OPEN), most),
    )


Equals = dict[str, str | None]
Own = list[tuple[str, Equals]]


def _of_each(owner: Owner, *own: Equals) -> Own:
    return [(county, equals) for county in owner.counties for equals in own]


def _spoken(owner: Owner) -> Own:
    return _of_each(owner, {"person_id": owner.person})


def _begun(owner: Owner) -> Own:
    unheld: Equals = {"holder_id": None, "drafted_by": owner.person}
    return _of_each(owner, {"holder_id": owner.person}, unheld)


def _sent(owner: Owner) -> Own:
    kind = MovementKind.COPY.value
    bodies: list[Equals] = [{"to_organisation_id": b, "kind": kind} for b in owner.bodies]
    return _of_each(owner, {"to_person_id": owner.person, "kind": kind}, *bodies)


def _latest(own: Own, cut: Cut, sieve: Sieve) -> list[list[Term]]:
    before: list[Term] = [] if cut.id is None else [("id", "<", (cut.id,))]
    unread: list[Term] = [("read_at", "unsaid", ())] if sieve.unread else []
    return [
        [_is("county", county), *(_is(n, v) for n, v in equals.items()), *before, *unread,
         *sieve.of_case([county])]
        for county, equals in own
    ]  # fmt: skip


def _is(column: str, value: str | None) -> Term:
    return (column, "is null", ()) if value is None else (column, "=", (value,))
