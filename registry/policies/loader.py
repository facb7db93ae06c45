"""规则包装载 strict: what pycasbin would drop in silence is refused here with file, line, column."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.admission import FACTS
from registry.domain.approval import StepAct
from registry.domain.vocabulary import (
    Duration,
    Gate,
    Kind,
    Level,
    OrganisationKind,
    Outcome,
    Receiver,
)
from registry.policies.decision_table import Cells, PackError, Shape, read_table
from registry.policies.pack import Case, Document, ModeRow, Pack, RouteRow, TableRow

__all__ = ["PackError", "digest_of", "load_pack", "modes_shape", "read_folder"]

ROUTE_FACTS: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "applicant": tuple(OrganisationKind),
    "level": tuple(Level),
    "outcome": tuple(Outcome),
    "spread": ("one_street", "several_streets"),
    "receiver": tuple(Receiver),
}
RULES = Shape(facts=FACTS, answer=("eft", "outcome", "rule"), needed=("gate",))
ROUTES = Shape(facts=ROUTE_FACTS, answer=("eft", "flow"))
RULE_COLUMNS = (*RULES.facts, *RULES.answer)
ROUTE_COLUMNS = (*ROUTES.facts, *ROUTES.answer)
ALLOWING = frozenset({"listed", "exempt", "needs_approval", "discretionary", "purchase", "allowed"})
_GATE_OUTCOMES = frozenset({"allowed", "refused", "human_review"})


def read_folder(folder: Path) -> dict[str, str]:
    """Every file of a pack folder, relative path → text.

    Raises:
        PackError: a file that is not UTF-8.
    """
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".toml", ".csv") and path.is_file():
            name = path.relative_to(folder).as_posix()
            try:
                files[name] = path.read_bytes().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise PackError(name, 1, error.start, "not UTF-8") from error
    return files


def digest_of(files: Mapping[str, str]) -> str:
    """SHA-256, hex, over every path and text of the pack in path order."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name].encode())}\0".encode() + files[name].encode())
    return total.hexdigest()


def load_pack(files: Mapping[str, str]) -> Pack:
    """Parse and check a pack.

    Raises:
        PackError: the first thing wrong, with file, line and column.
    """
    if "pack.toml" not in files or "rules.csv" not in files:
        raise PackError("pack.toml", 1, 1, "pack.toml and rules.csv are required")
    document = _document(files["pack.toml"])
    rows = [
        TableRow(line=r.line, facts=r.facts, eft=r.answer[0], outcome=r.answer[1], rule=r.answer[2])
        for r in read_table("rules.csv", files["rules.csv"], RULES, _rule_row)
    ]
    routes = [
        RouteRow(line=r.line, facts=r.facts, eft=r.answer[0], flow=r.answer[1])
        for r in _optional(files, "routes.csv", ROUTES)
    ]
    modes = [
        ModeRow(line=r.line, facts=r.facts, eft=r.answer[0], mode=r.answer[1])
        for r in _optional(files, "modes.csv", modes_shape(document))
    ]
    _cross_check(document, files["pack.toml"], rows, routes)
    cases = [
        case
        for name in sorted(files)
        if name.startswith("cases/")
        for case in _cases(name, files[name])
    ]
    return Pack(
        document=document, rows=rows, routes=routes, modes=modes, cases=cases,
        digest=digest_of(files),
    )  # fmt: skip


def _optional(files: Mapping[str, str], name: str, shape: Shape) -> list[Cells]:
    """The rows of a table that a pack may do without."""
    return read_table(name, files[name], shape, _answer_row) if name in files else []


def modes_shape(document: Document) -> Shape:
    """The columns of modes.csv: the bands that the pack itself draws (P26)."""
    drawn: dict[str, list[str]] = {}
    for band in document.band:
        drawn.setdefault(band.fact, []).append(band.name)
    facts = {
        "kind": tuple(Kind),
        "workload": (*drawn.get("workload", []), "unset"),
        "headcount": (*drawn.get("headcount", []), "unset"),
        "difficulty": ("low", "middle", "high", "unset"),
        "duration": tuple(Duration),
        "technical": ("yes", "no"),
    }
    return Shape(facts=facts, answer=("eft", "mode"))


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        raise PackError(name, line, column, str(error).split(" (at")[0]) from error


def _document(text: str) -> Document:
    raw = _toml("pack.toml", text)
    try:
        return msgspec.convert(raw, Document)
    except msgspec.ValidationError as error:
        line, column = _place(text, str(error))
        raise PackError("pack.toml", line, column, str(error)) from error


def _place(text: str, message: str) -> tuple[int, int]:
    """Line and column in the TOML text that a msgspec path such as ``$.rule[3].grade`` means."""
    path = re.search(r"`\$\.?([^`]*)`", message)
    unknown = re.search(r"unknown field `(\w+)`", message)
    lines, start = text.splitlines(), 0
    parts = re.findall(r"(\w+)(?:\[(\d+)\])?", path[1]) if path else []
    for name, index in parts:
        hits = [
            i for i, row in enumerate(lines)
            if i >= start and re.match(rf"\s*(\[+[\w.]*{name}\]+|{name}\s*=)", row)
        ]  # fmt: skip
        if not hits:
            break
        start = hits[min(int(index or 0), len(hits) - 1)]
    if unknown:
        for i in range(start, len(lines)):
            if re.match(rf"\s*{unknown[1]}\s*=|\s*\[+[\w.]*{unknown[1]}\]+", lines[i]):
                return i + 1, 1 + len(lines[i]) - len(lines[i].lstrip())
    return start + 1, 1


def _answer_row(row: Cells) -> tuple[str, str] | None:
    return None if row.answer[0] == "allow" else ("eft", "eft must be allow")


def _rule_row(row: Cells) -> tuple[str, str] | None:
    eft, outcome, _ = row.answer
    if eft not in ("allow", "deny"):
        return "eft", f"eft: {eft!r} is neither allow nor deny"
    if outcome not in tuple(Outcome):
        return "outcome", f"outcome: {outcome!r} is not in the vocabulary"
    if (outcome in ALLOWING) != (eft == "allow"):
        return "outcome", f"outcome {outcome} does not go with {eft}"
    if row.facts[0] != Gate.FILE and outcome not in _GATE_OUTCOMES:
        return "outcome", "gates after file answer allowed, refused or human_review"
    return None


def _cross_check(
    document: Document, text: str, rows: list[TableRow], routes: list[RouteRow]
) -> None:
    def at(rule_id: str) -> int:
        lines = text.splitlines()
        return next((i for i, row in enumerate(lines, 1) if f'"{rule_id}"' in row), 1)

    known = {rule.id for rule in document.rule}
    if len(known) != len(document.rule):
        twice = next(r.id for r in document.rule if [x.id for x in document.rule].count(r.id) > 1)
        raise PackError("pack.toml", at(twice), 1, f"rule {twice} stands twice")
    for row in rows:
        if row.rule not in known:
            raise PackError("rules.csv", row.line, 1, f"rule {row.rule} has no clause in pack.toml")
    for rule in document.rule:
        if rule.id not in {row.rule for row in rows}:
            raise PackError("pack.toml", at(rule.id), 1, f"rule {rule.id} has no row in rules.csv")
        if not rule.clause.strip() or not rule.sentence.strip():
            raise PackError(
                "pack.toml", at(rule.id), 1, f"rule {rule.id} needs clause and sentence"
            )
    if not rows:
        raise PackError("rules.csv", 1, 1, "a pack without rows decides nothing")
    _check_routes(document, routes)


def _check_routes(document: Document, routes: list[RouteRow]) -> None:
    flows = {flow.id for flow in document.flow}
    for route in routes:
        if route.flow not in flows:
            raise PackError("routes.csv", route.line, 1, f"flow {route.flow} is not in pack.toml")
    for flow in document.flow:
        if not flow.step or flow.step[0].act is StepAct.CONSULT:
            message = f"flow {flow.id}: nobody takes the papers in; begin with a body that accepts"
            raise PackError("pack.toml", 1, 1, message)


def _cases(name: str, text: str) -> list[dict[str, object]]:
    document = _toml(name, text)
    if set(document) - {"case"}:
        raise PackError(name, 1, 1, f"only [[case]] is known, found {sorted(document)}")
    cases: list[dict[str, object]] = document.get("case", [])
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[case\]\]", line)]
    for case, start in zip(cases, starts, strict=False):
        if not case.get("source") or not case.get("id"):
            raise PackError(name, start + 1, 1, f"case {case.get('id', '?')} needs id and source")
        _check_case(name, case, ("\n".join(lines[start:]), start))
    if len(starts) != len(cases):
        raise PackError(name, 1, 1, "each case stands under a [[case]] line of its own")
    return cases


def _check_case(name: str, raw: dict[str, object], where: tuple[str, int]) -> None:
    text, before = where
    try:
        case = msgspec.convert(raw, Case)
    except msgspec.ValidationError as error:
        line, column = _place(text, str(error))
        raise PackError(name, before + line, column, str(error)) from error
    for fact, word in case.facts.items():
        if word not in FACTS.get(fact, ()):
            line, column = _place(text, "`$.facts`")
            raise PackError(name, before + line, column, f"no fact {fact} = {word!r}")
