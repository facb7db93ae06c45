"""国库支付: one payment as the tests of the line and of its answers know it."""

from datetime import UTC, date, datetime

from registry.domain.paying import Payment, PaymentOrder

PAYMENT = Payment(
    county="990102", id="pay-1", voucher_id="v", request_id="r", payer_id="o", area_path="/a/",
    amount_fen=100, key="pay-1", gateway="demo-treasury",
    ordered_at=datetime(2026, 3, 2, tzinfo=UTC),
    order=PaymentOrder(payer_id="o", payer_name="演示局", voucher_number="拨1", fiscal_year=2026,
                       dated_on=date(2026, 3, 2), admission_number="演准〔2026〕1号", lines=[]),
)  # fmt: skip
