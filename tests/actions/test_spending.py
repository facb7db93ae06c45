"""支出: who was paid, for what, on whose signatures; what may not be spent, and who lets it pass."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from registry.actions import ticking
from registry.actions.ledger import confirming, recording
from registry.actions.office import Office
from registry.actions.spending import asking, seconding
from registry.actions.spending.payees import shown_to
from registry.domain.admission import Verdict
from registry.domain.funding import FundingLine
from registry.domain.people import Post
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.spending import Expenditure, SpendingState
from registry.domain.vocabulary import Custody, FundingMode, Kind
from registry.policies.overlay import Overlay
from tests.actions import case, spent
from tests.actions.case import Hands, voucher
from tests.actions.enacting import enacted, without
from tests.actions.refused import refused
from tests.actions.spent import SIGNED, confirmed, findings, kept, spending, told
from tests.policies.rulebooks import DEMO, loaded


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """All its money is in the community's books."""
    return spent.funded(one_hand)


# ---- who, and on what ----------------------------------------------------------------------------


def test_what_was_spent_is_kept_with_its_payee_and_four_signatures(hand: Hands) -> None:
    presence = spent.funded(hand)
    view = spent.spent(hand, spending(presence, "支1"))
    assert confirmed(hand, view).confirmed_by == "person-street.head"
    (row,) = kept(hand)
    assert (row.payee_name, row.payee_masked) == ("演示图文店", "****1234")
    assert (row.state, row.signatures, row.invoice_key) == (
        SpendingState.CONFIRMED, SIGNED, "26000001",
    )  # fmt: skip
    assert row.line_id == view.lines[0].id


def test_the_full_account_is_kept_nowhere(one_hand: Hands, presence: Presence) -> None:
    spent.spent(one_hand, spending(presence, "支1"))
    with one_hand("auditor").office.store.reader.connect() as connection:
        kept_in = (
            # An index of words keeps what it holds in tables of its own, which are among them.
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        )
        names = connection.execute(text(kept_in))
        for (name,) in names.all():
            for row in connection.execute(text(f'SELECT * FROM "{name}"')):
                assert spent.ACCOUNT not in str(tuple(row)), name
                assert spent.SHOP["account"] not in str(tuple(row)), name


def test_the_digest_of_a_payee_needs_the_secret(one_hand: Hands, presence: Presence) -> None:
    view = spent.spent(one_hand, spending(presence, "支1"))
    (before,) = kept(one_hand)
    office = one_hand("auditor").office
    office.secret = "another"
    spent.spent(one_hand, spending(presence, "支2", told(presence, invoice_number="2")))
    digests = {row.payee_digest for row in kept(one_hand)}
    assert len(digests) == 2
    assert before.payee_digest in digests
    assert view.expenditures[0].payee_digest is None


def test_a_person_who_was_paid_is_named_to_community_street_and_auditor_alone(
    one_hand: Hands, presence: Presence
) -> None:
    person = {"kind": "person", "name": "李演示", "account": "6217000000005678"}
    spent.spent(one_hand, spending(presence, "支1", told(presence, payee=person)))
    rows = kept(one_hand)

    def seen(by: str) -> tuple[str, str, bool]:
        hand = one_hand(by)
        (view,) = shown_to(hand.office, hand.actor, rows)
        return view.payee_name, view.payee_masked, view.payee_digest is not None

    for by in ("community.cashier", "community.supervisor", "street.clerk"):
        assert seen(by) == ("李演示", "****5678", False)
    assert seen("auditor") == ("李演示", "****5678", True)
    for by in ("dept.head", "finance.head", "county.office", "street2.head", "community2.head"):
        assert seen(by) == ("李**", "", False)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("expenditure.signatures", {"signatures": {"handled": SIGNED["handled"]}}),
        ("expenditure.same_person", {"signatures": {**SIGNED, "witnessed": SIGNED["handled"]}}),
        (
            "expenditure.same_person",
            {"signatures": {**SIGNED, "approved": "person-community.cashier"}},
        ),
        ("expenditure.person", {"signatures": {**SIGNED, "witnessed": "person-nobody"}}),
        ("expenditure.invoice", {"invoice_number": " "}),
        ("expenditure.evidence", {"quantity": 10, "unit": "户"}),
        ("document.foreign", {"evidence_ids": ["doc-none"]}),
        ("expenditure.lender", {"lender": spent.SHOP}),
        ("expenditure.days", {"paid_on": "2026-04-21"}),
        ("expenditure.days", {"served_on": "2026-04-21"}),
        ("expenditure.personal", {"text": "身份证 990102199001011234"}),
    ],
)
def test_what_is_told_must_be_complete_and_signed_by_different_people(
    one_hand: Hands, presence: Presence, code: str, changes: dict[str, Any]
) -> None:
    with refused(code):
        spent.spent(one_hand, spending(presence, "支1", told(presence, **changes)))
    assert kept(one_hand) == []


def test_money_by_the_case_is_spent_on_papers_that_show_the_cases(one_hand: Hands) -> None:
    by_case = spent.FUNDING | {"mode": "per_case", "schedule": [], "basis": "按办结件数"}
    presence = spent.funded(one_hand, funding=[by_case])
    with refused("expenditure.evidence"):
        spent.spent(one_hand, spending(presence, "支1", told(presence)))
    sheet = spent.paper(one_hand, presence, b"cases")
    shown = told(presence, evidence_ids=[sheet], quantity=10, unit="户")
    spent.spent(one_hand, spending(presence, "支1", shown))
    assert len(kept(one_hand)) == 1


def test_money_of_which_particulars_are_asked_is_not_spent_on_a_bare_voucher(
    one_hand: Hands, presence: Presence
) -> None:
    for stage in ("expenditure", "advance"):
        with refused("expenditure.untold"):
            command = voucher(presence, stage, "支1", 100)
            one_hand("community.cashier").do(lambda d, c=command: recording.record(d, c))


@pytest.mark.parametrize("mode", [m for m in FundingMode if m is not FundingMode.NONE])
def test_particulars_are_asked_of_money_of_every_mode(mode: FundingMode) -> None:
    line = msgspec.convert(spent.FUNDING | {"mode": mode}, FundingLine)
    overlay = Overlay([loaded()[DEMO]], "indexed")
    desk: Any = SimpleNamespace(rulebook=lambda: SimpleNamespace(overlay=overlay))
    rule = asking.asked_of(desk, line)
    assert rule is not None and rule.particulars
    uses = asking.uses_of(desk, Kind.TASK, line)
    assert uses is not None and uses.fact("wages") == "blocked"


def test_where_no_pack_asks_a_bare_voucher_is_enough(one_hand: Hands, one_office: Office) -> None:
    enacted(one_office, without("spending", "use"))
    presence = spent.funded(one_hand)
    command = voucher(presence, "expenditure", "支1", 100)
    assert one_hand("community.cashier").do(lambda d: recording.record(d, command)).voucher


@pytest.mark.parametrize("by", ["community.worker", "community.head", "street.head", "dept.head"])
def test_only_the_cashier_or_the_streets_clerk_records(
    one_hand: Hands, presence: Presence, by: str
) -> None:
    with refused("access.forbidden"):
        spent.spent(one_hand, spending(presence, "支1"), by=by)


def test_no_more_is_spent_than_is_in_the_books(one_hand: Hands, presence: Presence) -> None:
    with refused("voucher.exceeds"):
        spent.spent(one_hand, spending(presence, "支1", told(presence, amount_fen=800_001)))
    assert kept(one_hand) == []


# ---- separation, by person -----------------------------------------------------------------------


def test_who_approved_does_not_confirm(one_hand: Hands, presence: Presence) -> None:
    view = spent.spent(one_hand, spending(presence, "支1"))
    with refused("access.tied") as info:
        confirmed(one_hand, view, by="community.head")
    assert info.value.facts["tie"] == "approved"


def test_who_keeps_the_cash_keeps_no_books(one_hand: Hands, presence: Presence) -> None:
    """The street's clerk recorded it; the head who confirms happens to be the cashier besides."""
    signed = {**SIGNED, "approved": "person-community.worker", "handled": "person-station.worker",
              "witnessed": "person-street.clerk"}  # fmt: skip
    command = spending(presence, "支1", told(presence, signatures=signed))
    view = spent.spent(one_hand, command, by="street.clerk")
    post = Post(county="990102", id="post-both", person_id="person-community.head",
                organisation_id=presence.organisation_id, area_id=presence.area_id,
                role="community.cashier")  # fmt: skip
    one_hand("county.head").do(lambda d: _added(d, post))
    with refused("access.tied") as info:
        confirmed(one_hand, view, by="community.head")
    assert info.value.facts["tie"] == "cashier"


def _added(desk: Any, record: Any) -> Any:
    from registry.actions.office import Answer

    return Answer(body=desk.unit.add(record))


# ---- use -----------------------------------------------------------------------------------------


def test_a_use_outside_the_list_is_refused_by_its_rule(hand: Hands) -> None:
    presence = spent.funded(hand)
    with refused("gate.refused") as info:
        spent.spent(hand, spending(presence, "支1", told(presence, use="unheard_of")))
    assert [rule["rule"] for rule in info.value.rules][:1] == ["DM-USE-OUTSIDE"]
    assert kept(hand) == []


def test_a_blocked_use_is_refused_by_its_rule(one_hand: Hands, presence: Presence) -> None:
    with refused("gate.refused") as info:
        spent.spent(one_hand, spending(presence, "支1", told(presence, use="wages")))
    assert info.value.facts["use"] == "blocked"
    assert "DM-USE-BLOCKED" in [rule["rule"] for rule in info.value.rules]


@pytest.fixture
def statutory(one_hand: Hands) -> Presence:
    """Statutory help, of which the demo pack lets a blocked use wait for a second approver."""
    request = case.submitted(
        one_hand, case.drafted(one_hand, title="协助消防宣传教育", funding=[spent.FUNDING])
    )
    request = case.approved(one_hand, case.accepted(one_hand, request))
    presence = case.presence_of(one_hand, request)
    one_hand("auditor").office.clock.at = spent.LATER
    case.funded(one_hand, presence, 800_000)
    return case.presence_of(one_hand, request)


def _second(hand: Hands, row: Expenditure, by: str) -> Any:
    return hand(by).do(lambda d: seconding.second(d, row.id, row.version))


def test_a_blocked_use_of_statutory_help_passes_with_a_second_approver(
    one_hand: Hands, statutory: Presence
) -> None:
    view = spent.spent(one_hand, spending(statutory, "支1", told(statutory, use="wages")))
    with refused("expenditure.second"):
        confirmed(one_hand, view)
    (row,) = kept(one_hand)
    assert row.needs_second
    assert _second(one_hand, row, "dept.head").second_approver == "person-dept.head"
    with refused("expenditure.no_second"):
        _second(one_hand, kept(one_hand)[0], "street.head")
    assert spent.findings(one_hand, "spending.off_purpose") == []
    assert confirmed(one_hand, view).confirmed_by == "person-street.head"
    (found,) = spent.findings(one_hand, "spending.off_purpose")
    assert (found.object_id, found.facts["use"], found.law) == (row.id, "wages", "预算法 第63条")
    assert found.facts["evidence"]["vouchers"] == [view.voucher.id]


def test_who_gave_the_second_approval_does_not_confirm(
    one_hand: Hands, statutory: Presence
) -> None:
    view = spent.spent(one_hand, spending(statutory, "支1", told(statutory, use="wages")))
    _second(one_hand, kept(one_hand)[0], "street.head")
    with refused("access.tied"):
        confirmed(one_hand, view)


def test_nobody_seconds_what_needs_no_second(one_hand: Hands, presence: Presence) -> None:
    spent.spent(one_hand, spending(presence, "支1"))
    with refused("expenditure.no_second"):
        _second(one_hand, kept(one_hand)[0], "dept.head")


@pytest.mark.parametrize("by", ["community.head", "community.cashier", "finance.head"])
def test_the_community_does_not_second_its_own_use(
    one_hand: Hands, statutory: Presence, by: str
) -> None:
    spent.spent(one_hand, spending(statutory, "支1", told(statutory, use="wages")))
    with refused("access.forbidden"):
        _second(one_hand, kept(one_hand)[0], by)


def test_the_purpose_a_line_was_granted_for_is_kept_to(one_hand: Hands) -> None:
    presence = spent.funded(one_hand, funding=[{**spent.FUNDING, "purpose": "training"}])
    with refused("gate.refused"):
        spent.spent(one_hand, spending(presence, "支1", told(presence, use="materials")))
    view = spent.spent(one_hand, spending(presence, "支2", told(presence, use="training")))
    (verdict,) = [
        v for v in one_hand("auditor").office.store.reader.find(Verdict, "990102", gate="spend")
        if v.object_id == view.voucher.id
    ]  # fmt: skip
    assert verdict.facts[0]["use"] == "within"


# ---- advances ------------------------------------------------------------------------------------

ADVANCE = "spending.advance_not_repaid"


def _advanced(hand: Hands, presence: Presence, number: str, amount_fen: int) -> Any:
    lender = {"kind": "person", "name": "演示·社区主任"}
    line = told(presence, amount_fen=amount_fen, lender=lender, invoice_number=number)
    view = spent.spent(hand, spending(presence, number, line, stage="advance"))
    return confirmed(hand, view)


def test_an_advance_names_who_paid_it_and_who_owes_it(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, case.admitted(one_hand, funding=[spent.FUNDING]))
    one_hand("auditor").office.clock.at = spent.LATER
    with refused("expenditure.lender"):
        spent.spent(one_hand, spending(presence, "垫0", stage="advance"))
    _advanced(one_hand, presence, "垫1", 5_000)
    (row,) = kept(one_hand)
    assert (row.lender_name, row.payer_id) == ("演示·社区主任", "o-990102-civil")


def test_an_advance_not_repaid_in_the_packs_days_is_a_finding_until_it_is(hand: Hands) -> None:
    presence = spent.funded(hand, 10_000)
    office = hand("auditor").office
    _advanced(hand, presence, "垫1", 5_000)
    spent.days_later(hand, date(2026, 5, 15))
    ticking.tick(office)
    assert findings(hand, ADVANCE) == []
    spent.days_later(hand, date(2026, 6, 15))
    ticking.tick(office)
    (late,) = findings(hand, ADVANCE)
    assert (late.facts["amount_fen"], late.facts["since"]) == (5_000, "2026-04-20")
    assert late.organisation_id == "o-990102-civil"
    before = office.store.reader.counts()
    ticking.tick(office)
    assert office.store.reader.counts() == before, "a second look changes nothing"
    line = told(presence, amount_fen=5_000, payee={"kind": "person", "name": "演示·社区主任"})
    back = spending(presence, "归1", line, stage="repayment", dated_on="2026-06-15")
    confirmed(hand, spent.spent(hand, back))
    ticking.tick(office)
    assert findings(hand, ADVANCE) == []


def test_no_more_is_repaid_than_was_advanced(one_hand: Hands, presence: Presence) -> None:
    _advanced(one_hand, presence, "垫1", 5_000)
    line = told(presence, amount_fen=5_001)
    with refused("voucher.exceeds"):
        spent.spent(one_hand, spending(presence, "归1", line, stage="repayment"))


# ---- direct payment ------------------------------------------------------------------------------


def _ordered(hand: Hands, presence: Presence, amount_fen: int) -> None:
    command = voucher(presence, "order", "令9", amount_fen)
    hand("dept.head").do(lambda d: recording.record(d, command))


def test_only_where_money_is_paid_directly_is_a_dispatch_spending(one_hand: Hands) -> None:
    presence = spent.funded(one_hand, 300_000)
    _ordered(one_hand, presence, 36_000)
    with refused("expenditure.stage"):
        spent.spent(one_hand, spending(presence, "拨9", stage="dispatch"), by="finance.clerk")


def test_what_is_paid_directly_is_told_on_the_voucher_that_sends_it(hand: Hands) -> None:
    presence = case.presence_of(hand, case.admitted(hand, funding=[spent.FUNDING]))
    presence = _paid_directly(hand, presence)
    hand("auditor").office.clock.at = spent.LATER
    _ordered(hand, presence, 36_000)
    bare = voucher(presence, "dispatch", "拨9", 36_000)
    with refused("expenditure.untold"):
        hand("finance.clerk").do(lambda d: recording.record(d, bare))
    command = spending(presence, "拨9", told(presence, means="direct"), stage="dispatch")
    view = spent.spent(hand, command, by="finance.clerk")
    confirmed(hand, view, by="finance.head")
    (row,) = kept(hand)
    assert (row.state, row.means, row.stage) == (SpendingState.CONFIRMED, "direct", "dispatch")


def _paid_directly(hand: Hands, presence: Presence) -> Presence:
    from registry.actions.office import Answer

    def verb(desk: Any) -> Any:
        held = desk.unit.get(Presence, presence.id)
        return Answer(body=desk.unit.change(held, custody=Custody.DIRECT_PAY))

    after: Presence = hand("county.head").do(verb)
    return after


# ---- when it has ended ---------------------------------------------------------------------------


def test_when_it_has_ended_only_work_done_by_then_is_paid_for(one_hand: Hands) -> None:
    presence = spent.funded(one_hand)
    case.started(one_hand, case.agreed(one_hand, _request(one_hand, presence)))
    spent.days_later(one_hand, date(2026, 7, 8))
    ticking.tick(one_hand("auditor").office)
    for served in (None, "2026-07-01"):
        line = told(presence, served_on=served)
        with refused("expenditure.ended") as info:
            spent.spent(one_hand, spending(presence, "支1", line, dated_on="2026-07-08"))
        assert info.value.facts["ended_on"] == "2026-06-30"
    line = told(presence, served_on="2026-06-30")
    assert spent.spent(one_hand, spending(presence, "支1", line, dated_on="2026-07-08"))


def _request(hand: Hands, presence: Presence) -> Request:
    held = hand("auditor").office.store.reader.get(Request, "990102", str(presence.request_id))
    assert held is not None
    return held


# ---- taken back ----------------------------------------------------------------------------------


def _void(hand: Hands, view: Any) -> None:
    order = confirming.VoidCommand(reason="录错")
    hand("community.cashier").do(
        lambda d: confirming.void(d, view.voucher.id, view.voucher.version, order)
    )


def test_what_a_voided_voucher_was_for_was_never_spent(one_hand: Hands, presence: Presence) -> None:
    view = spent.spent(one_hand, spending(presence, "支1"))
    _void(one_hand, view)
    assert [row.state for row in kept(one_hand)] == [SpendingState.VOIDED]


def test_what_is_taken_back_whole_does_not_stand(one_hand: Hands, presence: Presence) -> None:
    view = spent.spent(one_hand, spending(presence, "支1"))
    confirmed(one_hand, view)
    spent.taken_back(one_hand, view, 16_000, "冲1")
    assert [row.state for row in kept(one_hand)] == [SpendingState.CONFIRMED]
    spent.taken_back(one_hand, view, 20_000, "冲2")
    assert [row.state for row in kept(one_hand)] == [SpendingState.REVERSED]


def test_findings_and_verdicts_name_no_payee(one_hand: Hands, presence: Presence) -> None:
    person = {"kind": "person", "name": "李演示", "account": "6217000000005678"}
    for number in ("支1", "支2"):
        view = spent.spent(one_hand, spending(presence, number, told(presence, payee=person)))
        confirmed(one_hand, view)
    (finding,) = findings(one_hand, "spending.invoice_twice")
    assert "李" not in json.dumps([finding.facts, finding.detail, finding.id], ensure_ascii=False)
