"""门口一览入口 one reading of what a community carries, for who works there and who answers for it."""

from registry.actions.burden import at_the_door, this_month
from registry.actions.burden.at_the_door import Door
from registry.actions.burden.this_month import MonthOf, MonthQuery, month_of
from registry.actions.office import Office
from registry.actions.telephoning import checking
from registry.actions.telephoning.checking import CallPage
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY


def _door(office: Office, asked: Asked) -> Door:
    return at_the_door.door(office, asked.actor(), asked.id, asked.county)


def _calls(office: Office, asked: Asked) -> CallPage:
    return checking.entries(office, asked.actor(), asked.id, asked.county)


def _month(office: Office, asked: Asked) -> MonthOf:
    given = {"area": asked.id, "county": asked.county, **asked.query}
    return month_of(office, asked.actor(), read_as(MonthQuery, given))


AT_THE_DOOR: tuple[Question, ...] = (
    Question(path="/areas/{id}/door", id="areas.door",
             zh="门口一览：本社区的事项、出资、期限、可否不予承接、待办、牌子、可出具的证明",
             en="All that one community carries, owes and may decline, in one reading",
             ask=_door, answers=Door, module=at_the_door, query=COUNTY),
    Question(path="/areas/{id}/month", id="areas.month",
             zh="本月要做的：本社区当月的事项、期限、应到经费", ask=_month, answers=MonthOf,
             en="What one community is to do in a month, by the day it is due, with its money",
             module=this_month, query=COUNTY | {"month"}),
    Question(path="/areas/{id}/telephone-entries", id="areas.telephone_entries",
             zh="电话代录：街道以本社区名义代录的事项，社区是否核对；可以来电的人",
             en="What the street entered for a community by telephone, and whether it was checked",
             ask=_calls, answers=CallPage, module=checking, query=COUNTY),
)  # fmt: skip
