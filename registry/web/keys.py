"""快捷键 single keys on lists and cases, which whoever is hindered by them turns off (WCAG 2.1.4)."""

from registry.web.visit import KEYS, Visit

OFF = "off"
TABLE: tuple[tuple[str, str], ...] = (
    ("j", "keys.next_row"), ("k", "keys.last_row"), ("o", "keys.open"), ("/", "keys.filter"),
    ("a", "keys.act"), ("n", "keys.next"), ("p", "keys.last"), ("u", "keys.up"), ("?", "keys.help"),
)  # fmt: skip
"""Each key, and what it does."""


def on(visit: Visit | None) -> bool:
    """Whether this browser's keys do anything."""
    return visit is not None and visit.cookies().get(KEYS) != OFF
