"""各类事项的专有内容 what only one kind of matter states: the board, the paper, the form, the app …

Never residents' data: a form names its fields, not what stands in them.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.domain.records import Count, Ident, Line, Text, Wire
from registry.domain.vocabulary import Level

Purpose = Literal[
    "office", "personnel", "purchase", "remuneration", "materials", "training", "activity", "other"
]
"""经费用途: 办公经费, 人员支出, 购买服务, 报酬, 物资, 培训, 活动, 其他."""


class SignboardDetail(Wire, frozen=True, kw_only=True):
    """牌子、上墙制度牌 (M6): the board itself."""

    wording: Line
    place: Literal["outside_door", "over_door", "inside", "wall", "other"]
    width_cm: Annotated[int, msgspec.Meta(ge=1, le=2000)] | None = None
    height_cm: Annotated[int, msgspec.Meta(ge=1, le=2000)] | None = None
    maker_and_payer: Annotated[str, msgspec.Meta(max_length=120)] = ""


class CertificateDetail(Wire, frozen=True, kw_only=True):
    """证明 (M10): which paper residents would have to bring. Never residents' data."""

    demand: Line
    """What the paper is to state, e.g. 收入证明."""
    demander: Literal[
        "government", "court", "enterprise", "bank", "school", "employer", "resident", "other"
    ]
    demander_out_of_area: bool = False
    purpose: Text = ""
    specimen_document_id: Ident | None = None


class FormField(Wire, frozen=True, kw_only=True):
    """填报项目: one field of a report, ledger or survey."""

    name: Line
    held_at: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """Where the applicant itself says that this is already held."""


class FormDetail(Wire, frozen=True, kw_only=True):
    """报表、台账、调查 (M11): which fields are asked for, and from whose approval."""

    fields: Annotated[list[FormField], msgspec.Meta(min_length=1, max_length=500)]
    approval_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """批准文号 of a statistical survey, or 备案文号 of a report."""
    used_for: Text = ""

    @property
    def words(self) -> list[str]:
        """The names of the fields, for the matcher."""
        return [field.name for field in self.fields]


class AppDetail(Wire, frozen=True, kw_only=True):
    """政务应用程序、公众账号、工作群组 (P34)."""

    platform: Literal["app", "mini_program", "public_account", "group", "website"]
    registration_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """备案编号; empty = not filed."""
    features: list[
        Literal["check_in", "points", "ranking", "duration", "photos", "forwarding", "votes"]
    ] = []
    """打卡, 积分, 排名, 时长, 拍照上传, 转发, 投票."""
    photos_compulsory: bool = False
    follow_compulsory: bool = False
    """Whether people must install, follow or register 强制关注、注册."""


class InspectionDetail(Wire, frozen=True, kw_only=True):
    """督查检查考核 (P34): from the year's plan, how often, and what it judges."""

    plan_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """年度计划 in which it stands; empty = none."""
    plan_level: Level | None = None
    count: Count = 1
    """How many times in the term."""
    assesses: Annotated[list[Ident], msgspec.Meta(max_length=200)] = []
    """Requests already admitted, or list items, whose carrying-out it judges."""
    separate: bool = False
    """An assessment of its own 单独考核, not part of the unified one."""
    ranks: bool = False
    """Communities are put in an order 排名."""
    veto: bool = False
    """一票否决."""


class CampaignDetail(Wire, frozen=True, kw_only=True):
    """创建示范、评比达标表彰 (P34)."""

    approval_document: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """批准文件; empty = none."""
    approved_by_level: Level | None = None
    compulsory: bool = False
    veto: bool = False


class MeetingDetail(Wire, frozen=True, kw_only=True):
    """会议: how many people of the community, how often."""

    participants: Count
    times: Count = 1
    plan_number: Annotated[str, msgspec.Meta(max_length=80)] = ""


class OfficeDetail(Wire, frozen=True, kw_only=True):
    """工作机构 (P33): the name on the door, who sits in it, until when."""

    wording: Line
    staff: Count = 0
    dissolves_on: date | None = None


class TargetDetail(Wire, frozen=True, kw_only=True):
    """任务指标、责任状 (P34)."""

    indicators: Annotated[list[Line], msgspec.Meta(min_length=1, max_length=100)]
    letter_of_responsibility: bool = False
    """责任状."""
    veto: bool = False
    required_by_level: Level | None = None
    """The level whose requirement it passes on 中央、省级要求."""
