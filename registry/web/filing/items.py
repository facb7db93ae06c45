"""清单事项 the items of lists that a filing may say it is: those near its title first."""

from typing import Any, NamedTuple

from registry.actions.office import Answer, Desk
from registry.api.acts import EXPLAIN
from registry.domain.errors import Refusal
from registry.web.filing.paper import Paper
from registry.web.forms.choices import Option


class Shelf(NamedTuple):
    """一张清单, or those near the title."""

    title: str
    items: list[Option]


def shelves(paper: Paper, hints: Any) -> list[Shelf]:
    """What may be picked: near the title, then list by list as they stand today.

    Args:
        hints: the explanation of as much as was typed; ``None`` = nothing yet.
    """
    tongue = paper.visit.tongue
    near = [Option(n.item, f"{n.title}（{n.list_title}）") for n in hints.nearest] if hints else []
    found = [Shelf(tongue.t("filing.near"), _once(near))] if near else []
    return found + _lists(paper)


def _lists(paper: Paper) -> list[Shelf]:
    pair, kind = paper.visit.tongue.pair, paper.kind

    def verb(desk: Desk) -> Answer:
        desk.authorise("precheck.ask")
        on = desk.today
        return Answer(body=[
            Shelf(pair(one.title, one.title_en),
                  [Option(i.id, pair(i.title, i.title_en)) for i in one.items if i.in_force(on)])
            for one in desk.rulebook(on).lists.lists.values()
            if one.in_force(on) and (kind is None or kind in one.kinds)
        ])  # fmt: skip

    try:
        told: list[Shelf] = paper.visit.office.ask(
            paper.visit.call(paper.actor, EXPLAIN.act), verb
        ).body
    except Refusal:
        return []
    return [shelf for shelf in told if shelf.items]


def _once(options: list[Option]) -> list[Option]:
    return list({one.id: one for one in options}.values())
