"""不予办理: every code the program declares is raised by a test; this page says by which.

The codes of the HTTP door alone (registry/api) are tried in tests/api; here it is only checked that
some page there names each of them.
"""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import registry
from registry.domain.errors import catalogue

TESTS = Path(__file__).parents[1]
ROOM = Path(registry.__file__).parent
RAISED_BY: dict[str, dict[str, str]] = {
    "web/test_acting.py": {
        "form.fields": "test_a_form_of_too_many_fields_is_refused",
        "form_draft.too_many": "test_so_many_forms_are_put_aside_and_no_more",
    },
    "web/test_county.py": {
        "place.named": "test_the_load_of_a_place_is_asked_for_by_its_name_or_its_code",
    },
    "web/test_sessions.py": {
        "form.foreign": "test_a_form_without_the_token_of_its_session_is_refused",
    },
    "api/test_query.py": {
        "query.area": "test_an_area_is_asked_for_by_id_or_code_with_all_below",
        "query.cursor": "test_a_cursor_fits_the_list_it_was_given_for_and_no_other",
        "query.groups": "test_a_sum_of_a_part_of_the_groups_is_told_by_nobody",
        "query.holder": "test_what_fell_to_somebody_in_their_term_of_office",
        "query.span": "test_what_changed_between_two_snapshots_is_told_with_its_fields",
        "query.text": "test_a_word_of_two_characters_finds_titles_and_contents",
        "query.uncounted": "test_groups_come_in_order_of_their_codes_and_never_by_rank",
        "query.unserved": "test_an_order_no_index_gives_is_refused_and_told_what_is_served",
    },
    "actions/test_exporting.py": {
        "export.no_grants": "test_no_file_of_grants_where_there_is_none",
        "export.parquet": "test_without_its_library_there_is_a_sentence_and_no_file",
        "export.resource": "test_a_kind_that_is_none_is_refused",
        "export.snapshot": "test_a_snapshot_that_never_was_is_refused",
    },
    "actions/test_giving.py": {
        "password.closed": "test_a_closed_account_is_given_none_and_nor_is_anybody_beside_it",
        "password.over": "test_a_first_password_that_nobody_changed_is_over_after_its_days",
        "password.own": "test_nobody_gives_themself_a_password",
    },
    "actions/test_exports_kept.py": {
        "export.too_many": "test_one_person_has_so_many_exports_under_way_and_no_more",
    },
    "api/test_exports.py": {
        "export.not_ready": "test_half_an_export_is_never_given_out",
        "sql.no_database": "test_an_auditor_asks_their_own_database_by_sql",
        "sql.refused": "test_an_auditor_asks_their_own_database_by_sql",
    },
    "store/test_plans.py": {
        "query.slow": "test_a_question_that_takes_too_long_is_stopped",
    },
    "api/test_authzen.py": {
        "asking.denial_binding": "test_a_denial_that_was_not_told_binds_nobody",
        "asking.denial_expired": "test_a_denial_of_yesterday_is_too_old",
        "asking.page": "test_a_page_goes_on_with_its_own_question_only",
        "asking.unclear": "test_a_question_about_nothing_of_ours_is_no",
    },
    "actions/test_sealing.py": {
        "key.purpose": "test_a_key_of_the_log_signs_no_notice_and_a_notice_key_no_log",
        "log.key_elsewhere": "test_a_key_that_is_not_here_neither_signs_nor_vouches",
        "log.key_here": "test_a_key_is_followed_by_one_that_it_signed",
        "log.no_checkpoint": "test_an_empty_log_is_not_signed",
        "log.size": "test_there_is_no_proof_of_a_size_that_never_was",
        "log.witnesses": "test_a_checkpoint_is_shown_when_enough_have_cosigned_it",
        "witness.key": "test_only_keys_of_the_right_kind_are_taken",
        "witness.not_cosigned": "test_a_checkpoint_is_carried_to_a_witness_by_hand_and_back",
        "witness.url": "test_only_keys_of_the_right_kind_are_taken",
    },
    "attacks/test_table.py": {
        "log.forked": "test_a_log_that_differs_from_its_checkpoint_is_not_signed_again",
    },
    "api/test_log.py": {
        "log.tile": "test_tiles_are_named_as_the_standard_names_them",
    },
    "actions/test_reconciling.py": {
        "bank.account": "test_a_statement_of_nobody_known_is_refused",
        "bank.account_unsaid": "test_a_statement_of_nobody_known_is_refused",
        "bank.elsewhere": "test_a_line_shows_no_voucher_of_another_account",
        "bank.exceeds": "test_a_person_matches_parts_until_the_amounts_are_equal",
        "bank.money_of": "test_money_of_one_matter_spent_on_another_is_asked_about",
        "bank.open": "test_what_is_settled_is_taken_back_before_it_is_settled_anew",
        "bank.settled": "test_what_is_settled_is_taken_back_before_it_is_settled_anew",
    },
    "actions/test_agents.py": {"voucher.agent": "test_an_agent_is_a_third_body_and_only_pays"},
    "actions/test_clearing_disputed.py": {
        "clearance.disputed":
            "test_what_is_disputed_is_agreed_to_by_nobody_until_it_is_drawn_anew",
        "clearance.not_open": "test_a_clearance_is_disputed_once_and_answered_once",
    },
    "actions/test_matching_sums.py": {
        "bank.line_exceeds":
            "test_a_person_tells_the_parts_and_what_is_left_stands_in_the_report",
        "bank.which": "test_one_voucher_or_several_different_ones_are_named",
    },
    "actions/test_audit_projects.py": {
        "audit.dates": "test_the_days_of_a_project_are_in_order",
        "audit.ended": "test_what_is_closed_is_changed_no_more",
        "audit.member": "test_an_official_is_no_member_of_a_project",
        "audit.number_twice": "test_a_number_opens_one_project",
        "audit.topic": "test_a_letter_names_a_topic_that_there_is",
    },
    "actions/test_audit_findings.py": {
        "finding.asked": "test_of_a_finding_that_names_nobody_it_is_said_who_is_asked",
        "finding.due": "test_nobody_is_asked_by_a_day_that_has_passed",
        "finding.other_project": "test_two_projects_do_not_work_on_one_finding",
        "finding.outside": "test_a_finding_of_no_unit_of_the_project_is_not_taken_up",
        "finding.paper": "test_a_step_shows_no_paper_of_something_else",
        "finding.stage": "test_a_finding_is_judged_on_evidence_only",
    },
    "actions/test_audit_papers.py": {
        "finding.words": "test_an_auditor_writes_no_verdict_before_it_is_judged",
    },
    "actions/test_audit_conduct.py": {
        "issued.which": "test_a_person_says_what_the_numbers_do_not_show",
    },
    "actions/test_audit_samples.py": {
        "sample.filter": "test_a_filter_that_is_none_draws_nothing",
        "sample.resource": "test_only_what_weighs_is_drawn_by_amount",
    },
    "actions/test_purchasing.py": {
        "purchase.award": "test_an_award_has_a_number_of_its_own",
        "purchase.dated": "test_nothing_is_dated_ahead_or_before_its_award",
        "purchase.exceeds": "test_an_award_is_within_its_line_and_its_limit",
        "purchase.line": "test_only_money_that_buys_buys",
        "purchase.told": "test_what_came_of_it_is_told_once",
    },
    "actions/test_formulas.py": {
        "acceptance.stage": "test_a_stage_is_paid_once_it_is_accepted",
        "funding.figures": "test_figures_are_those_of_the_communities_asked",
        "funding.formula": "test_what_is_submitted_comes_to_what_its_formula_gives",
    },
    "actions/test_shelf.py": {
        "statement.gone": "test_what_was_laid_is_taken_by_the_same_person_within_the_hour",
    },
    "actions/test_spending.py": {
        "expenditure.days": "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.ended": "test_when_it_has_ended_only_work_done_by_then_is_paid_for",
        "expenditure.evidence": "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.invoice": "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.lender": "test_an_advance_names_who_paid_it_and_who_owes_it",
        "expenditure.no_second": "test_nobody_seconds_what_needs_no_second",
        "expenditure.person": "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.personal": "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.same_person":
            "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.second":
            "test_a_blocked_use_of_statutory_help_passes_with_a_second_approver",
        "expenditure.signatures":
            "test_what_is_told_must_be_complete_and_signed_by_different_people",
        "expenditure.stage": "test_only_where_money_is_paid_directly_is_a_dispatch_spending",
        "expenditure.untold":
            "test_money_of_which_particulars_are_asked_is_not_spent_on_a_bare_voucher",
    },
    "actions/test_spending_doubts.py": {
        "expenditure.community": "test_what_two_communities_spend_is_not_on_one_voucher",
    },
    "actions/test_claims.py": {
        "claim.changed": "test_what_was_taken_back_is_not_paid",
        "claim.dates": "test_a_period_begins_before_it_ends_and_is_over",
        "claim.empty": "test_an_expenditure_stands_in_one_claim_at_most",
        "claim.holds": "test_what_stands_in_a_claim_is_not_voided",
        "claim.state": "test_nothing_is_paid_before_it_is_reviewed",
        "claim.taken": "test_an_expenditure_stands_in_one_claim_at_most",
    },
    "actions/test_paying.py": {
        "payment.null": "test_what_no_gateway_carries_is_not_asked_after",
        "payment.over": "test_what_is_over_is_neither_asked_after_nor_called_back",
        "payment.taken": "test_what_one_has_taken_up_another_leaves",
        "voucher.paying": "test_what_is_being_paid_nobody_confirms_or_voids_by_hand",
    },
    "actions/test_clearing.py": {
        "clearance.figure":
            "test_where_terms_give_only_the_whole_both_sides_state_a_figure_with_its_paper",
        "clearance.formula": "test_a_figure_that_the_terms_do_not_give_is_refused_with_both",
        "clearance.line": "test_a_figure_that_the_terms_do_not_give_is_refused_with_both",
        "clearance.outdated":
            "test_a_clearance_is_agreed_once_on_books_that_stand_by_the_community_alone",
        "clearance.state":
            "test_a_clearance_is_agreed_once_on_books_that_stand_by_the_community_alone",
        "clearance.unaccepted": "test_acceptances_say_the_quantity_where_nobody_states_another",
        "clearance.under_way": "test_nothing_is_cleared_while_money_is_under_way",
        "departure.money": "test_a_leaving_is_not_settled_by_word_while_its_money_is_open",
    },
    "actions/test_holding.py": {
        "hold.exceeds": "test_no_more_is_explained_than_lies_there",
        "hold.released": "test_only_the_street_says_why_it_holds_what_it_holds",
    },
    "actions/test_resident_reports.py": {
        "report.known": "test_an_order_that_another_body_has_is_not_shown_to_who_may_not_read_it",
        "report.personal": "test_no_number_of_anybody_is_kept",
        "report.state": "test_a_report_is_examined_before_it_is_answered",
        "report.subject": "test_what_the_public_may_not_know_of_is_not_there_for_it",
        "report.unknown": "test_anybody_with_the_number_reads_how_far_it_is_and_no_words",
    },
    "actions/test_yearly_reviews.py": {
        "yearly_review.decided": "test_a_review_is_decided_once",
        "yearly_review.into": "test_merging_names_another_matter_in_force_of_its_kind",
        "yearly_review.opinion": "test_another_decision_than_proposed_gives_its_reason",
        "yearly_review.over": "test_what_has_left_meanwhile_is_not_decided",
        "yearly_review.year": "test_no_year_is_reviewed_before_it_has_begun",
    },
    "actions/test_satisfaction.py": {
        "code.closed": "test_a_code_is_good_within_its_days_alone",
        "code.unknown": "test_a_code_that_was_never_given_is_not_there",
        "code.used": "test_a_code_counts_once",
        "code_round.closed": "test_a_round_that_is_closed_early_takes_no_further_answer",
        "code_round.days": "test_a_code_is_good_within_its_days_alone",
        "satisfaction.counts": "test_more_than_were_asked_did_not_answer",
        "satisfaction.period": "test_no_period_is_rated_ahead_and_no_person_named",
        "satisfaction.personal": "test_no_period_is_rated_ahead_and_no_person_named",
        "satisfaction.rater": "test_each_rates_in_its_own_name_alone",
        "satisfaction.subject": "test_what_is_rated_is_known_and_not_the_body_itself",
    },
    "actions/test_ledger_rightful.py": {
        "voucher.at": "test_what_is_given_back_says_where_it_lies",
        "voucher.by_act": "test_what_comes_from_an_act_of_its_own_is_recorded_by_nobody",
        "voucher.dated": "test_e2_no_voucher_is_dated_before_the_decision_or_after_today",
        "voucher.document": "test_e13_a_pack_may_ask_for_the_original_of_a_voucher",
        "voucher.gone":
            "test_e15_money_that_lies_there_pays_for_what_was_done_and_nothing_is_begun",
        "voucher.year": "test_e2_money_belongs_to_a_year_that_its_line_has",
        "voucher.year_closed": "test_e9_a_closed_year_takes_no_entry_and_no_confirmation",
    },
    "actions/test_ledger_changes.py": {
        "voucher.too_much": "test_e1_no_more_is_granted_than_an_amount_may_be",
        "voucher.grounds": "test_e5_e20_nothing_granted_is_changed_without_paper_and_reason",
        "voucher.reallocate": "test_e20_what_is_given_is_what_is_received",
        "voucher.same_body": "test_e20_the_body_that_asks_for_it_does_not_approve_it",
    },
    "actions/test_ledger_attacks.py": {
        "voucher.out": "test_e2_out_is_said_of_a_reallocation_and_of_nothing_else",
        "voucher.reason": "test_e12_a_reversal_says_why",
        "indicator.returned":
            "test_e5_what_was_not_ordered_of_an_indicator_is_not_given_back_to_it",
    },
    "actions/test_ledger_custody.py": {
        "custody.same": "test_no_change_reaches_back_behind_a_voucher_or_another_change",
        "custody.since": "test_no_change_reaches_back_behind_a_voucher_or_another_change",
        "voucher.custody": "test_from_its_day_on_money_no_longer_stops_at_the_street",
    },
    "actions/test_clearing_walls.py": {
        "attest.older": "test_a_later_word_of_one_side_takes_the_place_of_its_earlier_one",
        "cleanup.elsewhere": "test_an_order_names_what_hangs_in_its_community",
        "cleanup.nothing": "test_what_may_stay_is_not_ordered_down",
        "cleanup.ordered": "test_two_reviewers_do_not_order_one_board_twice",
        "cleanup.over": "test_an_order_that_is_cancelled_lets_stand_what_it_named",
        "cleanup.stands": "test_what_may_stay_is_not_ordered_down",
    },
    "actions/test_postings.py": {
        "posting.day": "test_nothing_is_put_up_tomorrow_or_taken_down_before_it_hung",
        "posting.down": "test_nothing_is_put_up_tomorrow_or_taken_down_before_it_hung",
    },
    "actions/test_walls.py": {
        "wall.community": "test_the_street_tells_for_its_own_communities_and_no_other",
        "wall.future": "test_no_day_ahead_is_taken",
        "wall.gone": "test_what_is_gone_is_neither_corrected_nor_judged",
        "wall.kind": (
            "test_only_a_matter_that_hangs_something_is_hung_and_only_once_it_has_begun"
        ),
        "wall.twice": "test_the_same_board_is_recorded_once_unless_there_are_two",
    },
    "actions/test_acts_between.py": {
        "add.applicant": "test_only_a_body_that_can_answer_and_is_no_party_is_added",
        "add.ended": "test_a_body_that_is_no_more_is_not_added",
        "add.nobody": "test_only_a_body_that_can_answer_and_is_no_party_is_added",
        "add.there": "test_only_a_body_that_can_answer_and_is_no_party_is_added",
        "copy.nobody": "test_a_copy_goes_to_who_can_read_it",
        "copy.unreadable": "test_a_copy_goes_to_who_can_read_it",
        "step.not_earlier": "test_nobody_is_sent_back_to_a_step_that_was_not_done_before",
        "task.acted_on": "test_what_others_acted_on_is_not_taken_back",
        "task.held": "test_who_was_handed_a_task_alone_acts_on_it_until_the_head_takes_it_back",
        "task.no_reason": "test_a_reason_is_given_for_every_move",
        "task.not_own": "test_nobody_takes_back_what_another_said",
        "task.waiting": "test_a_colleague_is_asked_first_and_the_task_waits_for_the_answer",
        "transfer.outside": "test_a_task_goes_to_another_person_of_the_same_body",
        "transfer.self": "test_a_task_goes_to_another_person_of_the_same_body",
        "transfer.tied": "test_a_task_does_not_go_to_who_filed_the_case",
        "transfer.unable": "test_a_task_does_not_go_to_who_may_not_do_it",
        "urge.today": "test_one_person_asks_after_a_case_once_a_day",
    },
    "api/test_at_the_door.py": {
        "door.place": "test_only_the_community_its_street_the_county_and_auditors_read_it",
    },
    "actions/test_complaints.py": {
        "complaint.concerned":
            "test_a_body_that_has_become_concerned_handles_nothing_and_passes_it_on",
        "complaint.found":
            "test_what_was_not_established_is_dismissed_and_nothing_said_to_those_complained_of",
        "complaint.measure": "test_only_measures_that_the_packs_name_are_taken",
        "complaint.no_measure":
            "test_what_was_established_is_met_by_a_measure_or_by_the_reason_why_by_none",
        "complaint.number": "test_without_a_series_of_its_own_a_circular_waits_for_its_number",
        "complaint.state":
            "test_what_was_not_established_is_dismissed_and_nothing_said_to_those_complained_of",
        "complaint.personal": "test_no_number_of_a_resident_is_kept_in_their_complaint",
        "complaint.tells": "test_the_subject_others_read_does_not_name_who_complains",
        "complaint.whose":
            "test_a_residents_complaint_is_entered_without_name_and_a_communitys_for_it",
        "redress.no_body": "test_where_nobody_is_left_it_is_refused_and_says_so",
    },
    "actions/test_declining.py": {
        "declining.admitted":
            "test_what_goes_beyond_an_admission_is_declined_and_the_admission_stays",
        "declining.early":
            "test_without_the_money_the_day_it_begins_the_community_may_refuse_and_take_up_again",
        "declining.ground": "test_a_ground_that_is_not_so_is_not_taken",
        "declining.no_right": "test_statutory_help_is_not_declined_and_the_refusal_says_why",
        "declining.resumed":
            "test_without_the_money_the_day_it_begins_the_community_may_refuse_and_take_up_again",
        "declining.twice": "test_what_is_sent_twice_is_declined_and_objected_to_once",
        "objection.twice": "test_what_is_sent_twice_is_declined_and_objected_to_once",
        "objection.state": "test_an_objection_is_withdrawn_by_the_community_while_nobody_answered",
        "redress.asker": "test_who_asks_is_named_or_described",
        "redress.community":
            "test_the_street_enters_what_a_community_says_by_telephone_and_the_community_is_told",
        "redress.not_aimed": "test_a_request_over_other_places_is_none_of_the_communitys",
        "redress.subject": "test_an_objection_says_what_it_is_about",
    },
    "actions/test_batch.py": {
        "batch.not_listed": (
            "test_listed_matters_are_filed_together_each_with_its_number_and_event"
        ),
    },
    "api/test_ledger_entries.py": {
        "query.entries_after": "test_a_place_that_no_page_gave_is_refused",
    },
    "actions/test_boxes.py": {
        "query.box_after": "test_a_place_that_no_page_gave_is_refused",
    },
    "actions/test_phrases.py": {
        "phrase.act": "test_a_wording_has_words_and_names_an_act_that_there_is",
        "phrase.blank": "test_a_wording_has_words_and_names_an_act_that_there_is",
    },
    "api/test_sign_ins.py": {
        "password.change": "test_a_first_password_is_good_for_nothing_but_changing_it",
        "password.same": "test_the_old_password_must_be_right_and_the_new_another_and_long",
        "password.wrong": "test_the_old_password_must_be_right_and_the_new_another_and_long",
    },
    "actions/test_reviewed_acts.py": {
        "change.outdated": "test_a_change_of_an_edition_that_stands_no_more_does_not_take_effect",
    },
    "actions/test_reflow.py": {
        "reflow.changed": "test_a_plan_that_is_no_longer_true_is_refused",
        "reflow.nothing_left": "test_a_flow_that_leaves_nothing_to_do_is_not_taken",
        "reflow.not_running": "test_what_is_carried_out_is_what_was_seen",
        "reflow.same": "test_a_case_that_runs_so_already_is_not_moved",
    },
    "actions/test_approving.py": {
        "access.forbidden": "test_a_clerk_may_not_decide",
        "access.hidden": "test_a_street_may_not_decide_another_streets",
        "idempotency.reused": "test_a_key_used_for_another_content_is_refused",
        "request.state": "test_nothing_is_decided_before_it_is_accepted",
        "return.second": "test_a_second_return_needs_a_reason",
        "step.not_deciding": "test_an_examining_step_decides_nothing",
        "task.none": "test_after_the_decision_there_is_nothing_left_to_do",
    },
    "actions/test_leaving.py": {
        "departure.boards": "test_what_a_leaving_left_behind_is_settled_one_by_one",
        "departure.posting": "test_what_a_leaving_left_behind_is_settled_one_by_one",
        "departure.settled": "test_what_a_leaving_left_behind_is_settled_one_by_one",
        "exit.nowhere": "test_a_whole_matter_leaves_every_community_in_which_it_is",
        "exit.other": "test_a_request_to_leave_alters_nothing_else",
        "exit.trigger": "test_what_leaves_of_itself_is_not_asked_for",
        "renewal.funding": "test_the_lines_that_a_renewal_adds_stay_within_what_a_filing_may_hold",
        "renewal.other": "test_a_renewal_lengthens_a_term_and_alters_nothing_else",
        "renewal.term": "test_a_renewal_lengthens_a_term_and_alters_nothing_else",
    },
    "actions/test_living.py": {
        "acceptance.given": "test_what_is_not_passed_says_what_is_to_be_mended_and_goes_on",
        "acceptance.opinion": "test_what_is_not_passed_says_what_is_to_be_mended_and_goes_on",
        "presence.over": "test_what_has_run_out_is_neither_begun_nor_resumed",
        "presence.unaccepted": "test_what_is_not_passed_says_what_is_to_be_mended_and_goes_on",
        "suspension.no_ground": "test_what_is_paid_is_not_suspended_by_the_community",
        "suspension.none": "test_nothing_is_resumed_twice",
    },
    "actions/test_changed_late.py": {
        "change.added": "test_what_was_added_is_taken_back_before_its_community_falls_away",
        "change.over": "test_what_would_be_over_already_is_neither_signed_nor_approved_as_a_change",
    },
    "actions/test_changes.py": {
        "change.below_paid": "test_nobody_is_given_less_than_was_paid_already",
        "change.not_admitted": "test_only_what_is_admitted_is_changed",
        "change.other": "test_a_change_keeps_kind_and_applicant",
        "change.running": "test_one_change_at_a_time",
    },
    "actions/test_admission_notices.py": {
        "key.ahead": "test_a_key_is_not_revoked_from_a_later_day",
        "key.state": "test_what_a_retired_key_signed_stays_good",
        "status.county": "test_a_status_needs_a_county_and_its_key",
        "status.unsigned": "test_a_status_needs_a_county_and_its_key",
    },
    "actions/test_after_decision.py": {
        "correction.field": "test_term_money_and_number_are_no_texts",
        "correction.substance": "test_a_word_that_makes_it_another_matter_is_no_slip_of_the_pen",
        "correction.value": "test_the_same_text_or_one_that_may_not_stand_there_is_refused",
        "decision.none": "test_what_is_not_decided_is_supplemented_and_not_corrected",
        "decision.voided": "test_a_number_dies_once_and_by_the_body_that_gave_it",
        "request.pending": "test_nothing_is_archived_or_changed_while_a_revocation_is_under_way",
        "revocation.answered": "test_the_department_answers_once_and_says_something",
        "revocation.none": "test_without_a_hearing_nothing_is_revoked",
        "revocation.unheard": "test_who_lets_the_time_pass_has_been_heard",
        "revocation.words": "test_the_department_answers_once_and_says_something",
    },
    "actions/test_certifying.py": {
        "amendment.department": "test_a_community_a_street_or_the_office_itself_amends_no_rule",
        "amendment.state": "test_a_department_is_told_answers_once_and_only_its_head_does",
        "certificate.handed": "test_a_slip_that_was_handed_over_stays_as_it_says",
        "certificate.item": "test_no_list_item_is_made_up_and_no_month_to_come_is_told",
        "certificate.month": "test_no_list_item_is_made_up_and_no_month_to_come_is_told",
        "certificate.personal": "test_what_looks_like_a_resident_is_not_kept",
        "query.months": "test_each_sees_the_sums_of_their_own_ground_in_the_order_of_codes",
    },
    "actions/test_reviews.py": {
        "review.body": "test_a_body_that_does_not_exist_reviews_nothing",
        "review.kind": "test_what_was_admitted_as_asked_is_not_reviewed",
        "review.late": "test_a_review_is_asked_in_time_and_a_guessed_day_bars_nobody",
        "review.none": "test_where_the_packs_give_no_review_none_is_asked",
        "review.once": "test_a_review_is_asked_once_withdrawn_or_not",
        "review.over": "test_a_review_is_asked_once_withdrawn_or_not",
        "review.result": "test_a_partial_admission_may_be_reviewed_and_widened_but_not_annulled",
    },
    "actions/test_reviewed_again.py": {
        "review.time": "test_nothing_is_archived_while_a_review_of_it_may_still_be_asked_for",
    },
    "actions/test_conference.py": {
        "conference.absent_vote": "test_a_vote_of_somebody_who_did_not_sit_stops_the_meeting",
        "conference.has_votes": "test_who_and_what_was_voted_on_stays_in_the_meeting",
        "conference.member": "test_members_need_an_account_and_a_post_where_they_sit_for",
        "conference.minutes": "test_minutes_are_a_paper_of_this_meeting_and_of_that_type",
        "conference.no_case": "test_a_case_is_on_an_agenda_only_while_it_waits_for_the_conference",
        "conference.no_quorum": "test_without_a_quorum_nothing_is_decided",
        "conference.no_rule": "test_a_pack_without_a_conference_has_none",
        "conference.off_agenda": "test_who_does_not_sit_does_not_vote",
        "conference.on_agenda": "test_a_case_is_on_one_agenda_and_not_decided_beside_it",
        "conference.paper": "test_the_office_enters_a_members_vote_only_with_their_paper_ballot",
        "conference.present": "test_only_members_are_counted_present",
        "conference.stands_aside": "test_who_asks_stands_aside_and_is_not_counted",
        "conference.state": "test_after_the_end_nothing_more_is_voted_changed_or_closed",
        "conference.too_early": "test_nothing_is_voted_or_closed_before_the_day_of_the_meeting",
        "conference.twice": "test_nobody_and_no_case_is_named_twice",
        "conference.voted": "test_a_member_votes_once",
    },
    "actions/test_delegation.py": {
        "absence.dates": "test_an_absence_does_not_end_before_it_begins",
        "absence.ended": "test_who_is_back_is_back_once",
        "absence.overlaps": "test_days_that_are_over_or_recorded_already_are_not_recorded",
        "absence.past": "test_days_that_are_over_or_recorded_already_are_not_recorded",
        "delegation.beyond": "test_what_was_lent_is_not_lent_on",
        "delegation.circle": "test_nothing_comes_back_in_a_circle",
        "delegation.dates":
            "test_a_term_begins_today_at_the_earliest_and_does_not_end_before_it",
        "delegation.ended": "test_an_ended_delegation_works_no_more_and_is_ended_once",
        "delegation.frozen": "test_nothing_is_delegated_to_a_frozen_account",
        "delegation.outside": "test_who_decides_for_a_body_belongs_to_it",
        "delegation.self": "test_nobody_delegates_to_themself",
        "delegation.twice": "test_an_act_is_lent_once_in_one_paper",
    },
    "actions/test_reevaluation.py": {
        "task.reason": "test_a_matter_is_kept_or_ended_with_a_reason",
    },
    "actions/test_simulation_runs.py": {
        "simulation.no_rows": "test_a_run_without_changes_has_no_rows",
        "simulation.running": "test_the_same_bytes_are_not_simulated_twice_at_once",
    },
    "actions/test_handover.py": {
        "handover.item": "test_what_the_person_does_not_hold_is_not_handed_over",
        "handover.left": "test_nothing_is_handed_over_while_something_has_no_receiver",
        "handover.receiver": "test_only_somebody_there_who_may_do_it_receives",
        "handover.tied": "test_a_task_goes_to_nobody_who_is_bound_to_the_case",
    },
    "actions/test_reorganisation.py": {
        "receiver.gone": "test_nothing_is_admitted_for_a_village_committee_that_is_no_more",
        "reorganisation.assignment": "test_a_change_that_makes_no_sense_is_refused",
        "reorganisation.changed": "test_what_was_not_seen_is_not_carried_out",
        "reorganisation.early": "test_nothing_changes_before_the_day",
        "reorganisation.same": "test_a_change_that_makes_no_sense_is_refused",
        "reorganisation.shape": "test_a_change_that_makes_no_sense_is_refused",
        "reorganisation.source": "test_a_change_that_makes_no_sense_is_refused",
        "reorganisation.successor": "test_a_change_that_makes_no_sense_is_refused",
        "organisation.ended": "test_what_is_new_names_no_body_and_no_place_that_is_no_more",
        "reorganisation.unassigned": "test_a_split_names_a_successor_for_everything_or_is_refused",
    },
    "actions/test_instruments.py": {
        "instrument.twice": "test_a_document_number_is_registered_once",
    },
    "actions/test_separation.py": {
        "access.tied": "test_who_filed_does_not_decide_through_another",
    },
    "actions/test_reading.py": {
        "access.elsewhere": "test_another_county_sees_nothing_and_learns_nothing",
        "access.reading": "test_people_are_read_by_the_auditor_and_not_by_departments",
        "query.as_of": "test_a_moment_that_is_none_is_refused",
    },
    "actions/test_blank_forms.py": {
        "form.number": "test_a_number_serves_once_and_only_who_reserved_it",
        "form.numbering": "test_where_no_pack_numbers_them_none_is_reserved",
        "form.used": "test_a_number_serves_once_and_only_who_reserved_it",
    },
    "web/test_papers.py": {
        "form.count": "test_numbers_are_reserved_from_a_page_once_however_often_it_is_sent",
    },
    "actions/test_archive.py": {
        "archive.open": "test_an_open_case_has_no_volume_and_a_stranger_none_at_all",
    },
    "actions/test_other_refusals.py": {
        "agreement.exists": "test_a_request_has_one_agreement",
        "agreement.not_approved": "test_nothing_is_agreed_before_it_is_admitted",
        "agreement.running": "test_the_text_is_not_changed_once_work_has_begun",
        "document.empty": "test_an_empty_file_is_refused",
        "document.foreign": "test_a_scan_of_another_case_is_no_evidence",
        "document.secret": "test_a_mark_of_secrecy_in_name_or_text_stops_the_upload",
        "document.type": "test_a_file_is_taken_by_what_it_is_and_not_by_its_name",
        "document.unconfirmed": "test_an_upload_is_confirmed_to_hold_no_secret",
        "flow.body_missing": "test_a_step_that_nobody_can_take_is_refused_by_name",
        "flow.none": "test_a_request_that_no_route_fits_is_refused",
        "numbering.none": "test_where_no_pack_gives_a_number_no_decision_is_issued",
        "pack.broken": "test_a_broken_pack_is_refused_naming_the_place",
        "pack.jurisdiction": "test_a_pack_of_another_jurisdiction_is_refused",
        "pack.none": "test_without_any_published_pack_nothing_is_judged",
        "pack.published": "test_a_published_pack_is_not_proposed_anew_nor_published_twice",
        "sign_in.failed": "test_a_wrong_password_and_an_unknown_name_are_answered_alike",
        "sign_in.too_many": "test_after_ten_failures_within_the_hour_an_account_must_wait",
        "signature.evidence": "test_a_paper_signature_needs_its_scan_and_its_place",
        "signature.no_gateway": "test_no_electronic_seal_is_pretended",
        "signature.twice": "test_a_side_signs_once",
        "storage.unavailable": "test_storage_that_fails_says_try_again_and_works_again",
    },
    "actions/test_several_streets.py": {
        "flow.own_case":
            "test_where_only_the_asker_could_decide_the_sentence_says_what_the_pack_must_say",
        "grant.shared": "test_a_street_of_several_does_not_cut_what_all_share",
    },
    "actions/test_partial_approval.py": {
        "grant.beyond": "test_no_more_is_granted_than_was_asked",
        "grant.nothing": "test_what_has_nothing_in_common_is_not_granted",
    },
    "actions/test_flows.py": {
        "expert.document": "test_an_expert_review_is_handed_in_with_its_document",
    },
    "actions/test_list_editions.py": {
        "list.document": "test_publishing_asks_for_the_number_and_the_file_of_its_own",
        "list.effective":
            "test_a_later_text_does_not_reach_back_and_two_do_not_begin_on_one_day",
        "list.jurisdiction": "test_a_list_of_elsewhere_is_not_proposed_here",
        "list.moved":
            "test_a_list_that_comes_in_by_the_command_line_meanwhile_is_not_written_over",
        "list.papers": "test_publishing_asks_for_the_number_and_the_file_of_its_own",
        "list.reason": "test_a_proposal_is_withdrawn_with_a_reason_and_is_settled_then",
        "list.reported":
            "test_items_that_rest_on_a_report_are_confirmed_by_the_second_person",
        "list.same": "test_a_text_that_changes_nothing_is_not_proposed",
        "list.settled": "test_a_proposal_is_withdrawn_with_a_reason_and_is_settled_then",
        "list.unsound": "test_a_text_that_is_unsound_is_refused_cell_by_cell",
        "list.waiting":
            "test_while_a_published_text_waits_for_its_day_no_other_is_proposed",
        "simulation.busy": "test_one_trial_at_a_time_and_by_those_who_may",
    },
    "actions/test_pack_life.py": {
        "pack.changed": "test_bytes_changed_while_a_run_was_made_are_not_proven_by_it",
        "pack.document": "test_a_file_of_something_else_is_no_instrument",
        "pack.effective": "test_a_later_pack_may_not_reach_back",
        "pack.papers": "test_a_pack_is_not_published_without_number_and_file",
        "pack.parent": "test_the_cases_of_a_draft_without_its_parent_cannot_run",
        "pack.reported": "test_rules_that_rest_on_a_report_are_listed_and_confirmed_by_name",
        "pack.unfilled": "test_a_skeleton_is_not_published_before_it_is_filled_in",
        "pack.unproven": "test_nothing_is_published_that_did_not_pass_all_three",
        "pack.unsound": "test_below_a_frozen_parent_no_list_is_added",
        "signature.same_person": "test_who_proposed_a_pack_does_not_publish_it",
    },
    "actions/test_exceptions.py": {
        "exception.absolute": "test_what_is_no_exception_is_refused",
        "exception.above": "test_what_is_no_exception_is_refused",
        "exception.basis": "test_no_exception_outlives_the_instrument_it_rests_on",
        "exception.dates": "test_what_is_no_exception_is_refused",
        "exception.document": "test_the_paper_of_an_exception_is_its_own",
        "exception.no_end": "test_what_is_no_exception_is_refused",
        "exception.reason": "test_an_exception_is_ended_with_a_reason_and_on_the_version_seen",
        "exception.rule": "test_what_is_no_exception_is_refused",
        "exception.settled": "test_what_is_granted_or_ended_is_settled",
    },
    "actions/test_filing.py": {
        "request.inseparable": "test_a_part_of_an_inseparable_filing_is_not_submitted_alone",
        "request.letter": "test_what_is_recorded_for_another_needs_its_letter",
        "request.on_behalf": "test_what_is_recorded_is_recorded_for_who_leads",
        "area.outside": "test_a_draft_may_not_aim_outside_the_applicants_area",
        "area.unknown": "test_a_draft_may_not_aim_at_a_place_that_is_not_in_the_county",
        "decision.absolute": "test_under_an_absolute_rule_only_a_refusal_to_accept_may_be_issued",
        "organisation.unknown": "test_a_payer_must_exist",
        "receiver.none": "test_a_receiver_that_does_not_exist_there_is_refused",
        "record.missing": "test_what_does_not_exist_is_missing",
        "request.incomplete": "test_a_submission_with_gaps_is_refused_naming_them_all",
        "request.insist_reason": "test_to_insist_takes_a_reason",
        "version.required": "test_an_act_that_names_no_version_is_refused",
        "version.stale": "test_an_act_on_a_version_not_seen_is_refused",
    },
    "actions/test_budget.py": {
        "budget.code": "test_a_code_of_another_year_is_refused",
        "indicator.number": "test_one_number_stands_once_in_a_year",
        "indicator.year": "test_one_number_stands_once_in_a_year",
        "indicator.confirmed": "test_a_confirmed_indicator_is_not_confirmed_again",
        "indicator.below_split": "test_an_indicator_is_not_cut_below_what_is_split",
        "indicator.unknown": "test_a_split_names_an_indicator_that_is_the_payers_and_confirmed",
        "indicator.missing": "test_a_split_names_an_indicator_that_is_the_payers_and_confirmed",
        "indicator.exceeds": "test_no_more_is_split_than_the_indicator_holds",
    },
    "actions/test_year_opening.py": {
        "opening.signed": "test_nobody_signs_it_a_third_time",
        "opening.not_signed": "test_only_what_both_have_signed_is_reversed",
        "opening.ended": "test_what_was_settled_meanwhile_is_not_signed",
    },
    "actions/test_year_closing.py": {
        "year.running": "test_a_year_is_not_closed_before_it_is_over",
        "year.unruled": "test_where_no_pack_says_what_becomes_of_it_nothing_is_closed",
        "year.waiting": "test_what_waits_for_confirmation_is_settled_first",
        "year.before": "test_an_earlier_year_is_closed_before_a_later_one",
    },
    "actions/test_statements.py": {
        "statement.area": "test_an_area_nobody_knows_is_told",
    },
    "actions/test_funding.py": {
        "voucher.not_issuer": "test_only_who_issued_a_voucher_takes_it_back",
        "condition.out": "test_no_more_goes_out_than_came_in",
        "condition.unknown": "test_only_what_was_promised_is_received",
        "gate.refused": "test_work_begins_only_when_the_first_instalment_is_with_the_community",
        "presence.state": "test_work_does_not_begin_twice",
        "voucher.confirmed": "test_a_voucher_is_confirmed_once",
        "voucher.exceeds": "test_no_stage_outruns_the_one_before",
        "voucher.line": "test_a_line_belongs_to_the_request",
        "voucher.not_admitted": "test_what_is_not_admitted_gets_no_money_entry",
        "voucher.number": "test_a_number_is_used_once_by_an_issuer_in_a_year",
        "voucher.payer": "test_one_voucher_pays_for_one_payer",
        "voucher.reverses": "test_a_reversal_takes_no_more_than_there_was",
        "voucher.stage":
            "test_where_a_community_keeps_its_own_account_money_does_not_stop_at_the_street",
        "voucher.sum": "test_lines_must_sum_to_the_voucher",
    },
    "api/test_what_officials_meet.py": {
        "query.days": "test_days_the_wrong_way_round_are_refused_by_name",
    },
    "api/test_explanations.py": {
        "explanation.composite": "test_a_composite_is_explained_by_its_parts",
    },
    "api/test_requests.py": {
        "idempotency.required": "test_money_without_a_key_is_400",
    },
    "actions/test_importing.py": {
        "import.cells": "test_one_bad_cell_brings_in_nothing",
        "import.county": "test_a_list_of_another_county_is_refused",
    },
    "domain/test_presence.py": {
        "presence.legacy": "test_what_was_there_before_rests_on_no_admission",
    },
    "actions/test_clearing_stock.py": {
        "existing.settled": "test_what_is_settled_is_settled_once",
        "existing.not_standing": "test_what_does_not_stand_is_not_kept",
        "existing.into": "test_nothing_is_merged_into_itself_or_into_another_community",
        "existing.request": "test_a_request_for_another_place_or_kind_admits_nothing",
    },
    "cli/test_going_live.py": {
        "import.above": "test_a_county_that_came_without_its_city_is_not_moved_below_it",
    },
    "cli/test_commands.py": {
        "person.password": "test_a_weak_password_is_refused",
        "person.username": "test_a_user_name_is_given_once",
        "post.role": "test_a_post_that_nobody_holds_cannot_be_granted",
    },
    "actions/test_incompatible_posts.py": {
        "post.incompatible": "test_an_administrator_is_given_no_second_role",
    },
    "actions/test_date_break.py": {
        "request.refused":
            "test_filed_after_it_is_refused_citing_the_new_article_and_stays_a_draft",
    },
    "api/test_bad_input.py": {
        "token.invalid": "test_whoever_is_not_signed_in_is_401",
    },
    "web/test_telephone.py": {
        "telephone.act": "test_a_program_is_told_why_not",
        "telephone.caller": "test_a_program_is_told_why_not",
        "telephone.checked": "test_a_program_is_told_why_not",
        "telephone.malformed": "test_a_program_enters_a_call_by_two_headers",
        "telephone.reason": "test_a_program_is_told_why_not",
        "telephone.when": "test_a_program_is_told_why_not",
    },
}  # fmt: skip
PAGE = {code: (file, test) for file, raised in RAISED_BY.items() for code, test in raised.items()}


def _declared(folder: str) -> set[str]:
    """Codes declared in one room of the program."""
    found = set()
    for path in (ROOM / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "declare":
                found.add(str(getattr(node.args[0], "value", "")))
    return found


def _everything_declared() -> set[str]:
    for module in pkgutil.walk_packages(registry.__path__, "registry."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    return {code for code in catalogue() if not code.startswith("test.")}


def test_every_code_is_on_this_page_and_no_other() -> None:
    assert set(PAGE) == _everything_declared() - _declared("api")


@pytest.mark.parametrize("code", PAGE)
def test_the_test_named_here_exists_and_expects_the_code(code: str) -> None:
    file, name = PAGE[code]
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name]
    assert len(found) == 1, f"{file}::{name}"
    words = {n.value for n in ast.walk(found[0]) if isinstance(n, ast.Constant)}
    assert code in words


def test_every_code_of_the_door_is_named_by_a_test_of_the_door() -> None:
    text = "".join(p.read_text("utf-8") for p in (TESTS / "api").glob("test_*.py"))
    assert sorted(code for code in _declared("api") if f'"{code}"' not in text) == []


def test_every_refusal_speaks_two_languages() -> None:
    for code, (_, zh, en, _) in catalogue().items():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh), code
        assert en.isascii() or "不予受理" in en or "分" in en, code
