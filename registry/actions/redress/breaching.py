"""疑点 of what a department asked without admission, of an established complaint, of what nobody
answered in time."""

from collections.abc import Sequence
from typing import Any

from registry.actions.doubting import keeping
from registry.actions.doubting.communities import BREACH
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Desk
from registry.domain.audit import Finding
from registry.domain.records import Record


def breach(
    desk: Desk, found_in: Record, department_id: str, *, clauses: Sequence[str],
    stated: bool | None, path: str | None = None,
) -> Finding | None:  # fmt: skip
    """Open the finding, once for each paper, where the packs call it a breach.

    Args:
        found_in: the refusal, objection or complaint in which it was found.
        path: of the community; ``None`` = where it is not to be told (投诉).
        stated: what the packs say of it; where they are silent nobody is in breach.
    """
    if not stated:
        return None
    kind = type(found_in).__name__.lower()
    recalled = desk.rulebook().overlay.setting(lambda d: d.effects.recalled)
    facts: dict[str, Any] = {"clauses": list(clauses)}
    facts |= {"recalled": recalled} if recalled is not None else {}
    number = getattr(found_in, "number", "")
    facts |= {"number": number} if number else {}
    id = f"{found_in.id}.breach"
    seen = Seen(BREACH, id, found_in.id, department_id, path, facts, kind=kind)
    return keeping.tell(desk, seen)


def unanswered(id: str) -> str:
    """The finding that something was not answered in time."""
    return f"{id}.unanswered"


def close_unanswered(desk: Desk, id: str) -> None:
    """It is answered by now: that it was late stays on record."""
    keeping.close(desk, unanswered(id))
