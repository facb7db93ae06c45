"""疑点用语 of what acts, decisions, walls and papers show beside each other: neutral words, each with
the very statement by which it is found; the law only where the clauses that were read speak of it.
"""

from typing import NamedTuple

from registry.domain.doubts import Asked, Doubt
from registry.store import conduct, conduct_places
from registry.store.comparing import Build, shown

UNADMITTED = Doubt(
    code="presence.unadmitted", name="在办事项准入状态待核",
    zh="事项《{title}》仍在社区（村）办理，其申请现不处于准予准入状态，请核对",
    en="The matter goes on in a community while its request is not admitted: please check.",
    about=("presence",), facts=("title", "request_id", "request_state"),
    evidence=("presences", "requests"), asked=Asked.APPLICANT,
    query=shown(conduct_places.unadmitted_presences),
)  # fmt: skip
WALL = Doubt(
    code="wall.unadmitted", name="牌子、机构准入依据待核",
    zh="社区（村）现有「{title}」，未登记准入依据，请核对",
    en="It hangs, or sits, in a community and no admission is recorded: please check.",
    about=("board", "bureau"), facts=("title", "since"), evidence=("boards", "bureaus"),
    asked=Asked.APPLICANT,
    query=f"{shown(conduct_places.unadmitted_boards)}; {shown(conduct_places.unadmitted_bureaus)}",
)  # fmt: skip
OWN = Doubt(
    code="decision.own_case", name="决定单位（人）与申请单位（人）重合待核",
    zh="决定 {number}（《{title}》）的决定单位或者决定人与申请一方重合，请核对",
    en="Who decided is also who asked, drafted or signed: please check.",
    about=("decision",), facts=("number", "title", "request_id"),
    evidence=("decisions", "requests"), asked=Asked.HANDLER, query=shown(conduct.own_decisions),
)  # fmt: skip
OUTSIDE = Doubt(
    code="decision.outside_chain", name="决定环节待核",
    zh="决定 {number}（《{title}》）的决定单位在本案中没有决定环节，请核对",
    en="No step to decide lay with the body that decided: please check.",
    about=("decision",), facts=("number", "title", "request_id"),
    evidence=("decisions", "requests"), asked=Asked.HANDLER,
    query=shown(conduct.decisions_outside),
)  # fmt: skip
APART = Doubt(
    code="decision.verdict_apart", name="决定与预审意见不一致待核",
    zh="决定 {number}（《{title}》）准予准入，其所附预审意见为不通过，请核对",
    en="It was admitted though the verdict under the rules in force said no: please check.",
    about=("decision",), facts=("number", "title", "request_id", "outcome"),
    evidence=("decisions", "requests"), asked=Asked.HANDLER,
    query=shown(conduct.decisions_apart),
)  # fmt: skip
BEGUN = Doubt(
    code="request.begun_before", name="开展日期早于申报日期待核",
    zh="《{title}》申报于 {applied_on}，所填开展日期为 {starts_on}，未注明先办后录，请核对",
    en="It says it began before it was filed, and nothing of a late entry: please check.",
    about=("request",), facts=("title", "applied_on", "starts_on"), evidence=("requests",),
    asked=Asked.APPLICANT, query=shown(conduct.begun_before_asked),
)  # fmt: skip
SPLIT = Doubt(
    code="request.split", name="相近事项分次申报待核",
    zh="《{title}》与同一单位对同一社区（村）在办的《{other}》名称相近，请核对是否应合并申报",
    en="Much like another running request of the same body for the same place: please check.",
    about=("request",), facts=("title", "other", "applied_on", "other_on"),
    evidence=("requests",), asked=Asked.APPLICANT,
    query=f"{shown(conduct.side_by_side)}; 再按规则包 [similar] 的期限和相似度比对名称",
)  # fmt: skip
LATE = Doubt(
    code="request.overdue", name="办理逾期待核",
    zh="《{title}》应于 {due_on} 前办结，尚未办结，请核对",
    en="The case is past its day and still lies with somebody: please check.",
    about=("request",), facts=("title", "due_on"), evidence=("requests",), asked=Asked.HANDLER,
    query=shown(conduct.overdue_cases),
)  # fmt: skip
UNPUBLISHED = Doubt(
    code="publicity.missing", name="应公布未公布待核",
    zh="《{title}》于 {left_on} 退出，按规则应当公布，尚未登记公布，请核对",
    en="It left, the rules want that published, and no posting is recorded: please check.",
    about=("departure",), facts=("title", "left_on"), evidence=("departures",),
    asked=Asked.COMMUNITY, query=shown(conduct_places.unpublished),
)  # fmt: skip
BEYOND = Doubt(
    code="wall.over_profile", name="超出挂牌规则待核",
    zh="牌子「{title}」按现行挂牌规则应当清除，仍在，请核对",
    en="The rules in force say that the board has to go, and it hangs: please check.",
    about=("board",), facts=("title", "since"), evidence=("boards",), asked=Asked.APPLICANT,
    query=shown(conduct_places.beyond_profile),
)  # fmt: skip
DEMANDED = Doubt(
    code="certificate.off_list", name="清单外证明需求待核",
    zh="{month} 有单位索要不应由社区（村）出具的证明：{item}（{times} 次），请核对",
    en="A paper was demanded that communities must not issue: please check.",
    about=("certificatedemand",), facts=("item", "demander", "times", "month"),
    evidence=("certificate-demands",), query=shown(conduct_places.off_list_demands),
)  # fmt: skip
HUNG_BEFORE = Doubt(
    code="wall.before_admission", name="挂牌早于准入待核",
    zh="牌子「{title}」{since} 即已悬挂，准予准入决定 {number} 于 {issued_on} 作出，请核对",
    en="The board hung before the matter was admitted: please check.",
    about=("board",), facts=("title", "since", "issued_on", "number"), evidence=("boards",),
    asked=Asked.APPLICANT, query=shown(conduct_places.boards_before),
)  # fmt: skip
BEFORE = Doubt(
    code="presence.before_admission", name="开展早于准入待核",
    zh="《{title}》{since} 即已开展，准予准入决定 {number} 于 {issued_on} 作出，请核对",
    en="The work began before it was admitted: please check.",
    about=("presence",), facts=("title", "since", "issued_on", "number"),
    evidence=("presences",), asked=Asked.APPLICANT, query=shown(conduct_places.work_before),
)  # fmt: skip
ISSUED = Doubt(
    code="issued.unadmitted", name="已发文未见申报待核",
    zh="文件 {number}《{title}》（{issued_on}）主送{sent_to}，未见以该文号申报准入，请核对",
    en="A document went out to communities and no request stands under its number: please check.",
    about=("issueddocument",), facts=("number", "title", "issued_on", "sent_to"),
    evidence=("issued-documents",), asked=Asked.ISSUER,
    query="发文目录中主送含社区（村）的每件文号，与全部已提交申请的发文字号、依据文号（括号和全半角统一后）比对",
)  # fmt: skip


class Sought(NamedTuple):
    """一项比对: the kind of finding, by which statement, and of which resource its objects are."""

    doubt: Doubt
    build: Build
    kind: str
    resource: str


SOUGHT = (
    Sought(UNADMITTED, conduct_places.unadmitted_presences, "presence", "presences"),
    Sought(WALL, conduct_places.unadmitted_boards, "board", "boards"),
    Sought(WALL, conduct_places.unadmitted_bureaus, "bureau", "bureaus"),
    Sought(OWN, conduct.own_decisions, "decision", "decisions"),
    Sought(OUTSIDE, conduct.decisions_outside, "decision", "decisions"),
    Sought(APART, conduct.decisions_apart, "decision", "decisions"),
    Sought(BEGUN, conduct.begun_before_asked, "request", "requests"),
    Sought(SPLIT, conduct.side_by_side, "request", "requests"),
    Sought(LATE, conduct.overdue_cases, "request", "requests"),
    Sought(UNPUBLISHED, conduct_places.unpublished, "departure", "departures"),
    Sought(BEYOND, conduct_places.beyond_profile, "board", "boards"),
    Sought(DEMANDED, conduct_places.off_list_demands, "certificatedemand", "certificate-demands"),
    Sought(HUNG_BEFORE, conduct_places.boards_before, "board", "boards"),
    Sought(BEFORE, conduct_places.work_before, "presence", "presences"),
)
DOUBTS = (
    UNADMITTED, WALL, OWN, OUTSIDE, APART, BEGUN, SPLIT, LATE, UNPUBLISHED, BEYOND, DEMANDED,
    HUNG_BEFORE, BEFORE, ISSUED,
)  # fmt: skip
