"""文号流水 the numbers that decisions have taken."""

from registry.domain.records import Record


class Serial(Record, frozen=True, kw_only=True):
    """文号流水: one number taken; a number is never given twice, even after 作废."""

    series: str
    year: int
    serial: int
    number: str
    object_id: str
