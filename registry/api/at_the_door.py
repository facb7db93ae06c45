"""门口一览入口 one reading of what a community carries, for who works there and who answers for it."""

from registry.actions.burden import at_the_door
from registry.actions.burden.at_the_door import Door
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question
from registry.api.serving import COUNTY


def _door(office: Office, asked: Asked) -> Door:
    return at_the_door.door(office, asked.actor(), asked.id, asked.county)


AT_THE_DOOR: tuple[Question, ...] = (
    Question(path="/areas/{id}/door", id="areas.door",
             zh="门口一览：本社区的事项、出资、期限、可否不予承接、待办、牌子、可出具的证明",
             en="All that one community carries, owes and may decline, in one reading",
             ask=_door, answers=Door, module=at_the_door, query=COUNTY),
)  # fmt: skip
