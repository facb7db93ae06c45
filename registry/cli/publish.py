"""propose, publish 提出和发布: a folder becomes a draft that is proven; a second person publishes it.

Each acts under the name of the system user at the machine; two are needed, here or over HTTP.
"""

import argparse
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from registry.actions import attaching
from registry.actions.attaching import AttachCommand
from registry.actions.office import Call, Office
from registry.actions.rejudging.running import begin, work_out
from registry.actions.rules.packs import examine, record
from registry.actions.rules.publishing import ProposeCommand, PublishCommand, propose, publish
from registry.cli.entry import DONE, FAILED, CommandError
from registry.cli.opening import act, cli_actor, opened, progress, settings
from registry.domain.document import DocumentType
from registry.domain.pack import PublishedPack, Ratification, RunKind
from registry.policies.loader import load_pack, read_folder

_RATIFIED = ("LEVEL", "ISSUER", "NUMBER", "DATE", "FILE")


def propose_arguments(parser: argparse.ArgumentParser) -> None:
    """A folder, and the number of its instrument."""
    parser.add_argument("folder", type=Path, help="规则包文件夹 the pack's folder")
    parser.add_argument("--number", default="", help="文号 number of the instrument")


def publish_arguments(parser: argparse.ArgumentParser) -> None:
    """Which draft, and its papers."""
    parser.add_argument("id", help="规则包编号 the pack's id")
    parser.add_argument("--county", required=True, help="六位区划代码 the jurisdiction")
    parser.add_argument("--number", default="", help="文号 number of the instrument")
    parser.add_argument("--file", type=Path, help="红头文件 the instrument itself")
    parser.add_argument("--ratification", nargs=5, metavar=_RATIFIED,
                        help="上级审定文件 the document by which a higher body ratified it")  # fmt: skip
    parser.add_argument("--not-secret", action="store_true",
                        help="确认文件不涉及国家秘密、工作秘密 the files hold no secret")  # fmt: skip
    parser.add_argument("--confirm-reported", action="store_true",
                        help="确认只依据报道的规则 rules that rest on a report only")  # fmt: skip


def run_propose(args: argparse.Namespace) -> int:
    """Bring in a draft, then check it, run its cases and simulate it, each on record."""
    if not args.folder.is_dir():
        raise CommandError(f"没有这个文件夹 no such folder: {args.folder}")
    files = read_folder(args.folder)
    identity = load_pack(files).document.pack
    command = ProposeCommand(files=files, document_number=args.number)
    with opened(settings()) as office:
        view = act(office, identity.jurisdiction, "pack.propose",
                   lambda desk: propose(desk, command)).body  # fmt: skip
        print(f"{view.id}: 已提出 proposed, {view.digest}")
        passed = [_proven(office, view, kind) for kind in (RunKind.CHECK, RunKind.TEST)]
        if not all(passed):
            return FAILED
        _simulated(office, view)
    return DONE


def _simulated(office: Office, pack: PublishedPack) -> None:
    begun = act(office, pack.county, "pack.simulate", partial(begin, id=pack.id)).body
    run = work_out(office, begun, pack, say=lambda done, total: progress(f"{done} / {total}"))
    print(f"{pack.id}: simulate {run.id}")


def _proven(office: Office, pack: PublishedPack, kind: RunKind) -> bool:
    name = f"pack.{kind.value}"
    progress(f"{name} …")
    call = Call(actor=cli_actor(pack.county), county=pack.county, act=name)
    examined = examine(office, call, pack.id, kind)
    act(office, pack.county, name, partial(record, id=pack.id, examined=examined))
    told = "通过 passed" if examined.passed else "未通过 not passed"
    print(f"{pack.id}: {kind.value} {told}")
    for problem in examined.summary.get("problems", []):
        where = f"{problem['file']}:{problem['line']}:{problem['column']}"
        print(f"  {problem['severity']} {where} {problem['zh']} / {problem['en']}")
    for case in examined.summary.get("failures", []):
        for failure in case["failures"]:
            print(f"  {case['case']}: {failure['zh']} / {failure['en']}")
    return examined.passed


def run_publish(args: argparse.Namespace) -> int:
    """Sign a proven draft as the second person."""
    with opened(settings()) as office:
        held = office.store.reader.get(PublishedPack, args.county, args.id)
        if held is None:
            raise CommandError(f"没有这个规则包 no such pack: {args.county} {args.id}")
        command = PublishCommand(
            document_number=args.number, document_id=_uploaded(office, args, args.file),
            ratification=_ratified(office, args), confirm_reported=args.confirm_reported,
        )  # fmt: skip
        view = act(office, args.county, "pack.publish",
                   lambda desk: publish(desk, args.id, held.version, command)).body  # fmt: skip
    print(f"{view.id}: 已发布，{view.effective_from} 起施行 published, in force from then")
    return DONE


def _ratified(office: Office, args: argparse.Namespace) -> Ratification | None:
    if args.ratification is None:
        return None
    level, issuer, number, day, file = args.ratification
    try:
        dated = date.fromisoformat(day)
    except ValueError:
        raise CommandError(f"日期应为 YYYY-MM-DD not a date: {day}") from None
    paper = _uploaded(office, args, Path(file))
    return Ratification(
        issuer=issuer, level=level, document_number=number, dated_on=dated, document_id=paper or ""
    )


def _uploaded(office: Office, args: argparse.Namespace, file: Path | None) -> str | None:
    """Id of a file hung on the pack, as anybody would upload it."""
    if file is None:
        return None
    content = file.read_bytes()
    command = AttachCommand(
        parent_kind="pack", parent_id=args.id, type=DocumentType.BASIS, name=file.name,
        not_secret=args.not_secret,
    )  # fmt: skip
    call = Call(actor=cli_actor(args.county), county=args.county, act="document.upload")
    stored = attaching.keep(office, call, command, content)
    made: Any = act(office, args.county, "document.upload",
                    lambda desk: attaching.attach(desk, command, stored)).body  # fmt: skip
    return str(made.id)
