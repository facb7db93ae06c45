"""year 年终结转: rehearse, then close a year community by community; what was closed stays closed."""

import argparse
from collections.abc import Iterator

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.years.closing import CloseCommand, close
from registry.actions.years.rehearsing import Rehearsal, RehearseCommand, Rehearsed, rehearse
from registry.cli.entry import DONE, FAILED
from registry.cli.opening import act, cli_actor, known_county, opened, progress, settings
from registry.domain.amounts import told_yuan
from registry.domain.closing import YearClosing
from registry.domain.errors import Refusal

_PAGE = 256
"""Communities rehearsed at a time."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """``close`` and ``open``."""
    what = parser.add_subparsers(dest="what", required=True, metavar="close|open")
    told = {
        "close": "年终结转该年度 carry over, hand in, let lapse what is left of the year",
        "open": "开启该年度：结转上一年度，并列出新年度准备事项 the same of the year before, and what "
        "the new year needs",
    }
    for word, help in told.items():
        one = what.add_parser(word, help=help)
        one.add_argument("year", type=int, help="会计年度, e.g. 2026")
        one.add_argument("--county", help="六位区县代码; default: the only county")
        one.add_argument(
            "--rehearse", action="store_true", help="预演，不留记录 say what it would do"
        )


def run(args: argparse.Namespace) -> int:
    """Close a year: every community by itself; whoever is not ready is told and stays open."""
    with opened(settings()) as office:
        county = known_county(office, args.county)
        year = args.year - 1 if args.what == "open" else args.year
        pages = list(_pages(office, county, year))
        if args.what == "open" or args.rehearse:
            for line in _turning(pages[0], year):
                print(line)
        if args.rehearse:
            return _rehearsed(pages)
        return _close(office, county, pages)


def _pages(office: Office, county: str, year: int) -> Iterator[Rehearsal]:
    call = Call(actor=cli_actor(county), county=county, act="year.rehearse")
    after: str | None = ""
    while after is not None:
        command = RehearseCommand(year=year, after=after, limit=_PAGE)

        def verb(desk: Desk, command: RehearseCommand = command) -> Answer:
            return rehearse(desk, command)

        page: Rehearsal = office.ask(call, verb).body
        told = page.communities[-1].code if page.communities else county
        progress(f"已查看到 looked through, up to: {told}")
        yield page
        after = page.next


def _turning(page: Rehearsal, year: int) -> list[str]:
    turning = page.turning
    over = "已结束 over" if turning.over else "尚未结束 not over yet"
    codes = "、".join(f"{kind.value} {many}" for kind, many in turning.codes.items()) or "无 none"
    waiting = sum(turning.open_requests.values())
    return [
        f"{year} {over}",
        f"{year + 1} 科目表 code tables: {codes}",
        f"{year + 1} 放假安排 calendar: {'有 there' if turning.calendar else '无 missing'}",
        f"重新编号 number series that begin anew: {'、'.join(turning.series) or '无 none'}",
        f"未办结申请 requests under way: {waiting}",
    ]


def _line(told: Rehearsed) -> str:
    state = "已结转 closed" if told.closed else told.obstacle_zh or "可结转 ready"
    amounts = (
        f"结转 {told_yuan(told.carried_fen)}（应缴应退 {told_yuan(told.remitted_fen)}）"
        f"  不再拨付 {told_yuan(told.lapsed_fen)}"
    )
    return f"{told.code}  {told.name}  {amounts}  到期 ending {len(told.ending)}  {state}"


def _rehearsed(pages: list[Rehearsal]) -> int:
    every = [one for page in pages for one in page.communities]
    for one in every:
        if one.carried_fen or one.lapsed_fen or one.ending or one.obstacle:
            print(_line(one))
            for ending in one.ending:
                print(f"    {ending.ends_on}  {ending.title}  {ending.presence_id}")
    carried, lapsed = sum(x.carried_fen for x in every), sum(x.lapsed_fen for x in every)
    print(f"合计 total: 结转 {told_yuan(carried)}  不再拨付 {told_yuan(lapsed)}")
    return FAILED if any(one.obstacle for one in every) else DONE


def _close(office: Office, county: str, pages: list[Rehearsal]) -> int:
    failed = done = 0
    for page in pages:
        for one in page.communities:
            command = CloseCommand(organisation_id=one.organisation_id, year=page.year)

            def verb(desk: Desk, command: CloseCommand = command) -> Answer:
                return close(desk, command)

            try:
                made: YearClosing = act(office, county, "year.close", verb).body
            except Refusal as refusal:
                failed += 1
                print(f"{one.code}  {one.name}  未结转 not closed: {refusal.detail}")
                if refusal.code in ("year.running", "year.unruled"):
                    return FAILED
                continue
            done += 1
            if made.carried_fen or made.lapsed_fen:
                print(f"{one.code}  {one.name}  结转 {told_yuan(made.carried_fen)}  "
                      f"不再拨付 {told_yuan(made.lapsed_fen)}")  # fmt: skip
    print(f"已结转社区 closed: {done}; 未结转 not closed: {failed}")
    return FAILED if failed else DONE
