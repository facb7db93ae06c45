"""见证不符: what a witness has seen and the log does not have becomes a finding, told once."""

from datetime import timedelta
from typing import Any

import pytest

from registry.actions.sealing import doubts, submitting
from registry.actions.sealing.doubts import AHEAD, FORKED
from registry.actions.sealing.submitting import Outcome, Submitted
from registry.domain.audit import Finding
from registry.domain.sealing import CHECKPOINT_WITHIN
from registry.store.engine import open_engine
from registry.store.verify import verify
from tests.attacks.scene import COUNTY, Insider, Line, Scene


def open_ones(scene: Scene) -> list[Finding]:
    found = scene.store.reader.find(Finding, COUNTY)
    return [one for one in found if one.code.startswith("log.") and one.closed_on is None]


def lived(scene: Scene, many: int = 3) -> bytes:
    for _ in range(many):
        scene.act()
    return scene.seal()


def test_a_log_put_back_to_an_old_backup_is_a_finding_until_its_witness_cosigns_again(
    scene: Scene, province: Scene
) -> None:
    scene.seal()
    scene.meet(province)
    old = scene.store.reader.head(COUNTY)
    lived(scene, 6)
    (cosigned,) = scene.submit(province)
    assert doubts.note(scene.office, [cosigned]) == []
    Insider(scene).cut(old)
    lived(scene, 1)
    told = scene.submit(province)
    assert [one.outcome for one in told] == [Outcome.AHEAD]
    assert len(doubts.note(scene.office, told)) == 1
    (finding,) = open_ones(scene)
    assert (finding.code, finding.facts["seen"]) == (AHEAD.code, str(cosigned.size))
    assert finding.organisation_id is None
    head = scene.store.reader.head(COUNTY)
    scene.seal()
    assert doubts.note(scene.office, scene.submit(province)) == []
    assert scene.store.reader.head(COUNTY) == head, "telling it again writes nothing"
    assert len(doubts.note(scene.office, [cosigned])) == 1
    assert open_ones(scene) == []


def test_another_history_than_the_witness_has_seen_is_a_finding(
    scene: Scene, province: Scene
) -> None:
    scene.seal()
    scene.meet(province)
    old = scene.store.reader.head(COUNTY)
    lived(scene)
    scene.submit(province)
    Insider(scene).cut(old)
    lived(scene, 7)
    told = scene.submit(province)
    assert [one.outcome for one in told] == [Outcome.FORKED]
    doubts.note(scene.office, told)
    assert [one.code for one in open_ones(scene)] == [FORKED.code]


@pytest.mark.parametrize(("often", "outcome"), [(1, Outcome.COSIGNED), (2, Outcome.DOWN)])
def test_what_another_process_took_there_meanwhile_is_no_finding(
    scene: Scene, province: Scene, often: int, outcome: Outcome
) -> None:
    """Several serve one PostgreSQL: each takes the last checkpoint it knows of."""
    scene.seal()
    scene.meet(province)
    lived(scene)

    class Overtaken(Line):
        def add(self, request: bytes) -> tuple[Any, bytes, str]:
            if len(others) < often:
                lived(scene)
                others.extend(scene.submit(province))
            return super().add(request)

    others: list[Submitted] = []
    told = submitting.submit(scene.office, COUNTY, lambda _peer: Overtaken(province))
    assert [one.outcome for one in (*others, *told)] == [Outcome.COSIGNED] * often + [outcome]
    assert doubts.note(scene.office, told) == []
    assert scene.submit(province) == [], "the last one is cosigned, whoever took it there"


def test_a_witness_that_does_not_answer_says_nothing_of_the_log(scene: Scene) -> None:
    lived(scene)
    head = scene.store.reader.head(COUNTY)
    silent = [
        Submitted(county=COUNTY, tree="sha256", size=head, witness="w", outcome=outcome)
        for outcome in (Outcome.DOWN, Outcome.REFUSED, Outcome.COSIGNED)
    ]
    assert doubts.note(scene.office, silent) == []
    assert scene.store.reader.head(COUNTY) == head


@pytest.mark.parametrize(
    ("slack", "back", "named"),
    [(CHECKPOINT_WITHIN, 9, False), (CHECKPOINT_WITHIN, 11, True), (timedelta(0), 1, True),
     (timedelta(minutes=5), 200, False), (None, 10**6, False)],
)  # fmt: skip
def test_an_entry_may_be_dated_so_long_before_the_last_checkpoint_as_the_setting_says(
    scene: Scene, slack: timedelta | None, back: int, named: bool
) -> None:
    lived(scene)
    sealed = scene.clock.at
    seq = scene.act(at=sealed - timedelta(seconds=back))
    engine = open_engine(scene.store.url, readonly=True)
    fault = verify(engine, COUNTY, slack=slack).fault
    engine.dispose()
    assert (fault and (fault.what, fault.seq)) == (("entry.backdated", seq) if named else None)
