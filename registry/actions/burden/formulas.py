"""口径 what each figure of the burden is, how it is worked out, and where its rows are read."""

from registry.domain.records import Wire


class Formula(Wire, frozen=True, kw_only=True):
    """口径 of one figure."""

    key: str
    name: str
    name_en: str
    unit: str
    formula: str
    formula_en: str
    query: str
    """Where the rows behind it are read; ``{…}`` is the community's."""


_PRESENCES = "/presences?area_id={area_id}"
_OWN = "/burden: registry"
_THERE = "待启动、已签协议、执行中、暂停、存量待核的进驻事项"
_THERE_EN = "presences planned, agreed, active, suspended or there before the registry"


def _f(key: str, names: tuple[str, str, str], how: tuple[str, str], query: str) -> Formula:
    return Formula(key=key, name=names[0], name_en=names[1], unit=names[2], formula=how[0],
                   formula_en=how[1], query=query)  # fmt: skip


FORMULAS: tuple[Formula, ...] = (
    _f("items", ("事项", "items", "件"), (f"{_THERE}，每件每个承接主体计一", f"{_THERE_EN}, one for"
       " each receiver"), _PRESENCES),
    _f("items_legacy", ("其中存量", "of them there before", "件"),
       ("事项中由存量登记表带入的", "of the items those brought in by a stocktake"),
       f"{_PRESENCES}&state=legacy"),
    _f("hours_year", ("每年工时", "hours a year", "小时"),
       ("事项每年工时之和＋本系统自身要求的工时；每年工时＝每周期工时×一年的周期数",
        "sum of the items' hours a year and of what the registry itself asks; hours of a cycle "
        "times cycles in a year"), _PRESENCES),
    _f("hours_legacy", ("其中存量工时", "of them of what was there before", "小时"),
       ("存量事项每年工时之和", "sum of the hours a year of what was there before"),
       f"{_PRESENCES}&state=legacy"),
    _f("hours_unstated", ("未写明工时的事项", "items that state no hours", "件"),
       ("没有写明工时或者周期的事项，不计入工时", "items without hours or cycle; they add no hours"),
       _PRESENCES),
    _f("boards", ("牌子", "boards", "块"), ("当日已挂、尚未清除的牌子和上墙制度牌",
       "boards put up by the day and not taken down by then"), "/boards?area_id={area_id}"),
    _f("boards_legacy", ("其中存量牌子", "of them there before", "块"),
       ("牌子中来源为存量的", "of the boards those there before the registry"),
       "/boards?area_id={area_id}&origin=legacy"),
    _f("bureaus", ("工作机构", "bureaus", "个"), ("当日已设、尚未撤销的工作机构",
       "bureaus set up by the day and not dissolved by then"), "/bureaus?area_id={area_id}"),
    _f("bureaus_legacy", ("其中存量工作机构", "of them there before", "个"),
       ("工作机构中来源为存量的", "of the bureaus those there before the registry"),
       "/bureaus?area_id={area_id}&origin=legacy"),
    _f("certificates", ("被索要的证明", "certificates demanded", "次"),
       ("到当日为止十二个自然月内登记的证明需求次数之和",
        "demands recorded in the twelve civil months that end with the day's"),
       "/certificate-demands?organisation_id={organisation_id}"),
    _f("reports", ("报表、台账、调查", "reports, ledgers, surveys", "项"),
       ("报表、台账、统计调查类事项＋本系统要求填报的", "items of these kinds and what the registry "
        "itself has filled in"), _PRESENCES),
    _f("reports_year", ("每年填报次数", "times filled in a year", "次"),
       ("各项每年次数之和＋本系统要求的次数", "sum of how often a year each comes, and of the "
        "registry's own"), _PRESENCES),
    _f("reports_unstated", ("未写明次数的填报", "of them without how often", "项"),
       ("没有写明周期的，不计入次数", "no cycle is stated; they add no times"), _PRESENCES),
    _f("meetings", ("会议事项", "meetings", "项"), ("会议类事项", "items that are meetings"),
       f"{_PRESENCES}&kind=meeting"),
    _f("meetings_year", ("每年会议次数", "meetings a year", "次"),
       ("有周期的按一年的周期数，没有周期的按写明的次数", "cycles in a year; without a cycle the times "
        "stated"), f"{_PRESENCES}&kind=meeting"),
    _f("meeting_people_year", ("每年参会人次", "people sitting in meetings a year", "人次"),
       ("每年会议次数×社区参会人数之和", "sum of meetings a year times people of the community"),
       f"{_PRESENCES}&kind=meeting"),
    _f("meetings_unstated", ("未写明次数或人数的会议", "of them without times or people", "项"),
       ("不计入人次", "they add no people"), f"{_PRESENCES}&kind=meeting"),
    _f("registry_hours", ("其中本系统要求的工时", "of the hours the registry's own", "小时"),
       ("规则包列明的本系统自身要求的工时之和", "sum of the hours of what the pack says the registry "
        "itself asks"), _OWN),
    _f("registry_times", ("其中本系统要求的填报次数", "of the times the registry's own", "次"),
       ("规则包列明的本系统自身要求的次数之和；签署、确认、签收不另填报，计零",
        "sum of their times a year; signing and confirming is nothing to fill in and counts none"),
       _OWN),
)  # fmt: skip
"""In the order in which they are shown; the order says nothing of communities."""
