"""新旧法衔接 one filing on both sides of the new laws: which article answers, what would mend it."""

from datetime import date
from typing import Any

import pytest

from registry.domain.vocabulary import Level, OrganisationKind, Outcome
from registry.policies.judge import Judgement
from registry.policies.overlay import Governing
from tests.policies.rulebooks import DEMO, NATION, PAID, book, judged, loaded, matter

BEFORE, AFTER = date(2025, 12, 20), date(2026, 1, 5)
CITY, VILLAGE = ["residents_committee"], ["village_committee"]
UNPAID: dict[str, Any] = {"bases": [{"level": "policy", "title": "演示文件"}], "role": "assist"}
OLD_VILLAGE, NEW_VILLAGE = (
    "村民委员会组织法（2018修正） 第37条",
    "村民委员会组织法（2025修订） 第43条",
)


def _asked(on: date, receivers: list[str], own: str = DEMO) -> Judgement:
    return judged(book(own), on, receivers=receivers, **UNPAID)


def _cited(verdict: Judgement) -> dict[str, str]:
    """Clause → remedy of what decided."""
    return {h.clause: h.remedy for h in verdict.rules if h.rule in verdict.deciding}


def test_the_demo_county_was_there_before_and_has_no_word_on_who_pays_at_filing() -> None:
    pack = loaded()[DEMO]
    assert pack.in_force(BEFORE) and pack.in_force(AFTER)
    file_rules = {r.rule for r in pack.rows if r.facts[0] == "file"}
    assert [r.id for r in pack.document.rule if r.ground == "R14" and r.id in file_rules] == []


def test_before_the_new_law_a_committees_help_needs_the_districts_or_the_streets_consent() -> None:
    verdict = _asked(BEFORE, CITY)
    assert verdict.outcome is Outcome.NEEDS_APPROVAL
    remedy = _cited(verdict)["城市居民委员会组织法（2018修正） 第20条"]
    assert "区政府" in remedy and "街道" in remedy and "同意" in remedy


def test_from_the_new_law_on_it_is_refused_until_the_entrusting_department_pays() -> None:
    verdict = _asked(AFTER, CITY)
    assert (verdict.outcome, verdict.absolute) == (Outcome.REFUSED, False)
    cited = _cited(verdict)
    assert list(cited) == ["城市居民委员会组织法（2025修订） 第43条"]
    assert "委托部门为付款单位" in cited["城市居民委员会组织法（2025修订） 第43条"]


def test_the_consent_of_the_old_law_is_asked_to_its_last_day_and_not_after() -> None:
    last, first = date(2025, 12, 31), date(2026, 1, 1)
    assert "CN-ART20-CONSENT" in _asked(last, CITY).deciding
    assert [h.rule for h in _asked(first, CITY).rules if h.rule == "CN-ART20-CONSENT"] == []


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_a_villagers_committee_is_refused_on_both_days_by_the_new_article(on: date) -> None:
    verdict = _asked(on, VILLAGE)
    assert verdict.outcome is Outcome.REFUSED
    assert list(_cited(verdict)) == [NEW_VILLAGE]


@pytest.mark.parametrize(
    ("on", "clause"), [(date(2025, 10, 27), OLD_VILLAGE), (date(2025, 10, 28), NEW_VILLAGE)]
)
def test_the_villages_article_follows_the_date_the_pack_holds_and_says_to_be_confirmed(
    on: date, clause: str
) -> None:
    verdict = _asked(on, VILLAGE)
    assert verdict.outcome is Outcome.REFUSED
    decided = [h for h in verdict.rules if h.rule in verdict.deciding]
    assert [h.clause for h in decided] == [clause]
    assert all("待核对" in h.to_be_confirmed for h in decided)


def test_both_committees_asked_at_once_are_each_answered_by_their_own_law() -> None:
    verdict = _asked(BEFORE, [*CITY, *VILLAGE])
    assert verdict.outcome is Outcome.REFUSED
    told = {h.rule: h.receivers for h in verdict.rules}
    assert told["CN-R14-VC-2025"] == VILLAGE and told["CN-ART20-CONSENT"] == CITY


@pytest.mark.parametrize("by", ["government", "street"])
def test_with_the_consent_given_the_old_law_asks_nothing_more(by: str) -> None:
    consents = [{"by": by, "given_on": "2025-12-18"}]
    verdict = judged(book(NATION), BEFORE, receivers=CITY, consents=consents, **UNPAID)
    assert "CN-ART20-CONSENT" not in [h.rule for h in verdict.rules]


def test_a_street_needs_no_consent_of_its_own() -> None:
    verdict = judged(
        book(NATION), BEFORE, receivers=CITY, applicant_kind=OrganisationKind.STREET,
        applicant_level=Level.STREET, **UNPAID,
    )  # fmt: skip
    assert "CN-ART20-CONSENT" not in [h.rule for h in verdict.rules]


@pytest.mark.parametrize("receivers", [CITY, VILLAGE])
def test_without_a_local_pack_a_lawful_paid_matter_off_the_list_goes_to_a_person(
    receivers: list[str],
) -> None:
    verdict = judged(book(NATION), AFTER, receivers=receivers, **PAID)
    assert verdict.outcome is Outcome.HUMAN_REVIEW
    assert verdict.deciding == ["default.none"]
    assert (verdict.refusal_right, verdict.department_in_breach) == (None, None)


def test_the_days_are_the_applications_and_not_the_decisions() -> None:
    """A matter filed in 2025 and decided in 2026 stays under the law of its filing."""
    filed = matter(BEFORE, receivers=CITY, **UNPAID)
    dates = Governing(applied=BEFORE, decided=AFTER, entered=AFTER)
    assert book(DEMO).judge(filed, dates).outcome is Outcome.NEEDS_APPROVAL
