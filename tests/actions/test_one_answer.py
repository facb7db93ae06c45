"""One rule, one answer: what peers answer differently by path, list or thread is answered alike.

Each test is named after the report of the failure it is free of.
"""

from datetime import date, timedelta
from random import Random

import pytest

from registry.actions import explaining, judging, reading
from registry.actions.explaining import ExplainCommand
from registry.actions.judging import PrecheckCommand
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import ListQuery
from registry.actions.rejudging.restating import Restater
from registry.actions.ticking import tick
from registry.cli import exception as command_line
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.errors import Refusal
from registry.domain.records import SHANGHAI
from registry.domain.reevaluation import Reevaluation
from registry.domain.vocabulary import Outcome
from registry.domain.waiver import Waiver, WaiverScope
from registry.policies.explaining.explain import Explanation
from registry.store.scan import Range, steady, walk
from tests.actions import case
from tests.actions.enacting import barring, enacted
from tests.actions.excepting import COUNTY, FIRST, LAST, TERM, Hands, ended, granted, on_day
from tests.conftest import MovingClock

DAYS = [FIRST - timedelta(1), FIRST, LAST - timedelta(1), LAST, LAST + timedelta(1)]


def _precheck(office: Office, hand: Hands, day: date) -> Outcome:
    person = hand("dept.clerk")
    call = Call(actor=person.actor, county=COUNTY, act="precheck.ask")
    command = PrecheckCommand(filing=case.filing_of(), on=day)
    verdict: Verdict = office.ask(call, lambda d: judging.precheck_answer(d, command)).body
    return verdict.outcome


def _explained(office: Office, hand: Hands, day: date) -> Outcome:
    call = Call(actor=hand("dept.clerk").actor, county=COUNTY, act="precheck.ask")
    command = ExplainCommand(filing=case.filing_of(), on=day)
    told: Explanation = office.ask(call, lambda d: explaining.explain_answer(d, command)).body
    return told.outcome


def _stock(office: Office, hand: Hands, day: date) -> Outcome:
    """The same question with Casbin's own enforcer for a decider."""
    return _precheck(Office(office.store, office.clock, office.source, decider="stock"), hand, day)


def _submission(office: Office, hand: Hands, day: date) -> Outcome:
    request = case.drafted(hand, title=f"门牌编号核对{day:%m%d}")
    try:
        case.submitted(hand, request)
    except Refusal as refusal:
        assert refusal.code == "request.refused"
    verdicts = office.store.reader.find(Verdict, COUNTY, request_id=request.id)
    return verdicts[-1].outcome


def _scan(office: Office, day: date) -> set[Outcome]:
    """What simulation and background scan say of everything on record."""
    book = office.rulebooks.of(COUNTY, day)
    with steady(office.store.reader) as connection:
        restater = Restater(office, connection, COUNTY, books=[book], on=day)
        batches = [restater.restated(batch) for batch in walk(connection, COUNTY, Range())]
    found = [one for batch in batches for _, one in batch]
    assert all(one is not None for one in found)
    return {one.stands[0].outcome for one in found if one is not None}


def _listed(office: Office, hand: Hands, day: date, honoured: bool) -> list[str]:
    query = ListQuery(valid_on=None, honoured=honoured)
    assert day == office.clock().astimezone(SHANGHAI).date()
    page = reading.page(office, hand("county.office").actor, Waiver, query)
    return [row.id for row in page.items]


def test_kyverno_17473_an_expired_exception_is_honoured_nowhere(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    enacted(office, barring())
    view = granted(hand, **TERM)
    for day in DAYS:
        on_day(clock, day)
        stands = FIRST <= day <= LAST
        wanted = Outcome.NEEDS_APPROVAL if stands else Outcome.REFUSED
        for path in (_precheck, _explained, _stock):
            assert path(office, hand, day) is wanted
        assert _submission(office, hand, day) is wanted
        assert _scan(office, day) == {wanted}
        assert _listed(office, hand, day, True) == ([view.id] if stands else [])
        assert _listed(office, hand, day, False) == ([] if stands else [view.id])


def test_kyverno_17473_an_exception_ended_early_is_honoured_nowhere_from_that_day_on(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    enacted(one_office, barring())
    view = granted(one_hand, **TERM)
    on_day(clock, FIRST + timedelta(3))
    ended(one_hand, view)
    for day, wanted in ((FIRST + timedelta(2), Outcome.NEEDS_APPROVAL),
                        (FIRST + timedelta(3), Outcome.REFUSED)):  # fmt: skip
        assert _precheck(one_office, one_hand, day) is wanted
        case.drafted(one_hand)
        assert _scan(one_office, day) == {wanted}


def test_an_exception_does_not_reach_back_before_it_was_granted(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    enacted(one_office, barring())
    on_day(clock, FIRST + timedelta(5))
    granted(one_hand, **TERM)
    assert _precheck(one_office, one_hand, FIRST + timedelta(4)) is Outcome.REFUSED
    assert _precheck(one_office, one_hand, FIRST + timedelta(5)) is Outcome.NEEDS_APPROVAL


def _some(random: Random, number: int) -> Waiver:
    start = FIRST + timedelta(random.randrange(-9, 9))
    return Waiver(
        county=COUNTY, id=f"exc-{number:03d}", basis="meeting", document_number="会纪",
        issuer="演示", dated_on=FIRST, reason="…", scope=WaiverScope(rules=["DM-OFF"]),
        valid_from=start, valid_to=start + timedelta(random.randrange(9)), proposed_by="one",
        granted_by="two", granted_on=random.choice([None, start - timedelta(1), start, FIRST]),
        ended_on=random.choice([None, None, start + timedelta(2)]),
    )  # fmt: skip


def test_list_filter_and_verdict_read_the_same_of_every_exception(
    office: Office, hand: Hands
) -> None:
    random = Random(17473)
    made = [_some(random, number) for number in range(200)]

    def kept(desk: Desk) -> Answer:
        for one in made:
            desk.unit.add(one)
        return Answer(body=None)

    hand("county.office").do(kept)
    actor = hand("county.office").actor
    for offset in range(-10, 20):
        day = FIRST + timedelta(offset)
        wanted = {w.id for w in made if w.stands(day)}
        query = ListQuery(limit=500, valid_on=day, honoured=True)
        page = reading.page(office, actor, Waiver, query)
        assert {row.id for row in page.items} == wanted


def test_kyverno_6979_useless_exceptions_are_found_alike_by_list_command_and_finding(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    enacted(one_office, barring())
    on_day(clock, FIRST)
    used, unused = granted(one_hand, **TERM), granted(one_hand, **{**TERM, "scope": {
        "rules": ["DM-OFF"], "kinds": ["app"]}})  # fmt: skip
    assert _submission(one_office, one_hand, FIRST) is Outcome.NEEDS_APPROVAL
    actor = one_hand("county.head").actor
    for flag, id in ((True, used.id), (False, unused.id)):
        page = reading.page(one_office, actor, Waiver, ListQuery(used=flag))
        assert [row.id for row in page.items] == [id]
    on_day(clock, LAST + timedelta(1))
    tick(one_office)
    found = one_office.store.reader.find(Finding, COUNTY, code="exception.unused")
    assert [f.object_id for f in found] == [unused.id]
    told = command_line.lines(one_office, COUNTY, LAST, unused=True)
    assert [line.split()[0] for line in told] == [unused.id]


@pytest.mark.parametrize("stage", ["dry_run", "warn"])
def test_gatekeeper_1041_2487_what_a_rule_on_trial_would_do_is_kept_with_each_verdict(
    one_office: Office, one_hand: Hands, stage: str
) -> None:
    files = barring()
    head, rule, rest = files["pack.toml"].partition('id = "DM-OFF"')
    rest = rest.replace('stage = "enforce"', f'stage = "{stage}"', 1)
    enacted(one_office, files | {"pack.toml": head + rule + rest})
    requests = [case.submitted(one_hand, case.drafted(one_hand, title=f"核对{n}")) for n in "甲乙"]
    kept = one_office.store.reader.find(Verdict, COUNTY, request_id=[r.id for r in requests])
    assert [v.outcome for v in kept] == [Outcome.NEEDS_APPROVAL] * 2
    assert all("DM-OFF" in [h.rule for h in v.rules if h.stage == stage] for v in kept)
    if stage == "dry_run":
        assert [v.would_be for v in kept] == [Outcome.REFUSED] * 2


def _live(office: Office, request_id: str) -> tuple[Outcome, bool]:
    tick(office)
    found = office.store.reader.find(Reevaluation, COUNTY, request_id=request_id)
    return found[-1].outcome, found[-1].stands


def test_kyverno_17473_the_background_scan_drops_an_exception_on_the_day_everybody_does(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    enacted(office, barring())
    on_day(clock, FIRST)
    granted(hand, **TERM)
    request = case.submitted(hand, case.drafted(hand, title="楼道核对丙"))
    tick(office)
    on_day(clock, LAST)
    assert _precheck(office, hand, LAST) is Outcome.NEEDS_APPROVAL
    kept = office.store.reader.find(Reevaluation, COUNTY, request_id=request.id)
    tick(office)
    assert office.store.reader.find(Reevaluation, COUNTY, request_id=request.id) == kept
    on_day(clock, LAST + timedelta(1))
    assert _precheck(office, hand, LAST + timedelta(1)) is Outcome.REFUSED
    assert _live(office, request.id) == (Outcome.REFUSED, False)
