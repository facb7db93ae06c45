"""首次启动 every county has a key before its first notice, so that a page published early knows it."""

from registry.actions.office import Call, Office
from registry.actions.ticking import system_actor
from registry.actions.vouching.keeping import make, standing
from registry.domain.areas import Area, AreaLevel


def make_where_missing(office: Office) -> None:
    """Make a key for each county that has none whose private half lies here."""
    reader = office.store.reader
    for county in reader.partitions():
        if reader.find(Area, county, level=AreaLevel.COUNTY) and not standing(office, county):
            call = Call(actor=system_actor(county), county=county, act="key.make")
            office.perform(call, make)
