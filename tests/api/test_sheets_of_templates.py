"""模板表: what a page hands out to be filled in, the API reads as it is."""

import io
from typing import Any

import pytest
from litestar.testing import TestClient
from openpyxl import load_workbook

from registry.actions.office import Office
from tests.api.conftest import SignIn
from tests.web.seated import Seat

FILLED: dict[str, tuple[str, dict[str, str]]] = {
    "organisations": ("sys.admin", {
        "单位编号": "o-new", "县（市、区）代码": "990102", "名称": "演示新局", "类别": "政府部门",
        "层级": "县区", "区划代码": "990102000000",
    }),
    "people": (
        "sys.admin", {"用户名": "new.clerk", "姓名": "演示新人", "县（市、区）代码": "990102"},
    ),
    "posts": ("sec.admin", {
        "用户名": "dept.clerk", "单位编号": "o-990102-civil", "区划代码": "990102000000",
        "岗位": "部门负责人", "起始日期": "2026-03-01",
    }),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILLED)
def test_the_template_of_a_page_comes_in_over_the_api_as_it_was_filled_in(
    client: TestClient[Any], sign_in: SignIn, one_office: Office, kind: str
) -> None:
    who, cells = FILLED[kind]
    given = Seat(client, one_office, who).get(f"/admin/import/{kind}/template.xlsx")
    book = load_workbook(io.BytesIO(given.content))
    page = book.worksheets[0]
    heads = [str(cell.value).removesuffix("*") for cell in page[1]]
    page.append([cells.get(head, "") for head in heads])
    filled = io.BytesIO()
    book.save(filled)
    answer = client.post(f"/api/v1/imports/{kind}", content=filled.getvalue(), headers=sign_in(who))
    assert (answer.status_code, answer.json().get("added")) == (200, 1), answer.text
