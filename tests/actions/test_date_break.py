"""新旧法衔接 by acts: the office's clock stands on a day before and a day after the new laws."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import judging
from registry.actions.judging import PrecheckCommand
from registry.actions.office import Call, Office
from registry.domain.admission import Verdict
from registry.domain.errors import Refusal
from registry.domain.request import Request, State
from registry.domain.vocabulary import Outcome
from tests.actions import case
from tests.actions.case import Hands
from tests.conftest import Hand, MovingClock

BEFORE = datetime(2025, 12, 20, 4, 0, tzinfo=UTC)
AFTER = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
VILLAGE: dict[str, Any] = {"receivers": ["village_committee"], "targets": ["990102100200"]}


def _unpaid(hand: Hands, **fields: Any) -> Request:
    return case.drafted(hand, funding=[], **fields)


def _kept(hand: Hands, verdict_id: str) -> Verdict:
    person = hand("street.head")
    found = person.office.store.reader.get(Verdict, person.county, verdict_id)
    assert found is not None
    return found


def test_filed_before_the_new_law_it_is_put_up_for_approval_citing_the_old_article(
    hand: Hands, clock: MovingClock
) -> None:
    clock.at = BEFORE
    request = case.submitted(hand, _unpaid(hand))
    assert (request.state, request.outcome) == (State.SUBMITTED, Outcome.NEEDS_APPROVAL)
    verdict = _kept(hand, request.verdict_id or "")
    told = {h.clause: h.remedy for h in verdict.rules if h.rule in verdict.deciding}
    assert "街道" in told["城市居民委员会组织法（2018修正） 第20条"]
    assert verdict.governing["applied"] == date(2025, 12, 20)


def test_filed_after_it_is_refused_citing_the_new_article_and_stays_a_draft(
    hand: Hands, clock: MovingClock
) -> None:
    clock.at = AFTER
    request = _unpaid(hand)
    with pytest.raises(Refusal) as refused:
        case.submitted(hand, request)
    assert refused.value.code == "request.refused"
    rules = {r["rule"]: r for r in refused.value.rules}
    assert rules["CN-R14-RC-2026"]["clause"] == "城市居民委员会组织法（2025修订） 第43条"
    assert "委托部门为付款单位" in rules["CN-R14-RC-2026"]["remedy"]
    person = hand("dept.head")
    kept = person.office.store.reader.get(Request, person.county, request.id)
    assert kept is not None and (kept.state, kept.outcome) == (State.DRAFT, Outcome.REFUSED)
    assert _kept(hand, refused.value.facts["verdict_id"]).attempt == 1


@pytest.mark.parametrize("at", [BEFORE, AFTER], ids=["before", "after"])
def test_a_village_is_refused_on_both_days_by_the_article_the_pack_holds(
    hand: Hands, clock: MovingClock, at: datetime
) -> None:
    clock.at = at
    with pytest.raises(Refusal) as refused:
        case.submitted(hand, _unpaid(hand, **VILLAGE))
    rules = {r["rule"]: r for r in refused.value.rules}
    assert rules["CN-R14-VC-2025"]["clause"] == "村民委员会组织法（2025修订） 第43条"
    assert "待核对" in rules["CN-R14-VC-2025"]["to_be_confirmed"]


# ---- a county without a pack of its own ----------------------------------------------------------


def _asked(office: Office, on: date | None = None, **fields: Any) -> Verdict:
    elsewhere = {"applicants": [{"organisation_id": "o-990103-civil", "leading": True}]}
    paying = [{**case.OFF_LIST["funding"][0], "payer_id": "o-990103-civil"}]
    filing = case.filing_of(
        **{"targets": ["990103"], "funding": paying, **elsewhere, **fields}
    )  # fmt: skip
    actor = Hand(office, "other.office", "990103").actor
    call = Call(actor=actor, county="990103", act="precheck.ask")
    command = PrecheckCommand(filing=filing, on=on)
    verdict: Verdict = office.ask(call, lambda d: judging.precheck_answer(d, command)).body
    return verdict


def test_where_no_local_pack_stands_a_lawful_paid_matter_goes_to_a_person(office: Office) -> None:
    verdict = _asked(office)
    assert (verdict.outcome, verdict.deciding) == (Outcome.HUMAN_REVIEW, ["default.none"])
    assert [p.split("@")[0] for p in verdict.packs] == ["cn-base"]


def test_a_precheck_may_ask_about_another_day_and_records_nothing(office: Office) -> None:
    head = office.store.reader.head("990103")
    unpaid: dict[str, Any] = {"funding": []}
    before = _asked(office, BEFORE.date(), **unpaid)
    after = _asked(office, AFTER.date(), **unpaid)
    assert before.outcome is Outcome.NEEDS_APPROVAL
    assert before.deciding == ["CN-ART20-CONSENT"]
    assert after.outcome is Outcome.REFUSED
    assert after.deciding == ["CN-R14-RC-2026"]
    assert office.store.reader.head("990103") == head


def test_a_county_is_not_judged_by_its_neighbours_pack(office: Office) -> None:
    assert not any(h.pack == "demo-county" for h in _asked(office).rules)
