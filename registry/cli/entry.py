"""入口 finds the command, runs it, and ends with 0 (done), 1 (refused or failed) or 2 (wrong usage).

A command's file is imported when the command is asked for, so that ``--help`` is quick.
"""

import argparse
import gc
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from types import ModuleType

COMMANDS: dict[str, str] = {
    "serve": "启动服务 migrate, then serve",
    "migrate": "建库或升级 create or upgrade the database",
    "seed": "装入基础数据 load reference data (--demo: the fictional county too)",
    "demo": "全流程演示 carry whole cases through HTTP over a fresh database",
    "tick": "处理到期事项 do what the passing of time brings",
    "user": "人员账号 people and their accounts",
    "token": "访问令牌 a token for a program",
    "pack": "规则包 write, check, test, compare rule packs; sheets in and out",
    "exception": "例外 what was granted, until when, how often it was used",
    "import": "导入 places, organisations, people, posts, calendars, lists",
    "export": "导出核验页、今日状况、经费账 the page that checks notices, today's status, the books",
    "key": "签名密钥 make, list, retire, revoke the keys that sign notices",
    "year": "年度 rehearse and close a year 年终结转",
    "audit": "核验日志 verify the log and every row",
    "backup": "备份 database, documents and log heads in one file",
    "restore": "恢复 a backup into an empty data directory",
    "doctor": "体检 one line a check",
    "errors": "错误码 every refusal there is",
    "dictionary": "数据字典 every field and code that leaves the registry",
}
"""Commands in the order of the help page; a command that is not built is not named."""
FILES = {"import": "importing"}
"""Commands whose name Python keeps for itself."""
DONE, FAILED = 0, 1


class CommandError(Exception):
    """办不成: one sentence for the operator."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Casbin would write a line for each denial; who was refused what stands in our own log.
    logging.getLogger("casbin").setLevel(logging.ERROR)
    chosen = next((word for word in given if not word.startswith("-")), "")
    args = _parser(chosen).parse_args(given)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        # Whoever read the output has seen enough; the interpreter must not flush into the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - an operator is told a sentence, not a traceback
        if args.debug:
            traceback.print_exc()
        _tell(error)
        return FAILED


def _parser(chosen: str) -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS,
        help="出错时显示详情 show where an error came from",
    )  # fmt: skip
    parser = argparse.ArgumentParser(prog="registry", description="事项准入 admission registry")
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, told in COMMANDS.items():
        command = commands.add_parser(name, help=told, description=told, parents=[shared])
        if name == chosen:
            module = _imported(f"registry.cli.{FILES.get(name, name)}")
            command.set_defaults(run=module.run)
            module.arguments(command)
    return parser


def _imported(name: str) -> ModuleType:
    """A command's module. What is imported stays: Python's collector would only walk over all of it
    again and again, which was a quarter of the time of a start."""
    was = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        if was:
            gc.enable()


def _tell(error: Exception) -> None:
    from registry.domain.errors import Refusal

    if isinstance(error, Refusal):
        print(f"{error.code}: {error.detail}\n{error.detail_en}", file=sys.stderr)
        for cell in error.facts.get("errors", [])[:20]:
            where = f"{cell['row']} {cell.get('column', '')}".strip()
            print(f"  {where}: {cell['message']} / {cell['message_en']}", file=sys.stderr)
        return
    if isinstance(error, FileNotFoundError):
        print(f"没有这个文件 no such file: {error.filename}", file=sys.stderr)
        return
    if type(error).__name__ == "ValidationError":
        print(f"填写不符合要求 a value is wrong: {error}", file=sys.stderr)
        return
    if isinstance(error, (CommandError, OSError)) or _expected(error):
        print(error, file=sys.stderr)
        return
    kind = type(error).__name__
    print(f"未预料的错误 unexpected error: {kind}: {error} (--debug)", file=sys.stderr)


def _expected(error: Exception) -> bool:
    """Errors whose text is a sentence; their modules may not have been imported at all."""
    sentences = {
        "SettingError", "EngineError", "MigrationError", "BackupError", "AlreadyServing",
        "StoryError", "PackError", "SeedError", "SkeletonError", "TreasuryError",
    }  # fmt: skip
    return type(error).__name__ in sentences
