"""负担 builders: matters laid into a community as admissions and stocktakes would leave them."""

from datetime import date
from typing import Any

from registry.actions.burden.weighing import Burden, BurdenQuery, burden
from registry.actions.office import Answer
from registry.domain.areas import Area
from registry.domain.existing import Legacy, Sheet, Stocktake
from registry.domain.presence import Presence, PresenceState
from registry.domain.vocabulary import Custody, Disclosure, Kind, Receiver
from tests.actions import case
from tests.actions.case import Hands

PATHS = {case.HERE: "o-990102001001", "a-990102001002": "o-990102001002",
         "a-990102002001": "o-990102002001"}  # fmt: skip


def laid(hand: Hands, id: str, area: str = case.HERE, **fields: Any) -> Presence:
    """A matter that is there."""
    person = hand("county.head")
    held = person.office.store.reader.get(Area, person.county, area)
    made = Presence(**{
        "county": person.county, "id": id, "request_id": f"req-{id}", "kind": Kind.TASK,
        "title": f"演示事项{id}", "area_id": area, "area_path": held.path,
        "receiver": Receiver.RESIDENTS_COMMITTEE, "organisation_id": PATHS[area],
        "custody": Custody.STREET_CUSTODY, "state": PresenceState.ACTIVE,
        "disclosure": Disclosure.OPEN, "department_id": "o-990102-civil", **fields,
    })  # fmt: skip
    kept: Presence = person.do(lambda d: Answer(body=d.unit.add(made)))
    return kept


def legacy(hand: Hands, id: str, area: str = case.HERE, **fields: Any) -> Presence:
    """A matter that was there before the registry."""
    was = Legacy(sheet=Sheet.ITEMS, row_key=id, stocktake_id="stk",
                 **{k: fields.pop(k) for k in ("since", "times_a_year") if k in fields}
                 )  # fmt: skip
    more = {"request_id": None, "state": PresenceState.LEGACY, "legacy": was, **fields}
    return laid(hand, id, area, **more)


def stocktake(hand: Hands, on: date) -> None:
    """存量登记 of a day."""
    person = hand("county.head")
    taken = Stocktake(
        county=person.county, id="stk", sheet=Sheet.ITEMS, organisation_id="o", person_id="p",
        file_name="存量.csv", sha256="0" * 64, taken_on=on, rows=1, added=1, known=0,
    )  # fmt: skip
    person.do(lambda d: Answer(body=d.unit.add(taken)))


def weighed(hand: Hands, by: str, **query: Any) -> Burden:
    """What a person reads of the burden."""
    person = hand(by)
    return burden(person.office, person.actor, BurdenQuery(**query))


def of(told: Burden, area: str = case.HERE) -> dict[str, int]:
    """The figures of one community."""
    return next(item.values for item in told.items if item.area_id == area)
