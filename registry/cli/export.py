"""export 导出: what is public, as files for any web server; the books, for others to recount."""

import argparse
from pathlib import Path

import msgspec

from registry.actions.office import Office
from registry.actions.statements.journals import Form, journal
from registry.actions.vouching.telling import status
from registry.cli import export_records
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import allowed, known_county, only_county, opened, progress, settings
from registry.domain.funds import Year
from registry.settings import Settings
from registry.store.journalled import Wanted


def arguments(parser: argparse.ArgumentParser) -> None:
    """``verify-page``, ``status``, ``journal``, and the records (``export_records``)."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    page = what.add_parser("verify-page", help="通知书核验页 one file, with the public keys in it")
    told = what.add_parser("status", help="今日状况文件 signed: suspended, withdrawn, replaced")
    told.add_argument("--county", help="六位区县代码")
    books = what.add_parser(
        "journal", help="经费账流水 the books as a journal of beancount or hledger"
    )
    books.add_argument("--county", help="六位区县代码")
    books.add_argument("--form", choices=[f.value for f in Form], default=Form.BEANCOUNT.value)
    books.add_argument("--year", type=int, help="会计年度; default: all")
    books.add_argument("--as-of", type=int, help="快照号 entry of the log; default: the last")
    export_records.arguments(what)
    for command in (page, told, books):
        command.add_argument("file", type=Path, help="写到哪里；已有的文件被换掉 replaced at once")


def run(args: argparse.Namespace) -> int:
    """Write one file, whole or not at all."""
    if args.what in export_records.WORDS:
        return export_records.run(args)
    given = settings()
    waiting = args.file.with_name(f".{args.file.name}.part")
    with opened(given) as office:
        if args.what == "journal":
            _journal(office, args, waiting)
            waiting.replace(args.file)
            return DONE
        if args.what == "status":
            made = msgspec.json.encode(status(office, only_county(office, args.county)))
        else:
            made = _page(office, given)
    waiting.write_bytes(made)
    waiting.replace(args.file)
    progress(f"{args.file}: {len(made)} bytes")
    return DONE


def _page(office: Office, given: Settings) -> bytes:
    from registry.api.verify_page import page
    from registry.app import about

    return page(office, public_url=given.public_url, banner=about(given).banner, served=False)


def _journal(office: Office, args: argparse.Namespace, file: Path) -> None:
    """Written line by line, as of one entry of the log: the same entry gives the same file."""
    allowed("journal.export")
    county, reader = known_county(office, args.county), office.store.reader
    head = reader.head(county)
    as_of = head if args.as_of is None else args.as_of
    if not 0 < as_of <= head:
        raise CommandError(f"快照号应在 1 和 {head} 之间 a snapshot is 1 to {head}, not {as_of}")
    try:
        msgspec.convert(args.year, Year | None)
    except msgspec.ValidationError:
        raise CommandError(f"会计年度写成四位数字 a year is four figures: {args.year}") from None
    wanted = Wanted(county, as_of, year=args.year)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for line in journal(reader, wanted, Form(args.form)):
            out.write(f"{line}\n")
    progress(f"{args.file}: {county}-{as_of}")
