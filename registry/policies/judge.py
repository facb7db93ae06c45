"""预审 a filing becomes a verdict: facts → Casbin rows → what the official is told."""

import msgspec

from registry.domain.admission import COLUMNS, Hit, default_outcome, strongest
from registry.domain.calendar import Calendar
from registry.domain.records import Wire
from registry.domain.vocabulary import Default, Gate, Outcome, Receiver
from registry.policies.facts import Matter, Rows, compute
from registry.policies.overlay import ActiveRow, Governing, Overlay
from registry.policies.pack import Clocks, Conditions
from registry.policies.standing import Lists

_UNVERIFIED = "待核实"
_CITED = 8
"""As many first characters of a citation tell whether a clause names the same instrument."""
_GROUND = COLUMNS.index("ground")


class Judgement(Wire, frozen=True, kw_only=True):
    """预审结果 before it is given an id and kept as a ``Verdict``."""

    outcome: Outcome
    absolute: bool
    deciding: list[str]
    rules: list[Hit]
    defaulted: Default | None
    refusal_right: bool | None
    department_in_breach: bool | None
    facts: list[dict[str, str]]
    suggestions: list[str]
    packs: list[str]
    pack_digest: str


class Rulebook:
    """规则册: one county's overlay, lists and calendar; what a verdict is made from."""

    def __init__(self, overlay: Overlay, lists: Lists, calendar: Calendar) -> None:
        self.overlay, self.lists, self.calendar = overlay, lists, calendar

    def facts(self, matter: Matter) -> Rows:
        """The rows of facts of a matter."""
        settings = (
            Clocks(apply_ahead=self.overlay.setting(lambda d: d.clock.apply_ahead)),
            self.overlay.setting(lambda d: d.conditions) or Conditions(),
        )
        return compute(matter, self.lists, self.calendar, settings)

    def judge(self, matter: Matter, dates: Governing) -> Judgement:
        """The verdict on a matter, with every matching row."""
        return decide(self.overlay, self.facts(matter), dates)


def decide(overlay: Overlay, rows: Rows, dates: Governing) -> Judgement:
    """Facts in, full verdict out: a pure function of (facts, packs, dates).

    Each receiver is judged by itself, its default included; the strongest answer is the verdict.
    """
    facts = [dict(zip(COLUMNS, vector, strict=True)) for _, vector in rows.vectors]
    kind = facts[0]["kind"]
    default = overlay.default(kind) if facts[0]["gate"] == Gate.FILE else None
    by_receiver = _hits(overlay, rows, dates)
    silent = [receiver for receiver, hits in by_receiver.items() if not strongest(hits)]
    if silent and facts[0]["gate"] == Gate.FILE:
        for receiver in silent:
            by_receiver[receiver] = [_silence(overlay, kind), *by_receiver[receiver]]
    hits = _merged(by_receiver)
    best = strongest(hits)
    names = list(dict.fromkeys(h.rule for h in best))
    outcome = best[0].outcome if best else Outcome.ALLOWED
    answered = default if len(silent) == len(by_receiver) else None
    _, refusal, breach = default_outcome(answered)
    stated = overlay.setting(lambda d: d.effects.refusal_right)
    blamed = overlay.setting(lambda d: d.effects.department_in_breach)
    return Judgement(
        outcome=outcome,
        absolute=outcome is Outcome.REFUSED and any(h.absolute for h in best),
        deciding=names, rules=sorted(hits, key=lambda h: h.rule not in names), defaulted=answered,
        refusal_right=refusal if stated is None else stated,
        department_in_breach=breach if blamed is None else blamed, facts=facts,
        suggestions=rows.suggestions, packs=[f"{p.id}@{p.digest}" for p in overlay.packs],
        pack_digest=overlay.digest,
    )  # fmt: skip


def _silence(overlay: Overlay, kind: str) -> Hit:
    """What is said where no row matched: never an empty explanation."""
    default = overlay.default(kind)
    outcome, _, _ = default_outcome(default)
    if default is None:
        return Hit(
            rule="default.none",
            outcome=outcome,
            clause="各级规则包均未规定",
            grade="configured",
            sentence="没有规则涉及此事项，且本级及上级均未规定清单外事项如何办理，转人工研判。",
            sentence_en="No rule speaks of this, and no level says what happens off the list: "
            "a person judges it.",
            remedy="由受理机关研判，或由县(市、区)制定本地规则包。",
            remedy_en="The receiving office judges it, or the county writes a pack of its own.",
        )
    pack = next(p for p in overlay.packs if p.document.default(kind) is not None)
    return Hit(
        rule=f"default.{default.value}", outcome=outcome, clause=pack.document.pack.instrument,
        grade=pack.document.pack.grade.value, pack=pack.id,
        sentence=_DEFAULT_ZH[default], sentence_en=_DEFAULT_EN[default],
        remedy=_REMEDY_ZH[default], remedy_en=_REMEDY_EN[default],
    )  # fmt: skip


_DEFAULT_ZH = {
    Default.DENY: "不在清单内的事项不得进入社区。",
    Default.FROZEN: "清单由上级统一制定，本级不得增加，清单外事项不得进入社区。",
    Default.ADMISSION: "不在清单内的事项，须申报准入，批准后方可进入社区。",
    Default.NEGATIVE_ONLY: "不在清单内、也不在禁止清单内：部门不得直接交办，社区的拒绝权只及于禁止清单。",
}
_DEFAULT_EN = {
    Default.DENY: "What is not on the list may not enter a community.",
    Default.FROZEN: "The list is fixed from above and nothing may be added here.",
    Default.ADMISSION: "What is not on the list must be admitted before it enters a community.",
    Default.NEGATIVE_ONLY: "On no list: the department may not hand it down, while the right to "
    "refuse is worded for the negative list only.",
}
_REMEDY_ZH = {
    Default.DENY: "由制定清单的机关依法修订清单，或由本部门自行办理。",
    Default.FROZEN: "由制定清单的上级机关修订清单，或由本部门自行办理。",
    Default.ADMISSION: "写明内容、标准、责任主体、期限和经费后申报准入。",
    Default.NEGATIVE_ONLY: "由受理机关研判。",
}
_REMEDY_EN = {
    Default.DENY: "Have the body that makes the list revise it, or do the work yourselves.",
    Default.FROZEN: "Have the higher body that makes the list revise it, or do it yourselves.",
    Default.ADMISSION: "State content, standard, responsible party, term and money, and file.",
    Default.NEGATIVE_ONLY: "The receiving office judges it.",
}


def _hits(overlay: Overlay, rows: Rows, dates: Governing) -> dict[Receiver, list[Hit]]:
    """Matching rows by receiver, an exception lifting only for the receiver it matched for."""
    active = overlay.active(dates)
    met: dict[Receiver, dict[int, set[str]]] = {}
    for receiver, vector in rows.vectors:
        mine = met.setdefault(receiver, {})
        if active.matcher is not None:
            for position in active.matcher.matches(vector):
                mine.setdefault(position, set()).add(vector[_GROUND])
    return {
        receiver: _explained([(active.rows[p], mine[p]) for p in sorted(mine)], rows)
        for receiver, mine in met.items()
    }


def _explained(met: list[tuple[ActiveRow, set[str]]], rows: Rows) -> list[Hit]:
    lifted = {name: r.rule.id for r, _ in met if r.rule.decides for name in r.rule.lifts}
    hits = []
    for row, grounds in met:
        hit = _hit(row, rows, grounds)
        by = lifted.get(row.rule.id)
        hits.append(msgspec.structs.replace(hit, lifted_by=by) if by else hit)
    return hits


def _merged(by_receiver: dict[Receiver, list[Hit]]) -> list[Hit]:
    """One line per rule and outcome, naming the receivers where it did not match for all."""
    found: dict[tuple[str, str, str], tuple[Hit, list[str]]] = {}
    for receiver, hits in by_receiver.items():
        for hit in hits:
            _, names = found.setdefault((hit.rule, hit.outcome, hit.lifted_by), (hit, []))
            if receiver.value not in names:
                names.append(receiver.value)
    if len(by_receiver) == 1:
        return [hit for hit, _ in found.values()]
    return [
        msgspec.structs.replace(hit, receivers=names if len(names) < len(by_receiver) else [])
        for hit, names in found.values()
    ]


def _hit(row: ActiveRow, rows: Rows, grounds: set[str]) -> Hit:
    rule = row.rule
    facts = dict(zip(COLUMNS, row.row.facts, strict=True))
    asked = [c for c in ("standing", "statutory", "certificate") if facts[c] != "*"]
    items = [name for key in (*asked, *sorted(grounds)) for name in rows.behind.get(key, [])]
    own = next((rows.basis[c] for c in asked if c in rows.basis), "")
    refers = "certificate" in asked and row.row.eft == "deny" and rows.verifier
    return Hit(
        rule=rule.id, outcome=Outcome(row.row.outcome), grade=rule.grade.value,
        clause=f"{rule.clause}（{own}）" if own and own[:_CITED] not in rule.clause else rule.clause,
        sentence=rule.sentence + _places(rule.forbidden_in, "已有规定禁止的地方：", "、"),
        sentence_en=rule.sentence_en + _places(rule.forbidden_in, " Forbidden in: ", ", "),
        remedy=rule.remedy + (f"核验单位：{rows.verifier}。" if refers else ""),
        remedy_en=rule.remedy_en + (f" Verified by: {rows.verifier}." if refers else ""),
        ground=rule.ground,
        absolute=rule.absolute, stage=rule.stage.value if rule.on else "dry_run",
        pack=row.pack, to_be_confirmed=rule.to_be_confirmed if rule.on else _UNVERIFIED,
        governed_by=rule.governed_by, items=list(dict.fromkeys(items)),
    )  # fmt: skip


def _places(places: list[str], before: str, between: str) -> str:
    return before + between.join(places) if places else ""
