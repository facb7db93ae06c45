"""带走: on a letter its units, its topic and its papers alone leave; what leaves is on record."""

import csv
import io
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.actions.attaching import AttachCommand
from registry.actions.exporting import making
from registry.actions.exporting.asking import SqlCommand, answered
from registry.actions.exporting.ground import READ_AS, ground
from registry.actions.exporting.jobs import Jobs
from registry.actions.exporting.making import Order, make, record
from registry.actions.office import Office
from registry.actions.readlog import reading_back
from registry.actions.readlog.gathering import read_log
from registry.actions.readlog.reading_back import ReadQuery
from registry.actions.seeding import person_actor
from registry.actions.seeing import SHARED
from registry.api.exporting import sheets, shown
from registry.domain.document import DocumentType
from registry.domain.exporting import Form
from registry.domain.people import Actor
from registry.domain.request import Request
from registry.policies.topics import TOPICS
from registry.store import readings
from tests.actions import case
from tests.actions.audited import letter, opened
from tests.actions.case import Hands, attached
from tests.actions.refused import refused
from tests.actions.test_audit_projects import neighbour
from tests.conftest import MovingClock

COUNTY, ROOT = "990102", Path(__file__).parents[2]


def who(office: Office, name: str = "inspector") -> Actor:
    return person_actor(office, name)


def by(office: Office, name: str = "inspector") -> Any:
    actor = who(office, name)
    return ground(office, COUNTY, None, sheets())._replace(actor=actor, shown=shown())


def with_paper(hand: Hands) -> tuple[Request, bytes]:
    """An admitted case in the community, with one paper."""
    request = case.admitted(hand)
    content = b"%PDF-1.4 the letter of the case"
    told = AttachCommand(
        parent_kind="request", parent_id=request.id, type=DocumentType.LETTER,
        name="来文.pdf", not_secret=True,
    )  # fmt: skip
    attached(hand, "dept.clerk", told, content)
    return request, content


def test_the_package_on_a_letter_holds_its_topic_and_its_papers_by_number(
    one_hand: Hands, tmp_path: Path
) -> None:
    request, content = with_paper(one_hand)
    letter(one_hand)
    office = one_hand("auditor").office
    file = tmp_path / "letter.zip"
    made = make(by(office), Order(Form.PACKAGE), file)
    assert made.rows
    checked = subprocess.run(
        [sys.executable, ROOT / "verify.py", file], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr.decode()
    with zipfile.ZipFile(file) as held:
        names = set(held.namelist())
        listed = held.read("documents.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(listed)))
        papers = {row["文件"]: held.read(row["文件"]) for row in rows}
        (tmp_path / "audit.db").write_bytes(held.read("audit.db"))
    assert [row["序号"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert content in papers.values()
    assert {n for n in names if n.startswith("attachments/")} == set(papers)
    assert {"rows/request.jsonl", "tables/decisions.csv", "tables/presences.csv"} <= names
    money = {
        "voucher",
        "voucher_line",
        "expenditure",
        "payment",
        "finding",
        "finding_step",
        "board",
    }
    assert not {f"rows/{table}.jsonl" for table in money} & names
    with sqlite3.connect(tmp_path / "audit.db") as database:
        assert database.execute("SELECT id FROM requests").fetchall() == [(request.id,)]
        for table in ("vouchers", "vouchers_versions", "findings", "boards"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_topic_takes_away_what_it_lets_be_read_and_nothing_else(
    one_hand: Hands, topic: str
) -> None:
    letter(one_hand, topic=topic)
    of = by(one_hand("auditor").office)
    seen = {sheet.record for sheet in of.sheets.values() if of.scopes(sheet.record)}
    acts = {kind: READ_AS[kind] for kind in seen if kind not in SHARED}
    lets = TOPICS[topic].acts | {"audit_project.read", "complaint.read"}
    assert {act for act in acts.values() if act not in lets} == set()
    assert set(acts.values()) & TOPICS[topic].acts


def test_of_another_community_nothing_leaves(one_hand: Hands, tmp_path: Path) -> None:
    with_paper(one_hand)
    letter(one_hand, units=["o-990102001002"])
    office = one_hand("auditor").office
    of = by(office)
    file = tmp_path / "requests.csv"
    assert make(of, Order(Form.CSV, "requests"), file).rows == 0


def test_without_a_letter_or_after_it_nothing_is_taken_away(
    one_hand: Hands, clock: MovingClock
) -> None:
    office = one_hand("auditor").office
    with refused("access.reading"):
        making.allowed(by(office), who(office))
    letter(one_hand)
    making.allowed(by(office), who(office))
    jobs = Jobs(office)
    job = jobs.begin(by(office), who(office), Order(Form.AUDIT_DB))
    jobs.close()
    assert jobs.file(who(office), job.id)[1].is_file()
    clock.at = datetime(2026, 7, 1, 4, tzinfo=UTC)
    with refused("access.reading"):
        making.allowed(by(office), who(office))
    with refused("access.hidden"):
        jobs.file(who(office), job.id)


def test_an_inspector_asks_no_sql(one_hand: Hands) -> None:
    letter(one_hand)
    office = one_hand("auditor").office
    with refused("access.forbidden"):
        answered(Jobs(office), by(office), who(office), SqlCommand(sql="SELECT 1"))


def test_a_query_is_an_entry_of_the_log_of_reading_and_changes_no_snapshot(one_hand: Hands) -> None:
    office = one_hand("auditor").office
    jobs, actor = Jobs(office), who(office, "auditor")
    job = jobs.begin(by(office, "auditor"), actor, Order(Form.AUDIT_DB))
    jobs.close()
    head = office.store.reader.head(COUNTY)
    told = answered(jobs, by(office, "auditor"), actor, SqlCommand(sql="SELECT 7 AS n"))
    assert (told.rows, office.store.reader.head(COUNTY)) == ([[7]], head)
    with office.store.reader.connect() as connection:
        (entry,) = readings.entries(connection, COUNTY, after=0, limit=9)
    assert entry.kind.value == "query" and entry.person_id == actor.person_id
    assert f'"export":"{job.id}"' in entry.entry and '"sql":"SELECT 7 AS n"' in entry.entry


def test_a_sitting_is_read_beside_what_was_opened_and_taken_in_it(
    hand: Hands, clock: MovingClock, tmp_path: Path
) -> None:
    request, _ = with_paper(hand)
    office = hand("auditor").office
    actor, log = who(office, "auditor"), read_log(office)
    record(by(office), actor, make(by(office, "auditor"), Order(Form.JSONL, "requests"),
                                   tmp_path / "before.jsonl"))  # fmt: skip
    clock.at += timedelta(hours=2)
    log.note(actor, COUNTY, f"/api/v1/requests/{request.id}", case=request.id)
    clock.at += timedelta(minutes=10)
    record(by(office), actor, make(by(office, "auditor"), Order(Form.CSV, "requests"),
                                   tmp_path / "in.csv"))  # fmt: skip
    case.drafted(hand)
    clock.at += timedelta(hours=1)
    log.settle()
    page = reading_back.page(office, who(office, "audit.admin"), COUNTY, ReadQuery())
    (line,) = page.items
    assert [act.act for act in line.acts] == ["case.opened", "export.made"]
    assert line.acts[0].object_id == request.id


def test_who_audits_across_counties_takes_away_the_units_of_the_project(
    one_hand: Hands, tmp_path: Path
) -> None:
    case.drafted(one_hand)
    inside = case.submitted(one_hand, case.drafted(one_hand, title="另一事项"))
    actor = neighbour(one_hand)
    office = one_hand("auditor").office
    of = ground(office, COUNTY, None, sheets())._replace(actor=actor, shown=shown())
    with refused("access.reading"):
        making.allowed(of, actor)
    opened(one_hand, units=["o-990102001"], members=[{"person_id": actor.person_id,
                                                      "home": "990103"}])  # fmt: skip
    making.allowed(of, actor)
    file = tmp_path / "requests.jsonl"
    assert make(of, Order(Form.JSONL, "requests"), file).rows == 1
    assert f'"{inside.id}"' in file.read_text("utf-8")
