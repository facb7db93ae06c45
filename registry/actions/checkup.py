"""体检一览 what those who run the installation may see of its health in a browser; ``registry doctor``
looks at everything else, on the server."""

from datetime import timedelta

from registry.actions.office import Office
from registry.actions.paying.carrying import queues
from registry.actions.reading import NOT_READABLE
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.records import SHANGHAI
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
    found = glance(store.url, store.data_dir, office.clock(), backup_within=office.backup_within)
    failed = [
        Check(name=f"failed {what}", ok=False, zh=f"未办成 {many} 次", en=f"failed {many} times")
        for what, many in sorted(office.failed.items())
    ]
    fixed = [Check(name="fixed clock", ok=None, zh="时钟固定，期限不会到", en="the clock stands")]
    return [*found, *_waiting(office), *(fixed if office.clock_fixed else []), *failed]


def _waiting(office: Office) -> list[Check]:
    """Payments that the treasury of a county has not answered yet, and since when."""
    found = []
    for county, (many, seconds) in sorted(queues(office).items()):
        since = (office.clock() - timedelta(seconds=seconds)).astimezone(SHANGHAI)
        found.append(
            Check(
                name=f"payments {county}", ok=None if many else True,
                zh=f"{many} 笔未有结果，最早一笔自 {since:%Y-%m-%d %H:%M}" if many else "没有等待的",
                en=f"{many} without an outcome, the first since {since:%Y-%m-%d %H:%M}"
                if many else "none waits",
            )
        )  # fmt: skip
    return found
