"""职权 what a person may do at this moment, by which of their posts, as each is still held."""

from collections.abc import Callable, Collection
from datetime import date

from registry.actions.staff.lending import stands
from registry.domain.areas import relation
from registry.domain.people import Actor, PostView
from registry.policies.access import Access
from registry.store.unit import Unit

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

    def known(self, reading: str, owners: Collection[str], paths: Collection[str]) -> bool:
        """Whether the person may know of an object, by the act of reading it."""
        return any(
            self._access.may([(p.role, relation(body, path, owners, paths))], reading)
            for p in self._actor.posts
            if p.serves(reading)
            for body, path in p.reach()
        )

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
