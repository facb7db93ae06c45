"""填写内容 what was typed becomes the command's data; what is typed wrongly is told field by field.

Names of fields are paths: ``applicants.0.organisation_id``. A group, or an item of a list, in which
nothing was typed is not there.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from registry.api.strict import misfit
from registry.domain.amounts import NoAmount, narrowed, parse_fen
from registry.domain.records import SHANGHAI
from registry.web.forms.fields import Field, Form

Typed = dict[str, list[str]]
"""What was typed, by the path of its field."""
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")
_DAY = re.compile(r"([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*日?")
_MOST_ITEMS = 2_000
KEY = "key"
"""What an item of a list is called within its command: made up, where nobody named it."""


class Wrong(msgspec.Struct, frozen=True):
    """填写有误: where, and why, in both languages; an empty path is the form as a whole."""

    path: str
    zh: str
    en: str


def typed(pairs: Iterable[tuple[str, str]]) -> Typed:
    """What was typed, together by its path."""
    found: Typed = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def kind_of(field: Field, path: str, given: Typed) -> str:
    """Of which kind a group is, by the word that was chosen beside it; empty = none was."""
    beside = f"{path.rpartition('.')[0]}.{field.by}".removeprefix(".")
    return given.get(beside, [""])[0]


class Filled:
    """填写内容 of one form."""

    def __init__(self, fields: Sequence[Field], given: Typed) -> None:
        self._given, self.wrong = given, list[Wrong]()
        self._paths = sorted(name for name, values in given.items() if any(values))
        self.data: dict[str, Any] = self._struct(fields, "")

    def _struct(self, fields: Sequence[Field], at: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for field in fields:
            value = self._value(field, f"{at}{field.name}")
            if field.name == KEY and value is msgspec.UNSET:
                value = at.rstrip(".").replace(".", "-") or KEY
            if value is msgspec.UNSET:
                value = field.absent
                if value is msgspec.UNSET and field.required and field.form is not Form.GROUP:
                    self._no(f"{at}{field.name}", "必填", "Needed")
            if value is not msgspec.UNSET:
                made[field.name] = value
        return made

    def _value(self, field: Field, path: str) -> Any:
        if field.form is Form.GROUP:
            return self._group(field, path)
        if field.form is Form.GROUPS:
            return self._groups(field, path)
        values = [
            v.strip() if field.form is not Form.TEXT else v for v in self._given.get(path, [])
        ]
        values = [v for v in values if v.strip()]
        if not values:
            return msgspec.UNSET
        return _READ[field.form](self, field, path, values)

    def _group(self, field: Field, path: str) -> Any:
        if not field.required and not self._under(path):
            return msgspec.UNSET
        if not field.kinds:
            return self._struct(field.fields, f"{path}.")
        kind = kind_of(field, path, self._given)
        if kind not in field.kinds:
            return self._no(path, "先选上面的方式", "Choose the mode above first")
        return {field.by: kind} | self._struct(field.kinds[kind], f"{path}.")

    def _groups(self, field: Field, path: str) -> Any:
        numbers = {
            int(n) for one in self._under(path) if (n := one[len(path) + 1 :].partition(".")[0])
            .isascii() and n.isdigit() and int(n) < _MOST_ITEMS
        }  # fmt: skip
        found = [self._struct(field.fields, f"{path}.{n}.") for n in sorted(numbers)]
        return found or msgspec.UNSET

    def _under(self, path: str) -> list[str]:
        below = f"{path}."
        first, last = bisect_left(self._paths, below), bisect_left(self._paths, f"{path}/")
        return self._paths[first:last]

    def _no(self, path: str, zh: str, en: str) -> Any:
        self.wrong.append(Wrong(path, zh, en))
        return msgspec.UNSET

    def line(self, _field: Field, _path: str, values: list[str]) -> str:
        """A text."""
        return values[0]

    def integer(self, _field: Field, path: str, values: list[str]) -> Any:
        """A whole number; full-width digits are read."""
        told = narrowed(values[0]).replace(",", "")
        if re.fullmatch(r"-?[0-9]{1,18}", told):
            return int(told)
        return self._no(path, "应为整数", "A whole number")

    def money(self, _field: Field, path: str, values: list[str]) -> Any:
        """An amount as officials write it, in 分."""
        try:
            return parse_fen(values[0], zero=True)
        except NoAmount as wrong:
            return self._no(path, wrong.zh, wrong.en)

    def day(self, _field: Field, path: str, values: list[str]) -> Any:
        """A day as a browser or a person writes it."""
        found = _DAY.fullmatch(narrowed(values[0]))
        try:
            assert found is not None
            return date(*(int(part) for part in found.groups())).isoformat()
        except (AssertionError, ValueError):
            return self._no(path, "不是日期，应写如 2026-01-31", "No date; write 2026-01-31")

    def instant(self, _field: Field, path: str, values: list[str]) -> Any:
        """An instant, in Shanghai where nothing else is said."""
        try:
            at = datetime.fromisoformat(narrowed(values[0]))
        except ValueError:
            return self._no(
                path, "不是时间，应写如 2026-01-31T09:00", "No time; write 2026-01-31T09:00"
            )
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).isoformat()

    def flag(self, _field: Field, _path: str, values: list[str]) -> bool:
        """Yes or no; a box that was not ticked is not sent."""
        return values[-1] in ("true", "on", "1", "yes")

    def many(self, _field: Field, _path: str, values: list[str]) -> list[str]:
        """Several that were chosen, or typed beside one another."""
        found = (part for value in values for part in re.split(r"[\s,，、;；]+", value))
        return list(dict.fromkeys(part for part in found if part))

    def words(self, _field: Field, _path: str, values: list[str]) -> list[str]:
        """One a line."""
        return [line.strip() for value in values for line in value.splitlines() if line.strip()]

    def numbers(self, _field: Field, path: str, values: list[str]) -> Any:
        """Whole numbers, one a line."""
        return [self.integer(_field, path, [line]) for line in self.words(_field, path, values)]

    def pairs(self, _field: Field, path: str, values: list[str]) -> Any:
        """Numbers by name; a word where it is no number."""
        found: dict[str, Any] = {}
        for line in self.words(_field, path, values):
            name, mark, value = narrowed(line).partition("=")
            if not mark:
                return self._no(path, "每行写一对：名称=数值", "One pair a line: name=number")
            told = value.strip()
            found[name.strip()] = int(told) if re.fullmatch(r"-?[0-9]{1,18}", told) else told
        return found

    def file(self, field: Field, path: str, values: list[str]) -> Any:
        """Ids of documents; of one alone that which came last: a file beats what was picked."""
        found = self.many(field, path, values)
        return found if field.several else found[-1]


_READ: dict[Form, Any] = {
    Form.LINE: Filled.line, Form.TEXT: Filled.line, Form.ONE: Filled.line,
    Form.INTEGER: Filled.integer, Form.MONEY: Filled.money, Form.DAY: Filled.day,
    Form.INSTANT: Filled.instant, Form.FLAG: Filled.flag, Form.MANY: Filled.many,
    Form.WORDS: Filled.words, Form.NUMBERS: Filled.numbers,
    Form.PAIRS: Filled.pairs, Form.FILE: Filled.file,
}  # fmt: skip


def command_of(command: type[Any], filled: Filled) -> Any:
    """The command; ``None`` where something is wrong, which is then told in ``filled.wrong``."""
    if filled.wrong:
        return None
    try:
        return msgspec.json.decode(msgspec.json.encode(filled.data), type=command)
    except msgspec.ValidationError as error:
        told = misfit(error, command)
        path, zh, en = (str(told.facts[name]) for name in ("path", "reason_zh", "reason"))
        filled.wrong.append(Wrong(_path(path), zh, en))
        return None


def _path(told: str) -> str:
    """A path of the decoder as the form names it: ``$.lines[0].stage`` is ``lines.0.stage``."""
    return ".".join(name or number for name, number in _STEP.findall(told))


def as_typed(data: Any, at: str = "") -> Typed:
    """A command's data as it would have been typed, to edit what is there."""
    found: Typed = {}
    for name, value in data.items():
        path = f"{at}{name}"
        if value is None or value in ("", []):
            continue
        if isinstance(value, dict):
            found |= as_typed(value, f"{path}.")
            if not any(isinstance(v, dict | list) for v in value.values()):
                found[path] = ["\n".join(f"{k}={v}" for k, v in value.items())]
        elif isinstance(value, list) and isinstance(value[0], dict):
            for number, one in enumerate(value):
                found |= as_typed(one, f"{path}.{number}.")
        elif isinstance(value, list):
            found[path] = [str(one) for one in value]
        elif name.endswith("_fen") and isinstance(value, int):
            found[path] = [f"{value // 100}.{value % 100:02d}"]
        else:
            found[path] = [str(value).lower() if isinstance(value, bool) else str(value)]
    return found
