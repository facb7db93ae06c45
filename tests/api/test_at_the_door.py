"""门口一览: one reading answers a community worker; own area only, in the order of ids (P9)."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from registry.domain.presence import PresenceState
from tests.actions.case import admitted
from tests.actions.redressed import objected
from tests.actions.walled import hung
from tests.actions.weighed import laid, legacy
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"
HERE = f"{API}/areas/a-990102001001/door"
READERS = ("community.worker", "community.head", "street.head", "county.office", "auditor")


def hands(office: Office) -> Any:
    return lambda username: Hand(office, username)


def test_one_reading_says_for_whom_with_whose_money_until_when_and_what_may_be_declined(
    both_client: TestClient[Any], office: Office, both_sign_in: SignIn
) -> None:
    hand = hands(office)
    request = admitted(hand)
    legacy(hand, "prs-old")
    laid(hand, "prs-run", title="已启动的演示事项")
    laid(hand, "prs-law", statutory=True, state=PresenceState.PLANNED)
    laid(hand, "prs-past", state=PresenceState.EXITED)
    answer = both_client.get(HERE, headers=both_sign_in("community.worker"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    matters = {m["title"]: m for m in told["matters"]}
    assert [m["presence_id"] for m in told["matters"]] == sorted(
        m["presence_id"] for m in told["matters"]
    )
    asked = matters[request.title]
    assert (asked["department"], asked["payers"]) == ("演示县民政局", ["演示县民政局"])
    assert (asked["share_fen"], asked["ends_on"]) == (800000, "2026-06-30")
    assert asked["state_zh"] == "待启动" and asked["money_due_on"]
    may = {title: m["declinable"]["may"] for title, m in matters.items()}
    assert may == {
        request.title: "on_ground", "演示事项prs-old": "judge_first", "已启动的演示事项": "no",
        "演示事项prs-law": "no",
    }  # fmt: skip
    assert "经费未到位" in asked["declinable"]["grounds_zh"]
    assert told["papers"] > 0
    asked_of = both_client.get(
        f"{API}{told['papers_look_up']}收入证明", headers=both_sign_in("community.worker")
    )
    assert asked_of.status_code == 200


def test_a_part_at_a_time_it_says_what_it_says_at_once(
    both_client: TestClient[Any], office: Office, both_sign_in: SignIn
) -> None:
    hand = hands(office)
    admitted(hand)
    for number in range(4):
        laid(hand, f"prs-{number}", title=f"演示事项{number}")
    month, who = HERE.replace("door", "month"), both_sign_in("community.worker")
    for path, what in ((HERE, "matters"), (month, "duties")):
        whole, parts, after = both_client.get(path, headers=who).json(), [], ""
        while not parts or after:
            part = both_client.get(f"{path}?limit=2{after}", headers=who).json()
            parts.append(part)
            after = f"&after={part['next']}" if part.get("next") else ""
        assert len(parts) == 3 and whole.get("next") is None
        assert sorted(
            told["id" if what == "duties" else "presence_id"] for told in whole[what]
        ) == (
            sorted(
                told["id" if what == "duties" else "presence_id"]
                for part in parts
                for told in part[what]
            )
        )
        if what == "matters":
            assert {part["many"] for part in (whole, *parts)} == {5}
        else:
            sums = [part["money"]["promised_fen"] for part in parts]
            assert sum(sums) == whole["money"]["promised_fen"] > 0


def test_it_says_what_waits_and_what_hangs_on_the_wall_without_alarm(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    hand = hands(one_office)
    raised = objected(hand)
    own = hung(hand, wording="社区服务站", place="inside")
    told = client.get(HERE, headers=sign_in("community.worker")).json()
    (waits,) = told["waiting"]
    assert (waits["id"], waits["by_us"], waits["subject"]) == (raised.id, False, raised.subject)
    (wall,) = told["walls"]
    assert (wall["id"], wall["standing_zh"]) == (own.id, "按规则可以保留")


def test_only_the_community_its_street_the_county_and_auditors_read_it(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    for username in READERS:
        assert client.get(HERE, headers=sign_in(username)).status_code == 200, username
    asked = {
        name: client.get(HERE, headers=sign_in(name)) for name in ("dept.head", "street2.head")
    }
    codes = {name: answer.json()["code"] for name, answer in asked.items()}
    assert codes == {"dept.head": "access.reading", "street2.head": "access.hidden"}
    street = client.get(f"{API}/areas/990102001/door", headers=sign_in("street.head"))
    assert street.json()["code"] == "door.place"
