"""对账疑点 what statements turn up that a person should look at; nobody is said to be wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Desk
from registry.domain.audit import Finding
from registry.domain.doubts import Asked, Doubt
from registry.domain.records import Record

UNREGISTERED_PAYMENT = Doubt(
    code="funds.unregistered_payment", name="未登记拨款待核",
    zh="这笔收付款没有找到对应的准入事项，请说明款项由来",
    en="No admitted matter was found behind this payment: please say what it is for",
    about=("bankline",), facts=("amount_fen", "direction", "dated_on", "source"),
    evidence=("bank-lines",), asked=Asked.HOLDER,
)  # fmt: skip
DIVERTED = Doubt(
    code="funds.diverted", name="资金用途待核",
    zh="这笔支出用的是一项事项的经费，用途归入另一类，请核对",
    en="Money of one matter was paid for something of another kind: please check",
    law="预算法 第63条", about=("bankline",),
    facts=("amount_fen", "presence_id", "title", "classed_as", "dated_on"),
    evidence=("bank-lines",), asked=Asked.HOLDER,
)  # fmt: skip
DOUBLE_FUNDING = Doubt(
    code="funds.double_funding", name="重复资金待核",
    zh="同一票据或同一事项在两个资金来源中都有记录，请核对是否重复",
    en="One invoice or one matter stands under two sources of money: please check",
    about=("otherincome",), facts=("by", "source", "amount_fen", "other_fen"),
    evidence=("other-incomes", "expenditures", "presences"), asked=Asked.COMMUNITY,
)  # fmt: skip
UNREGISTERED_WORK = Doubt(
    code="work.unregistered", name="未登记事项待核",
    zh="社区反映承担了未见准入的事项，请核对",
    en="A community says that it does work for which it finds no admission: please check",
    about=("organisation",), facts=("text", "kind", "asked_by", "amount_fen", "since"),
    asked=Asked.COMMUNITY,
)  # fmt: skip
DOUBTS = (UNREGISTERED_PAYMENT, DIVERTED, DOUBLE_FUNDING, UNREGISTERED_WORK)
"""Every code that is opened here."""


def finding_id(doubt: Doubt, subject_id: str) -> str:
    """The one finding of this kind about a record."""
    return f"{subject_id}.{doubt.code}"


def opened(
    desk: Desk, doubt: Doubt, subject: Record, whose: tuple[str | None, str], *,
    evidence: Mapping[str, Sequence[str]], **facts: Any,
) -> Finding:  # fmt: skip
    """Open a finding about a record, once; one that was closed is opened again.

    Args:
        whose: the unit that is asked, and the path under which it is read.
        evidence: ids by resource.
    """
    seen = Seen(doubt, finding_id(doubt, subject.id), subject.id, *whose, facts, evidence)
    return keeping.tell(desk, seen)


def closed(desk: Desk, doubt: Doubt, subject_id: str) -> None:
    """Close a finding that holds no longer."""
    keeping.close(desk, finding_id(doubt, subject_id))
