"""不予承接告知书 over HTTP: printed with names and clauses, for those who may read the refusal."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from tests.actions.redressed import declined
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"
PRINTED = """不予承接告知书
编号：霜舟演示社区居民委员会不承〔2026〕1号
日期：2026-03-02

致：演示县城市管理局
事项：登记沿街商铺用电量
答复：不予承接
理由：未经准入。没有准入决定，也没有备案

依据：
  1. 演示县准入办法第六条（虚构）

出具：霜舟演示社区居民委员会，电话 000-0000039
"""


def _paper(client: TestClient[Any], sign_in: SignIn, office: Office, username: str) -> Any:
    held = declined(lambda name: Hand(office, name))
    headers = {**sign_in(username), "Accept": "text/plain"}
    return client.get(f"{API}/declinings/{held.id}/paper", headers=headers)


def test_a_community_prints_the_paper_it_hands_over(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    told = _paper(client, sign_in, one_office, "community.worker")
    assert told.headers["content-type"].startswith("text/plain")
    assert told.text == PRINTED


def test_a_department_that_did_not_ask_learns_nothing_of_it(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    told = _paper(client, sign_in, one_office, "dept.head")
    assert (told.status_code, told.json()["code"]) == (404, "access.hidden")
