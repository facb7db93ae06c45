"""import 导入: places, organisations, a year's calendar, lists; a county's rows all or none."""

import argparse
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from registry.actions.budgeting import tables
from registry.actions.budgeting.tables import TABLES
from registry.actions.importing import area_id, import_areas, import_jurisdiction
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rules.duties import Sheet, import_duties
from registry.actions.rules.instruments import import_instruments
from registry.actions.rules.publishing import CELLS, put_calendar, put_list
from registry.actions.staff.passwords import hash_password
from registry.actions.staff.rosters import Imported, RosterSheet, import_roster, read_roster
from registry.cli import existing, statements
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import act, cli_actor, only_county, opened, settings
from registry.domain.area_sheets import plant_jurisdictions, read_jurisdiction_csv
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.people_sheets import PersonRow, PostRow
from registry.domain.records import NATION
from registry.domain.vocabulary import GRADES_OFF, Grade
from registry.policies.lists import load_lists


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is brought in."""
    kinds = "jurisdictions|areas|organisations|people|posts|calendar|lists|duties|instruments"
    kinds = "|".join((kinds, *TABLES, *existing.SHEETS, *statements.KINDS))
    what = parser.add_subparsers(dest="what", required=True, metavar=kinds)
    above = what.add_parser(
        "jurisdictions", help="省、市、县表，在 areas 之前导入 what stands above the streets (CSV)"
    )
    above.add_argument("file", type=Path)
    areas = what.add_parser("areas", help="区划表 communities of one county (CSV)")
    areas.add_argument("file", type=Path)
    areas.add_argument("--county", required=True, help="六位区县代码")
    areas.add_argument("--name", required=True, help="区县名称")
    areas.add_argument("--from", dest="since", type=date.fromisoformat, help="起始日 YYYY-MM-DD")
    _rosters(what)
    calendar = what.add_parser("calendar", help="放假安排表 one year (CSV)")
    calendar.add_argument("file", type=Path)
    calendar.add_argument("--county", default=NATION, help="六位代码; default: the nation")
    lists = what.add_parser("lists", help="清单文件夹 a folder with lists.toml")
    lists.add_argument("folder", type=Path)
    _registers(what)
    existing.arguments(what)
    statements.arguments(what)


def _rosters(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Who there is: bodies, people, posts; rows that are there already are corrected."""
    told = {
        "organisations": "单位表 organisations", "people": "人员表 people", "posts": "任职表 posts",
    }  # fmt: skip
    for kind, help in told.items():
        one = what.add_parser(kind, help=f"{help} (xlsx, CSV)")
        one.add_argument("file", type=Path)
        if kind == "people":
            one.add_argument(
                "--passwords", type=Path, metavar="FILE",
                help="把新账号的一次性口令写入此文件（仅本人可读） first passwords go to this new file",
            )  # fmt: skip


def _registers(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What the register itself keeps: a street's duties, the instruments matters rest on."""
    duties = what.add_parser("duties", help="街道（乡镇）履职事项清单 a street's own duties (CSV)")
    duties.add_argument("file", type=Path)
    duties.add_argument("--county", required=True, help="六位区县代码")
    duties.add_argument("--street", required=True, help="街道（乡镇）区划代码")
    duties.add_argument("--instrument", required=True, help="清单所载文件名称")
    duties.add_argument("--number", default="", help="发文字号")
    duties.add_argument("--from", dest="since", type=date.fromisoformat, help="起始日 YYYY-MM-DD")
    read = [g.value for g in Grade if g not in GRADES_OFF]
    duties.add_argument("--grade", choices=read, default=Grade.FULL.value, help="原文阅读程度")
    instruments = what.add_parser("instruments", help="文件表 instruments and their dates (CSV)")
    instruments.add_argument("file", type=Path)
    instruments.add_argument("--county", default=NATION, help="六位代码; default: the nation")
    for table, help in (
        ("codes", "当年预算科目表 a year's table of budget codes"),
        ("populations", "人口户数 counts of people by area"),
    ):
        one = what.add_parser(table, help=f"{help} (xlsx, CSV)")
        one.add_argument("file", type=Path)
        one.add_argument("--county", help="六位区县代码; default: the only county")


def run(args: argparse.Namespace) -> int:
    """Bring in one file or folder."""
    todo: dict[str, Callable[[Office, argparse.Namespace], list[str]]] = {
        "jurisdictions": _jurisdictions, "areas": _areas, "organisations": _roster,
        "people": _roster, "posts": _roster, "calendar": _calendar, "lists": _lists,
        "duties": _duties, "instruments": _instruments, **dict.fromkeys(TABLES, _table),
        **dict.fromkeys(existing.SHEETS, existing.run),
        **dict.fromkeys(statements.KINDS, statements.run),
    }  # fmt: skip
    with opened(settings()) as office:
        for line in todo[args.what](office, args):
            print(line)
    return DONE


def _jurisdictions(office: Office, args: argparse.Namespace) -> list[str]:
    rows, errors = read_jurisdiction_csv(args.file.read_bytes())
    if errors:
        raise Refusal(CELLS, count=len(errors), errors=msgspec.to_builtins(errors))
    added = 0
    for area in plant_jurisdictions(rows, area_id):

        def verb(desk: Desk, area: Area = area) -> Answer:
            return import_jurisdiction(desk, area)

        added += act(office, area.county, "area.import", verb).body["added"]
    return [f"新增省市县 jurisdictions added: {added}"]


def _areas(office: Office, args: argparse.Namespace) -> list[str]:
    data = args.file.read_bytes()

    def verb(desk: Desk) -> Answer:
        return import_areas(desk, data, args.name, args.since)

    told = act(office, args.county, "area.import", verb).body
    return [
        f"新增区划 areas added: {told['areas']}",
        *(f"  {k} {n}" for k, n in told["kinds"].items()),
    ]


def _roster(office: Office, args: argparse.Namespace) -> list[str]:
    """One sheet, all or nothing: tried county by county first, then kept."""
    sheet = read_roster(args.what, args.file.name, args.file.read_bytes())
    parts = _by_county(office, sheet)
    secrets = _secrets(office, args, sheet)
    hashes = {name: hash_password(secret) for name, secret in secrets.items()}
    verbs = {c: partial(import_roster, kind=args.what, sheet=part, hashes=hashes)
             for c, part in parts.items()}  # fmt: skip
    for county, verb in verbs.items():
        office.ask(Call(actor=cli_actor(county), county=county, act=f"{args.what}.import"), verb)
    if secrets:
        _hand_out(args.passwords, secrets)
    lines = []
    for county, verb in verbs.items():
        told: Imported = act(office, county, f"{args.what}.import", verb).body
        lines.append(
            f"{county} 新增 added: {told.added}; 更正 corrected: {told.changed}; "
            f"未变 unchanged: {told.same}"
        )
        if told.accounts and not secrets:
            lines.append(f"  {len(told.accounts)} 个新账号尚无口令 accounts without a password: "
                         "registry user password")  # fmt: skip
    return lines + ([f"一次性口令 first passwords: {args.passwords}"] if secrets else [])


def _by_county(office: Office, sheet: RosterSheet) -> dict[str, RosterSheet]:
    """Rows by the partition that keeps them: a post is kept where its person is."""
    found: dict[str, list[Any]] = {}
    for row in sheet.rows:
        if isinstance(row, PostRow):
            person = office.store.reader.person_named(row.username)
            county = person.county if person else row.area_code[:6]
        else:
            county = row.county
        found.setdefault(county, []).append(row)
    return {c: RosterSheet(rows, sheet.chinese) for c, rows in sorted(found.items())}


def _secrets(office: Office, args: argparse.Namespace, sheet: RosterSheet) -> dict[str, str]:
    """A first password for each new account, where there is a file to write them to."""
    if args.what != "people" or args.passwords is None:
        return {}
    named = [row.username for row in sheet.rows if isinstance(row, PersonRow)]
    fresh = [name for name in named if office.store.reader.person_named(name) is None]
    return {name: urlsafe_b64encode(office.source.token(_SECRET)).decode() for name in fresh}


def _hand_out(page: Path, secrets: dict[str, str]) -> None:
    """Written before the accounts are made: a password nobody has would lock its person out."""
    try:
        with open(page, "x", encoding="utf-8", opener=_private) as stream:
            stream.writelines(f"{name},{secret}\n" for name, secret in secrets.items())
    except FileExistsError:
        raise CommandError(f"文件已存在 the file is there already: {page}") from None


_SECRET = 12
"""Bytes of a first password; they fill their letters without padding."""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _calendar(office: Office, args: argparse.Namespace) -> list[str]:
    data = args.file.read_bytes()
    told = act(office, args.county, "calendar.import", lambda desk: put_calendar(desk, data)).body
    return [f"{told['year']}: {told['days']} 天 days"]


def _lists(office: Office, args: argparse.Namespace) -> list[str]:
    lines = []
    for one in load_lists(args.folder):

        def verb(desk: Desk, one: object = one) -> Answer:
            return put_list(desk, one)  # type: ignore[arg-type]

        told = act(office, one.county, "list.import", verb)
        lines.append(f"{one.county}  {one.id}  v{told.version}  {told.body['items']} 项 items")
    return lines


def _duties(office: Office, args: argparse.Namespace) -> list[str]:
    data = args.file.read_bytes()
    sheet = Sheet(
        street=args.street, instrument=args.instrument, document_number=args.number,
        valid_from=args.since, grade=Grade(args.grade), source=args.file.name,
    )  # fmt: skip
    told = act(office, args.county, "list.import", lambda desk: import_duties(desk, data, sheet))
    body = told.body
    return [f"{args.county}  {body['id']}  v{told.version}  {body['items']} 项 items"]


def _instruments(office: Office, args: argparse.Namespace) -> list[str]:
    data = args.file.read_bytes()
    told = act(
        office, args.county, "instrument.import", lambda desk: import_instruments(desk, data)
    ).body
    return [
        f"新增文件 added: {told['added']}; 更正 changed: {told['changed']}; 未改 held: {told['held']}"
    ]


def _table(office: Office, args: argparse.Namespace) -> list[str]:
    """One table of the finance office, all or nothing."""
    county = only_county(office, args.county)
    rows = tables.read(args.what, args.file.read_bytes())

    def verb(desk: Desk) -> Answer:
        return tables.take_in(desk, args.what, rows)

    told: tables.TableIn = act(office, county, tables.ACTS[args.what], verb).body
    same = told.rows - told.added - told.changed
    return [
        f"{county} 新增 added: {told.added}; 更正 corrected: {told.changed}; 未变 unchanged: {same}"
    ]
