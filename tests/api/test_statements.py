"""流水接口: files come in as they are; a hostile one is refused at once and nothing of it is kept."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient
from openpyxl import Workbook

from registry.actions.office import Office
from registry.domain.bank import BankBatch, BankLine, OtherIncome
from tests.actions.stated import CIVIL, paid
from tests.api.conftest import SignIn

API = "/api/v1"
TREASURY = {"source": "treasury", "name": "支付明细.csv"}
KINDS = (BankBatch, BankLine, OtherIncome)
GOOD = paid(f"云笺演示街道办事处,{CIVIL},14.5万元,T1")


def sent(client: TestClient[Any], headers: dict[str, str], content: bytes, **query: str) -> Any:
    return client.post(
        f"{API}/bank-batches", content=content, params=TREASURY | query,
        headers=headers | {"idempotency-key": "k1"},
    )  # fmt: skip


def kept(office: Office) -> list[int]:
    return [office.store.reader.many(kind, "990102") for kind in KINDS]


def book(*rows: list[Any]) -> bytes:
    made, page = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(page)
    return page.getvalue()


def test_a_file_comes_in_once_under_its_key(
    both_client: TestClient[Any], both_sign_in: SignIn
) -> None:
    headers = both_sign_in("finance.clerk")
    answers = [sent(both_client, headers, GOOD) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (
        sent(both_client, headers, paid("甲公司某某,,1,T2")).json()["code"] == "idempotency.reused"
    )
    (line,) = both_client.get(f"{API}/bank-lines", headers=headers).json()["items"]
    assert (line["amount_fen"], line["state"]) == (14_500_000, "open")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_either_encoding_comes_in(client: TestClient[Any], sign_in: SignIn, encoding: str) -> None:
    answer = sent(client, sign_in("finance.clerk"), GOOD.decode().encode(encoding))
    assert answer.json()["batch"]["added"] == 1


def test_a_workbook_comes_in(client: TestClient[Any], sign_in: SignIn) -> None:
    data = book(["支付日期", "收款单位", "支付金额", "流水号"],
                ["2026-03-02", "云笺演示街道办事处", "1,000.50", "0001"],
                ["2026-03-02", "云笺演示街道办事处", 7, "0002"])  # fmt: skip
    headers = sign_in("finance.clerk")
    assert sent(client, headers, data).json()["batch"]["added"] == 2
    lines = client.get(f"{API}/bank-lines", headers=headers).json()["items"]
    assert sorted((one["external_key"], one["amount_fen"]) for one in lines) == [
        ("0001", 100_050), ("0002", 700),
    ]  # fmt: skip


def _bomb() -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    return page.getvalue()


WIDE = b"," * 1_000_000
HOSTILE: dict[str, Callable[[], bytes] | bytes] = {
    "bomb": _bomb,
    "formula": lambda: book(["支付日期", "收款单位", "支付金额"], ["2026-03-02", "甲", "=1+1"]),
    "truncated": lambda: book(["支付日期"])[:400],
    "columns": "支付日期,收款单位,支付金额".encode() + WIDE + "\n2026-03-02,甲,1\n".encode(),
    "wide rows": GOOD + b"2026-03-02" + WIDE + b"1\n",
    "encoding": GOOD.decode().encode("utf-16"),
    "nul": GOOD + b"\x00\n",
    "quote": GOOD + b'"2026-03-02,\n' * 3,
    "headings": "支付日期,收款单位,支付金额,支付金额\n2026-03-02,甲,1,2\n".encode(),
    "no headings": "甲,乙\n1,2\n".encode(),
    "amounts": paid("甲公司,,1e9,T1", "甲公司,,-0,T2", "甲公司,,10000000000000.01,T3"),
    "days": GOOD.replace(b"2026-03-02", b"2026-02-30"),
    "ahead": GOOD.replace(b"2026-03-02", b"2999-01-01"),
    "formula text": paid("=HYPERLINK(1),,1,T1"),
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_whole_with_the_cell(
    client: TestClient[Any], sign_in: SignIn, one_office: Office, name: str
) -> None:
    before = kept(one_office)
    made = HOSTILE[name]
    content = made if isinstance(made, bytes) else made()
    answer = sent(client, sign_in("finance.clerk"), content)
    assert (answer.status_code, answer.json()["code"]) == (422, "import.cells"), answer.text
    told = answer.json()["facts"]["errors"][0]
    assert told["row"] >= 1
    assert told["message"]
    assert kept(one_office) == before


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"source": "wallet"}, (400, "query.malformed")), ({"shape": "x"}, (400, "query.unknown")),
        ({"account": "不知何处"}, (422, "bank.account")),
        ({"source": "bank"}, (422, "import.cells")),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told(
    client: TestClient[Any], sign_in: SignIn, query: dict[str, str], told: tuple[int, str]
) -> None:
    answer = sent(client, sign_in("finance.clerk"), GOOD, **query)
    assert (answer.status_code, answer.json()["code"]) == told


def test_a_file_needs_a_key_a_source_and_a_sender(client: TestClient[Any], sign_in: SignIn) -> None:
    path = f"{API}/bank-batches"
    keyed = sign_in("finance.clerk") | {"idempotency-key": "k1"}
    assert client.post(path, content=GOOD, params=TREASURY).status_code == 401
    bare = client.post(path, content=GOOD, params=TREASURY, headers=sign_in("finance.clerk"))
    assert bare.json()["code"] == "idempotency.required"
    assert client.post(path, content=GOOD, headers=keyed).json()["code"] == "query.malformed"
    packed = client.post(path, content=GOOD, params=TREASURY,
                         headers=keyed | {"content-encoding": "gzip"})  # fmt: skip
    assert packed.status_code in (400, 415)
    assert sent(client, sign_in("dept.clerk"), GOOD).status_code == 403


def test_a_line_is_changed_only_at_the_version_that_was_seen(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    headers = sign_in("finance.clerk")
    sent(client, headers, GOOD)
    (line,) = client.get(f"{API}/bank-lines", headers=headers).json()["items"]
    path = f"{API}/bank-lines/{line['id']}/flag"
    command, keyed = {"reason": "请说明"}, headers | {"idempotency-key": "k2"}
    assert client.post(path, json=command, headers=keyed).status_code == 428
    stale = client.post(path, json=command, headers=keyed | {"if-match": '"7"'})
    assert stale.status_code == 412
    done = client.post(path, json=command, headers=keyed | {"if-match": '"1"'})
    assert (done.status_code, done.json()["state"]) == (200, "finding")


@pytest.mark.parametrize("query", ["kind=worst", "limit=0", "limit=x", "area=nowhere", "rank=1"])
def test_the_report_takes_only_what_it_knows(
    client: TestClient[Any], sign_in: SignIn, query: str
) -> None:
    answer = client.get(
        f"{API}/reconciliations/one-sided?{query}", headers=sign_in("finance.clerk")
    )
    assert answer.status_code in (400, 422)


def test_a_department_reads_no_statement(client: TestClient[Any], sign_in: SignIn) -> None:
    sent(client, sign_in("finance.clerk"), GOOD)
    for resource in ("bank-lines", "bank-batches", "other-incomes"):
        answer = client.get(f"{API}/{resource}", headers=sign_in("dept.head"))
        assert answer.json()["code"] == "access.reading"
        there = client.get(f"{API}/{resource}", headers=sign_in("street2.head")).json()["items"]
        assert there == []


def test_a_sheet_of_other_sources_comes_in_over_the_door(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    text = "社区,资金来源,年度,金额\n990102001001,捐赠,2026,１，０００．５０\n"
    path, keyed = f"{API}/other-incomes/import", {"idempotency-key": "k1"}
    answer = client.post(path, content=text.encode(), headers=sign_in("street.clerk") | keyed)
    assert (answer.status_code, answer.json()["added"]) == (201, 1)
    bare = client.post(path, content=text.encode(), headers=sign_in("street.clerk"))
    assert bare.json()["code"] == "idempotency.required"
