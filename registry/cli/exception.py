"""exception 例外: what was granted, until when, how often it was used; nothing is entered here."""

import argparse
from collections.abc import Iterator
from datetime import date

from registry.actions.office import Office
from registry.actions.rules.exceptions import views
from registry.cli.entry import DONE
from registry.cli.opening import allowed, only_county, opened, settings
from registry.domain.records import civil
from registry.domain.waiver import Waiver


def arguments(parser: argparse.ArgumentParser) -> None:
    """``list``, with the same conditions as the API's."""
    what = parser.add_subparsers(dest="what", required=True, metavar="list")
    listed = what.add_parser("list", help="例外清单 exceptions and their use")
    listed.add_argument("--county", help="六位区县代码")
    listed.add_argument("--on", type=date.fromisoformat, help="当日 YYYY-MM-DD; default: today")
    listed.add_argument("--honoured", action="store_true", help="只列当日有效的 standing that day")
    listed.add_argument("--unused", action="store_true", help="只列从未用过的 never used")


def run(args: argparse.Namespace) -> int:
    """One line an exception."""
    allowed("exception.read")
    with opened(settings()) as office:
        county = only_county(office, args.county)
        on = args.on or civil(office.clock())
        for line in lines(office, county, on, honoured=args.honoured, unused=args.unused):
            print(line)
    return DONE


def lines(
    office: Office, county: str, on: date, *, honoured: bool = False, unused: bool = False
) -> Iterator[str]:
    """One line an exception, as of a day."""
    for one in views(office, office.store.reader.find(Waiver, county)):
        stands = one.stands(on)
        if (honoured and not stands) or (unused and one.uses):
            continue
        word = "有效 honoured" if stands else "不适用 not honoured"
        yield (
            f"{one.id}  {word}  {one.valid_from}..{one.valid_to}  {one.uses}×  "
            f"{one.issuer} {one.document_number}  {','.join(one.scope.rules)}"
        )
