"""职责分离: by person, through two posts, a new post in mid-case, and whatever was lent to whom."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.actions import agreeing, approving, filing
from registry.actions.approving import DecideCommand
from registry.actions.ledger import confirming, recording
from registry.actions.office import Answer, Office
from registry.actions.rules import exceptions
from registry.actions.rules.exceptions import GrantCommand
from registry.actions.ties import of_review
from registry.clock import Source
from registry.domain.agreement import Agreement, SignCommand, TermsCommand
from registry.domain.approval import Opinion
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.people import Post
from registry.domain.request import Request, State
from registry.store.store import Store
from tests.actions import case
from tests.actions.case import Hands, drafted, submitted
from tests.actions.excepting import proposed
from tests.actions.refused import refused
from tests.actions.standing_in import (
    ADMISSION,
    CIVIL,
    COMMUNITY,
    COUNTY,
    FINANCE,
    STREET,
    STREET2,
    left,
    lend,
    person,
    post_of,
    posted,
)
from tests.conftest import NOON, Hand, MovingClock

TWO_STREETS = {"targets": ["990102001001", "990102002001"]}
TODAY, YESTERDAY = date(2026, 3, 2), date(2026, 3, 1)


def approve(hand: Hands, by: str, request: Request) -> Request:
    return case.approved(hand, request, by=by)


def ready(hand: Hands, **changes: Any) -> Request:
    return case.examined(hand, case.accepted(hand, submitted(hand, drafted(hand, **changes))))


def opined(hand: Hands, by: str, request: Request, of: str) -> Request:
    """What a body says in a step that advises."""
    tasks = case.open_tasks(hand, by, request)
    task = next(t for t in tasks if t.organisation_id == of)
    command = approving.OpinionCommand(ballot="agree", text="同意")
    view = hand(by).do(lambda d: approving.opine(d, task.id, task.version, command))
    after: Request = view.request
    return after


# ---- through delegation ------------------------------------------------------------------------


def test_who_filed_does_not_decide_through_another(one_office: Office, one_hand: Hands) -> None:
    """One person heads the department and the street; a clerk acts for them in the street."""
    posted(one_office, "dept.head", "street.head", STREET)
    request = ready(one_hand)
    lend(one_hand, "dept.head", "street.clerk", "request.approve")
    with refused("access.tied") as told:
        approve(one_hand, "street.clerk", request)
    assert told.value.facts["tie"] == "filed,applicant"
    assert "起草或申报" in told.value.detail and "准予" in told.value.detail


def test_a_delegate_who_filed_does_not_decide_for_one_who_did_not(
    one_office: Office, one_hand: Hands
) -> None:
    posted(one_office, "dept.clerk", "street.clerk", STREET)
    request = ready(one_hand)
    left(one_office, post_of(one_office, "dept.clerk").id, YESTERDAY)
    lend(one_hand, "street.head", "dept.clerk", "request.approve")
    with refused("access.tied"):
        approve(one_hand, "dept.clerk", request)
    assert approve(one_hand, "street.head", request).state is State.APPROVED


def test_what_is_filed_for_another_binds_the_other_too(one_office: Office, one_hand: Hands) -> None:
    lend(one_hand, "dept.head", "dept.clerk", "request.submit", role="dept.head", of=CIVIL)
    request = drafted(one_hand)
    one_hand("dept.clerk").do(
        lambda d: case.submitting.submit(
            d, request.id, request.version, case.submitting.SubmitCommand()
        )
    )
    held = one_office.store.reader.get(Request, COUNTY, request.id)
    assert held is not None
    assert held.submitted_by == person("dept.clerk")
    assert person("dept.head") in held.worked_on_by


def test_what_is_drafted_for_another_binds_the_other_too(one_hand: Hands) -> None:
    posts = lend(one_hand, "dept2.head", "dept2.clerk", "request.draft", "request.edit",
                 role="dept.head", of="o-990102-urban")  # fmt: skip
    assert posts.role == "dept.head"
    clerk = one_hand("dept2.clerk")
    lent = [p for p in clerk.actor.posts if p.on_behalf_of]
    clerk.actor = msgspec.structs.replace(clerk.actor, posts=lent)
    own = case.filing_of(
        applicants=[{"organisation_id": "o-990102-urban", "leading": True}], funding=[]
    )
    request = clerk.do(lambda d: filing.draft(d, filing.DraftCommand(filing=own))).request
    assert request.worked_on_by == [person("dept2.head")]
    edited = clerk.do(lambda d: filing.edit(d, request.id, request.version, own)).request
    assert edited.worked_on_by == [person("dept2.head"), person("dept2.clerk")]


def test_nobody_gives_one_opinion_for_themself_and_one_for_another(
    one_office: Office, one_hand: Hands
) -> None:
    """A clerk spoke in the head's place for one street; the head does not speak for the other."""
    posted(one_office, "street.head", "street.head", STREET2)
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand, **TWO_STREETS)))
    lend(one_hand, "street.head", "street.clerk", "task.opinion")
    opined(one_hand, "street.clerk", request, STREET)
    with refused("access.tied"):
        opined(one_hand, "street.head", request, STREET2)


# ---- two posts, and a new one in mid-case ------------------------------------------------------


def test_who_spoke_for_a_street_does_not_decide_for_the_county(
    one_office: Office, one_hand: Hands
) -> None:
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand, **TWO_STREETS)))
    opined(one_hand, "street.head", request, STREET)
    opined(one_hand, "street2.head", request, STREET2)
    request = opined(one_hand, "county.office", request, ADMISSION)
    posted(one_office, "street.head", "county.head", ADMISSION)
    left(one_office, post_of(one_office, "street.head").id, YESTERDAY)
    with refused("access.tied"):
        approve(one_hand, "street.head", request)
    assert approve(one_hand, "county.head", request).state is State.APPROVED


@pytest.mark.parametrize(
    "served", [(TODAY, True), (YESTERDAY, False)], ids=["until-that-day", "until-before"]
)
def test_who_served_the_applicant_when_it_was_filed_does_not_decide_it_later(
    one_office: Office, one_hand: Hands, clock: MovingClock, served: tuple[date, bool]
) -> None:
    """Served the department until the day of filing, and heads the street since."""
    last, bound = served
    post = posted(one_office, "street2.head", "dept.clerk", CIVIL, since=date(2026, 1, 1))
    left(one_office, post, last)
    request = ready(one_hand)
    clock.at = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
    posted(one_office, "street2.head", "street.head", STREET)
    if bound:
        with refused("access.tied"):
            approve(one_hand, "street2.head", request)
    else:
        assert approve(one_hand, "street2.head", request).state is State.APPROVED


def test_who_decided_or_was_decided_for_is_bound_in_a_review(
    one_office: Office, one_hand: Hands
) -> None:
    posted(one_office, "street2.clerk", "street.clerk", STREET)
    request = ready(one_hand)
    lend(one_hand, "street.head", "street2.clerk", "request.approve")
    approve(one_hand, "street2.clerk", request)

    def found(by: str) -> Any:
        who: Hand = one_hand(by)
        post = who.actor.posts[0]
        return who.do(lambda d: Answer(body=of_review(d, request)(post)))

    assert found("street.head") == ["decided"]
    # By the post in the other street, for which nobody spoke in this case.
    assert found("street2.clerk") == ["elsewhere", "decided"]
    assert found("street.clerk") == []
    assert found("dept.clerk") == ["filed", "applicant"]


# ---- money, agreements, rules ------------------------------------------------------------------


def test_who_recorded_a_voucher_does_not_confirm_it_for_another(
    one_office: Office, one_hand: Hands
) -> None:
    presence = case.agreed(one_hand, case.admitted(one_hand))
    order = case.voucher(presence, "order", "令1", 300000)
    one_hand("dept.head").do(lambda d: recording.record(d, order))
    command = case.voucher(presence, "dispatch", "拨1", 300000)
    kept: Voucher = one_hand("finance.clerk").do(lambda d: recording.record(d, command)).voucher
    lend(one_hand, "finance.head", "finance.clerk", "voucher.confirm.dispatch",
         role="finance.head", of=FINANCE)  # fmt: skip
    with refused("access.tied"):
        one_hand("finance.clerk").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    one_hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))


def test_what_was_recorded_for_another_is_not_confirmed_by_the_other(
    one_office: Office, one_hand: Hands
) -> None:
    """The head also holds a clerk's post, and another clerk records by it for them."""
    posted(one_office, "finance.head", "finance.clerk", FINANCE)
    presence = case.agreed(one_hand, case.admitted(one_hand))
    order = case.voucher(presence, "order", "令1", 300000)
    one_hand("dept.head").do(lambda d: recording.record(d, order))
    lend(one_hand, "finance.head", "finance.clerk", "voucher.dispatch",
         role="finance.clerk", of=FINANCE)  # fmt: skip
    clerk = one_hand("finance.clerk")
    lent = [p for p in clerk.actor.posts if p.on_behalf_of]
    clerk.actor = msgspec.structs.replace(clerk.actor, posts=lent)
    command = case.voucher(presence, "dispatch", "拨1", 300000)
    kept: Voucher = clerk.do(lambda d: recording.record(d, command)).voucher
    assert kept.recorded_for == person("finance.head")
    with refused("access.tied"):
        one_hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))


def test_nobody_signs_an_agreement_for_both_sides(one_office: Office, one_hand: Hands) -> None:
    terms = TermsCommand(
        request_id=case.admitted(one_hand).id, responsibility="培", acceptance="查"
    )
    agreement: Agreement = one_hand("dept.clerk").do(lambda d: agreeing.offer(d, terms))
    scan = case.scanned(one_hand, "dept.head", agreement)
    command = SignCommand(document_id=scan, original_at="档案室一号柜")
    agreement = one_hand("dept.head").do(lambda d: agreeing.sign(d, agreement.id, 1, command))
    posted(one_office, "dept.head", "community.head", COMMUNITY)
    left(one_office, post_of(one_office, "dept.head").id, YESTERDAY)
    with refused("access.tied"):
        one_hand("dept.head").do(lambda d: agreeing.sign(d, agreement.id, 2, command))
    lend(one_hand, "community.head", "dept.head", "agreement.sign", role="community.head",
         of=COMMUNITY)  # fmt: skip
    with refused("access.tied"):
        one_hand("dept.head").do(lambda d: agreeing.sign(d, agreement.id, 2, command))
    one_hand("community.head").do(lambda d: agreeing.sign(d, agreement.id, 2, command))


def test_who_proposed_does_not_grant_it_for_another_nor_the_other_what_was_proposed_for_them(
    one_hand: Hands,
) -> None:
    made = proposed(one_hand)
    lend(one_hand, "county.head", "county.office", "exception.grant", role="county.head",
         of=ADMISSION)  # fmt: skip
    with refused("signature.same_person"):
        one_hand("county.office").do(lambda d: exceptions.grant(d, made.id, 1, GrantCommand()))
    lend(one_hand, "county.office", "county.head", "exception.propose", role="county.office",
         of=ADMISSION)  # fmt: skip
    second = proposed(one_hand, by="county.head")
    assert second.proposed_for == person("county.office")
    for by in ("county.head", "county.office"):
        with refused("signature.same_person"):
            one_hand(by).do(lambda d: exceptions.grant(d, second.id, 1, GrantCommand()))


# ---- whatever happens --------------------------------------------------------------------------

PEOPLE = (
    "dept.clerk", "dept.head", "street.clerk", "street.head", "street2.head", "county.office",
    "county.head",
)  # fmt: skip
PLACES = {
    "dept.head": CIVIL, "street.clerk": STREET, "street.head": STREET, "county.head": ADMISSION,
}  # fmt: skip
LENDABLE = ("request.approve", "request.accept", "task.opinion", "task.examine", "request.submit")
MOVES = st.one_of(
    st.tuples(st.just("post"), st.sampled_from(PEOPLE), st.sampled_from(sorted(PLACES))),
    st.tuples(st.just("leave"), st.sampled_from(PEOPLE), st.sampled_from(sorted(PLACES))),
    st.tuples(st.just("lend"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.tuples(st.just("try"), st.sampled_from(PEOPLE), st.just("")),
    st.tuples(st.just("day"), st.just(""), st.just("")),
)


@contextmanager
def fresh_office(template: Path, folder: Path) -> Iterator[tuple[Office, MovingClock]]:
    shutil.copy(template, folder / "registry.db")
    url = f"sqlite:///{folder / 'registry.db'}"
    store, clock = Store(url, url, folder), MovingClock(NOON)
    yield Office(store, clock, Source(11)), clock
    store.close()


class Play:
    """A case over two streets, and people who change posts and act for one another around it."""

    def __init__(self, office: Office, clock: MovingClock) -> None:
        self.office, self.clock = office, clock
        self.hand = lambda username: Hand(office, username)
        request = submitted(self.hand, drafted(self.hand, **TWO_STREETS))
        self.id = request.id
        self.served = {person("dept.clerk"), person("dept.head")}

    def move(self, kind: str, who: str, what: str) -> None:
        with suppress(Refusal):
            getattr(self, f"_{kind}")(who, what)

    def _post(self, who: str, role: str) -> None:
        posted(self.office, who, role, PLACES[role], since=self.today())
        if PLACES[role] == CIVIL:
            self.served.add(person(who))

    def _leave(self, who: str, role: str) -> None:
        posts: list[Post] = self.office.store.reader.find(Post, COUNTY, person_id=person(who))
        for post in posts:
            if post.role == role and post.in_force(self.today()):
                left(self.office, post.id, date.fromordinal(self.today().toordinal() - 1))

    def _lend(self, who: str, to: str) -> None:
        for post in self.hand(who).actor.posts:
            held = [a for a in LENDABLE if self.office.access.relations(post.role, a)]
            lend(self.hand, who, to, *held, role=post.role, of=post.organisation_id,
                 valid_from=self.today())  # fmt: skip

    def _try(self, who: str, _: str) -> None:
        held = self.office.store.reader.get(Request, COUNTY, self.id)
        assert held is not None
        for act in (self._accept, self._opine, self._approve):
            try:
                act(who, held)
            except (Refusal, StopIteration):
                continue

    def _accept(self, who: str, held: Request) -> None:
        case.accepted(self.hand, held, by=who)

    def _opine(self, who: str, held: Request) -> None:
        task = next(iter(case.open_tasks(self.hand, who, held)))
        command = approving.OpinionCommand(ballot="agree", text="同意")
        self.hand(who).do(lambda d: approving.opine(d, task.id, task.version, command))

    def _approve(self, who: str, held: Request) -> None:
        command = DecideCommand(reason="同意")
        self.hand(who).do(lambda d: approving.approve(d, held.id, held.version, command))

    def _day(self, *_: str) -> None:
        self.clock.at = datetime.fromordinal(self.today().toordinal() + 1).replace(
            hour=4, tzinfo=UTC
        )

    def today(self) -> date:
        return self.clock.at.date()

    def check(self) -> None:
        """Nobody who filed or served the applicant spoke, nor did anybody for them; nobody spoke
        twice in a step or for two bodies."""
        spoken: dict[str, set[tuple[str, str]]] = {}
        for said in self.office.store.reader.find(Opinion, COUNTY, request_id=self.id):
            for who in {said.person_id, said.on_behalf_of} - {None}:
                assert who not in self.served, said
                voices = spoken.setdefault(str(who), set())
                assert all(b == said.organisation_id and s != said.step_id for b, s in voices), said
                voices.add((said.organisation_id, said.step_id))


@given(moves=st.lists(MOVES, min_size=4, max_size=14))
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_sequence_of_posts_and_delegations_lets_who_filed_decide(
    sqlite_template: Path, tmp_path: Path, moves: list[tuple[str, str, str]]
) -> None:
    with fresh_office(sqlite_template, tmp_path) as (office, clock):
        play = Play(office, clock)
        for move in moves:
            play.move(*move)
        for who in PEOPLE:
            play.move("try", who, "")
        play.check()


def test_the_play_itself_comes_to_a_decision(sqlite_template: Path, tmp_path: Path) -> None:
    """Else the rule above would hold of nothing."""
    with fresh_office(sqlite_template, tmp_path) as (office, clock):
        play = Play(office, clock)
        posted(office, "street2.clerk", "street.clerk", STREET)
        play.move("lend", "street.head", "street.clerk")
        for who in ("street.clerk", "street2.head", "county.office", "county.head"):
            play.move("try", who, "")
        held = office.store.reader.get(Request, COUNTY, play.id)
        said = office.store.reader.find(Opinion, COUNTY, request_id=play.id)
        assert held is not None
        assert held.state is State.APPROVED
        assert {o.on_behalf_of for o in said} == {None, person("street.head")}
        play.check()
