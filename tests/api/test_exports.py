"""导出入口: a file at once with its digest, a job for what is large, SQL that only reads."""

import asyncio
import csv
import hashlib
import io
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from registry.actions.exporting import jobs
from registry.actions.exporting.clearing import folder_of
from registry.actions.office import Office
from registry.api import exports, sending
from registry.domain.exporting import Form, Made
from registry.store import audit_sql
from registry.store.audit_sql import ask
from tests.api.conftest import SignIn

API = "/api/v1"
Client = TestClient[Litestar]


def ordered(client: Client, who: Any, **body: Any) -> Any:
    return client.post(f"{API}/exports", json=body, headers=who)


def finished(client: Client, who: Any, job: str) -> dict[str, Any]:
    for _ in range(600):
        told: dict[str, Any] = client.get(f"{API}/exports/{job}", headers=who).json()
        if told["state"] != "running":
            return told
        time.sleep(0.1)
    raise AssertionError("the export does not end")


def test_a_small_export_comes_at_once_with_its_digest_and_snapshot(
    client: Client, sign_in: SignIn
) -> None:
    who = sign_in("auditor")
    answer = ordered(client, who, form="csv", resource="areas", filters={"level": "street"})
    assert answer.status_code == 200, answer.text
    digest = b64decode(answer.headers["repr-digest"].removeprefix("sha-256=:").rstrip(":"))
    assert digest == hashlib.sha256(answer.content).digest()
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) - 1 == int(answer.headers["x-rows"]) > 0
    assert answer.headers["x-snapshot"].startswith("990102-")
    events = client.get(f"{API}/events?act=export.made", headers=who).json()["items"]
    assert digest.hex() in events[-1]["entry"]


def test_the_countys_office_and_its_head_take_away_what_their_lists_show(
    client: Client, sign_in: SignIn
) -> None:
    """办公室、分管领导: the rows of the access table were meant for them, and had let nobody pass."""
    for name in ("county.office", "county.head"):
        answer = ordered(client, sign_in(name), form="csv", resource="areas")
        assert answer.status_code == 200, (name, answer.text)


def test_nobody_else_learns_of_an_export_or_asks_sql(client: Client, sign_in: SignIn) -> None:
    for name in ("community.head", "dept.clerk"):
        refused = ordered(client, sign_in(name), form="csv", resource="requests")
        assert refused.status_code == 403
    refused = client.post(f"{API}/sql", json={"sql": "SELECT 1"}, headers=sign_in("county.office"))
    assert refused.status_code == 403
    assert client.get(f"{API}/exports/x", headers=sign_in("auditor")).status_code == 404


@pytest.mark.parametrize("body", [
    {"form": "csv", "resource": "nothing"}, {"form": "doc"}, {"form": "csv", "resource": ""},
    {"form": "csv", "resource": "requests", "filters": {"password": "x"}},
    {"form": "csv", "resource": "requests", "filters": {"state": "'; DROP TABLE x"}},
    {"form": "csv", "resource": "requests", "as_of": "999999999"},
])  # fmt: skip
def test_a_wrong_order_is_told_what_is_wrong(
    client: Client, sign_in: SignIn, body: dict[str, Any]
) -> None:
    answer = ordered(client, sign_in("auditor"), **body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("form", ["audit-db", "package", "360giving", "beancount"])
def test_what_is_taken_whole_is_not_said_to_be_narrowed(
    client: Client, sign_in: SignIn, form: str
) -> None:
    """It had been passed over, and stood in the log as if only so much had left."""
    for more, name in (
        ({"filters": {"state": "approved"}}, "filters"), ({"resource": "requests"}, "resource"),
    ):  # fmt: skip
        answer = ordered(client, sign_in("auditor"), form=form, **more)
        assert (answer.status_code, answer.json()["code"]) == (400, "query.malformed"), more
        assert name in answer.json()["detail_en"]


def test_an_auditor_asks_their_own_database_by_sql(client: Client, sign_in: SignIn) -> None:
    who = sign_in("auditor")
    early = client.post(f"{API}/sql", json={"sql": "SELECT 1"}, headers=who)
    assert (early.status_code, early.json()["code"]) == (409, "sql.no_database")
    job = ordered(client, who, form="audit-db")
    assert job.status_code == 202
    told = finished(client, who, job.json()["id"])
    assert told["state"] == "done", told
    file = client.get(f"{API}/exports/{told['id']}/content", headers=who)
    assert hashlib.sha256(file.content).hexdigest() == told["made"]["sha256"]
    other = client.get(f"{API}/exports/{told['id']}", headers=sign_in("county.office"))
    assert other.status_code == 404
    sql = "SELECT count(*) AS many FROM areas"
    answer = client.post(f"{API}/sql", json={"sql": sql}, headers=who)
    assert answer.status_code == 200, answer.text
    assert answer.json()["columns"] == ["many"] and answer.json()["rows"][0][0] > 0
    for bad in BAD:
        refused = client.post(f"{API}/sql", json={"sql": bad}, headers=who)
        assert (refused.status_code, refused.json()["code"]) == (422, "sql.refused"), bad


def test_half_an_export_is_never_given_out(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.Jobs, "_run", lambda *_: None)
    who = sign_in("auditor")
    job = ordered(client, who, form="audit-db").json()
    answer = client.get(f"{API}/exports/{job['id']}/content", headers=who)
    assert (answer.status_code, answer.json()["code"]) == (409, "export.not_ready")


def test_a_job_that_ends_while_it_is_looked_at_is_not_told_as_broken(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of its page and the look at what runs, it may be done."""
    who, read, waiting = sign_in("auditor"), Path.read_bytes, threading.Event()
    make = jobs.make

    def late(*told: Any) -> Any:
        waiting.wait(30)
        return make(*told)

    monkeypatch.setattr(jobs, "make", late)
    monkeypatch.setattr(exports, "SMALL", 0)
    job = ordered(client, who, form="csv", resource="areas").json()["id"]

    def slow(page: Path) -> bytes:
        told = read(page)
        if page.name == "job.json" and not waiting.is_set():
            waiting.set()
            page_now = told
            for _ in range(300):
                if (page_now := read(page)) != told:
                    break
                time.sleep(0.05)
            time.sleep(0.1)
            assert page_now != told
        return told

    monkeypatch.setattr(Path, "read_bytes", slow)
    told = client.get(f"{API}/exports/{job}", headers=who).json()
    assert told["state"] in ("running", "done"), told


def _stopped(*_: Any) -> Any:
    raise jobs.StoppedError


def test_what_a_stop_broke_off_goes_on_when_the_same_is_ordered_again(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = sign_in("auditor")
    body = {"form": "package", "as_of": "16"}
    with monkeypatch.context() as stopped:
        stopped.setattr(jobs, "make", _stopped)
        job = ordered(client, who, **body).json()["id"]
        broken = finished(client, who, job)  # While it is so: another thread makes it.
    assert broken["state"] == "failed" and "anew" in broken["why"]
    other = ordered(client, who, **body | {"form": "beancount"}).json()["id"]
    assert other != job and finished(client, who, other)["state"] == "done"
    assert ordered(client, who, **body).json()["id"] == job
    told = finished(client, who, job)
    assert told["state"] == "done", told
    assert ordered(client, who, **body).json()["id"] != job


def test_the_same_order_is_made_once_whoever_comes_meanwhile(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two makers would write the same file over one another."""
    who, go, make = sign_in("auditor"), threading.Event(), jobs.make
    many: list[str] = []

    def slow(*told: Any) -> Any:
        many.append(str(told[2]))
        go.wait(30)
        return make(*told)

    monkeypatch.setattr(jobs, "make", slow)
    body = {"form": "beancount", "as_of": "16"}
    first, again = (ordered(client, who, **body).json()["id"] for _ in range(2))
    other = ordered(client, who, **body | {"as_of": "15"}).json()["id"]
    go.set()
    assert first == again != other
    assert {finished(client, who, job)["state"] for job in (first, other)} == {"done"}
    assert len(many) == len(set(many)) == 2


def test_what_another_process_makes_is_told_as_running_and_not_made_here_too(
    client: Client, one_office: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = sign_in("auditor")
    body = {"form": "hledger", "as_of": "16"}
    with monkeypatch.context() as stopped:
        stopped.setattr(jobs, "make", _stopped)
        job = ordered(client, who, **body).json()["id"]
        assert finished(client, who, job)["state"] == "failed"
    folder = one_office.store.data_dir / "exports" / job
    take = "import fcntl,sys; f=open(sys.argv[1],'wb'); fcntl.flock(f,fcntl.LOCK_EX); " \
        "print(flush=True); sys.stdin.read()"  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", take, str(folder / "lock")], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout is not None and other.stdout.readline()
        assert client.get(f"{API}/exports/{job}", headers=who).json()["state"] == "running"
        assert ordered(client, who, **body).json()["id"] == job
        assert len(list(folder.iterdir())) == 2
    assert finished(client, who, job)["state"] == "failed"


def test_why_an_export_failed_stands_in_the_servers_log(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("of the reader")

    monkeypatch.setattr(jobs, "make", broken)
    who = sign_in("auditor")
    job = ordered(client, who, form="hledger", as_of="14").json()["id"]
    assert finished(client, who, job)["why"] == "ZeroDivisionError"
    assert job in caplog.text and "of the reader" in caplog.text


@pytest.mark.parametrize("id", ["x" * 60, "exp-1", "...", "exp-" + "0" * 27])
def test_a_name_that_is_no_job_is_answered_as_one_that_is_nowhere(
    client: Client, sign_in: SignIn, id: str
) -> None:
    answer = client.get(f"{API}/exports/{id}", headers=sign_in("auditor"))
    assert (answer.status_code, answer.json()["code"]) == (404, "access.hidden")


@pytest.fixture
def kept(client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Any]:
    """Address of the file of a job that is done, and who may have it."""
    monkeypatch.setattr(exports, "SMALL", 0)
    who = sign_in("auditor")
    job = ordered(client, who, form="csv", resource="areas").json()
    assert finished(client, who, job["id"])["state"] == "done"
    return f"{API}/exports/{job['id']}/content", who


@pytest.mark.parametrize("left", [b"", b"{", b'{"id": 1}', b"\xff"])
def test_a_job_that_nobody_can_read_any_more_stands_in_nobodys_way(
    client: Client, kept: tuple[str, Any], one_office: Office, left: bytes
) -> None:
    """Power that fails, or another release, leaves a page behind that is none."""
    address, who = kept
    job = address.removesuffix("/content")
    (folder_of(one_office) / job.rpartition("/")[2] / "job.json").write_bytes(left)
    for path in (job, address):
        answer = client.get(path, headers=who)
        assert (answer.status_code, answer.json()["code"]) == (404, "access.hidden")
    again = ordered(client, who, form="csv", resource="areas")
    assert finished(client, who, again.json()["id"])["state"] == "done"
    nothing = client.post(f"{API}/sql", json={"sql": "SELECT 1"}, headers=who)
    assert nothing.json()["code"] == "sql.no_database"


def test_a_download_that_broke_off_goes_on_where_it_was(
    client: Client, kept: tuple[str, Any]
) -> None:
    address, who = kept
    whole = client.get(address, headers=who)
    tag, many = whole.headers["etag"], len(whole.content)
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(whole.headers["content-length"]) == many > 100
    for asked, first, end in (
        ("bytes=40-", 40, many), ("bytes=0-39", 0, 40), ("bytes=-25", many - 25, many),
        (f"bytes=10-{many * 2}", 10, many), (f"bytes=-{many * 2}", 0, many),
    ):  # fmt: skip
        part = client.get(address, headers=who | {"range": asked, "if-range": tag})
        assert part.status_code == 206, asked
        assert part.content == whole.content[first:end]
        assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{many}"
        assert part.headers["repr-digest"] == whole.headers["repr-digest"]
    for beyond in (f"bytes={many}-", "bytes=999999999999999999-", "bytes=-0"):
        answer = client.get(address, headers=who | {"range": beyond})
        assert (answer.status_code, answer.json()["code"]) == (416, "export.range")
        assert answer.headers["content-range"] == f"bytes */{many}"


@pytest.mark.parametrize("asked", [
    "bytes=", "bytes=-", "bytes=9-2", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=٣-٤",
    "bytes=" + "9" * 40 + "-",
])  # fmt: skip
def test_what_is_no_single_range_gets_the_whole(
    client: Client, kept: tuple[str, Any], asked: str
) -> None:
    address, who = kept
    answer = client.get(address, headers=who | {"range": asked.encode()})
    assert answer.status_code == 200 and len(answer.content) == int(
        answer.headers["content-length"]
    )


def test_a_part_of_another_file_is_never_put_to_the_half_of_this(
    client: Client, kept: tuple[str, Any]
) -> None:
    address, who = kept
    other = {"range": "bytes=40-", "if-range": '"of another snapshot"'}
    assert client.get(address, headers=who | other).status_code == 200


def test_a_file_goes_out_piece_by_piece_whatever_its_size(tmp_path: Path) -> None:
    file, many = tmp_path / "large", 64 << 20
    with file.open("wb") as out:
        out.truncate(many)
    made = Made(form=Form.CSV, county="990102", snapshot=1, rows=1, octets=many, sha256="00" * 32)
    sizes: list[int] = []
    over = asyncio.Event()

    async def send(message: Any) -> None:
        sizes.append(len(message.get("body", b"")))
        if message["type"] == "http.response.body" and not message["more_body"]:
            over.set()

    async def receive() -> Any:
        await over.wait()
        return {"type": "http.disconnect"}

    scope: Any = {"type": "http", "method": "GET", "headers": [], "state": {}}
    tracemalloc.start()
    asyncio.run(sending.resumed(made, file, {})(scope, receive, send))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == many and max(sizes) == sending.PIECE
    assert peak < 8 * sending.PIECE


BAD = ("DELETE FROM areas", "SELECT 1; SELECT 2", "ATTACH ':memory:' AS x", "PRAGMA user_version")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import sqlite3

    file = tmp_path_factory.mktemp("sql") / "a.db"
    held = sqlite3.connect(file)
    held.executescript("CREATE TABLE t (n INTEGER, x TEXT);")
    held.executemany("INSERT INTO t VALUES (?, ?)", [(n, "字" * 50) for n in range(2_000)])
    held.commit()
    held.close()
    return file


@pytest.mark.parametrize("sql", [
    *BAD, "", ";", "SELECT", "\x00", "x" * 10_000, "(" * 5_000, "SELECT load_extension('x')",
    "SELECT writefile('x', 'y')", "SELECT readfile('/etc/passwd')", "SELECT * FROM sqlite_master",
    "SELECT * FROM pragma_database_list", "SELECT hex(randomblob(1000000000))",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    "VACUUM INTO '/tmp/never'", "CREATE TEMP TABLE z (a)", "INSERT INTO t VALUES (1, 2)",
    "UPDATE t SET n = 1 RETURNING n", "DROP TABLE t", "BEGIN", "ROLLBACK", "REINDEX",
    "WITH x AS (SELECT 1) DELETE FROM t", "WITH x AS (SELECT 1) INSERT INTO t SELECT 1, 2",
    "/* reading */ ATTACH '/etc/passwd' AS x", "-- reading\nDELETE FROM t", "DETACH main",
    "SELECT * FROM main.sqlite_schema", "SELECT * FROM temp.sqlite_schema", "SAVEPOINT x",
    "SELECT * FROM pragma_table_info('t')", "SELECT * FROM dbstat", "ANALYZE", "VACUUM",
    "CREATE VIRTUAL TABLE v USING fts5(a)", "CREATE TEMP VIEW v AS SELECT 1",
    "EXPLAIN DELETE FROM t",
    "SELECT zeroblob(2000000000)", "SELECT fts3_tokenizer('simple', x'00')", "SELECT edit('x')",
    "SELECT sqlite_compileoption_get(1)", "SELECT random()", "SELECT last_insert_rowid()",
    "SELECT changes()", "REPLACE INTO t VALUES (1, 2)", "ALTER TABLE t ADD COLUMN z",
    "PRAGMA query_only=0", "PRAGMA main.writable_schema=1", "SELECT 1\x00; DELETE FROM t",
    "SELECT " + "(SELECT " * 1_000 + "1" + ")" * 1_000, "SELECT " + ", ".join(["1"] * 4_000),
    "SELECT * FROM " + ", ".join(["t"] * 100), "SELECT 1 UNION " * 600 + "SELECT 1",
    "SELECT * FROM t; DROP TABLE t", "SELECT printf('%.*c', 1000000000, 'x')",
])  # fmt: skip
def test_what_is_no_single_reading_is_refused(small: Path, sql: str) -> None:
    before = small.read_bytes()
    assert ask(small, sql, seconds=5).error
    assert small.read_bytes() == before


@pytest.mark.parametrize("sql", [
    "SELECT 1", "VALUES (1)", "SELECT count(*) FROM t", "select max(n) from t -- all of them",
    "WITH x AS (SELECT n FROM t) SELECT sum(n) FROM x", "SELECT * FROM json_each('[1, 2]')",
    "SELECT n, rank() OVER (ORDER BY n) FROM t LIMIT 3", "SELECT 1;", "SELECT '; DROP TABLE t'",
])  # fmt: skip
def test_what_only_reads_is_answered(small: Path, sql: str) -> None:
    told = ask(small, sql)
    assert not told.error and told.rows


def test_a_query_that_cannot_be_interrupted_is_killed_with_its_process(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One comparison may run for years, and the engine looks at no clock within it."""
    started: list[Any] = []
    popen = subprocess.Popen

    def noted(*told: Any, **more: Any) -> Any:
        started.append(popen(*told, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    monkeypatch.setattr(audit_sql, "GRACE", 0.5)
    text = "WITH s AS (SELECT group_concat(x, '') || group_concat(x, '') AS v FROM t) "
    assert (
        ask(small, text + "SELECT instr(v || v, v || 'z') FROM s", seconds=0.5).error == "timeout"
    )
    (child,) = started
    assert child.returncode == -signal.SIGKILL


def test_a_number_beyond_all_numbers_is_told_as_a_word(small: Path) -> None:
    """JSON has none for it: the answer could not be read, and the server failed."""
    told = ask(small, "SELECT 9e999, -9e999, 9e999 - 9e999, 1.5")
    assert told.rows == [["Infinity", "-Infinity", None, 1.5]]


def test_a_folder_may_be_called_as_it_likes(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "100% 审计?mode=rwc#1"
    folder.mkdir()
    shutil.copy(small, folder / "a.db")
    assert ask(folder / "a.db", "SELECT count(*) FROM t").rows == [[2_000]]


def test_a_query_ends_by_itself_where_the_server_that_asked_was_killed(small: Path) -> None:
    """Nobody is left to kill it, and within one comparison the engine looks at no clock."""
    sql = ("WITH s AS (SELECT group_concat(x, '') || group_concat(x, '') AS v FROM t) "
           "SELECT instr(v || v || v || v, v || v || v || 'z') FROM s")  # fmt: skip
    asked = {"file": str(small.absolute()), "sql": sql, "seconds": 0.5, "rows": 1, "octets": 1}
    done = subprocess.run(
        [sys.executable, str(audit_sql._CHILD)], input=json.dumps(asked).encode(), timeout=60,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_the_database_of_somebody_else_is_asked_by_nobody(client: Client, sign_in: SignIn) -> None:
    who = sign_in("auditor")
    answer = ordered(client, sign_in("county.office"), form="audit-db")
    assert answer.status_code == 202, answer.text
    job = answer.json()["id"]
    assert finished(client, sign_in("county.office"), job)["state"] == "done"
    for body in ({"sql": "SELECT 1", "export": job}, {"sql": "SELECT 1", "export": "exp-none"}):
        answer = client.post(f"{API}/sql", json=body, headers=who)
        assert answer.status_code == 404, answer.text
    areas = ordered(client, who, form="beancount").json()["id"]
    assert finished(client, who, areas)["state"] == "done"
    answer = client.post(f"{API}/sql", json={"sql": "SELECT 1", "export": areas}, headers=who)
    assert (answer.status_code, answer.json()["code"]) == (409, "sql.no_database")


def test_a_query_ends_by_its_time_its_rows_and_its_memory(small: Path) -> None:
    assert ask(small, "SELECT count(*) FROM t a, t b, t c, t d", seconds=0.5).error == "timeout"
    told = ask(small, "SELECT n FROM t", rows=10)
    assert (len(told.rows), told.more) == (10, True)
    big = ask(small, "SELECT group_concat(a.x || b.x) FROM t a, t b", seconds=5)
    assert big.error
