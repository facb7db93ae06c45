"""对照哨 in the office: a difference between the deciders becomes a finding, and the meters tell."""

from datetime import date

from registry.actions.judging import PrecheckCommand, precheck_answer
from registry.actions.office import Call, Office
from registry.actions.ticking import tick
from registry.api.meters import Meters
from registry.domain.audit import Finding
from tests.actions.case import filing_of

COUNTY = "990102"


def _ask(office: Office, hand) -> None:
    call = Call(actor=hand("dept.clerk").actor, county=COUNTY, act="precheck.ask")
    command = PrecheckCommand(filing=filing_of())
    office.ask(call, lambda desk: precheck_answer(desk, command))


def _found(office: Office) -> list[Finding]:
    return office.store.reader.find(Finding, COUNTY, code="decider.differs")


def test_live_decisions_are_watched(one_office, one_hand) -> None:
    sentinel = one_office.rulebooks.sentinel
    sentinel.every = 1
    _ask(one_office, one_hand)
    sentinel.settle()
    assert (sentinel.checked, sentinel.differed) == (1, 0)
    page = Meters(one_office).page().decode()
    assert "registry_decider_checked_total 1.0" in page
    assert "registry_decider_differences_total 0.0" in page


def test_a_broken_index_becomes_a_finding_once(one_office, one_hand) -> None:
    sentinel = one_office.rulebooks.sentinel
    sentinel.every = 1
    book = one_office.rulebooks.of(COUNTY, date(2026, 3, 2))
    book.overlay.active = _blind(book.overlay.active)
    for _ in range(2):
        _ask(one_office, one_hand)
    sentinel.settle()
    assert tick(one_office)["decider"] >= 1
    tick(one_office)
    assert len(_found(one_office)) == 1
    assert "registry_decider_differences_total 2.0" in Meters(one_office).page().decode()


def _blind(active):
    """Tables whose index finds nothing."""

    def blinded(dates):
        table = active(dates)
        table.mask = lambda _facts: 0
        return table

    return blinded
