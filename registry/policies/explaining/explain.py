"""说明 why a verdict is what it is: what decided over what, what nearly matched, which dates count.

Structured, with one sentence in each language beside it; never empty, also where no rule spoke.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from registry.domain.admission import Hit, rank
from registry.domain.filing import required_gaps
from registry.domain.records import Wire
from registry.domain.vocabulary import ZH, Gate, Outcome
from registry.policies.explaining.nearly import Near, NearestItem, nearest, nearly
from registry.policies.explaining.remedy import Question, Ways, ways
from registry.policies.judge import Judgement, Rulebook, decide
from registry.policies.overlay import Governing
from registry.policies.pack import Rule
from registry.policies.silence import silence

_DAY = timedelta(days=1)
_DATES = {"applied": "申报之日", "decided": "决定之日", "entered": "进入之日"}
Standing = Literal["decides", "weaker", "lifted", "waived", "dry_run", "warn"]


class Matched(Wire, frozen=True, kw_only=True):
    """命中的规则: and what became of it."""

    rule: str
    outcome: Outcome
    standing: Standing
    clause: str
    grade: str
    governed_by: str
    """The date that governs it: applied, decided or entered."""
    on: date
    remedy: str = ""
    remedy_en: str = ""
    sentence: str
    sentence_en: str


class Turn(Wire, frozen=True, kw_only=True):
    """日期的影响: with this date on or after that day (or before it) the answer is another."""

    date_of: str
    """applied, decided or entered."""
    on: date
    """What the date is now."""
    until: date | None = None
    """The answer was another up to and including this day; ``None`` = it will be, see ``from``."""
    from_: date | None = msgspec.field(name="from", default=None)
    outcome: Outcome
    deciding: list[str]
    sentence: str
    sentence_en: str


class Explanation(Wire, frozen=True, kw_only=True):
    """预审说明."""

    gate: Gate
    outcome: Outcome
    sentence: str
    sentence_en: str
    deciding: list[str]
    matched: list[Matched]
    """Deciding ones first, then by strength."""
    default: str
    default_en: str
    """What is said off the lists, and whether it answered here."""
    defaulted: bool
    nearly: list[Near]
    nearest: list[NearestItem]
    turns: list[Turn]
    trial: str = ""
    trial_en: str = ""
    """What the rules that are tried out would change."""
    missing: list[str] = []
    """Fields that a submission still lacks."""
    ways: Ways
    governing: dict[str, date]
    packs: list[str]
    pack_digest: str
    changed_since: bool = False
    """The kept verdict of the request rests on other rules than those explained here."""


def explain(rulebook: Rulebook, question: Question) -> Explanation:
    """The whole explanation of one matter."""
    matter, dates = question.matter, question.dates
    judged = rulebook.judge(matter, dates, question.waived)
    rows = rulebook.overlay.active(dates).rows
    hits = {hit.rule for hit in judged.rules}
    silent = silence(rulebook.overlay, matter.filing.kind.value)
    zh, en = _headline(judged)
    trial_zh, trial_en = _trial(judged)
    return Explanation(
        gate=matter.gate, outcome=judged.outcome, sentence=zh, sentence_en=en,
        deciding=judged.deciding, matched=_matched(judged, dates),
        default=_default(silent, judged)[0], default_en=_default(silent, judged)[1],
        defaulted=silent.rule in hits, nearly=nearly(rows, judged.vectors, hits),
        nearest=nearest(rulebook.lists, matter.filing, matter.applied),
        turns=list(_turns(rulebook, question, judged)), trial=trial_zh, trial_en=trial_en,
        missing=required_gaps(matter.filing) if matter.gate is Gate.FILE else [],
        ways=ways(rulebook, question), governing=msgspec.structs.asdict(dates),
        packs=judged.packs, pack_digest=judged.pack_digest,
    )  # fmt: skip


def _headline(judged: Judgement) -> tuple[str, str]:
    """One sentence: the answer and the rules that carry it."""
    first = [h for h in judged.rules if h.rule in judged.deciding]
    if not first:
        return (f"{ZH[judged.outcome]}：没有规则阻止。",
                f"{_english(judged.outcome).capitalize()}: no rule stands against it.")  # fmt: skip
    clauses = "；".join(dict.fromkeys(f"{h.clause}：{h.sentence}" for h in first))
    english = "; ".join(dict.fromkeys(h.sentence_en or h.sentence for h in first))
    return (
        f"{ZH[judged.outcome]}。依据：{clauses}",
        f"{_english(judged.outcome).capitalize()}: {english}",
    )


def _matched(judged: Judgement, dates: Governing) -> list[Matched]:
    deciding = set(judged.deciding)
    strong = sorted(
        judged.rules,
        key=lambda h: (_standing(h, deciding) != "decides", rank(h.outcome, h.absolute)),
    )
    return [_one(hit, _standing(hit, deciding), (judged, dates)) for hit in strong]


def _standing(hit: Hit, deciding: set[str]) -> Standing:
    if hit.stage != "enforce":
        return "warn" if hit.stage == "warn" else "dry_run"
    if hit.waived_by:
        return "waived"
    if hit.lifted_by:
        return "lifted"
    return "decides" if hit.rule in deciding else "weaker"


def _one(hit: Hit, standing: Standing, about: tuple[Judgement, Governing]) -> Matched:
    judged, dates = about
    zh, en = _why(hit, standing, judged)
    return Matched(
        rule=hit.rule, outcome=hit.outcome, standing=standing, clause=hit.clause,
        grade=hit.grade, governed_by=hit.governed_by,
        on=msgspec.structs.asdict(dates)[hit.governed_by], remedy=hit.remedy,
        remedy_en=hit.remedy_en, sentence=zh, sentence_en=en,
    )  # fmt: skip


def _why(hit: Hit, standing: Standing, judged: Judgement) -> tuple[str, str]:
    """Why a rule that matched decided, or did not."""
    said, en = hit.sentence, hit.sentence_en
    stronger, strong_en = _strength(judged.outcome, judged.absolute)
    own, own_en = _strength(hit.outcome, hit.absolute)
    told: dict[Standing, tuple[str, str]] = {
        "decides": (f"由它决定：{own}。", f"It decides: {own_en}."),
        "weaker": (
            f"也命中，但「{stronger}」先于「{own}」。",
            f"It matched too; {strong_en} goes before {own_en}.",
        ),
        "lifted": (
            f"因法定例外 {hit.lifted_by} 不适用。",
            f"The statutory exception {hit.lifted_by} lifts it.",
        ),
        "waived": (
            f"因例外 {hit.waived_by} 不适用。", f"The exception {hit.waived_by} sets it aside.",
        ),
        "dry_run": (
            f"{hit.to_be_confirmed or '试运行'}，只显示，不作决定。",
            "Shown only: tried out, or its text was not read.",
        ),
        "warn": ("只提醒，不作决定。", "It only warns."),
    }  # fmt: skip
    return said + told[standing][0], f"{en} {told[standing][1]}".strip()


def _english(outcome: Outcome) -> str:
    """What an outcome is called within an English sentence."""
    return outcome.value.replace("_", " ")


def _strength(outcome: Outcome, absolute: bool) -> tuple[str, str]:
    if outcome is not Outcome.REFUSED:
        return ZH[outcome], _english(outcome)
    zh, en = ("绝对禁止", "absolute") if absolute else ("可以消除", "liftable")
    return f"{ZH[outcome]}（{zh}）", f"{_english(outcome)} ({en})"


def _default(silent: Hit, judged: Judgement) -> tuple[str, str]:
    """What the stated default says, and whether it was what answered."""
    if judged.vectors[0][1][0] != Gate.FILE.value:
        return (
            "清单外默认规则只用于申报。",
            "The stated default speaks at filing only.",
        )
    if any(hit.rule == silent.rule for hit in judged.rules):
        return (
            f"没有规则作出决定，由清单外默认规则回答：{silent.sentence}",
            f"No rule decided, so the stated default answers: {silent.sentence_en}",
        )
    return (f"清单外默认规则未用到：{silent.sentence}",
            f"The stated default was not needed: {silent.sentence_en}")  # fmt: skip


def _trial(judged: Judgement) -> tuple[str, str]:
    if judged.would_be is None:
        return "", ""
    return (f"试运行的规则如果施行，结果将是：{ZH[judged.would_be]}。",
            f"If the rules tried out were enforced: {_english(judged.would_be)}.")  # fmt: skip


def _turns(rulebook: Rulebook, question: Question, now: Judgement) -> Iterator[Turn]:
    """Where another date would bring another answer, all else being equal."""
    rows = rulebook.facts(question.matter)
    rules = [rule for pack in rulebook.overlay.packs for rule in pack.document.rule]
    for name in _DATES:
        held = msgspec.structs.asdict(question.dates)[name]
        days = _boundaries(rules, name)
        for way in ([d for d in days if d > held], [d for d in reversed(days) if d <= held]):
            before = (now.outcome, now.deciding)
            for day in way:
                turned = day if day > held else day - _DAY
                dates = msgspec.structs.replace(question.dates, **{name: turned})
                if not all(p.in_force(dates.applied) for p in rulebook.overlay.packs):
                    break
                then = decide(rulebook.overlay, rows, dates, question.waived)
                if (then.outcome, then.deciding) != before:
                    yield _turn(name, (held, day), then)
                before = (then.outcome, then.deciding)


def _boundaries(rules: list[Rule], name: str) -> list[date]:
    """Days from which rules governed by this date stand, or no longer stand."""
    mine = [rule for rule in rules if rule.governed_by == name]
    begins = {rule.valid_from for rule in mine if rule.valid_from}
    ends = {rule.valid_to + _DAY for rule in mine if rule.valid_to}
    return sorted(begins | ends)


def _turn(name: str, days: tuple[date, date], then: Judgement) -> Turn:
    held, day = days
    later = day > held
    when = f"{day}起" if later else f"{day}以前"
    when_en = f"from {day}" if later else f"before {day}"
    rules = "、".join(then.deciding)
    return Turn(
        date_of=name, on=held, from_=day if later else None,
        until=None if later else day - _DAY, outcome=then.outcome, deciding=then.deciding,
        sentence=f"{_DATES[name]}为{held}；{when}的，由 {rules} 决定：{ZH[then.outcome]}。",
        sentence_en=f"The date {name} is {held}; {when_en} {', '.join(then.deciding)} would "
        f"decide: {_english(then.outcome)}.",
    )  # fmt: skip
