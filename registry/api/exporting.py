"""导出目录 what can be exported: every resource that is read, and what has no list of its own."""

from functools import cache

from registry.actions.exporting.ground import Shown
from registry.actions.exporting.sheets import parts, sheet_of
from registry.api.resources import RESOURCES
from registry.domain.exporting import Sheet


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet, by name, in the order of the registry's lists."""
    found = {r.name: sheet_of(r.name, r.record, (r.zh, r.en), r.shown) for r in RESOURCES.values()}
    return found | {name: sheet for name, sheet in parts().items() if name not in found}


@cache
def shown() -> dict[str, Shown]:
    """Sheets of which who reads decides what is shown."""
    return {r.name: r.for_reader for r in RESOURCES.values() if r.for_reader is not None}
