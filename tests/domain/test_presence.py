"""进驻 what lives in a community, and what it rests on."""

import pytest

from registry.domain.errors import Refusal
from registry.domain.presence import Presence, PresenceState, admission_of
from registry.domain.vocabulary import Custody, Disclosure, Kind, Receiver

THERE = Presence(
    county="990101", id="lgc-1", kind=Kind.REPORT, title="楼道灯具台账", area_id="a",
    area_path="/990101/a", receiver=Receiver.RESIDENTS_COMMITTEE, organisation_id="o",
    custody=Custody.STREET_CUSTODY, state=PresenceState.LEGACY, disclosure=Disclosure.INTERNAL,
)  # fmt: skip


def test_what_was_there_before_rests_on_no_admission() -> None:
    with pytest.raises(Refusal) as refused:
        admission_of(THERE)
    assert refused.value.code == "presence.legacy"
