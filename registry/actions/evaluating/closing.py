"""评价截止 the round of codes is over: what was said becomes a satisfaction among the others."""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.office import Answer, Desk, Office
from registry.domain.evaluating import CodeRound, Rater, Satisfaction

Effect = Callable[[Desk], Answer]
METHOD = "一次性评价码"


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """One effect for each round whose last day is over."""
    for held in office.store.reader.find(
        CodeRound, county, before=("closes_on", today), closed=False
    ):
        yield "closed", _close(held.id)


def _close(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(CodeRound, id, lock=True)
        desk.about(held)
        if held.closed:
            return Answer(body=None)
        after = desk.unit.change(held, closed=True)
        if held.used:  # of what nobody answered there is nothing to say
            desk.unit.add(_said(desk, held))
        return Answer(body=after.id)

    return verb


def _said(desk: Desk, held: CodeRound) -> Satisfaction:
    return Satisfaction(
        county=held.county, id=f"{held.id}.said", rated=held.rated, subject_id=held.subject_id,
        subject=held.subject, organisation_id=held.organisation_id, area_path=held.area_path,
        rater=Rater.RESIDENTS, period=held.period, method=METHOD, counts=held.tally,
        asked=held.issued, round_id=held.id, recorded_on=desk.today,
    )  # fmt: skip
