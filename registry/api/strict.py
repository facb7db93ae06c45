"""严格读取 JSON read once, strictly: what is not clear is refused by name, never guessed.

The typed decoder does most of it: it is quick and stops at the first wrong thing. What it lets
through, repeated keys and control characters, is looked for in the bytes.
"""

import json
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeVar

import msgspec

from registry.api.choices import choices
from registry.api.shapes import in_chinese
from registry.domain.errors import Refusal, RefusalKind, declare

T = TypeVar("T")

DEPTH = 32
"""Deepest nesting of a body; no command comes near it."""
_LOOKED_AT = 10_000
# Brackets looked at to tell a deep body from a merely wrong one: it is refused either way.
_MESSAGE = 300

MALFORMED = declare(
    "json.malformed",
    RefusalKind.MALFORMED,
    "不是有效的 JSON：{reason_zh}",
    "Not valid JSON: {reason}.",
)
ENCODING = declare(
    "json.encoding", RefusalKind.MALFORMED, "内容不是 UTF-8 编码", "The content is not UTF-8."
)
TOO_DEEP = declare(
    "json.depth", RefusalKind.MALFORMED, "JSON 嵌套超过 {limit} 层",
    "The JSON is nested more than {limit} deep.",
)  # fmt: skip
TWICE = declare(
    "json.duplicate_key", RefusalKind.MALFORMED, "字段「{key}」出现了两次",
    "The key {key} appears twice.",
)  # fmt: skip
CONTROL = declare(
    "json.control", RefusalKind.MALFORMED, "含有不允许的控制字符", "Contains a control character."
)
SHAPE = declare(
    "json.shape", RefusalKind.MALFORMED, "字段 {path} 的形式不对：{reason_zh}",
    "Field {path} has the wrong form: {reason}.",
)  # fmt: skip
RANGE = declare(
    "json.range", RefusalKind.INVALID, "字段 {path} 超出允许范围：{reason_zh}",
    "Field {path} is out of range: {reason}.",
)  # fmt: skip
VALUE = declare(
    "json.value", RefusalKind.INVALID, "字段 {path} 的内容互相矛盾：{reason_zh}",
    "Field {path} contradicts itself: {reason}.",
)  # fmt: skip

_BAD = rb"(?:u00(?:0[0-8b-fB-F]|1[0-9a-fA-F]|7[fF])|[bfr])"
_ESCAPE = re.compile(rb"(?:[^\\]++|\\(?!%b).)*+\\%b" % (_BAD, _BAD), re.DOTALL)
# TAB and LF may be escaped, no other control character; ``\\\\u0000`` is a backslash and a word.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{\]}]', re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AT = re.compile(r" - at `(.*?)`$")
_CODE = re.compile("Invalid enum value")
_LIMIT = re.compile(r"^Expected `\w+` (<|>|of length|matching|that is a multiple)|out of range")


def read(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """A body as the struct its decoder makes.

    Raises:
        Refusal: ``json.…``; form is malformed (400), a value out of range invalid (422).
    """
    if b"\x7f" in body or (b"\\" in body and _ESCAPE.match(body)):
        raise Refusal(CONTROL)
    try:
        found = decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _misfit(body, error, decoder.type) from error
    except msgspec.DecodeError as error:
        raise _malformed(body, error) from error
    except UnicodeDecodeError as error:
        raise Refusal(ENCODING) from error
    except RecursionError as error:
        raise Refusal(TOO_DEEP, limit=DEPTH) from error
    _check_keys(body)
    return found


def check_text(values: Iterable[str]) -> None:
    """Refuse control characters in words that came by path, query or header, and those that turn
    the direction of writing: what is asked for is what is seen."""
    for value in values:
        if _CONTROL.search(value) or _TURNING.search(value):
            raise Refusal(CONTROL)


def misfit(error: msgspec.ValidationError, form: Any = None) -> Refusal:
    """What a struct refused, as form (400), range (422) or contradiction (422); with the struct,
    which codes may stand there."""
    message = str(error)[:_MESSAGE]
    at = _AT.search(message)
    reason = message[: at.start()] if at else message
    path = at[1] if at else "$"
    if isinstance(error.__cause__, (ValueError, TypeError)):
        return Refusal(VALUE, path=path, reason=reason, reason_zh=in_chinese(reason))
    code = RANGE if _LIMIT.search(reason) else SHAPE
    zh, en = in_chinese(reason), reason
    if _CODE.match(reason) and (codes := choices(form, path)):
        named = (f"{value}（{name}）" if name else value for value, name in codes)
        zh = f"{zh}：{'、'.join(named)}"
        en = f"{en}; it is one of {', '.join(value for value, _ in codes)}"
    return Refusal(code, path=path, reason=en, reason_zh=zh)


def _misfit(body: bytes, error: msgspec.ValidationError, form: Any) -> Refusal:
    return Refusal(TOO_DEEP, limit=DEPTH) if _deep(body) else misfit(error, form)


def _malformed(body: bytes, error: msgspec.DecodeError) -> Refusal:
    if _deep(body):
        return Refusal(TOO_DEEP, limit=DEPTH)
    reason = str(error)[:_MESSAGE].removeprefix("JSON is malformed: ")
    return Refusal(MALFORMED, reason=reason, reason_zh=in_chinese(reason))


def _deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= DEPTH:
        return False
    depth = 0
    for token in islice(_TOKEN.finditer(body), _LOOKED_AT):
        mark = token[0]
        depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
        if depth > DEPTH:
            return True
    return False


def _check_keys(body: bytes) -> None:
    """Without escapes a body and its plain re-encoding hold the same quotes, unless a key came
    twice; only then, or with escapes, is every object looked at."""
    if b"\\" not in body:
        again = msgspec.json.encode(msgspec.json.decode(body))
        if again.count(b'"') == body.count(b'"'):
            return
    json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise Refusal(TWICE, key=key)
        seen.add(key)
