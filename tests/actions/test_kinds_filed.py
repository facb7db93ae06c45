"""类别: what a kind states is judged alike by a precheck and a submission, and kept with numbers."""

from typing import Any

import pytest

from registry.domain.admission import Verdict
from registry.domain.errors import Refusal
from registry.domain.vocabulary import Outcome
from tests.actions.case import Hands, drafted, filing_of, submitted
from tests.actions.measuring import asked

APP: dict[str, Any] = {"kind": "app", "title": "节水小程序", "standard": "自愿使用"}
WEIGHTY = {"hours_per_cycle": 60, "cycle": "month"}


def _app(**fields: Any) -> dict[str, Any]:
    return {**APP, "app": {"platform": "mini_program", **fields}}


def test_an_app_without_its_number_is_refused_at_precheck_and_at_submission(
    hand: Hands,
) -> None:
    assert asked(hand, **_app()).deciding == ["DM-APP-UNFILED"]
    with pytest.raises(Refusal) as refused:
        submitted(hand, drafted(hand, **_app()))
    assert refused.value.rules[0]["rule"] == "DM-APP-UNFILED"


def test_an_app_on_file_that_compels_nobody_is_filed(hand: Hands) -> None:
    request = submitted(hand, drafted(hand, **_app(registration_number="示备〔2026〕1号")))
    verdict = _kept(hand, request.id)
    assert verdict.outcome is Outcome.NEEDS_APPROVAL
    assert verdict.facts[0]["registration"] == "filed"
    assert "compulsion" not in verdict.facts[0], "what says nothing is left out"


def test_the_row_that_names_the_mode_stands_on_the_kept_verdict(hand: Hands) -> None:
    told_first = asked(hand, **WEIGHTY)
    kept = _kept(hand, submitted(hand, drafted(hand, **WEIGHTY)).id)
    assert told_first.measured["mode"] == kept.measured["mode"]
    told = kept.measured["mode"]
    assert (told["mode"], told["table"], told["hours_a_month"]) == ("purchase", "modes.csv", 60)
    assert kept.facts[0]["mode_fit"] == "differs"


def test_a_payer_on_record_is_told_by_kind(hand: Hands) -> None:
    lines = filing_of().funding
    assert lines[0].payer_id == "o-990102-civil"
    facts = asked(hand).facts[0]
    assert (facts["payer_kind"], facts["funding_mode"]) == ("entrusting", "transfer")


def _kept(hand: Hands, request_id: str) -> Verdict:
    person = hand("dept.clerk")
    found = person.office.store.reader.find(Verdict, person.county, request_id=request_id)
    return next(one for one in found if one.gate == "file")
