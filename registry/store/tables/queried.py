"""检索 the indexes by which lists are filtered, put in order, and counted (docs/api.md).

What may be asked follows from the indexes a table has (``store/shapes``); these are the ones that
stand for nothing else.
"""

from sqlalchemy import Index, MetaData

FILTERED: dict[str, str] = {
    "acceptance": "organisation_id result area_path",
    "admission_notice": "replaced issued_on area_path",
    "agreement": "state",
    "amendment_proposal": "overdue number",
    "area": "level kind",
    "attestation": "side superseded area_path",
    "bank_batch": "source area_path",
    "bank_line": "source direction dated_on area_path",
    "board": "area_id form place origin profile department_id recorded_on",
    "budget_code": "kind code",
    "bureau": "area_id origin profile department_id meets recorded_on",
    "certificate_demand": "demander answer month recorded_on",
    "claim": "area_path",
    "cleanup_order": "number issuer_id overdue",
    "clearance": "organisation_id payer_id area_path",
    "code_round": "rated period area_path",
    "complaint": "overdue received_on due_on",
    "conference": "state",
    "conference_vote": "person_id organisation_id",
    "correction": "object_kind",
    "custody_term": "custody area_path",
    "decision": "number organisation_id",
    "declining": "request_id ground issued_on area_path",
    "delegation": "kind",
    "departure": "organisation_id department_id trigger area_path",
    "document": "parent_kind type",
    "event": "outcome code object_kind",
    "expenditure": "payer_id year use means state paid_on amount_fen area_path",
    "finding": "object_kind opened_on closed_on area_path",
    "handover": "organisation_id reason",
    "hold": "area_path",
    "indicator": "number year organisation_id amount_fen",
    "instrument": "issuer",
    "legacy_review": "kind organisation_id department_id standing overdue request_id judged_on",
    "line_part": "source account_id direction area_path",
    "matter_list": "polarity",
    "movement": "kind organisation_id",
    "notice": "read kind request_id made_on",
    "objection": "request_id overdue raised_on area_path",
    "opening_balance": "payer_id year area_path",
    "opinion": "task_id organisation_id ballot",
    "organisation": "level",
    "other_income": "source year direction area_path",
    "pack": "state level parent",
    "pack_run": "kind",
    "payment": "payer_id area_path",
    "person": "username",
    "phrase": "act active",
    "population_count": "what area_path",
    "post": "role area_id valid_from",
    "posting": "what posted_on area_path",
    "presence": "kind area_id receiver starts_on share_fen",
    "purchase": "funding_key method award awarded_on amount_fen",
    "reevaluation": "object_kind outcome organisation_id area_path",
    "reorganisation": "kind object_kind document_number",
    "request": "disclosure applied_on",
    "reservation": "request_id department_id area_path",
    "resident_report": "area_id source overdue received_on area_path",
    "review": "result organisation_id applicant_id",
    "revocation": "decision_id organisation_id",
    "satisfaction": "rated rater area_path",
    "seal_count": "month",
    "step": "state",
    "stocktake": "sheet organisation_id",
    "street_outcome": "organisation_id outcome area_path",
    "suspension": "area_path",
    "task": "act",
    "verdict": "gate",
    "voucher": "number issuer_id total_fen fiscal_year",
    "voucher_line": "stage year amount_fen area_path",
    "waiver": "document_number",
    "waiver_use": "verdict_id",
    "year_closing": "state area_path",
    "yearly_review": "decided proposed_on",
}
"""Table → columns, each with an index of its own that goes on in order of the record's key."""
SUMMED: dict[str, str] = {
    "agreement": "state",
    "board": "state form origin area_path department_id",
    "certificate_demand": "answer demander month item_id area_path times",
    "complaint": "state against_id handler_id received_on",
    "decision": "kind organisation_id issued_on",
    "declining": "ground department_id area_path issued_on",
    "expenditure": "state use means organisation_id payer_id year area_path paid_on amount_fen",
    "finding": "code stage organisation_id area_path opened_on",
    "presence": "state kind receiver department_id area_path starts_on share_fen",
    "request": "state kind outcome applicant_id applied_on",
    "verdict": "outcome gate",
    "voucher": "stage state payer_id dated_on total_fen",
    "voucher_line": "counted stage payer_id area_path year dated_on sign amount_fen",
}
"""Table → columns by which its rows are counted and summed, from one index that holds them all."""
SPAN = ("event_to", "event_from")
"""Which version stands, read from the same index."""


def attach(metadata: MetaData) -> None:
    """Give each table its indexes."""
    for name, columns in FILTERED.items():
        table = metadata.tables[name]
        key = "seq" if name == "event" else "id"
        for column in columns.split():
            Index(f"ix_{name}_{column}", table.c.county, table.c[column], table.c[key])
    for name, columns in SUMMED.items():
        table = metadata.tables[name]
        held = [table.c[column] for column in (*columns.split(), *SPAN)]
        Index(f"ix_{name}_summed", table.c.county, *held)
