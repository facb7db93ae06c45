"""试算运行: begun, worked out beside the acts, kept for good; a process that dies leaves it broken."""

import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.load import fill
from registry.actions.office import Office
from registry.actions.rejudging import running
from registry.actions.rules.packs import CHANGED
from registry.domain.errors import Refusal
from registry.domain.pack import PackRun, PublishedPack, RunState
from registry.store.backup import backup
from registry.store.verify import verify
from tests.actions.test_simulation import COUNTY, DENY, draft_of

CLERK = "county.office"


def begun(hand: Any, draft: PublishedPack, by: str = CLERK) -> PackRun:
    run: PackRun = hand(by).do(lambda d: running.begin_draft(d, draft))
    return run


def kept(office: Office, run: PackRun) -> PackRun:
    found = office.store.reader.get(PackRun, run.county, run.id)
    assert found is not None
    return found


def test_a_run_is_begun_worked_out_and_kept_with_its_rows(office: Office, hand: Any) -> None:
    fill(office, 60)
    draft = draft_of(office, DENY)
    run = begun(hand, draft)
    assert kept(office, run).state is RunState.RUNNING
    done = running.work_out(office, run, draft)
    assert done == kept(office, run)
    assert (done.state, done.passed, done.done, done.total) == (RunState.DONE, True, 60, 60)
    assert done.digest == draft.digest
    data = b"".join(running.rows(office, hand(CLERK).actor, run.id)).decode("utf-8-sig")
    changed = 60 - done.summary["cases"]["same"]
    assert len(list(csv.DictReader(data.splitlines()))) == changed > 0
    assert verify(office.store.reader._engine, COUNTY).fault is None


def test_the_rows_of_a_run_are_in_the_backup(
    one_office: Office, one_hand: Any, tmp_path: Path
) -> None:
    fill(one_office, 40)
    draft = draft_of(one_office, DENY)
    done = running.work_out(one_office, begun(one_hand, draft), draft)
    manifest = backup(one_office.store, tmp_path / "a.tar", one_office.clock())
    assert manifest.missing == []
    assert any(m.name.endswith(f"/{done.rows_sha256}") for m in manifest.members)


def test_a_clerk_of_a_department_may_not_simulate(one_office: Office, one_hand: Any) -> None:
    with pytest.raises(Refusal, match=r"access\."):
        begun(one_hand, draft_of(one_office, DENY), by="dept.clerk")


def test_the_same_bytes_are_not_simulated_twice_at_once(one_office: Office, one_hand: Any) -> None:
    draft = draft_of(one_office, DENY)
    begun(one_hand, draft)
    with pytest.raises(Refusal) as refused:
        begun(one_hand, draft)
    assert refused.value.code == "simulation.running"
    other = msgspec.structs.replace(draft, digest="other")
    assert begun(one_hand, other).state is RunState.RUNNING


def test_a_draft_changed_meanwhile_fails_the_run(one_office: Office, one_hand: Any) -> None:
    draft = draft_of(one_office, DENY)
    run = begun(one_hand, draft)
    with pytest.raises(Refusal, match=CHANGED):
        running.work_out(one_office, run, msgspec.structs.replace(draft, digest="other"))
    assert kept(one_office, run).state is RunState.FAILED


def test_a_run_whose_process_ended_is_broken_at_the_next_start(office: Office, hand: Any) -> None:
    run = begun(hand, draft_of(office, DENY))
    assert running.mark_broken(office) == 1
    assert kept(office, run).state is RunState.BROKEN
    assert running.mark_broken(office) == 0


def test_a_run_without_changes_has_no_rows(one_office: Office, one_hand: Any) -> None:
    draft = draft_of(one_office)
    run = begun(one_hand, draft)
    running.work_out(one_office, run, draft)
    with pytest.raises(Refusal) as refused:
        running.rows(one_office, one_hand(CLERK).actor, run.id)
    assert refused.value.code == "simulation.no_rows"


def test_nobody_else_sees_the_rows_of_a_run(one_office: Office, one_hand: Any) -> None:
    fill(one_office, 40)
    draft = draft_of(one_office, DENY)
    run = begun(one_hand, draft)
    running.work_out(one_office, run, draft)
    with pytest.raises(Refusal, match=r"access\."):
        running.rows(one_office, one_hand("dept.clerk").actor, run.id)


def test_progress_is_told_a_few_times_only(
    one_office: Office, one_hand: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(one_hand, draft_of(one_office, DENY))
    told = running._Progress(one_office, run)
    for done in range(1, 101):
        told.step(done, 100)
    assert kept(one_office, run).version <= 1 + running.STEPS


def test_the_second_half_of_a_large_county_is_judged_by_a_second_process(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.actions.rejudging import simulating

    fill(office, 60)
    order = simulating.order_of(office, draft_of(office, DENY))
    alone = simulating.simulate(office, order)
    monkeypatch.setattr(simulating, "APART", 10)
    seen: list[tuple[int, int]] = []
    both = simulating.simulate(office, order, lambda done, total: seen.append((done, total)))
    assert both == alone
    assert seen[-1] == (60, 60)


def test_a_second_process_that_cannot_even_start_is_told_and_waited_for_no_longer(
    one_office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A pack is larger than what a pipe holds: who writes it to nobody would wait for ever."""
    from registry.actions.rejudging import beside, simulating

    fill(one_office, 60)
    draft = draft_of(one_office, DENY)
    large = draft.files | {"cases/large.toml": "# …\n" * 50_000}
    order = simulating.order_of(one_office, msgspec.structs.replace(draft, files=large))
    monkeypatch.setattr(simulating, "APART", 10)
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(1)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(beside.Broken):
        simulating.simulate(one_office, order)
