"""预审 a filing becomes a verdict: facts → Casbin rows → what the official is told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

import msgspec

from registry.domain.admission import COLUMNS, Hit
from registry.domain.calendar import Calendar
from registry.domain.vocabulary import Gate, Outcome, Receiver
from registry.policies.active import IDLE, Active, ActiveRow, Answer, Line, Met, asked_of, line_of
from registry.policies.index import bits
from registry.policies.judgement import Judgement, told, vector_of
from registry.policies.measuring.facts import Matter, Rows, compute
from registry.policies.measuring.gauges import gauges_of
from registry.policies.measuring.reading import reading_of
from registry.policies.overlay import Governing, Overlay
from registry.policies.silence import WAIVABLE, in_its_place, silence
from registry.policies.standing import Lists

__all__ = ["NOTHING", "Judgement", "Rulebook", "Waived", "decide", "told", "vector_of"]

Waived = Mapping[str, str]
"""例外: rule id → id of the exception under which it does not decide."""

Watch = Callable[[Overlay, tuple[Rows, Governing, Waived], Judgement], None]
"""Told of every live decision (``sentinel``)."""
NOTHING: Waived = MappingProxyType({})
_CITED = 8
"""As many first characters of a citation tell whether a clause names the same instrument."""
_GATE, _KIND, _GROUND = (COLUMNS.index(c) for c in ("gate", "kind", "ground"))
_FILE = Gate.FILE.value
_ONCE = frozenset({Gate.FILE, Gate.APPROVE})
"""Gates at which a matter is judged and, as it stands then, not again."""
_AGAIN = 512
"""Admitted matters whose facts are kept: memory."""
_told_of = msgspec.json.Encoder().encode
_BYTES = 16
"""Of a digest: 128 bits."""
_KNOWN = 16_384
"""Sets of matching rows whose answer one table keeps: memory."""


class Rulebook:
    """规则册: one county's overlay, lists and calendar; what a verdict is made from."""

    def __init__(
        self, overlay: Overlay, lists: Lists, calendar: Calendar, watch: Watch | None = None
    ) -> None:
        self.overlay, self.lists, self.calendar = overlay, lists, calendar
        self.gauges = gauges_of(overlay)
        self._watch = watch
        self._again: dict[bytes, Rows] = {}
        self.reading = lru_cache(maxsize=4096)(self._reading)

    def _reading(self, on: date) -> str:
        """Digest of all that facts are read from on a day, besides the filing."""
        return reading_of(self.overlay, self.lists, (self.calendar, self.gauges), on)

    def facts(self, matter: Matter) -> Rows:
        """The rows of facts of a matter."""
        return compute(matter, self.lists, self.calendar, self.gauges)

    def _standing(self, matter: Matter) -> Rows:
        """The rows of a matter that was admitted and is asked about again and again, at each order
        and each payment: facts are made of the matter and of this book, and of nothing else."""
        told = blake2b(_told_of(matter), digest_size=_BYTES).digest()
        rows = self._again.get(told)
        if rows is None:
            if len(self._again) >= _AGAIN:
                self._again.clear()
            rows = self._again[told] = self.facts(matter)
        return rows

    def judge(self, matter: Matter, dates: Governing, waived: Waived = NOTHING) -> Judgement:
        """The verdict on a matter, with every matching row."""
        rows = self.facts(matter) if matter.gate in _ONCE else self._standing(matter)
        answered = decide(self.overlay, rows, dates, waived)
        if self._watch is not None:
            self._watch(self.overlay, (rows, dates, waived), answered)
        return msgspec.structs.replace(answered, reading=self.reading(matter.applied))


def decide(overlay: Overlay, rows: Rows, dates: Governing, waived: Waived = NOTHING) -> Judgement:
    """Facts in, full verdict out: a pure function of (facts, packs, dates, exceptions).

    Each receiver is judged by itself, its default included; the strongest answer is the verdict.
    """
    answer = _answer(overlay, rows, dates, waived)
    would_be = None
    if overlay.rehearsal is not None:
        then = _answer(overlay.rehearsal, rows, dates, waived).outcome
        would_be = then if then is not answer.outcome else None
    return Judgement(
        answer=answer,
        vectors=rows.vectors,
        suggestions=rows.suggestions,
        would_be=would_be,
        measured=rows.measured,
    )


def _answer(overlay: Overlay, rows: Rows, dates: Governing, waived: Waived) -> Answer:
    """What the matching rows answer, remembered by their set where nothing else tells."""
    table = overlay.active(dates)
    first = rows.vectors[0][1]
    kind = first[_KIND] if first[_GATE] == _FILE else ""
    met = table.met(rows.vectors)
    named = rows.basis or rows.verifier or (rows.behind and any(rows.behind.values()))
    if waived or named or not overlay.remember:
        case = _Case(overlay, table, kind, rows if named else None)
        answer = case.answer(met, waived)
        return _with_waivers(case, met, waived, answer) if waived else answer
    known = table.known.get((kind, met))
    if known is None:
        if len(table.known) >= _KNOWN:
            table.known.clear()
        known = table.known[kind, met] = _Case(overlay, table, kind, None).answer(met, NOTHING)
    return known


def _with_waivers(case: "_Case", met: Met, waived: Waived, answer: Answer) -> Answer:
    """The answer with those exceptions named without which it would be another."""
    used = dict.fromkeys(hit.waived_by for hit in answer.rules if hit.waived_by)
    told_ = [
        one for one in used
        if case.answer(met, {r: w for r, w in waived.items() if w != one}).outcome
        is not answer.outcome
    ]  # fmt: skip
    return msgspec.structs.replace(answer, waivers=told_)


class _Case:
    """One table asked about one kind of matter; ``kind`` is empty after filing, where no default
    speaks; ``rows`` are given where list items stand behind the facts."""

    def __init__(self, overlay: Overlay, table: Active, kind: str, rows: Rows | None) -> None:
        self.overlay, self.table, self.kind, self.rows = overlay, table, kind, rows
        self.by_ground: list[tuple[Receiver, str, int]] = []
        if rows is not None:
            self.by_ground = [(who, v[_GROUND], table.mask(v)) for who, v in rows.vectors]

    def answer(self, met: Met, waived: Waived) -> Answer:
        """The strongest of what is said for each receiver."""
        if len(met) == 1:
            lines, silent = self._said(*met[0], waived)
            merged = lines if len(lines) == 1 else _single(lines)
        else:
            said = [self._said(receiver, mask, waived) for receiver, mask in met]
            merged = _merged(met, [lines for lines, _ in said])
            silent = all(one for _, one in said)
        names, rules, outcome, absolute = _ranked(merged, strongest_of(merged))
        default = self.overlay.default(self.kind) if silent else None
        right, breach = self.overlay.effects[default]
        return Answer(
            outcome=outcome, absolute=absolute, deciding=names, rules=rules, defaulted=default,
            refusal_right=right, department_in_breach=breach, packs=self.overlay.named,
            pack_digest=self.overlay.digest,
        )  # fmt: skip

    def _said(self, receiver: Receiver, mask: int, waived: Waived) -> tuple[list[Line], bool]:
        """What is said for one receiver, and whether the stated default answers."""
        lines = self._lines(receiver, mask, waived)
        if not self.kind or strongest_of(lines) != IDLE:
            return lines, False
        spoken = self._silence(waived)
        return spoken + lines, len(spoken) == 1

    def _silence(self, waived: Waived) -> list[Line]:
        """The default; where it is waived, what answers in its place before it."""
        line = self.table.silence.get(self.kind)
        if line is None:
            line = self.table.silence[self.kind] = line_of(silence(self.overlay, self.kind))
        hit = line.hit
        if hit.rule in waived and hit.rule in WAIVABLE:
            set_aside = msgspec.structs.replace(hit, waived_by=waived[hit.rule])
            return [line_of(in_its_place(hit)), line_of(set_aside)]
        return [line]

    def _lines(self, receiver: Receiver, mask: int, waived: Waived) -> list[Line]:
        """What the matching rows say; an exception lifts only for the receiver it matched for."""
        table = self.table
        lines = table.said(mask)
        if not (waived or self.rows is not None or mask & table.lifting):
            return lines
        lifted = table.lifted(mask, waived)
        found = []
        for at, line in zip(bits(mask), lines, strict=True):
            hit = line.hit
            if self.rows is not None:
                hit = _worded(table.rows[at], hit, self.rows, self._grounds(receiver, at))
            # What is absolute is neither lifted nor waived, whatever a pack below it writes.
            by = "" if hit.absolute else lifted.get(hit.rule, "")
            spared = "" if hit.absolute else waived.get(hit.rule, "")
            if by or spared:
                hit = msgspec.structs.replace(hit, lifted_by=by, waived_by=spared)
            found.append(line if hit is line.hit else line_of(hit))
        return found

    def _grounds(self, receiver: Receiver, at: int) -> list[str]:
        """The grounds for which the row matched."""
        return sorted({g for who, g, mask in self.by_ground if who == receiver and mask >> at & 1})


def strongest_of(lines: Sequence[Line]) -> int:
    """The strongest rank among lines, ``IDLE`` where none decides."""
    best = IDLE
    for line in lines:
        if line.rank < best:  # noqa: PLR1730 - asked for every verdict; min() takes longer
            best = line.rank
    return best


def _ranked(lines: Sequence[Line], strongest: int) -> tuple[list[str], list[Hit], Outcome, bool]:
    """Ids of the deciding rules, all hits with theirs first, the outcome, whether absolute."""
    if strongest == IDLE:
        return [], [line.hit for line in lines], Outcome.ALLOWED, False
    if len(lines) == 1:
        only = lines[0].hit
        return [only.rule], [only], only.outcome, only.absolute and _refuses(only)
    best = [line.hit for line in lines if line.rank == strongest]
    names = list({hit.rule: None for hit in best})
    theirs = [line.hit for line in lines if line.hit.rule in names]
    rules = theirs + [line.hit for line in lines if line.hit.rule not in names]
    absolute = _refuses(best[0]) and any([hit.absolute for hit in best])
    return names, rules, best[0].outcome, absolute


def _refuses(hit: Hit) -> bool:
    return hit.outcome is Outcome.REFUSED


def _single(lines: list[Line]) -> list[Line]:
    """One line per rule and outcome."""
    if len(lines) <= 1:
        return lines
    found: dict[tuple[str, str, str, str], Line] = {}
    for line in lines:
        found.setdefault(line.key, line)
    return list(found.values())


def _merged(met: Met, said: Sequence[list[Line]]) -> list[Line]:
    """One line per rule and outcome, naming the receivers where it did not match for all."""
    found: dict[tuple[str, str, str, str], tuple[Line, list[str]]] = {}
    for (receiver, _), lines in zip(met, said, strict=True):
        for line in lines:
            _, names = found.setdefault(line.key, (line, []))
            if receiver.value not in names:
                names.append(receiver.value)
    return [
        line if len(names) == len(met)
        else line_of(msgspec.structs.replace(line.hit, receivers=names))
        for line, names in found.values()
    ]  # fmt: skip


def _worded(row: ActiveRow, hit: Hit, rows: Rows, grounds: Sequence[str]) -> Hit:
    """What the row says, with the list items behind its facts."""
    asked = asked_of(row.row)
    items = [name for key in (*asked, *grounds) for name in rows.behind.get(key, [])]
    own = next((rows.basis[c] for c in asked if c in rows.basis), "")
    refers = "certificate" in asked and row.row.eft == "deny" and rows.verifier
    return msgspec.structs.replace(
        hit,
        clause=f"{hit.clause}（{own}）" if own and own[:_CITED] not in hit.clause else hit.clause,
        remedy=hit.remedy + (f"核验单位：{rows.verifier}。" if refers else ""),
        remedy_en=hit.remedy_en + (f" Verified by: {rows.verifier}." if refers else ""),
        items=list(dict.fromkeys(items)),
    )
