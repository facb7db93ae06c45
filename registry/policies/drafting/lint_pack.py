"""规则包检查 what a pack says of itself: dates, parents, rules, flows, quotas, durations, bands."""

from collections.abc import Iterator, Mapping
from datetime import date

from registry.domain.admission import COLUMNS
from registry.domain.approval import DECIDING
from registry.domain.vocabulary import GRADES_OFF, Default, Grade
from registry.policies.drafting import marks
from registry.policies.drafting.lint_rows import check_order
from registry.policies.drafting.possible import Space
from registry.policies.drafting.problems import Place, Problem, problem
from registry.policies.flows import BUILT_IN, named_bodies
from registry.policies.loader import ROUTE_FACTS, modes_shape
from registry.policies.pack import Document, Identity, Pack, Rule
from registry.policies.words import column_zh, value_zh

_LEVELS = ("national", "province", "city", "county")
_GATE, _GROUND = COLUMNS.index("gate"), COLUMNS.index("ground")
_COUNTED = "R15"


def ancestors(pack: Pack, known: Mapping[str, Pack]) -> tuple[list[Pack], str]:
    """The packs above, nearest first, and what stopped the climb: ``""`` at the top, the name of
    a pack that is not known, or ``=`` and the names of a circle."""
    above: list[Pack] = []
    names = [pack.id]
    while (name := (above[-1] if above else pack).document.pack.parent) is not None:
        if name in names:
            return above, "=" + " → ".join([*names[names.index(name) :], name])
        if name not in known:
            return above, name
        names.append(name)
        above.append(known[name])
    return above, ""


def check_identity(pack: Pack, text: str, known: Mapping[str, Pack]) -> Iterator[Problem]:
    """Dates and parents."""
    identity = pack.document.pack
    if identity.effective_to is not None and identity.effective_to < identity.effective_from:
        first, last = str(identity.effective_from), str(identity.effective_to)
        yield problem("pack.dates", marks.key(text, "effective_to"), start=first, to=last)
    if identity.review_on is not None and identity.review_on <= identity.effective_from:
        yield problem("pack.review", marks.key(text, "review_on"), on=str(identity.review_on))
    above, stopped = ancestors(pack, known)
    place = marks.key(text, "parent")
    if stopped.startswith("="):
        yield problem("parent.circle", place, path=stopped[1:])
    elif stopped:
        yield problem("parent.missing", place, other=stopped)
    if above and _LEVELS.index(above[0].document.pack.level) >= _LEVELS.index(identity.level):
        yield problem("parent.level", place, other=above[0].id)
    if above and not _within(identity.jurisdiction, above[0].document.pack):
        yield problem("parent.place", place, other=above[0].id, area=identity.jurisdiction,
                      above=above[0].document.pack.jurisdiction)  # fmt: skip
    frozen = next((p for p in above if p.document.frozen), None)
    if frozen is not None and identity.lists:
        yield problem("frozen.lists", marks.key(text, "lists"), other=frozen.id,
                      lists="、".join(identity.lists))  # fmt: skip
    yield from _thawing(pack, text, above)
    if not stopped and all(p.document.pack.default is None for p in (pack, *above)):
        yield problem("default.silent", marks.table(text, "pack"))


def _thawing(pack: Pack, text: str, above: list[Pack]) -> Iterator[Problem]:
    """What this pack states of matters off the list that a pack above it froze."""
    for one in above:
        thawed = [
            kind for kind in ("", *sorted(pack.document.default_of))
            if one.document.default(kind) is Default.FROZEN
            and pack.document.default(kind) not in (None, Default.FROZEN)
        ]  # fmt: skip
        if thawed:
            place = marks.key(text, "default") if "" in thawed else marks.table(text, "default_of")
            kinds = "、".join(value_zh("kind", kind) or "全部" for kind in thawed)
            yield problem("frozen.default", place, other=one.id, kinds=kinds)
            return


def _within(code: str, parent: Identity) -> bool:
    """Whether a place lies in that of a parent: the leading digits of the code say so."""
    digits = {"national": 0, "province": 2, "city": 4}.get(parent.level, len(code))
    return code[:digits] == parent.jurisdiction[:digits]


def check_rules(pack: Pack, text: str, above: list[Pack]) -> Iterator[Problem]:
    """Rules by themselves: their dates, their grade, what they lift and replace."""
    higher = {rule.id: rule for p in above for rule in p.document.rule}
    for rule in pack.document.rule:
        place = marks.named(text, "id", rule.id)
        yield from _rule_dates(rule, pack, place)
        if not rule.on:
            yield problem("rule.off", place, rule=rule.id, grade=rule.grade.value)
        elif rule.grade is Grade.REPORTED:
            yield problem("rule.reported", place, rule=rule.id)
        yield from _rule_names(rule, pack, place, higher)
    yield from _replaced(pack, text, above)


def _rule_dates(rule: Rule, pack: Pack, place: Place) -> Iterator[Problem]:
    identity = pack.document.pack
    first, last = identity.effective_from, identity.effective_to or date.max
    start, end = rule.valid_from or date.min, rule.valid_to or date.max
    if end < start:
        yield problem("rule.dates", place, rule=rule.id, start=str(start), to=str(end))
    elif rule.governed_by == "applied" and (end < first or last < start):
        yield problem("rule.outside", place, rule=rule.id)


def _rule_names(
    rule: Rule, pack: Pack, place: Place, higher: Mapping[str, Rule]
) -> Iterator[Problem]:
    known = {**higher, **{one.id: one for one in pack.document.rule}}
    for name in rule.lifts:
        if name not in known:
            yield problem("rule.lifts", place, rule=rule.id, other=name)
        elif known[name].absolute:
            yield problem("rule.lifts_absolute", place, rule=rule.id, other=name)
    for name in rule.replaces:
        if name not in higher:
            yield problem("rule.replaces", place, rule=rule.id, other=name)


def _replaced(pack: Pack, text: str, above: list[Pack]) -> Iterator[Problem]:
    """Which rules of parents no longer hold where this pack is in force."""
    own: dict[tuple[str, str], Rule] = {}
    rules = {rule.id: rule for rule in pack.document.rule}
    by_name = {n: r for r in pack.document.rule if r.decides for n in r.replaces}
    for row in pack.rows:
        rule = rules.get(row.rule)
        if rule is not None and rule.ground and rule.decides and not rule.adds:
            own.setdefault((rule.ground, row.facts[_GATE]), rule)
    for parent in above:
        for theirs in parent.document.rule:
            gates = {row.facts[_GATE] for row in parent.rows if row.rule == theirs.id}
            by = [own[theirs.ground, g] for g in gates if (theirs.ground, g) in own]
            if theirs.id in by_name:
                by = [by_name[theirs.id]]
            elif len(by) < len(gates):
                continue
            if by:
                place = marks.named(text, "id", by[0].id)
                yield problem("rule.replaced", place, rule=by[0].id, other=theirs.id)


def check_flows(pack: Pack, text: str, above: list[Pack]) -> Iterator[Problem]:
    """Routes never taken, flows never reached, bodies that nobody defined or uses."""
    document = pack.document
    space = Space(ROUTE_FACTS)
    idle = dict(check_order([(r.line, r.facts) for r in pack.routes], space))
    for line, by in idle.items():
        yield problem("route.shadowed", ("routes.csv", line, 1), by=str(by))
    reached = {r.flow for r in pack.routes if r.line not in idle}
    reached |= {document.exit.flow} if document.exit else set()
    reached |= {document.change.flow} if document.change else set()
    reached |= {document.renewal.flow} if document.renewal else set()
    known = {*BUILT_IN, *document.bodies, *(body for p in above for body in p.document.bodies)}
    names: set[str] = set()
    for index, flow in enumerate(document.flow):
        place = marks.table(text, "flow", index)
        if flow.id in names:
            yield problem("flow.twice", place, flow=flow.id)
        names.add(flow.id)
        if flow.id not in reached:
            yield problem("flow.unreached", place, flow=flow.id)
        # Without a parent the strict reader has told it already.
        for step in flow.step if document.pack.parent else ():
            for body in [*step.bodies, *([step.instead] if step.instead else [])]:
                if body not in known:
                    yield problem("flow.body", place, flow=flow.id, step=step.key, body=body)
    for setting, body in named_bodies(document) if document.pack.parent else ():
        if body not in known:
            place = marks.table(text, setting)
            yield problem("setting.body", place, setting=setting, body=body)
    yield from _unused(document, text)
    yield from _own_cases(pack, text)


_STREETS = ("street", "township")


def _own_cases(pack: Pack, text: str) -> Iterator[Problem]:
    """Flows by which a street would decide its own request: the case could not be opened (P13)."""
    at, space, reached = tuple(ROUTE_FACTS).index("applicant"), Space(ROUTE_FACTS), set[str]()
    for kind in _STREETS:
        own = [
            (r, (*r.facts[:at], kind, *r.facts[at + 1 :])) for r in pack.routes
            if r.facts[at] in (kind, "*")
        ]  # fmt: skip
        idle = dict(check_order([(r.line, facts) for r, facts in own], space))
        reached |= {r.flow for r, _ in own if r.line not in idle}
    for index, flow in enumerate(pack.document.flow):
        for step in flow.step if flow.id in reached else ():
            if step.act in DECIDING and step.bodies == ["street"] and not step.instead:
                place = marks.table(text, "flow", index)
                yield problem("flow.own_case", place, flow=flow.id, step=step.key)


def _unused(document: Document, text: str) -> Iterator[Problem]:
    steps = [step for flow in document.flow for step in flow.step]
    used = {body for step in steps for body in (*step.bodies, step.instead)}
    used |= {flow.escalate_to for flow in document.flow}
    used |= {body for _, body in named_bodies(document)}
    for body in document.bodies:
        if body not in used:
            yield problem("body.unused", marks.table(text, f"bodies.{body}"), body=body)


def check_numbers(pack: Pack, text: str) -> Iterator[Problem]:
    """Quotas, durations, bands and the table of modes."""
    yield from _quotas(pack, text)
    yield from _durations(pack.document, text)
    yield from _bands(pack, text)


def _quotas(pack: Pack, text: str) -> Iterator[Problem]:
    counted = {row.rule for row in pack.rows if row.facts[_GROUND] == _COUNTED}
    rules = {rule.id for rule in pack.document.rule}
    keys: set[str] = set()
    for index, quota in enumerate(pack.document.quota):
        place = marks.table(text, "quota", index)
        if quota.key in keys:
            yield problem("quota.twice", place, key=quota.key)
        keys.add(quota.key)
        if quota.rule not in rules:
            yield problem("quota.unknown", place, key=quota.key, rule=quota.rule)
        elif quota.rule not in counted:
            yield problem("quota.rule", place, key=quota.key, rule=quota.rule)
        for other in pack.document.quota[:index]:
            if other.rule != quota.rule and set(other.kinds) & set(quota.kinds):
                yield problem("quota.rules", place, key=quota.key, other=other.key)
        if quota.grade in GRADES_OFF:
            yield problem("quota.off", place, key=quota.key, grade=quota.grade.value)
        if quota.cap == 0:
            yield problem("quota.zero", place, key=quota.key)


def _durations(document: Document, text: str) -> Iterator[Problem]:
    seen: set[tuple[str, frozenset[str], frozenset[str]]] = set()
    for index, one in enumerate(document.duration):
        place = marks.table(text, "duration", index)
        of = value_zh("duration", one.of.value)
        key = (one.of.value, frozenset(one.kinds), frozenset(one.receivers))
        if key in seen:
            yield problem("duration.twice", place, of=of)
        seen.add(key)
        if not one.end_required and one.at_most is None:
            yield problem("duration.empty", place, of=of)


def _bands(pack: Pack, text: str) -> Iterator[Problem]:
    bands = pack.document.band
    for fact in dict.fromkeys(band.fact for band in bands):
        drawn = [(i, b) for i, b in enumerate(bands) if b.fact == fact]
        for at, (index, band) in enumerate(drawn):
            twin = next((b for _, b in drawn[:at] if b.least == band.least or b.name == band.name),
                        None)  # fmt: skip
            if twin is not None:
                yield problem("band.twice", marks.table(text, "band", index),
                              name=band.name, other=twin.name)  # fmt: skip
        lowest = min(band.least for _, band in drawn)
        if lowest > 0:
            yield problem("band.gap", marks.table(text, "band", drawn[0][0]),
                          fact=column_zh(fact), least=str(lowest))  # fmt: skip
    if bands and not pack.modes:
        yield problem("band.idle", marks.table(text, "band"))
    space = Space(modes_shape(pack.document).facts)
    for line, by in check_order([(r.line, r.facts) for r in pack.modes], space):
        yield problem("mode.shadowed", ("modes.csv", line, 1), by=str(by))
