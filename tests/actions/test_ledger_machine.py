"""随意记账: random acts on money by many people; after each every invariant holds, and a second
ledger that knows nothing of the first has come to the same 分."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy.exc import DBAPIError

from registry.actions.ledger import posting, reversing
from registry.domain import accounts
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal
from tests.actions.ledger_invariants import INVARIANTS
from tests.actions.ledger_turns import Turns
from tests.actions.ledger_world import Ground, on_postgres, on_sqlite
from tests.conftest import ENGINES, TEMPLATE

REACHED: Counter[str] = Counter()


WANTED = {"order", "dispatch", "street_arrival", "community_arrival", "expenditure", "advance",
          "repayment", "refund", "surplus", "increase", "decrease", "reallocate", "allot",
          "reversal", "confirm", "void", "change", "revoke", "custody", "close", "adjust",
          "leave", "draw", "agree", "withdraw", "back", "close again", "surplus due",
          "change.over",
          "voucher.exceeds", "voucher.reverses", "voucher.year_closed"}  # fmt: skip


def _machine(
    ground: Ground, examples: int, steps: int, *, verified: bool = False, **more: Any
) -> None:
    class Tried(Turns):
        def teardown(self) -> None:
            REACHED.update(getattr(self, "done", {}))
            super().teardown()

    Tried.ground, Tried.verified = ground, verified
    case = Tried.TestCase
    case.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], **more,
    )  # fmt: skip
    case().runTest()


def _played(ground: Ground, seed: int, acts: int) -> None:
    """One long run: what comes after much else is reached, which short examples seldom do."""

    class Played(Turns):
        verified = True

    Played.ground = ground
    run, chance = Played(), Random(seed)
    run.open()
    try:
        for _ in range(acts):
            run.something_happens(chance.randrange(2**64))
            if chance.random() < 0.2:
                run.everything_holds()
        run.everything_holds()
    finally:
        REACHED.update(run.done)
        run.teardown()


def test_random_acts_on_money_keep_every_invariant(sqlite_template: Path) -> None:
    _machine(on_sqlite(sqlite_template), examples=7, steps=60)


@pytest.mark.long
@pytest.mark.timeout(14400)
@pytest.mark.parametrize("engine", ENGINES)
def test_thousands_of_random_acts_on_money_keep_every_invariant(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if engine == "sqlite":
        ground = on_sqlite(request.getfixturevalue("sqlite_template"))
    else:
        server = request.getfixturevalue("postgres_template")
        ground = on_postgres(server, TEMPLATE, tmp_path)
    REACHED.clear()
    for seed in range(10):
        _played(ground, seed, acts=300)
    _machine(ground, examples=60, steps=120, verified=True)
    # What chance has not brought so far it is given time for.
    for seed in range(10, 50):
        if set(REACHED) >= WANTED:
            return
        _played(ground, seed, acts=300)
    pytest.fail(f"the machine never did {WANTED - set(REACHED)}")


# ---- it can fail ---------------------------------------------------------------------------------


def _turned(stage: VoucherStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first move of a stage, the other way round."""
    first, *rest = accounts._FIXED[stage]
    monkeypatch.setitem(accounts._FIXED, stage, (first.back, *rest))


def _found(ground: Ground) -> bool:
    """Whether the machine finds that something is wrong."""
    try:
        _machine(ground, examples=12, steps=60, derandomize=True)
    except (AssertionError, ExceptionGroup, Refusal, DBAPIError):
        return True
    return False


def test_the_machine_finds_money_that_goes_the_wrong_way(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = on_sqlite(sqlite_template)
    _turned(VoucherStage.EXPENDITURE, monkeypatch)
    assert _found(ground)


@pytest.mark.long
@pytest.mark.parametrize("stage", sorted(set(accounts._FIXED) - {VoucherStage.PLEDGE}))
def test_the_machine_finds_any_turned_move(
    stage: VoucherStage, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = on_sqlite(sqlite_template)
    _turned(stage, monkeypatch)
    assert _found(ground)


@pytest.mark.long
@pytest.mark.parametrize("broken", ["room", "waiting", "reversal"])
def test_the_machine_finds_a_check_that_does_not_check(
    broken: str, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is ever too much; what waits takes no room; a reversal may take back twice."""
    ground = on_sqlite(sqlite_template)
    if broken == "room":
        monkeypatch.setattr(posting, "overdrawn", lambda free: [])
    elif broken == "waiting":
        monkeypatch.setattr(posting, "room", balances_for_room)
    else:
        monkeypatch.setattr(reversing, "_taken_back", lambda desk, original: {})
    assert _found(ground)


def balances_for_room(moved: Any) -> dict[Any, int]:
    """As if only what is confirmed took anything: but for the owed, that is what stands there."""
    return accounts.room(flow for flow in moved if flow.counted)


# ---- the table -----------------------------------------------------------------------------------


def test_every_invariant_is_checked_here_or_kept_by_a_test_that_is_there() -> None:
    assert list(INVARIANTS) == list(range(1, 27))
    for number, (kept, sentence) in INVARIANTS.items():
        assert sentence, number
        if isinstance(kept, str):
            path, _, name = kept.partition("::")
            text = Path(path).read_text("utf-8")
            assert name and f"def {name}(" in text, f"E{number}: no {kept}"
