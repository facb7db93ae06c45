"""所见所得 what an official meets over HTTP: named in Chinese, found by what is on the paper, refused
where it makes no sense."""

from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.api.strict import misfit
from tests.actions.case import OFF_LIST, admitted
from tests.actions.decided import BOTH, carried, changed, decision_of
from tests.actions.standing_in import lend
from tests.api.conftest import SignIn
from tests.api.test_between import post, version, waiting
from tests.conftest import Hand

API = "/api/v1"


def hands(office: Office) -> Any:
    return lambda username: Hand(office, username)


def test_what_was_decided_on_a_change_is_listed_with_its_original(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    hand = hands(one_office)
    original = admitted(hand)
    first = decision_of(hand, original)
    change = carried(hand, changed(hand, original, targets=BOTH))
    params = {"request_id": original.id}
    listed = client.get(f"{API}/decisions", params=params, headers=sign_in("dept.clerk"))
    told = {d["id"]: (d["request_id"], d.get("amends")) for d in listed.json()["items"]}
    assert told.pop(first.id) == (original.id, None)
    assert list(told.values()) == [(change.id, original.id)]
    own = client.get(f"{API}/decisions", params={"request_id": change.id},
                     headers=sign_in("dept.clerk"))  # fmt: skip
    assert [d["id"] for d in own.json()["items"]] == list(told)


def test_a_grant_of_no_area_at_all_is_refused_and_does_not_mean_all(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    case = waiting(client, sign_in)
    answer = client.post(
        f"{API}/requests/{case['id']}/approve", json={"grant": {"areas": []}},
        headers={**sign_in("street.head"), **version(case)},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "json.range")
    assert answer.json()["facts"]["path"] == "$.grant.areas"
    assert "列表的长度不得少于 1" in answer.json()["detail"]


@pytest.mark.parametrize(("reason", "zh"), [
    ("Expected `int`, got `str`", "应为整数，而不是文字"),
    ("Expected `object | null`, got `int`", "应为对象或空(null)，而不是整数"),
    ("Object missing required field `items`", "缺少必填字段 items"),
    ("Object contains unknown field `x`", "没有名为 x 的字段"),
    ("Invalid RFC3339 encoded date", "没有这一天，或者写法不对；日期写成 2026-03-01"),
    ("Invalid enum value 'maybe'", "不能填 'maybe'，只能填规定的值"),
    ("Expected `str` of length <= 20", "文字的长度不得超过 20"),
    ("Expected `int` >= 1", "整数不得小于 1"),
    ("Something nobody has put into words", "Something nobody has put into words"),
])  # fmt: skip
def test_why_a_body_is_misshapen_is_told_in_chinese_with_the_english_beside_it(
    reason: str, zh: str
) -> None:
    import msgspec

    told = misfit(msgspec.ValidationError(f"{reason} - at `$.x`"))
    assert told.facts["reason_zh"] == zh and told.facts["reason"] == reason
    assert zh in told.detail and reason in told.detail_en and "$.x" in told.detail


def _detail(answer: Any) -> tuple[str, str]:
    assert answer.status_code in (400, 422), answer.text
    return answer.json()["code"], answer.json()["detail"]


@pytest.mark.parametrize(("body", "told"), [
    ({"demander": "银行"}, "bank（银行）"),
    ({"item": " "}, "不能只有空格"),
    ({"month": "2026-13"}, "年月写成 2026-03"),
])  # fmt: skip
def test_a_field_that_takes_one_of_a_few_words_tells_which(
    client: TestClient[Any], sign_in: SignIn, body: dict[str, Any], told: str
) -> None:
    whole = {"organisation_id": "o-990102001001", "demander": "bank", "item": "收入证明"} | body
    answer = client.post(f"{API}/certificate-demands", json=whole,
                         headers=sign_in("community.worker"))  # fmt: skip
    assert told in _detail(answer)[1]


@pytest.mark.parametrize(("query", "told"), [
    ("certificates/answer", "查询参数 q 不对：须写明"),
    ("certificates/answer?q=%20", "查询参数 q 不对：不能只有空格，也不能换行"),
    ("certificates/answer?q=", "查询参数 q 不对：不能空着"),
    ("certificates/answer?q=x&basis=z", "none（没有依据）"),
    ("certificates/figures?by=zzz", "month"),
    ("certificates/figures?first=2026-02-30", "2026-03"),
    ("presences?state=暂停", "suspended（暂停执行）"),
    ("presences?valid_on=2026-02-30", "没有这一天"),
    ("burden?on=2050-01-01", "或者更早"),
])  # fmt: skip
def test_a_query_that_is_wrong_tells_what_it_takes(
    client: TestClient[Any], sign_in: SignIn, query: str, told: str
) -> None:
    code, detail = _detail(client.get(f"{API}/{query}", headers=sign_in("community.worker")))
    assert code == "query.malformed" and told in detail


def test_a_word_of_a_ground_or_a_place_is_told_in_chinese_too(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    told = client.post(f"{API}/declinings", json={"ground": "没有准入", "text": "x"},
                       headers=sign_in("community.head"))  # fmt: skip
    assert "unadmitted（未经准入）" in _detail(told)[1]
    board = {
        "organisation_id": "o-990102001001",
        "form": "signboard",
        "wording": "甲",
        "place": "屋顶",
    }
    told = client.post(f"{API}/boards", json=board, headers=sign_in("community.worker"))
    assert "outside_door（门外）" in _detail(told)[1]


def test_the_public_is_asked_for_the_place_a_paper_is_wanted_in(client: TestClient[Any]) -> None:
    answer = client.get(f"{API}/public/certificates/answer", params={"q": "收入证明"})
    assert _detail(answer) == ("query.malformed", "查询参数 area 不对：须写明区划代码")


def test_a_sheet_says_once_how_its_letters_are_written(client: TestClient[Any]) -> None:
    answer = client.get(f"{API}/public/areas/990102001001/matters", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_who_is_signed_in_reads_what_they_may_act_as(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    given = lend(hands(one_office), "street.head", "street.clerk", "request.close")
    me = client.get(f"{API}/me", headers=sign_in("street.clerk")).json()
    assert (me["person_id"], me["username"]) == ("person-street.clerk", "street.clerk")
    assert me["roles"] == ["street.clerk"] and me["must"] == [] and me["lent"] == []
    assert [d["id"] for d in me["borrowed"]] == [given.id]
    own, lent = me["posts"]
    assert own["organisation_name"] and own["area_name"] and own["on_behalf_of"] is None
    assert lent["on_behalf_of_name"] and lent["acts"] == ["request.close"]
    head = client.get(f"{API}/me", headers=sign_in("street.head")).json()
    assert [d["id"] for d in head["lent"]] == [given.id]
    assert client.get(f"{API}/me").status_code == 401


def test_a_batch_tells_the_numbers_of_what_it_decided(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    case = waiting(client, sign_in, title="节水宣传")
    items = [{"request_id": case["id"], "version": case["version"]}]
    head, key = sign_in("street.head"), {"idempotency-key": "numbers-1"}
    first = post(client, "/batches", head, {"items": items, "reason": "备案"}, **key)
    told = first["results"][0]
    issued = client.get(f"{API}/decisions/{told['decision_id']}", headers=head).json()
    assert told["number"] == issued["number"] != ""
    assert post(client, "/batches", head, {"items": items, "reason": "备案"}, **key) == first


def test_a_number_is_found_in_whatever_brackets_and_widths_it_is_typed(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    issued = decision_of(hands(one_office), admitted(hands(one_office)))
    assert "〔" in issued.number
    for left, right in ("[]", "［］", "【】", "（）", "()", "〔〕"):
        typed = issued.number.replace("〔", left).replace("〕", right).replace("2026", "２０２６")
        found = client.get(f"{API}/decisions", params={"number": typed},
                           headers=sign_in("dept.clerk"))  # fmt: skip
        assert [d["number"] for d in found.json()["items"]] == [issued.number], typed
    none = client.get(f"{API}/decisions", params={"number": issued.number + "9"},
                      headers=sign_in("dept.clerk"))  # fmt: skip
    assert none.json()["items"] == []


def test_a_document_is_not_registered_twice_in_other_brackets(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    paper = {"document_number": "演民发〔2026〕9号", "title": "演示", "issuer": "演示县民政局",
             "issued_on": "2026-01-01", "effective_on": "2026-01-02"}  # fmt: skip
    admin = sign_in("county.office")
    first = client.post(f"{API}/instruments", json=paper, headers=admin)
    assert first.status_code == 201, first.text
    paper["document_number"] = "演民发[2026]9号"
    again = client.post(f"{API}/instruments", json=paper, headers=admin)
    assert (again.status_code, again.json()["code"]) == (409, "instrument.twice")


def test_days_the_wrong_way_round_are_refused_by_name(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    answer = client.get(f"{API}/sign-ins", params={"from": "2026-03-02", "to": "2026-03-01"},
                        headers=sign_in("sec.admin"))  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "query.days")
    assert answer.json()["facts"] == {"first": "2026-03-02", "last": "2026-03-01"}


def test_people_and_cases_are_named_and_not_numbered(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    hand = hands(one_office)
    original = admitted(hand)
    change = changed(hand, original, targets=BOTH)
    again = client.post(
        f"{API}/requests/{original.id}/changes", json={"filing": OFF_LIST},
        headers={**sign_in("dept.clerk"), "if-match": f'"{original.version}"'},
    )  # fmt: skip
    told = again.json()
    assert (again.status_code, told["code"]) == (409, "change.running")
    assert told["facts"]["change"] == change.id and change.id not in told["detail"]
    assert change.title in told["detail"] and change.title in told["detail_en"]
