"""组合申报 several matters on one paper: each is filled in by itself and kept aside beside the first;
the paper they go on has its title, applicant and letter, and no money or verdict of its own.
"""

import msgspec

from registry.actions.staff import aside as kept_forms
from registry.domain.filing import Filing
from registry.web.filing.paper import GROUPS, PATH, TITLE, WHOLE, Paper, of_group
from registry.web.shell import may
from registry.web.visit import Visit

COPIED = (*GROUPS["whom"], "letter")
"""What one more matter has from the first: who asks, of whom, where, by which letter."""
_LONGEST = 200


def parts_of(paper: Paper) -> list[Paper]:
    """The other matters of the paper, in the order in which they were begun."""
    held = kept_forms.of(paper.visit.office, paper.actor)
    mine = [d.id for d in held if (WHOLE, paper.id) in kept_forms.fields(d)]
    return [Paper(paper.visit, id) for id in sorted(mine)]


def another(paper: Paper) -> str:
    """One more matter of the same paper; the id under which it is kept aside."""
    given = {p: v for p, v in paper.given.items() if of_group(p, COPIED)}
    fields = [(name, one) for name, many in given.items() for one in many]
    title = paper.visit.tongue.t("filing.untitled")
    kept = kept_forms.Kept(form=PATH, title=title, fields=[*fields, (WHOLE, paper.id)])
    id = kept_forms.put_aside(paper.visit.office, paper.actor, kept)
    Paper(paper.visit, id).keep()
    return id


def cover(paper: Paper, filings: list[Filing]) -> Filing:
    """The paper itself: what all of them share; what each asks for stands in its own filing."""
    first, told = filings[0], paper.given.get(TITLE, [""])[0].strip()
    t = paper.visit.tongue.t
    title = told or t("filing.whole_of", title=first.title, count=len(filings))
    places = list(dict.fromkeys(place for one in filings for place in one.targets))
    return msgspec.structs.replace(
        first, title=title[:_LONGEST], targets=places, funding=[], conditions=[], powers=[],
        late=None, documents=[], list_item_id=None,
    )  # fmt: skip


def recorded_for(visit: Visit, filing: Filing) -> str | None:
    """代录: the organisation that asks, where it is none of the person's own and they may record
    for others; ``None`` = it is their own filing."""
    actor = visit.actor()
    own = {post.organisation_id for post in actor.posts}
    if filing.leading in own or not may(visit.office, actor, "request.record"):
        return None
    return filing.leading
