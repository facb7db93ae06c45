"""看得见的范围 what scopes see of a table: whoever has no way to any row is told of none, and is no
error."""

import pytest
from sqlalchemy import select

from registry.actions.office import Office
from registry.domain.waiver import Waiver
from registry.store.listing import seen, table_of
from registry.store.visible import Scope
from tests.actions.decided import COUNTY

LYING = Scope(county=COUNTY, path="/a-990102000000/")
LET = Scope(county=COUNTY, projects=["project-of-a-letter"])


@pytest.mark.parametrize("each", [False, True], ids=["found by it", "held against it"])
@pytest.mark.parametrize("scopes", [[LYING], [LET], [LYING, LET]])
def test_whoever_has_no_way_to_a_row_is_told_of_none(
    office: Office, scopes: list[Scope], each: bool
) -> None:
    """An exception names neither a body nor a place: by an area or a letter nobody finds one."""
    sight = seen(table_of(Waiver), scopes, each=each)
    with office.store.reader.connect() as connection:
        asked = select(table_of(Waiver).c.id).where(sight.within)
        assert connection.execute(asked).all() == []
