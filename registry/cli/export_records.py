"""export 导出记录: the audit database, an audit package, any list, the money, in every form."""

import argparse
from pathlib import Path

from registry.actions.exporting.database import views
from registry.actions.exporting.ground import ground
from registry.actions.exporting.making import ACT, Order, make, record
from registry.actions.exporting.package import write_folder
from registry.actions.office import Office
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import allowed, cli_actor, known_county, opened, progress, settings
from registry.domain.exporting import FORM_ZH, OF_ONE, Form, Made

STEP = 10_000
"""Rows between two lines of progress."""
_WHOLE = (Form.AUDIT_DB, Form.PACKAGE, Form.GIVING, Form.ACCOUNTING)
_HELP = {
    Form.AUDIT_DB: "审计数据库 one SQLite file: flat tables, dictionary, common questions",
    Form.PACKAGE: "审计包 the log, its rows and proofs, to be checked with verify.py; .zip or folder",
    Form.GIVING: "360Giving 资金流向 JSON", Form.ACCOUNTING: "GB/T 24589 部分内容（子集） XML",
}  # fmt: skip
WORDS = (*(f.value for f in _WHOLE), "records", "forms")


def arguments(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``audit-db``, ``package``, ``360giving``, ``gbt24589-subset``, ``records``, ``forms``."""
    for form in _WHOLE:
        _common(what.add_parser(form.value, help=_HELP[form]))
    rows = what.add_parser("records", help="任一种记录 any list, as CSV, xlsx, JSONL or Parquet")
    rows.add_argument("resource", help="种类, e.g. requests, vouchers, voucher-lines, events")
    rows.add_argument("--form", choices=[f.value for f in OF_ONE], default=Form.CSV.value)
    rows.add_argument(
        "--plain", action="store_true", help="列名和代码用英文 names and codes as kept"
    )
    rows.add_argument("--history", action="store_true", help="含历次版本 every version there was")
    _common(rows)
    what.add_parser(
        "forms", help="有哪些格式和常见问题 the forms there are, and the common questions"
    )


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--county", help="六位区县代码")
    command.add_argument("--as-of", type=int, help="快照号 entry of the log; default: the last")
    command.add_argument(
        "file", type=Path, help="写到哪里；写完整后才有这个名字 named when it is whole"
    )


def run(args: argparse.Namespace) -> int:
    """Write one export, whole or not at all; half-made packages are gone on with."""
    if args.what == "forms":
        return _forms()
    allowed(ACT)
    from registry.app import about

    given = settings()
    with opened(given) as office:
        made = _made(office, args, about(given).version)
    progress(f"{args.file}: {made.rows} rows, {made.octets} bytes, sha256 {made.sha256}, "
             f"{made.county}-{made.snapshot}")  # fmt: skip
    return DONE


def _made(office: Office, args: argparse.Namespace, release: str) -> Made:
    from registry.api.exporting import sheets

    county = known_county(office, args.county)
    of = ground(office, county, args.as_of, sheets())
    form = Form(args.form) if args.what == "records" else Form(args.what)
    order = Order(
        form, getattr(args, "resource", ""), words=not getattr(args, "plain", False),
        history=getattr(args, "history", False), release=release,
    )  # fmt: skip
    tell = _Progress()
    if form is Form.PACKAGE and args.file.suffix != ".zip":
        if args.file.exists():
            raise CommandError(f"已经有 there is one already: {args.file}")
        waiting = args.file.with_name(f".{args.file.name}.part")
        rows, digest = write_folder(of, waiting, tell, release)
        waiting.rename(args.file)
        made = Made(form=form, county=county, snapshot=of.as_of, rows=rows, octets=0,
                    sha256=digest, release=release)  # fmt: skip
    else:
        made = make(of, order, args.file, tell)
    record(of, cli_actor(county), made)
    return made


class _Progress:
    """进度: a line now and then."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, rows: int) -> None:
        if rows - self._told >= STEP:
            progress(f"{rows} rows")
            self._told = rows


def _forms() -> int:
    for form, zh in FORM_ZH.items():
        print(f"{form.value:16} {zh}")
    for view in views():
        print(f"\n-- {view.zh} {view.name}\n-- {view.question}\n{view.sql.strip()};")
    return DONE
