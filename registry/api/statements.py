"""报表询问入口 statements of money: as JSON, CSV, a workbook, a page to print."""

from functools import partial

from registry.actions.office import Office
from registry.actions.statements import printing, sheeting, stating
from registry.api.asked import Asked
from registry.api.asking import FORMAT, Form, Question, read_as
from registry.api.serving import COUNTY
from registry.domain.statement import Statement

_WORDS = frozenset(stating.StatementQuery.__struct_fields__) - {"county"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _state(office: Office, asked: Asked) -> Statement:
    actor = asked.actor()
    call = asked.call(actor, "voucher.read")
    given = {name: value for name, value in asked.query.items() if name in _WORDS}
    query = read_as(stating.StatementQuery, {**given, "county": call.county})
    return stating.state(office, actor, query)


def _page(statement: Statement) -> bytes:
    return printing.page(statement).encode()


_FORMS = {
    "csv": Form("text/csv; charset=utf-8", sheeting.as_csv, "csv"),
    "csv-gb18030": Form(
        "text/csv; charset=gb18030", partial(sheeting.as_csv, encoding="gb18030"), "csv"
    ),
    "xlsx": Form(_XLSX, sheeting.as_xlsx, "xlsx"),
    "html": Form(
        "text/html; charset=utf-8", _page,
        headers=(("content-security-policy", printing.POLICY),),
    ),
}  # fmt: skip

STATEMENTS: tuple[Question, ...] = (
    Question(path="/statements", id="statements", zh="资金报表（JSON、CSV、xlsx 或可打印页面）",
             en="Statement of money, by item, community, department or year", ask=_state,
             answers=Statement, module=stating, query=COUNTY | _WORDS | {FORMAT}, forms=_FORMS),
)  # fmt: skip
