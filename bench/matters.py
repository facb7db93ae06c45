"""事项样本 what the loaded filings ask for: titles by combination, shapes of filing, and the facts that
the county's own rulebook computes from them.

The same number gives the same matter. A matter's text is read once, however many requests ask it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec

from registry.domain.admission import Vector
from registry.domain.areas import Area, AreaKind
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.vocabulary import Duration, Gate, Kind
from registry.policies.judge import Judgement, Rulebook
from registry.policies.measuring.facts import Matter
from registry.policies.overlay import Governing

TITLES, SHAPES = 60_000, 6_000
"""Distinct titles, and distinct ways of filing them."""
DAY_ONE, DAYS = date(2026, 1, 5), 180
_VERBS = ("登记", "核对", "巡看", "拍照", "统计", "走访", "清点", "张贴指引", "编号", "整理",
          "汇总上报", "回访", "摸底", "公示核对", "维护")  # fmt: skip
_OBJECTS = (
    "楼道灯具", "公共晾晒架", "旧衣回收点", "雨棚外观", "花草认养", "非机动车棚", "儿童活动角",
    "楼栋信报箱", "健身器材", "宣传栏", "公共座椅", "雨水篦子", "门牌标识", "楼顶水箱", "公共绿地",
    "充电桩", "小区出入口", "停车标线", "消防通道标识", "护栏", "便民服务点", "图书角", "快递柜",
    "路面坑洼", "树木支撑", "墙面涂鸦", "排水沟", "照明开关", "共享工具箱", "文体队伍",
)  # fmt: skip
_MANNERS = ("逐户", "按月", "分片", "按季", "集中", "入户", "线上", "联合", "专项", "日常")
_FORMS = ("工作", "任务", "活动", "专项行动", "试点", "情况报送", "台账", "报表")
_KINDS = (Kind.TASK,) * 8 + tuple(k for k in Kind if k is not Kind.TASK)
_APPLICANTS = ("civil", "police", "urban", "health", "education", "labour", "justice", "statistics",
               "housing", "environment", "market", "women", "court", "tax", "volunteers",
               "hospital", "organisation", "data")  # fmt: skip
_RECEIVERS = {
    AreaKind.RESIDENTS_COMMITTEE: (["residents_committee"], ["service_station"], ["grid"],
                                   ["party_organisation"],
                                   ["residents_committee", "service_station"]),
    AreaKind.VILLAGE_COMMITTEE: (["village_committee"], ["party_organisation"], ["grid"],
                                 ["village_committee", "collective_economic"]),
}  # fmt: skip
_PAYERS = ("asking", "asking", "asking", "finance", None)
_GAPS = (3, 12, 25, 70)
"""Days from filing to the day the matter is to begin."""


@dataclass(frozen=True)
class Template:
    """样本: one matter filed in one way, with what the rulebook says of it."""

    filing: Filing
    applied: date
    kept: dict[str, Any]
    """What a verdict keeps of the judgement."""


class Matters:
    """样本库 of one county: ``at(number)`` is the template of a number."""

    def __init__(self, book: Rulebook, places: Sequence[Area], bodies: Sequence[Organisation]):
        self._book = book
        self._names = [
            (item.title, kind)
            for one in book.lists.lists.values()
            for item in one.items
            for kind in one.kinds
        ]
        self.places = _grouped(places)
        suffixes = {f"-{name}" for name in _APPLICANTS}
        self._asking = [o for o in bodies if any(o.id.endswith(s) for s in suffixes)]
        self._made: dict[int, Template] = {}
        self._rows: dict[Vector, dict[str, str]] = {}

    def at(self, number: int) -> Template:
        """The template of a number; made when first asked for."""
        number %= TITLES
        if number not in self._made:
            self._made[number] = self._template(number)
        return self._made[number]

    def title(self, number: int) -> tuple[Kind, str]:
        """Kind and title: one in five names a list item, alone or with words around it."""
        chance = Random(number)
        if number % 5 == 0 and self._names:
            name, kind = self._names[chance.randrange(len(self._names))]
            return kind, name if number % 25 == 0 else f"{name}{_told(number)}"
        return chance.choice(_KINDS), _told(number)

    def _template(self, number: int) -> Template:
        kind, title = self.title(number)
        chance = Random(number % SHAPES)
        asking = chance.choice(self._asking)
        group, places = chance.choice(list(self.places.items()))
        applied = DAY_ONE + timedelta(days=number % DAYS)
        fields = _shape(chance, (asking.id, group, applied), number)
        fields |= _details(kind, title)
        fields |= {"kind": kind, "title": title, "targets": [places[0].code],
                   "community_type": places[0].community_type}  # fmt: skip
        fields["content"] = f"由社区配合{title}，由{asking.name}组织，第{number % 97}批汇总。"
        filing = msgspec.convert(fields, Filing)
        dates = Governing(applied=applied, decided=applied, entered=filing.starts_on or applied)
        matter = Matter(
            gate=Gate.FILE, filing=filing, applicant_kind=asking.kind,
            applicant_level=asking.level, applied=applied,
        )  # fmt: skip
        return Template(filing, applied, self._kept(self._book.judge(matter, dates)))

    def _kept(self, judgement: Judgement) -> dict[str, Any]:
        """Rows of facts that are alike are one in memory."""
        vectors = (vector for _, vector in judgement.vectors)
        kept = judgement.fields()
        facts = zip(vectors, kept["facts"], strict=True)
        return kept | {"facts": [self._rows.setdefault(vector, row) for vector, row in facts]}


def _grouped(places: Sequence[Area]) -> dict[AreaKind, list[Area]]:
    """Areas that are alike: a filing names one of them and is judged the same in each."""
    wanted = {AreaKind.RESIDENTS_COMMITTEE: "urban", AreaKind.VILLAGE_COMMITTEE: "agricultural"}
    return {
        kind: found for kind, type_ in wanted.items()
        if (found := [p for p in places if p.kind is kind and p.community_type == type_])
    }  # fmt: skip


def _told(number: int) -> str:
    """A title by combination: neighbouring numbers differ in every part."""
    at, parts = number, []
    for words in (_OBJECTS, _VERBS, _MANNERS, _FORMS):
        at, left = divmod(at, len(words))
        parts.append(words[left])
    thing, verb, manner, form = parts
    return f"{manner}{thing}{verb}{form}" + (f"（第{at + 1}期）" if at else "")


def _shape(chance: Random, who: tuple[str, AreaKind, date], number: int) -> dict[str, Any]:
    asking, group, applied = who
    duration = chance.choice(list(Duration))
    starts = applied + timedelta(days=chance.choice(_GAPS))
    level = chance.choice(("statute", "policy", "policy", "meeting", None))
    return {
        "applicants": [{"organisation_id": asking, "leading": True, "duties": "组织实施和验收"}],
        "receivers": chance.choice(_RECEIVERS[group]),
        "role": chance.choice(("assist", "assist", "lead", "entrusted", "self_governance")),
        "standard": "一户不漏，差错不超过约定。",
        "responsible_party": "牵头单位(演示)",
        "concerns_residents": chance.choice((True, False, None)),
        "bases": [] if level is None else [{"level": level, "title": "演示文件"}],
        "duration": duration,
        "starts_on": starts,
        "ends_on": starts + timedelta(days=chance.choice((20, 60, 300))),
        "technical": chance.random() < 0.2,
        "conditions": [
            {"key": f"C{n}", "what": what, "description": "按约定提供"}
            for n, what in enumerate(("staff", "training", "equipment"))
            if chance.random() < 0.5
        ],
        "funding": _funding(chance, asking, number),
        "consents": [
            {"by": by, "given_on": applied}
            for by in ("government", "street", "community_request")
            if chance.random() < 0.2
        ],
        "consultations": [{"with_whom": "居民代表", "held_on": applied, "result": "agree"}]
        if chance.random() < 0.4 else [],
        "government_emergency_decision": "演政办〔2026〕3号"
        if duration is Duration.EMERGENCY and chance.random() < 0.5 else "",
    }  # fmt: skip


def _funding(chance: Random, asking: str, number: int) -> list[dict[str, Any]]:
    if chance.random() < 0.3:
        return []
    payer = chance.choice(_PAYERS)
    named = asking if payer == "asking" else f"o-990102-{payer}" if payer else None
    amount = 0 if chance.random() < 0.1 else (1 + number % 900) * 10_000
    return [{"key": "F1", "mode": "transfer", "payer_id": named, "amount_fen": amount,
             "fiscal_year": 2026}]  # fmt: skip


def _details(kind: Kind, title: str) -> dict[str, Any]:
    if kind is Kind.SIGNBOARD:
        return {"signboard": {"wording": title, "place": "outside_door"}}
    if kind is Kind.CERTIFICATE:
        return {"certificate": {"demand": title, "demander": "bank"}}
    return {}
