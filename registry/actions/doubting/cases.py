"""疑点用语 of cases, of the rules they were judged by and of the bodies in them: neutral words."""

from registry.domain.doubts import Asked, Doubt
from registry.policies.sentinel import Difference

LETTER_TWICE = Doubt(
    code="letter.number_twice", name="发文字号重复待核",
    zh="发文字号 {letter_number} 已用于另一申请",
    en="This document number already stands on another request.",
    about=("request",), facts=("letter_number",), evidence=("requests",), asked=Asked.APPLICANT,
)  # fmt: skip
REFILED = Doubt(
    code="refiled.near_duplicate", name="与未获准入事项相近待核",
    zh="与未获准入的申请《{title}》内容相近，名称、范围、承接主体或者期限不同，请核对",
    en="Much like a request that was not admitted, under another title or term: please check.",
    about=("request",), facts=("title",), evidence=("requests",), asked=Asked.APPLICANT,
    query="提交申请时，与同一单位在规则包 [similar] 所记期限内未获准入的申请比对种类、内容、标准、依据、经费和授权",
)  # fmt: skip
AGREEMENT = Doubt(
    code="change.agreement", name="变更后协议待重签",
    zh="事项已变更，双方须按变更后的文本重新签订协议",
    en="The matter was changed: both sides must sign the agreement as it now reads.",
    about=("presence",), facts=("edition",), asked=Asked.APPLICANT,
)  # fmt: skip
AMENDMENT_OVERDUE = Doubt(
    code="amendment.overdue", name="提请修改逾期未答复",
    zh="提请修改逾期未答复：{number} {item}",
    en="A proposal to amend a rule was not answered in its time.",
    about=("amendment_proposal",), facts=("number", "item", "due_on", "times"),
    asked=Asked.HANDLER,
)  # fmt: skip
NAME = Doubt(
    code="reorganisation.name", name="机构新名称待核定",
    zh="{before}已更名为{after}，文件未写明{body}的新名称，须由人核定",
    en="The place has another name; none is told for {body}.",
    about=("organisation",), facts=("before", "after", "body"), asked=Asked.ISSUER,
)  # fmt: skip
OWN_CASE = Doubt(
    code="reorganisation.own_case", name="承继后待另行指定办理单位",
    zh="承继单位也是本案的申请单位，待办须另行指定办理单位",
    en="The successor asks in this case; another body has to be named.",
    about=("request",), asked=Asked.APPLICANT,
)  # fmt: skip
RECEIVER = Doubt(
    code="reorganisation.receiver", name="承接主体待核定",
    zh="{village}已撤村改居，本案仍以村民委员会为承接主体，须由人核定",
    en="The village has become a residents' community; the case still names its village committee.",
    about=("request",), facts=("village",), asked=Asked.APPLICANT,
)  # fmt: skip
PACK_REVIEW = Doubt(
    code="pack.review", name="规则包到复审日", zh="规则包已到复审日：{title}",
    en="The day for reviewing this pack has come: {title_en}",
    about=("pack",), facts=("title", "title_en", "review_on"),
)  # fmt: skip
EXPIRING = Doubt(
    code="exception.expiring", name="例外即将到期", zh="例外即将到期：{number}",
    en="An exception is near its end.", about=("exception",), facts=("number", "valid_to"),
)  # fmt: skip
EXPIRED = Doubt(
    code="exception.expired", name="例外已到期", zh="例外已到期，不再适用：{number}",
    en="An exception has ended and is honoured no more.", about=("exception",),
    facts=("number", "valid_to"),
)  # fmt: skip
UNUSED = Doubt(
    code="exception.unused", name="例外从未使用", zh="例外到期前从未改变任何预审意见：{number}",
    en="An exception ended without having changed any verdict.", about=("exception",),
    facts=("number", "valid_to"),
)  # fmt: skip
_RESTS = ("instrument", "pack", "list", "request")
LAPSING = Doubt(
    code="instrument.lapsing", name="所依据文件即将失效", zh="所依据的文件将于{lapses_on}失效：{number}",
    en="The instrument {number} lapses on {lapses_on}.", about=_RESTS,
    facts=("number", "lapses_on"), evidence=("instruments",), asked=Asked.APPLICANT,
    query="已登记文件的失效日期在规则包 [instruments] notice 的提前期限内，按文号找出以其为依据的规则包、清单和在办申请",
)  # fmt: skip
LAPSED = Doubt(
    code="instrument.lapsed", name="所依据文件已失效", zh="所依据的文件已于{lapses_on}失效：{number}",
    en="The instrument {number} lapsed on {lapses_on}.", about=_RESTS,
    facts=("number", "lapses_on"), evidence=("instruments",), asked=Asked.APPLICANT,
    query="已登记文件的失效日期不晚于今日，按文号找出以其为依据的规则包、清单和在办申请",
)  # fmt: skip
DECIDER = Doubt(
    code="decider.differs", name="判定结果不一致待核",
    zh="快速判定与标准判定结果不一致，请核对并暂以标准判定运行",
    en="The fast decider and Casbin's own do not agree: run on the stock one until this is "
    "understood",
    about=("county",), facts=Difference.__struct_fields__,
)  # fmt: skip
DOUBTS = (
    LETTER_TWICE, REFILED, AGREEMENT, AMENDMENT_OVERDUE, NAME, OWN_CASE, RECEIVER, PACK_REVIEW,
    EXPIRING, EXPIRED, UNUSED, LAPSING, LAPSED, DECIDER,
)  # fmt: skip
