"""管理首页 what a person may look after, in groups; and every page of this room."""

from typing import Any

from registry.web.admin import (
    checkup,
    handing,
    passwords,
    people,
    reorganising,
    roles,
    rosters,
    settings,
    turning,
)
from registry.web.serving import PLAIN, Line, shown
from registry.web.shell import may
from registry.web.visit import Visit

_Entry = tuple[str, str, tuple[str, ...]]
GROUPS: tuple[tuple[str, tuple[_Entry, ...]], ...] = (
    ("admin.group_people", (
        ("/admin/people", "admin.people", ("people.read",)),
        ("/admin/passwords", "accounts.waiting", ("password.give",)),
        ("/admin/roles", "admin.roles", ()),
        ("/admin/handover", "admin.handover", ("handover.run",)),
        ("/records/handovers", "admin.handovers", ("handover.read",)),
        ("/records/delegations", "admin.delegations", ("delegation.read",)),
        ("/records/absences", "admin.absences", ("absence.read",)),
    )),
    ("admin.group_bodies", (
        ("/records/organisations", "admin.organisations", ()),
        ("/records/areas", "admin.areas", ()),
        ("/admin/import", "admin.import", rosters.ACTS),
        ("/admin/reorganise", "admin.reorganise", ("reorganisation.plan",)),
        ("/records/reorganisations", "admin.reorganised", ("reorganisation.read",)),
    )),
    ("admin.group_watch", (
        ("/admin/sessions", "admin.sessions", ("sign_in.read",)),
        ("/admin/sign-ins", "admin.sign_ins", ("sign_in.read",)),
        ("/records/events", "admin.events", ("event.read",)),
        ("/records/signing-keys", "admin.keys", ("key.read",)),
        ("/admin/settings", "admin.settings", settings.ACTS),
        ("/admin/checkup", "checkup.title", ("backup.make",)),
    )),
    ("admin.group_year", (
        ("/admin/year", "admin.year", ("year.rehearse",)),
        ("/records/year-closings", "admin.closed", ("year.rehearse",)),
        ("/records/calendars", "admin.calendars", ("year.rehearse", "calendar.import")),
    )),
)  # fmt: skip
"""What stands on the page: where it leads, its word, acts of which one suffices (none = all)."""


async def index(visit: Visit) -> Any:
    """``GET /admin``."""
    actor, office = visit.actor(), visit.office
    groups = [
        (word, [(to, name) for to, name, acts in entries
                if not acts or may(office, actor, *acts)])
        for word, entries in GROUPS
    ]  # fmt: skip
    return shown(visit, "admin/index.html", groups=[g for g in groups if g[1]])


PAGES: list[Line] = [
    ("GET", "/admin", index, PLAIN),
    *people.PAGES,
    *passwords.PAGES,
    *roles.PAGES,
    *handing.PAGES,
    *rosters.PAGES,
    *reorganising.PAGES,
    *settings.PAGES,
    *checkup.PAGES,
    *turning.PAGES,
]
