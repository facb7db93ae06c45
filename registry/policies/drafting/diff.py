"""规则包比对 what one version of a pack changes against another, told to an official.

Each change says what it is about, what held before and what holds now. Start at ``diff``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from registry.domain.admission import COLUMNS
from registry.domain.catalogue import ListItem, MatterList
from registry.domain.records import Wire
from registry.policies.loader import MODE_COLUMNS, ROUTE_FACTS
from registry.policies.pack import Document, Pack, Rule
from registry.policies.said import in_chinese, in_english
from registry.policies.words import field_zh, said_en, said_zh, setting_zh, value_zh

Lists = Mapping[str, MatterList]


class Change(Wire, frozen=True, kw_only=True):
    """变动: one thing that is otherwise than before."""

    code: str
    """What kind of thing, and added, removed or changed: ``rule.added`` …"""
    id: str
    """Which one: a rule's, list's or flow's id, the name of a setting."""
    zh: str
    en: str
    before: str = ""
    now: str = ""


def diff(before: Pack | None, after: Pack, lists: tuple[Lists, Lists]) -> list[Change]:
    """Everything that ``after`` changes; without a pack before, everything is new.

    Args:
        lists: the lists there were and the lists there are, by id.
    """
    old = before.document if before is not None else None
    return [
        *_identity(old, after.document),
        *_rules(before, after),
        *_settings(old, after.document),
        *_keyed(old, after.document),
        *_lines(before, after),
        *_named_lists(old, after.document, lists),
    ]


def change_of(code: str, id: str, about: tuple[str, str], held: tuple[Any, Any]) -> Change:
    """``about`` = what it is called in Chinese and in English; ``held`` = before and now."""
    was, now = held
    kind = code.rpartition(".")[2]
    if kind == "added":
        zh, en = f"增加{about[0]}：{in_chinese(now)}", f"{about[1]} added: {in_english(now)}"
    elif kind == "removed":
        zh, en = (
            f"删去{about[0]}（以前：{in_chinese(was)}）",
            f"{about[1]} removed: {in_english(was)}",
        )
    else:
        zh = f"{about[0]}：以前“{in_chinese(was)}”，现在“{in_chinese(now)}”"
        en = f"{about[1]}: before {in_english(was)}, now {in_english(now)}"
    return Change(code=code, id=id, zh=zh, en=en, before=_held(was), now=_held(now))


def _held(value: Any) -> str:
    return "" if value is None else in_english(value)


_QUIET = frozenset({"id", "lists"})


def _identity(old: Document | None, new: Document) -> Iterator[Change]:
    if old is None:
        yield Change(code="pack.added", id=new.pack.id, zh=f"新规则包：{new.pack.name}",
                     en=f"a new pack: {new.pack.name_en}")  # fmt: skip
    for name, was, now in _fields(old.pack if old else None, new.pack):
        if name not in _QUIET and (old is not None or now not in (None, False, [])):
            yield change_of("pack.changed", name, (field_zh(name), name), (was, now))


def _fields(old: Any, new: msgspec.Struct) -> Iterator[tuple[str, Any, Any]]:
    for field in msgspec.structs.fields(new):
        was = getattr(old, field.name, None)
        now = getattr(new, field.name)
        if was != now:
            yield field.name, was, now


# ---- rules and their rows -----------------------------------------------------------------------


def _rules(before: Pack | None, after: Pack) -> Iterator[Change]:
    old = {rule.id: rule for rule in before.document.rule} if before else {}
    new = {rule.id: rule for rule in after.document.rule}
    for name in [*new, *(n for n in old if n not in new)]:
        was, now = old.get(name), new.get(name)
        if was is None and now is not None:
            yield _whole("rule.added", now, after)
        elif now is None and was is not None and before is not None:
            yield _whole("rule.removed", was, before)
        elif was is not None and now is not None and before is not None:
            yield from _rule(was, now)
            yield from _rows(name, before, after)


def _whole(code: str, rule: Rule, pack: Pack) -> Change:
    outcomes = list(dict.fromkeys(row.outcome for row in pack.rows if row.rule == rule.id))
    told_zh = "、".join(value_zh("outcome", outcome) for outcome in outcomes)
    verb_zh, verb_en = ("增加", "added") if code.endswith("added") else ("删去", "removed")
    held = f"{', '.join(outcomes)}: {rule.clause}"
    return Change(
        code=code, id=rule.id,
        zh=f"{verb_zh}规则 {rule.id}：{rule.sentence}结果：{told_zh}。依据：{rule.clause}",
        en=f"rule {rule.id} {verb_en}: {rule.sentence_en} "
        f"Outcome: {', '.join(outcomes)}. Clause: {rule.clause}",
        before="" if code.endswith("added") else held, now=held if code.endswith("added") else "",
    )  # fmt: skip


def _rule(old: Rule, new: Rule) -> Iterator[Change]:
    for name, was, now in _fields(old, new):
        about = (f"规则 {new.id} 的{field_zh(name)}", f"rule {new.id}, {name}")
        yield change_of("rule.changed", new.id, about, (was, now))


def _rows(rule: str, before: Pack, after: Pack) -> Iterator[Change]:
    old, new = _asked(before, rule), _asked(after, rule)
    for facts in [*new, *(f for f in old if f not in new)]:
        was, now = old.get(facts), new.get(facts)
        if was == now:
            continue
        named = {c: w for c, w in zip(COLUMNS, facts, strict=True) if w != "*"}
        zh, en = f"规则 {rule}：{said_zh(named)}", f"rule {rule}: {said_en(named)}"
        first, last = (value_zh("outcome", w) if w else "不涉及" for w in (was, now))
        yield Change(
            code="row.added" if was is None else "row.removed" if now is None else "row.changed",
            id=rule, zh=f"{zh}：以前“{first}”，现在“{last}”",
            en=f"{en}: before {was or 'not met'}, now {now or 'not met'}",
            before=was or "", now=now or "",
        )  # fmt: skip


def _asked(pack: Pack, rule: str) -> dict[tuple[str, ...], str]:
    return {row.facts: row.outcome for row in pack.rows if row.rule == rule}


# ---- settings, bodies, flows, quotas ------------------------------------------------------------

_SETTINGS = (
    "effects", "default_of", "conditions", "money", "agreement", "numbering", "disclosure",
    "publicity", "evaluation", "exit", "complaints", "similar", "review", "duration", "purpose",
    "band", "holiday", "instruments", "exceptions", "conference", "change",
    "revocation", "reconsideration", "reminders", "acceptance", "renewal", "existing", "boards",
    "objection", "proposal", "resident_report", "own_report", "vouchers", "year_end",
    "late_money", "holding", "clearance",
    "use", "spending", "advance", "threshold", "round_sums",
    "indicator", "purchase", "provision", "one_sided", "papers",
)  # fmt: skip


def _settings(old: Document | None, new: Document) -> Iterator[Change]:
    plain = [(name, getattr(old, name, None), getattr(new, name)) for name in _SETTINGS]
    clocks = [
        (name, getattr(old.clock, name) if old else None, getattr(new.clock, name))
        for name in new.clock.__struct_fields__
    ]
    for name, was, now in (*clocks, *plain):
        if was == now or (_empty(was) and _empty(now)):
            continue
        kind = "added" if _empty(was) else "removed" if _empty(now) else "changed"
        yield change_of(f"setting.{kind}", name, (setting_zh(name), name), (was, now))


def _empty(value: Any) -> bool:
    if isinstance(value, msgspec.Struct):
        return all(getattr(value, f) is None for f in value.__struct_fields__)
    return value is None or value in ("", [], {})


def _keyed(old: Document | None, new: Document) -> Iterator[Change]:
    """What has a name of its own: bodies, flows, quotas."""
    yield from _by_name("bodies", dict(old.bodies) if old else {}, dict(new.bodies))
    flows = [{flow.id: flow for flow in d.flow} if d else {} for d in (old, new)]
    yield from _by_name("flow", flows[0], flows[1])
    quotas = [{one.key: one for one in d.quota} if d else {} for d in (old, new)]
    yield from _by_name("quota", quotas[0], quotas[1])


def _by_name(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*new, *(n for n in old if n not in new)]:
        was, now = old.get(name), new.get(name)
        if was != now:
            kind = "added" if was is None else "removed" if now is None else "changed"
            about = (f"{setting_zh(what)} {name}", f"{what} {name}")
            yield change_of(f"{what}.{kind}", name, about, (was, now))


# ---- routes and modes ---------------------------------------------------------------------------


def _lines(before: Pack | None, after: Pack) -> Iterator[Change]:
    """Routes and modes are taken in order: told as whole lines."""
    old = [(r.facts, r.flow) for r in before.routes] if before else []
    new = [(r.facts, r.flow) for r in after.routes]
    yield from _ordered("route", old, new)
    old_modes = [(r.facts, r.mode) for r in before.modes] if before else []
    yield from _ordered("mode", old_modes, [(r.facts, r.mode) for r in after.modes])


def _ordered(
    what: str,
    old: Sequence[tuple[tuple[str, ...], str]],
    new: Sequence[tuple[tuple[str, ...], str]],
) -> Iterator[Change]:
    columns = tuple(ROUTE_FACTS) if what == "route" else MODE_COLUMNS
    names = {"route": ("路径", "route"), "mode": ("承接方式", "mode")}[what]
    for sign, kind, lines, other in (("删去", "removed", old, new), ("增加", "added", new, old)):
        for facts, answer in lines:
            if (facts, answer) in other:
                continue
            named = {c: w for c, w in zip(columns, facts, strict=True) if w != "*"}
            shown = value_zh("mode", answer) if what == "mode" else answer
            yield Change(
                code=f"{what}.{kind}", id=answer,
                zh=f"{sign}{names[0]}：{said_zh(named) or '其余'} → {shown}",
                en=f"{names[1]} {kind}: {said_en(named) or 'all else'} -> {answer}",
            )  # fmt: skip
    kept = [line for line in new if line in old]
    if kept != [line for line in old if line in new]:
        yield Change(code=f"{what}.order", id=what, zh=f"{names[0]}的先后次序改变",
                     en=f"the order of the {names[1]}s changed")  # fmt: skip


# ---- lists --------------------------------------------------------------------------------------


def _named_lists(
    old: Document | None, new: Document, lists: tuple[Lists, Lists]
) -> Iterator[Change]:
    was, now = old.pack.lists if old else [], new.pack.lists
    for name in [*now, *(n for n in was if n not in now)]:
        first = lists[0].get(name) if name in was else None
        last = lists[1].get(name) if name in now else None
        if name not in was or name not in now:
            yield list_change("added" if name in now else "removed", name, last or first)
        elif first is not None and last is not None:
            yield from diff_items(first, last)


def list_change(kind: str, name: str, held: MatterList | None) -> Change:
    """A list that is new or gone."""
    sign = "增加" if kind == "added" else "不再引用"
    title = held.title if held else name
    count = (len(held.items) or held.count_stated or 0) if held else 0
    return Change(
        code=f"list.{kind}", id=name, zh=f"{sign}清单 {name}《{title}》，{count}项",
        en=f"list {name} {kind}: {held.title_en if held else name}, {count} items",
    )  # fmt: skip


def diff_lists(old: Lists, new: Lists) -> list[Change]:
    """Lists that are new or gone, and the items of those that stay."""
    found: list[Change] = []
    for name in [*new, *(n for n in old if n not in new)]:
        if name not in old or name not in new:
            kind = "added" if name in new else "removed"
            found.append(list_change(kind, name, new.get(name) or old.get(name)))
        else:
            found += diff_items(old[name], new[name])
    return found


def diff_items(old: MatterList, new: MatterList) -> Iterator[Change]:
    """Items added to a list, taken off it, or told otherwise."""
    before = {item.id: item for item in old.items}
    after = {item.id: item for item in new.items}
    for name in [*after, *(n for n in before if n not in after)]:
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            yield item_change("added" if was is None else "removed", new.id, was or now)
            continue
        for field, first, last in _fields(was, now):
            about = (f"清单 {new.id} 第 {name} 项《{now.title}》的{field_zh(field)}",
                     f"list {new.id}, item {name}, {field}")  # fmt: skip
            yield change_of("item.changed", name, about, (first, last))


def item_change(kind: str, owner: str, item: ListItem | None) -> Change:
    """An item that is new or gone."""
    sign = "增加" if kind == "added" else "删去"
    title, name = (item.title, item.id) if item else ("", "")
    return Change(
        code=f"item.{kind}", id=name, zh=f"清单 {owner} {sign}事项 {name}《{title}》",
        en=f"list {owner}: item {name} {kind}: {title}",
    )  # fmt: skip
