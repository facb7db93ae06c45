"""数据字典 every resource and field that leaves the registry, as data and as a sheet."""

import csv
import io
from collections.abc import Iterator
from functools import cache

from registry.actions.dictionary import Dictionary, FieldLine, ResourceLine, fields_of
from registry.api.resources import RESOURCES

__all__ = ["Dictionary", "FieldLine", "ResourceLine", "as_csv", "dictionary"]
HEADER = (
    "资源",
    "resource",
    "字段",
    "field",
    "类型 type",
    "单位 unit",
    "可空 optional",
    "代码值 codes",
)


@cache
def dictionary() -> Dictionary:
    """The whole dictionary, made from the types that leave: it cannot fall behind them."""
    lines = [
        ResourceLine(name=r.name, zh=r.zh, en=r.en, fields=fields_of(r.name, r.answers))
        for r in RESOURCES.values()
    ]
    return Dictionary(resources=lines)


def rows() -> Iterator[tuple[str, ...]]:
    """The dictionary as a sheet, a line a field."""
    yield HEADER
    for resource in dictionary().resources:
        for f in resource.fields:
            codes = "；".join(f"{c.value} {c.zh}" for c in f.codes)
            yield (resource.zh, resource.name, f.zh, f.name, f.type, f.unit,
                   "是" if f.optional else "", codes)  # fmt: skip


def as_csv() -> str:
    """The same as CSV with a mark, as spreadsheets here want it."""
    page = io.StringIO()
    page.write("\ufeff")
    csv.writer(page).writerows(rows())
    return page.getvalue()
