"""文号 one number in all writings: people type other brackets and widths than a paper prints."""

import re
import unicodedata

PAIRS = ("〔〕", "[]", "［］", "【】", "()", "（）", "﹝﹞", "〖〗")
"""Brackets around the year; GB/T 9704 prints the first."""
OPENING = "".join(pair[0] for pair in PAIRS)
CLOSING = "".join(pair[1] for pair in PAIRS)
YEAR = rf"[{re.escape(OPENING)}]([12][0-9]{{3}})[{re.escape(CLOSING)}]"
"""The year of a number in whatever brackets."""
_OPEN = str.maketrans({pair[0]: PAIRS[0][0] for pair in PAIRS})
_CLOSE = str.maketrans({pair[1]: PAIRS[0][1] for pair in PAIRS})


def folded(number: str) -> str:
    """The number in one form: narrow letters and digits, no spaces, the printed brackets."""
    narrow = unicodedata.normalize("NFKC", "".join(number.split()))
    return narrow.translate(_OPEN).translate(_CLOSE)


def kept(number: str) -> str:
    """The number as it is kept on record: narrow letters and digits, no blanks, its brackets as
    they were typed."""
    brackets = "".join(PAIRS)
    return "".join(
        c if c in brackets else unicodedata.normalize("NFKC", c) for c in number if not c.isspace()
    )


def printed(number: str) -> str:
    """The number as papers print it, 〔2026〕 whatever brackets were typed around the year, without
    blanks; what has no such year is no 发文字号 and stays as it was typed."""
    plain = kept(number)
    return re.sub(YEAR, r"〔\1〕", plain) if re.search(YEAR, plain) else number


def writings(number: str) -> list[str]:
    """Every form in which a number may stand on record, that which was typed first."""
    plain = folded(number)
    first, last = PAIRS[0][0], PAIRS[0][1]
    forms = (plain.replace(first, pair[0]).replace(last, pair[1]) for pair in PAIRS)
    return list(dict.fromkeys([number, *forms]))
