"""缩小范围 what a list is asked for, made ready for the store: areas, words, terms, order, page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from registry.actions.seeing import scopes
from registry.domain.areas import Area, AreaLevel, full_code
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor, Post
from registry.domain.wording import normalise
from registry.store import grams, shapes
from registry.store.engine import Held
from registry.store.filters import BODIES, DATED, Term, first_of, lies
from registry.store.listing import SLOW as SLOW  # noqa: PLC0414 - an answer of every list
from registry.store.planned import Page, Unserved
from registry.store.visible import Scope

if TYPE_CHECKING:
    from registry.actions.office import Office

UNSERVED = declare(
    "query.unserved", RefusalKind.MALFORMED,
    "没有索引支持这样查询（{asked}）。可用的排序：{orders}；可用的条件：{filters}",
    "No index serves this ({asked}). Orders that are served: {orders}; conditions: {filters}.",
)  # fmt: skip
NO_AREA = declare(
    "query.area", RefusalKind.MALFORMED, "区划 {area} 查不到，或此类记录没有区划",
    "There is no area {area}, or records of this kind have none.",
)  # fmt: skip
NO_WORD = declare(
    "query.text", RefusalKind.MALFORMED, "检索词至少 2 个字、至多 {most} 个字，且此类记录须有文字",
    "A word has 2 to {most} letters, and records of this kind must have texts.",
)  # fmt: skip
NO_HOLDER = declare(
    "query.holder", RefusalKind.MALFORMED, "此类记录不能按任期查，或没有这个人的任职",
    "Records of this kind are not cut by terms of office, or nobody like that held a post.",
)  # fmt: skip
LONGEST = 50
"""Letters of a word that is looked for."""
_NONE = "无"
_POSTS = 200


def refused(unserved: Unserved) -> Refusal:
    """What no index serves, with what would be."""
    table, equal = unserved.table, unserved.equal
    asked = " + ".join([*equal, f"sort={unserved.order}"])
    served = shapes.orders(table, equal)
    return Refusal(
        UNSERVED, asked=asked, orders="、".join([shapes.key_of(table), *served]),
        filters="、".join(shapes.leads(table)) or _NONE,
    )  # fmt: skip


def word(kind: type[Any], text: str, sort: str | None) -> str:
    """A word that may be looked for.

    Raises:
        Refusal: ``query.text``.
    """
    if kind not in grams.KINDS or sort or not grams.LEAST <= len(normalise(text)) <= LONGEST:
        raise Refusal(NO_WORD, most=LONGEST)
    return text


def place(office: "Office", counties: Sequence[str], table: Held, area: str) -> tuple[str, str]:
    """County and path of an area, by its id or its code.

    Raises:
        Refusal: ``query.area``.
    """
    asked: dict[str, Any] = {"id": area}
    if area.isdigit():
        try:
            asked = {"code": full_code(area)}
        except ValueError:
            raise Refusal(NO_AREA, area=area) from None
    for county in counties:
        for found in office.store.reader.find(Area, county, **asked):
            if lies(table, county, found.path) is not None:
                return county, found.path
    raise Refusal(NO_AREA, area=area)


def terms(
    reader: tuple["Office", Actor, str], whose: tuple[str, str | None], table: Held,
    as_of: int | None = None,
) -> list[Term]:  # fmt: skip
    """What a person answered for, and from when to when (P23).

    Args:
        reader: who asks, and in which county.
        whose: the person's id, and that of one of their posts.

    Raises:
        Refusal: ``query.holder``, also where the reader may not know of posts.
    """
    (office, actor, county), (person, post) = reader, whose
    if first_of(table, DATED) is None or first_of(table, BODIES) is None:
        raise Refusal(NO_HOLDER)
    seen = scopes(office, actor, "people.read", county)
    if not seen:
        raise Refusal(NO_HOLDER)
    page = Page(limit=_POSTS, as_of=as_of)
    posts = office.store.reader.page(Post, seen, {"person_id": person}, page)
    held = [one for one in posts if post in (None, one.id)]
    if not held:
        raise Refusal(NO_HOLDER)
    return [_term(office, one) for one in held]


def _term(office: "Office", post: Post) -> Term:
    area = office.store.reader.get(Area, post.county, post.area_id)
    ground = area is not None and area.level in (AreaLevel.STREET, AreaLevel.COMMUNITY)
    return Term(
        organisation_id=post.organisation_id, path=area.path if area and ground else None,
        first=post.valid_from, last=post.valid_to,
    )  # fmt: skip


def type_of(table: Held, order: str | None) -> Any:
    """How the value of a column stands in a cursor; ``None`` = there is no such column."""
    if order is None:
        return None
    kind = type(table.c[order].type).__name__
    return {"Day": date, "Instant": datetime, "Flag": bool, "Integer": int}.get(kind, str)


def within(seen: list[Scope], county: str) -> list[Scope]:
    """Of what somebody sees, what lies in one county."""
    return [scope for scope in seen if scope.county == county]
