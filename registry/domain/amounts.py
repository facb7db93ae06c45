"""金额 amounts as officials write them, read exactly to the 分: 14.5万元 is 1 450 000 分 (E1).

No binary fraction is ever made of an amount: digits are moved, not multiplied.
"""

import re
import unicodedata
from enum import StrEnum

from registry.domain.records import FEN_MAX
from registry.domain.sheets import CellError, Errors


class MoneyUnit(StrEnum):
    """金额单位 of a column or a cell."""

    YUAN = "元"
    TEN_THOUSAND = "万元"
    HUNDRED_MILLION = "亿元"


_PLACES = {MoneyUnit.YUAN: 2, MoneyUnit.TEN_THOUSAND: 6, MoneyUnit.HUNDRED_MILLION: 10}
"""By how many places the point stands before the last 分."""
_SHAPE = re.compile(
    r"(?P<sign>[-+]?)¥?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18})"
    r"(?:\.(?P<part>[0-9]{1,18}))?"
    r"\s*(?P<unit>元整|元|万元|万|亿元|亿)?"
)
_SPOKEN = {
    "元": MoneyUnit.YUAN, "元整": MoneyUnit.YUAN, "万元": MoneyUnit.TEN_THOUSAND,
    "万": MoneyUnit.TEN_THOUSAND, "亿元": MoneyUnit.HUNDRED_MILLION,
    "亿": MoneyUnit.HUNDRED_MILLION,
}  # fmt: skip


_WIDE = {at: unicodedata.normalize("NFKC", chr(at)) for at in range(ord("！"), ord("～") + 1)}
_WIDE |= {ord("￥"): "¥", ord("\u3000"): " ", ord("−"): "-"}


def narrowed(text: str) -> str:
    """A text with its full-width letters, digits and signs made narrow, and nothing else: ² and ①
    are marks of a note and no digits of an amount."""
    return text.translate(_WIDE)


class NoAmount(ValueError):  # noqa: N818 - what a cell is not, said in two languages
    """不是金额: why a text is no amount that may be kept."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def parse_fen(text: str, unit: MoneyUnit = MoneyUnit.YUAN, *, zero: bool = False) -> int:
    """An amount, 分, exactly.

    Full-width digits, thousands separators, a ¥ before and a unit behind are read; the unit in the
    text goes before that of its column.

    Args:
        unit: what a bare figure counts, as the heading of its column says.
        zero: nothing at all may stand there as 0.

    Raises:
        NoAmount: with the reason, zh and en.
    """
    told = narrowed(text).strip()
    found = _SHAPE.fullmatch(told)
    if found is None:
        raise NoAmount(
            "不是金额，应写如 1234.56、1,234.56 或 14.5万元",
            "no amount; write 1234.56, 1,234.56 or 14.5万元",
        )
    if found["sign"] == "-":
        raise NoAmount("金额不得为负（E1 退回、冲销各有凭证）", "an amount is never negative (E1)")
    fen = _fen(found, _SPOKEN.get(found["unit"] or "", unit))
    if not (1 - zero) <= fen <= FEN_MAX:
        raise NoAmount(
            f"金额须在 {1 - zero} 至 {FEN_MAX} 分之间（E1）",
            f"an amount is {1 - zero} to {FEN_MAX} 分 (E1)",
        )
    return fen


def _fen(found: re.Match[str], unit: MoneyUnit) -> int:
    places = _PLACES[unit]
    part = (found["part"] or "").rstrip("0")
    if len(part) > places:
        raise NoAmount("金额最小到分（E1）", "an amount is told to the 分, and no finer (E1)")
    return int(found["whole"].replace(",", "") + part.ljust(places, "0"))


def unit_of(heading: str) -> MoneyUnit:
    """The unit a column's heading names, 金额(万元); 元 where it names none."""
    told = unicodedata.normalize("NFKC", heading)
    named = [u for u in MoneyUnit if u.value in told]
    return max(named, key=lambda u: len(u.value), default=MoneyUnit.YUAN)


def fen_of_cell(
    cell: str, row: int, column: str, unit: MoneyUnit = MoneyUnit.YUAN
) -> tuple[int, Errors]:
    """A cell of a sheet as 分, or the error of that cell."""
    try:
        return parse_fen(cell, unit), []
    except NoAmount as wrong:
        return 0, [CellError(row=row, column=column, message=wrong.zh, message_en=wrong.en)]


def told_yuan(fen: int) -> str:
    """分 as 元 with two places, thousands apart: 145,000.00."""
    sign, whole = ("-" if fen < 0 else ""), str(abs(fen)).rjust(_PLACES[MoneyUnit.YUAN] + 1, "0")
    return f"{sign}{int(whole[:-2]):,}.{whole[-2:]}"


_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES_ZH = ("", "拾", "佰", "仟")
_GROUPS_ZH = ("", "万", "亿", "万")
_FOUR, _YI = 4, 2


def told_capital(fen: int) -> str:
    """分 in capital Chinese (大写), as a cheque bears it: 145000000 is 壹佰肆拾伍万元整.

    After 《正确填写票据和结算凭证的基本规定》: one 零 for noughts within, 整 after 元 and 角 where
    nothing follows, none after 分.

    Raises:
        ValueError: an amount below nothing.
    """
    if fen < 0:
        raise ValueError(fen)
    yuan, rest = divmod(fen, 10 ** _PLACES[MoneyUnit.YUAN])
    jiao, last = divmod(rest, len(_NUMERALS))
    told = f"{_capital(yuan)}元" if yuan or not rest else ""
    told += f"{_NUMERALS[jiao]}角" if jiao else "零" if yuan and last else ""
    return told + (f"{_NUMERALS[last]}分" if last else "整")


def _capital(yuan: int) -> str:
    digits, told, nought = str(yuan), "", False
    for at, digit in enumerate(digits):
        group, place = divmod(len(digits) - 1 - at, _FOUR)
        if digit != "0":
            told += ("零" if nought else "") + _NUMERALS[int(digit)] + _PLACES_ZH[place]
        nought = digit == "0" and bool(told)
        # 万 is told of its own four digits, 亿 of all before it.
        own = digits[0 if group == _YI else max(0, at - _FOUR + 1) : at + 1]
        if not place and group and own.strip("0"):
            told, nought = told + _GROUPS_ZH[group], False
    return told or _NUMERALS[0]


def share(amount_fen: int, parts: int, index: int) -> int:
    """The ``index``-th of ``parts`` shares of an amount, 分: the first shares take the remainder,
    so that shares always sum to the amount."""
    whole, rest = divmod(amount_fen, parts)
    return whole + (1 if index < rest else 0)
