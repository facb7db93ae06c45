"""pack 规则包: check a folder, run its cases, list what is published and what is offered."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from registry.actions.seeding import SEEDS
from registry.cli.entry import DONE, FAILED, CommandError
from registry.cli.opening import opened, settings
from registry.domain.pack import PublishedPack
from registry.policies.cases import Result, run_cases
from registry.policies.examples import packs, rulebook
from registry.policies.loader import load_pack, read_folder
from registry.policies.pack import Pack


def arguments(parser: argparse.ArgumentParser) -> None:
    """``check``, ``test``, ``list``."""
    what = parser.add_subparsers(dest="what", required=True, metavar="check|test|list")
    check = what.add_parser("check", help="格式检查 refuse anything mistyped")
    check.add_argument("folder", type=Path)
    test = what.add_parser("test", help="运行用例 run the cases")
    test.add_argument("folder", type=Path, nargs="*", help="规则包文件夹 pack folders")
    test.add_argument("--all", action="store_true", help="随附的全部规则包 every pack that came")
    what.add_parser("list", help="已发布的和随附的 published, and offered")


def run(args: argparse.Namespace) -> int:
    """One of the three."""
    if args.what == "check":
        return _check(args.folder)
    return _test(args) if args.what == "test" else _list()


def _check(folder: Path) -> int:
    pack = _loaded(folder)
    told = f"{len(pack.rows)} rows, {len(pack.document.rule)} rules, {len(pack.cases)} cases"
    print(f"{pack.id}: 格式正确 well-formed; {told}; {pack.digest}")
    return DONE


def _loaded(folder: Path) -> Pack:
    if not folder.is_dir():
        raise CommandError(f"没有这个文件夹 no such folder: {folder}")
    return load_pack(read_folder(folder))


def _test(args: argparse.Namespace) -> int:
    offered = packs()
    wanted = [_loaded(folder) for folder in args.folder]
    if not wanted and not args.all:
        raise CommandError("请给出文件夹，或用 --all / name a folder, or use --all")
    known = offered | {pack.id: pack for pack in wanted}
    tested = [*wanted, *(offered.values() if args.all else ())]
    failed = 0
    for pack in tested:
        results = run_cases(pack, rulebook(pack.id, known, SEEDS))
        failed += _told(pack, results)
    return FAILED if failed else DONE


def _told(pack: Pack, results: Iterable[Result]) -> int:
    done = list(results)
    wrong = [r for r in done if r.failures]
    pending = [r for r in done if r.pending]
    passed = len(done) - len(wrong) - len(pending)
    print(f"{pack.id}: {passed} 通过 passed, {len(wrong)} 不符 failed, {len(pending)} 待办 pending")
    for result in wrong:
        for failure in result.failures:
            print(f"  {result.case}: {failure}")
    return len(wrong)


def _list() -> int:
    print("已发布 published:")
    with opened(settings()) as office:
        for county in office.store.reader.partitions():
            for held in office.store.reader.find(PublishedPack, county):
                print(
                    f"  {county}  {held.id}  {held.state.value}  {held.effective_from}  {held.name}"
                )
    print("随附 offered as examples:")
    for name, pack in packs().items():
        identity = pack.document.pack
        fixture = "  (测试或演示 fixture)" if identity.fixture else ""
        print(f"  {identity.jurisdiction}  {name}  {identity.name}{fixture}")
    return DONE
