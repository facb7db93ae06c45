"""表格出入 a folder's tables or lists as sheets, and sheets as the folder's files: all or nothing.

Pure: files in, files out. Start at ``out`` and ``taken``.
"""

import csv
import io
from collections.abc import Mapping

from registry.domain.records import Wire
from registry.domain.vocabulary import Grade, Outcome, Receiver, Role
from registry.policies import words
from registry.policies.drafting import tables
from registry.policies.drafting.grids import Grid
from registry.policies.drafting.problems import Place, Problem, from_error, problem
from registry.policies.drafting.tables import Canonical, Kind
from registry.policies.drafting.workbook import choices
from registry.policies.lists import CATALOGUE, MISSING, SeedError, parse_lists, scan_items
from registry.policies.loader import ROUTE_FACTS, RULES, gather, modes_shape
from registry.policies.measures import MODES

_FILES: dict[Kind, str] = {"rules": "rules.csv", "routes": "routes.csv", "modes": "modes.csv"}
Files = Mapping[str, bytes]
_ITEM_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "role": ("role", tuple(Role)), "grade": ("grade", tuple(Grade)),
    "receivers": ("receiver", tuple(Receiver)),
}  # fmt: skip
"""Closed column of items → how its words are called, and the words."""


class Sheets(Wire, frozen=True, kw_only=True):
    """表格: the sheets of a folder, and the words that may stand in their closed columns."""

    grids: list[Grid]
    closed: dict[str, dict[str, list[str]]]


def out(files: Files) -> Sheets:
    """The decision tables of a pack, or the items of every list of a folder of lists."""
    if CATALOGUE in files:
        named = [(name.removesuffix(".csv"), files[name]) for name in sorted(files)
                 if name.endswith(".csv")]  # fmt: skip
        grids = [tables.list_grid(name, raw) for name, raw in named]
        grounds = [word for word in words.values("ground") if word != "none"]
        closed = choices({"role": tuple(Role), "ground": tuple(grounds)}, any_word=False)
        return Sheets(grids=grids, closed={grid.name: closed for grid in grids})
    grids = [
        tables.table_grid(kind, files[name].decode("utf-8-sig"))
        for kind, name in _FILES.items()
        if name in files
    ]
    facts: dict[Kind, dict[str, tuple[str, ...]]] = {
        "rules": dict(RULES.facts), "routes": dict(ROUTE_FACTS), "modes": _mode_facts(files),
    }  # fmt: skip
    answers = choices({"eft": ("allow", "deny"), "outcome": tuple(Outcome)}, any_word=False)
    answers_of = {tables.TITLES[k]: choices(f, any_word=True) for k, f in facts.items()}
    for title, held in answers_of.items():
        held["eft"] = answers["eft"]
        if title == tables.TITLES["rules"]:
            held["outcome"] = answers["outcome"]
        if title == tables.TITLES["modes"]:
            held.update(choices({"mode": MODES}, any_word=False))
    return Sheets(grids=grids, closed=answers_of)


def _mode_facts(files: Files) -> dict[str, tuple[str, ...]]:
    """The words of modes.csv, for which the pack draws its own bands."""
    texts = {name: raw.decode("utf-8-sig") for name, raw in files.items()}
    pack, _ = gather(texts)
    return dict(modes_shape(pack.document).facts) if pack is not None else {}


def taken(grids: list[Grid], files: Files) -> tuple[dict[str, bytes], list[Problem]]:
    """The files of a folder that the sheets change, or every problem and nothing.

    Args:
        files: the folder as it is: a pack, or lists with their ``lists.toml``.
    """
    found: list[Problem] = []
    read: dict[str, Canonical] = {}
    for grid in grids:
        table, wrong = tables.canonical(grid)
        found += wrong
        if table is None:
            continue
        name = _FILES.get(table.kind, f"{grid.name}.csv")
        if (table.kind == "items") != (CATALOGUE in files):
            found.append(problem("sheet.stranger", (grid.name, 1, 1), name=grid.name))
        elif name in read:
            found.append(problem("sheet.twice", (grid.name, 1, 1), name=name))
        else:
            read[name] = table
    if not found and not read:
        found.append(problem("sheet.none", ("", 1, 1)))
    if found:
        return {}, found
    changed = {name: table.text.encode() for name, table in read.items()}
    whole = {**files, **changed}
    found = _lists(whole, read) if CATALOGUE in files else _pack(whole, read)
    return ({}, found) if found else (changed, [])


def _pack(files: Files, read: Mapping[str, Canonical]) -> list[Problem]:
    texts = {name: raw.decode("utf-8-sig") for name, raw in files.items()}
    _, errors = gather(texts)
    return [tables.placed(from_error(error), read) for error in errors]


def _lists(files: Files, read: Mapping[str, Canonical]) -> list[Problem]:
    found: list[Problem] = []
    for name, table in read.items():
        _, errors = scan_items(name, files[name])
        found += [_item(error, table) for error in errors]
    if found:
        return found
    try:
        parse_lists(files[CATALOGUE], {n: raw for n, raw in files.items() if n.endswith(".csv")})
    except SeedError as error:
        stranger = read.get(error.file)
        if stranger is not None and error.message == "no list names this file":
            return [problem("sheet.stranger", (stranger.sheet, 1, 1), name=stranger.sheet)]
        return [problem("sheet.item", _twice(error, read), column=words.item_zh(error.column),
                        why=error.message)]  # fmt: skip
    return []


def _twice(error: SeedError, read: Mapping[str, Canonical]) -> Place:
    """The cell of the later of two items of one number, where a sheet has it; else the file."""
    _, _, number = error.message.partition("twice: ")
    for table in read.values():
        head, *body = csv.reader(io.StringIO(table.text, newline=""))
        at = head.index("id")
        lines = [n for n, row in enumerate(body, start=2) if number and row[at] == number]
        if lines:
            return table.sheet, table.rows.get(lines[-1], 1), table.columns[at]
    return error.file, error.line, 1


def _item(error: SeedError, table: Canonical) -> Problem:
    head = table.text.splitlines()[0].split(",")
    at = head.index(error.column) if error.column in head else 0
    place = (table.sheet, table.rows.get(error.line, 1), table.columns[at])
    return problem("sheet.item", place, column=words.item_zh(error.column), why=why_of(error))


def why_of(error: SeedError) -> str:
    """What the reader of lists says, with the words an official may write in that column."""
    if error.message == MISSING:
        return "没有填写 missing"
    known = _ITEM_WORDS.get(error.column)
    if known is None or "Invalid enum value" not in error.message:
        return error.message
    column, wire = known
    spoken = [w if (zh := words.value_zh(column, w)) == w else f"{zh} {w}" for w in wire]
    return f"不在可用的词里，可用 write one of: {'、'.join(spoken)}"
