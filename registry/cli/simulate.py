"""pack simulate 试算: what a draft in a folder would change, over every case on record."""

import argparse
import shutil
import sys
from functools import partial
from pathlib import Path

import msgspec

from registry.actions.office import Call, Office
from registry.actions.rejudging.running import begin_draft, work_out
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import cli_actor, opened, settings
from registry.domain.pack import PackRun, PackState, PublishedPack
from registry.policies.loader import load_pack, read_folder
from registry.policies.simulation import CHANGE_ZH, Change, Summary


def arguments(parser: argparse.ArgumentParser) -> None:
    """A folder, a county, where the rows go."""
    parser.add_argument("folder", type=Path, help="规则包文件夹 a pack folder")
    parser.add_argument(
        "--county", help="六位区划代码，默认辖区内全部 default: all it would govern"
    )
    parser.add_argument("--out", type=Path, help="明细表另存为 the rows, as CSV")


def run(args: argparse.Namespace) -> int:
    """Simulate, tell the sums, copy the rows out."""
    draft = draft_of(args.folder)
    with opened(settings()) as office:
        if args.county and args.county not in office.store.reader.partitions():
            raise CommandError(f"没有这个县的数据 nothing is kept of county {args.county}")
        done = simulate(office, draft, args.county)
        _tell(done)
        if args.out is not None:
            _copy(office, done, args.out)
    return DONE


def simulate(office: Office, draft: PublishedPack, county: str | None = None) -> PackRun:
    """Begin a run in the draft's jurisdiction, carry it through, progress on standard error."""
    call = Call(actor=cli_actor(draft.county), county=draft.county, act="pack.simulate")
    begun: PackRun = office.perform(call, partial(begin_draft, draft=draft)).body
    done = work_out(office, begun, draft, only=county, say=_progress)
    print(file=sys.stderr)
    return done


def draft_of(folder: Path) -> PublishedPack:
    """A pack folder as the register would hold it, before anybody proposed it."""
    if not folder.is_dir():
        raise CommandError(f"没有这个文件夹 no such folder: {folder}")
    files = read_folder(folder)
    pack = load_pack(files)
    identity = pack.document.pack
    return PublishedPack(
        county=identity.jurisdiction, id=identity.id, name=identity.name, level=identity.level,
        state=PackState.PROPOSED, parent=identity.parent, digest=pack.digest,
        effective_from=identity.effective_from, effective_to=identity.effective_to, files=files,
        proposed_by="cli",
    )  # fmt: skip


def _progress(done: int, total: int) -> None:
    print(f"\r试算 simulating {done:,} / {total:,}", end="", file=sys.stderr, flush=True)


def _tell(run: PackRun) -> None:
    summary = msgspec.convert(run.summary, Summary)
    print(f"{run.pack_id}@{run.digest[:12]}  {summary.on}  共 total {summary.total:,}")
    for change in Change:
        if count := summary.cases.get(change.value):
            money = summary.money_fen.get(change.value, 0)
            live = summary.in_force.get(change.value, 0)
            print(
                f"  {CHANGE_ZH[change]} {change.value}: {count:,}"
                + (f"  在办 in force {live:,}" if live else "")
                + (f"  资金 {money / 100:,.2f} 元" if money else "")
            )
    for title, groups in (("按部门 by department", summary.by_department),
                          ("按社区 by community", summary.by_community),
                          ("按类别 by kind", summary.by_kind)):  # fmt: skip
        ordered = sorted(groups.items(), key=lambda g: -sum(g[1].values()))
        if ordered:
            print(f"{title}:")
        for name, counts in ordered[:_TOLD]:
            words = "  ".join(f"{CHANGE_ZH[Change(w)]} {n:,}" for w, n in counts.items())
            print(f"  {name}  {words}")
    if summary.unreadable:
        print(f"  无法判断 could not be judged: {summary.unreadable:,}")
    print(f"运行记录 run: {run.id}")


_TOLD = 20
"""Departments, communities and kinds told; the rows hold all."""


def _copy(office: Office, run: PackRun, out: Path) -> None:
    if run.rows_sha256 is None:
        print("没有任何变化，未写明细 nothing changed, no rows written")
        return
    shutil.copyfile(office.store.files.path(run.rows_sha256), out)
    print(f"明细 rows: {out}")
