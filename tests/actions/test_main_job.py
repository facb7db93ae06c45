"""主线: file → decide → approve → agree → fund → start, on both engines."""

import pytest

from registry.actions.office import Office
from registry.clock import Source
from registry.domain.admission import Verdict
from registry.domain.errors import Refusal
from registry.domain.presence import PresenceState
from registry.domain.request import State
from registry.domain.vocabulary import Outcome
from registry.store.reader import Page
from tests.actions import case
from tests.conftest import Hand


def test_an_off_list_task_is_filed_approved_agreed_funded_and_started(hand):
    request = case.submitted(hand, case.drafted(hand))
    assert request.state is State.SUBMITTED
    assert request.outcome is Outcome.NEEDS_APPROVAL
    request = case.approved(hand, case.examined(hand, case.accepted(hand, request)))
    assert request.state is State.APPROVED
    presence = case.agreed(hand, request)
    assert presence.state is PresenceState.AGREED
    case.funded(hand, presence, 300000)
    assert case.started(hand, case.presence_of(hand, request)).state is PresenceState.ACTIVE


def test_start_is_refused_naming_the_missing_sum(hand):
    request = case.admitted(hand)
    presence = case.agreed(hand, request)
    case.funded(hand, presence, 100000)
    with pytest.raises(Refusal) as refused:
        case.started(hand, case.presence_of(hand, request))
    assert refused.value.code == "gate.refused"
    assert refused.value.facts["missing_fen"] == 200000


def test_a_refused_start_leaves_its_verdict_and_reason_for_the_auditor(one_office, one_hand):
    request = case.admitted(one_hand)
    presence = case.agreed(one_hand, request)
    with pytest.raises(Refusal) as refused:
        case.started(one_hand, presence)
    verdict = one_office.store.reader.get(Verdict, "990102", refused.value.facts["verdict_id"])
    assert verdict is not None
    assert verdict.measured["missing_fen"] == 300000
    head = one_office.store.reader.head("990102")
    event = one_office.store.reader.events(["990102"], {"seq": head}, Page())[0]
    assert (event.outcome, event.code) == ("refused", "gate.refused")
    assert "missing_fen" in event.entry


def test_the_whole_job_runs_the_same_on_the_stock_decider(one_office):
    office = Office(one_office.store, one_office.clock, Source(3), decider="stock")
    request = case.admitted(lambda username: Hand(office, username))
    assert request.state is State.APPROVED
