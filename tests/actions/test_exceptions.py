"""例外: proposed by one, granted by another, with basis, scope and end; counted, never silent."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import reading
from registry.actions.attaching import AttachCommand
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.actions.rules import exceptions
from registry.actions.rules.exceptions import EndCommand, GrantCommand
from registry.actions.ticking import tick
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.document import DocumentType
from registry.domain.instrument import Instrument
from registry.domain.records import SHANGHAI
from registry.domain.waiver import Waiver, WaiverUse
from registry.policies.loader import read_folder
from tests.actions import case
from tests.actions.enacting import PACKS, barring, enacted
from tests.actions.excepting import PLAIN, Hands, ended, granted, listed, proposed
from tests.actions.refused import refused
from tests.conftest import NOON, MovingClock


def test_an_exception_stands_once_another_person_granted_it(office: Office, hand: Hands) -> None:
    made = proposed(hand)
    assert (made.honoured, made.uses, made.granted_by) == (False, 0, None)
    view = hand("county.head").do(lambda d: exceptions.grant(d, made.id, 1, GrantCommand()))
    assert view.honoured and view.granted_by == "person-county.head"
    assert view.granted_on == date(2026, 3, 2)


def test_who_proposed_an_exception_does_not_grant_it(one_office: Office, one_hand: Hands) -> None:
    made = proposed(one_hand)
    with refused("access.forbidden"):
        one_hand("county.office").do(lambda d: exceptions.grant(d, made.id, 1, GrantCommand()))
    posts = [*one_hand("county.head").actor.posts, *one_hand("county.office").actor.posts]
    both = one_hand("county.office")
    both.actor = msgspec.structs.replace(both.actor, posts=posts)
    with refused("signature.same_person"):
        both.do(lambda d: exceptions.grant(d, made.id, 1, GrantCommand()))


@pytest.mark.parametrize("by", ["dept.head", "street.head", "community.head", "auditor"])
def test_only_the_county_enters_exceptions(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        proposed(one_hand, by=by)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("exception.rule", {"scope": {"rules": ["DM-NOBODY"]}}),
        ("exception.rule", {"scope": {"rules": ["default.admission"]}}),
        ("exception.absolute", {"scope": {"rules": ["DM-MONEY-NONE", "DM-R4"]}}),
        ("exception.above", {"scope": {"rules": ["DM-MONEY-NONE", "CN-R1"]}}),
        ("exception.above", {"scope": {"rules": ["default.frozen"]}}),
        ("exception.no_end", {"valid_to": None}),
        ("exception.dates", {"valid_from": "2026-05-01", "valid_to": "2026-04-30"}),
        ("exception.dates", {"valid_from": "2026-01-01", "valid_to": "2026-03-01"}),
        ("exception.dates", {"dated_on": "2026-03-03"}),
        ("exception.basis", {"basis_valid_to": "2026-03-01"}),
        ("exception.basis", {"basis_valid_to": "2026-06-29"}),
        ("exception.reason", {"reason": "  "}),
        ("organisation.unknown", {"scope": {"rules": ["DM-MONEY-NONE"], "applicants": ["o-x"]}}),
        ("area.unknown", {"scope": {"rules": ["DM-MONEY-NONE"], "areas": ["a-x"]}}),
        ("record.missing", {"scope": {"rules": ["DM-MONEY-NONE"], "requests": ["req-x"]}}),
    ],
)
def test_what_is_no_exception_is_refused(
    one_hand: Hands, code: str, changes: dict[str, Any]
) -> None:
    with refused(code):
        proposed(one_hand, **changes)


def test_no_exception_outlives_the_instrument_it_rests_on(one_hand: Hands) -> None:
    instrument = Instrument(
        county="990102", id="ins-1", document_number=PLAIN["document_number"], title="会议纪要",
        issuer="演示县", issued_on=date(2026, 3, 1), effective_on=date(2026, 3, 1),
        lapses_on=date(2026, 6, 1),
    )  # fmt: skip

    def known(desk: Any) -> Any:
        desk.unit.add(instrument)
        return exceptions.Answer(body=None)

    one_hand("county.office").do(known)
    with refused("exception.basis") as info:
        proposed(one_hand, valid_to="2026-06-01")
    assert info.value.facts["last"] == date(2026, 5, 31) or info.value.facts["last"] == "2026-05-31"
    assert proposed(one_hand, valid_to="2026-05-31").valid_to == date(2026, 5, 31)


def test_what_is_granted_or_ended_is_settled(one_hand: Hands) -> None:
    view = granted(one_hand)
    with refused("exception.settled"):
        one_hand("county.head").do(lambda d: exceptions.grant(d, view.id, 2, GrantCommand()))
    after = ended(one_hand, view)
    assert (after.honoured, after.ended_on) == (False, date(2026, 3, 2))
    with refused("exception.settled"):
        ended(one_hand, after)


def test_an_exception_is_ended_with_a_reason_and_on_the_version_seen(one_hand: Hands) -> None:
    view = granted(one_hand)
    with refused("exception.reason"):
        ended(one_hand, view, reason=" ")
    with refused("version.stale"):
        one_hand("county.head").do(lambda d: exceptions.end(d, view.id, 9, EndCommand(reason="x")))


def test_the_paper_of_an_exception_is_its_own(one_hand: Hands) -> None:
    first, second = proposed(one_hand), proposed(one_hand)
    command = AttachCommand(parent_kind="exception", parent_id=first.id, not_secret=True,
                            type=DocumentType.MINUTES, name="会议纪要.pdf")  # fmt: skip
    paper = case.attached(one_hand, "county.office", command, b"%PDF-1.4 minutes").id
    given = GrantCommand(document_id=paper)
    with refused("exception.document"):
        one_hand("county.head").do(lambda d: exceptions.grant(d, second.id, 1, given))
    view = one_hand("county.head").do(lambda d: exceptions.grant(d, first.id, 1, given))
    assert view.document_id == paper


def test_an_area_of_the_scope_is_entered_by_code_and_kept_as_its_path(one_hand: Hands) -> None:
    view = proposed(one_hand, scope={"rules": ["DM-MONEY-NONE"], "areas": ["990102001"]})
    assert view.scope.areas == [a for a in view.scope.areas if a.startswith("/") and a[-1] == "/"]


def test_exceptions_are_read_by_the_county_and_those_who_look_over_it(one_hand: Hands) -> None:
    view = granted(one_hand)
    for by in ("county.office", "county.head", "auditor"):
        assert listed(one_hand, by) == [view.id]
    for by in ("dept.head", "street.head", "community.head"):
        with refused("access.reading"):
            listed(one_hand, by)


# ---- what an exception changes, and how that is told --------------------------------------------


def test_a_verdict_names_the_exception_that_changed_it_and_the_use_is_counted(
    office: Office, hand: Hands
) -> None:
    enacted(office, barring())
    with refused("request.refused"):
        case.submitted(hand, case.drafted(hand, title="井盖编号核对甲"))
    view = granted(hand, scope={"rules": ["DM-OFF"], "kinds": ["task"]})
    request = case.submitted(hand, case.drafted(hand, title="路灯编号核对乙"))
    assert request.outcome == "needs_approval"
    verdict = office.store.reader.get(*_verdict(request))
    assert verdict is not None and verdict.waivers == [view.id]
    assert [h.rule for h in verdict.rules if h.waived_by == view.id] == ["DM-OFF"]
    uses = office.store.reader.find(WaiverUse, "990102", waiver_id=view.id)
    assert [(u.verdict_id, u.request_id, u.issuer) for u in uses] == [
        (verdict.id, request.id, PLAIN["issuer"])
    ]
    assert exceptions.views(office, office.store.reader.find(Waiver, "990102"))[0].uses == 1


def _verdict(request: Any) -> Any:
    return Verdict, request.county, request.verdict_id


def test_whoever_may_read_the_verdict_reads_on_what_basis_it_was_changed(
    one_office: Office, one_hand: Hands
) -> None:
    enacted(one_office, barring())
    granted(one_hand, scope={"rules": ["DM-OFF"]})
    case.submitted(one_hand, case.drafted(one_hand))
    person = one_hand("dept.clerk")
    page = reading.page(one_office, person.actor, WaiverUse, ListQuery())
    assert [use.document_number for use in page.items] == [PLAIN["document_number"]]


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"kinds": ["task"]}, True),
        ({"kinds": ["app"]}, False),
        ({"applicants": ["o-990102-civil"]}, True),
        ({"applicants": ["o-990102-finance"]}, False),
        ({"receivers": ["residents_committee"]}, True),
        ({"receivers": ["village_committee"]}, False),
        ({"areas": ["990102001"]}, True),
        ({"areas": ["990102100"]}, False),
    ],
)
def test_an_exception_covers_only_what_lies_wholly_in_its_scope(
    one_office: Office, one_hand: Hands, scope: dict[str, Any], covered: bool
) -> None:
    enacted(one_office, barring())
    granted(one_hand, scope={"rules": ["DM-OFF"], **scope})
    request = case.drafted(one_hand)
    if covered:
        assert case.submitted(one_hand, request).outcome == "needs_approval"
        return
    with refused("request.refused"):
        case.submitted(one_hand, request)


def test_an_exception_for_one_place_does_not_cover_a_matter_that_also_goes_elsewhere(
    one_hand: Hands,
) -> None:
    view = proposed(one_hand, scope={"rules": ["DM-OFF"], "areas": ["990102001"]})
    here = view.scope.areas[0]
    filing = case.filing_of()
    assert view.covers(filing, [f"{here}x/", f"{here}y/"], None)
    assert not view.covers(filing, [f"{here}x/", "/elsewhere/"], None)
    assert not view.covers(filing, [], None)


def test_an_exception_that_changed_nothing_is_not_counted(
    one_office: Office, one_hand: Hands
) -> None:
    granted(one_hand, scope={"rules": ["DM-OFF"]})
    case.submitted(one_hand, case.drafted(one_hand))
    assert one_office.store.reader.find(WaiverUse, "990102") == []


# ---- what the passing of time brings -------------------------------------------------------------


def _found(office: Office) -> list[str]:
    return sorted(f.code for f in office.store.reader.find(Finding, "990102")
                  if f.object_kind == "exception")  # fmt: skip


def _on(clock: MovingClock, day: str) -> None:
    clock.at = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=SHANGHAI)


def test_the_end_of_an_exception_is_told_once_on_its_last_day_and_once_after(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    granted(hand)
    for day, codes in (
        ("2026-06-29", []),
        ("2026-06-30", ["exception.expiring"]),
        ("2026-07-01", ["exception.expired", "exception.expiring", "exception.unused"]),
    ):
        _on(clock, day)
        tick(office)
        tick(office)
        assert _found(office) == codes


def test_a_pack_says_how_long_before_the_end_one_is_told(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    files = read_folder(PACKS / "demo-county")
    text = files["pack.toml"].replace('id = "demo-county"', 'id = "demo-notice"')
    text = text.replace("effective_from = 2025-01-01", "effective_from = 2026-03-02")
    notice = '\n[exceptions]\nnotice = { days = 10, unit = "calendar" }\n'
    enacted(one_office, files | {"pack.toml": text + notice})
    granted(one_hand)
    _on(clock, "2026-06-19")
    tick(one_office)
    assert _found(one_office) == []
    _on(clock, "2026-06-20")
    tick(one_office)
    assert _found(one_office) == ["exception.expiring"]


def test_an_exception_that_was_used_is_not_reported_as_useless(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    enacted(one_office, barring())
    granted(one_hand, scope={"rules": ["DM-OFF"]})
    case.submitted(one_hand, case.drafted(one_hand))
    _on(clock, "2026-07-01")
    tick(one_office)
    assert _found(one_office) == ["exception.expired"]


def test_what_was_never_granted_or_was_ended_early_brings_nothing(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    proposed(one_hand)
    ended(one_hand, granted(one_hand))
    clock.at = NOON + timedelta(days=365)
    tick(one_office)
    assert _found(one_office) == []
