"""规则包装载 strict: what pycasbin would drop in silence is refused here with file, line, column."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from registry.domain.admission import FACTS
from registry.domain.vocabulary import (
    Duration,
    Gate,
    Kind,
    Level,
    OrganisationKind,
    Outcome,
    Receiver,
)
from registry.policies.decision_table import Cells, PackError, Shape, scan_table
from registry.policies.flows import (
    BUILT_IN,
    body_faults,
    change_faults,
    exit_faults,
    flow_faults,
    renewal_faults,
)
from registry.policies.measures import MODES
from registry.policies.numbering import numbering_faults
from registry.policies.pack import Document, ModeRow, Pack, RouteRow, TableRow
from registry.policies.pack_text import scan_cases, scan_struct
from registry.policies.papers import paper_faults

__all__ = ["PackError", "digest_of", "gather", "load_pack", "modes_shape", "read_folder"]

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
MODE_COLUMNS = ("kind", "workload", "headcount", "difficulty", "duration", "technical")
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


_REMEMBERED = 32
"""Packs read, kept by their exact text: what is in force is asked for again and again."""


def load_pack(files: Mapping[str, str]) -> Pack:
    """Parse and check a pack; the same text gives the same, which nobody changes.

    Raises:
        PackError: the first thing wrong, with file, line and column.
    """
    return _loaded(tuple(sorted(files.items())))


@lru_cache(maxsize=_REMEMBERED)
def _loaded(told: tuple[tuple[str, str], ...]) -> Pack:
    pack, errors = gather(dict(told))
    if errors:
        raise errors[0]
    assert pack is not None, "without an error there is a pack"
    return pack


def gather(files: Mapping[str, str]) -> tuple[Pack | None, list[PackError]]:
    """As much of a pack as can be read, and everything wrong with it, in the order of reading.

    Rows and cases that cannot be read are left out; without a readable pack.toml there is none.
    """
    if "pack.toml" not in files or "rules.csv" not in files:
        return None, [PackError("pack.toml", 1, 1, "pack.toml and rules.csv are required")]
    text = files["pack.toml"]
    document, errors = scan_struct("pack.toml", text, Document)
    if document is None:
        _, more = scan_table("rules.csv", files["rules.csv"], RULES, _rule_row)
        return None, [*errors, *more]
    read, wrong = scan_table("rules.csv", files["rules.csv"], RULES, _rule_row)
    rows = [
        TableRow(line=r.line, facts=r.facts, eft=r.answer[0], outcome=r.answer[1], rule=r.answer[2])
        for r in read
    ]
    more_routes, bad_routes = _optional(files, "routes.csv", ROUTES)
    routes = [RouteRow(line=r.line, facts=r.facts, eft=r.answer[0], flow=r.answer[1])
              for r in more_routes]  # fmt: skip
    more_modes, bad_modes = _optional(files, "modes.csv", modes_shape(document))
    modes = [ModeRow(line=r.line, facts=r.facts, eft=r.answer[0], mode=r.answer[1])
             for r in more_modes]  # fmt: skip
    errors = [*wrong, *bad_routes, *bad_modes]
    errors += _caught(_cross_check(document, text, rows, whole=not wrong))
    errors += _caught(_check_kinds(document, text))
    errors += _caught(_check_routes(document, text, routes))
    cases, bad_cases = scan_cases(files)
    pack = Pack(
        document=document, rows=rows, routes=routes, modes=modes, cases=cases,
        digest=digest_of(files),
    )  # fmt: skip
    return pack, [*errors, *bad_cases]


def _caught(checks: Iterator[PackError]) -> list[PackError]:
    """What a check tells, were it to stop at something it cannot read past."""
    found: list[PackError] = []
    try:
        found.extend(checks)
    except PackError as error:
        found.append(error)
    return found


def _optional(
    files: Mapping[str, str], name: str, shape: Shape
) -> tuple[list[Cells], list[PackError]]:
    """The rows of a table that a pack may do without."""
    check = _mode_row if "mode" in shape.answer else _answer_row
    return scan_table(name, files[name], shape, check) if name in files else ([], [])


def modes_shape(document: Document) -> Shape:
    """The columns of modes.csv: the bands that the pack itself draws (P26)."""
    drawn: dict[str, list[str]] = {}
    for band in document.band:
        drawn.setdefault(band.fact, []).append(band.name)
    words = (
        tuple(Kind),
        (*drawn.get("workload", []), "unset"),
        (*drawn.get("headcount", []), "unset"),
        ("low", "middle", "high", "unset"),
        tuple(Duration),
        ("yes", "no"),
    )
    facts = dict(zip(MODE_COLUMNS, words, strict=True))
    return Shape(facts=facts, answer=("eft", "mode"))


def _answer_row(row: Cells) -> tuple[str, str] | None:
    return None if row.answer[0] == "allow" else ("eft", "eft must be allow")


def _mode_row(row: Cells) -> tuple[str, str] | None:
    if row.answer[1] not in MODES:
        return "mode", f"mode: {row.answer[1]!r} is none of: {' '.join(MODES)}"
    return _answer_row(row)


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
    document: Document, text: str, rows: list[TableRow], *, whole: bool
) -> Iterator[PackError]:
    """Rules and rows against each other; ``whole`` = every row could be read."""

    def at(rule_id: str) -> int:
        lines = text.splitlines()
        return next((i for i, row in enumerate(lines, 1) if f'"{rule_id}"' in row), 1)

    ids = [rule.id for rule in document.rule]
    known, answered = set(ids), {row.rule for row in rows}
    for twice in sorted(name for name, n in Counter(ids).items() if n > 1):
        yield PackError("pack.toml", at(twice), 1, f"rule {twice} stands twice")
    for row in rows:
        if row.rule not in known:
            yield PackError("rules.csv", row.line, 1, f"rule {row.rule} has no clause in pack.toml")
    for rule in document.rule:
        if whole and rule.id not in answered:
            yield PackError("pack.toml", at(rule.id), 1, f"rule {rule.id} has no row in rules.csv")
        if not rule.clause.strip() or not rule.sentence.strip():
            yield PackError(
                "pack.toml", at(rule.id), 1, f"rule {rule.id} needs clause and sentence"
            )
    if not rows and whole:
        yield PackError("rules.csv", 1, 1, "a pack without rows decides nothing")


def _check_kinds(document: Document, text: str) -> Iterator[PackError]:
    """A default stated for a kind that does not exist would never be asked for."""
    lines, known = text.splitlines(), " ".join(Kind)
    start = next((n for n, row in enumerate(lines) if "default_of" in row.partition("#")[0]), 0)
    for word in document.default_of:
        if word not in tuple(Kind):
            line = next((n for n, row in enumerate(lines[start:], start + 1) if word in row), 1)
            yield PackError("pack.toml", line, 1, f"kind: {word!r} is none of: {known}")


def _check_routes(document: Document, text: str, routes: list[RouteRow]) -> Iterator[PackError]:
    flows = {flow.id for flow in document.flow}
    for route in routes:
        if route.flow not in flows:
            yield PackError("routes.csv", route.line, 1, f"flow {route.flow} is not in pack.toml")
    bodies = (*BUILT_IN, *document.bodies)
    wrong = [*flow_faults(document), *exit_faults(document), *body_faults(document)]
    wrong += [*change_faults(document), *renewal_faults(document)]
    wrong += numbering_faults(document.numbering, bodies)
    wrong += paper_faults(document.papers)
    lines = text.splitlines()
    for named, message in wrong:
        line = next((n for n, row in enumerate(lines, 1) if f'"{named}"' in row), 1)
        yield PackError("pack.toml", line, 1, message)
