"""几个街道 one case over several streets: an opinion and an outcome each, nobody's own case."""

from datetime import UTC, datetime
from typing import Any

import pytest

from registry.actions import approving, filing, submitting
from registry.actions.approving import DecideCommand
from registry.actions.reading import ListQuery, page
from registry.actions.ticking import tick
from registry.domain.approval import Ballot, Task
from registry.domain.areas import Area
from registry.domain.grant import Grant
from registry.domain.outcome import AreaOutcome, StreetOutcome
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from tests.actions import case
from tests.actions.case import Hands, accepted, drafted, submitted
from tests.actions.deciding_hands import begun, decides, decisions_of, now, steps_of
from tests.actions.flowed import STREET, files_with, flow, in_force
from tests.actions.refused import refused
from tests.conftest import MovingClock

TWO = ["990102001001", "990102001002", "990102002001"]
"""Two communities of the first street, one of the second."""
LISTED: dict[str, Any] = {"title": "节水宣传", "targets": TWO}
FIRST, SECOND, TOWN = "o-990102001", "o-990102002", "o-990102100"
REFUSE = approving.reject
MONEY: dict[str, Any] = {
    **case.OFF_LIST["funding"][0], "rate_fen": 0, "quantity": 0, "amount_fen": 100_001,
    "schedule": [],
}  # fmt: skip


def on_record(hand: Hands, by: str = "street.head", **filing: Any) -> Request:
    """A listed matter, on the desks of the streets it is meant for."""
    return accepted(hand, submitted(hand, drafted(hand, **{**LISTED, **filing})), by=by)


def rows(hand: Hands, kind: type[Any], request: Request) -> list[Any]:
    return list(hand("auditor").office.store.reader.find(kind, "990102", request_id=request.id))


def outcomes(hand: Hands, request: Request) -> dict[str, StreetOutcome]:
    return {o.area_id: o for o in rows(hand, StreetOutcome, request)}


def places(hand: Hands, request: Request) -> list[str]:
    return [p.area_id for p in rows(hand, Presence, request)]


def asked(hand: Hands, request: Request) -> list[str]:
    return [t.organisation_id for t in rows(hand, Task, request) if t.state == "open"]


# ---- 各自 ----------------------------------------------------------------------------------------


def test_each_street_answers_for_its_own_area_and_binds_no_other(hand: Hands) -> None:
    request = on_record(hand)
    assert decides(hand, "street.head", request).state is State.IN_REVIEW
    after = decides(
        hand, "street2.head", request, REFUSE, order=DecideCommand(reason="本街道已开展")
    )
    assert after.state is State.APPROVED
    assert places(hand, request) == ["a-990102001001", "a-990102001002"]
    (decision,) = decisions_of(hand, request)
    assert decision.organisation_id == FIRST, "who refused puts no name under an admission"
    assert decision.grant is not None and decision.grant.areas == places(hand, request)
    told = outcomes(hand, request)
    assert {k: (o.ballot, o.outcome) for k, o in told.items()} == {
        "a-990102001000": (Ballot.AGREE, AreaOutcome.ADMITTED),
        "a-990102002000": (Ballot.DISAGREE, AreaOutcome.NOT_ADMITTED),
    }
    assert [o.organisation_id for o in told.values()] == [FIRST, SECOND]


def test_one_no_ends_nothing_before_all_have_spoken(one_hand: Hands) -> None:
    request = on_record(one_hand)
    assert decides(one_hand, "street.head", request, REFUSE).state is State.IN_REVIEW
    assert asked(one_hand, request) == [SECOND]
    assert decides(one_hand, "street2.head", request).state is State.APPROVED
    assert places(one_hand, request) == ["a-990102002001"]


def test_where_no_street_agrees_nothing_is_admitted(one_hand: Hands) -> None:
    request = on_record(one_hand)
    decides(one_hand, "street.head", request, REFUSE)
    assert decides(one_hand, "street2.head", request, REFUSE).state is State.REJECTED
    assert {o.outcome for o in outcomes(one_hand, request).values()} == {AreaOutcome.NOT_ADMITTED}
    assert places(one_hand, request) == []


def test_where_all_streets_agree_it_is_as_asked(one_hand: Hands) -> None:
    request = on_record(one_hand, funding=[MONEY])
    decides(one_hand, "street.head", request)
    decides(one_hand, "street2.head", request)
    assert decisions_of(one_hand, request)[0].grant is None
    assert sum(p.share_fen for p in rows(one_hand, Presence, request)) == MONEY["amount_fen"]


def test_the_money_goes_with_the_communities(hand: Hands) -> None:
    """33,334 + 33,334 + 33,333 分 were asked; the third community's share is not given to others."""
    request = on_record(hand, funding=[MONEY])
    decides(hand, "street.head", request)
    decides(hand, "street2.head", request, REFUSE)
    grant = decisions_of(hand, request)[0].grant
    assert grant is not None and grant.funding == {"F1": 66_668}
    assert [p.share_fen for p in rows(hand, Presence, request)] == [33_334, 33_334]


def test_a_street_admits_a_part_of_its_own_area(one_hand: Hands) -> None:
    request = on_record(one_hand)
    some = DecideCommand(reason="只准一个社区", grant=Grant(areas=["990102001002"]))
    decides(one_hand, "street.head", request, order=some)
    decides(one_hand, "street2.head", request)
    assert places(one_hand, request) == ["a-990102001002", "a-990102002001"]
    told = outcomes(one_hand, request)["a-990102001000"]
    assert (told.outcome, told.areas) == (AreaOutcome.PARTIAL, ["a-990102001002"])
    assert outcomes(one_hand, request)["a-990102002000"].outcome is AreaOutcome.ADMITTED


def test_a_street_admits_nothing_in_another(one_hand: Hands) -> None:
    request = on_record(one_hand)
    with refused("grant.beyond"):
        decides(one_hand, "street.head", request,
                order=DecideCommand(grant=Grant(areas=["990102002001"])))  # fmt: skip


def test_a_street_of_several_does_not_cut_what_all_share(one_hand: Hands) -> None:
    request = on_record(one_hand, funding=[MONEY])
    with refused("grant.shared"):
        decides(one_hand, "street.head", request,
                order=DecideCommand(grant=Grant(funding={"F1": 1})))  # fmt: skip


def test_a_street_asked_alone_cuts_the_money_too(one_hand: Hands) -> None:
    request = on_record(one_hand, targets=TWO[:1], funding=[MONEY])
    order = DecideCommand(reason="核减", grant=Grant(funding={"F1": 5}))
    assert decides(one_hand, "street.head", request, order=order).state is State.APPROVED
    assert [p.share_fen for p in rows(one_hand, Presence, request)] == [5]
    assert outcomes(one_hand, request)["a-990102001000"].outcome is AreaOutcome.PARTIAL


def test_who_is_called_for_a_late_street_answers_for_its_area_alone(
    one_hand: Hands, clock: MovingClock
) -> None:
    late = {**STREET, "quorum": "each", "days": 2, "on_expiry": "escalate"}
    in_force(one_hand, files_with(flow(late, escalate_to="admission_office")))
    request = on_record(one_hand)
    decides(one_hand, "street.head", request, REFUSE)
    clock.at = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
    tick(one_hand("auditor").office)
    assert asked(one_hand, request) == [SECOND, "o-990102-admission"]
    assert decides(one_hand, "county.head", request).state is State.APPROVED
    assert places(one_hand, request) == ["a-990102002001"], "the first had said no for its own"


# ---- opinions and outcomes -----------------------------------------------------------------------


def test_what_the_county_decides_is_told_street_by_street_beside_their_opinions(
    hand: Hands,
) -> None:
    request = accepted(hand, submitted(hand, drafted(hand, targets=TWO)), by="street.head")
    for by, ballot in (("street.head", "agree"), ("street2.head", "disagree")):
        (task,) = case.open_tasks(hand, by, request)
        order = approving.OpinionCommand(ballot=Ballot(ballot), text="意见")
        hand(by).do(lambda d, t=task, o=order: approving.opine(d, t.id, t.version, o))
    case.examined(hand, now(hand, request), by="county.office")
    decides(hand, "county.head", request)
    told = outcomes(hand, request)
    assert {k: (o.ballot, o.outcome.value) for k, o in told.items()} == {
        "a-990102001000": (Ballot.AGREE, "admitted"),
        "a-990102002000": (Ballot.DISAGREE, "admitted"),
    }
    assert all(o.opinion_id and o.decision_id for o in told.values())


def test_what_is_refused_is_refused_in_every_street(one_hand: Hands) -> None:
    request = begun(one_hand, {**STREET, "quorum": "all"}, by="street.head",
                    filing={"targets": TWO})  # fmt: skip
    decides(one_hand, "street.head", request, REFUSE)
    told = outcomes(one_hand, request)
    assert [(k, o.outcome.value) for k, o in told.items()] == [
        ("a-990102001000", "not_admitted"), ("a-990102002000", "not_admitted"),
    ]  # fmt: skip
    assert told["a-990102002000"].ballot is None, "it was not asked any more"


def test_a_matter_for_the_whole_county_touches_every_street(one_hand: Hands) -> None:
    request = begun(one_hand, {"key": "d", "act": "decide", "bodies": ["admission_office"]},
                    by="county.head", filing={"targets": ["990102"]})  # fmt: skip
    decides(one_hand, "county.head", request)
    reader = one_hand("auditor").office.store.reader
    assert len(outcomes(one_hand, request)) == len(reader.find(Area, "990102", level="street"))


def test_a_street_reads_its_own_outcome_and_the_asking_side_all(hand: Hands) -> None:
    request = on_record(hand)
    decides(hand, "street.head", request)
    decides(hand, "street2.head", request)
    for by, seen in (
        ("street.head", ["a-990102001000"]), ("street2.head", ["a-990102002000"]),
        ("dept.clerk", ["a-990102001000", "a-990102002000"]), ("dept2.clerk", []),
        ("county.office", ["a-990102001000", "a-990102002000"]), ("township.head", []),
    ):  # fmt: skip
        person = hand(by)
        found = page(person.office, person.actor, StreetOutcome, ListQuery())
        assert [o.area_id for o in found.items] == seen, by


# ---- nobody decides their own request ------------------------------------------------------------

OWN = [{"organisation_id": FIRST, "leading": True, "duties": "组织实施"}]
BESIDE = [{"organisation_id": "o-990102-civil", "leading": True}, {"organisation_id": FIRST}]


def filed_by_street(hand: Hands, **changes: Any) -> Request:
    """What the first street files itself, signed by its head."""
    command = filing.DraftCommand(filing=case.filing_of(**{**LISTED, "funding": [], **changes}))
    request = hand("street.clerk").do(lambda d: filing.draft(d, command)).request
    order = submitting.SubmitCommand()
    view = hand("street.head").do(lambda d: submitting.submit(d, request.id, 1, order))
    made: Request = view.request
    return made


def test_a_streets_own_listed_matter_is_filed_with_the_body_above(hand: Hands) -> None:
    request = filed_by_street(hand, applicants=OWN, targets=TWO[:1])
    assert asked(hand, request) == ["o-990102-admission"]
    accepted(hand, request, by="county.head")
    assert decides(hand, "county.head", request).state is State.APPROVED
    assert decisions_of(hand, request)[0].organisation_id == "o-990102-admission"


def test_where_a_street_asks_beside_another_the_body_above_answers_for_its_area(
    one_hand: Hands,
) -> None:
    joint = {"applicants": BESIDE, "targets": TWO[:2]}
    request = submitted(one_hand, drafted(one_hand, **{**LISTED, **joint}))
    assert asked(one_hand, request) == ["o-990102-admission"]
    accepted(one_hand, request, by="county.head")
    some = DecideCommand(reason="只准一个社区", grant=Grant(areas=["990102001001"]))
    decides(one_hand, "county.head", request, order=some)
    assert places(one_hand, request) == ["a-990102001001"]


@pytest.mark.parametrize("quorum", ["any", "all", "each"])
def test_where_only_the_asker_could_decide_the_sentence_says_what_the_pack_must_say(
    one_hand: Hands, quorum: str
) -> None:
    in_force(one_hand, files_with(flow({**STREET, "quorum": quorum})))
    with refused("flow.own_case") as info:
        filed_by_street(one_hand, applicants=OWN, targets=TWO[:1])
    assert "instead" in info.value.detail and "routes.csv" in info.value.detail
    assert info.value.facts["flow"] == "tried"


def test_the_body_above_is_asked_only_where_a_street_asks(one_hand: Hands) -> None:
    request = on_record(one_hand)
    assert asked(one_hand, request) == [FIRST, SECOND]
    assert steps_of(one_hand, request)["street"].instead == "admission_office"
