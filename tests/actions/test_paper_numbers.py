"""文书编号: a paper has the number that the packs give it, or none; either way it can be found."""

from registry.actions import approving
from registry.actions.approving import ReturnCommand
from registry.actions.office import Call
from registry.actions.papers import finding
from registry.actions.papers.kinds import KINDS
from registry.actions.papers.reference import digits_of, reference
from registry.actions.seeding import person_actor
from registry.domain.living import Suspension
from registry.domain.people import Organisation
from registry.domain.vouching import AdmissionNotice
from tests.actions.case import Hands, accepted, admitted, drafted, examined, submitted
from tests.actions.decided import decision_of, now, rows
from tests.actions.flowed import files_with, flow, in_force
from tests.actions.lived import begun, left, suspended
from tests.actions.papered import COUNTY, every, paper
from tests.actions.redressed import declined

UNNUMBERED = {"approval", "account", "statement", "agreement", "volume"}
"""Go by the number of the request or of its admission, or are of the day they are asked for."""
BODIES = ("street.clerk", "county.head")


def found(hand: Hands, text: str, by: str) -> finding.FoundPapers:
    office = hand(by).office
    call = Call(actor=person_actor(office, by), county=COUNTY, act="paper.read")
    return finding.find(office, call, text)


def without_numbers(hand: Hands) -> None:
    """The demo county, giving numbers to decisions alone."""
    files = files_with(flow({"key": "decide", "act": "decide", "bodies": ["street"]}))
    text = files["pack.toml"]
    first, last = text.index("[numbering.of]"), text.index("[proposal]")
    in_force(hand, {**files, "pack.toml": text[:first] + text[last:]})


def test_every_paper_of_the_demo_county_has_a_number_that_finds_it(one_hand: Hands) -> None:
    for word, told in every(one_hand).items():
        made = paper(one_hand, word, told.id, told.by)
        assert "-" not in made.number or word in {"notice", "order"}, (word, made.number)
        if word in UNNUMBERED | {"order", "slip"}:
            continue
        assert made.number, word
        held = found(one_hand, made.number, told.by).items
        assert [one for one in held if word in [p.word for p in one.papers]], (word, made.number)


def test_where_the_packs_give_no_number_no_id_is_printed_as_one(one_hand: Hands) -> None:
    without_numbers(one_hand)
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    refusal = declined(one_hand)
    sheets = [paper(one_hand, word, request.id, "dept.head") for word in ("approval", "acceptance")]
    sheets.append(paper(one_hand, "declining", refusal.id, "community.head"))
    for made in sheets:
        assert made.number == ""
    assert sheets[0].reference == reference(request.id) == f"20260302-{digits_of(request.id)}"


def test_a_paper_is_found_by_the_day_and_four_digits_read_out(one_hand: Hands) -> None:
    without_numbers(one_hand)
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    told = reference(request.id)
    for typed in (
        told,
        told.replace("-", ""),
        " 2026-03-02-" + told[-4:],
        "２０２６０３０２－" + told[-4:],
    ):
        items = found(one_hand, typed, "dept.head").items
        assert [(i.resource, i.id) for i in items] == [("requests", request.id)], typed
        assert [p.word for p in items[0].papers] == ["approval", "acceptance"]
    other = f"20260302-{(int(told[-4:]) + 1) % 10_000:04}"
    for nothing in (
        other,
        "20260303" + told[-5:],
        "20260230-0001",
        "",
        "没有这样的文号〔2026〕1号",
    ):
        assert found(one_hand, nothing, "dept.head").items == [], nothing


def test_who_may_not_read_it_finds_nothing_by_number_or_reference(one_hand: Hands) -> None:
    request = admitted(one_hand)
    decision = decision_of(one_hand, request)
    notice = rows(one_hand, AdmissionNotice, request_id=request.id)[0]
    numbers = (decision.number, notice.number, now(one_hand, request).number, reference(request.id))
    for number in numbers:
        assert found(one_hand, number, "dept.head").items, number
        assert found(one_hand, number, "dept2.head").items == [], number


def test_a_request_keeps_the_number_it_first_had(one_hand: Hands) -> None:
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    number = request.number
    items = ReturnCommand(items=["补充测算依据"])
    one_hand("street.clerk").do(
        lambda d: approving.send_back(d, request.id, request.version, items)
    )
    again = submitted(one_hand, now(one_hand, request))
    assert number.startswith("演示县民政局申〔2026〕") and again.number == number
    other = submitted(one_hand, drafted(one_hand, title="窗户样式登记"))
    assert int(other.number.rpartition("〕")[2][:-1]) == int(number.rpartition("〕")[2][:-1]) + 1


def test_a_notice_speaks_in_the_name_of_the_body_that_did_it(one_hand: Hands) -> None:
    look = {"key": "look", "act": "examine", "bodies": ["street"]}
    in_force(
        one_hand,
        files_with(flow(look, {"key": "say", "act": "decide", "bodies": ["admission_office"]})),
    )
    request = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted(one_hand))))
    items = ReturnCommand(items=["补充测算依据"])
    one_hand("county.head").do(lambda d: approving.send_back(d, request.id, request.version, items))
    street, county = (one_hand(who).actor.posts[0].organisation_id for who in BODIES)
    taken = paper(one_hand, "acceptance", request.id, "dept.head")
    back = paper(one_hand, "supplement", request.id, "dept.head")
    assert taken.signed_by == _name(one_hand, street) and _name(one_hand, street) in taken.number
    assert back.signed_by == _name(one_hand, county) and _name(one_hand, county) in back.number


def test_a_suspension_that_ended_with_the_matter_has_no_notice_of_going_on(
    one_hand: Hands,
) -> None:
    presence = begun(one_hand)
    stopped = suspended(one_hand, presence, "dept.head")
    left(one_hand, stopped)
    held = rows(one_hand, Suspension)[0]
    kind = next(k for k in KINDS if k.word == "resumption")
    assert held.resumed_on is not None and held.over and not kind.there(held)


def _name(hand: Hands, id: str) -> str:
    name: str = rows(hand, Organisation, id=id)[0].name
    return name
