"""流水表 reading a payment list of the treasury or a statement of a bank, as they come.

Every bank calls its columns otherwise: they are found by their headings, whatever the order, and
what is not known is left aside and told. Amounts are exact; every bad cell is told at once.
"""

import hashlib
import re
from collections import Counter
from datetime import date
from typing import NamedTuple

from registry.domain.amounts import NoAmount, narrowed, parse_fen
from registry.domain.bank import Direction, LineSource
from registry.domain.bank_headings import Columns, bad, column_of, columns_of, header, plain
from registry.domain.records import Wire
from registry.domain.sheets import Errors, read_lines

_WAYS = {
    "收": Direction.IN, "收入": Direction.IN, "贷": Direction.IN, "贷方": Direction.IN,
    "转入": Direction.IN, "入": Direction.IN, "in": Direction.IN,
    "支": Direction.OUT, "支出": Direction.OUT, "借": Direction.OUT, "借方": Direction.OUT,
    "转出": Direction.OUT, "出": Direction.OUT, "out": Direction.OUT,
}  # fmt: skip
_SUMS = ("合计", "总计", "小计", "本页合计", "本月合计", "本期合计", "累计", "总收入", "总支出",
         "期初余额", "期末余额", "上期余额", "承前页", "过次页")  # fmt: skip
"""With what a line begins that sums up, or carries on, and moves nothing."""
_MINUS = ("-", "−")
_DAY = re.compile(
    r"(?P<y>[0-9]{4})(?:[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?"
    r"|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2}))(?:[ T].*)?"
)
_LONGEST = 512
_KEY_LONGEST = 256
_ENDLESS_KEY = re.compile(r"[0-9.]+[eE]\+?[0-9]+")


class StatementLine(NamedTuple):
    """一行流水 as it was read."""

    row: int
    """As a spreadsheet counts."""
    key: str
    direction: Direction
    amount_fen: int
    dated_on: date
    account: str
    """Whose account it is, as the line names it; empty = whose the whole file is."""
    party: str
    """对方: the other side; of a payment by the treasury, who got it."""
    payer: str
    memo: str
    admission: str
    voucher: str


class Statement(Wire, frozen=True, kw_only=True):
    """一份流水 as it was read."""

    source: LineSource
    name: str
    sha256: str
    lines: list[StatementLine]
    ignored: list[str] = []
    """Headings that say nothing here."""


def read_statement(source: LineSource, name: str, data: bytes, limit: int) -> tuple[
    Statement | None, Errors
]:  # fmt: skip
    """Every line of a statement, or every bad cell.

    Args:
        data: CSV, UTF-8 or GB18030.
        limit: most lines that are read of one file.
    """
    rows, errors = read_lines(data)
    if errors:
        return None, errors
    top = header(rows)
    if top is None:
        return None, [
            bad(1, "", "找不到表头：须有日期和金额两列", "no headings of date and amount")
        ]
    columns, errors = columns_of(source, rows[top], top + 1)
    if len(rows) - top - 1 > limit:
        errors.append(bad(limit, "", f"行数超过上限{limit}行", f"more than {limit} lines"))
    if errors:
        return None, errors
    reader = _Reader(source, columns, by_sign=_by_sign(rows[top + 1 :], columns))
    for number, cells in enumerate(rows[top + 1 :], start=top + 2):
        reader.take(number, cells)
    if reader.errors:
        return None, reader.errors
    return Statement(
        source=source, name=name, sha256=hashlib.sha256(data).hexdigest(), lines=reader.keyed(),
        ignored=[h for h in columns.headings if h and column_of(h) is None],
    ), []  # fmt: skip


def _by_sign(rows: list[list[str]], columns: Columns) -> bool:
    """Whether this bank writes what goes out with a minus beside the word for it: then the sign
    repeats the word, and is no red entry. So it is where everything that goes out has one, and
    nothing that comes in has; of a single line there is no telling, and it is read as red."""
    at = columns.at
    if "way" not in at or "amount" not in at:
        return False
    told = Counter[tuple[Direction, bool]]()
    for cells in rows:
        if len(cells) > max(at["way"], at["amount"]):
            way = _WAYS.get(plain(cells[at["way"]]).lower())
            if way is not None:
                told[way, plain(cells[at["amount"]]).startswith(_MINUS)] += 1
    red = {kind for kind in told if kind[1]}
    plainly = (Direction.OUT, False) not in told and told.total() > 1
    return plainly and red == {(Direction.OUT, True)}


class _Reader:
    """逐行读: what became of each line, and every bad cell."""

    def __init__(self, source: LineSource, columns: Columns, *, by_sign: bool) -> None:
        self._source, self._columns, self._by_sign = source, columns, by_sign
        self._lines: list[StatementLine] = []
        self.errors: Errors = []
        self._days: dict[str, date | None] = {}

    def take(self, row: int, cells: list[str]) -> None:
        """One line of the file; an empty one, and one that only sums up, is passed over."""
        told = [cell.strip() for cell in cells]
        first = next((cell for cell in told if cell), "")
        if not first or plain(first).startswith(_SUMS):
            return
        width = len(self._columns.headings)
        if len(told) < width:
            told += [""] * (width - len(told))
        if any(told[width:]):
            said = (f"应有{width}格，实有{len(cells)}格", f"expected {width} cells")
            self.errors.append(bad(row, "", *said))
            return
        cell = {column: told[i] for column, i in self._columns.at.items()}
        if self._columns.memos:
            cell["memo"] = "；".join(told[i] for i in self._columns.memos if told[i])
        self._read(row, cell)

    def _read(self, row: int, cell: dict[str, str]) -> None:
        before = len(self.errors)
        self._check_text(row, cell)
        dated = self._day(row, cell["dated"])
        direction, fen = self._money(row, cell)
        if len(self.errors) > before or dated is None:
            return
        own = self._source is LineSource.TREASURY
        key = plain(cell.get("key", ""))
        part = plain(cell.get("part", ""))
        self._lines.append(StatementLine(
            row=row, key=f"{key}#{part}" if key and part else key, direction=direction,
            amount_fen=fen, dated_on=dated, account=cell.get("account", ""),
            party=cell.get("payee", "") if own else self._other(cell, direction),
            payer=cell.get("payer", "") if own or direction is Direction.IN else "",
            memo=cell.get("memo", ""), admission=cell.get("admission", ""),
            voucher=cell.get("voucher", ""),
        ))  # fmt: skip

    def _other(self, cell: dict[str, str], direction: Direction) -> str:
        """The other side of a bank line, under whichever heading the bank names it."""
        named = "payer" if direction is Direction.IN else "payee"
        return cell.get("party") or cell.get(named, "")

    def _check_text(self, row: int, cell: dict[str, str]) -> None:
        for column, text in cell.items():
            if any(not c.isprintable() for c in text):
                self._fault(row, column, "含有控制字符", "contains a control character")
            elif text.startswith("="):
                self._fault(row, column, "是公式，请填数值或文字", "is a formula")
            elif len(text) > _LONGEST:
                self._fault(row, column, f"超过{_LONGEST}字", "is too long")
        if _ENDLESS_KEY.fullmatch(key := cell.get("key", "")):
            self._fault(row, "key", "流水号成了科学计数，请把该列设为文本", "has lost its digits")
        elif len(key) > _KEY_LONGEST:
            self._fault(row, "key", "流水号太长", "is too long")

    def _day(self, row: int, text: str) -> date | None:
        if text not in self._days:
            self._days[text] = _day(text)
        found = self._days[text]
        if found is None:
            self._fault(row, "dated", "不是日期，应如 2026-03-02", "is no date; write 2026-03-02")
        return found

    def _money(self, row: int, cell: dict[str, str]) -> tuple[Direction, int]:
        """Which way, and how much; what a bank writes in red (negative) went the other way."""
        sides = {"income": Direction.IN, "expense": Direction.OUT}
        given = [(c, w) for c, w in sides.items() if not _nothing(cell.get(c, ""))]
        if len(given) > 1:
            self._fault(row, "income", "收入、支出只能填一个", "goes in or out, not both")
            return Direction.IN, 0
        if given:
            column, way = given[0]
        else:
            column = next(c for c in _AMOUNTS if c in cell)
            way = self._way(row, cell, column)
        return self._signed(row, (column, way), cell.get(column, ""))

    def _way(self, row: int, cell: dict[str, str], column: str) -> Direction:
        if self._source is LineSource.TREASURY:
            return Direction.OUT
        told = _WAYS.get(plain(cell.get("way", "")).lower())
        if told is None:
            self._fault(row, "way" if "way" in cell else column, "收支方向不明", "which way?")
        return told or Direction.IN

    def _signed(self, row: int, at: tuple[str, Direction], text: str) -> tuple[Direction, int]:
        column, way = at
        told = narrowed(text).strip()
        if told.startswith("-"):
            told = told[1:]
            if not (self._by_sign and column == "amount"):
                way = Direction.OUT if way is Direction.IN else Direction.IN
        try:
            return way, parse_fen(told, self._columns.unit[column])
        except NoAmount as wrong:
            self._fault(row, column, wrong.zh, wrong.en)
            return way, 0

    def _fault(self, row: int, column: str, zh: str, en: str) -> None:
        heading = self._columns.headings[self._columns.at[column]]
        self.errors.append(bad(row, heading, zh, en))

    def keyed(self) -> list[StatementLine]:
        """Every line with its key: a line that has none is known by all that is read of it, and by
        which of its like in the file it is."""
        met: Counter[str] = Counter()
        found = []
        for line in self._lines:
            if not line.key:
                digest = content(line)
                met[digest] += 1
                line = line._replace(key=f"={digest}.{met[digest]}")  # noqa: PLW2901
            found.append(line)
        return found


def content(line: StatementLine) -> str:
    """摘要 of what a line says, wherever in a file it stands and whatever its headings are."""
    told = (line.direction.value, str(line.amount_fen), line.dated_on.isoformat(), line.account,
            line.party, line.payer, line.memo, line.admission, line.voucher)  # fmt: skip
    return hashlib.sha256("\x1f".join(map(plain, told)).encode()).hexdigest()


_AMOUNTS = ("amount", "income", "expense")


def _nothing(text: str) -> bool:
    return not text.strip("0.,-−") or text.strip() in ("--", "—")


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(plain(text))
    if found is None:
        return None
    try:
        return date(int(found["y"]), int(found["m"] or found["mm"]), int(found["d"] or found["dd"]))
    except ValueError:
        return None
