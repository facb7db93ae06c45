"""首页 what anybody finds at ``/``: what this is, the public's ways in, and the sign-in."""

from typing import Any

from registry.actions.vouching.telling import counties
from registry.api import verify_page
from registry.api.entrance import API
from registry.api.serving import aside
from registry.web.serving import Kind, shown
from registry.web.visit import Visit

OPEN = Kind(open=True)
LEADS = (
    (
        "/public",
        "公众查询：各地的准入事项、证明、反映进度",
        "For the public: matters in force, papers, reports",
    ),
    (verify_page.PATH, "核验准入通知书", "Check an admission notice"),
)
"""For anybody who lives there."""
PROGRAMS = (
    ("/schema/openapi.json", "接口文档（OpenAPI）", "The API's document (OpenAPI)"),
    (f"{API}/errors", "错误码表", "Every error code"),
    (verify_page.STATUS, "准入通知书当日状态文件（带签名，可离线核验）",
     "The signed states of the day's notices, to be checked without the network"),
)  # fmt: skip
"""For whoever joins a system of theirs to this one."""


async def home(visit: Visit) -> Any:
    """``GET /``."""
    places = await aside(counties, visit.office)
    return shown(visit, "home.html", places=places, leads=LEADS, programs=PROGRAMS)
