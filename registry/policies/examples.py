"""示例规则包 a rulebook made straight from folders, without a database: for tests and `pack test`."""

from collections.abc import Sequence
from pathlib import Path

from registry.domain.calendar import CalendarTable, calendar_of, read_calendar_csv
from registry.domain.catalogue import MatterList
from registry.domain.matching import MatchIndex
from registry.policies.engine import HERE
from registry.policies.judge import Rulebook
from registry.policies.lists import load_lists, load_tuning
from registry.policies.loader import load_pack, read_folder
from registry.policies.measuring.gauges import observed
from registry.policies.overlay import Overlay, chain
from registry.policies.pack import Pack
from registry.policies.standing import Lists

PACKS = HERE / "packs"


def packs(folder: Path = PACKS) -> dict[str, Pack]:
    """Every pack in the folders below, by id."""
    loaded = [load_pack(read_folder(path)) for path in sorted(folder.iterdir()) if path.is_dir()]
    return {pack.id: pack for pack in loaded}


def rulebook(
    own: str,
    loaded: dict[str, Pack],
    seeds: Path,
    decider: str = "indexed",
    *,
    lists: Sequence[MatterList] | None = None,
) -> Rulebook:
    """The rulebook of pack ``own`` over its parents, with the seed lists and calendars.

    Args:
        lists: the lists there are, in place of the seeds'.

    Raises:
        ValueError: a parent that is not there.
    """
    overlay = Overlay(chain(loaded, own), decider)
    by_id = {one.id: one for one in (load_lists(seeds / "lists") if lists is None else lists)}
    chosen = [by_id[name] for name in overlay.list_ids() if name in by_id]
    index = MatchIndex.build(chosen, load_tuning(HERE / "matching.toml"))
    tables: list[CalendarTable] = []
    for path in sorted((seeds / "calendars").glob("*.csv")):
        table, errors = read_calendar_csv(path.read_bytes())
        if errors or table is None:
            raise ValueError(f"{path.name}: {errors}")
        tables.append(table)
    return Rulebook(overlay, Lists(chosen, index), observed(overlay.packs, calendar_of(tables)))
