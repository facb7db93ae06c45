"""清单比对 what the next text of a list changes: what is told of the whole, then its items."""

from registry.domain.catalogue import MatterList
from registry.policies.drafting.diff import (
    Change,
    change_of,
    diff_items,
    item_change,
    list_change,
)
from registry.policies.words import head_zh

_NOT_TOLD = frozenset({"county", "id", "version", "area", "items"})


def diff_text(old: MatterList | None, new: MatterList) -> list[Change]:
    """Everything that is otherwise; all of it, where the list was not there."""
    if old is None:
        items = [item_change("added", new.id, item) for item in new.items]
        return [list_change("added", new.id, new), *items]
    found = []
    for name in (f for f in new.__struct_fields__ if f not in _NOT_TOLD):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            about = (f"清单的{head_zh(name)}", f"the list's {name}")
            found.append(change_of("list.changed", name, about, (was, now)))
    return [*found, *_order(old, new), *diff_items(old, new)]


def _order(old: MatterList, new: MatterList) -> list[Change]:
    before, after = [i.id for i in old.items], [i.id for i in new.items]
    if [i for i in before if i in after] == [i for i in after if i in before]:
        return []
    return [Change(code="list.ordered", id=new.id, zh="事项的先后次序改变",
                   en="the order of the items changed")]  # fmt: skip
