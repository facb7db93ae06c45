"""门口一览入口 one reading of what a community carries, for who works there and who answers for it."""

from registry.actions.burden import at_the_door, this_month
from registry.actions.burden.at_the_door import Door
from registry.actions.burden.portions import Portion, Sought, portion_of
from registry.actions.burden.reads import Read
from registry.actions.burden.this_month import MonthOf, MonthQuery, month_of
from registry.actions.office import Office
from registry.actions.telephoning import checking
from registry.actions.telephoning.checking import CallPage
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY

_PART = {"after", "limit"}


def _part(office: Office, asked: Asked) -> tuple[Read, Portion | None]:
    """Which of the matters are asked for; ``None`` = all of them."""
    actor = asked.actor()
    county = asked.county or actor.county
    read = Read(office, actor, county)
    said = {name: value for name, value in asked.query.items() if name in _PART}
    if not said:
        return read, None
    area = at_the_door.area_of(office, actor, asked.id, county)
    return read, portion_of(read, area, read_as(Sought, said))


def _door(office: Office, asked: Asked) -> Door:
    read, portion = _part(office, asked)
    return at_the_door.door(
        office, asked.actor(), asked.id, asked.county, read=read, portion=portion
    )  # fmt: skip


def _calls(office: Office, asked: Asked) -> CallPage:
    return checking.entries(office, asked.actor(), asked.id, asked.county)


def _month(office: Office, asked: Asked) -> MonthOf:
    read, portion = _part(office, asked)
    given = {"area": asked.id, "county": asked.county, "month": asked.query.get("month")}
    query = read_as(MonthQuery, {name: value for name, value in given.items() if value})
    return month_of(office, asked.actor(), query, read=read, portion=portion)


AT_THE_DOOR: tuple[Question, ...] = (
    Question(path="/areas/{id}/door", id="areas.door",
             zh="门口一览：本社区的事项、出资、期限、可否不予承接、待办、牌子、可出具的证明",
             en="All that one community carries, owes and may decline, in one reading",
             ask=_door, answers=Door, module=at_the_door, query=COUNTY | _PART),
    Question(path="/areas/{id}/month", id="areas.month",
             zh="本月要做的：本社区当月的事项、期限、应到经费", ask=_month, answers=MonthOf,
             en="What one community is to do in a month, by the day it is due, with its money",
             module=this_month, query=COUNTY | _PART | {"month"}),
    Question(path="/areas/{id}/telephone-entries", id="areas.telephone_entries",
             zh="电话代录：街道以本社区名义代录的事项，社区是否核对；可以来电的人",
             en="What the street entered for a community by telephone, and whether it was checked",
             ask=_calls, answers=CallPage, module=checking, query=COUNTY),
)  # fmt: skip
