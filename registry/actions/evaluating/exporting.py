"""评价结果送交 the results of a period as one sheet, for the body that assesses and the county's office.

Whoever takes it is in the log; it is given to the unified assessment, and published to nobody.
"""

from collections.abc import Iterator

from registry.actions.evaluating.assessors import assessors
from registry.actions.evaluating.results import SCORED_ZH, Result, scored, weights
from registry.actions.evaluating.scoring import said, shown
from registry.actions.office import Answer, Desk, Office
from registry.domain.evaluating import RATER_ZH, Rater
from registry.domain.sheets import written

ACT = "evaluation.export"
_KEYS, _NAME = ("期间", "类别", "编号"), "名称"
_PART = ("{}", "{}权重(%)", "{}人数")


def take(desk: Desk, period: str) -> Answer:
    """送交: who took the results of which period.

    Raises:
        Refusal: ``access.forbidden``.
    """
    desk.authorise(ACT, owners=assessors(desk), paths=[desk.places.county().path])
    desk.note = {"period": period}
    return Answer(body=None)


def sheet(office: Office, county: str, period: str) -> bytes:
    """The results of a period as CSV, in the order of kinds and ids."""
    rule = weights(office, county, period)
    rows = scored(said(office.store.reader, county, period), rule, None)
    parts = [name.format(zh) for zh in RATER_ZH.values() for name in _PART]
    names = [*_KEYS, _NAME, "加权结果", *parts, "缺少", "计算方法"]
    return written(names, (list(_row(period, row)) for row in rows))


def _row(period: str, row: Result) -> Iterator[object]:
    score = row.score
    yield from (period, SCORED_ZH[row.kind], row.id, score.name, shown(score.value_tenths))
    told = {part.rater: part for part in score.parts}
    for rater in Rater:
        part = told.get(rater)
        yield from (
            (shown(part.value_tenths), part.weight, part.answers) if part else ("—", None, 0)
        )
    yield "、".join(RATER_ZH[rater] for rater in score.missing)
    yield score.formula
