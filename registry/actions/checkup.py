"""体检一览 what those who run the installation may see of its health in a browser; ``registry doctor``
looks at everything else, on the server."""

from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.store.doctor import Check, glance

ACT = "backup.make"
"""Who may copy the database may see how it is."""


def checks(office: Office, actor: Actor) -> list[Check]:
    """What can be told at once, and what time was to bring and could not be done.

    Raises:
        Refusal: ``access.reading``.
    """
    if not any(office.access.relations(post.role, ACT) for post in actor.posts):
        raise Refusal(NOT_READABLE)
    store = office.store
    found = glance(store.url, store.data_dir, office.clock())
    failed = [
        Check(name=f"failed {what}", ok=False, zh=f"未办成 {many} 次", en=f"failed {many} times")
        for what, many in sorted(office.failed.items())
    ]
    fixed = [Check(name="fixed clock", ok=None, zh="时钟固定，期限不会到", en="the clock stands")]
    return [*found, *(fixed if office.clock_fixed else []), *failed]
