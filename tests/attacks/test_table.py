"""The table of what each control detects, line by line, each attack carried out with full
rights.
"""

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from registry.actions.sealing import keys, proving
from registry.store.store import Store
from registry.store.verify import _Walk
from tests.actions.refused import refused
from tests.attacks.scene import COUNTY, Insider, Outcome, Scene


def lived(scene: Scene, many: int = 4) -> bytes:
    """Some honest days, and the checkpoint that an auditor keeps of them."""
    for _ in range(many):
        scene.act()
    return scene.seal()


def test_an_honest_county_raises_no_alarm(scene: Scene, province: Scene) -> None:
    kept = lived(scene)
    scene.meet(province)
    later = lived(scene)
    assert scene.outcome(province) is Outcome.COSIGNED
    report = scene.report(kept, later)
    assert (report.fault, report.checkpoints, report.rotations) == (None, 2, [])


def test_an_edited_row_is_named(scene: Scene) -> None:
    seq = scene.act(name="honest")
    scene.seal()
    Insider(scene).does("UPDATE finding SET body = replace(body, '件', '桩') WHERE id = 'honest'")
    fault = scene.fault()
    assert (fault.what, fault.table, fault.id, fault.version, fault.seq) == (
        "row.digest", "finding", "honest", 1, seq,
    )  # fmt: skip


def test_an_edited_entry_with_its_leaf_differs_from_the_own_checkpoint(scene: Scene) -> None:
    lived(scene)
    insider = Insider(scene)
    (entry,) = insider.sees("SELECT entry FROM event WHERE county = ? AND seq = 2", (COUNTY,))[0]
    insider._enter(2, msgspec.json.decode(entry) | {"salt": "0" * 32}, made_up=False)
    fault = scene.fault()
    assert (fault.what, fault.seq) == ("checkpoint.root", scene.report().head.seq)


ANEW = {
    "deleted": lambda all_, _made: [*all_[:-2], all_[-1]],
    "inserted": lambda all_, made: [*all_[:-2], made, *all_[-2:]],
    "reordered": lambda all_, _made: [*all_[:-2], all_[-1], all_[-2]],
}


@pytest.mark.parametrize("how", ANEW)
def test_history_written_anew_and_signed_with_the_stolen_key_is_seen_by_who_kept_a_checkpoint(
    scene: Scene, province: Scene, how: str
) -> None:
    scene.seal()
    scene.meet(province)
    kept = lived(scene)
    assert scene.outcome(province) is Outcome.COSIGNED
    insider = Insider(scene)
    seqs = list(range(1, scene.store.reader.head(COUNTY) + 1))
    made = insider.made_up(999, scene.clock.at)
    insider.rewrite(ANEW[how](seqs, made))
    assert scene.report().fault is None, "whoever reads only this database sees nothing"
    assert scene.fault(kept).what == "log.kept"
    scene.act()
    scene.act()
    scene.seal()
    # The witness's own line went with the rest: it is asked as if it had never seen the log.
    assert scene.outcome(province) is Outcome.FORKED


def test_an_old_backup_in_place_is_seen_by_who_kept_a_checkpoint_and_by_the_witness(
    scene: Scene, province: Scene
) -> None:
    scene.seal()
    scene.meet(province)
    old = scene.store.reader.head(COUNTY)
    kept = lived(scene)
    assert scene.outcome(province) is Outcome.COSIGNED
    Insider(scene).cut(old)
    assert scene.report().fault is None
    assert (scene.fault(kept).what, scene.fault(kept).detail) == (
        "log.kept", f"the log ends at {old}",
    )  # fmt: skip
    scene.act()
    scene.seal()
    assert scene.outcome(province) is Outcome.AHEAD


def test_two_histories_shown_to_two_auditors_are_seen_by_comparing_or_by_the_witness(
    originals: object, province: Scene, tmp_path: Path
) -> None:
    from tests.store.ledger import copied

    with copied(None, originals, tmp_path / "one") as store:  # type: ignore[arg-type]
        one = Scene(store, "log.example")
        lived(one)
        one.meet(province)
        store.close()
        shutil.copytree(tmp_path / "one", tmp_path / "two")
        urls = [f"sqlite:///{tmp_path / name / 'registry.db'}" for name in ("one", "two")]
        one, two = (
            Scene(Store(url, url, tmp_path / name), "log.example", one.clock)
            for url, name in zip(urls, ("one", "two"), strict=True)
        )
        first, second = lived(one), (two.act(name="other"), lived(two, 3))[1]
        assert one.report(first).fault is None
        assert two.report(second).fault is None
        assert {one.fault(second).what, two.fault(first).what} == {"log.kept"}
        assert one.outcome(province) is Outcome.COSIGNED
        assert two.outcome(province) is Outcome.FORKED
        for scene in (one, two):
            scene.store.close()


def test_what_was_left_out_is_seen_by_who_holds_its_receipt_and_by_nobody_else(
    scene: Scene,
) -> None:
    kept = lived(scene)
    seq = scene.act(name="left-out")
    receipt = proving.receipt_of(scene.office, COUNTY, seq).encode()
    insider = Insider(scene)
    insider.cut(seq - 1)
    lived(scene)
    assert scene.report(kept).fault is None
    assert scene.fault(kept, receipt).what == "log.receipt"


def test_a_back_dated_entry_is_bounded_by_the_checkpoint_before_it(scene: Scene) -> None:
    lived(scene)
    seq = scene.act(at=scene.clock.at - timedelta(days=30))
    assert (scene.fault().what, scene.fault().seq) == ("entry.backdated", seq)


def test_a_row_without_an_entry_is_named(scene: Scene) -> None:
    lived(scene)
    columns = (
        "county, version, code, object_kind, object_id, organisation_id, area_path,"
        " opened_on, closed_on, event_from, event_to, digest, body"
    )
    Insider(scene).does(
        f"INSERT INTO finding (id, {columns}) SELECT 'slipped-in', {columns}"
        " FROM finding WHERE id = 'f2'"
    )
    fault = scene.fault()
    assert (fault.what, fault.table, fault.id) == ("row.unlogged", "finding", "slipped-in")


def test_a_lost_key_is_followed_by_another_and_is_no_attack(scene: Scene) -> None:
    kept = lived(scene)
    shutil.rmtree(scene.store.keys.folder)
    scene.store.keys._open.clear()
    scene.act()
    with refused("log.key_elsewhere"):
        scene.seal()
    scene.rotate(lost=True)
    later = lived(scene)
    report = scene.report(kept, later)
    assert (report.fault, len(report.rotations)) == (None, 1)
    assert "旧钥遗失" in report.rotations[0]
    assert [key.lost for key in keys.told(scene.office, COUNTY)] == [False, True]
    assert len(keys.keys_text(keys.kept(scene.office, COUNTY)).splitlines()) == 1


def test_a_rotated_key_is_vouched_for_by_the_one_before(scene: Scene) -> None:
    kept = lived(scene)
    scene.rotate()
    later = lived(scene)
    assert scene.report(kept, later).fault is None
    first, second = keys.keys_text(keys.kept(scene.office, COUNTY)).splitlines()
    assert (" " in first, " " in second) == (False, True)


def test_a_checkpoint_that_no_key_of_the_log_signed_is_named(scene: Scene) -> None:
    lived(scene)
    Insider(scene).does(
        "UPDATE checkpoint SET note = replace(note, 'log.example', 'log.elsewhere')"
    )
    assert scene.fault().what == "checkpoint.signature"


def test_a_log_that_differs_from_its_checkpoint_is_not_signed_again(scene: Scene) -> None:
    lived(scene)
    insider = Insider(scene)
    insider.does("UPDATE event SET leaf = ? WHERE county = ? AND seq = 3",
                 given=("0" * 64, COUNTY))  # fmt: skip
    scene.act()
    with refused("log.forked"):
        scene.seal()


def test_a_kept_node_that_was_changed_is_named_and_one_taken_out_is_made_again(
    scene: Scene,
) -> None:
    lived(scene, 260)
    assert scene.report().nodes == 1
    insider = Insider(scene)
    insider.does("DELETE FROM log_node")
    assert scene.report().fault is None, "it is worked out of the log again"
    scene.act()
    scene.seal()
    insider.does("UPDATE log_node SET hash = ?", given=(bytes(32),))
    assert scene.fault().what == "node.differs"


def test_an_honest_county_is_never_looked_at_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> bool:
        raise AssertionError("what is as it should be is passed at the first look")

    scene.rotate()
    lived(scene)
    scene.change("f2")
    monkeypatch.setattr(_Walk, "_slow", slow)
    monkeypatch.setattr(_Walk, "_table", slow)
    report = scene.report()
    assert (report.fault, report.head.seq) == (None, scene.store.reader.head(COUNTY))
    assert report.rows > report.head.seq
