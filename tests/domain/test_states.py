"""状态: the full product of states and acts, by hand; the database knows the same words."""

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint

from registry.domain import (
    accounts,
    afterwards,
    agreement,
    approval,
    areas,
    audit,
    auditing,
    bank,
    budget,
    certifying,
    closing,
    conference,
    delegation,
    document,
    edition,
    evaluating,
    existing,
    funds,
    living,
    movement,
    notice,
    outcome,
    pack,
    paying,
    purchase,
    redress,
    sealing,
    spending,
    succession,
    vouching,
    walls,
)
from registry.domain.approval import Ballot, Quorum, outcome_of
from registry.domain.presence import MOVE_ZH as PRESENCE_MOVE_ZH
from registry.domain.presence import MOVES as PRESENCE_MOVES
from registry.domain.presence import PresenceState
from registry.domain.request import MOVE_ZH as REQUEST_MOVE_ZH
from registry.domain.request import MOVES as REQUEST_MOVES
from registry.domain.request import State
from registry.domain.vocabulary import (
    Custody,
    Disclosure,
    Kind,
    Outcome,
    Polarity,
    Receiver,
    Trigger,
)
from registry.store import tables

SHORT = {
    "dr": "draft",
    "su": "submitted",
    "ac": "accepted",
    "na": "not_accepted",
    "re": "returned",
    "in": "in_review",
    "ap": "approved",
    "rj": "rejected",
    "wi": "withdrawn",
    "te": "terminated",
    "rv": "revoked",
    "cl": "closed",
}
REQUEST = """
act        dr  su  ac  na  re  in  ap  rj  wi  te  rv  cl
edit       dr  -   -   -   re  -   -   -   -   -   -   -
submit     su  -   -   -   su  -   -   -   -   -   -   -
accept     -   ac  -   -   -   -   -   -   -   -   -   -
not-accept -   na  na  -   -   na  -   -   -   -   -   -
return     -   re  re  -   -   re  -   -   -   -   -   -
opine      -   -   in  -   -   in  -   -   -   -   -   -
ask        -   -   ac  -   -   in  -   -   -   -   -   -
send-back  -   -   ac  -   -   in  -   -   -   -   -   -
take-back  -   -   ac  -   -   in  -   -   -   -   -   -
approve    -   -   ap  -   -   ap  -   -   -   -   -   -
reject     -   -   rj  -   -   rj  -   -   -   -   -   -
withdraw   wi  wi  wi  -   wi  wi  -   -   -   -   -   -
terminate  -   te  te  -   te  te  -   -   -   -   -   -
revoke     -   -   -   -   -   -   rv  -   -   -   -   -
reflow     -   su  ac  -   -   in  -   -   -   -   -   -
take-effect -  -   cl  cl  -   cl  -   cl  -   -   -   -
replace    -   -   -   ap  -   -   ap  ap  -   -   ap  -
annul      -   -   -   su  -   -   -   in  -   -   ap  -
settle     -   cl  -   -   -   -   -   -   -   -   -   -
unsettle   -   -   -   -   -   -   -   -   -   -   -   su
reinstate  -   -   -   -   -   -   -   -   -   -   -   ap
close      -   -   -   cl  -   -   cl  cl  cl  cl  cl  -
"""
PRESENCE = """
act      planned agreed  active    suspended completed exited expired refused legacy
sign     agreed  -       -         -         -         -      -       -       -
lapse    -       planned -         -         -         -      -       -       -
start    active  active  -         -         -         -      -       -       -
suspend  -       -       suspended -         -         -      -       -       -
resume   -       -       -         active    -         -      -       -       -
complete -       -       completed completed -         -      -       -       -
renew    -       -       active    -         -         -      active  -       -
reopen   -       -       -         -         -         -      planned -       -
exit     exited  exited  exited    exited    -         -      -       -       exited
expire   expired expired expired   expired   -         -      -       -       -
refuse   refused refused -         -         -         -      -       -       -
take-up  -       -       -         -         -         -      -       planned -
"""


def _written(page: str) -> dict[tuple[str, str], str]:
    head, *lines = [
        [SHORT.get(word, word) for word in line.split()] for line in page.strip().splitlines()
    ]
    return {
        (line[0], state): after
        for line in lines
        for state, after in zip(head[1:], line[1:], strict=True)
    }


def _told(moves: Mapping[str, Mapping[StrEnum, StrEnum]], state: StrEnum, act: str) -> str:
    after = moves[act].get(state)
    return after.value if after else "-"


REQUEST_ROWS, PRESENCE_ROWS = _written(REQUEST), _written(PRESENCE)


def test_the_pages_name_every_state_and_every_act_and_no_other() -> None:
    for rows, moves, states in (
        (REQUEST_ROWS, REQUEST_MOVES, State), (PRESENCE_ROWS, PRESENCE_MOVES, PresenceState),
    ):  # fmt: skip
        assert set(rows) == set(product(moves, (s.value for s in states)))


@pytest.mark.parametrize(("act", "state"), REQUEST_ROWS, ids=str)
def test_a_request_moves_only_as_written(act: str, state: str) -> None:
    assert _told(REQUEST_MOVES, State(state), act) == REQUEST_ROWS[act, state]


@pytest.mark.parametrize(("act", "state"), PRESENCE_ROWS, ids=str)
def test_a_presence_moves_only_as_written(act: str, state: str) -> None:
    assert _told(PRESENCE_MOVES, PresenceState(state), act) == PRESENCE_ROWS[act, state]


BY_REVIEW = ("unsettle", "reinstate")
"""What a review that opens a part, or a change, does to what was archived with it."""


def test_every_act_that_a_state_may_refuse_has_its_chinese_word() -> None:
    assert not REQUEST_MOVES.keys() - REQUEST_MOVE_ZH.keys()
    assert not PRESENCE_MOVES.keys() - PRESENCE_MOVE_ZH.keys()


@given(st.lists(st.sampled_from(sorted(REQUEST_MOVES)), max_size=30))
def test_no_chain_of_acts_leads_out_of_the_states_or_back_from_the_archive(acts: list[str]) -> None:
    state = State.DRAFT
    for act in acts:
        after = REQUEST_MOVES[act].get(state)
        if after is not None:
            assert state is not State.CLOSED or act in BY_REVIEW
            state = after
    assert state in State


def test_every_state_of_a_request_can_be_reached() -> None:
    reached, fresh = {State.DRAFT}, {State.DRAFT}
    while fresh:
        fresh = {m[s] for m in REQUEST_MOVES.values() for s in fresh if s in m} - reached
        reached |= fresh
    assert reached == set(State)


def test_nothing_is_decided_that_was_not_accepted() -> None:
    for act in ("approve", "reject"):
        assert State.SUBMITTED not in REQUEST_MOVES[act]
        assert State.RETURNED not in REQUEST_MOVES[act]


# ---- the database's words ----------------------------------------------------------------------

WORDS: dict[str, type[StrEnum]] = {
    "ck_request_state": State, "ck_request_kind": Kind, "ck_request_outcome": Outcome,
    "ck_request_disclosure": Disclosure, "ck_verdict_outcome": Outcome,
    "ck_step_state": approval.StepState, "ck_task_state": approval.TaskState,
    "ck_opinion_ballot": approval.Ballot, "ck_decision_kind": approval.DecisionKind,
    "ck_agreement_state": agreement.AgreementState, "ck_signature_side": agreement.Side,
    "ck_presence_state": PresenceState, "ck_presence_kind": Kind,
    "ck_presence_receiver": Receiver, "ck_voucher_stage": accounts.VoucherStage,
    "ck_voucher_state": funds.VoucherState, "ck_voucher_line_stage": accounts.VoucherStage,
    "ck_voucher_line_debit": accounts.Account, "ck_voucher_line_credit": accounts.Account,
    "ck_budget_code_kind": budget.CodeKind, "ck_custody_term_custody": Custody,
    "ck_expenditure_stage": accounts.VoucherStage,
    "ck_expenditure_state": spending.SpendingState, "ck_claim_state": spending.ClaimState,
    "ck_purchase_method": purchase.PurchaseMethod,
    "ck_expenditure_means": spending.PayMeans, "ck_bank_batch_source": bank.LineSource,
    "ck_bank_line_source": bank.LineSource, "ck_bank_line_state": bank.LineState,
    "ck_bank_line_direction": bank.Direction,
    "ck_line_part_source": bank.LineSource, "ck_line_part_direction": bank.Direction,
    "ck_other_income_direction": bank.Direction,
    "ck_other_income_source": bank.IncomeSource, "ck_payment_state": paying.PaymentState,
    "ck_clearance_state": closing.ClearanceState, "ck_year_closing_state": closing.YearState,
    "ck_opening_balance_state": closing.OpeningState,
    "ck_document_type": document.DocumentType, "ck_area_level": areas.AreaLevel,
    "ck_area_kind": areas.AreaKind, "ck_matter_list_polarity": Polarity,
    "ck_pack_state": pack.PackState, "ck_event_outcome": audit.EventOutcome,
    "ck_list_edition_state": edition.EditionState,
    "ck_pack_run_kind": pack.RunKind, "ck_pack_run_state": pack.RunState,
    "ck_reevaluation_outcome": Outcome,
    "ck_conference_state": conference.ConferenceState,
    "ck_conference_vote_ballot": approval.Ballot,
    "ck_delegation_kind": delegation.DelegationKind,
    "ck_handover_reason": succession.Leaving,
    "ck_movement_kind": movement.MovementKind, "ck_notice_kind": notice.NoticeKind,
    "ck_reorganisation_kind": succession.ChangeKind,
    "ck_review_result": afterwards.ReviewResult, "ck_review_state": afterwards.ReviewState,
    "ck_revocation_money_effect": afterwards.MoneyEffect,
    "ck_revocation_state": afterwards.RevocationState,
    "ck_street_outcome_outcome": outcome.AreaOutcome,
    "ck_acceptance_state": living.AcceptanceState,
    "ck_acceptance_result": living.AcceptanceResult,
    "ck_departure_trigger": Trigger,
    "ck_departure_state": living.DepartureState,
    "ck_stocktake_sheet": existing.Sheet,
    "ck_legacy_review_kind": Kind,
    "ck_legacy_review_standing": existing.Standing,
    "ck_legacy_review_settlement": existing.Settlement,
    "ck_signing_key_state": vouching.KeyState,
    "ck_board_form": walls.Form,
    "ck_board_profile": walls.Profile, "ck_bureau_profile": walls.Profile,
    "ck_board_origin": walls.Origin,
    "ck_board_state": walls.WallState,
    "ck_bureau_origin": walls.Origin,
    "ck_bureau_state": walls.WallState,
    "ck_cleanup_order_state": walls.OrderState,
    "ck_attestation_side": walls.WitnessSide,
    "ck_certificate_demand_demander": certifying.Demander,
    "ck_certificate_demand_answer": certifying.Certifying,
    "ck_amendment_proposal_state": certifying.ProposalState,
    "ck_objection_state": redress.ObjectionState,
    "ck_complaint_state": redress.ComplaintState,
    "ck_satisfaction_rated": evaluating.Rated,
    "ck_satisfaction_rater": evaluating.Rater,
    "ck_code_round_rated": evaluating.Rated,
    "ck_yearly_review_proposal": evaluating.Proposal,
    "ck_yearly_review_decided": evaluating.Proposal,
    "ck_resident_report_state": evaluating.ReportState,
    "ck_audit_project_kind": auditing.ProjectKind,
    "ck_audit_project_state": auditing.ProjectState,
    "ck_finding_step_stage": auditing.FindingStage,
    "ck_issued_document_state": auditing.IssuedState,
    "ck_reading_kind": auditing.ReadKind,
    "ck_log_peer_kind": sealing.PeerKind,
}  # fmt: skip


def _checks() -> dict[str, set[str]]:
    found = {}
    for table in tables.metadata.tables.values():
        for constraint in table.constraints:
            text = str(getattr(constraint, "sqltext", ""))
            if isinstance(constraint, CheckConstraint) and " IN ('" in text:
                found[str(constraint.name)] = set(re.findall(r"'([^']*)'", text))
    return found


def test_every_check_on_words_is_compared_here() -> None:
    assert set(_checks()) == set(WORDS)


@pytest.mark.parametrize("name", WORDS)
def test_the_database_names_the_same_words_as_the_program(name: str) -> None:
    assert _checks()[name] == {word.value for word in WORDS[name]}


# ---- how a step ends ---------------------------------------------------------------------------

A, D, C = Ballot.AGREE, Ballot.DISAGREE, Ballot.COMMENT


@pytest.mark.parametrize(
    ("ballots", "result"),
    [
        ([None], None), ([A], A), ([D], D), ([C], C),
        ([None, None], None), ([A, None], A), ([D, None], None), ([D, A], A), ([D, D], D),
    ],
)  # fmt: skip
def test_under_any_the_first_agreement_carries(
    ballots: list[Ballot | None], result: Ballot | None
) -> None:
    assert outcome_of(Quorum.ANY, ballots) == result


@pytest.mark.parametrize(
    ("ballots", "result"),
    [
        ([None], None), ([A], A), ([D], D), ([A, None], None), ([D, None], D), ([A, D], D),
        ([A, A], A), ([A, C], A), ([D, D], D),
    ],
)  # fmt: skip
def test_under_all_one_disagreement_refuses_and_everyones_agreement_carries(
    ballots: list[Ballot | None], result: Ballot | None
) -> None:
    assert outcome_of(Quorum.ALL, ballots) == result
