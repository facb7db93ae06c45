"""可改的实质 what may be changed so that a filing passes, read from ``substance.toml``; steps as edits.

A step changes money, dates, agreement, conditions, role, consent, medium, registration or
authority, never who asks, on what law, for whom, under which title (P38). Edits are JSON patches
that only add.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.vocabulary import FundingMode, Gate, Kind, OrganisationKind
from registry.policies.explaining.reckoned import Setting, reckoned
from registry.policies.words import value_zh

_PAGE = Path(__file__).parent / "substance.toml"
_MARK = "$"
_UNPAID = FundingMode.NONE.value


class Edit(Wire, frozen=True, kw_only=True):
    """改动: one operation of a JSON patch on the filing, and what the clerk must fill in."""

    op: Literal["add"] = "add"
    path: str
    value: Any
    ask: str = ""
    """What a person fills in: the value shown only holds the place. Empty = the value as it is."""
    ask_en: str = ""


class EditRule(Wire, frozen=True, kw_only=True):
    """改动规则: an edit as the data write it, before it is worked out for one filing."""

    at: str
    value: Any
    only_empty: bool = False
    each: Literal["", "condition", "purpose"] = ""
    """Once for each condition or purpose that the rules ask for and the filing lacks."""
    ask: str = ""
    ask_en: str = ""


class Move(Wire, frozen=True, kw_only=True):
    """一步: one fact of substance that may be changed, and what a person must do for it."""

    id: str
    subject: str
    facts: list[str]
    from_: dict[str, list[str]] = msgspec.field(name="from")
    kinds: list[Kind] = []
    gates: frozenset[Gate] = frozenset({Gate.FILE})
    zh: str
    en: str
    edits: list[EditRule] = []
    state: dict[str, str] = {}
    each: Literal["", "mode", "payer"] = ""
    one: str = ""
    """Of a step made once for each mode or payer: which."""


class Substance(Wire, frozen=True, kw_only=True):
    """可改事项表."""

    most: int
    shown: int
    alike: int
    """Likeness of names, 0–100, from which the nearest listed item is told."""
    move: list[Move]
    words: dict[str, str] = {}
    """What a condition is called."""


@cache
def substance() -> Substance:
    """The table as shipped."""
    return msgspec.convert(tomllib.loads(_PAGE.read_text("utf-8")), Substance)


def named(move: Move, setting: Setting) -> tuple[str, str]:
    """What a person does, zh and en, with the conditions it is about."""
    words = substance().words
    zh = "、".join(words.get(one, one) for one in setting.conditions)
    return move.zh.format(each=zh), move.en.format(each=", ".join(setting.conditions))


class Payer(Wire, frozen=True, kw_only=True):
    """可作付款单位的机关: an organisation that a text may make the payer."""

    name: str
    kind: OrganisationKind


def steps(gate: Gate, kind: Kind, payers: Mapping[str, Payer]) -> list[Move]:
    """The steps that exist at a gate for a kind, in order.

    Args:
        payers: by organisation id: who else may be named as payer where the text fixes it.
    """
    found = []
    for move in substance().move:
        if gate in move.gates and (not move.kinds or kind in move.kinds):
            found += _each(move, payers)
    return found


def _each(move: Move, payers: Mapping[str, Payer]) -> list[Move]:
    if not move.each:
        return [move]
    modes = {m.value: value_zh("funding_mode", m.value) for m in FundingMode if m != _UNPAID}
    words = modes if move.each == "mode" else {one: p.name for one, p in payers.items()}
    return [
        msgspec.structs.replace(
            move, id=f"{move.id}.{one}", one=one, zh=move.zh.format(word=word),
            en=move.en.format(word=one),
        )
        for one, word in words.items()
    ]  # fmt: skip


def worked_out(move: Move, filing: Filing, setting: Setting) -> list[Edit]:
    """The edits of a step for one filing; empty where it would change nothing."""
    plain: dict[str, Any] = msgspec.to_builtins(filing)
    found: list[Edit] = []
    for written in move.edits:
        for one in _times(written, move, setting):
            told = _Told(plain, filing, setting, one)
            made = told.edits(written)
            plain = patched(plain, made)
            found += made
    return found


def _times(written: EditRule, move: Move, setting: Setting) -> list[str]:
    """For what an edit is made: once, or once for each thing that is lacking."""
    if written.each == "condition":
        return setting.conditions
    return setting.purposes if written.each == "purpose" else [move.one]


class _Told:
    """One edit rule being worked out over a filing as plain data."""

    def __init__(self, plain: dict[str, Any], filing: Filing, setting: Setting, one: str) -> None:
        self._plain, self._filing, self._setting, self._one = plain, filing, setting, one

    def edits(self, written: EditRule) -> list[Edit]:
        """The edits, those left out that change nothing or cannot be worked out."""
        found = []
        for path, holder in self._places(written.at):
            value = self._value(written.value, holder)
            present = _at(self._plain, path)
            kept = value is None or value == present or (written.only_empty and present)
            if not kept:
                found.append(Edit(path=path, value=value, ask=written.ask, ask_en=written.ask_en))
        return found

    def _places(self, at: str) -> list[tuple[str, dict[str, Any]]]:
        """Paths with every ``*`` made a number, each with the element it lies in."""
        if "/*/" not in at:
            return [(at, self._plain)]
        before, _, after = at.partition("/*/")
        elements = _at(self._plain, before) or []
        return [
            (f"{before}/{number}/{after}", element)
            for number, element in enumerate(elements)
            if element.get("mode") != _UNPAID
        ]

    def _value(self, written: Any, holder: dict[str, Any]) -> Any:
        if isinstance(written, dict):
            return {name: self._value(value, holder) for name, value in written.items()}
        if not (isinstance(written, str) and written.startswith(_MARK)):
            return written
        word = written.removeprefix(_MARK)
        if word == "each":
            return self._one
        return reckoned(word, (self._filing, self._plain, holder), self._setting)


def _at(plain: Any, path: str) -> Any:
    """What stands at a JSON pointer, or ``None``."""
    for name in path.strip("/").split("/"):
        if isinstance(plain, list):
            plain = plain[int(name)] if name.isdigit() else None
        else:
            plain = (plain or {}).get(name)
    return plain


def patched(plain: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    """Plain data with edits applied; where an edit's place is missing, as it was."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(plain))
    for edit in edits:
        before, _, last = edit.path.rpartition("/")
        holder = _at(made, before) if before else made
        if isinstance(holder, list):
            holder.append(edit.value) if last == "-" else holder.__setitem__(int(last), edit.value)
        elif isinstance(holder, dict):
            holder[last] = edit.value
    return made


def amended(filing: Filing, edits: list[Edit]) -> Filing | None:
    """The filing with edits applied, or ``None`` where it would be no filing."""
    try:
        return msgspec.convert(patched(msgspec.to_builtins(filing), edits), Filing)
    except msgspec.ValidationError:
        return None
