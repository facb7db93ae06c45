"""明细账 over HTTP: what arrived this month is one call; strangers see none of it."""

import csv
import io
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.ledger import confirming, recording
from registry.actions.office import Office
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from tests.actions import case
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"
CIVIL = "o-990102-civil"


@pytest.fixture
def presence(one_office: Office) -> Presence:
    """3000 yuan went all the way into the community's books; 600 of it was taken back there."""

    def hand(username: str) -> Hand:
        return Hand(one_office, username)

    held = case.presence_of(hand, case.admitted(hand))
    case.funded(hand, held, 300_000)
    first = one_office.store.reader.find(Voucher, "990102", stage="community_arrival")[0]
    back = msgspec.structs.replace(
        case.voucher(held, "reversal", "冲1", 60_000), reverses_id=first.id, note="登记有误"
    )
    made = hand("community.cashier").do(lambda d: recording.record(d, back)).voucher
    hand("community.worker").do(lambda d: confirming.confirm(d, made.id, made.version))
    return held


def asked(client: TestClient[Any], who: dict[str, str], **query: str) -> Any:
    answer = client.get(f"{API}/ledger-entries", headers=who, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_arrived_in_a_month_is_one_call(
    client: TestClient[Any], sign_in: SignIn, presence: Presence
) -> None:
    who = sign_in("community.cashier")
    month = {"stage": "community_arrival", "from": "2026-03-01", "to": "2026-03-31"}
    told = asked(client, who, **month)
    assert (told["many"], told["total_fen"], told["next"]) == (2, 240_000, None)
    one, back = sorted(told["items"], key=lambda i: bool(i["reversal"]))
    assert (one["amount_fen"], one["reversal"]) == (300_000, False)
    assert (back["amount_fen"], back["reversal"]) == (60_000, True)
    assert (one["stage_zh"], one["debit_zh"], one["credit_zh"]) == (
        "社区到账（转拨）", "社区账面", "街道代管"
    )  # fmt: skip
    assert (one["title"], one["payer_id"], one["number"]) == (
        presence.title, CIVIL, "community_arrival1"
    )  # fmt: skip
    assert asked(client, who, **{**month, "from": "2026-04-01", "to": "2026-04-30"})["many"] == 0


def test_entries_are_told_page_by_page_with_one_sum(
    client: TestClient[Any], sign_in: SignIn, presence: Presence
) -> None:
    who, seen, after = sign_in("auditor"), list[str](), {}
    while True:
        told = asked(client, who, limit="2", **after)
        assert told["many"] == 6
        seen += [f"{i['voucher_id']}{i['amount_fen']}" for i in told["items"]]
        if told["next"] is None:
            break
        after = {"after": told["next"]}
    assert len(seen) == len(set(seen)) == 6
    assert asked(client, who, stage="dispatch", payer_id=CIVIL)["total_fen"] == 300_000
    assert asked(client, who, state="recorded")["many"] == 0
    assert asked(client, who, area="990102002000")["many"] == 0


def test_another_community_and_another_department_see_none_of_it(
    client: TestClient[Any], sign_in: SignIn, presence: Presence
) -> None:
    for stranger in ("community2.head", "village.cashier", "dept2.head", "street2.clerk"):
        told = asked(client, sign_in(stranger), presence_id=presence.id)
        assert (told["many"], told["total_fen"], told["items"]) == (0, 0, []), stranger
    assert asked(client, sign_in("dept.head"))["many"] == 6


@pytest.mark.parametrize("path", ["ledger-entries", "arrears"])
@pytest.mark.usefixtures("presence")
def test_a_list_of_money_comes_as_a_sheet(
    client: TestClient[Any], sign_in: SignIn, path: str
) -> None:
    who, charsets = sign_in("auditor"), {"csv": "utf-8", "csv-gb18030": "gb18030"}
    for form, charset in charsets.items():
        answer = client.get(f"{API}/{path}", headers=who, params={"format": form})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == f"text/csv; charset={charset}"
        _check_sheet(path, answer.content.decode(charset.replace("utf-8", "utf-8-sig")))


def _check_sheet(path: str, text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["社区代码"] == "990102001001"
    if path == "ledger-entries":
        assert [row["金额(元)"] for row in rows if row["冲销"]] == ["-600.00"]
        assert rows[-1]["业务日期"] == "合计"
    else:
        assert (rows[0]["核定(元)"], rows[0]["转拨(元)"]) == ("8000.00", "2400.00")


@pytest.mark.usefixtures("presence")
def test_a_sheet_that_is_not_the_whole_says_so(client: TestClient[Any], sign_in: SignIn) -> None:
    answer = client.get(
        f"{API}/ledger-entries", headers=sign_in("auditor"), params={"format": "csv", "limit": "1"}
    )
    assert answer.content.decode("utf-8-sig").splitlines()[-1].startswith("未完，下一页 after=")


@pytest.mark.parametrize(
    "wrong", [{"from": "三月"}, {"stage": "到账"}, {"after": "x"}, {"sum": "1"}]
)
def test_what_cannot_be_read_is_refused(
    client: TestClient[Any], sign_in: SignIn, wrong: dict[str, str]
) -> None:
    answer = client.get(f"{API}/ledger-entries", headers=sign_in("auditor"), params=wrong)
    assert (answer.status_code, answer.json()["code"][:6]) == (400, "query.")


def test_what_waits_for_me_is_one_call(
    client: TestClient[Any], one_office: Office, sign_in: SignIn, presence: Presence
) -> None:
    again = case.voucher(presence, "order", "令9", 1_000)
    Hand(one_office, "dept.head").do(lambda d: recording.record(d, again))
    sent = case.voucher(presence, "dispatch", "拨9", 1_000)
    Hand(one_office, "finance.clerk").do(lambda d: recording.record(d, sent))
    who = sign_in("finance.head")
    (item,) = client.get(f"{API}/confirmations", headers=who).json()["items"]
    assert (item["number"], item["act_zh"]) == ("拨9", "确认拨付")
    done = client.post(
        API + item["act"],
        headers={**who, "if-match": f'"{item["version"]}"', "idempotency-key": "k1"},
    )
    assert done.status_code == 200, done.text
    assert client.get(f"{API}/confirmations", headers=who).json()["items"] == []
    assert (
        client.get(f"{API}/confirmations", params={"what": "all"}, headers=who).status_code == 400
    )


def test_a_place_that_no_page_gave_is_refused(client: TestClient[Any], sign_in: SignIn) -> None:
    wrong = {"after": "2026-02-30|x"}
    answer = client.get(f"{API}/ledger-entries", headers=sign_in("auditor"), params=wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "query.entries_after")
