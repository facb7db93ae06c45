"""检索 the indexes by which lists are filtered, put in order, and counted (docs/api.md).

What may be asked follows from the indexes a table has (``store/shapes``); these are the ones that
stand for nothing else.
"""

from sqlalchemy import Index, MetaData

FILTERED: dict[str, str] = {
    "acceptance": "organisation_id result area_path state",
    "admission_notice": "replaced issued_on area_path",
    "agreement": "state",
    "amendment_proposal": "overdue number state",
    "area": "level kind",
    "attestation": "side superseded area_path",
    "bank_batch": "source area_path",
    "bank_line": "source direction dated_on area_path account_id state",
    "board": "area_id form place origin profile department_id recorded_on",
    "budget_code": "kind code year",
    "bureau": "area_id origin profile department_id meets recorded_on",
    "certificate_demand": "demander answer month recorded_on item_id organisation_id",
    "claim": "area_path",
    "cleanup_order": "number issuer_id overdue state",
    "clearance": "organisation_id payer_id area_path state",
    "code_round": "rated period area_path closed",
    "complaint": "overdue received_on due_on state",
    "conference": "state",
    "conference_vote": "person_id organisation_id",
    "correction": "object_kind",
    "custody_term": "custody area_path organisation_id",
    "decision": "number organisation_id",
    "declining": "request_id ground issued_on area_path",
    "delegation": "kind",
    "departure": "organisation_id department_id trigger area_path",
    "document": "parent_kind type organisation_id",
    "event": "outcome code object_kind",
    "expenditure": "payer_id year use means state paid_on amount_fen area_path organisation_id",
    "finding": "object_kind opened_on closed_on area_path stage",
    "handover": "organisation_id reason",
    "hold": "area_path",
    "indicator": "number year organisation_id amount_fen payer_id",
    "instrument": "issuer",
    "legacy_review": (
        "kind organisation_id department_id standing overdue request_id judged_on settlement"
    ),
    "line_part": "source account_id direction area_path",
    "matter_list": "polarity",
    "movement": "kind organisation_id to_organisation_id to_person_id",
    "notice": "read kind request_id made_on",
    "objection": "request_id overdue raised_on area_path state",
    "opening_balance": "payer_id year area_path",
    "opinion": "task_id organisation_id ballot",
    "organisation": "level",
    "other_income": "source year direction area_path organisation_id",
    "pack": "state level parent",
    "pack_run": "kind",
    "payment": "payer_id area_path state",
    "person": "username",
    "phrase": "act active",
    "population_count": "what area_path area_id",
    "post": "role area_id valid_from",
    "posting": "what posted_on area_path",
    "presence": "kind area_id receiver starts_on share_fen",
    "purchase": (
        "funding_key method award awarded_on amount_fen organisation_id provider_key request_id"
    ),
    "reevaluation": "object_kind outcome organisation_id area_path",
    "reorganisation": "kind object_kind document_number",
    "request": "disclosure applied_on",
    "reservation": "request_id department_id area_path",
    "resident_report": "area_id source overdue received_on area_path state",
    "review": "result organisation_id applicant_id",
    "revocation": "decision_id organisation_id",
    "satisfaction": "rated rater area_path subject_id",
    "seal_count": "month organisation_id",
    "step": "state",
    "stocktake": "sheet organisation_id",
    "street_outcome": "organisation_id outcome area_path",
    "suspension": "area_path",
    "task": "act organisation_id state",
    "verdict": "gate",
    "voucher": "number issuer_id total_fen fiscal_year",
    "voucher_line": "stage year amount_fen area_path payer_id counted",
    "waiver": "document_number",
    "waiver_use": "verdict_id",
    "year_closing": "state area_path organisation_id",
    "yearly_review": "decided proposed_on",
    "audit_project": "kind state",
    "audit_member": "person_id",
    "finding_step": "stage",
    "sample": "person_id resource",
    "issued_document": "communities state",
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
    "voucher": "stage state payer_id dated_on",
    "voucher_line": "counted stage payer_id dated_on area_path year sign amount_fen",
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
            known = {str(index.name) for index in table.indexes}
            called = f"ix_{name}_{column}"
            called += "_here" if called in known else ""
            Index(called, table.c.county, table.c[column], table.c[key])
    for name, columns in SUMMED.items():
        table = metadata.tables[name]
        held = [table.c[column] for column in (*columns.split(), *SPAN)]
        Index(f"ix_{name}_summed", table.c.county, *held)
