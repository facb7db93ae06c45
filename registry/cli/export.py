"""export 导出: what is public, as files for any web server: the page for notices, the status."""

import argparse
from pathlib import Path

import msgspec

from registry.actions.office import Office
from registry.actions.vouching.telling import status
from registry.cli.entry import DONE
from registry.cli.opening import only_county, opened, progress, settings
from registry.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """``verify-page`` and ``status``."""
    what = parser.add_subparsers(dest="what", required=True, metavar="verify-page|status")
    page = what.add_parser("verify-page", help="通知书核验页 one file, with the public keys in it")
    told = what.add_parser("status", help="今日状况文件 signed: suspended, withdrawn, replaced")
    told.add_argument("--county", help="六位区县代码")
    for command in (page, told):
        command.add_argument("file", type=Path, help="写到哪里; 已有的文件被换掉 replaced at once")


def run(args: argparse.Namespace) -> int:
    """Write one file, whole or not at all."""
    given = settings()
    with opened(given) as office:
        if args.what == "status":
            made = msgspec.json.encode(status(office, only_county(office, args.county)))
        else:
            made = _page(office, given)
    waiting = args.file.with_name(f".{args.file.name}.part")
    waiting.write_bytes(made)
    waiting.replace(args.file)
    progress(f"{args.file}: {len(made)} bytes")
    return DONE


def _page(office: Office, given: Settings) -> bytes:
    from registry.api.verify_page import page
    from registry.app import about

    return page(office, public_url=given.public_url, banner=about(given).banner, served=False)
