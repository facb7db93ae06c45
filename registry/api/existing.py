"""存量询问入口 what is asked of the old stock and is no record: how much, before and after."""

from registry.actions.existing import figures
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY


def _figures(office: Office, asked: Asked) -> figures.ExistingFigures:
    area = asked.query.get("area")
    query = read_as(figures.FiguresQuery, {"area": area} if area is not None else {})
    return figures.asked(office, asked.call(asked.actor(), "existing.read"), query)


EXISTING_QUESTIONS: tuple[Question, ...] = (
    Question(path="/existing/figures", id="existing.figures", zh="存量清理前后对比",
             en="What was there before: before and after", ask=_figures,
             answers=figures.ExistingFigures, module=figures, query=COUNTY | {"area"}),
)  # fmt: skip
