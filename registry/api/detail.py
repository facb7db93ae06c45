"""明细账询问入口 the entries of the ledger, one by one, as JSON or as CSV."""

from functools import partial

from registry.actions.office import Office
from registry.actions.statements import detail, listing
from registry.api.asked import Asked
from registry.api.asking import FORMAT, Form, Question, read_as
from registry.api.serving import COUNTY

_WORDS = frozenset(detail.DetailQuery.__struct_fields__) - {"first", "last"}
_DAYS = {"from": "first", "to": "last"}


def _detail(office: Office, asked: Asked) -> detail.Detail:
    actor = asked.actor()
    given = {name: value for name, value in asked.query.items() if name in _WORDS}
    given |= {field: asked.query[name] for name, field in _DAYS.items() if name in asked.query}
    query = read_as(detail.DetailQuery, given)
    return detail.detail(office, actor, asked.call(actor, "voucher.read"), query)


DETAIL: tuple[Question, ...] = (
    Question(path="/ledger-entries", id="ledger-entries", zh="明细账：逐笔分录及合计（JSON、CSV）",
             en="The entries of the ledger one by one, and their sum", ask=_detail,
             answers=detail.Detail, module=detail,
             query=COUNTY | _WORDS | frozenset(_DAYS) | {FORMAT}, forms={
                 "csv": Form("text/csv", listing.detail_csv, "csv"),
                 "csv-gb18030": Form("text/csv; charset=gb18030",
                                     partial(listing.detail_csv, encoding="gb18030"), "csv"),
             }),
)  # fmt: skip
