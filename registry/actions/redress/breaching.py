"""疑点 of what a department asked without admission, of an established complaint, of what nobody
answered in time."""

from collections.abc import Sequence
from typing import Any

from registry.actions.office import Desk
from registry.domain.audit import Finding
from registry.domain.records import Record

CODE = "redress.breach"


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
    return desk.unit.add(
        Finding(
            county=desk.unit.county, id=f"{found_in.id}.breach", code=CODE, object_kind=kind,
            object_id=found_in.id, organisation_id=department_id, area_path=path,
            opened_on=desk.today, facts=facts | ({"number": number} if number else {}),
            detail="未经准入交办，或者投诉查实" + ("，应由交办单位收回" if recalled else ""),
            detail_en="Asked without admission, or found on a complaint"
            + ("; who asked takes it back" if recalled else ""),
        )
    )  # fmt: skip


def unanswered(id: str) -> str:
    """The finding that something was not answered in time."""
    return f"{id}.unanswered"


def close_unanswered(desk: Desk, id: str) -> None:
    """It is answered by now: that it was late stays on record."""
    late = desk.unit.maybe(Finding, unanswered(id))
    if late is not None and late.closed_on is None:
        desk.unit.change(late, closed_on=desk.today)
