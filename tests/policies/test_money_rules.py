"""经费: every way of funding that a local text knows (F1 to F10), as rows of a small pack."""

from datetime import date
from typing import Any

from registry.domain.vocabulary import Gate, OrganisationKind, Outcome
from registry.policies.judge import Rulebook
from tests.policies.rulebooks import a_list, book_of, judged, pack, row, rule

ON = date(2026, 3, 2)
PAYERS = {
    "asking": OrganisationKind.DEPARTMENT, "finance": OrganisationKind.FINANCE,
    "county": OrganisationKind.GOVERNMENT, "street": OrganisationKind.STREET,
    "elsewhere": OrganisationKind.DEPARTMENT,
}  # fmt: skip


def money(*lines: tuple[str | None, str, str | None]) -> list[dict[str, Any]]:
    """Funding lines from (payer, mode, purpose)."""
    return [
        {"key": f"F{n}", "payer_id": payer, "mode": mode, "purpose": purpose, "amount_fen": 100,
         "fiscal_year": 2026}
        for n, (payer, mode, purpose) in enumerate(lines)
    ]  # fmt: skip


def rules(*rows: str, **fields: Any) -> Rulebook:
    """A pack of the rows given and of one that admits; refusals outrank it."""
    lists = fields.pop("lists", ())
    names = sorted({line.rstrip().rpartition(",")[2] for line in rows})
    return book_of(
        pack("money", [rule("OPEN"), *map(rule, names)], [row("OPEN", "needs_approval"), *rows],
             **fields),
        lists=lists,
    )  # fmt: skip


def outcome(book: Rulebook, gate: Gate = Gate.FILE, **fields: Any) -> Outcome:
    return judged(book, ON, gate, payers=PAYERS, **fields).outcome


def test_f1_the_department_that_entrusts_pays() -> None:
    others = ("none", "government", "finance", "community", "other", "several")
    book = rules(*(row("F1", "refused", role="entrusted", payer_kind=who) for who in others))
    asked = {"role": "entrusted", "funding": money(("asking", "transfer", None))}
    assert outcome(book, **asked) is Outcome.NEEDS_APPROVAL
    for lines in ([], money(("finance", "transfer", None)), money(("elsewhere", "fixed", None))):
        assert outcome(book, role="entrusted", funding=lines) is Outcome.REFUSED


def test_f2_a_government_that_asks_for_help_gives_money_and_conditions() -> None:
    asked = {"applicant": "street"}
    book = rules(
        row("F2", "refused", conditions="missing", **asked),
        *(row("F2", "refused", payer_kind=who, **asked) for who in ("none", "other")),
        document={"conditions": {"required": ["equipment"]}},
    )
    given = [{"key": "C1", "what": "equipment", "description": "两台电脑"}]
    filed = {"applicant_kind": OrganisationKind.STREET}
    paid = money(("county", "transfer", None))
    assert outcome(book, funding=paid, conditions=given, **filed) is Outcome.NEEDS_APPROVAL
    assert outcome(book, funding=paid, **filed) is Outcome.REFUSED
    assert outcome(book, conditions=given, **filed) is Outcome.REFUSED


def test_f3_money_that_matches_the_task_is_named_in_full() -> None:
    book = rules(*(row("F3", "refused", funding=word) for word in ("none", "short")))
    named = money(("asking", "transfer", None))
    assert outcome(book, funding=named) is Outcome.NEEDS_APPROVAL
    assert outcome(book, funding=[{**named[0], "amount_fen": 0}]) is Outcome.REFUSED


def test_f4_what_the_money_is_for_follows_from_how_long_the_work_lasts() -> None:
    needs = [
        {"durations": ["long_term"], "needs": [["office", "purchase"], ["personnel"]]},
        {"durations": ["temporary"], "needs": [["activity", "remuneration"]]},
    ]
    book = rules(row("F4", "refused", purposes="missing"), document={"purpose": needs})
    long = money(("asking", "transfer", "office"), ("asking", "transfer", "personnel"))
    short = money(("asking", "per_case", "remuneration"))
    assert outcome(book, duration="long_term", funding=long) is Outcome.NEEDS_APPROVAL
    assert outcome(book, duration="long_term", funding=long[:1]) is Outcome.REFUSED
    assert outcome(book, duration="temporary", funding=short) is Outcome.NEEDS_APPROVAL
    assert outcome(book, duration="temporary", funding=long) is Outcome.REFUSED
    assert outcome(book, duration="phase", funding=long) is Outcome.NEEDS_APPROVAL


def test_f5_what_the_parties_negotiate_needs_the_communitys_agreement() -> None:
    book = rules(row("F5", "refused", funding_mode="negotiated", origin="department"))
    lines = money(("asking", "negotiated", None))
    agreed = [{"by": "community", "given_on": "2026-02-27"}]
    assert outcome(book, funding=lines, consents=agreed) is Outcome.NEEDS_APPROVAL
    assert outcome(book, funding=lines) is Outcome.REFUSED


def test_f6_the_payer_that_a_statute_fixes_pays_and_nobody_else() -> None:
    fixed = a_list("L", "assist", {"id": "L-1", "title": "演示矫正协助", "payer": "finance"})
    book = rules(row("F6", "refused", statutory_payer="unmet"), lists=[fixed])
    by_budget, by_other = (money((who, "transfer", None)) for who in ("finance", "elsewhere"))
    assert outcome(book, title="演示矫正协助", funding=by_budget) is Outcome.NEEDS_APPROVAL
    assert outcome(book, title="演示矫正协助", funding=by_other) is Outcome.REFUSED
    assert outcome(book, title="楼道灯具编号", funding=by_other) is Outcome.NEEDS_APPROVAL


def test_f7_expert_work_is_bought_from_a_provider() -> None:
    book = rules(
        row("F7", "purchase", technical="yes"),
        *(row("F7-MODE", "refused", technical="yes", funding_mode=mode)
          for mode in ("transfer", "several")),
    )  # fmt: skip
    bought = money(("asking", "purchase", None))
    handed = money(("asking", "transfer", None))
    assert outcome(book, technical=True, funding=bought) is Outcome.PURCHASE
    assert outcome(book, technical=True, funding=handed) is Outcome.REFUSED
    assert outcome(book, funding=handed) is Outcome.NEEDS_APPROVAL


def test_f8_paid_work_starts_with_a_signed_agreement() -> None:
    book = rules(
        row("F8", "refused", purposes="missing"),
        row("F8-SIGN", "refused", gate="start", agreement="unsigned"),
        document={"purpose": [{"needs": [["remuneration"]]}], "agreement": {"required": True}},
    )
    paid = money(("asking", "fixed", "remuneration"))
    signed, unsigned = {"agreement": "signed"}, {"agreement": "unsigned"}
    assert outcome(book, funding=paid) is Outcome.NEEDS_APPROVAL
    assert outcome(book, funding=money(("asking", "fixed", "office"))) is Outcome.REFUSED
    assert outcome(book, Gate.START, funding=paid, state=unsigned) is Outcome.REFUSED
    assert outcome(book, Gate.START, funding=paid, state=signed) is Outcome.ALLOWED


def test_f9_self_government_brings_no_money_of_its_own() -> None:
    own = {"role": "self_governance"}
    book = rules(*(row("F9", "human_review", funding=word, **own) for word in ("pledged", "short")))
    brought = money(("asking", "transfer", None))
    assert outcome(book, role="self_governance") is Outcome.NEEDS_APPROVAL
    assert outcome(book, role="self_governance", funding=brought) is Outcome.HUMAN_REVIEW


def test_f10_a_reserve_pays_for_what_is_new_short_and_urgent_only() -> None:
    book = rules(
        *(row("F10", "refused", duration=d, payer_kind="finance") for d in ("long_term", "phase"))
    )
    reserve = money(("finance", "transfer", None))
    assert outcome(book, duration="temporary", funding=reserve) is Outcome.NEEDS_APPROVAL
    assert outcome(book, duration="emergency", funding=reserve) is Outcome.NEEDS_APPROVAL
    assert outcome(book, duration="long_term", funding=reserve) is Outcome.REFUSED
