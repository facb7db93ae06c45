"""救济询问入口 what is asked of refusals and is no record: the paper to hand over."""

from registry.actions.office import Office
from registry.actions.redress import papers
from registry.api.asked import Asked
from registry.api.asking import Question
from registry.api.serving import COUNTY


def _handed(office: Office, asked: Asked) -> papers.DecliningPaper:
    return papers.handed(office, asked.call(asked.actor(), "redress.read"), asked.id)


REDRESS_QUESTIONS: tuple[Question, ...] = (
    Question(path="/declinings/{id}/paper", id="declinings.paper",
             zh="不予承接告知书（JSON 或可打印文本）", en="The paper of a refusal: JSON, or text to print",
             ask=_handed, answers=papers.DecliningPaper, module=papers, query=COUNTY,
             page=papers.page),
)  # fmt: skip
