"""规则包装载: every kind of slip is refused, and the place of it is named: file, line, column."""

from pathlib import Path

import pytest

from registry.domain.admission import FACTS
from registry.policies.loader import PackError, digest_of, load_pack, read_folder
from tests.policies.rulebooks import HEADER, row

TOML = """\
[pack]
id = "small"
jurisdiction = "990102"
level = "county"
name = "小包"
name_en = "Small"
instrument = "小包办法（虚构）"
grade = "fictional"
effective_from = 2026-01-01
default = "admission"

[[flow]]
id = "way"
name = "办理"
[[flow.step]]
key = "street"
name = "街道"
act = "decide"
bodies = ["street"]

[[rule]]
id = "A"
clause = "第一条"
grade = "configured"
sentence = "……"
sentence_en = "…"

[[rule]]
id = "B"
clause = "第二条"
grade = "configured"
sentence = "……"
sentence_en = "…"
"""
ROWS = HEADER + row("A", "refused") + row("B", "listed", kind="task")
ROUTES = (
    "# p,kind,applicant,level,outcome,spread,receiver,eft,flow\np,*,*,*,*,*,*,allow,way\n"
)  # fmt: skip
CASES = """\
[[case]]
id = "c1"
source = "虚构"
mark = "C"
says = "一句话"
on = 2026-03-02
applicant = { kind = "department", level = "county" }
request = { kind = "task", title = "甲" }
facts = { standing = "off" }
expect = { outcome = "listed", rules = ["B"] }
"""


def _files(**changed: str) -> dict[str, str]:
    files = {"pack.toml": TOML, "rules.csv": ROWS, "routes.csv": ROUTES, "cases/a.toml": CASES}
    return files | {name.replace("__", "/").replace("_", "."): t for name, t in changed.items()}


def _refused(**changed: str) -> PackError:
    with pytest.raises(PackError) as refused:
        load_pack(_files(**changed))
    error = refused.value
    assert str(error).startswith(f"{error.file}:{error.line}:{error.column}: ")
    return error


def _at(error: PackError) -> tuple[str, int, int]:
    return error.file, error.line, error.column


def _line(text: str, needle: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if needle in line)


def test_the_small_pack_loads() -> None:
    pack = load_pack(_files())
    assert (len(pack.rows), len(pack.routes), len(pack.cases)) == (2, 1, 1)


def test_without_routes_and_cases_a_pack_still_loads() -> None:
    pack = load_pack({"pack.toml": TOML, "rules.csv": ROWS})
    assert (pack.routes, pack.cases) == ([], [])


# ---- pack.toml ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('grade = "fictional"\n', 'grade = "fictional"\ncolour = "red"\n', "colour"),
        ('clause = "第二条"\n', 'clause = "第二条"\nclaus = "第二条"\n', "claus ="),
        ('key = "street"\n', 'key = "street"\n  hurry = true\n', "hurry"),
        ('default = "admission"\n', 'default = "admission"\n\n[moneys]\nx = 1\n', "[moneys]"),
    ],
    ids=["in the identity", "in a rule", "in a step", "a whole table"],
)
def test_an_unknown_key_is_refused_where_it_stands(old: str, new: str, place: str) -> None:
    text = TOML.replace(old, new, 1)
    error = _refused(pack_toml=text)
    line = _line(text, place)
    assert _at(error) == ("pack.toml", line, text.splitlines()[line - 1].index(place[:3]) + 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('level = "county"', 'level = "parish"'),
        ('default = "admission"', 'default = "maybe"'),
        ("effective_from = 2026-01-01", "effective_from = 20260101"),
        ("effective_from = 2026-01-01", 'effective_from = "first of May"'),
        ('grade = "fictional"', 'grade = "hearsay"'),
        ('act = "decide"', 'act = "decree"'),
        ('jurisdiction = "990102"', "jurisdiction = 990102"),
    ],
)
def test_an_unknown_value_is_refused_on_its_line(old: str, new: str) -> None:
    text = TOML.replace(old, new, 1)
    assert _at(_refused(pack_toml=text)) == ("pack.toml", _line(text, new), 1)


def test_a_bad_value_in_the_second_rule_is_found_in_the_second_rule() -> None:
    at = TOML.rindex('grade = "configured"')
    text = TOML[:at] + 'grade = "rumour"' + TOML[at + len('grade = "configured"') :]
    assert _at(_refused(pack_toml=text)) == ("pack.toml", _line(text, "rumour"), 1)


def test_a_bad_date_that_is_no_date_at_all_is_refused_where_it_stands() -> None:
    text = TOML.replace("2026-01-01", "2026-02-30")
    error = _refused(pack_toml=text)
    assert (error.file, error.line) == ("pack.toml", _line(text, "2026-02-30"))
    assert error.column > 1


def test_toml_that_does_not_parse_is_refused_where_it_breaks() -> None:
    text = TOML.replace('name = "小包"', 'name = "小包')
    error = _refused(pack_toml=text)
    assert (error.file, error.line) == ("pack.toml", _line(text, "小包"))


def test_a_missing_field_is_refused_in_its_table() -> None:
    text = TOML.replace('name_en = "Small"\n', "")
    error = _refused(pack_toml=text)
    assert (error.file, error.line) == ("pack.toml", _line(text, "[pack]"))
    assert "name_en" in error.message


def test_a_rule_that_stands_twice_is_refused() -> None:
    text = TOML.replace('id = "B"', 'id = "A"')
    assert "rule A stands twice" in _refused(pack_toml=text).message


def test_a_clause_without_a_row_is_refused() -> None:
    error = _refused(rules_csv=HEADER + row("A", "refused"))
    assert _at(error) == ("pack.toml", _line(TOML, 'id = "B"'), 1)
    assert error.message == "rule B has no row in rules.csv"


@pytest.mark.parametrize("field", ["clause", "sentence"])
def test_a_rule_without_its_clause_or_sentence_is_refused(field: str) -> None:
    at = TOML.index(f'\n{field} = "')
    text = TOML[:at] + f'\n{field} = " "' + TOML[TOML.index("\n", at + 1) :]
    assert "needs clause and sentence" in _refused(pack_toml=text).message


# ---- rules.csv ---------------------------------------------------------------------------------


def _row_of(cell: int, text: str) -> str:
    """The table with one cell of its second row changed; the first cell is number 1."""
    cells = row("B", "listed", kind="task").rstrip("\n").split(",")
    cells[cell - 1] = text
    return HEADER + row("A", "refused") + ",".join(cells) + "\n"


KIND = 3


def test_a_row_without_a_clause_is_refused_on_its_line() -> None:
    error = _refused(rules_csv=ROWS + row("C", "refused"))
    assert _at(error) == ("rules.csv", 4, 1)
    assert error.message == "rule C has no clause in pack.toml"


def test_an_unknown_fact_is_refused_in_its_column() -> None:
    error = _refused(rules_csv=_row_of(KIND, "tasks"))
    assert _at(error) == ("rules.csv", 3, len("p,file,") + 1)
    assert "'tasks' is none of: * task" in error.message


def test_a_value_of_another_column_is_refused() -> None:
    assert _refused(rules_csv=_row_of(2, "task")).column == 3


@pytest.mark.parametrize("change", ["short", "long"])
def test_a_row_with_a_cell_too_few_or_too_many_is_refused(change: str) -> None:
    line = row("B", "listed").rstrip("\n")
    line = line.replace("*,", "", 1) if change == "short" else line + ",*"
    error = _refused(rules_csv=HEADER + row("A", "refused") + line + "\n")
    assert _at(error) == ("rules.csv", 3, 1)
    assert "cells where" in error.message


@pytest.mark.parametrize("eft", ["Deny", "DENY", "denied", "alow"])
def test_a_misspelt_effect_is_refused_in_its_column(eft: str) -> None:
    line = row("B", "listed").replace(",allow,", f",{eft},")
    error = _refused(rules_csv=HEADER + row("A", "refused") + line)
    assert _at(error) == ("rules.csv", 3, line.index(eft) + 1)
    assert "neither allow nor deny" in error.message


def test_an_outcome_that_does_not_go_with_its_effect_is_refused() -> None:
    line = row("B", "listed").replace(",allow,", ",deny,")
    assert (
        "does not go with deny" in _refused(rules_csv=HEADER + row("A", "refused") + line).message
    )


def test_an_unknown_outcome_is_refused() -> None:
    line = row("B", "refused").replace(",refused,", ",forbidden,")
    error = _refused(rules_csv=HEADER + row("A", "refused") + line)
    assert (error.line, error.message) == (3, "outcome: 'forbidden' is not in the vocabulary")


def test_a_later_gate_does_not_answer_as_filing_does() -> None:
    text = HEADER + row("A", "refused") + row("B", "listed", gate="start")
    assert "gates after file answer" in _refused(rules_csv=text).message


def test_a_row_for_any_gate_answers_only_what_every_gate_may() -> None:
    text = HEADER + row("A", "refused") + row("B", "listed", gate="*")
    assert "gates after file answer" in _refused(rules_csv=text).message


@pytest.mark.parametrize(
    "cell",
    ['"ta\nsk"', "ta'sk", '"', "task;", "task=1", "ｔａｓｋ", "任务", "", "a b", "../x", "="],
)
def test_a_cell_with_a_character_not_allowed_is_refused(cell: str) -> None:
    error = _refused(rules_csv=_row_of(KIND, cell))
    assert (error.file, error.line) == ("rules.csv", 3)
    assert error.column in (1, len("p,file,") + 1)


def test_a_line_that_is_no_policy_is_refused_and_not_dropped() -> None:
    for first in ("q", "P", "p2", "g"):
        error = _refused(rules_csv=ROWS + first + row("B", "listed")[1:])
        assert _at(error) == ("rules.csv", 4, 1)


@pytest.mark.parametrize("header", ["", "\n", "# p,kind,gate\n", HEADER[2:]])
def test_a_header_that_is_none_is_refused(header: str) -> None:
    error = _refused(rules_csv=header + row("A", "refused") + row("B", "listed"))
    assert _at(error) == ("rules.csv", 1, 1)
    assert error.message == "the first line is: # p,<fact columns>,eft,outcome,rule"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("# p,gate,Kind,eft,outcome,rule\n", "no column 'Kind'"),
        ("# p,gate,kind,kind,eft,outcome,rule\n", "column kind stands twice"),
        ("# p,kind,role,eft,outcome,rule\n", "column gate is needed"),
    ],
)
def test_an_unknown_doubled_or_missing_column_is_refused(header: str, message: str) -> None:
    error = _refused(rules_csv=header + "p,file,task,deny,refused,A\n")
    assert (error.file, error.line) == ("rules.csv", 1)
    assert error.message.startswith(message)


def test_a_table_names_only_the_columns_it_uses_in_any_order() -> None:
    text = "# p,kind,gate,eft,outcome,rule\np,task,file,deny,refused,A\np,*,file,allow,listed,B\n"
    rows = load_pack(_files(rules_csv=text)).rows
    told = [dict(zip(FACTS, r.facts, strict=True)) for r in rows]
    assert [(t["gate"], t["kind"]) for t in told] == [("file", "task"), ("file", "*")]
    assert {t[c] for t in told for c in FACTS if c not in ("gate", "kind")} == {"*"}


@pytest.mark.parametrize("text", [HEADER, HEADER + "\n# only a remark\n"])
def test_an_empty_table_is_refused(text: str) -> None:
    no_rules = TOML[: TOML.index("[[rule]]")]
    error = _refused(rules_csv=text, pack_toml=no_rules)
    assert error.message == "a pack without rows decides nothing"


def test_remarks_and_empty_lines_are_passed_over() -> None:
    text = HEADER + "# 说明\n\n" + row("A", "refused") + "  \n" + row("B", "listed")
    assert [r.line for r in load_pack(_files(rules_csv=text)).rows] == [4, 6]


# ---- routes.csv, cases, folder -----------------------------------------------------------------


def test_a_route_to_no_flow_is_refused_on_its_line() -> None:
    error = _refused(routes_csv=ROUTES + "p,task,*,*,*,*,*,allow,byway\n")
    assert _at(error) == ("routes.csv", 3, 1)
    assert error.message == "flow byway is not in pack.toml"


def test_a_route_denies_nothing() -> None:
    line = "p,task,*,*,*,*,*,deny,way"
    error = _refused(routes_csv=ROUTES + line + "\n")
    assert _at(error) == ("routes.csv", 3, line.index("deny") + 1)


def test_a_route_with_an_unknown_spread_is_refused() -> None:
    line = "p,*,*,*,*,everywhere,*,allow,way"
    error = _refused(routes_csv=ROUTES + line + "\n")
    assert _at(error) == ("routes.csv", 3, line.index("everywhere") + 1)


@pytest.mark.parametrize("field", ["source", "id"])
def test_a_case_without_source_or_id_is_refused_on_its_line(field: str) -> None:
    kept = [ln for ln in CASES.splitlines() if not ln.startswith(field)]
    error = _refused(cases__a_toml=CASES + "\n" + "\n".join(kept) + "\n")
    assert _at(error) == ("cases/a.toml", 12, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("on = 2026-03-02", "when = 2026-03-02"),
        ('mark = "C"', 'mark = "Z"'),
        ("expect = { outcome", "expect = { outcomes"),
        ('facts = { standing = "off"', 'facts = { standing = "of"'),
        ('facts = { standing = "off"', 'facts = { stands = "off"'),
        ('level = "county" }', 'level = "parish" }'),
    ],
)
def test_a_case_with_an_unknown_key_or_value_is_refused_on_its_line(old: str, new: str) -> None:
    text = CASES + "\n" + CASES.replace(old, new)
    error = _refused(cases__a_toml=text)
    assert (error.file, error.line) == ("cases/a.toml", _line(text, new))


def test_a_case_file_with_another_table_is_refused() -> None:
    assert "only [[case]] is known" in _refused(cases__a_toml='[[cases]]\nid = "x"\n').message
    assert _refused(cases__a_toml="case = [{ }]\n").file == "cases/a.toml"


def test_cases_that_do_not_parse_are_refused_in_their_own_file() -> None:
    error = _refused(cases__a_toml='[[case]\nid = "x"\n')
    assert (error.file, error.line) == ("cases/a.toml", 1)


@pytest.mark.parametrize("missing", ["pack.toml", "rules.csv"])
def test_a_pack_without_its_two_files_is_refused(missing: str) -> None:
    files = {name: text for name, text in _files().items() if name != missing}
    with pytest.raises(PackError, match="are required"):
        load_pack(files)


def test_a_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    for name, text in _files().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert load_pack(read_folder(tmp_path)).id == "small"
    (tmp_path / "rules.csv").write_bytes(ROWS.encode("utf-8") + "# 说明\n".encode("gb18030"))
    with pytest.raises(PackError, match="not UTF-8"):
        read_folder(tmp_path)


def test_any_changed_byte_changes_the_digest() -> None:
    digests = {digest_of(_files()), digest_of(_files(routes_csv=ROUTES + "\n")),
               digest_of(_files(pack_toml=TOML + " ")),
               digest_of(_files(cases__b_toml=CASES))}  # fmt: skip
    assert len(digests) == 4
