"""全角标点: what the program says in Chinese has Chinese marks; half-width ones come from typing it
among code, and officials see them at once."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import modules, name

_HAN = "一-鿿《》「」"
_NARROW = re.compile(rf"[{_HAN}][,:;!?]\s*[{_HAN}]|[{_HAN}][()]|\([{_HAN}]")
_FILLED = re.compile(r"\{[^{}]*\}")
"""A place in a sentence that is filled in, such as ``{share_fen:元}``."""
_UNIT = re.compile(r"\((?:元|万元|分|%)\)$")
"""金额(元): a column of a sheet goes by the very heading it has always had."""


def _sentences() -> Iterator[tuple[str, str]]:
    """Where, and what, of every string that people read: no docstring, no pattern."""
    for path, tree in modules():
        unread = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                unread |= {id(n) for n in ast.walk(node)}
        for node in ast.walk(tree):
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and id(node) not in unread:
                yield f"{name(path)}:{node.lineno}", said


def _narrow(said: str) -> bool:
    return bool(_NARROW.search(_UNIT.sub("", _FILLED.sub("x", said))))


def test_chinese_sentences_have_wide_brackets_commas_and_colons() -> None:
    assert [f"{at} {said}" for at, said in _sentences() if _narrow(said)] == []


def test_a_narrow_mark_is_seen_wherever_it_stands() -> None:
    for said in ("本县(市、区)", "必填,不能空", "状态: 已撤回", "文件(已签名", "二维码("):
        assert _narrow(said)
    for said in (
        "核定合计不得超过 {most_fen:元}（E1）",
        "金额(元)",
        "told to the 分, and no finer",
    ):
        assert not _narrow(said)
