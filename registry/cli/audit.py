"""audit 核验日志: every entry and every row of every county, against what was kept elsewhere; and
what is
signed, proven and witnessed of them.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from registry.cli import sealing
from registry.cli.entry import DONE, FAILED, CommandError
from registry.cli.opening import allowed, progress, settings
from registry.domain.merkle import ProofError
from registry.domain.signed_note import NoteError
from registry.settings import Settings
from registry.store.engine import open_engine
from registry.store.faults import Fault, Kept, Report, parse_head
from registry.store.files import Files
from registry.store.recognised import LATER, recognised
from registry.store.verify import Progress, counties, snapshot, verify

STEP = 10_000
"""Events between two lines of progress; the last is told besides."""
CANNOT_TELL = 2
"""Exit code where what was asked cannot be answered: no such file, not of a log here."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """``verify``."""
    what = parser.add_subparsers(dest="what", required=True, metavar="verify|checkpoint|…")
    check = what.add_parser("verify", help="从第一条起逐条核验 from the first entry on")
    check.add_argument("--county", help="只核验一个 only this one")
    check.add_argument(
        "--head", action="append", default=[], metavar="COUNTY:SEQ:ROOT",
        help="另存的日志头；只有它能发现被截短的日志 only a kept head shows that a log was cut short",
    )  # fmt: skip
    check.add_argument(
        "--from-checkpoint", action="append", default=[], type=Path, metavar="FILE",
        help="另存的检查点或者回执 a checkpoint, or a receipt (tlog-proof), that was kept",
    )  # fmt: skip
    check.add_argument("--no-documents", action="store_true", help="不核对附件文件")
    sealing.arguments(what)


def run(args: argparse.Namespace) -> int:
    """Verify; prints each county's head, which is worth keeping elsewhere."""
    if args.what in sealing.WORDS:
        return sealing.run(args)
    allowed("audit.verify")
    try:
        reports = _reports(args, settings())
    except (CommandError, OSError) as error:
        progress(f"不能作答 cannot tell: {error}")
        return CANNOT_TELL
    for report in reports:
        print(_line(report))
    return FAILED if any(report.fault for report in reports) else DONE


def _reports(args: argparse.Namespace, given: Settings) -> list[Report]:
    kept = _kept(args.head)
    read = [path.read_bytes() for path in args.from_checkpoint]
    files = None if args.no_documents else Files(given.data_dir / "documents")
    engine = open_engine(given.database_url, readonly=True)
    try:
        with snapshot(engine) as connection:
            found = counties(connection)
            for octets in read:
                one = _kept_text(connection, found, octets)
                kept.setdefault(one.head.county, []).append(one)
        wanted = [args.county] if args.county else sorted({*found, *kept})
        found_of = partial(verify, engine, files=files, slack=given.log_slack)
        return [
            _signed(found_of(county, _progress(county), kept=held), held)
            for county in wanted
            for held in [kept.get(county, [])]
        ]
    finally:
        engine.dispose()


def _signed(report: Report, held: list[Kept]) -> Report:
    """A log that holds what was kept is not right where the key that signed that is not its own."""
    foreign = [one.head for one in held if one.what == LATER]
    if report.fault is not None or not foreign:
        return report
    told = Fault(what=LATER, county=report.head.county, seq=foreign[0].seq)
    return msgspec.structs.replace(report, fault=told)


def _kept(heads: list[str]) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    try:
        for head in map(parse_head, heads):
            found.setdefault(head.county, []).append(Kept(head=head))
    except ValueError as error:
        raise CommandError(f"日志头形式不对 not a head: {error}") from error
    return found


def _kept_text(connection: Any, known: list[str], octets: bytes) -> Kept:
    """A checkpoint or receipt that was kept, as what the log of its county must still hold."""
    try:
        return recognised(connection, known, octets)
    except (NoteError, ProofError) as error:
        raise CommandError(f"不是本库日志的检查点 not of a log here: {error}") from error


def _progress(county: str) -> Progress:
    told = 0

    def on_progress(done: int, total: int) -> None:
        nonlocal told
        told = min(told, done)  # begun anew, to name what several found
        if done - told >= STEP or done == total:
            progress(f"{county}  {done} / {total}")
            told = done

    return on_progress


def _line(report: Report) -> str:
    if report.fault is not None:
        return f"FAIL  {report.fault}"
    lines = [f"ok    {report.head}  {report.rows} rows, {report.documents} documents, "
             f"{report.checkpoints} checkpoints, {report.nodes} nodes"]  # fmt: skip
    return "\n".join([*lines, *(f"note  密钥轮换 {told}" for told in report.rotations)])
