"""事前查找 who may, to whom, and what: each candidate is asked, in order, a page at a time."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from registry.actions.asking_first.answering import answer, serving
from registry.actions.asking_first.questions import AREA, ORGANISATION
from registry.actions.office import Desk
from registry.domain.areas import Area, AreaLevel
from registry.domain.authzen import (
    ActionSearch,
    Deed,
    Entity,
    Found,
    PageAsked,
    PageTold,
    Question,
    ResourceSearch,
    Sort,
    SubjectSearch,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.vocabulary import Kind

OTHER_PAGE = declare(
    "asking.page", RefusalKind.MALFORMED, "翻页标记不属于此问题，请从第一页问起",
    "The page token is not of this question; ask from the first page.",
)  # fmt: skip

T = TypeVar("T")
Search = SubjectSearch | ResourceSearch | ActionSearch
MOST = 64
"""Candidates asked for one page: a page may be empty and still have a next one."""
_MARK = 16
"""Octets of a page token that tell its question."""


def subjects(desk: Desk, asked: SubjectSearch, base: str) -> Found:
    """Who of a type may do this: bodies of the county that are there today."""
    kind = asked.subject.type

    def may(one: Entity) -> bool:
        question = Question(
            subject=one, action=asked.action, resource=asked.resource, context=asked.context
        )
        return answer(desk, question, base).decision

    point = serving(desk, kind, asked.resource.type)
    candidates = point.subjects(kind) if point else _bodies(desk, kind)
    return _page(_described(candidates, asked.subject), _of, (may, asked))


def resources(desk: Desk, asked: ResourceSearch, base: str) -> Found:
    """To what of a type this may be done: communities of the county that are there today."""
    kind = asked.resource.type

    def may(one: Entity) -> bool:
        question = Question(
            subject=asked.subject, action=asked.action, resource=one, context=asked.context
        )
        return answer(desk, question, base).decision

    point = serving(desk, asked.subject.type, kind)
    candidates = point.resources(kind) if point else _communities(desk, kind)
    return _page(_described(candidates, asked.resource), _of, (may, asked))


def actions(desk: Desk, asked: ActionSearch, base: str) -> Found:
    """What may be done: kinds of matters."""

    def may(name: str) -> bool:
        question = Question(
            subject=asked.subject, action=Deed(name=name), resource=asked.resource,
            context=asked.context,
        )  # fmt: skip
        return answer(desk, question, base).decision

    point = serving(desk, asked.subject.type, asked.resource.type)
    candidates = point.actions() if point else sorted(kind.value for kind in Kind)
    return _page(candidates, lambda name: (name, {"name": name}), (may, asked))


def _described(candidates: Sequence[Entity], sort: Sort) -> list[Entity]:
    """The candidates with what the question says of all of them."""
    return [Entity(type=c.type, id=c.id, properties=sort.properties) for c in candidates]


def _bodies(desk: Desk, kind: str) -> list[Entity]:
    if kind != ORGANISATION:
        return []
    found = [one for one in desk.unit.find(Organisation) if one.in_force(desk.today)]
    return [Entity(type=kind, id=one.id) for one in sorted(found, key=lambda one: one.id)]


def _communities(desk: Desk, kind: str) -> list[Entity]:
    if kind != AREA:
        return []
    level = AreaLevel.COMMUNITY.value
    found = [one for one in desk.unit.find(Area, level=level) if one.in_force(desk.today)]
    return [Entity(type=kind, id=one.id) for one in sorted(found, key=lambda one: one.id)]


def _of(one: Entity) -> tuple[str, dict[str, str]]:
    return one.id, {"type": one.type, "id": one.id}


def _page(
    candidates: Sequence[T],
    shown: Callable[[T], tuple[str, dict[str, str]]],
    how: tuple[Callable[[T], bool], Search],
) -> Found:
    """Those that may, from after the token on; the token tells the question, and the last asked.
    How long a page is may change on the way, for the public cases of the standard have it so.

    Raises:
        Refusal: ``asking.page``.
    """
    may, asked = how
    page = asked.page or PageAsked()
    mark = _mark(asked)
    after = _after(page.token, mark)
    limit = MOST if page.limit is None else min(page.limit, MOST)
    left = [one for one in candidates if shown(one)[0] > after]
    results: list[dict[str, str]] = []
    for number, one in enumerate(left if limit else [], start=1):
        if may(one):
            results.append(shown(one)[1])
        if (len(results) == limit or number == MOST) and number < len(left):
            return Found(results=results, page=_told(_token(mark, shown(one)[0]), results))
    more = _token(mark, after) if left and not limit else ""
    return Found(results=results, page=_told(more, results))


def _mark(asked: Search) -> bytes:
    """Of the question, which stays the same from page to page."""
    octets = msgspec.json.encode(msgspec.structs.replace(asked, page=None), order="sorted")
    return hashlib.sha256(octets).digest()[:_MARK]


def _token(mark: bytes, last: str) -> str:
    return urlsafe_b64encode(mark + last.encode()).decode()


def _after(token: str, mark: bytes) -> str:
    """The last one asked for the page before; empty = none was.

    Raises:
        Refusal: ``asking.page``.
    """
    if not token:
        return ""
    try:
        octets = urlsafe_b64decode(token)
        last = octets[_MARK:].decode()
    except ValueError as error:
        raise Refusal(OTHER_PAGE) from error
    if octets[:_MARK] != mark:
        raise Refusal(OTHER_PAGE)
    return last


def _told(token: str, results: list[dict[str, str]]) -> PageTold:
    return PageTold(next_token=token, count=len(results))
