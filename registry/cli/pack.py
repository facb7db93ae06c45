"""pack 规则包: write, check, test, compare, simulate; what is published and what is offered.

The verbs of a draft stand in ``pack_draft``, its sheets in ``pack_sheets``.
"""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from registry.cli import pack_draft, pack_explain, pack_sheets, publish, simulate
from registry.cli.entry import DONE
from registry.cli.opening import opened, settings
from registry.domain.pack import PublishedPack
from registry.policies.examples import packs

Verb = Callable[[argparse.Namespace], int]


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be done with a pack."""
    what = parser.add_subparsers(
        dest="what",
        required=True,
        metavar="new|check|test|diff|explain|export|import|propose|simulate|publish|list",
    )
    _draft(what)
    _compare(what)
    pack_explain.arguments(
        what.add_parser("explain", help="说明 why a filing is answered so, and the way to yes")
    )
    _sheets(what)
    publish.propose_arguments(what.add_parser("propose", help="提出 bring in a draft, prove it"))
    publish.publish_arguments(what.add_parser("publish", help="发布 sign a draft as the second"))
    simulate.arguments(
        what.add_parser("simulate", help="试算 what a draft would change, over every case")
    )
    what.add_parser("list", help="已发布的和随附的 published, and offered")


def _draft(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    new = what.add_parser("new", help="新建规则包 a commented skeleton that passes check and test")
    new.add_argument("folder", type=Path, help="新文件夹 a folder that is not there yet, or empty")
    new.add_argument("--id", required=True, help="规则包编号 letters, digits, - _ .")
    new.add_argument("--jurisdiction", required=True, help="六位区划代码 six digits")
    new.add_argument("--parent", default="cn-base", help="上级规则包 the pack above")
    new.add_argument("--level", default="county", choices=("province", "city", "county"))
    new.add_argument("--name", default="", help="名称 its name")
    new.add_argument(
        "--effective-from",
        type=date.fromisoformat,
        help="施行日 default: today; with --from that of the pack it begins from",
    )
    new.add_argument("--from", dest="start", default="", help="以此包为底稿 begin from this pack")
    check = what.add_parser("check", help="检查 everything wrong, and how to mend it")
    check.add_argument("folder", type=Path)
    _parents(check)
    check.add_argument("--json", action="store_true", help="给程序读 for programs")
    test = what.add_parser("test", help="运行用例 run the cases; name the rules without one")
    test.add_argument("folder", type=Path, nargs="*", help="规则包文件夹 pack folders")
    test.add_argument("--all", action="store_true", help="随附的全部规则包 every pack that came")
    _parents(test)


def _parents(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--parents", type=Path, help="上级规则包所在文件夹 a folder of packs above")
    parser.add_argument("--lists", type=Path, help="本地清单文件夹 a folder of lists of one's own")


def _compare(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    two = what.add_parser("diff", help="比对 what the second pack changes")
    for name in ("before", "after"):
        two.add_argument(name, help="文件夹、随附包编号或已发布包编号 folder, or a pack's id")
    two.add_argument("--en", action="store_true", help="英文 in English")
    two.add_argument("--json", action="store_true", help="给程序读 for programs")


def _sheets(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    out = what.add_parser("export", help="导出表格 decision tables or lists as sheets")
    out.add_argument("folder", type=Path, help="规则包或清单文件夹 a pack, or a folder of lists")
    where = out.add_mutually_exclusive_group(required=True)
    where.add_argument("--xlsx", type=Path, help="写成一个 xlsx one workbook")
    where.add_argument("--csv", type=Path, help="写成一个文件夹的 CSV a folder of CSV files")
    into = what.add_parser("import", help="导入表格 sheets into a folder: all rows or none")
    into.add_argument("file", type=Path, help="xlsx, CSV, 或 CSV 文件夹 or a folder of CSV files")
    into.add_argument("--into", type=Path, required=True, help="规则包或清单文件夹 the folder")


_VERBS: dict[str, Verb] = {
    "new": pack_draft.new,
    "check": pack_draft.check,
    "test": pack_draft.test,
    "diff": pack_draft.compare,
    "explain": pack_explain.run,
    "export": pack_sheets.export,
    "import": pack_sheets.take_in,
    "propose": publish.run_propose,
    "simulate": simulate.run,
    "publish": publish.run_publish,
}


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    verb = _VERBS.get(args.what)
    return verb(args) if verb else _list()


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
        fixture = "  （测试或演示 fixture）" if identity.fixture else ""
        print(f"  {identity.jurisdiction}  {name}  {identity.name}{fixture}")
    return DONE
