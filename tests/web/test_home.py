"""首页: whoever opens the address in a browser learns what it is and where the open ways in are."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs

from litestar.testing import TestClient


def test_the_address_itself_names_the_service_and_leads_to_what_is_open(
    client: TestClient[Any],
) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    told = answer.text
    assert "演示数据" in told and "事项准入" in told
    leads = {one for one in re.findall(r'href="([^"#]+)"', told) if not one.startswith("?")}
    assert {"/schema/openapi.json", "/verify", "/login"} < leads
    assert "/public/990102" in leads
    for lead in leads:
        if lead != "/public/status.json":  # which needs a key that signs
            assert client.get(lead).status_code == 200, lead


def test_a_page_runs_nothing_but_the_script_of_the_site(client: TestClient[Any]) -> None:
    told = client.get("/").text
    assert re.findall(r"<script(?! src=\"/static/)", told) == []
    assert not re.search(r"\son[a-z]+=|style=|javascript:", told)


def test_an_address_that_is_none_is_a_page_for_browsers_and_a_problem_for_programs(
    client: TestClient[Any],
) -> None:
    page = client.get("/nowhere", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = client.get("/nowhere")
    assert problem.headers["content-type"] == "application/problem+json"


def test_the_other_language_is_kept_for_the_next_page(client: TestClient[Any]) -> None:
    answer = client.get("/?lang=en")
    assert '<html lang="en">' in answer.text and "Open to anybody" in answer.text
    assert "registry_language=en" in answer.headers["set-cookie"]
    cookie = {"cookie": "registry_language=en"}
    assert "Sign in" in client.get("/login", headers=cookie).text


def test_a_language_that_is_none_is_chinese(client: TestClient[Any]) -> None:
    assert '<html lang="zh-CN">' in client.get("/?lang=xx").text


def test_the_switch_of_language_keeps_what_the_page_was_asked_for(client: TestClient[Any]) -> None:
    page = client.get("/public/certificates?q=收入证明&area=990102001001&lang=zh").text
    to = unescape(re.findall(r'href="(\?[^"]*lang=en)"', page)[0])
    assert parse_qs(to[1:]) == {"q": ["收入证明"], "area": ["990102001001"], "lang": ["en"]}
