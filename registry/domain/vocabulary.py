"""The words of the registry: every closed list of values that travels on the wire.

The value is the wire form; the Chinese name of each stands in ``ZH``. A word is added here
once and nowhere else: database CHECKs, Casbin tables and the OpenAPI document read it from here.
"""

from enum import StrEnum


class Kind(StrEnum):
    """事项类别: what a department asks a community to carry."""

    TASK = "task"
    OFFICE = "office"
    SIGNBOARD = "signboard"
    WALL_NOTICE = "wall_notice"
    CERTIFICATE = "certificate"
    INSPECTION = "inspection"
    CAMPAIGN = "campaign"
    REPORT = "report"
    LEDGER = "ledger"
    MEETING = "meeting"
    APP = "app"
    SURVEY = "survey"
    TARGET = "target"


class Receiver(StrEnum):
    """承接主体: the body in the community that would carry it."""

    RESIDENTS_COMMITTEE = "residents_committee"
    VILLAGE_COMMITTEE = "village_committee"
    SERVICE_STATION = "service_station"
    PARTY_ORGANISATION = "party_organisation"
    SUPERVISION_COMMITTEE = "supervision_committee"
    COLLECTIVE_ECONOMIC = "collective_economic"
    GRID = "grid"
    SPECIAL_GRID = "special_grid"
    STREET = "street"


class CommunityType(StrEnum):
    """社区类型."""

    URBAN = "urban"
    AGRICULTURAL = "agricultural"


class Level(StrEnum):
    """层级."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"


class Role(StrEnum):
    """社区承担的角色: what the community is in the matter."""

    LEAD = "lead"
    ASSIST = "assist"
    SELF_GOVERNANCE = "self_governance"
    ENTRUSTED = "entrusted"


class Duration(StrEnum):
    """期限类型."""

    LONG_TERM = "long_term"
    PHASE = "phase"
    TEMPORARY = "temporary"
    EMERGENCY = "emergency"


class Outcome(StrEnum):
    """预审意见: strongest first among the soft ones, see ``admission.strongest``."""

    LISTED = "listed"
    EXEMPT = "exempt"
    NEEDS_APPROVAL = "needs_approval"
    PURCHASE = "purchase"
    DISCRETIONARY = "discretionary"
    REFUSED = "refused"
    HUMAN_REVIEW = "human_review"
    OUT_OF_SCOPE = "out_of_scope"
    ALLOWED = "allowed"


class Default(StrEnum):
    """清单外默认规则."""

    DENY = "deny"
    ADMISSION = "admission"
    NEGATIVE_ONLY = "negative_only"
    FROZEN = "frozen"


class Stage(StrEnum):
    """规则阶段."""

    DRY_RUN = "dry_run"
    WARN = "warn"
    ENFORCE = "enforce"


class Gate(StrEnum):
    """关口: the moments at which a rule pack is asked."""

    FILE = "file"
    APPROVE = "approve"
    SIGN = "sign"
    START = "start"
    CONTINUE = "continue"
    PAY = "pay"
    SPEND = "spend"
    ACCEPT = "accept"
    RENEW = "renew"
    EXIT = "exit"


class FundingMode(StrEnum):
    """经费方式."""

    TRANSFER = "transfer"
    PURCHASE = "purchase"
    PROJECT = "project"
    SECONDMENT = "secondment"
    PER_CAPITA = "per_capita"
    RATIO = "ratio"
    PER_CASE = "per_case"
    FIXED = "fixed"
    REIMBURSEMENT = "reimbursement"
    NEGOTIATED = "negotiated"
    NONE = "none"


class Custody(StrEnum):
    """资金管理模式 (P5): who holds the community's money."""

    STREET_CUSTODY = "street_custody"
    OWN_ACCOUNT = "own_account"
    QUOTA_TRANSFER = "quota_transfer"
    DIRECT_PAY = "direct_pay"


class Disclosure(StrEnum):
    """公开属性 (P8)."""

    OPEN = "open"
    RESIDENTS = "residents"
    INTERNAL = "internal"


class OrganisationKind(StrEnum):
    """单位类别."""

    PARTY_DEPARTMENT = "party_department"
    DEPARTMENT = "department"
    GOVERNMENT = "government"
    JOINT_CONFERENCE = "joint_conference"
    MASS_ORGANISATION = "mass_organisation"
    VERTICAL = "vertical"
    COURT_PROCURATORATE = "court_procuratorate"
    ARMED_FORCES_DEPARTMENT = "armed_forces_department"
    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"
    COMMERCIAL = "commercial"
    SOCIAL_ORGANISATION = "social_organisation"
    STREET = "street"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    FINANCE = "finance"
    TREASURY = "treasury"
    AUDIT = "audit"
    INSPECTION_BODY = "inspection_body"
    ADMISSION_OFFICE = "admission_office"


class Trigger(StrEnum):
    """退出事由: what brings a matter to leave a community."""

    EXPIRED = "expired"
    LAW_CHANGED = "law_changed"
    EVALUATION = "evaluation"
    ANNUAL_LIST = "annual_list"
    WITHDRAWN = "withdrawn"
    ABOLISHED_ABOVE = "abolished_above"
    REVOKED = "revoked"
    """撤销准入."""


class Polarity(StrEnum):
    """清单性质: what standing on a list means."""

    ASSIST = "assist"
    SELF_GOVERNANCE = "self_governance"
    PERMITTED = "permitted"
    DISCRETIONARY = "discretionary"
    NEGATIVE = "negative"
    BARRED = "barred"
    OWN_DUTY = "own_duty"
    CANCELLED = "cancelled"
    """取消: it used to be asked and must not be any more; the item states the ground."""
    GUIDANCE = "guidance"
    """指导: what help there is; it informs and decides nothing."""


class Grade(StrEnum):
    """依据等级: how far the text behind a fact was read.

    全文, 节选, 报道, S, L are on; 背景, M, K, inferred are off: shown as 「待核实」, never deciding.
    ``configured`` marks a value the local officer set where the law is silent.
    """

    FULL = "全文"
    EXCERPT = "节选"
    REPORTED = "报道"
    SEEN = "S"
    STATUTE = "L"
    BACKGROUND = "背景"
    MEMORY = "M"
    KNOWLEDGE = "K"
    INFERRED = "inferred"
    CONFIGURED = "configured"
    FICTIONAL = "fictional"


GRADES_OFF = frozenset({Grade.BACKGROUND, Grade.MEMORY, Grade.KNOWLEDGE, Grade.INFERRED})

ZH: dict[StrEnum, str] = {
    Kind.TASK: "工作事项",
    Kind.OFFICE: "工作机构（领导小组、工作机制、专班）",
    Kind.SIGNBOARD: "机构挂牌",
    Kind.WALL_NOTICE: "制度上墙",
    Kind.CERTIFICATE: "出具证明（含意见、盖章）",
    Kind.INSPECTION: "督查检查考核",
    Kind.CAMPAIGN: "创建示范、评比达标表彰",
    Kind.REPORT: "报表（填表报数）",
    Kind.LEDGER: "台账",
    Kind.MEETING: "会议",
    Kind.APP: "政务应用程序、公众账号和工作群组",
    Kind.SURVEY: "统计调查",
    Kind.TARGET: "任务指标（责任状）",
    Receiver.RESIDENTS_COMMITTEE: "居民委员会",
    Receiver.VILLAGE_COMMITTEE: "村民委员会",
    Receiver.SERVICE_STATION: "社区服务站",
    Receiver.PARTY_ORGANISATION: "社区（村）党组织",
    Receiver.SUPERVISION_COMMITTEE: "居（村）务监督委员会",
    Receiver.COLLECTIVE_ECONOMIC: "村集体经济组织",
    Receiver.GRID: "综合网格",
    Receiver.SPECIAL_GRID: "专属网格",
    Receiver.STREET: "街道（乡镇）本级",
    Outcome.LISTED: "清单内事项（备案进入）",
    Outcome.EXEMPT: "法定事项免审（备案）",
    Outcome.NEEDS_APPROVAL: "清单外事项（须申报准入）",
    Outcome.PURCHASE: "建议转政府购买服务",
    Outcome.DISCRETIONARY: "可酌情出具",
    Outcome.REFUSED: "预审不通过",
    Outcome.HUMAN_REVIEW: "转人工研判",
    Outcome.OUT_OF_SCOPE: "不属本级受理",
    Outcome.ALLOWED: "通过",
    Custody.STREET_CUSTODY: "居财街管",
    Custody.OWN_ACCOUNT: "自有账户",
    Custody.QUOTA_TRANSFER: "指标划转",
    Custody.DIRECT_PAY: "直接支付",
    Disclosure.OPEN: "主动公开",
    Disclosure.RESIDENTS: "居务公开",
    Disclosure.INTERNAL: "不予公开",
}
