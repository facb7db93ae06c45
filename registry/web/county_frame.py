"""全县栏目 the rooms of the county's figures, each as far as the person may enter."""

from typing import Any

from registry.web.serving import shown
from registry.web.shell import entered
from registry.web.visit import Visit

ROOMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/county", "load", ()), ("/county/flow", "flow", ("request.read",)),
    ("/county/cleanup", "cleanup", ("existing.read", "wall.read")),
    ("/county/report", "report", ("request.read",)),
    ("/packs", "packs", ("pack.propose", "pack.publish")),
)  # fmt: skip
"""Address, word, acts of which one suffices (none = everybody who comes here)."""


def opened(visit: Visit, here: str, **context: Any) -> Any:
    """A page of the rooms, the others beside it."""
    beside = entered(visit.office, visit.actor(), ROOMS)
    return shown(visit, f"county/{here}.html", beside=beside, **context)
