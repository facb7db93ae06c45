"""不相容岗位 nobody holds two posts that the table keeps apart, on any day to come (三员分立).

Asked wherever somebody gets a post: by grant, by a longer term, by a sheet, by a delegation. What
was lent counts as held, for it is used as one's own is.
"""

from registry.actions.office import Desk
from registry.domain.delegation import Delegation
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Person, Post
from registry.policies.apart import Clash, Term, clash, lent_term, term_of

INCOMPATIBLE = declare(
    "post.incompatible", RefusalKind.CONFLICT, "{why_zh}（岗位：{one}、{other}）",
    "{one} and {other} are never held by one person: {why_en}.", recorded=True,
)  # fmt: skip


def keep_apart(desk: Desk, person_id: str, given: Term) -> None:
    """Refuse a post that the person may not hold beside what is in their hands already.

    Asked after it was written, so that what this very act ends stands in nobody's way.

    Raises:
        Refusal: ``post.incompatible``.
    """
    found = clashing(desk, person_id, given)
    if found is not None:
        raise Refusal(INCOMPATIBLE, one=found.one, other=found.other,
                      why_zh=found.line.zh, why_en=found.line.en)  # fmt: skip


def clashing(desk: Desk, person_id: str, given: Term) -> Clash | None:
    """What a person holds, from today on, that may not stand beside a post they are given.

    One act at a time gives to a person: two that meet would each see nothing amiss.
    """
    desk.unit.get(Person, person_id, lock=True)
    posts = desk.unit.find(Post, person_id=person_id)
    lent = desk.unit.find(Delegation, to_person_id=person_id)
    return clash(given, [*map(term_of, posts), *map(lent_term, lent)], desk.today)


def longer(before: Post, after: Post) -> bool:
    """Whether a post stands for days on which it did not; what is only cut short harms nobody."""
    return before.valid_to is not None and (
        after.valid_to is None or after.valid_to > before.valid_to
    )
