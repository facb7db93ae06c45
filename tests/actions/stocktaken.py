"""存量 builders: sheets of what exists in the demo county, and the acts on what they bring."""

from typing import Any

from registry.actions.existing import judging, settling, taking
from registry.domain.existing import LegacyReview, Settlement, Sheet
from registry.domain.presence import Presence
from tests.actions.case import Hands
from tests.actions.decided import now

HOME = "o-990102001001"
CODE = "990102001001"
NEXT = "990102001002"
OTHER_STREET = "990102002001"
HEADERS: dict[str, str] = {
    "items": "社区,事项名称,要求单位,起始日期,文号,复核日期,每年工时",
    "agreements": "社区,协议名称,要求单位,金额(元),截止日期",
    "reports": "社区,报表名称,要求单位,指标数,每年次数,每次工时",
    "boards": "社区,牌子文字,要求单位,形式,位置,方向,宽（厘米）,高（厘米）,制作单位,出资单位",
    "offices": "社区,机构名称,要求单位,人数,是否开会,最近开会日期",
    "certificates": "社区,证明名称,要求单位,每年次数",
    "meetings": "社区,会议名称,要求单位,每年次数,人数,每次工时",
    "groups": "社区,群组名称,要求单位,平台",
}
ROWS: dict[str, str] = {
    "items": f"{CODE},楼道灯具编号拍照,演示县民政局,2019-05-01,演民发〔2019〕7号,2026-12-31,40",
    "agreements": f"{CODE},灭鼠责任书,县疾控中心(演示),12000.50,2026-12-31",
    "reports": f"{CODE},楼道灯具月报,o-990102-civil,12,12,3",
    "boards": f"{CODE},垃圾分类工作站,o-990102-urban,牌子,门外,竖,40,60,演示标牌厂,县城管局(演示)",
    "offices": f"{CODE},节水工作领导小组,o-990102-urban,5,否,2024-03-01",
    "certificates": f"{CODE},收入证明,演示银行,30",
    "meetings": f"{CODE},灯具工作例会,o-990102-civil,12,3,2",
    "groups": f"{CODE},灯具巡查群,o-990102-civil,工作群",
}  # fmt: skip


def text_of(sheet: str, *rows: str) -> str:
    """A sheet with its Chinese header."""
    return "\n".join((HEADERS[sheet], *(rows or (ROWS[sheet],)))) + "\n"


def taken(
    hand: Hands, sheet: str, *rows: str, by: str = "county.office", data: bytes | None = None
) -> taking.Taken:
    content = data if data is not None else text_of(sheet, *rows).encode()
    given = taking.read(Sheet(sheet), f"{sheet}.csv", content)
    found: taking.Taken = hand(by).do(lambda d: taking.bring_in(d, given))
    return found


def brought(hand: Hands, sheet: str, *rows: str, **more: Any) -> list[Presence]:
    """The presences of one sheet, in the order of its rows."""
    told = taken(hand, sheet, *rows, **more).stocktake
    reader = hand("county.office").office.store.reader
    every = reader.find(Presence, told.county, request_id=None)
    mine = [p for p in every if p.legacy is not None and p.legacy.stocktake_id == told.id]
    return sorted(mine, key=lambda p: int(p.id.rpartition(".")[2]))


def judged(hand: Hands, *there: Presence, by: str = "county.office", **told: Any) -> list[Any]:
    """The reviews of some matters, after a judging of the stocktakes that brought them."""
    command = judging.JudgeCommand(**told)
    for id in dict.fromkeys(p.legacy.stocktake_id for p in there if p.legacy):
        hand(by).do(lambda d, id=id: judging.judge(d, id, command))
    return [review_of(hand, presence) for presence in there]


def review_of(hand: Hands, presence: Presence) -> LegacyReview:
    reader = hand("county.office").office.store.reader
    (review,) = reader.find(LegacyReview, presence.county, presence_id=presence.id)
    return review


def settled(
    hand: Hands, review: LegacyReview, what: str, by: str = "county.office", **told: Any
) -> LegacyReview:
    command = settling.SettleCommand(
        settlement=Settlement(what), reason=told.pop("reason", "清理存量"), **told
    )
    held = now(hand, review)
    found: LegacyReview = hand(by).do(lambda d: settling.settle(d, held.id, held.version, command))
    return found
