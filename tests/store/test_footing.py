"""立足点: columns worked out of the body are there for old rows and new, and are verified."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.actions.office import Office
from registry.domain.admission import Verdict
from registry.domain.audit import canonical
from registry.domain.request import Request
from registry.store.engine import open_engine
from registry.store.footing import derived
from registry.store.migrate import _config, migrate
from tests.actions.case import drafted, submitted
from tests.servers import fresh
from tests.store.ledger import COUNTY
from tests.store.test_verify import behind, found, walked

EVENT = (
    "INSERT INTO event (county, seq, at, actor, act, outcome, code, object_kind, object_id,"
    " object_version, business_date, entry, leaf) VALUES ('990102', 1, '2026-01-05 00:00:00',"
    " 'p', 'a', 'done', '', 'request', 'r', 1, '2026-01-05', '{}', '')"
)
VERDICT = (
    "INSERT INTO verdict (county, id, version, event_from, digest, body, gate, outcome)"
    " VALUES ('990102', :id, 1, 1, 'd', :body, 'file', 'allowed')"
)
REQUEST = (
    "INSERT INTO request (county, id, version, event_from, digest, body, state, kind, title,"
    " applicant_id, overdue) VALUES ('990102', :id, 1, 1, 'd', :body, 'draft', 'task', '题', 'o',"
    " :overdue)"
)
FILING = (
    '"drafted_by":"p","filing":{"kind":"task","title":"题","applicants":[{"organisation_id":"o"}],'
    '"receivers":["residents_committee"],"targets":["t"]}'
)
MANY = 1_003
"""More rows than the migration holds at once."""


def _kept(number: int) -> dict[str, Any]:
    facts = [{"kind": "task", "字": f"{number % 7}"}, {"kind": "app", "a": '"\\\n'}]
    return {"facts": facts, "reading": f"甲.{number % 2}", "rules": []}


def test_what_was_kept_before_gets_its_columns_and_is_guarded_as_before(
    server: Any, tmp_path: Path
) -> None:
    verdicts = [
        {"id": f"v{n:04d}", "body": canonical(_kept(n)).decode()} for n in range(MANY)
    ]  # fmt: skip
    bodies = {"r0": f"{{{FILING}}}", "r1": f'{{{FILING},"verdict_id":"v0001"}}'}
    requests = [{"id": id, "body": body, "overdue": False} for id, body in bodies.items()]
    with fresh(tmp_path, server) as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "0002")
            connection.execute(text(EVENT))
            connection.execute(text(VERDICT), verdicts)
            connection.execute(text(REQUEST), requests)
        migrate(url)
        with engine.connect() as connection:
            footings = dict(connection.execute(text("SELECT id, footing FROM verdict")).all())
            joined = dict(connection.execute(text("SELECT id, verdict_id FROM request")).all())
        assert footings == {
            v["id"]: derived("verdict", v["body"])["footing"] for v in verdicts
        }  # fmt: skip
        assert len(set(footings.values())) == 14
        assert joined == {"r0": None, "r1": "v0001"}
        for table, column in (("verdict", "footing"), ("request", "verdict_id")):
            with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
                connection.execute(text(f"UPDATE {table} SET {column} = 'x'"))
        engine.dispose()


def test_an_act_and_its_verdict_are_written_with_their_columns(
    office: Office, hand: Callable[[str], Any]
) -> None:
    request = submitted(hand, drafted(hand))
    with office.store.reader.connect() as connection:
        row = connection.execute(text(
            "SELECT r.verdict_id, v.footing, v.body FROM request r JOIN verdict v"
            " ON v.county = r.county AND v.id = r.verdict_id AND v.event_to IS NULL"
            " WHERE r.event_to IS NULL"
        )).one()  # fmt: skip
    assert row.verdict_id == request.verdict_id
    assert row.footing == derived("verdict", row.body)["footing"]
    assert walked(office.store).fault is None
    assert office.store.reader.get(Request, COUNTY, request.id) == request
    assert office.store.reader.get(Verdict, COUNTY, row.verdict_id) is not None


@pytest.mark.parametrize("change", ["verdict SET footing = 'x'", "request SET verdict_id = NULL"])
def test_a_column_changed_behind_the_log_is_found(
    one_office: Office, one_hand: Callable[[str], Any], change: str
) -> None:
    submitted(one_hand, drafted(one_hand))
    behind(one_office.store, f"UPDATE {change} WHERE event_to IS NULL")
    assert found(one_office.store).what == "row.derived"
