"""对账疑点 what statements turn up that a person should look at; nobody is said to be wrong."""

from typing import Any

import msgspec

from registry.actions.office import Desk
from registry.domain.audit import Finding
from registry.domain.records import Record, Wire


class Doubt(Wire, frozen=True, kw_only=True):
    """疑点种类: its code, its name, and the neutral sentence that is opened with it."""

    code: str
    zh: str
    en: str
    detail: str
    detail_en: str


UNREGISTERED_PAYMENT = Doubt(
    code="funds.unregistered_payment", zh="未登记拨款", en="a payment without an admission",
    detail="这笔收付款没有找到对应的准入事项，请说明款项由来",
    detail_en="No admitted matter was found behind this payment: please say what it is for",
)  # fmt: skip
DIVERTED = Doubt(
    code="funds.diverted", zh="资金用途待核", en="money of one matter spent on something else",
    detail="这笔支出用的是一项事项的经费，用途归入另一类，请核对",
    detail_en="Money of one matter was paid for something of another kind: please check",
)  # fmt: skip
DOUBLE_FUNDING = Doubt(
    code="funds.double_funding", zh="重复资金待核", en="one thing paid for from two sources",
    detail="同一票据或同一事项在两个资金来源中都有记录，请核对是否重复",
    detail_en="One invoice or one matter stands under two sources of money: please check",
)  # fmt: skip
UNREGISTERED_WORK = Doubt(
    code="work.unregistered", zh="未登记事项", en="work without an admission",
    detail="社区反映承担了未见准入的事项，请核对",
    detail_en="A community says that it does work for which it finds no admission: please check",
)  # fmt: skip
DOUBTS = (UNREGISTERED_PAYMENT, DIVERTED, DOUBLE_FUNDING, UNREGISTERED_WORK)
"""Every code that is opened here."""


def opened(desk: Desk, doubt: Doubt, subject: Record, whose: tuple[str | None, str], **facts: Any
) -> Finding:  # fmt: skip
    """Open a finding about a record, once; one that was closed is opened again.

    Args:
        whose: the unit that is asked, and the path under which it is read.
    """
    id = f"{subject.id}.{doubt.code}"
    held = desk.unit.maybe(Finding, id, lock=True)
    if held is not None:
        if held.closed_on is None:
            return held
        return desk.unit.change(held, closed_on=None, opened_on=desk.today, facts=facts)
    return desk.unit.add(
        Finding(
            county=desk.unit.county, id=id, code=doubt.code,
            object_kind=type(subject).__name__.lower(), object_id=subject.id,
            organisation_id=whose[0], area_path=whose[1], opened_on=desk.today,
            detail=doubt.detail, detail_en=doubt.detail_en, facts=msgspec.to_builtins(facts),
        )
    )  # fmt: skip


def closed(desk: Desk, doubt: Doubt, subject_id: str) -> None:
    """Close a finding that holds no longer."""
    held = desk.unit.maybe(Finding, f"{subject_id}.{doubt.code}", lock=True)
    if held is not None and held.closed_on is None:
        desk.unit.change(held, closed_on=desk.today)
