"""附件 on what concerns people and bodies: reorganisations, handovers and delegations.

Who may read the record reads its files, and whoever else reads documents does not; who may do the
act adds to them.
"""

from typing import Any

import pytest

from registry.actions import attaching, reading
from registry.actions.attaching import AttachCommand
from registry.actions.office import Call, Office
from registry.actions.reading import ListQuery
from registry.domain.document import Document, DocumentType
from registry.domain.errors import Refusal
from registry.domain.people import Person
from registry.domain.records import Record
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.actions.reorganised import COUNTY, carried_out
from tests.actions.standing_in import CIVIL, lend
from tests.actions.test_handover import handed
from tests.conftest import Hand

PAPER = b"%PDF-1.7 signed"
HEIR = "person-dept.head"


def hung(hand: Hands, by: str, kind: str, record: Record) -> Document:
    """One file on a record, as its act leaves it."""
    who = hand(by)
    command = AttachCommand(
        parent_kind=kind, parent_id=record.id, type=DocumentType.AUTHORISATION,
        name="签字盖章件.pdf", not_secret=True,
    )  # fmt: skip
    call = Call(actor=who.actor, county=COUNTY, act="document.upload")
    stored = attaching.keep(who.office, call, command, PAPER)
    made: Document = who.do(lambda d: attaching.attach(d, command, stored))
    return made


def reads(hand: Hands, by: str, document: Document) -> bool:
    """Whether somebody opens the file; by its list, by itself and by its parent it is the same."""
    who = hand(by)
    told = []
    for equals in ({}, {"parent_kind": document.parent_kind, "parent_id": document.parent_id}):
        try:
            page = reading.page(
                who.office, who.actor, Document, ListQuery(limit=500, equals=equals)
            )
            told.append(document.id in [d.id for d in page.items])
        except Refusal as refusal:
            assert refusal.code == "access.reading"
            told.append(False)
    try:
        told.append(attaching.content(who.office, who.actor, document.id)[1] == PAPER)
    except Refusal as refusal:
        assert refusal.code in ("access.hidden", "access.reading")
        told.append(False)
    assert len(set(told)) == 1, (by, told)
    return told[0]


def reads_record(hand: Hands, by: str, record: Record) -> bool:
    who: Hand = hand(by)
    try:
        return bool(reading.one(who.office, who.actor, type(record), record.id))
    except Refusal:
        return False


def made(hand: Hands, kind: str) -> tuple[Record, str]:
    """A record of the kind, and who hangs a file on it."""
    if kind == "handover":
        return handed(hand, to=HEIR), "dept.head"
    if kind == "delegation":
        given = lend(hand, "dept.head", "dept.clerk", "request.submit", role="dept.head", of=CIVIL)
        return given, "dept.head"
    body = {"id": CIVIL, "name": "演示县民政和社会事务局"}
    change = {"kind": "rename", "object_kind": "organisation", "sources": [CIVIL]}
    return carried_out(hand, **change, successors=[body]), "county.head"


KINDS = ("handover", "delegation", "reorganisation")


@pytest.mark.parametrize("kind", KINDS)
def test_who_reads_the_record_reads_its_file_and_nobody_else_does(
    one_hand: Hands, one_office: Office, kind: str
) -> None:
    record, by = made(one_hand, kind)
    document = hung(one_hand, by, kind, record)
    people = one_office.store.reader.find(Person, COUNTY)
    told = {p.username: reads(one_hand, p.username, document) for p in people}
    assert told == {p.username: reads_record(one_hand, p.username, record) for p in people}
    assert told[by] and (kind == "reorganisation" or not all(told.values()))


@pytest.mark.parametrize(
    ("kind", "outsiders"),
    [("handover", ("finance.clerk", "street.head", "audit.admin")),
     ("delegation", ("county.office", "finance.head", "sys.admin"))],
)  # fmt: skip
def test_reading_every_case_of_the_county_opens_no_file_about_its_people(
    one_hand: Hands, kind: str, outsiders: tuple[str, ...]
) -> None:
    record, by = made(one_hand, kind)
    document = hung(one_hand, by, kind, record)
    assert [who for who in outsiders if reads(one_hand, who, document)] == []


@pytest.mark.parametrize(
    ("kind", "by", "code"),
    [("handover", "auditor", "access.forbidden"), ("handover", "street.head", "access.hidden"),
     ("delegation", "dept.clerk", "access.forbidden"),
     ("delegation", "street.head", "access.hidden"),
     ("reorganisation", "county.office", "access.forbidden"),
     ("reorganisation", "dept.head", "access.forbidden")],
)  # fmt: skip
def test_nobody_adds_to_the_papers_of_an_act_that_is_not_theirs(
    one_hand: Hands, kind: str, by: str, code: str
) -> None:
    record, _ = made(one_hand, kind)
    with refused(code):
        hung(one_hand, by, kind, record)


def test_the_head_adds_to_what_a_colleague_lent(one_hand: Hands) -> None:
    given: Any = lend(one_hand, "street.clerk", "street.head", "task.examine", role="street.clerk")
    document = hung(one_hand, "street.head", "delegation", given)
    assert reads(one_hand, "street.clerk", document)
    assert document.request_id == "" and document.organisation_id is None
