"""体检页 how the installation is, at a glance, and which command mends what; for who runs it alone."""

from typing import Any

from registry.actions import checkup
from registry.api.serving import aside
from registry.web.serving import PLAIN, Line, shown
from registry.web.visit import Visit

COMMANDS = {
    "engine": "registry doctor", "migrations": "registry migrate", "disk": "registry backup",
    "clock": "registry doctor", "calendar": "registry import calendar", "key": "registry key",
    "failed": "registry tick", "posts": "registry user end", "backup": "registry backup",
    "payments": "registry tick",
}  # fmt: skip
"""The first word of a check → the command that mends it, or tells more."""


async def show(visit: Visit) -> Any:
    """``GET /admin/checkup``."""
    told = await aside(checkup.checks, visit.office, visit.actor())
    return shown(visit, "admin/checkup.html", checks=told, commands=COMMANDS)


PAGES: list[Line] = [("GET", "/admin/checkup", show, PLAIN)]
