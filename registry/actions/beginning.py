"""启动条件 what an admitted matter still lacks before it may begin: asked of the gate that a start goes
through, of no rule of its own; nothing is recorded."""

from collections.abc import Iterable

from registry.actions.judging import ask_gate
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.presences import check_term, standing
from registry.domain.errors import Refusal
from registry.domain.presence import MOVES, Presence, admission_of
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Gate, Outcome

ACT = "presence.start"
MOST = 12
"""Matters that are asked about at once: each costs what its start would."""


class Lack(Wire, frozen=True):
    """所缺: why a start would be refused, and what would let it pass."""

    sentence: str
    sentence_en: str
    clause: str = ""
    remedy: str = ""
    remedy_en: str = ""


def lacking(
    office: Office, call: Call, places: Iterable[Presence]
) -> dict[str, tuple[Lack, ...]]:  # fmt: skip
    """Of each that waits for its start, by id, what is lacking today; nothing = it may begin.

    Args:
        places: read as the person reads them; what waits for no start is left out, and what comes
            after the first few that do.
    """
    waiting = [one for one in places if one.state in MOVES["start"]][:MOST]
    if not waiting:
        return {}

    def verb(desk: Desk) -> Answer:
        return Answer(body={one.id: _lacks(desk, one) for one in waiting})

    found: dict[str, tuple[Lack, ...]] = office.ask(call, verb).body
    return found


def _lacks(desk: Desk, presence: Presence) -> tuple[Lack, ...]:
    try:
        check_term(desk, presence)
        request = desk.unit.get(Request, admission_of(presence))
        state, measured = standing(desk, request, presence)
        verdict = ask_gate(desk, Gate.START, request, state=state, about=presence,
                           measured=measured)  # fmt: skip
    except Refusal as no:
        return (Lack(no.detail, no.detail_en),)
    if verdict.outcome is Outcome.ALLOWED:
        return ()
    return tuple(
        Lack(hit.sentence, hit.sentence_en, hit.clause, hit.remedy, hit.remedy_en)
        for hit in verdict.rules if hit.rule in verdict.deciding
    )  # fmt: skip
