"""评价截止 the round of codes is over: what was said becomes a satisfaction among the others."""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.evaluating.codes import shown
from registry.actions.office import Answer, Desk, Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import CodeRound, Rater, Satisfaction

Effect = Callable[[Desk], Answer]
OVER = declare(
    "code_round.closed", RefusalKind.CONFLICT, "这一批评价码已经截止", "The round is over already."
)
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
        return Answer(body=(held if held.closed else _closed(desk, held)).id)

    return verb


def close(desk: Desk, id: str, version: int | None) -> Answer:
    """提前截止: the body that issued the codes, or its street for it, ends the round today. From
    then on a code answers that it is closed.

    Raises:
        Refusal: ``code_round.closed``.
    """
    held = desk.unit.get(CodeRound, id, lock=True)
    desk.about(held)
    desk.authorise("code_round.close", owners=[held.organisation_id], paths=[held.area_path])
    if held.closed:
        raise Refusal(OVER)
    desk.check_version(held, version)
    after = _closed(desk, held)
    return Answer(body=shown(after), version=after.version)


def _closed(desk: Desk, held: CodeRound) -> CodeRound:
    if held.used:  # of what nobody answered there is nothing to say
        desk.unit.add(_said(desk, held))
    return desk.unit.change(held, closed=True)


def _said(desk: Desk, held: CodeRound) -> Satisfaction:
    return Satisfaction(
        county=held.county, id=f"{held.id}.said", rated=held.rated, subject_id=held.subject_id,
        subject=held.subject, organisation_id=held.organisation_id, area_path=held.area_path,
        rater=Rater.RESIDENTS, period=held.period, method=METHOD, counts=held.tally,
        asked=held.issued, round_id=held.id, recorded_on=desk.today,
    )  # fmt: skip
