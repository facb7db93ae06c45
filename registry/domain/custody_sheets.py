"""资金管理模式表 reading how each community's money is kept, from a day on, by a document (P5)."""

from datetime import date

from registry.domain.labelled_sheets import called
from registry.domain.records import Line, Wire
from registry.domain.sheets import Errors, read_sheet, sheet_row, typed
from registry.domain.vocabulary import Custody


class CustodyRow(Wire, frozen=True, kw_only=True):
    """资金管理模式表一行."""

    community: Line
    """Code, id or name."""
    custody: Custody
    since: date
    document_number: Line
    """文号 of the registered document that says so."""


class CustodyCell(Wire, frozen=True, kw_only=True):
    """一行 and where it stands in the sheet."""

    row: int
    told: CustodyRow


_NAMES = {
    "社区": "community", "资金管理模式": "custody", "管理模式": "custody", "起始日期": "since",
    "起始日": "since", "文号": "document_number", "依据文号": "document_number",
}  # fmt: skip
_MUST = ("community", "custody", "since", "document_number")
_ZH: dict[Custody, str] = {
    Custody.STREET_CUSTODY: "居财街管", Custody.OWN_ACCOUNT: "自有账户",
    Custody.QUOTA_TRANSFER: "指标划转", Custody.DIRECT_PAY: "直接支付",
}  # fmt: skip
_WORDS = {zh: custody.value for custody, zh in _ZH.items()}


def read_custody(data: bytes, limit: int) -> tuple[list[CustodyCell], Errors]:
    """The rows of a sheet, or every bad cell."""
    cells, errors = read_sheet(data, _MUST, (), row_limit=limit, names=_NAMES)
    found: list[CustodyCell] = []
    for index, one in enumerate(cells):
        row = sheet_row(index)
        spoken = one | {"custody": _WORDS.get(one.get("custody", ""), one.get("custody", ""))}
        told, wrong = typed(spoken, CustodyRow, row)
        errors += wrong
        if told is not None:
            found.append(CustodyCell(row=row, told=told))
    return ([] if errors else found), called(errors, data, _NAMES, {"custody": list(_WORDS)})
