"""草案 a working draft: the files of a pack that one person is writing, put aside until proposed.

Why it lives among the forms put aside: docs/decisions/0013-a-working-draft-is-a-form-put-aside.md.
"""

from collections.abc import Mapping
from typing import Any

from registry.actions.office import Call
from registry.actions.rules.trying import ACT
from registry.actions.staff import aside as kept_forms
from registry.api.serving import aside
from registry.domain.records import Wire
from registry.policies.drafting.settings import sections
from registry.policies.loader import digest_of
from registry.web import drafted
from registry.web.serving import Kind, shown
from registry.web.visit import Visit

AT = "/pack-drafts"
ONE = f"{AT}/one"
BASE = "_base"
"""Digest of the proposal that the draft began from: nobody writes over what came since."""
DRAFT = Kind(parameters=frozenset({"draft", "of", "line", "file", "section", "saved", "from"}))
SENT = Kind(parameters=DRAFT.parameters, again=True)
"""What was typed there is not lost where the session ends meanwhile."""
_SHOWN = 16
_TITLE = 200


class Work(Wire, frozen=True, kw_only=True):
    """草案."""

    id: str
    title: str
    base: str
    files: dict[str, str]

    @property
    def stamp(self) -> str:
        """What tells this content from any other."""
        return digest_of(self.files)[:_SHOWN]

    @property
    def identity(self) -> dict[str, str]:
        """Plain settings of [pack], as far as they can be read."""
        found = sections(self.files.get("pack.toml", ""))
        return {s.name: s.value for one in found if one.name == "pack" for s in one.plain}

    def at(self, word: str = "one") -> str:
        """Where a page of this draft is."""
        return f"{AT}/{word}?draft={self.id}"


def opened(visit: Visit) -> Work:
    """The draft that the address names, of whoever asks.

    Raises:
        Refusal: ``access.hidden`` where they have none such.
    """
    return drafted.meant(visit, ACT, all_of(visit))


def all_of(visit: Visit) -> list[Work]:
    """Every draft that whoever asks has."""
    return [
        _work(one.id, one.title, kept_forms.fields(one))
        for one in drafted.kept(visit, ONE)
    ]  # fmt: skip


def _work(id: str, title: str, fields: list[tuple[str, str]]) -> Work:
    told = dict(fields)
    return Work(id=id, title=title, base=told.pop(BASE, ""), files=told)


def keep(visit: Visit, files: Mapping[str, str], base: str, id: str | None = None) -> str:
    """Put a draft aside; answers its id.

    Raises:
        Refusal: ``form_draft.too_many``.
    """
    told = Work(id="", title="", base=base, files=dict(files)).identity
    title = visit.tongue.t("packs.draft_title", name=told.get("name") or told.get("id") or "—")
    fields = [(BASE, base), *sorted(files.items())]
    kept = kept_forms.Kept(id=id, form=ONE, title=title[:_TITLE], fields=fields)
    return kept_forms.put_aside(visit.office, visit.actor(), kept)


def call(visit: Visit) -> Call:
    """The trial of a draft as the office is asked for it."""
    return visit.call(visit.actor(), ACT)


def page(visit: Visit, work: Work, template: str, status: int = 200, **more: Any) -> Any:
    """A page of a draft."""
    told: dict[str, Any] = {"stale": False, "saved": visit.query.get("saved", "")}
    return shown(visit, f"packs/{template}", status=status, work=work, **told | more)


async def saved(visit: Visit, work: Work, name: str, text: str) -> None:
    """One file of a draft is otherwise."""
    files = work.files | {name: text}
    await aside(keep, visit, files, work.base, work.id)


async def dropped(visit: Visit) -> Any:
    """``POST /pack-drafts/drop``: it is not wanted any more."""
    return await drafted.dropped(visit, opened, "/packs")
