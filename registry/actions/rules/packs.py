"""规则包的进程 how far a draft has come: checked and tested on its exact bytes, kept as runs.

Work that takes time is done on a reading connection beforehand (``examine``); the act only records
what came of it (``record``), and only if the bytes are still the same.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rules.signing import county_paths
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.pack import (
    PackRun,
    PackStage,
    PublishedPack,
    RunKind,
    RunState,
    stage_of,
)
from registry.domain.records import Wire
from registry.policies.case import Failure
from registry.policies.cases import run_cases
from registry.policies.drafting.coverage import Missing, missing_cases
from registry.policies.drafting.lint import check
from registry.policies.drafting.problems import Problem, failed
from registry.policies.judge import Rulebook
from registry.policies.loader import load_pack
from registry.policies.pack import Pack
from registry.store.reader import Reader

CHANGED = declare(
    "pack.changed", RefusalKind.CONFLICT, "规则包在此期间已修改，请重新运行",
    "The pack was changed meanwhile; run it again.", recorded=True,
)  # fmt: skip

_TOLD = 256
"""Problems or cases kept with a run: memory; their full number is kept beside."""


class RunMark(Wire, frozen=True, kw_only=True):
    """运行摘要: the last run of one kind on the present bytes."""

    id: str
    kind: RunKind
    state: RunState
    passed: bool
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    done: int = 0
    total: int = 0


class PackView(PublishedPack, frozen=True, kw_only=True):
    """规则包 as it is answered: with the stage it has reached, and what proves it."""

    stage: PackStage
    runs: list[RunMark] = []


class Examined(Wire, frozen=True, kw_only=True):
    """检验结果 of exact bytes, before it is recorded."""

    kind: RunKind
    digest: str
    passed: bool
    total: int
    summary: dict[str, Any]
    began_at: datetime


def view(pack: PublishedPack, runs: Iterable[PackRun]) -> PackView:
    """A pack with its stage; the runs are those of this pack, whatever their bytes."""
    own = sorted((r for r in runs if r.digest == pack.digest), key=lambda r: (r.began_at, r.id))
    last = {run.kind: run for run in own}
    marks = [msgspec.convert(_fields(run, RunMark), RunMark) for run in last.values()]
    fields = {name: getattr(pack, name) for name in PublishedPack.__struct_fields__}
    return PackView(**fields, stage=stage_of(pack, own), runs=marks)


def views(reader: Reader, packs: Collection[PublishedPack]) -> list[PackView]:
    """Packs as a list answers them."""
    runs: dict[tuple[str, str], list[PackRun]] = {}
    for county in {pack.county for pack in packs}:
        ids = [pack.id for pack in packs if pack.county == county]
        for run in reader.find(PackRun, county, pack_id=ids):
            runs.setdefault((county, run.pack_id), []).append(run)
    return [view(pack, runs.get((pack.county, pack.id), ())) for pack in packs]


def seen(desk: Desk, pack: PublishedPack) -> Answer:
    """A pack as the act that touched it answers."""
    return Answer(body=view(pack, desk.unit.find(PackRun, pack_id=pack.id)), version=pack.version)


def examine(office: Office, call: Call, id: str, kind: RunKind) -> Examined:
    """Check or test a pack, recording nothing: on a reading connection, outside any act.

    Raises:
        Refusal: ``access.forbidden``, ``record.missing``, ``pack.parent``.
    """
    work = {RunKind.CHECK: _check, RunKind.TEST: _test}[kind]

    def verb(desk: Desk) -> Answer:
        return Answer(body=work(desk, _held(desk, id, kind)))

    found: Examined = office.ask(call, verb).body
    return found


def record(desk: Desk, id: str, examined: Examined) -> Answer:
    """Keep what an examination found, as a run on these very bytes."""
    held = _held(desk, id, examined.kind)
    if held.digest != examined.digest:
        raise Refusal(CHANGED)
    run = desk.unit.add(
        PackRun(
            county=desk.unit.county, id=desk.id("run"), pack_id=held.id, kind=examined.kind,
            state=RunState.DONE, digest=examined.digest, passed=examined.passed,
            by=desk.actor.person_id, began_at=examined.began_at, ended_at=desk.now,
            done=examined.total, total=examined.total, summary=examined.summary,
        )
    )  # fmt: skip
    desk.about(run)
    desk.pack = held.digest
    return Answer(body=run, version=run.version)


def _held(desk: Desk, id: str, kind: RunKind) -> PublishedPack:
    held = desk.unit.get(PublishedPack, id)
    desk.about(held)
    desk.authorise(f"pack.{kind.value}", paths=county_paths(desk))
    return held


def _check(desk: Desk, held: PublishedPack) -> Examined:
    books = desk.office.rulebooks
    problems = check(held.files, books.known(held.county), books.lists(held.county))
    return Examined(
        kind=RunKind.CHECK, digest=held.digest, passed=not failed(problems), total=len(problems),
        summary=_problems(problems), began_at=desk.now,
    )  # fmt: skip


def _problems(problems: list[Problem]) -> dict[str, Any]:
    counted = {"error": 0, "warning": 0, "note": 0}
    for one in problems:
        counted[one.severity] += 1
    return {**counted, "problems": msgspec.to_builtins(problems[:_TOLD])}


class Failed(Wire, frozen=True, kw_only=True):
    """不符的用例, and in which points."""

    case: str
    failures: list[Failure]


class Trial(Wire, frozen=True, kw_only=True):
    """用例结果: what the cases of a pack said."""

    cases: int
    failed: int
    missing: int
    pending: int
    failures: list[Failed]
    rules_without_case: list[Missing]


def tried(pack: Pack, book: Rulebook) -> Trial:
    """The cases of a pack run, and the rules that none meets or none misses."""
    results = run_cases(pack, book)
    wrong = [r for r in results if r.failures]
    missing = missing_cases(pack, results)
    return Trial(
        cases=len(results), failed=len(wrong), missing=len(missing),
        pending=sum(bool(r.pending) for r in results),
        failures=[Failed(case=r.case, failures=r.failures) for r in wrong[:_TOLD]],
        rules_without_case=missing[:_TOLD],
    )  # fmt: skip


def _test(desk: Desk, held: PublishedPack) -> Examined:
    pack = load_pack(held.files)
    trial = tried(pack, desk.office.rulebooks.drafted(held.county, pack, held.effective_from))
    return Examined(
        kind=RunKind.TEST, digest=held.digest, passed=not (trial.failed or trial.missing),
        total=trial.cases, began_at=desk.now, summary=msgspec.to_builtins(trial),
    )  # fmt: skip


def _fields(record: PackRun, form: type[Wire]) -> Mapping[str, Any]:
    return {name: getattr(record, name) for name in form.__struct_fields__}
