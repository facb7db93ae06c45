"""One row behind each resource of what comes after admission, whose making is tried elsewhere."""

from datetime import UTC, date, datetime

from registry.domain.accounts import VoucherStage
from registry.domain.bank import BankLine, Direction, LineSource
from registry.domain.budget import Indicator
from registry.domain.certifying import (
    AmendmentProposal,
    CertificateDemand,
    Certifying,
    Demander,
)
from registry.domain.closing import Clearance, Hold, OpeningBalance
from registry.domain.evaluating import CodeRound, Rated, ResidentReport, YearlyReview
from registry.domain.existing import LegacyReview, Sheet, Standing, Stocktake
from registry.domain.living import Acceptance, Departure
from registry.domain.paying import Payment, PaymentOrder
from registry.domain.posting import Posting
from registry.domain.presence import Presence
from registry.domain.purchase import Provider, Purchase
from registry.domain.records import Record
from registry.domain.redress import Complaint, ComplaintSource, Declining, Objection
from registry.domain.spending import Claim, Expenditure, PayMeans
from registry.domain.vocabulary import Kind, Trigger
from registry.domain.walls import Board, Bureau, CleanupOrder, Form, Origin

DAY = date(2026, 3, 2)
WORKER, STREET = "person-community.worker", "o-990102001"


def rows(presence: Presence) -> dict[str, Record]:
    """By resource; all of one community of the first street and of the civil affairs bureau."""
    own = {"county": presence.county, "area_path": presence.area_path}
    there = {**own, "organisation_id": presence.organisation_id}
    asked = {**there, "department_id": presence.department_id}
    of = {**asked, "presence_id": presence.id}
    hung = {**there, "area_id": presence.area_id, "origin": Origin.LEGACY}
    return {
        "acceptances": Acceptance(**of, id="acc-x", request_id=presence.request_id,
                                  asked_on=DAY, asked_by=WORKER),
        "departures": Departure(**of, id="dep-x", trigger=Trigger.EXPIRED, reason="演示",
                                person_id=WORKER, left_on=DAY),
        "boards": Board(**hung, id="brd-x", form=Form.SIGNBOARD, wording="演示牌", place="inside"),
        "bureaus": Bureau(**hung, id="bur-x", name="演示站"),
        "cleanup-orders": CleanupOrder(
            **asked, id="cln-x", number="演1", issuer_id=STREET, issuer_name="演示街道",
            person_id="person-street.head", reason="演示", issued_on=DAY,
        ),
        "amendment-proposals": AmendmentProposal(
            county=presence.county, id="amd-x", item_id="i", item="演示证明", statute="演示规定",
            clause="演示清单", organisation_id="o-990102-office", drafted_on=DAY,
        ),
        "certificate-demands": CertificateDemand(
            **there, id="cdm-x", item="演示证明", demander=Demander.BANK, answer=Certifying.ASK,
            month="2026-03", recorded_on=DAY, person_id=WORKER,
        ),
        "purchases": Purchase(
            county=presence.county, id="pur-x", request_id=presence.request_id or "",
            funding_key="F1", organisation_id="o-990102-civil", service="演示", method="own",
            award="演1", provider=Provider(name="演示服务社", kind="social_organisation"),
            provider_key="演示服务社", amount_fen=1, awarded_on=DAY, recorded_by="person-dept.clerk",
            verdict_id="vdt-x",
        ),
        "bank-lines": BankLine(
            county=presence.county, id="bnk-x", batch_id="bat-x", source=LineSource.BANK,
            external_key="演1", account_id=presence.organisation_id, area_path=presence.area_path,
            direction=Direction.OUT, amount_fen=1, dated_on=DAY,
        ),
        "expenditures": Expenditure(
            **there, id="xpd-x", voucher_id="vch-x", line_id="vch-x.l0",
            stage=VoucherStage.EXPENDITURE, request_id=presence.request_id or "",
            presence_id=presence.id, payer_id="o-990102-civil", funding_key="F1", year=2026,
            amount_fen=1, use="printing", payee_kind="unit", payee_name="演示图文店",
            means=PayMeans.CASH, paid_on=DAY, needs_second=True,
        ),
        "payments": Payment(
            county=presence.county, id="pay-x", voucher_id="vch-x",
            request_id=presence.request_id or "", payer_id="o-990102-civil",
            area_path=presence.area_path, amount_fen=1, key="pay-x", gateway="null",
            ordered_at=datetime(2026, 3, 2, tzinfo=UTC),
            order=PaymentOrder(
                payer_id="o-990102-civil", payer_name="演示", voucher_number="演1",
                fiscal_year=2026, dated_on=DAY, admission_number="演1", lines=[],
            ),
        ),
        "clearances": Clearance(
            **there, id="clr-x", presence_id=presence.id, request_id=presence.request_id or "",
            funding_key="F1", year=2026, payer_id="o-990102-civil", reason="accepted",
            formula="演示", earned_fen=0,
            paid_fen=0, drawn_by=WORKER, drawn_on=DAY,
        ),
        "holds": Hold(
            **(there | {"organisation_id": STREET}), id="hld-x", presence_id=presence.id,
            request_id=presence.request_id or "", funding_key="F1", year=2026, amount_fen=1,
            reason="演示", since=DAY, recorded_by="person-street.clerk",
        ),
        "claims": Claim(
            **there, id="clm-x", first_on=DAY, last_on=DAY, total_fen=1, expenditures=["xpd-x"],
            drawn_by=WORKER, drawn_on=DAY,
        ),
        "indicators": Indicator(
            county=presence.county, id="ind-x", number="演1", year=2026, payer_id="o-990102-civil",
            organisation_id="o-990102-finance", amount_fen=1, functional_code="1",
            functional_name="演示", dated_on=DAY, recorded_by="person-finance.clerk",
        ),
        "postings": Posting(**there, id="pst-x", what="matter", where="演示栏", text="演示",
                            posted_on=DAY, person_id=WORKER),
        "objections": Objection(**of, id="obj-x", subject="演示", handler_id=STREET, text="演示",
                                raised_on=DAY, person_id=WORKER),
        "declinings": Declining(**of, id="dcl-x", number="演1", subject="演示", body_name="演示",
                                ground="unadmitted", text="演示", issued_on=DAY, person_id=WORKER),
        "complaints": Complaint(
            county=presence.county, id="cmp-x", number="演1", against_id="o-990102-civil",
            subject="演示", handler_id="o-990102-office", received_on=DAY,
        ),
        "code-rounds": CodeRound(
            **there, id="cor-x", rated=Rated.DEPARTMENT, subject_id="o-990102-civil",
            subject="演示", period="2026Q1", opens_on=DAY, closes_on=DAY, issued=1,
            person_id=WORKER,
        ),
        "yearly-reviews": YearlyReview(
            county=presence.county, id="yrv-x", request_id=str(presence.request_id), year=2026,
            organisation_id="o-990102-office", department_id="o-990102-civil",
            reasons=[], proposed_on=DAY, proposed_by="person-county.head",
        ),
        "resident-reports": ResidentReport(
            **own, id="rrp-x", number="演1", source="page", about="harm", wording="演示",
            area_id=presence.area_id, handler_id=STREET, received_on=DAY,
        ),
        "stocktakes": Stocktake(
            county=presence.county, id="stk-x", organisation_id=STREET, sheet=Sheet.ITEMS,
            person_id="person-street.clerk", file_name="演示.csv", sha256="0" * 64,
            taken_on=DAY, rows=1, added=1,
            known=0,
        ),
        "opening-balances": OpeningBalance(
            **there, id="opb-x", presence_id=presence.id, payer_id="o-990102-civil", year=2025,
            amount_fen=1, at="community", as_on=DAY, document_number="演1", row_key="x",
        ),
        "legacy-reviews": LegacyReview(**of, id="lgr-x", kind=Kind.TASK, verdict_id="v",
                                       standing=Standing.STANDS, judged_on=DAY),
    }  # fmt: skip


def source(presence: Presence) -> ComplaintSource:
    """Every complaint has one, and no list shows it."""
    return ComplaintSource(
        county=presence.county, id="cms-x", complaint_id="cmp-x", wording="演示", received_on=DAY,
        organisation_id=presence.organisation_id, area_path=presence.area_path, person_id=WORKER,
    )  # fmt: skip
