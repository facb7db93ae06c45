"""试查清单 the next text of a list before it is proposed, and while it waits.

What is wrong with it, what it changes, which cases answer otherwise. Nothing is kept.
"""

from datetime import date

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rejudging.sampling import ACT, Sampled, tried
from registry.actions.rules import editions, packs
from registry.actions.rules.signing import county_paths
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal
from registry.domain.records import Wire
from registry.policies.drafting.diff import Change
from registry.policies.drafting.diff_text import diff_text
from registry.policies.drafting.problems import Problem


class TextTrial(Wire, frozen=True, kw_only=True):
    """清单试查结果."""

    problems: list[Problem]
    changes: list[Change]
    """Against the list as it stands today; empty where the text says the same."""
    cases: int = 0
    """Cases of the rules in force that were asked of the text."""
    otherwise: list[str] = []
    """Those that answer otherwise than they do today."""


def examined(office: Office, call: Call, matters: MatterList, first: date) -> TextTrial:
    """Everything about a text that can be told without a case on record.

    Raises:
        Refusal: ``access.forbidden``.
    """

    def verb(desk: Desk) -> Answer:
        desk.authorise(ACT, paths=county_paths(desk))
        current = desk.unit.maybe(MatterList, matters.id)
        before = None if current is None else editions.plain(current)
        asked, otherwise = _cases(desk, matters, max(first, desk.today))
        return Answer(body=TextTrial(
            problems=editions.problems_of(desk, matters),
            changes=diff_text(before, editions.plain(matters)), cases=asked, otherwise=otherwise,
        ))  # fmt: skip

    found: TextTrial = office.ask(call, verb).body
    return found


def _cases(desk: Desk, matters: MatterList, on: date) -> tuple[int, list[str]]:
    """How many cases the rules have, and which of them fail with the text and not without."""
    books, county = desk.office.rulebooks, desk.unit.county
    try:
        before, after = books.of(county, on), books.trial(county, matters, on)
    except Refusal:
        return 0, []
    own = before.overlay.packs[0]
    held = {f.case for f in packs.tried(own, before).failures}
    now = packs.tried(own, after)
    return now.cases, [f.case for f in now.failures if f.case not in held]


def simulated(office: Office, call: Call, matters: MatterList, first: date) -> Sampled:
    """The cases on record tried against a text.

    Raises:
        Refusal: ``access.forbidden``, ``pack.none``, ``simulation.busy``.
    """
    body = office.ask(call, lambda desk: Answer(body=tried(desk, matters, first, ACT))).body
    found: Sampled = body
    return found
