"""对账: every line is kept once; only what is beyond doubt is matched by the machine (E14, E17)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.reconciling import taking
from registry.actions.ticking import tick
from registry.domain.approval import Decision
from registry.domain.audit import Finding
from registry.domain.bank import (
    BankBatch,
    BankLine,
    ClassifyCommand,
    Direction,
    LineClass,
    LineSource,
    LineState,
    MatchCommand,
    MatchWay,
    OtherIncome,
    ReasonCommand,
)
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from tests.actions import case
from tests.actions.case import Hands, admitted, voucher
from tests.actions.refused import refused
from tests.actions.stated import CIVIL, bank, lines, only, said, treasury
from tests.actions.test_funding import confirm, dispatched, record

STREET_NAME = "云笺演示街道办事处"
SENT = 300_000


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """Admitted work in one community of the street that keeps its money."""
    return case.presence_of(one_hand, admitted(one_hand))


def arrived(hand: Hands, presence: Presence, amount: int = SENT, number: str = "到1") -> Voucher:
    kept = record(hand, "street.clerk", voucher(presence, "street_arrival", number, amount))
    return confirm(hand, "street.head", kept)


def number_of(hand: Hands, presence: Presence) -> str:
    reader = hand("auditor").office.store.reader
    return str(reader.find(Decision, "990102", request_id=presence.request_id)[0].number)


# ---- once ----------------------------------------------------------------------------------------


def test_the_same_file_is_one_batch_and_the_same_line_has_one_effect(hand: Hands) -> None:
    first = treasury(hand, f"{STREET_NAME},{CIVIL},3000.00,T1", f"甲公司,{CIVIL},5.00,T2")
    again = treasury(hand, f"{STREET_NAME},{CIVIL},3000.00,T1", f"甲公司,{CIVIL},5.00,T2")
    assert (first.batch.added, first.known, again.batch.id) == (2, 0, first.batch.id)
    other = treasury(hand, f"甲公司,{CIVIL},5.00,T2", f"乙公司,{CIVIL},5.00,T3")
    assert (other.batch.added, other.known) == (1, 1)
    assert [line.external_key for line in lines(hand)] == ["T1", "T2", "T3"] or len(
        lines(hand)
    ) == 3
    assert len(hand("auditor").office.store.reader.find(BankBatch, "990102")) == 2


def test_a_line_that_stands_twice_in_a_file_has_one_effect(one_hand: Hands) -> None:
    told = treasury(one_hand, f"甲公司,{CIVIL},5.00,T1", f"甲公司,{CIVIL},5.00,T1")
    assert (told.batch.rows, told.batch.added, told.known) == (2, 1, 1)


def test_two_lines_without_a_number_that_say_the_same_are_two_lines(one_hand: Hands) -> None:
    row = "100.00,,演示县财政局,"
    assert bank(one_hand, row, row).batch.added == 2
    assert bank(one_hand, row, row, "1.00,,演示县财政局,").batch.added == 1


def test_one_number_with_two_contents_in_a_file_is_refused(one_hand: Hands) -> None:
    with refused("import.cells") as info:
        treasury(one_hand, f"甲公司,{CIVIL},5.00,T1", f"甲公司,{CIVIL},6.00,T1")
    assert [error["row"] for error in info.value.facts["errors"]] == [3]
    assert lines(one_hand) == []


def test_what_a_known_line_says_otherwise_is_told_and_not_taken(one_hand: Hands) -> None:
    treasury(one_hand, f"甲公司,{CIVIL},5.00,T1")
    told = treasury(one_hand, f"甲公司,{CIVIL},6.00,T1")
    assert [(one.row, one.external_key) for one in told.otherwise] == [(2, "T1")]
    assert only(one_hand).amount_fen == 500


def test_imports_that_race_have_one_effect(hand: Hands, office: Office) -> None:
    rows = [f"甲公司,{CIVIL},{n}.00,T{n}" for n in range(1, 41)]

    def bring(shift: int) -> int:
        mine = [rows[(shift + n) % 40] for n in range(25)]
        return treasury(hand, *mine).batch.added

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(bring, range(0, 40, 5)))
    assert sum(added) == 40
    assert len(lines(hand)) == 40


def test_every_line_is_kept_whoever_was_paid(one_hand: Hands) -> None:
    treasury(one_hand, f"{STREET_NAME},{CIVIL},1,T1", f"不知何处,{CIVIL},2,T2", "张三,,3,T3")
    county = one_hand("finance.clerk").actor.posts[0].area_path
    first, second, third = sorted(lines(one_hand), key=lambda line: line.external_key)
    assert first.party_id == "o-990102001"
    assert first.area_path.startswith(county)
    assert (second.party_id, second.area_path, second.payer_id) == (
        None, county, "o-990102-civil",
    )  # fmt: skip
    assert (third.personal, third.direction) == (True, Direction.OUT)


def test_a_statement_of_several_accounts_names_them_line_by_line(one_hand: Hands) -> None:
    text = (
        "日期,户名,收入金额\n2026-03-02,霜舟演示社区居民委员会,1\n2026-03-02,云笺演示街道办事处,2\n"
    )
    given = taking.read(LineSource.BANK, "多户.csv", text.encode())
    one_hand("finance.clerk").do(lambda d: taking.bring_in(d, given))
    assert {line.account_id for line in lines(one_hand)} == {"o-990102001", "o-990102001001"}


def test_a_statement_of_nobody_known_is_refused(one_hand: Hands) -> None:
    with refused("bank.account"):
        bank(one_hand, "1,,甲,K1", account="不知何处", by="finance.clerk")
    with refused("bank.account_unsaid"):
        bank(one_hand, "1,,甲,K1", account="", by="finance.clerk")


def test_what_has_not_happened_yet_is_on_no_statement(one_hand: Hands) -> None:
    given = taking.read(LineSource.BANK, "早.csv", "日期,收入金额\n2026-03-03,1\n".encode())
    with refused("import.cells"):
        one_hand("street.clerk").do(lambda d: taking.bring_in(d, given, "o-990102001"))


# ---- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["street2.clerk", "community.worker", "dept.clerk", "auditor"])
def test_a_statement_is_brought_in_by_its_holder_or_by_finance(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        bank(one_hand, "1,,甲,K1", by=by)


@pytest.mark.parametrize("by", ["street.clerk", "community.cashier", "dept.head"])
def test_the_payment_list_is_brought_in_by_finance(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        treasury(one_hand, f"甲公司,{CIVIL},1,T1", by=by)


@pytest.mark.parametrize(
    ("by", "code"),
    [("street2.clerk", "access.hidden"), ("community.cashier", "access.hidden"),
     ("dept.head", "access.hidden"), ("auditor", "access.forbidden")],
)  # fmt: skip
def test_a_line_is_settled_by_its_holder_finance_or_the_office(
    one_hand: Hands, by: str, code: str
) -> None:
    bank(one_hand, "1,,甲公司五个字,K1")
    with refused(code):
        said(one_hand, by, "flag", only(one_hand), ReasonCommand(reason="不知由来"))
    for settler in ("street.head", "finance.clerk", "county.office"):
        line = only(one_hand)
        said(
            one_hand, settler, "classify", line, ClassifyCommand(classed_as=LineClass("unrelated"))
        )
        said(one_hand, settler, "unmatch", line, ReasonCommand(reason="再看"))


# ---- matched by the machine ----------------------------------------------------------------------


def test_an_admission_number_and_an_amount_match(hand: Hands) -> None:
    presence = case.presence_of(hand, admitted(hand))
    sent = dispatched(hand, presence)
    told = treasury(hand, f"{STREET_NAME},,3000.00,T1,{number_of(hand, presence)}")
    line = only(hand)
    assert (told.batch.matched, line.state, line.voucher_id, line.matched_way) == (
        1, LineState.MATCHED, sent.id, MatchWay.ADMISSION,
    )  # fmt: skip


def test_a_voucher_number_and_an_amount_match(one_hand: Hands, presence: Presence) -> None:
    dispatched(one_hand, presence)
    kept = arrived(one_hand, presence)
    bank(one_hand, "3000.00,,某某银行网点,K1,,到1")
    assert only(one_hand).voucher_id == kept.id
    assert only(one_hand).matched_way is MatchWay.NUMBER


def test_an_amount_alone_matches_where_it_is_the_only_one_of_its_payer_and_place(
    one_hand: Hands, presence: Presence
) -> None:
    sent = dispatched(one_hand, presence)
    treasury(one_hand, f"{STREET_NAME},{CIVIL},3000.00,T1")
    assert (only(one_hand).voucher_id, only(one_hand).matched_way) == (sent.id, MatchWay.AMOUNT)
    kept = arrived(one_hand, presence)
    bank(one_hand, "3000.00,,演示县国库集中支付中心,K1")
    assert only(one_hand, source="bank").voucher_id == kept.id


@pytest.mark.parametrize(
    "rows",
    [
        (f"{STREET_NAME},{CIVIL},3000.00,T1", f"{STREET_NAME},{CIVIL},3000.00,T2"),
        (f"{STREET_NAME},演示县教育局,3000.00,T1",),
        (f"{STREET_NAME},,3000.00,T1",),
        (f"晴棠演示街道办事处,{CIVIL},3000.00,T1",),
        (f"{STREET_NAME},{CIVIL},3000.01,T1",),
        (f"{STREET_NAME},{CIVIL},3000.00,T1,演准〔2020〕99号",),
    ],
)
def test_whatever_is_in_doubt_is_left_to_a_person(
    one_hand: Hands, presence: Presence, rows: tuple[str, ...]
) -> None:
    dispatched(one_hand, presence)
    treasury(one_hand, *rows)
    assert {line.state for line in lines(one_hand)} == {LineState.OPEN}


def test_two_vouchers_of_one_amount_are_left_to_a_person(
    one_hand: Hands, presence: Presence
) -> None:
    dispatched(one_hand, presence, 100)
    record(one_hand, "dept.head", voucher(presence, "order", "令2", 100))
    second = record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨2", 100))
    confirm(one_hand, "finance.head", second)
    treasury(one_hand, f"{STREET_NAME},{CIVIL},1.00,T1")
    assert only(one_hand).state is LineState.OPEN
    treasury(one_hand, f"{STREET_NAME},{CIVIL},1.00,T2,,拨2")
    assert only(one_hand, external_key="T2").voucher_id == second.id


def test_what_is_not_confirmed_matches_nothing_and_a_tick_matches_it_later(
    one_hand: Hands, presence: Presence
) -> None:
    record(one_hand, "dept.head", voucher(presence, "order", "令1", SENT))
    kept = record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨1", SENT))
    treasury(one_hand, f"{STREET_NAME},{CIVIL},3000.00,T1")
    assert only(one_hand).state is LineState.OPEN
    confirm(one_hand, "finance.head", kept)
    office = one_hand("auditor").office
    assert tick(office)["reconciled"] == 1
    assert only(one_hand).voucher_id == kept.id
    assert "reconciled" not in tick(office)


def test_what_was_reversed_is_left_to_a_person(one_hand: Hands, presence: Presence) -> None:
    from tests.actions.test_funding import _reversal

    sent = dispatched(one_hand, presence)
    back = record(one_hand, "finance.clerk", _reversal(presence, sent.id, 100))
    confirm(one_hand, "finance.head", back)
    treasury(one_hand, f"{STREET_NAME},{CIVIL},3000.00,T1")
    assert only(one_hand).state is LineState.OPEN


# ---- settled by a person -------------------------------------------------------------------------


@pytest.fixture
def sent(one_hand: Hands, presence: Presence) -> Voucher:
    return dispatched(one_hand, presence)


def test_a_person_matches_parts_until_the_amounts_are_equal(one_hand: Hands, sent: Voucher) -> None:
    treasury(one_hand, f"{STREET_NAME},{CIVIL},1000,T1", f"{STREET_NAME},{CIVIL},2000,T2",
             f"{STREET_NAME},{CIVIL},0.01,T3")  # fmt: skip
    order = MatchCommand(voucher_id=sent.id)
    for key in ("T1", "T2"):
        line = said(one_hand, "finance.clerk", "match", only(one_hand, external_key=key), order)
        assert (line.state, line.matched_way) == (LineState.MATCHED, MatchWay.PERSON)
    with refused("bank.exceeds") as info:
        said(one_hand, "finance.clerk", "match", only(one_hand, external_key="T3"), order)
    assert (info.value.facts["voucher_fen"], info.value.facts["matched_fen"]) == (SENT, SENT)


def test_a_line_shows_no_voucher_of_another_account(one_hand: Hands, sent: Voucher) -> None:
    bank(one_hand, "3000,,某某单位名称,K1")
    with refused("bank.elsewhere"):
        said(one_hand, "street.clerk", "match", only(one_hand), MatchCommand(voucher_id=sent.id))


def test_a_payee_that_was_misspelt_is_put_right_by_who_matches(
    one_hand: Hands, sent: Voucher
) -> None:
    treasury(one_hand, f"云笺街道,{CIVIL},3000,T1")
    line = said(one_hand, "finance.head", "match", only(one_hand), MatchCommand(voucher_id=sent.id))
    assert line.area_path == one_hand("street.clerk").actor.posts[0].area_path


def test_what_is_settled_is_taken_back_before_it_is_settled_anew(
    one_hand: Hands, sent: Voucher
) -> None:
    treasury(one_hand, f"{STREET_NAME},{CIVIL},3000.00,T1")
    line = only(one_hand)
    other = ClassifyCommand(classed_as=LineClass("donation"))
    with refused("bank.settled"):
        said(one_hand, "finance.clerk", "classify", line, other)
    said(one_hand, "finance.clerk", "unmatch", line, ReasonCommand(reason="对错了"))
    with refused("bank.open"):
        said(one_hand, "finance.clerk", "unmatch", line, ReasonCommand(reason="再撤"))
    assert said(one_hand, "finance.clerk", "classify", line, other).classed_as == "donation"


def test_what_a_person_took_back_no_machine_matches_again(one_hand: Hands, sent: Voucher) -> None:
    treasury(one_hand, f"{STREET_NAME},{CIVIL},3000.00,T1")
    said(one_hand, "finance.clerk", "unmatch", only(one_hand), ReasonCommand(reason="对错了"))
    office = one_hand("auditor").office
    assert "reconciled" not in tick(office)
    treasury(one_hand, f"甲公司名称,{CIVIL},1.00,T2")
    assert only(one_hand, external_key="T1").state is LineState.OPEN
    line = only(one_hand, external_key="T1")
    said(one_hand, "finance.clerk", "match", line, MatchCommand(voucher_id=sent.id))


def test_a_tick_that_finds_nothing_leaves_no_trace(one_hand: Hands, presence: Presence) -> None:
    dispatched(one_hand, presence)
    treasury(one_hand, f"{STREET_NAME},{CIVIL},3000,T1", f"{STREET_NAME},{CIVIL},3000,T2")
    office = one_hand("auditor").office
    tick(office)
    before = office.store.reader.counts()
    tick(office)
    assert office.store.reader.counts() == before


def test_another_street_that_is_named_on_a_statement_does_not_read_it(one_hand: Hands) -> None:
    bank(one_hand, ",5,晴棠演示街道办事处,K1")
    query = reading.ListQuery()
    for by, sees in (("street2.clerk", 0), ("street.clerk", 1), ("community.head", 0),
                     ("finance.head", 1), ("auditor", 1), ("county.office", 1)):  # fmt: skip
        person = one_hand(by)
        page = reading.page(person.office, person.actor, BankLine, query)
        assert len(page.items) == sees, by


def test_money_from_another_source_is_kept_as_such_until_that_is_taken_back(
    one_hand: Hands,
) -> None:
    bank(one_hand, "500,,某某爱心企业有限公司,K1")
    line = only(one_hand)
    said(
        one_hand,
        "street.clerk",
        "classify",
        line,
        ClassifyCommand(classed_as=LineClass("donation")),
    )
    reader = one_hand("auditor").office.store.reader
    (income,) = reader.find(OtherIncome, "990102")
    assert (income.source, income.amount_fen, income.direction, income.bank_line_id) == (
        "donation", 50_000, Direction.IN, line.id,
    )  # fmt: skip
    said(one_hand, "street.clerk", "unmatch", line, ReasonCommand(reason="是还款"))
    said(
        one_hand, "street.clerk", "classify", line, ClassifyCommand(classed_as=LineClass("refund"))
    )
    (income,) = reader.find(OtherIncome, "990102")
    assert income.withdrawn == "是还款"


def _findings(hand: Hands, code: str) -> list[Finding]:
    return list(hand("auditor").office.store.reader.find(Finding, "990102", code=code))


def test_a_payment_without_an_admission_is_asked_about_in_neutral_words(one_hand: Hands) -> None:
    treasury(one_hand, f"{STREET_NAME},{CIVIL},77,T1")
    line = said(one_hand, "finance.clerk", "flag", only(one_hand), ReasonCommand(reason="无批准号"))
    assert line.state is LineState.FINDING
    (finding,) = _findings(one_hand, "funds.unregistered_payment")
    assert (finding.facts["amount_fen"], finding.closed_on) == (7_700, None)
    assert "违" not in finding.detail
    with refused("bank.settled"):
        said(one_hand, "finance.clerk", "flag", line, ReasonCommand(reason="再问"))
    said(
        one_hand,
        "finance.clerk",
        "classify",
        line,
        ClassifyCommand(classed_as=LineClass("running")),
    )
    assert _findings(one_hand, "funds.unregistered_payment")[0].closed_on is not None


def test_money_of_one_matter_spent_on_another_is_asked_about(
    one_hand: Hands, presence: Presence
) -> None:
    bank(one_hand, ",60,某某物业服务有限公司,K1", "10,,某某单位名称,K2")
    line = only(one_hand, external_key="K1")
    other = ClassifyCommand(classed_as=LineClass("own_cost"), money_of=presence.id)
    with refused("bank.money_of"):
        said(one_hand, "street.clerk", "classify", only(one_hand, external_key="K2"), other)
    said(one_hand, "street.clerk", "classify", line, other)
    (finding,) = _findings(one_hand, "funds.diverted")
    assert (finding.facts["presence_id"], finding.facts["amount_fen"]) == (presence.id, 6_000)
    said(one_hand, "street.clerk", "unmatch", line, ReasonCommand(reason="看错"))
    assert _findings(one_hand, "funds.diverted")[0].closed_on is not None
    said(one_hand, "street.clerk", "classify", line,
         ClassifyCommand(classed_as=LineClass("transfer"), money_of=presence.id))  # fmt: skip
    assert _findings(one_hand, "funds.diverted")[0].closed_on is not None


def test_a_hundred_lines_are_matched_in_one_import(hand: Hands) -> None:
    presence = case.presence_of(hand, admitted(hand))
    rows, vouchers = [], []
    for n in range(1, 31):
        record(hand, "dept.head", voucher(presence, "order", f"令{n}", n))
        kept = record(hand, "finance.clerk", voucher(presence, "dispatch", f"拨{n}", n))
        vouchers.append(confirm(hand, "finance.head", kept).id)
        rows.append(f"{STREET_NAME},{CIVIL},0.{n:02},T{n}")
    assert treasury(hand, *rows).batch.matched == 30
    by_amount = {line.amount_fen: line.voucher_id for line in lines(hand)}
    assert [by_amount[n] for n in range(1, 31)] == vouchers
