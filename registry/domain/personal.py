"""个人信息 whether words that name a sort of paper give away a resident: they are not kept then.

A demand is registered by type alone (P24). What looks like a number of a person or like a name is
refused; that it looks so proves nothing, and the worker names the paper in other words.
"""

import re
import unicodedata
from collections.abc import Iterable

_NUMBER = re.compile(r"(?:[0-9][ \-—–_.·]?){5,}[0-9xX]?")
"""Six digits on end, however they are parted: an identity card, a telephone, an account. A year or
the number of a form is shorter."""
_DWELLING = re.compile(r"[0-9] ?(?:号楼|号院|栋|幢|单元|室)")
"""Where somebody lives: no sort of paper needs it."""
_DAY = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}([-–—.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
)
"""A day is no number of a person: 2026-03-02, 2026.3.2."""
_ADDRESS = re.compile(r"\S@\S")
_CALLED = re.compile(r"先生|女士|小姐|同志|老师|阿姨|大爷|大妈|身份证号|手机号|电话[:：]|姓名[:：]")
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "范汪廖贾韦傅邹孟熊秦邱侯薛阎雷黎郝龚邵"
)
"""Frequent family names that begin no common word for a paper (unlike 单, 金, 安, 房, 高)."""
_NAME = rf"[{_FAMILY}][\u4e00-\u9fff]{{1,2}}"
_OWNED = re.compile(rf"^{_NAME}(?:的|之|本人)")
_ALONE = re.compile(rf"^{_NAME}$")


def personal(words: str, papers: Iterable[str] = ()) -> bool:
    """Whether the words look as if they named a person.

    Args:
        papers: names of papers that are known: what stands before one of them may be a name.
    """
    plain = _plain(words).strip()
    if any(one.search(plain) for one in (_NUMBER, _DWELLING, _ADDRESS, _CALLED)) or _OWNED.search(
        plain
    ):
        return True
    before = (plain[: plain.find(name)].strip() for name in papers if name and name in plain)
    return any(_ALONE.match(word) for word in before)


def numbered(words: str) -> bool:
    """Whether a text has what looks like a person's number or address in it: of a longer text no
    more can be said without sending back what is meant well."""
    plain = _plain(words)
    return any(one.search(plain) for one in (_NUMBER, _ADDRESS))


def _plain(words: str) -> str:
    """In one form of letters, with its days taken out."""
    return _DAY.sub("某日", unicodedata.normalize("NFKC", words))
