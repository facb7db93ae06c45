"""神谕 every change of one or two facts of substance, tried one by one on the filing itself.

Written apart from the search and its table: it knows the fields of a filing and nothing of steps.
"""

import copy
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import msgspec

from registry.domain.filing import Filing
from registry.domain.formula import amount_of
from registry.domain.vocabulary import FundingMode, Outcome, Role
from registry.policies.explaining.remedy import Question
from registry.policies.judge import Rulebook, decide
from registry.policies.overlay import Governing
from registry.policies.standing import Found, Lists

Mutation = Callable[[Filing], Filing]
PASSES = {
    Outcome.LISTED, Outcome.EXEMPT, Outcome.NEEDS_APPROVAL, Outcome.DISCRETIONARY,
    Outcome.PURCHASE, Outcome.ALLOWED,
}  # fmt: skip
PURPOSES = (
    "office", "personnel", "purchase", "remuneration", "materials", "training", "activity", "other",
)  # fmt: skip
MONEY = {"payer", "mode", "purpose"}
LATER = (1, 7, 15, 20, 30, 45, 60, 90, 200)
TERMS = (0, 5, 30, 80, 170)
"""Days of a term that had no end: never beyond what the tables of the tests allow."""


class _Remembered(Lists):
    """The same lists; words that were met once are not compared again."""

    def __init__(self, of: Lists) -> None:
        self.__dict__.update(of.__dict__)
        self._met: dict[Any, list[Found]] = {}

    def meet(self, filing: Filing, on: date, paths: Collection[str] = ()) -> list[Found]:
        key = (filing.title, filing.text, filing.kind, on)
        if key not in self._met:
            self._met[key] = super().meet(filing, on, paths)
        return self._met[key]


def smallest(whole: Rulebook, question: Question) -> int | None:
    """The least number of facts, one or two, whose change lets it pass; ``None`` = neither does."""
    rulebook = copy.copy(whole)
    rulebook.lists = _Remembered(whole.lists)
    tried = list(_distinct(rulebook, question))
    if any(_passes(rulebook, question, made) for _, _, made in tried):
        return 1
    for (one, first, _), (two, second, _) in combinations(tried, 2):
        if one == two:
            continue
        # Only money is laid upon money: there the order may matter.
        orders = [(first, second), (second, first)] if {one, two} <= MONEY else [(first, second)]
        for apply in orders:
            made = _made(question.matter.filing, *apply)
            if made is not None and _passes(rulebook, question, made):
                return 2
    return None


def _distinct(rulebook: Rulebook, question: Question) -> Iterator[tuple[str, Mutation, Filing]]:
    """Mutations that change a fact, one of each effect.

    One that changes nothing by itself may do so beside money, as a mode does where no line of money
    stands yet: it is kept by its effect on a filing that names its payer.
    """
    filing = question.matter.filing
    paid = _add("funding", _line(filing.leading))
    seen = {_facts(rulebook, question, filing) + _facts(rulebook, question, filing, paid)}
    for subject, mutation in _mutations(filing):
        made = _made(filing, mutation)
        facts = _facts(rulebook, question, filing, mutation) + _facts(
            rulebook, question, filing, paid, mutation
        )
        if made is not None and facts not in seen:
            seen.add(facts)
            yield subject, mutation, made


def _made(filing: Filing, *mutations: Mutation) -> Filing | None:
    try:
        for mutation in mutations:
            filing = msgspec.convert(msgspec.to_builtins(mutation(filing)), Filing)
    except (msgspec.ValidationError, ValueError):
        return None
    return filing


def _facts(
    rulebook: Rulebook, question: Question, filing: Filing, *mutations: Mutation
) -> tuple[Any, ...]:
    made = _made(filing, *mutations)
    if made is None:
        return ()
    matter = msgspec.structs.replace(question.matter, filing=made)
    return tuple(rulebook.facts(matter).vectors)


def _passes(rulebook: Rulebook, question: Question, filing: Filing) -> bool:
    return verdict(rulebook, question, filing) in PASSES


def verdict(rulebook: Rulebook, question: Question, filing: Filing) -> Outcome:
    """What the rulebook says of a changed filing, the day of entry following its start."""
    matter = msgspec.structs.replace(question.matter, filing=filing)
    dates: Governing = question.dates
    if filing.starts_on != question.matter.filing.starts_on:
        entered = max(filing.starts_on or matter.applied, matter.applied)
        dates = msgspec.structs.replace(dates, entered=entered)
    return decide(rulebook.overlay, rulebook.facts(matter), dates, question.waived).outcome


def _set(**fields: Any) -> Mutation:
    def mutate(filing: Filing) -> Filing:
        return msgspec.structs.replace(filing, **fields)

    return mutate


def _add(field: str, value: dict[str, Any]) -> Mutation:
    def mutate(filing: Filing) -> Filing:
        plain = msgspec.to_builtins(filing)
        plain[field] = [*plain[field], value]
        return msgspec.convert(plain, Filing)

    return mutate


def _lines(**fields: Any) -> Mutation:
    """Every line of money that brings any, with these fields."""

    def mutate(filing: Filing) -> Filing:
        plain = msgspec.to_builtins(filing)
        for line in plain["funding"]:
            if line["mode"] != FundingMode.NONE:
                line.update(fields)
                if "amount_fen" in fields and line["rate_fen"]:
                    line["quantity"] = fields["amount_fen"]
                    line["amount_fen"] = line["rate_fen"] * line["quantity"]
        return msgspec.convert(plain, Filing)

    return mutate


def _detail(name: str, **fields: Any) -> Mutation:
    def mutate(filing: Filing) -> Filing:
        detail = getattr(filing, name)
        if detail is None:
            raise ValueError("no such detail")
        changed = msgspec.structs.replace(detail, **fields)
        return msgspec.structs.replace(filing, **{name: changed})

    return mutate


def _later(days: int) -> Mutation:
    """A later start; the term keeps its length."""

    def mutate(filing: Filing) -> Filing:
        if filing.starts_on is None:
            raise ValueError("it has no start")
        moved = timedelta(days=days)
        end = filing.ends_on + moved if filing.ends_on else None
        return msgspec.structs.replace(filing, starts_on=filing.starts_on + moved, ends_on=end)

    return mutate


def _ending(days: int) -> Mutation:
    def mutate(filing: Filing) -> Filing:
        if filing.ends_on is not None or filing.starts_on is None:
            raise ValueError("an end that stands is left alone")
        return msgspec.structs.replace(filing, ends_on=filing.starts_on + timedelta(days=days))

    return mutate


def _line(payer: str | None, **more: Any) -> dict[str, Any]:
    return {"key": "ORACLE", "mode": "transfer", "payer_id": payer, "amount_fen": 4321,
            "fiscal_year": 2026, **more}  # fmt: skip


def _mutations(filing: Filing) -> Iterator[tuple[str, Mutation]]:
    """(subject, change): everything an applicant may change of substance, and nothing else."""
    yield from _money(filing)
    yield from (("start", _later(days)) for days in LATER)
    yield from (("end", _ending(days)) for days in TERMS)
    if filing.role is Role.LEAD:
        yield "role", _set(role=Role.ASSIST)
    yield from _backing()
    for name in ("electronic", "paper", "both"):
        yield "medium", _set(medium=name)
    yield "registration", _detail("app", registration_number="1")
    yield "registration", _detail("inspection", plan_number="1")
    yield "registration", _detail("campaign", approval_document="1")
    yield "registration", _detail("form", approval_number="1")
    yield "registration", _detail("meeting", plan_number="1")
    yield (
        "compulsion",
        _detail("app", features=[], photos_compulsory=False, follow_compulsory=False),
    )
    yield "compulsion", _detail("campaign", compulsory=False)
    yield "assessment", _detail("inspection", separate=False, veto=False)
    yield "assessment", _detail("campaign", veto=False)
    yield "assessment", _detail("target", veto=False)
    yield "letter", _detail("target", letter_of_responsibility=False)


def _as_reckoned(filing: Filing) -> Filing:
    """Every line that has a formula, with the amount that comes of it, paid as it will be said."""
    return msgspec.structs.replace(filing, funding=[
        line if line.formula is None
        else msgspec.structs.replace(line, amount_fen=amount_of(line.formula), schedule=[])
        for line in filing.funding
    ])  # fmt: skip


def _money(filing: Filing) -> Iterator[tuple[str, Mutation]]:
    for payer in (a.organisation_id for a in filing.applicants):
        yield "payer", _add("funding", _line(payer))
        yield "payer", _lines(payer_id=payer)
        yield "payer", _lines(payer_id=payer, amount_fen=4321)
    yield "payer", _lines(amount_fen=4321)
    for mode in FundingMode:
        if mode is not FundingMode.NONE:
            yield "mode", _lines(mode=mode.value)

    def served(plain: Filing) -> Filing:
        for number, purpose in enumerate(PURPOSES):
            line = _line(filing.leading, key=f"ORACLE{number}", purpose=purpose)
            plain = _add("funding", line)(plain)
        return plain

    # A purpose is added, never taken away: to name the money otherwise changes nothing.
    yield "purpose", served
    yield "formula", _as_reckoned


def _backing() -> Iterator[tuple[str, Mutation]]:
    whats = (
        "staff", "training", "equipment", "goods", "information", "technology", "guidance",
    )  # fmt: skip

    def equipped(filing: Filing) -> Filing:
        for number, what in enumerate(whats):
            stated = {"key": f"OC{number}", "what": what, "description": "足额"}
            filing = _add("conditions", stated)(filing)
        return filing

    yield "conditions", equipped
    for by in ("street", "government"):
        yield "consent", _add("consents", {"by": by, "given_on": "2026-01-05"})
    yield "origin", _add("consents", {"by": "community", "given_on": "2026-01-05"})
    heard = {"with_whom": "居民代表", "held_on": "2026-01-05", "result": "agree"}
    yield "consultation", _add("consultations", heard)

    def decided(filing: Filing) -> Filing:
        return msgspec.structs.replace(filing, government_emergency_decision="演示令1号")

    yield "emergency", decided
    power = {"scope": "登记", "term_from": "2026-01-01", "term_to": "2026-12-31",
             "authorisation_document_id": "doc-1"}  # fmt: skip

    def entrusted(filing: Filing) -> Filing:
        plain = msgspec.to_builtins(filing)
        plain["powers"] = [{**p, **power} for p in plain["powers"]] or [power]
        return msgspec.convert(plain, Filing)

    yield "authority", entrusted
