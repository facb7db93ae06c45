"""牌子、机构询问入口 what is asked of boards and offices and is no record: how many, before and after."""

from registry.actions.office import Office
from registry.actions.walls import figures
from registry.api.asked import Asked
from registry.api.asking import Question, day, read_as
from registry.api.serving import COUNTY


def _figures(office: Office, asked: Asked) -> figures.WallFigures:
    given = {"area": asked.query.get("area"), "since": day(asked, "since"),
             "trend": asked.query.get("trend")}  # fmt: skip
    query = read_as(figures.FiguresQuery, {n: v for n, v in given.items() if v is not None})
    return figures.asked(office, asked.call(asked.actor(), "wall.read"), query)


WALL_QUESTIONS: tuple[Question, ...] = (
    Question(path="/walls/figures", id="walls.figures", zh="牌子、机构前后对比",
             en="Boards and offices, before and after", ask=_figures,
             answers=figures.WallFigures, module=figures,
             query=COUNTY | {"area", "since", "trend"}),
)  # fmt: skip
