"""疑点种类 the type of a kind of finding: what is said, in the light of which clause, of what, on
what evidence, and which unit is asked. Before a person has judged it nobody has broken any rule.
"""

from enum import StrEnum

from registry.domain.records import Wire


class Asked(StrEnum):
    """被问单位: who is asked about a finding, and reads it beside the auditor and the office."""

    APPLICANT = "applicant"
    """要求单位 who asks the work of the community."""
    PAYER = "payer"
    """付款单位."""
    RECEIVER = "receiver"
    """收款方: the street or the community to which money was sent, as its custody says."""
    STREET = "street"
    """街道(乡镇)."""
    COMMUNITY = "community"
    """社区(村)."""
    ISSUER = "issuer"
    """开具单位 of the voucher, the order or the sheet."""
    HANDLER = "handler"
    """答复单位: who owes an answer."""
    HOLDER = "holder"
    """收付款单位 who got or paid the money of a line."""
    NOBODY = "nobody"
    """No one unit: the auditor and the office look at it."""


ASKED_ZH: dict[Asked, str] = {
    Asked.APPLICANT: "要求单位", Asked.PAYER: "付款单位", Asked.RECEIVER: "收款方",
    Asked.STREET: "街道（乡镇）", Asked.COMMUNITY: "社区（村）", Asked.ISSUER: "开具单位",
    Asked.HANDLER: "答复单位", Asked.HOLDER: "收付款单位", Asked.NOBODY: "不特定单位",
}  # fmt: skip


class Doubt(Wire, frozen=True, kw_only=True):
    """疑点种类."""

    code: str
    name: str
    """名称, short and neutral: what a list or a sheet says of it."""
    zh: str
    """What is said of one; names of facts in braces are filled in."""
    en: str
    law: str = ""
    """依据: the clause as the statute stands; empty = none that was read speaks of it."""
    about: tuple[str, ...]
    """Kinds of the object that it is about."""
    facts: tuple[str, ...] = ()
    """What one tells, by name; amounts in 分."""
    evidence: tuple[str, ...] = ()
    """佐证: the resources whose rows it names, under ``evidence`` among its facts."""
    asked: Asked = Asked.NOBODY
    query: str = ""
    """查证方法: the statement by which it is found, word for word; empty = what its room compares."""


AUDITORS = frozenset({
    "certificate.off_list", "decision.outside_chain", "decision.own_case",
    "decision.verdict_apart", "issued.unadmitted", "presence.before_admission",
    "presence.unadmitted", "publicity.missing", "publicity.short", "refiled.near_duplicate",
    "request.begun_before", "request.overdue", "request.split", "wall.before_admission",
    "wall.over_profile", "wall.unadmitted",
})  # fmt: skip
"""审计疑点 kinds that the auditor and the unit asked alone read, from the day they are seen (P19): what
the others tell the office has to act upon."""
