"""清单 lists of matters: what a community owes, may, or must not be asked."""

from datetime import date
from typing import Literal

from registry.domain.records import Record, Wire
from registry.domain.vocabulary import (
    GRADES_OFF,
    CommunityType,
    Grade,
    Kind,
    Polarity,
    Receiver,
    Role,
)


class ListItem(Wire, frozen=True, kw_only=True):
    """清单事项: one numbered line of a list, each field with its grade."""

    id: str
    title: str
    title_en: str = ""
    aliases: list[str] = []
    """Names printed in the instrument itself: they decide."""
    hints: list[str] = []
    """Our own suggestions of other wordings: they only send to a person."""
    section: str = ""
    """类 the class inside the list."""
    ground: str = ""
    """R1–R16 where the list bars something."""
    basis: str
    """Instrument and article."""
    department: str = ""
    department_grade: Grade = Grade.INFERRED
    role: Role | None = None
    receivers: list[Receiver] = []
    """Empty means the receivers of the list."""
    payer: Literal["", "entrusting", "government", "finance", "community"] = ""
    """Who pays by the text itself: it fixes the payer (F6); empty = the text is silent."""
    payer_note: str = ""
    """The payer in the text's own words."""
    cycle: str = ""
    """How often, as the list says."""
    evidence: str = ""
    """What shows that it was done."""
    verifier: str = ""
    """核验单位 who verifies instead, for a certificate."""
    verifier_grade: Grade = Grade.INFERRED
    purpose: str = ""
    """办理用途 what a certificate may be used for, as the list says; so the next three."""
    process: str = ""
    """办理流程."""
    form: str = ""
    """证明样式."""
    time_limit: str = ""
    """办理时限, e.g. 当场办结."""
    valid_from: date | None = None
    valid_to: date | None = None
    grade: Grade
    source: str
    """Where the fact was read (file section or address)."""
    note: str = ""

    @property
    def on(self) -> bool:
        """Whether the row may decide: its grade was read."""
        return self.grade not in GRADES_OFF

    def in_force(self, on: date) -> bool:
        """Whether the item stands on the list on that day (both ends inclusive)."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class MatterList(Record, frozen=True, kw_only=True):
    """清单: one dated list of one jurisdiction (``county`` holds the jurisdiction code)."""

    title: str
    title_en: str = ""
    polarity: Polarity
    kinds: list[Kind]
    receivers: list[Receiver] = []
    """Empty means every receiver."""
    community_type: CommunityType | None = None
    area: str = ""
    """Area path of the street or township whose list it is; empty = the whole jurisdiction."""
    year: int | None = None
    """年度 of an annual list: it answers for that civil year only."""
    statutory: bool = False
    """Each item rests on a statute of its own (法定事项)."""
    count_stated: int | None = None
    """Count the instrument states, where its items could not be read."""
    items_read: bool = True
    """False: a count-only list; any title against it goes to a person."""
    instrument: str
    document_number: str = ""
    published_on: date | None = None
    """公布日期; ``None`` = not read."""
    valid_from: date | None = None
    valid_to: date | None = None
    grade: Grade
    fictional: bool = False
    advisory: bool = False
    """别处规定: known from other places only; a hit sends to a person and never refuses."""
    source: str
    items: list[ListItem] = []

    def __post_init__(self) -> None:
        cancelled = self.polarity is Polarity.CANCELLED
        if cancelled and any(not item.ground for item in self.items):
            raise ValueError("an item of a cancelled list states its ground")

    def in_force(self, on: date) -> bool:
        """Whether the list is in force on that day (both ends inclusive)."""
        return (
            (self.year is None or self.year == on.year)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )
