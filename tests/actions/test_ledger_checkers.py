"""检查的检查: one row of the books changed by hand, in any stage of the chain, is found; so is each
kind of fault by the checker whose it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from registry.actions.ledger import confirming
from registry.actions.ticking import tick
from registry.actions.years import closing
from registry.domain.accounts import VoucherStage
from registry.domain.funds import Voucher
from registry.domain.records import civil
from registry.store.engine import sqlite
from tests.actions import ledger_invariants as checks
from tests.actions.ledger_acts import SIDE
from tests.actions.ledger_invariants import INVARIANTS, Books, faults
from tests.actions.ledger_turns import Turns
from tests.actions.ledger_world import OWN, on_sqlite
from tests.actions.second_ledger import Part, Told
from tests.actions.yearly import NEW_YEAR
from tests.conftest import Hand

F1, F2, OTHER = 0, 4, 1
"""Lines of the ground: of the street's community, its other money, and its neighbour's."""


def books(run: Turns, stage: str, of: int, fen: int, **told: Any) -> Any:
    """One voucher of one line, recorded, and confirmed unless ``waits``."""
    waits, more = told.pop("waits", False), told.pop("more", {})
    presence, line, community = run.world.lines[of]
    part = Part((presence, line, 2026), fen, run._steps(stage, community, Told(**told)))
    entry: dict[str, Any] = {"presence_id": presence, "funding_key": line, "amount_fen": fen}
    entry |= {"at": told["at"]} if told.get("at") else {}
    entry |= {"indicator_id": told["indicator"]} if told.get("indicator") else {}
    by, confirmer = run._who(stage, community)
    view = run._record(by, stage, [part], [entry], **more)
    assert view is not None, f"{stage}: {run.done}"
    run._entered(view, [part], by)
    if confirmer and not waits:
        # Who approved what was spent does not confirm it.
        confirm(run, "street.head" if line == "F2" else confirmer, view.voucher)
    return view.voucher


def confirm(run: Turns, by: str, voucher: Voucher) -> None:
    Hand(run.office, by).do(lambda d: confirming.confirm(d, voucher.id, voucher.version))
    run.second.confirm(voucher.id)


def reallocated(run: Turns, fen: int) -> None:
    gives, takes = (run.world.lines[at] for at in (F1, OTHER))
    parts = [Part((*gives[:2], 2026), fen, [("unused", "budget")]),
             Part((*takes[:2], 2026), fen, [("budget", "unused")])]  # fmt: skip
    entries = [
        {"presence_id": p.key[0], "funding_key": p.key[1], "amount_fen": fen, "out": out}
        for p, out in zip(parts, (True, False), strict=True)
    ]
    view = run._record("dept.clerk", "reallocate", parts, entries, **run._grounds(gives[0]))
    run._entered(view, parts, "dept.clerk")
    confirm(run, "finance.head", view.voucher)


def taken_back(run: Turns, voucher: Voucher, at: int, fen: int) -> None:
    paper, (presence, line, _) = run.second.papers[voucher.id], run.world.lines[at]
    takes = run.second.reversal(paper, presence, line, fen)
    parts = [Part(p.key, some, [(b, a) for a, b in p.steps]) for p, some in takes]
    entry = {"presence_id": presence, "funding_key": line, "amount_fen": fen}
    view = run._record("dept.clerk", "reversal", parts, [entry], reverses_id=voucher.id,
                       note="登记有误(演示)")  # fmt: skip
    run._entered(view, parts, "dept.clerk", takes)
    confirm(run, "dept.head", view.voucher)


def every_stage(run: Turns) -> None:
    """Something of each stage, by those whose it is; one voucher waits, and a year is closed."""
    grounds, indicator = run._grounds(run.world.lines[F1][0]), run.world.indicator
    books(run, "increase", F1, 5_000, more=grounds)
    books(run, "decrease", F1, 1_000, more=grounds)
    reallocated(run, 2_000)
    books(run, "allot", F1, 20_000, indicator=indicator)
    books(run, "order", F1, 10_000, indicator=indicator)
    taken_back(run, books(run, "order", F1, 30_000), F1, 4_000)
    books(run, "dispatch", F1, 25_000)
    books(run, "street_arrival", F1, 20_000)
    books(run, "community_arrival", F1, 15_000)
    books(run, "advance", F2, 700)
    books(run, "expenditure", F2, 1_000)
    books(run, "repayment", F2, 600)
    books(run, "refund", F1, 3_000, at="community")
    books(run, "surplus", F1, 2_000, at="community")
    own = next(at for at, one in enumerate(run.world.lines) if one[2] == OWN)
    books(run, "order", own, 9_000)
    books(run, "dispatch", own, 8_000, waits=True)
    run.clock.at = NEW_YEAR
    tick(run.office)
    for community in [c for c in SIDE if c != OWN]:
        told = closing.CloseCommand(organisation_id=f"o-{community}", year=2026)
        Hand(run.office, "finance.clerk").do(lambda d, told=told: closing.close(d, told))
        own_ = [p for p, _, c in run.world.places if c == community]
        for presence in [*own_, *([run.world.legacy] if community == "990102001001" else [])]:
            run.second.close(presence, 2026)
    assert civil(run.clock.at).year == 2027


@pytest.fixture(scope="module")
def played(sqlite_template: Path) -> Iterator[Turns]:
    class Played(Turns):
        ground = on_sqlite(sqlite_template)

    run = Played()
    run.open()
    try:
        every_stage(run)
        assert found(run) == [], "what is sound is found sound"
        unguarded(path_of(run))
        yield run
    finally:
        run.teardown()


def unguarded(path: str) -> None:
    """Without the triggers that let nobody write over a row."""
    connection = sqlite.connect(path)
    held = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in held:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.close()


def path_of(run: Turns) -> str:
    return str(run.office.store.url).removeprefix("sqlite:///")


def found(run: Turns) -> list[str]:
    return faults(Books(run.office, run.seen), run.second, run.replayed)


@contextmanager
def spoilt(run: Turns, table: str, where: str, change: str) -> Iterator[None]:
    """One row is changed by hand, past every guard, and put back afterwards.

    Args:
        change: what it is set to; empty = it is gone.
    """
    connection = sqlite.connect(path_of(run), isolation_level=None)
    try:
        for pragma in ("ignore_check_constraints = ON", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        one = f"rowid = (SELECT min(rowid) FROM {table} WHERE {where})"
        rows = connection.execute(f"SELECT rowid, * FROM {table} WHERE {one}").fetchall()
        assert len(rows) == 1, f"no row of {table} where {where}"
        do = f"UPDATE {table} SET {change}" if change else f"DELETE FROM {table}"
        connection.execute(f"{do} WHERE {one}")
        try:
            yield
        finally:
            names = [r[1] for r in connection.execute(f"PRAGMA table_info({table})")]
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", rows[0][:1])
            marks = ", ".join("?" for _ in rows[0])
            put = f"INSERT INTO {table} (rowid, {', '.join(names)}) VALUES ({marks})"
            connection.execute(put, rows[0])
    finally:
        connection.close()


# ---- in every stage ------------------------------------------------------------------------------

CHANGES = {
    "one 分 more": "amount_fen = amount_fen + 1",
    "the other way round": "debit = credit, credit = debit",
    "as if it waited": "counted = 0",
    "gone": "",
    "of another community": "presence_id = (SELECT max(o.presence_id) FROM voucher_line o "
    "WHERE o.presence_id <> voucher_line.presence_id)",
    "of another year": "year = year + 1",
}


@pytest.mark.parametrize("stage", list(VoucherStage))
def test_a_line_that_was_tampered_with_is_found_in_every_stage(
    played: Turns, stage: VoucherStage
) -> None:
    where = f"stage = '{stage}' AND counted AND event_to IS NULL AND sign = 1"
    if stage is VoucherStage.REVERSAL:
        where = "sign = -1 AND counted AND event_to IS NULL"
    seen = dict(played.seen)
    for name, change in CHANGES.items():
        with spoilt(played, "voucher_line", where, change):
            assert sums_found(played), f"{stage}: {name}"
        played.seen.clear()
        played.seen.update(seen)


def sums_found(run: Turns) -> bool:
    """Whether the checkers of sums and stages find something, without what only remembers rows."""
    read = Books(run.office, {})
    kept = (checks.conserved, checks.one_admission, checks.carried_once, checks.two_hands)
    return any(next(check(read, run.second), None) for check in kept)


# ---- every checker -------------------------------------------------------------------------------

NOW = "event_to IS NULL"
ROW: dict[str, tuple[Callable[..., Iterator[str]], str, str, str]] = {
    "an amount of nothing": (
        checks.whole_fen, "voucher_line", f"stage = 'order' AND {NOW}", "amount_fen = 0",
    ),
    "a day before the admission": (
        checks.one_admission, "voucher_line", f"stage = 'order' AND {NOW}",
        "dated_on = '2020-01-01'",
    ),
    "another payer": (
        checks.payer_by_basis, "voucher_line", f"stage = 'order' AND {NOW}",
        "payer_id = 'o-990102001001'",
    ),
    "more sent than was asked for": (
        checks.chain_falls, "voucher_line", f"stage = 'dispatch' AND counted AND {NOW}",
        "amount_fen = 900000",
    ),
    "more spent than was there": (
        checks.chain_falls, "voucher_line", f"stage = 'expenditure' AND counted AND {NOW}",
        "amount_fen = 900000",
    ),
    "another day than its voucher": (
        checks.each_stage_apart, "voucher_line", f"stage = 'street_arrival' AND {NOW}",
        "dated_on = '2026-12-30'",
    ),
    "an account below nothing": (
        checks.no_netting, "voucher_line", f"stage = 'expenditure' AND counted AND {NOW}",
        "amount_fen = 900000",
    ),
    "one 分 too much": (
        checks.conserved, "voucher_line", f"stage = 'refund' AND {NOW}",
        "amount_fen = amount_fen + 1",
    ),
    "a share that the books do not know": (
        checks.conserved, "presence", f"share_fen > 0 AND {NOW}", "share_fen = share_fen + 1",
    ),
    "carried out and nowhere in": (
        checks.carried_once, "voucher_line", f"stage = 'carry_in' AND {NOW}", "",
    ),
    "a number written over": (
        checks.append_only, "voucher", f"stage = 'order' AND {NOW}", "number = '改过'",
    ),
    "a version that is gone": (
        checks.append_only, "voucher", f"stage = 'dispatch' AND {NOW}", "",
    ),
    "one person for both": (
        checks.two_hands, "voucher", f"stage = 'dispatch' AND state = 'confirmed' AND {NOW}",
        "body = json_set(body, '$.confirmed_by', json_extract(body, '$.recorded_by'))",
    ),
    "confirmed by nobody": (
        checks.two_hands, "voucher", f"stage = 'dispatch' AND state = 'confirmed' AND {NOW}",
        "body = json_remove(body, '$.confirmed_by')",
    ),
    "a matter that had left before": (
        checks.gone_is_not_begun, "presence",
        "id = (SELECT presence_id FROM voucher_line WHERE stage = 'order' AND event_to IS NULL) "
        "AND version = 1", "state = 'exited'",
    ),
    "an admission that was revoked before": (
        checks.gone_is_not_begun, "request",
        "id = (SELECT request_id FROM voucher_line WHERE stage = 'order' AND event_to IS NULL) "
        "AND version = 1", "state = 'revoked'",
    ),
    "a use that is blocked": (
        checks.uses_allowed, "expenditure", f"stage = 'expenditure' AND {NOW}", "use = 'wages'",
    ),
    "a code of another year": (
        checks.codes_of_the_year, "indicator", NOW, "year = 2025",
    ),
    "given and not received": (
        checks.moved_by_approval, "voucher_line", f"stage = 'reallocate' AND {NOW}",
        "amount_fen = amount_fen + 1",
    ),
    "split beyond its indicator": (
        checks.moved_by_approval, "indicator", NOW, "amount_fen = 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ROW)
def test_what_is_wrong_is_found_by_the_checker_whose_it_is(played: Turns, what: str) -> None:
    check, table, where, change = ROW[what]
    with spoilt(played, table, where, change):
        assert next(check(Books(played.office, dict(played.seen)), played.second), None)
    assert next(check(Books(played.office, dict(played.seen)), played.second), None) is None


def test_every_checker_was_seen_to_fail() -> None:
    kept = {one.kept for one in INVARIANTS.values() if not isinstance(one.kept, str)}
    assert kept == {check for check, *_ in ROW.values()}


def test_what_is_recorded_twice_under_one_key_is_told(played: Turns) -> None:
    read = Books(played.office, dict(played.seen))
    assert faults(read, played.second, ["凭1 was recorded twice"]) == [
        "E17: 凭1 was recorded twice"
    ]
