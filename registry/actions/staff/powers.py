"""职权 what a person may do at this moment, by which of their posts, as each is still held."""

from collections.abc import Callable, Collection
from datetime import date

from registry.actions.staff.lending import stands
from registry.domain.areas import relation
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor, PostView
from registry.policies.access import TIE_WORDS, Access
from registry.store.unit import Unit

FORBIDDEN = declare(
    "access.forbidden", RefusalKind.FORBIDDEN, "您的岗位不能办理：{act_zh}",
    "Your post may not {act_en}.", recorded=True,
)  # fmt: skip
TIED = declare(
    "access.tied", RefusalKind.FORBIDDEN, "应当回避（{tie_zh}），不能办理：{act_zh}",
    "You must stand aside ({tie_en}) and may not {act_en}.", recorded=True,
)  # fmt: skip

Ties = Collection[str] | Callable[[PostView], Collection[str]]
"""What binds whoever acts to the object already; asked of each post where it depends on it."""


class Powers:
    """职权 of one person in one act."""

    def __init__(self, access: Access, unit: Unit, actor: Actor, today: date) -> None:
        self._access, self._actor, self._today = access, actor, today
        self._home = unit.beside(actor.county)
        self._asked: dict[tuple[str | None, str | None], bool] = {}

    def passing(
        self, act: str, owners: Collection[str], paths: Collection[str], ties: Ties, *,
        whose: str | None = None,
    ) -> PostView | None:  # fmt: skip
        """The post in which access lets the act pass, if any: that held for ``whose`` the matter
        is, else one of the person's own, else one held for another."""
        may = self._access.may

        def order(post: PostView) -> tuple[bool, bool]:
            return post.on_behalf_of != whose, post.on_behalf_of is not None

        for post in sorted(self._actor.posts, key=order):
            where = relation(post.organisation_id, post.area_path, owners, paths, upward=False)
            if not post.serves(act) or may([(post.role, where)], act) is None:
                continue
            bound = ties(post) if callable(ties) else ties
            if may([(post.role, where)], act, bound) is not None and self._stands(post):
                return post
        return None

    def binding(
        self, act: str, owners: Collection[str], paths: Collection[str], ties: Ties
    ) -> list[str]:
        """What binds the person to the object so that they may not act, where nothing else stands
        in the way of one of their posts."""
        for post in self._actor.posts:
            where = relation(post.organisation_id, post.area_path, owners, paths, upward=False)
            if post.serves(act) and self._access.may([(post.role, where)], act) is not None:
                bound = ties(post) if callable(ties) else ties
                role, near = post.role, where.value
                tied = [t for t in bound if not self._access.allows(role, act, near, t)]
                if tied:
                    return list(dict.fromkeys(tied))
        return []

    def present(self) -> bool:
        """Whether the person still holds one of the posts they came with."""
        posts = self._actor.posts
        return not posts or any(self._stands(p) for p in posts)

    def _stands(self, post: PostView) -> bool:
        """Whether the post is still held at this moment of the log; asked once for each."""
        key = (post.post_id, post.delegation_id)
        if key not in self._asked:
            self._asked[key] = stands(self._home, self._actor.person_id, post, self._today)
        return self._asked[key]


def forbidding(access: Access, act: str, tied: Collection[str]) -> Refusal:
    """The refusal of an act that no post of the person may do, or none that is not tied."""
    zh, en = access.named(act)
    if not tied:
        return Refusal(FORBIDDEN, act=act, act_zh=zh, act_en=en)
    words = [TIE_WORDS[tie] for tie in tied]
    return Refusal(
        TIED, tie=",".join(tied), tie_zh="；".join(w[0] for w in words),
        tie_en="; ".join(w[1] for w in words), act=act, act_zh=zh, act_en=en,
    )  # fmt: skip
