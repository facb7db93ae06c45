"""What the tests of the command line leave to the full run: on PostgreSQL again, what is slow."""

import pytest

KILLED = ("test_bank.py", "test_paying_killed.py")
"""Processes started and killed: on SQLite in every run, on PostgreSQL in the full one."""
TOLD_ONCE = {
    "side-by-side", "between-steps", "granted-in-part", "each-its-own", "conference",
    "after-the-decision", "standing-in", "handover", "reorganisation", "existing", "walls",
    "burden", "evaluating", "insisted", "returned", "certificate-refused", "to-a-person",
    "city-recorded", "composite", "purchase", "absolute", "listed",
}  # fmt: skip
"""Stories of older parts: replayed on SQLite in every run, on both engines in the full one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        told = getattr(item, "callspec", None)
        if told is None or "postgres" not in told.params.values():
            continue
        story = told.params.get("story")
        if item.path.name in KILLED or getattr(story, "id", "") in TOLD_ONCE:
            item.add_marker(pytest.mark.long)
