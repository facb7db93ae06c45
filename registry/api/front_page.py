"""首页 what a browser finds at ``/``: what this is, and the ways in that need no token.

Nothing runs on it and nothing is asked of anybody: one style, and links.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from litestar.response.base import ASGIResponse

from registry.actions.office import Office
from registry.actions.vouching.telling import PublicCounty, counties
from registry.api import verify_page
from registry.api.asked import Asked
from registry.api.entrance import API, About
from registry.api.operations import Operation, errors_of
from registry.api.serving import Work, aside

PATH = "/"
HTML = "text/html"
_STYLE = (
    "body{margin:0 auto;padding:16px;max-width:44rem;color:#1a1a1a;background:#fff;"
    'font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}'
    "h1{font-size:1.5rem}h2{font-size:1.1rem}.en{color:#555;font-size:.875rem;display:block}"
    "#banner{border:2px solid #8a5a00;border-left-width:12px;padding:8px 12px}"
    "code{overflow-wrap:anywhere}li{margin:0 0 8px}"
)
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
    "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LEADS = (
    ("/schema/openapi.json", "接口文档（OpenAPI）", "The API's document (OpenAPI)"),
    (f"{API}/errors", "错误码表", "Every error code"),
    (verify_page.PATH, "核验准入通知书", "Check an admission notice"),
    (verify_page.STATUS, "今日状况文件（已签名）", "The signed status of today"),
)
_ASKED = (
    ("public/certificates/answer?q=…&area=…", "社区能不能开这个证明（q 证明名称，area 区划代码）",
     "Whether a community issues a paper: q its name, area the code of the place"),
    ("public/areas/{code}/matters", "本地社区的准入事项", "What is in force in a place"),
    ("public/areas/{code}/postings", "本地的公示记录", "What was posted in a place"),
    ("public/reports/{number}", "凭编号查询居民反映的进度", "How far a resident's report is"),
)  # fmt: skip


def serve(office: Office, about: About) -> Work:
    """What ``GET /`` does."""

    async def work(_asked: Asked) -> Any:
        body = page(about, await aside(counties, office))
        return ASGIResponse(
            body=body.encode(), media_type=HTML,
            headers={
                "content-security-policy": _POLICY, "x-content-type-options": "nosniff",
                "referrer-policy": "no-referrer", "cache-control": "no-cache",
            },
        )  # fmt: skip

    return work


def page(about: About, places: list[PublicCounty]) -> str:
    """The whole page."""
    leads = [f'<li><a href="{escape(to)}">{zh}</a>{_en(en)}</li>' for to, zh, en in _LEADS]
    asked = [f"<li>{zh}{_en(en)}<code>{API}/{escape(to)}</code></li>" for to, zh, en in _ASKED]
    here = [
        f'<li><a href="{API}/public/areas/{escape(one.code)}/matters">{escape(one.name)}：'
        f'准入事项</a>，<a href="{API}/public/areas/{escape(one.code)}/postings">公示记录</a>'
        f"{_en('What is in force; what was posted')}</li>"
        for one in places
    ]
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="zh-CN">', '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>事项准入 · admission registry</title><style>{_STYLE}</style></head>", "<body>",
        f'<p id="banner">{escape(about.banner)}</p>', f"<h1>事项准入{_en('Admission registry')}</h1>",
        "<p>各部门要社区（村）承担的事项，先在这里申报、决定，再进社区。本页只有公众入口；办理人员使用接口。"
        + _en("What departments ask of communities is filed and decided here first. This page "
              "holds what is open to anybody; officials work through the API.") + "</p>",
        "<ul>", *leads, "</ul>", f"<h2>公众查询，不用登录{_en('Open to anybody, no token')}</h2>",
        "<ul>", *here, *asked, "</ul>", f"<p><small>{escape(about.version)}</small></p>",
        "</body></html>", "",
    ])  # fmt: skip


def _en(words: str) -> str:
    return f' <span class="en" lang="en">{escape(words)}</span>'


def operation() -> Operation:
    """Its entry in the document."""
    return Operation(
        path=PATH, method="GET", id="front", zh="首页", en="The front page for a browser",
        open=True, media=HTML, errors=errors_of(),
    )  # fmt: skip
