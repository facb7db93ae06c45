"""运行设置页 how this installation is set, to be read; it is changed where it runs, and nowhere else."""

from datetime import timedelta
from typing import Any

from registry.actions.reading import NOT_READABLE
from registry.actions.staff.accounts import FAILURES_PER_HOUR, TOKEN_LIFE
from registry.domain.errors import Refusal
from registry.policies.sessions import shipped
from registry.web.serving import PLAIN, Line, shown
from registry.web.shell import may
from registry.web.visit import Visit

ACTS = ("person.create", "post.grant", "sign_in.read")
"""One of the three administrators."""


async def show(visit: Visit) -> Any:
    """``GET /admin/settings``."""
    if not may(visit.office, visit.actor(), *ACTS):
        raise Refusal(NOT_READABLE)
    limits, about, yes = shipped(), visit.house.about, visit.tongue.t
    told = [
        ("admin.set_version", about.version),
        ("admin.set_mode", yes("admin.set_demo" if about.demo else "admin.set_production")),
        ("admin.set_address", about.public_url),
        ("admin.set_banner", about.banner),
        ("admin.set_now", visit.tongue.when(visit.office.clock())),
        ("admin.set_secure", yes("frame.yes" if visit.house.secure else "frame.no")),
        ("admin.set_idle", _long(visit, limits.idle)),
        ("admin.set_longest", _long(visit, limits.longest)),
        ("admin.set_token", _long(visit, TOKEN_LIFE)),
        ("admin.set_failures", str(FAILURES_PER_HOUR)),
    ]
    return shown(visit, "admin/settings.html", told=told)


def _long(visit: Visit, span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if rest:
        return visit.tongue.t("admin.set_minutes", count=minutes)
    return visit.tongue.t("admin.set_hours", count=hours)


PAGES: list[Line] = [("GET", "/admin/settings", show, PLAIN)]
