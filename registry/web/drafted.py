"""草稿 what the working drafts of packs and of lists share: whose they are, and which one is meant.

Why they live among the forms put aside: docs/decisions/0013-a-working-draft-is-a-form-put-aside.md.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from registry.actions.office import HIDDEN
from registry.actions.staff import aside as kept_forms
from registry.actions.staff.aside import Draft
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.web.serving import moved
from registry.web.shell import may
from registry.web.visit import Visit

STAMP = "stamp"
"""What the draft was when the form was opened: two tabs do not write over each other."""


class Working(Protocol):
    """草稿 of either kind."""

    @property
    def id(self) -> str:
        """Of the form put aside."""

    @property
    def stamp(self) -> str:
        """What tells this content from any other."""


W = TypeVar("W", bound=Working)


def kept(visit: Visit, form: str) -> list[Draft]:
    """Every draft of one kind that whoever asks has."""
    return [one for one in kept_forms.of(visit.office, visit.actor()) if one.form == form]


def meant(visit: Visit, act: str, drafts: Iterable[W]) -> W:
    """Of the drafts of whoever asks, the one that the address names.

    Raises:
        Refusal: ``access.hidden`` where they have none such.
    """
    wanted = visit.query.get("draft") or visit.field("draft")
    found = [one for one in drafts if one.id == wanted]
    if not found or not may(visit.office, visit.actor(), act):
        raise Refusal(HIDDEN)
    return found[0]


def overtaken(visit: Visit, work: Working) -> bool:
    """Whether the draft was changed since the form was opened, in another tab."""
    return visit.field(STAMP) != work.stamp


async def dropped(visit: Visit, opened: Callable[[Visit], Working], to: str) -> Any:
    """A draft that is not wanted any more."""
    work = await aside(opened, visit)
    await aside(kept_forms.drop, visit.office, visit.actor(), work.id)
    return moved(to)
