"""部分准予 fewer areas, a shorter term, less money: what is granted is what lives on (P13)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.actions import agreeing, approving
from registry.actions.approving import DecideCommand, OpinionCommand
from registry.actions.granting import admitted
from registry.actions.ledger import recording
from registry.actions.ledger.pledging import pledged
from registry.actions.office import Answer
from registry.domain.agreement import TermsCommand
from registry.domain.amounts import share
from registry.domain.approval import Ballot
from registry.domain.funds import VoucherLine
from registry.domain.grant import Grant, common, narrowed
from registry.domain.outcome import StreetOutcome
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from registry.domain.succession import Succession
from tests.actions import case
from tests.actions.case import Hands, accepted, drafted, examined, filing_of, submitted
from tests.actions.deciding_hands import begun, decides, decisions_of, now
from tests.actions.flowed import CITY, OFFICE, STREET, files_with, flow, in_force
from tests.actions.refused import refused

STREET_WIDE = ["990102001"]
SIX = [f"a-99010200100{n}" for n in range(1, 7)]
ODD = 800_003
LINE: dict[str, Any] = {
    **case.OFF_LIST["funding"][0], "rate_fen": 0, "quantity": 0, "amount_fen": ODD,
    "schedule": [
        {"due_on": "2026-03-20", "amount_fen": 300_000},
        {"due_on": "2026-06-01", "amount_fen": 500_003},
    ],
}  # fmt: skip
BOTH = {**STREET, "bodies": ["street", "government"], "quorum": "all"}


def ready(hand: Hands, **filing: Any) -> Request:
    """Examined for six communities of one street, to be decided."""
    asked = {"targets": STREET_WIDE, "funding": [LINE], **filing}
    return examined(hand, accepted(hand, submitted(hand, drafted(hand, **asked))))


def granted(hand: Hands, request: Request, by: str = "street.head", **grant: Any) -> Request:
    order = DecideCommand(reason="部分准予", grant=Grant(**grant))
    return decides(hand, by, request, order=order)


def presences(hand: Hands, request: Request) -> list[Presence]:
    reader = hand("auditor").office.store.reader
    return list(reader.find(Presence, "990102", request_id=request.id))


def summed(hand: Hands, request: Request) -> dict[str, int]:
    """What the books hold as granted to the presences together, 分 by line."""
    lines = hand("auditor").office.store.reader.find(VoucherLine, "990102", request_id=request.id)
    sums: dict[str, int] = {}
    for (_, key, _), fen in pledged(lines).items():
        sums[key] = sums.get(key, 0) + fen
    return sums


# ---- what is granted lives on --------------------------------------------------------------------


def test_presences_are_made_only_where_it_is_granted_with_its_term_and_money(hand: Hands) -> None:
    request = granted(
        hand, ready(hand), areas=SIX[:2], ends_on=date(2026, 5, 31), funding={"F1": 100_001}
    )  # fmt: skip
    assert request.state is State.APPROVED
    made = presences(hand, request)
    assert [(p.area_id, p.starts_on, p.ends_on, p.share_fen) for p in made] == [
        (SIX[0], date(2026, 4, 1), date(2026, 5, 31), 50_001),
        (SIX[1], date(2026, 4, 1), date(2026, 5, 31), 50_000),
    ]
    assert summed(hand, request) == {"F1": 100_001}
    assert sum(p.first_due_fen for p in made) == 100_001 * 300_000 // ODD


def test_what_was_asked_stays_on_record_beside_what_was_granted(one_hand: Hands) -> None:
    request = granted(one_hand, ready(one_hand), areas=SIX[:2])
    assert request.filing.targets == STREET_WIDE
    decision = decisions_of(one_hand, request)[0]
    assert decision.grant is not None and decision.grant.areas == SIX[:2]
    seen: Any = one_hand("auditor").do(lambda d: Answer(body=admitted(d, now(one_hand, request))))
    assert seen.targets == SIX[:2]
    outcome = one_hand("auditor").office.store.reader.find(StreetOutcome, "990102")
    assert [(o.outcome.value, o.areas) for o in outcome] == [("partial", SIX[:2])]


def test_the_agreement_speaks_of_what_was_granted(one_hand: Hands) -> None:
    request = granted(one_hand, ready(one_hand), ends_on=date(2026, 5, 1), funding={"F1": 7})
    terms = TermsCommand(request_id=request.id, responsibility="培训", acceptance="抽查")
    agreement = one_hand("dept.clerk").do(lambda d: agreeing.offer(d, terms))
    assert (agreement.terms.ends_on, agreement.terms.money_fen) == (date(2026, 5, 1), 7)


def test_no_more_is_ordered_than_was_granted(one_hand: Hands) -> None:
    request = granted(one_hand, ready(one_hand, targets=SIX[:1]), funding={"F1": 500})
    presence = case.agreed(one_hand, request)
    with refused("voucher.exceeds"):
        one_hand("dept.head").do(
            lambda d: recording.record(d, case.voucher(presence, "order", "令1", 501))
        )
    one_hand("dept.head").do(
        lambda d: recording.record(d, case.voucher(presence, "order", "令1", 500))
    )


def test_a_grant_names_its_areas_by_the_ids_they_have_today(one_hand: Hands) -> None:
    request = granted(one_hand, ready(one_hand), areas=SIX[:2])
    merged = Succession(
        county="990102", id="suc-1", reorganisation_id="reo-1", object_kind="area",
        object_id=SIX[0], successor_id=SIX[5], effective_on=date(2026, 3, 2),
    )  # fmt: skip
    one_hand("auditor").do(lambda d: Answer(body=d.unit.add(merged)))
    seen: Any = one_hand("auditor").do(lambda d: Answer(body=admitted(d, now(one_hand, request))))
    assert seen.targets == [SIX[5], SIX[1]]
    grant = decisions_of(one_hand, request)[0].grant
    assert grant is not None and grant.areas == SIX[:2], "the paper keeps what it says"


def test_a_grant_of_everything_is_none(one_hand: Hands) -> None:
    asked = ready(one_hand)
    everything = {"areas": SIX, "starts_on": asked.filing.starts_on, "funding": {"F1": ODD}}
    assert decisions_of(one_hand, granted(one_hand, asked, **everything))[0].grant is None


# ---- no more than was asked ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "grant",
    [
        {"areas": ["990102002001"]},
        {"areas": ["990102"]},
        {"starts_on": date(2026, 3, 31)},
        {"ends_on": date(2026, 7, 1)},
        {"starts_on": date(2026, 6, 2), "ends_on": date(2026, 6, 1)},
        {"funding": {"F1": ODD + 1}},
        {"funding": {"F2": 1}},
    ],
)
def test_no_more_is_granted_than_was_asked(one_hand: Hands, grant: dict[str, Any]) -> None:
    request = begun(one_hand, STREET, filing={"targets": STREET_WIDE, "funding": [LINE]})
    with refused("grant.beyond"):
        granted(one_hand, request, **grant)
    assert now(one_hand, request).state is State.ACCEPTED


def test_an_adviser_proposes_no_more_than_was_asked_either(one_hand: Hands) -> None:
    examine = {"key": "examine", "act": "examine", "bodies": ["street"]}
    request = begun(one_hand, examine, OFFICE, filing={"targets": SIX[:1]})
    (task,) = case.open_tasks(one_hand, "street.clerk", request)
    order = OpinionCommand(ballot=Ballot.AGREE, grant=Grant(areas=SIX[:2]))
    with refused("grant.beyond"):
        one_hand("street.clerk").do(lambda d: approving.opine(d, task.id, task.version, order))


def test_what_an_adviser_proposes_binds_nobody(one_hand: Hands) -> None:
    examine = {"key": "examine", "act": "examine", "bodies": ["street"]}
    request = begun(one_hand, examine, OFFICE, filing={"targets": SIX[:2]})
    (task,) = case.open_tasks(one_hand, "street.clerk", request)
    order = OpinionCommand(ballot=Ballot.AGREE, grant=Grant(areas=SIX[:1]))
    one_hand("street.clerk").do(lambda d: approving.opine(d, task.id, task.version, order))
    decides(one_hand, "county.head", request)
    assert decisions_of(one_hand, request)[0].grant is None


# ---- several who grant ---------------------------------------------------------------------------


def test_of_several_who_must_agree_the_least_is_granted(hand: Hands) -> None:
    request = begun(hand, BOTH, by="street.head",
                    filing={"targets": STREET_WIDE, "funding": [LINE]})  # fmt: skip
    granted(hand, request, areas=SIX[:3], ends_on=date(2026, 6, 1), funding={"F1": 9_000})
    granted(hand, request, by="gov.head", areas=SIX[1:], starts_on=date(2026, 4, 5),
            funding={"F1": 9_001})  # fmt: skip
    assert decisions_of(hand, request)[0].grant == Grant(
        areas=SIX[1:3], starts_on=date(2026, 4, 5), ends_on=date(2026, 6, 1), funding={"F1": 9_000}
    )


def test_what_has_nothing_in_common_is_not_granted(one_hand: Hands) -> None:
    request = begun(one_hand, BOTH, by="street.head", filing={"targets": STREET_WIDE})
    granted(one_hand, request, areas=SIX[:1])
    with refused("grant.nothing"):
        granted(one_hand, request, by="gov.head", areas=SIX[1:2])
    granted(one_hand, request, by="gov.head", areas=SIX[:2])
    assert [p.area_id for p in presences(one_hand, request)] == SIX[:1]


def test_who_ratifies_may_cut_further_and_never_adds(one_hand: Hands) -> None:
    request = begun(one_hand, OFFICE, CITY, by="county.head",
                    filing={"targets": STREET_WIDE})  # fmt: skip
    granted(one_hand, request, by="county.head", areas=SIX[:3])
    granted(one_hand, request, by="city.office", areas=SIX[2:])
    assert decisions_of(one_hand, request)[0].grant.areas == SIX[2:3]  # type: ignore[union-attr]


def test_the_rules_are_asked_about_what_would_be_granted(one_hand: Hands) -> None:
    """A temporary matter of over a year, insisted on; the street admits no more than a year."""
    files = files_with(flow(STREET))
    head = files["rules.csv"].splitlines()[0].split(",")
    cells = {"# p": "p", "gate": "approve", "term": "over", "eft": "deny", "outcome": "refused",
             "rule": "DM-TERM-OVER"}  # fmt: skip
    files["rules.csv"] += ",".join(cells.get(name, "*") for name in head) + "\n"
    in_force(one_hand, files)
    long = {"duration": "temporary", "ends_on": "2027-06-30", "targets": SIX[:1]}
    request = submitted(one_hand, drafted(one_hand, **long), insist=True, reason="确需两年")
    accepted(one_hand, request)
    with refused("gate.refused") as info:
        decides(one_hand, "street.head", request)
    assert info.value.rules[0]["rule"] == "DM-TERM-OVER"
    assert granted(one_hand, request, ends_on=date(2027, 3, 31)).state is State.APPROVED


# ---- to the 分 -----------------------------------------------------------------------------------

FEN = st.integers(0, 10**9)


@given(first=FEN, second=FEN, part=st.integers(0, 100), doors=st.integers(1, 40))
def test_shares_sum_to_what_was_granted_and_instalments_too(
    first: int, second: int, part: int, doors: int
) -> None:
    schedule = [
        {"due_on": day, "amount_fen": fen}
        for day, fen in (("2026-06-01", second), ("2026-03-20", first)) if fen
    ]  # fmt: skip
    line = {**LINE, "amount_fen": first + second, "schedule": schedule}
    asked = filing_of(funding=[line])
    fen = (first + second) * part // 100
    (cut,) = narrowed(asked, Grant(funding={"F1": fen}, ends_on=date(2026, 5, 1))).funding
    assert cut.amount_fen == fen
    assert sum(share(cut.amount_fen, doors, n) for n in range(doors)) == fen
    assert sum(i.amount_fen for i in cut.schedule) in (fen, 0)
    asked_by = {i.due_on: i.amount_fen for i in asked.funding[0].schedule}
    assert all(i.amount_fen <= asked_by[i.due_on] for i in cut.schedule)


@given(rate=st.integers(1, 10_000), quantity=st.integers(1, 10_000), part=st.integers(0, 100))
def test_a_line_with_a_rate_stays_a_line(rate: int, quantity: int, part: int) -> None:
    line = {**LINE, "rate_fen": rate, "quantity": quantity, "amount_fen": rate * quantity,
            "schedule": []}  # fmt: skip
    fen = rate * quantity * part // 100
    (cut,) = narrowed(filing_of(funding=[line]), Grant(funding={"F1": fen})).funding
    assert cut.amount_fen == fen
    assert cut.rate_fen * cut.quantity in (fen, 0)


DAYS = st.one_of(st.none(), st.dates(date(2026, 4, 1), date(2026, 4, 9)))
GRANTS = st.builds(
    Grant, areas=st.lists(st.sampled_from(SIX), unique=True), starts_on=DAYS,
    ends_on=DAYS, funding=st.dictionaries(st.sampled_from(["F1", "F2"]), FEN),
)  # fmt: skip


@given(grants=st.lists(GRANTS, max_size=4))
def test_what_is_common_is_within_every_grant_in_whatever_order(grants: list[Grant]) -> None:
    met, turned = common(grants), common(grants[::-1])
    assert (met is None) is (turned is None)
    if met is None or turned is None:
        return
    assert set(met.areas) == set(turned.areas)
    for one in grants:
        assert not one.areas or set(met.areas) <= set(one.areas)
        assert one.starts_on is None or (met.starts_on or date.min) >= one.starts_on
        assert one.ends_on is None or (met.ends_on or date.max) <= one.ends_on
        assert all(met.funding[key] <= fen for key, fen in one.funding.items())
