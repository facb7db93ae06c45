"""首页: whoever opens the address in a browser learns what it is and where the open ways in are."""

import re
from typing import Any

from litestar.testing import TestClient


def test_the_address_itself_names_the_service_and_leads_to_what_is_open(
    client: TestClient[Any],
) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
    told = answer.text
    assert "<script" not in told and "演示数据" in told and "事项准入" in told
    assert told.index("接口文档") < told.index("The API&#x27;s document")
    leads = re.findall(r'href="([^"]+)"', told)
    assert {"/schema/openapi.json", "/verify"} < set(leads)
    assert any("/public/areas/990102/matters" in one for one in leads)
    for lead in leads:
        if lead != "/public/status.json":  # which needs a key that signs
            assert client.get(lead).status_code == 200, lead
