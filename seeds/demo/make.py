"""Write the fictional demo county's areas and organisations; people and posts are kept by hand.

    .venv/bin/python seeds/demo/make.py

Deterministic: the same script writes the same bytes. Every place name holds 演示 before its
ending, so that no name can be that of a real place and every print shows what it is.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SINCE = "2025-01-01"
COUNTY, NEIGHBOUR, CITY, PROVINCE = "990102", "990103", "990100", "990000"

# (street code, ending, residents' committees, villages): the shape of one real district, with
# its mixed streets, its town with residents' committees and one street whose code is not in the
# streets' range.
SHAPE = [
    ("001", "街道", 6, 0), ("002", "街道", 9, 0), ("003", "街道", 5, 0), ("004", "街道", 3, 0),
    ("005", "街道", 4, 0), ("006", "街道", 6, 0), ("007", "街道", 8, 0), ("008", "街道", 6, 0),
    ("009", "街道", 5, 5), ("010", "街道", 5, 5), ("011", "街道", 3, 4), ("012", "街道", 0, 8),
    ("561", "街道", 9, 0),
    ("100", "镇", 0, 19), ("101", "镇", 0, 16), ("102", "镇", 0, 20), ("103", "镇", 2, 10),
    ("104", "镇", 0, 13),
    ("201", "乡", 0, 12), ("204", "乡", 0, 7), ("205", "乡", 0, 16),
]  # fmt: skip
NEIGHBOUR_SHAPE = [("001", "街道", 3, 0), ("002", "街道", 3, 0)]

FIRST = "云霜竹墨星苔露晴弦笺砚榆鹭汐岚琥"
SECOND = "笺舟铃砚鸢笛篱棠帆蓑梭笠珀霁蔷萤"

# Who holds the money of the first communities; the rest are in street custody (P5).
CUSTODY = {
    "990102001002": "own_account",
    "990102001003": "quota_transfer",
    "990102001004": "direct_pay",
}
STATIONS = ("990102001001", "990102001002", "990102002001", "990102100200")

# (id, name after the county's, kind, functions)
OFFICES = [
    ("gov", "人民政府", "government", "government"),
    ("admission", "事项准入管理办公室", "admission_office", "admission_office"),
    ("conference", "城乡社区发展治理联席会议", "joint_conference", "joint_conference"),
    ("finance", "财政局", "finance", ""),
    ("treasury", "国库集中支付中心", "treasury", ""),
    ("audit", "审计局", "audit", ""),
    ("inspection", "纪检监察机构", "inspection_body", ""),
    ("organisation", "党委组织部", "party_department", ""),
    ("social", "党委社会工作部", "party_department", ""),
    ("political-legal", "党委政法委员会", "party_department", ""),
    ("civil", "民政局", "department", ""),
    ("police", "公安局", "department", ""),
    ("urban", "城市管理局", "department", ""),
    ("health", "卫生健康委员会", "department", ""),
    ("education", "教育局", "department", ""),
    ("labour", "人力资源和社会保障局", "department", ""),
    ("justice", "司法局", "department", ""),
    ("statistics", "统计局", "department", ""),
    ("housing", "住房和城乡建设局", "department", ""),
    ("environment", "生态环境局", "department", ""),
    ("market", "市场监督管理局", "department", ""),
    ("land", "自然资源局", "department", ""),
    ("transport", "交通运输局", "department", ""),
    ("rural", "农业农村局", "department", ""),
    ("data", "数据中心", "institution", ""),
    ("armed-forces", "人民武装部", "armed_forces_department", ""),
    ("tax", "税务局", "vertical", ""),
    ("women", "妇女联合会", "mass_organisation", ""),
    ("court", "人民法院", "court_procuratorate", ""),
    ("hospital", "人民医院", "enterprise", ""),
    ("bank", "商业银行", "commercial", ""),
    ("volunteers", "志愿服务协会", "social_organisation", ""),
]
ABOVE = [
    ("o-990000-civil", PROVINCE, "演示省民政厅", "department", "province", ""),
    ("o-990100-gov", CITY, "演示市人民政府", "government", "city", "government"),
    ("o-990100-admission", CITY, "演示市事项准入管理办公室", "admission_office", "city",
     "admission_office"),
    ("o-990100-health", CITY, "演示市卫生健康委员会", "department", "city", ""),
    ("o-990100-statistics", CITY, "演示市统计局", "department", "city", ""),
]  # fmt: skip
NEIGHBOUR_OFFICES = [
    ("gov", "人民政府", "government", "government"),
    ("civil", "民政局", "department", "admission_office"),
]

AREA_COLUMNS = ["community_code", "community", "street_code", "street", "community_type"]
ORGANISATION_COLUMNS = [
    "id", "county", "name", "kind", "level", "area_code", "functions", "custody", "telephone",
    "parent_id", "valid_from",
]  # fmt: skip

Shape = list[tuple[str, str, int, int]]


def place_names() -> Iterator[str]:
    """Two characters each, every one different, none of them a place."""
    for shift in range(len(SECOND)):
        for index, first in enumerate(FIRST):
            yield f"{first}{SECOND[(index + shift) % len(SECOND)]}演示"


def areas(county: str, shape: Shape, names: Iterator[str]) -> list[dict[str, str]]:
    """The communities of one county, a street's residents' committees before its villages."""
    rows = []
    for code, ending, committees, villages in shape:
        street = f"{next(names)}{ending}"
        numbers = [*range(1, committees + 1), *range(200, 200 + villages)]
        for number in numbers:
            village = number >= 200
            rows.append(
                {
                    "community_code": f"{county}{code}{number:03}",
                    "community": next(names) + ("村民委员会" if village else "社区居民委员会"),
                    "street_code": f"{county}{code}",
                    "street": street,
                    "community_type": "agricultural" if village or ending == "镇" else "urban",
                }
            )
    return rows


def offices(county: str, name: str, listed: list[tuple[str, str, str, str]]) -> list[list[str]]:
    """The county's own bodies."""
    return [
        [f"o-{county}-{key}", county, f"{name}{ending}", kind, "county", county, functions, "", ""]
        for key, ending, kind, functions in listed
    ]


def grassroots(county: str, rows: list[dict[str, str]]) -> list[list[str]]:
    """Street offices and township governments, communities, and the few service stations."""
    made: dict[str, list[str]] = {}
    for row in rows:
        street, code = row["street_code"], row["community_code"]
        if street not in made:
            is_street = row["street"].endswith("街道")
            name = row["street"] + ("办事处" if is_street else "人民政府")
            kind = "street" if is_street else "township"
            made[street] = [f"o-{street}", county, name, kind, "street", street, "", "", ""]
        custody = CUSTODY.get(code, "street_custody")
        made[code] = [
            f"o-{code}", county, row["community"], "community", "street", code, "", custody,
            f"o-{street}",
        ]  # fmt: skip
        if code in STATIONS:
            name = row["community"].removesuffix("居民委员会").removesuffix("民委员会")
            made[f"{code}s"] = [
                f"o-{code}-station", county, f"{name}服务站", "institution", "street", code,
                "service_station", "", f"o-{code}",
            ]  # fmt: skip
    return list(made.values())


def write(name: str, columns: list[str], rows: list[list[str]]) -> None:
    """One sheet, UTF-8 without a mark, LF."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(rows)


def main() -> None:
    """jurisdictions.csv, areas-<county>.csv twice, organisations.csv."""
    names = place_names()
    demo = areas(COUNTY, SHAPE, names)
    neighbour = areas(NEIGHBOUR, NEIGHBOUR_SHAPE, names)
    places = [[PROVINCE, "演示省"], [CITY, "演示市"], [COUNTY, "演示县"], [NEIGHBOUR, "演示邻县"]]
    write("jurisdictions.csv", ["code", "name"], places)
    for county, rows in ((COUNTY, demo), (NEIGHBOUR, neighbour)):
        write(f"areas-{county}.csv", AREA_COLUMNS, [[r[c] for c in AREA_COLUMNS] for r in rows])
    above = [[i, c, n, kind, level, c, f, "", ""] for i, c, n, kind, level, f in ABOVE]
    bodies = [
        *above,
        *offices(COUNTY, "演示县", OFFICES),
        *grassroots(COUNTY, demo),
        *offices(NEIGHBOUR, "演示邻县", NEIGHBOUR_OFFICES),
        *grassroots(NEIGHBOUR, neighbour),
    ]
    rows = [
        [*body[:8], f"000-{number:07}", body[8], SINCE]
        for number, body in enumerate(bodies, start=1)
    ]
    write("organisations.csv", ORGANISATION_COLUMNS, rows)


if __name__ == "__main__":
    main()
