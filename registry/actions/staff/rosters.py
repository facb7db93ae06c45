"""花名册 organisations, people and posts from sheets: added, corrected, ended; all or nothing.

A sheet is CSV or a workbook. Every bad cell is told at once, and nothing of a bad sheet is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from registry.actions.importing import area_id
from registry.actions.office import Answer, Desk
from registry.actions.places import above
from registry.actions.rules.signing import county_paths
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.actions.staff.incompatible import clashing, longer
from registry.actions.staff.roster_words import taken
from registry.actions.staff.staffing import MACHINE
from registry.domain.approval import Task
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.labelled_sheets import is_labelled, starred
from registry.domain.people import Organisation, Person, Post
from registry.domain.people_sheets import (
    COLUMNS,
    LABELS,
    OrganisationRow,
    PersonRow,
    PostRow,
    read_organisations_csv,
    read_people_csv,
    read_posts_csv,
)
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire
from registry.domain.request import Request
from registry.domain.sheets import CellError, sheet_row
from registry.policies.apart import term_of

Roster = Literal["organisations", "people", "posts"]
Row = OrganisationRow | PersonRow | PostRow
ROSTERS: tuple[Roster, ...] = ("organisations", "people", "posts")
_R = TypeVar("_R", bound=Record)


class RosterSheet(NamedTuple):
    """花名册 as it was read."""

    rows: Sequence[Row]
    chinese: bool = False
    """Whether its columns are called as the template heads them."""


class Imported(Wire, frozen=True, kw_only=True):
    """导入结果: rows by what became of them, and the accounts that are new."""

    added: int = 0
    changed: int = 0
    same: int = 0
    accounts: list[str] = []
    """User names that are new: they cannot sign in before they are given a password."""


class _Told(NamedTuple):
    zh: str
    en: str


_OTHER_COUNTY = _Told("不属于本县（市、区）", "not of this county")
_RENAMED = _Told(
    "单位已有案件，改名须办理机构变动", "it has cases: a new name needs a reorganisation"
)
_ENDED = _Told("单位撤并须办理机构变动", "a body ends by a reorganisation")
_NO_AREA = _Told("没有这个区划", "no such area")
_NO_BODY = _Told("没有这个单位", "no such organisation")
_NO_PERSON = _Told("没有这个用户名", "no such user name")
_NO_ROLE = _Told("没有这个岗位", "no such post")
_TAKEN = _Told("用户名已由外县使用", "the user name is taken in another county")


_READ: dict[Roster, Callable[..., tuple[Sequence[Row], list[CellError]]]] = {
    "organisations": read_organisations_csv, "people": read_people_csv, "posts": read_posts_csv,
}  # fmt: skip


def read_roster(kind: Roster, name: str, data: bytes) -> RosterSheet:
    """The rows of a sheet, its columns and words as the template has them or as the API names them.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv(name, data)
    words = taken([one for part in COLUMNS[kind] for one in part])
    rows, errors = _READ[kind](text, row_limit=LIMIT_ROWS, words=words)
    sheet_refused(errors)
    return RosterSheet(rows, is_labelled(text, starred(LABELS[kind])))


def import_roster(
    desk: Desk, kind: Roster, sheet: RosterSheet, hashes: Mapping[str, str] | None = None
) -> Answer:
    """花名册导入.

    Args:
        hashes: argon2id of the first password of new accounts, by user name; made before the act,
            for hashing takes its time. Without one the account cannot sign in yet.

    Raises:
        Refusal: ``import.cells``, and no row of the sheet is kept.
    """
    roster = _Roster(desk, hashes or {}, LABELS[kind] if sheet.chinese else {})
    desk.authorise(ACT[kind], paths=county_paths(desk))
    for index, row in enumerate(sheet.rows):
        roster.take(row, sheet_row(index))
    roster.weigh()
    sheet_refused(roster.errors)
    counts = {word: roster.became.count(word) for word in ("added", "changed", "same")}
    told = Imported(**counts, accounts=roster.accounts)
    desk.note = dict(counts)
    return Answer(body=told)


ACT: dict[Roster, str] = {
    "organisations": "organisation.import", "people": "person.create", "posts": "post.grant",
}  # fmt: skip


class _Roster:
    """一张表 on its way in: what became of each row, and every bad cell."""

    def __init__(self, desk: Desk, hashes: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self._desk, self._hashes, self._labels = desk, hashes, labels
        self.errors: list[CellError] = []
        self.became: list[str] = []
        self.accounts: list[str] = []
        self._given: list[tuple[str, int, Post]] = []

    def take(self, row: Row, number: int) -> None:
        """One row: kept, or its faults."""
        if isinstance(row, OrganisationRow):
            self._organisation(row, number)
        elif isinstance(row, PersonRow):
            self._person(row, number)
        else:
            self._post(row, number)

    def weigh(self) -> None:
        """Every post given for new days, once the whole sheet is in: what a later row ends stands
        in no earlier one's way."""
        if self.errors:
            return
        for person_id, number, post in sorted(self._given, key=lambda given: given[:2]):
            found = clashing(self._desk, person_id, term_of(post))
            if found is not None:
                why = _Told(f"{found.line.zh}（{found.other}）", f"{found.line.en} ({found.other})")
                self._bad(number, "role", why)

    def _bad(self, number: int, column: str, told: _Told) -> None:
        named = self._labels.get(column, column)
        self.errors.append(CellError(row=number, column=named, message=told.zh, message_en=told.en))

    def _organisation(self, row: OrganisationRow, number: int) -> None:
        unit = self._desk.unit
        if row.county != unit.county:
            return self._bad(number, "county", _OTHER_COUNTY)
        area = self._known(row.area_code)
        if area is None:
            return self._bad(number, "area_code", _NO_AREA)
        fields = {n: v for n, v in msgspec.structs.asdict(row).items() if n != "area_code"}
        made = Organisation(**fields, area_id=area)
        held = unit.maybe(Organisation, row.id)
        if held is not None and held.valid_to != made.valid_to:
            return self._bad(number, "valid_to", _ENDED)
        if held is not None and held.name != made.name and self._on_paper(held):
            return self._bad(number, "name", _RENAMED)
        self._keep(held, made)
        return None

    def _person(self, row: PersonRow, number: int) -> None:
        desk = self._desk
        if row.county != desk.unit.county:
            return self._bad(number, "county", _OTHER_COUNTY)
        held = desk.office.store.reader.person_named(row.username)
        if held is not None and held.county != row.county:
            return self._bad(number, "username", _TAKEN)
        if held is not None:
            self._keep(held, msgspec.structs.replace(held, name=row.name))
            return None
        secret = self._hashes.get(row.username, "")
        person = Person(
            county=row.county, id=desk.id("psn"), name=row.name, username=row.username,
            password_hash=secret, must_change=True, valid_from=desk.today,
        )  # fmt: skip
        self.accounts.append(row.username)
        self._keep(None, person)
        return None

    def _post(self, row: PostRow, number: int) -> None:
        desk = self._desk
        person = desk.office.store.reader.person_named(row.username)
        area = self._known(row.area_code)
        if person is None or person.county != desk.unit.county:
            self._bad(number, "username", _NO_PERSON)
        if not self._body(row.organisation_id):
            self._bad(number, "organisation_id", _NO_BODY)
        if area is None:
            self._bad(number, "area_code", _NO_AREA)
        if row.role in MACHINE or row.role not in desk.office.access.roles:
            self._bad(number, "role", _NO_ROLE)
        if person is None or area is None or self.errors:
            return
        where: dict[str, Any] = {"person_id": person.id, "organisation_id": row.organisation_id}
        same = [
            p for p in desk.unit.find(Post, **where)
            if (p.area_id, p.role, p.valid_from) == (area, row.role, row.valid_from)
        ]  # fmt: skip
        made = Post(
            county=desk.unit.county, id=same[0].id if same else desk.id("pst"), area_id=area,
            role=row.role, valid_from=row.valid_from, valid_to=row.valid_to, **where,
        )  # fmt: skip
        self._keep(same[0] if same else None, made)
        if not same or longer(same[0], made):
            self._given.append((person.id, number, made))

    def _keep(self, held: _R | None, made: _R) -> None:
        if held is None:
            self._desk.unit.add(made)
            self.became.append("added")
            return
        key = ("county", "id", "version")
        fields = {n: getattr(made, n) for n in made.__struct_fields__ if n not in key}
        if all(getattr(held, n) == v for n, v in fields.items()):
            self.became.append("same")
            return
        self._desk.unit.change(held, **fields)
        self.became.append("changed")

    def _known(self, code: str) -> str | None:
        try:
            return self._desk.places.area(code, self._desk.today).id
        except Refusal:
            id = area_id(code)
            return id if self._above(id) else None

    def _above(self, id: str) -> bool:
        """Whether it is a place of the jurisdictions above the county."""
        reader = self._desk.office.store.reader
        return any(reader.get(Area, c, id) is not None for c in above(self._desk.unit.county)[1:])

    def _body(self, id: str) -> bool:
        try:
            return self._desk.places.organisation(id).in_force(self._desk.today)
        except Refusal:
            return False

    def _on_paper(self, held: Organisation) -> bool:
        """Whether anything on record names it: then its name is no slip of a sheet any more."""
        unit = self._desk.unit
        return bool(
            unit.find(Request, applicant_id=held.id)
            or unit.find(Task, organisation_id=held.id)
            or unit.find(Presence, organisation_id=held.id)
        )
