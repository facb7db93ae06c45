"""No literals: amounts, days, ratios, roles and lists are data of a pack, never of the program."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import ROOM, ROOT, dotted, modules, name

ROLE = re.compile(
    r"^(dept|street|township|county|city|finance|community|village|station|sys|sec|audit)"
    r"\.(clerk|head|office|worker|cashier|supervisor|admin)$"
)
# Numbers above any day of a month are suspect where the law is applied.
SUSPECT_ABOVE = 31
DECIDING_ROOMS = [room for room in ("actions", "policies", "domain") if (ROOM / room).exists()]
# A power of two from here on is a size in memory, which no law counts in.
MEMORY_FROM = 256
# Words whose number is the law's, whatever its size.
LEGAL_WORDS = re.compile(r"(^|_)(days?|months?|percent|ratio|quota|amount_fen|per_capita\w*)$")
# Limits of form (how long a line may be, how deep a document) are the program's own.
LIMITS = {"Meta", "Count", "Line", "Text"}
# file → numbers that are no law, with the reason.
EXCUSED: dict[str, tuple[set[int], str]] = {
    "registry/domain/areas.py": (
        {99, 100, 199, 200, 399, 400, 497, 499, 500, 597, 599, 600},
        "ranges of the official 12-digit code, a fact of the code itself",
    ),
    "registry/domain/area_sheets.py": (
        {99, 100, 199, 200, 399, 400, 497, 499, 500, 597, 599, 600},
        "ranges of the official 12-digit code, a fact of the code itself",
    ),
    "registry/domain/matching.py": ({100}, "the full score on the matcher's scale of 0 to 100"),
    "registry/domain/wording.py": (
        {0x3400, 0x4DC0, 0x4E00, 0xA000},
        "code points between which Unicode keeps ideographs",
    ),
    "registry/domain/notice_code.py": (
        {60, 64},
        "characters of a title in a QR, octets of an Ed25519 signature: form",
    ),
    "registry/domain/merkle.py": ({63}, "bits of the largest size that the engines hold"),
    "registry/domain/signed_note.py": ({32, 64}, "octets of an Ed25519 key and signature: form"),
    "registry/domain/workload.py": ({52}, "weeks of a year: how often a weekly cycle comes"),
    "registry/domain/conference.py": ({100}, "what a percentage is counted in"),
    "registry/domain/approval.py": ({100}, "what a percentage is counted in"),
    "registry/domain/formula.py": ({10_000}, "basis points that make the whole"),
    "registry/domain/reckoning.py": ({100}, "分 in a 元"),
    "registry/actions/staff/aside.py": ({50}, "forms one person may put aside: bounds a table"),
    "registry/actions/staff/seats.py": ({32}, "octets of a secret: form"),
    "registry/actions/rejudging/sampling.py": (
        {32, 100, 20_000},
        "cases tried between two looks at the clock, told on a page, judged at a desk: bounds time",
    ),
    "registry/policies/drafting/lint_texts.py": (
        {2_000},
        "items of a list and characters of a cell: bounds a page",
    ),
    "registry/actions/exporting/money.py": ({100}, "分 in a 元"),
    "registry/actions/exporting/package.py": (
        {1980, 0o644},
        "the first day a zip can name, so that bytes repeat; who may read a file",
    ),
    "registry/actions/exporting/workbook.py": (
        {1980, 32},
        "the first day a zip can name; control characters that XML refuses",
    ),
    "registry/actions/querying/cursors.py": ({1000}, "octets of a cursor: form"),
    "registry/actions/querying/narrowing.py": (
        {50, 200},
        "letters of a word that is looked for, posts of one holder: form",
    ),
    "registry/domain/calendar.py": ({10_000}, "an upper bound that keeps a loop finite"),
    "registry/policies/measures.py": ({100}, "per cent: weights that make the whole"),
    "registry/policies/loader.py": ({32}, "packs remembered at once: memory"),
    "registry/policies/drafting/workbook.py": ({64}, "mebibytes a workbook may unpack to: memory"),
    "registry/actions/staff/accounts.py": ({32}, "bytes of chance in a token"),
    "registry/actions/staff/giving.py": (
        {32, 200},
        "bytes of chance in a password; slips printed at once: hashing takes its time",
    ),
    "registry/actions/staff/tokens.py": ({500}, "entries of a person's day that are looked at"),
    "registry/actions/staff/bearers.py": ({10_000}, "bearers remembered at once: memory"),
    "registry/actions/burden/weighing.py": ({50}, "rows on a page where no number is named"),
    "registry/actions/readlog/reading_back.py": (
        {50},
        "rows on a page where the reader names no number",
    ),
    "registry/actions/auditing/docx.py": ({0xFFFE, 0xFFFF}, "code points that no XML may hold"),
    "registry/actions/papers/archive.py": ({64}, "letters of a file's name: form"),
    "registry/actions/papers/docx.py": (
        {34, 35, 37, 38, 192, 210, 297},
        "points and millimetres of a page after GB/T 9704, a colour: form",
    ),
    "registry/actions/papers/drawing.py": ({34}, "characters of a line of a table: form"),
    "registry/actions/papers/marks.py": ({156, 580}, "of a line and between lines: form"),
    "registry/actions/papers/tables.py": (
        {43, 51, 60, 400, 1560},
        "millimetres of columns, characters that stay on a page: form",
    ),
    "registry/actions/papers/reference.py": ({1_000}, "milliseconds of a second"),
    "registry/actions/papers/pdf.py": ({1980}, "a day for what has none"),
    "registry/actions/publicity/listing.py": ({100}, "rows on a page where no number is named"),
    "registry/actions/asking_first/searching.py": ({64}, "candidates asked for one page: time"),
    "registry/actions/boxed.py": ({50}, "rows on a page where the reader names no number"),
    "registry/actions/boxes.py": ({99}, "up to where a page counts: beyond, it says that"),
    "registry/actions/box_facts.py": ({500}, "rows of one question, as many as a page has"),
    "registry/actions/presences.py": ({100}, "what a percentage is counted in"),
    "registry/actions/reading.py": ({50}, "rows on a page where the reader names no number"),
    "registry/domain/owing.py": ({100}, "what a percentage is counted in"),
    "registry/actions/owing/arrears.py": ({50}, "rows on a page where no number is named"),
    "registry/actions/reminding.py": ({100}, "tasks told of in one act: one entry of the log"),
    "registry/domain/voucher_sheets.py": ({500}, "rows of one sheet: one act holds the county"),
    "registry/actions/sheets.py": ({50_000}, "rows of one sheet: memory"),
    "registry/actions/staff/sign_ins.py": ({50}, "rows on a page where the reader names no number"),
    "registry/actions/evaluating/results.py": ({50}, "rows on a page where no number is named"),
    "registry/actions/evaluating/scoring.py": ({100}, "per cent"),
    "registry/actions/seeding.py": ({2025, 0o600, 80}, "demo dates, a file's mode, a cut of text"),
}


def _literals(tree: ast.AST, kinds: tuple[type, ...]) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in kinds:
            yield node


def _docstrings(tree: ast.AST) -> set[int]:
    """Identity of every string that stands alone, as docstrings do."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}


def _limits(tree: ast.AST) -> set[int]:
    """Identity of every node inside a limit of form."""
    return {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in LIMITS
        for inner in ast.walk(node)
    }


def _memory(number: float) -> bool:
    return number >= MEMORY_FROM and float(number).is_integer() and int(number).bit_count() == 1


def _lists() -> set[str]:
    """Ids of the lists and of their items' families, as the seeds name them."""
    page = ROOT / "seeds" / "lists" / "lists.toml"
    listed = tomllib.loads(page.read_text("utf-8"))["list"]
    return {entry["id"] for entry in listed}


def _words() -> Iterator[tuple[Path, ast.Constant]]:
    for path, tree in modules():
        alone = _docstrings(tree)
        yield from ((path, s) for s in _literals(tree, (str,)) if id(s) not in alone)


def test_no_role_is_named_in_the_program() -> None:
    found = [f"{name(p)}:{s.lineno} {s.value}" for p, s in _words() if ROLE.match(str(s.value))]
    assert found == []


def test_no_list_is_named_in_the_program() -> None:
    lists = _lists()
    found = [f"{name(p)}:{s.lineno} {s.value}" for p, s in _words() if s.value in lists]
    assert lists
    assert found == []


def test_no_large_number_stands_where_the_law_is_applied() -> None:
    found = []
    for path, tree in modules(*DECIDING_ROOMS):
        limits, (excused, _) = _limits(tree), EXCUSED.get(name(path), (set(), ""))
        found += [
            f"{name(path)}:{n.lineno} {n.value}"
            for n in _literals(tree, (int, float))
            if n.value > SUSPECT_ABOVE and id(n) not in limits and n.value not in excused
            if not _memory(n.value)
        ]
    assert found == []


def test_no_fraction_stands_where_the_law_is_applied() -> None:
    found = [
        f"{name(path)}:{n.lineno} {n.value}"
        for path, tree in modules(*DECIDING_ROOMS)
        for n in _literals(tree, (float,))
    ]
    assert found == []


def test_no_day_count_ratio_or_amount_is_given_as_a_literal() -> None:
    found = [
        f"{name(path)}:{word.value.lineno} {word.arg}={word.value.value}"
        for path, tree in modules(*DECIDING_ROOMS)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg and LEGAL_WORDS.search(word.arg)
        if isinstance(word.value, ast.Constant) and type(word.value.value) in (int, float)
        # one day on, one day back: stepping through a calendar is no deadline
        if word.value.value not in (0, 1)
    ]
    assert found == []


def test_every_excuse_is_still_needed() -> None:
    stale = [page for page in EXCUSED if not (ROOT / page).exists()]
    assert stale == []
