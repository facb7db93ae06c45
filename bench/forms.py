"""申报样本 distinct filings of the fictional demo county: the same number gives the same filing."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.filing import Filing

AREAS = Path(__file__).parents[1] / "seeds" / "demo" / "areas-990102.csv"
COUNTY = "990102"
DEPARTMENT = "o-990102-civil"
CLERK = "dept.clerk"

_MATTERS = (
    "楼道灯具编号拍照",
    "花草认养登记",
    "旧衣回收点张贴指引",
    "雨棚外观登记",
    "公共晾晒架巡看",
)


@cache
def communities() -> tuple[str, ...]:
    """Codes of the residents' committees of the demo county."""
    with AREAS.open(encoding="utf-8-sig") as sheet:
        rows = csv.DictReader(sheet)
        return tuple(r["community_code"] for r in rows if r["community"].endswith("社区居民委员会"))


def filing(number: int) -> dict[str, Any]:
    """One complete filing as it travels on the wire."""
    places = communities()
    here = places[number % len(places)]
    rate, quantity = 100 + number % 900, 200 + number % 1_800
    total = rate * quantity
    first = total // 3
    return {
        "kind": "task",
        "title": f"{_MATTERS[number % len(_MATTERS)]}（演示第{number}件）",
        "applicants": [
            {"organisation_id": DEPARTMENT, "leading": True, "duties": "组织实施、培训和验收"}
        ],
        "receivers": ["residents_committee"],
        "targets": [here],
        "role": "assist",
        "content": f"在社区范围内逐户登记，现场拍照并当日汇总，第{number}批。",
        "standard": "一户不漏，当日汇总，差错不超过约定。",
        "responsible_party": "县民政局（演示）",
        "concerns_residents": True,
        "bases": [
            {
                "level": "policy",
                "title": "演示文件",
                "document_number": f"演民发〔2026〕{number % 500 + 1}号",
            }
        ],
        "duration": "phase",
        "starts_on": "2026-11-02",
        "ends_on": "2026-12-18",
        "funding": [
            {
                "key": "F1",
                "mode": "transfer",
                "payer_id": DEPARTMENT,
                "basis": "按户测算",
                "unit": "户",
                "rate_fen": rate,
                "quantity": quantity,
                "amount_fen": total,
                "fiscal_year": 2026,
                "schedule": [
                    {"due_on": "2026-11-10", "amount_fen": first},
                    {"due_on": "2026-12-10", "amount_fen": total - first},
                ],
            }
        ],
    }


def typed(number: int) -> Filing:
    """One complete filing as the program holds it."""
    return msgspec.convert(filing(number), Filing)


def bodies(first: int, count: int) -> list[bytes]:
    """Bodies of ``POST /api/v1/requests``, each another filing."""
    return [msgspec.json.encode({"filing": filing(first + n)}) for n in range(count)]
