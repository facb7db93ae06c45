"""疑点用语 of what lives in a community, hangs on its walls, is asked of it or told by it."""

from registry.domain.accounts import VoucherStage
from registry.domain.doubts import Asked, Doubt

PAID = tuple(f"{stage.value}_fen" for stage in VoucherStage)

BREACH = Doubt(
    code="redress.breach", name="未经准入交办待核", zh="未经准入交办，或者投诉查实",
    en="Asked without admission, or found on a complaint",
    about=("declining", "objection", "complaint"), facts=("clauses", "recalled", "number"),
    asked=Asked.APPLICANT,
)  # fmt: skip
COMPLAINT = Doubt(
    code="complaint.unanswered", name="投诉逾期未答复", zh="投诉逾期未答复",
    en="The complaint was not answered in time.", about=("complaint",),
    facts=("due_on", "number", "breach"), asked=Asked.HANDLER,
)  # fmt: skip
OBJECTION = Doubt(
    code="objection.unanswered", name="异议逾期未答复", zh="异议逾期未答复",
    en="The objection was not answered in time.", about=("objection",), facts=("due_on",),
    asked=Asked.HANDLER,
)  # fmt: skip
REPORT = Doubt(
    code="resident_report.unanswered", name="居民反映逾期未答复", zh="居民反映逾期未答复",
    en="A resident's report was not answered in time.", about=("residentreport",),
    facts=("due_on",), asked=Asked.HANDLER,
)  # fmt: skip
DISPUTED = Doubt(
    code="walls.disputed", name="是否清除说法不一致",
    zh="社区和街道（乡镇）对是否已清除说法不一致，请再次核实",
    en="The community and the street do not say the same of whether it is gone.",
    about=("board", "bureau"), asked=Asked.COMMUNITY,
)  # fmt: skip
WALLS_OVERDUE = Doubt(
    code="walls.overdue", name="牌子清理到期未清除",
    zh="牌子清理通知单到期，所列牌子、机构尚未核实清除",
    en="A clean-up order is past its day and not all of it is attested as gone.",
    about=("cleanup_order",), facts=("number", "due_on", "left"), asked=Asked.APPLICANT,
)  # fmt: skip
LEGACY_OVERDUE = Doubt(
    code="legacy.overdue", name="存量事项到期未处置", zh="存量事项处置期限已过，尚未处置",
    en="What was there before is past its day and not settled.",
    about=("legacy_review",), facts=("title", "due_on"), asked=Asked.ISSUER,
)  # fmt: skip
ACCEPTANCE_OVERDUE = Doubt(
    code="acceptance.overdue", name="逾期未验收", zh="社区已报告完成，要求单位逾期未验收",
    en="The community has reported; who asked for it is late to accept.",
    about=("acceptance",), facts=("asked_on", "due_on"), asked=Asked.APPLICANT,
)  # fmt: skip
SHORT_POSTING = Doubt(
    code="publicity.short", name="公布未满期限",
    zh="公布未满 {days} 日即已撤下，请恢复公布、补足期限",
    en="It came down before the least time was full; put it up again.",
    about=("posting",), facts=("days", "unit", "clauses", "posted_on", "taken_down_on"),
    evidence=("postings",), asked=Asked.ISSUER,
    query="撤下公布时，撤下日期早于张贴日期加规则包 [publicity] at_least 的最短期限；同一内容恢复公布即闭合",
)  # fmt: skip
REVOKED_MONEY = Doubt(
    code="revocation.money", name="撤销后经费待处理", zh="准入已撤销，经费须按撤销决定处理",
    en="The admission was revoked; its money is dealt with as the decision says.",
    about=("presence",), facts=("effect", "share_fen", *PAID), evidence=("revocations",),
    asked=Asked.COMMUNITY,
)  # fmt: skip
DOUBTS = (
    BREACH, COMPLAINT, OBJECTION, REPORT, DISPUTED, WALLS_OVERDUE, LEGACY_OVERDUE,
    ACCEPTANCE_OVERDUE, SHORT_POSTING, REVOKED_MONEY,
)  # fmt: skip
