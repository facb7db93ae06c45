"""清单草稿 a working text of a list: one person's, put aside until it is proposed.

Why it lives among the forms put aside: docs/decisions/0013-a-working-draft-is-a-form-put-aside.md.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec

from registry.actions.office import Call
from registry.actions.rejudging.sampling import ACT as TRIES
from registry.actions.staff import aside as kept_forms
from registry.api.serving import aside
from registry.domain.catalogue import MatterList
from registry.domain.edition import ListEdition
from registry.domain.records import Wire, civil
from registry.policies.drafting.matter_text import MatterText, read, text_of
from registry.policies.drafting.problems import Problem
from registry.web import drafted
from registry.web.serving import Kind, shown
from registry.web.visit import Visit

ACT = "list.propose"
AT = "/list-drafts"
ONE = f"{AT}/one"
DRAFT = Kind(parameters=frozenset({"draft", "row", "from", "q", "saved"}))
SENT = Kind(parameters=DRAFT.parameters, again=True)
_SHOWN = 16
_TITLE = 200


class Work(Wire, frozen=True, kw_only=True):
    """清单草稿 as it is put aside."""

    id: str = ""
    title: str = ""
    county: str
    base: int | None = None
    """Version of the list it is written over; ``None`` = the list is new."""
    first: str = ""
    """First day, as it was typed."""
    edition: str = ""
    """Which proposal it began from, and which version of it: nobody writes over what came since."""
    area: str = ""
    text: MatterText

    @property
    def stamp(self) -> str:
        """What tells this content from any other."""
        told = (self.base, self.first, self.edition, self.text)
        return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:_SHOWN]

    def at(self, word: str = "one") -> str:
        """Where a page of this draft is."""
        return f"{AT}/{word}?draft={self.id}"

    def read(self) -> tuple[MatterList | None, list[Problem]]:
        """The text as a list, or every cell that cannot be read."""
        found, wrong = read(self.text, self.county)
        if found is not None and self.area:
            found = msgspec.structs.replace(found, area=self.area)
        return found, wrong

    def day(self, visit: Visit) -> date:
        """The first day, today where none is typed yet."""
        try:
            return date.fromisoformat(self.first)
        except ValueError:
            return civil(visit.office.clock())


def opened(visit: Visit) -> Work:
    """The draft that the address names, of whoever asks.

    Raises:
        Refusal: ``access.hidden`` where they have none such.
    """
    return drafted.meant(visit, ACT, all_of(visit))


def all_of(visit: Visit) -> list[Work]:
    """Every draft that whoever asks has."""
    return [
        msgspec.structs.replace(_work(dict(kept_forms.fields(one))), id=one.id, title=one.title)
        for one in drafted.kept(visit, ONE)
    ]  # fmt: skip


def _work(fields: Mapping[str, str]) -> Work:
    return msgspec.json.decode(fields["work"], type=Work)


def keep(visit: Visit, work: Work) -> str:
    """Put a draft aside; answers its id.

    Raises:
        Refusal: ``form_draft.too_many``.
    """
    name = work.text.head.get("title") or work.text.head.get("id") or "—"
    title = visit.tongue.t("lists.draft_title", name=name)[:_TITLE]
    fields = [("work", msgspec.json.encode(work).decode())]
    kept = kept_forms.Kept(id=work.id or None, form=ONE, title=title, fields=fields)
    return kept_forms.put_aside(visit.office, visit.actor(), kept)


def begun(visit: Visit, one: MatterList, edition: ListEdition | None = None) -> Work:
    """A draft of the next text of a list, or of one that somebody proposed."""
    held = visit.office.store.reader.get(MatterList, one.county, one.id)
    return Work(
        county=one.county, base=held.version if held else None, area=one.area, text=text_of(one),
        edition=mark(edition), first=edition.effective_from.isoformat() if edition else "",
    )  # fmt: skip


def mark(edition: ListEdition | None) -> str:
    """Which proposal, and which version of it."""
    return f"{edition.id}:{edition.version}" if edition is not None else ""


def call(visit: Visit) -> Call:
    """The trial of a draft as the office is asked for it."""
    return visit.call(visit.actor(), TRIES)


def page(visit: Visit, work: Work, template: str, status: int = 200, **more: Any) -> Any:
    """A page of a draft."""
    told: dict[str, Any] = {"stale": False, "saved": visit.query.get("saved", "")}
    return shown(visit, f"lists/{template}", status=status, work=work, **told | more)


async def saved(visit: Visit, work: Work, text: MatterText) -> None:
    """The text of a draft is otherwise."""
    await aside(keep, visit, msgspec.structs.replace(work, text=text))


async def dropped(visit: Visit) -> Any:
    """``POST /list-drafts/drop``: it is not wanted any more."""
    return await drafted.dropped(visit, opened, "/lists")
