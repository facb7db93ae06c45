"""审计 whoever looks closer: the project that opens the books, what becomes of a finding (P19, P30).

A finding proves nothing. Between 疑点 and 定性 nobody is said to have broken a rule; only the auditor
and the unit that is asked read of it.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from registry.domain.records import Fen, Record, Wire


class ProjectKind(StrEnum):
    """项目类别: on what paper somebody looks closer."""

    AUDIT = "audit"
    """审计项目, on a 审计通知书."""
    TENURE = "tenure"
    """经济责任(离任)审计: of the time in which one person held a post (P23)."""
    INSPECTION = "inspection"
    """巡察、督查、纪检, on a 调阅函: reads and takes away by topic, asks and judges nothing (P30)."""


class ProjectState(StrEnum):
    """项目状态."""

    OPEN = "open"
    CLOSED = "closed"


class AuditProject(Record, frozen=True, kw_only=True):
    """审计项目: what a paper opens, to whom, of which units, over which time, until when (P19)."""

    kind: ProjectKind = ProjectKind.AUDIT
    number: str
    """审计通知书文号 or number of the 调阅函."""
    title: str
    topic: str = ""
    """调阅主题: what an inspection may read; empty = all that an auditor may."""
    organisation_id: str
    """Who audits."""
    units: list[str]
    """Organisations that are asked."""
    paths: list[str] = []
    """Where they lie: what is below is theirs."""
    first_on: date
    last_on: date
    """审计期间: the days looked at."""
    until: date
    """Access ends with this day."""
    holder_id: str | None = None
    """经济责任审计: the person whose time it is."""
    document_id: str | None = None
    """The 审计通知书 or 调阅函 itself: the last letter that was hung on the project."""
    state: ProjectState = ProjectState.OPEN
    closed_on: date | None = None


class AuditMember(Record, frozen=True, kw_only=True):
    """审计组成员: one person of a project, from another area too (交叉审计)."""

    project_id: str
    person_id: str
    home: str
    """The county whose person it is."""
    until: date
    gone_on: date | None = None


class FindingStage(StrEnum):
    """疑点办理阶段 (P19)."""

    DOUBT = "doubt"
    """疑点: seen, taken up by nobody."""
    VERIFYING = "verifying"
    """核实: the unit is asked."""
    ANSWERED = "answered"
    """被审计单位反馈."""
    EVIDENCE = "evidence"
    """取证."""
    QUALIFIED = "qualified"
    """定性, with the law it rests on."""
    RECTIFYING = "rectifying"
    """整改."""
    SETTLED = "settled"
    """销号."""
    DISMISSED = "dismissed"
    """排除: it was nothing."""


STAGE_MOVES: dict[FindingStage, frozenset[FindingStage]] = {
    FindingStage.DOUBT: frozenset({FindingStage.VERIFYING, FindingStage.DISMISSED}),
    FindingStage.VERIFYING: frozenset({FindingStage.ANSWERED, FindingStage.EVIDENCE,
                                       FindingStage.DISMISSED}),
    FindingStage.ANSWERED: frozenset({FindingStage.VERIFYING, FindingStage.EVIDENCE,
                                      FindingStage.DISMISSED}),
    FindingStage.EVIDENCE: frozenset({FindingStage.QUALIFIED, FindingStage.DISMISSED}),
    FindingStage.QUALIFIED: frozenset({FindingStage.RECTIFYING, FindingStage.SETTLED}),
    FindingStage.RECTIFYING: frozenset({FindingStage.SETTLED, FindingStage.RECTIFYING}),
    FindingStage.SETTLED: frozenset({FindingStage.VERIFYING}),
    FindingStage.DISMISSED: frozenset({FindingStage.VERIFYING}),
}  # fmt: skip
"""From which stage to which; what was settled or dismissed may be taken up anew."""
WORKING = frozenset(FindingStage) - {
    FindingStage.DOUBT, FindingStage.SETTLED, FindingStage.DISMISSED,
}  # fmt: skip
"""办理中: somebody has taken it up and has not come to an end."""


class FindingStep(Record, frozen=True, kw_only=True):
    """疑点办理记录: one step of a finding's life, with its paper."""

    finding_id: str
    project_id: str | None = None
    stage: FindingStage
    taken_on: date
    person_id: str
    organisation_id: str | None = None
    """The unit that is asked: it reads the step, and nobody else but the auditor."""
    text: str
    law: str = ""
    """定性依据: statute and article, for 定性 and 整改."""
    amount_fen: Fen | None = None
    due_on: date | None = None
    """By when the unit answers, or has it put right."""
    document_ids: list[str] = []


class Sample(Record, frozen=True, kw_only=True):
    """抽样: which records were drawn, so that anybody draws the same again from seed and snapshot."""

    project_id: str | None = None
    person_id: str
    resource: str
    filters: dict[str, Any] = {}
    method: str
    seed: str
    as_of: int
    """快照号."""
    population: int
    ids: list[str]


class IssuedState(StrEnum):
    """发文状态."""

    OPEN = "open"
    """Compared with nothing yet, or nothing was found."""
    MATCHED = "matched"
    """A request stands under its number."""
    OUTSIDE = "outside"
    """A person has said that it asks nothing of communities."""


class IssuedDocument(Record, frozen=True, kw_only=True):
    """发文目录: one document as the OA lists it: number, title and 主送, nothing else of it (P22)."""

    number: str
    title: str
    issuer_name: str
    issuer_id: str | None = None
    issued_on: date
    sent_to: str
    """主送, as the list says it."""
    communities: bool = False
    """主送 names communities, or streets with theirs."""
    state: IssuedState = IssuedState.OPEN
    request_id: str | None = None
    reason: str = ""


class ReadKind(StrEnum):
    """查阅类别 in the read log."""

    SITTING = "sitting"
    """Pages that one person read, gathered."""
    QUERY = "query"
    """A statement of one's own over the views."""


class ReadEntry(Wire, frozen=True, kw_only=True):
    """查阅日志条目: what was read, by whom, under which project; of its own log, so that reading
    changes nothing that is read."""

    county: str
    seq: int
    at: str
    person_id: str
    kind: ReadKind
    entry: str
    """Canonical JSON, the bytes under the leaf."""
    leaf: str


TAKEN = ("case.opened", "export.made", "proof.take")
"""Reading that stands in the county's own log: each is an event."""


class Taken(Wire, frozen=True, kw_only=True):
    """留痕事件: a case that was opened, an export or a proof, by its number in the county's log."""

    seq: int
    at: str
    act: str
    object_id: str
