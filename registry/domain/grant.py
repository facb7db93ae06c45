"""准予范围 an approval that gives less than was asked: fewer areas, shorter, less money (P13)."""

from datetime import date

from registry.domain.records import Fen, Ident, Wire


class Grant(Wire, frozen=True, kw_only=True):
    """准予范围 of an approval that gives less than was asked (P13); empty = as asked."""

    areas: list[Ident] = []
    """Ids of the areas admitted, each asked for or below one that was."""
    starts_on: date | None = None
    ends_on: date | None = None
    funding: dict[Ident, Fen] = {}
    """分 by funding line; a line not named stays as asked."""

    @property
    def whole(self) -> bool:
        """Whether everything asked for is given."""
        return not (self.areas or self.starts_on or self.ends_on or self.funding)
