"""凭证录入 what was typed into the form of a voucher: its sum, what is over, the command it makes.

Everything is reckoned here, as it is typed and when it is handed in, so that both say the same.
"""

from typing import Any, NamedTuple

from registry.actions.ledger.left import Left, LeftRow
from registry.domain.accounts import VoucherStage
from registry.domain.amounts import NoAmount, parse_fen, told_capital, told_yuan
from registry.domain.funds import VoucherCommand
from registry.domain.records import Wire
from registry.domain.spending import ExpenditureCommand, Signatory
from registry.web.forms.fields import Field, fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, command_of

LINES, EACH = "lines", "each"
TOTAL = "total_fen"
HEAD = ("fiscal_year", "dated_on")
TAIL = ("agent_id", "document_id", "note")
_OWN = frozenset({"presence_id", "funding_key", "amount_fen", "year", "signatures", "use"})
"""Of particulars: what stands in the rows, or is drawn in its own way."""


class Sum(NamedTuple):
    """合计 of what was typed, 分, and what is said beside each field of it."""

    lines_fen: int
    total_fen: int | None
    beside: dict[str, tuple[str, str]]
    """By path of the field: what is wrong with it, zh and en."""
    told: dict[str, str]
    """By path of the field: the amount in capital Chinese."""

    @property
    def apart_fen(self) -> int:
        """What the lines are more than the total."""
        return self.lines_fen - (self.total_fen or 0)


def path_of(number: int, name: str = "amount_fen") -> str:
    """What a field of a row is called."""
    return f"{LINES}.{number}.{name}"


def _read(text: str) -> int | None:
    try:
        return parse_fen(text, zero=True) if text.strip() else None
    except NoAmount:
        return None


def amount_of(given: Typed, path: str) -> int | None:
    """An amount as it was typed so far, 分; ``None`` = none, or none that can be read."""
    return _read(given.get(path, [""])[0])


def summed(left: Left, given: Typed) -> Sum:
    """The sum of what was typed so far."""
    beside, told, whole = dict[str, tuple[str, str]](), dict[str, str](), 0
    for number, row in enumerate(left.rows):
        fen = amount_of(given, path_of(number))
        if fen is None:
            continue
        whole += fen
        if row.left_fen is not None and fen > row.left_fen:
            most = told_yuan(row.left_fen)
            beside[path_of(number)] = (f"超过可用 {most} 元", f"more than {most} yuan left")
    total = amount_of(given, TOTAL)
    if total is not None:
        told[TOTAL] = told_capital(total)
        if total != whole:
            beside[TOTAL] = (
                f"分录合计 {told_yuan(whole)} 元，相差 {told_yuan(abs(whole - total))} 元",
                f"the lines come to {told_yuan(whole)}, {told_yuan(abs(whole - total))} apart",
            )
    over = _over(left, given)
    return Sum(whole, total, beside | over, told)


def _over(left: Left, given: Typed) -> dict[str, tuple[str, str]]:
    """Of 分解: what of the indicator that was chosen is not split yet."""
    chosen = given.get("indicator_id", [""])[0]
    for one in left.indicators:
        fen = sum(_read(given.get(path_of(n), [""])[0]) or 0 for n in range(len(left.rows)))
        if one.id == chosen and fen > one.left_fen:
            most = told_yuan(one.left_fen)
            return {"indicator_id": (f"指标未分解 {most} 元，不足", f"only {most} yuan unsplit")}
    return {}


def filled_up(left: Left, given: Typed) -> Typed:
    """Every row with all that is left, and the total with it."""
    whole, made = 0, dict(given)
    for number, row in enumerate(left.rows):
        if row.left_fen:
            made[path_of(number)] = [told_yuan(row.left_fen)]
            whole += row.left_fen
    return made | {TOTAL: [told_yuan(whole)]}


def added_up(left: Left, given: Typed) -> Typed:
    """The total as the rows come to."""
    return given | {TOTAL: [told_yuan(summed(left, given).lines_fen)]}


def particulars() -> list[Field]:
    """What is told of what is spent, besides the rows: once for all rows of a voucher."""
    lines = next(f for f in fields_of(ExpenditureCommand) if f.name == LINES)
    return [f for f in lines.fields if f.name not in _OWN]


def head(names: tuple[str, ...]) -> list[Field]:
    """Fields of a voucher by name, in that order."""
    held = {f.name: f for f in fields_of(VoucherCommand)}
    return [held[name] for name in names]


class Slip:
    """凭证草稿: rows and fields as they were typed, as a command, with what is wrong by field."""

    def __init__(self, stage: VoucherStage, left: Left, given: Typed) -> None:
        self.spends = any(row.spends for row in left.rows)
        self.kind: type[Wire] = ExpenditureCommand if self.spends else VoucherCommand
        self._stage, self._left, self._given = stage, left, given
        self.rows: list[int] = []
        """Of each line of the command the row that it was typed in."""
        self.wrong: list[Wrong] = []

    def command(self) -> Any:
        """The command; ``None`` where something is wrong, told in ``wrong``."""
        made = Filled(fields_of(self.kind), self._lines())
        command = command_of(self.kind, made)
        found = [Wrong(self._named(w.path), w.zh, w.en) for w in made.wrong]
        self.wrong = list({one.path: one for one in found}.values())
        met = {one.path for one in self.wrong}
        said = summed(self._left, self._given).beside
        self.wrong += [Wrong(p, *told) for p, told in said.items() if p not in met]
        if not self.rows:
            self.wrong.insert(0, Wrong(path_of(0), "至少填一行金额", "Fill in one amount at least"))
        return None if self.wrong else command

    def _lines(self) -> Typed:
        given = {n: v for n, v in self._given.items() if not n.startswith((LINES, EACH))}
        given = {n: v for n, v in given.items() if n != "indicator_id"} | {
            "stage": [self._stage.value]
        }
        for number, row in enumerate(self._left.rows):
            typed = self._given.get(path_of(number), [""])[0].strip()
            if typed and _read(typed) != 0:
                at = f"{LINES}.{len(self.rows)}."
                given |= {at + n: v for n, v in (self._entry(row, typed) | self._each()).items()}
                self.rows.append(number)
        return given

    def _entry(self, row: LeftRow, typed: str) -> Typed:
        entry = {
            "presence_id": [row.presence_id], "funding_key": [row.funding_key],
            "amount_fen": [typed], "year": [str(row.year)],
        }  # fmt: skip
        if self.spends:
            return entry
        indicator = row.indicator_id or self._given.get("indicator_id", [""])[0]
        return entry | {
            "at": [row.at.value if row.at else ""], "indicator_id": [indicator],
            "out": ["true" if row.out else ""],
        }  # fmt: skip

    def _each(self) -> Typed:
        if not self.spends:
            return {}
        at = f"{EACH}."
        told = {n.removeprefix(at): v for n, v in self._given.items() if n.startswith(at)}
        signed = {s: told.pop(f"signatures.{s}", [""])[0] for s in Signatory}
        pairs = [f"{s}={id}" for s, id in signed.items() if id]
        return told | {"signatures": ["\n".join(pairs)]}

    def _named(self, path: str) -> str:
        """Where on the page a field of the command stands."""
        head, _, rest = path.partition(".")
        number, _, name = rest.partition(".")
        if head != LINES or not number.isdigit():
            return path
        if name.partition(".")[0] in ("presence_id", "funding_key", "amount_fen", "year", "at"):
            return path_of(self.rows[int(number)])
        return "indicator_id" if name == "indicator_id" else f"{EACH}.{name}"
