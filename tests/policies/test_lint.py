"""规则包检查: what contradicts itself, hides or never matches is found, placed, told how to mend."""

import ast
import re

import pytest

from registry.policies.decision_table import PackError
from registry.policies.drafting.lint import check, failed
from registry.policies.drafting.problems import codes as catalogue
from registry.policies.drafting.problems import from_error
from registry.policies.examples import PACKS
from registry.policies.lists import load_lists
from registry.policies.loader import load_pack, read_folder
from tests.policies.drafts import (
    FLOW,
    IDENTITY,
    ROUTES,
    codes,
    draft,
    found,
    lists,
    parent,
    row,
    rule,
)
from tests.policies.rulebooks import SEEDS, loaded

TWO = (rule("A"), rule("B"))


def test_a_sound_pack_has_no_problem() -> None:
    assert codes(draft()) == []


@pytest.mark.parametrize("own", sorted(loaded()))
def test_no_pack_that_came_has_an_error(own: str) -> None:
    problems = check(read_folder(PACKS / own), loaded(), load_lists(SEEDS / "lists"))
    assert [p for p in problems if p.severity == "error"] == []


def test_every_problem_says_where_what_and_how_to_mend_in_both_languages() -> None:
    for one in found(draft(rows=row("A", "refused", kind="task", certificate="off") * 2)):
        assert one.zh
        assert one.en
        assert one.mend
        assert one.mend_en
        assert one.file in {"pack.toml", "rules.csv"}
        assert one.line >= 1
        assert one.column >= 1


# ---- rows ---------------------------------------------------------------------------------------


def test_rows_that_say_the_opposite_of_the_same_facts_are_an_error_with_a_witness() -> None:
    rows = row("A", "refused", standing="off") + row("B", "listed", standing="off")
    (one,) = [p for p in found(draft(rows=rows)) if p.code == "rows.opposed"]
    assert (one.severity, one.file, one.line) == ("error", "rules.csv", 3)
    assert one.facts["standing"] == "off"
    assert "A(rules.csv:2)" in one.zh


@pytest.mark.parametrize("own", ['lifts = ["A"]', "valid_from = 2027-01-01"])
def test_rows_that_are_told_apart_by_exception_or_date_are_not_opposed(own: str) -> None:
    first = rule("A", "valid_to = 2026-12-31") if "valid" in own else rule("A")
    rows = row("A", "refused", standing="off") + row("B", "listed", standing="off")
    assert "rows.opposed" not in codes(draft(first, rule("B", own), rows=rows))


@pytest.mark.parametrize("stage", ["dry_run", "warn"])
def test_a_rule_only_tried_out_opposes_nothing(stage: str) -> None:
    rows = row("A", "refused", standing="off") + row("B", "listed", standing="off")
    assert "rows.opposed" not in codes(draft(rule("A"), rule("B", f'stage = "{stage}"'), rows=rows))


def test_refusing_and_letting_in_of_some_facts_in_common_is_a_warning_with_a_witness() -> None:
    rows = row("A", "refused", kind="task") + row("B", "listed", standing="listed")
    (one,) = found(draft(rows=rows))
    assert (one.code, one.severity) == ("rows.overlap", "warning")
    assert {"kind": "task", "standing": "listed"}.items() <= one.facts.items()
    assert "事项类别=工作事项" in one.zh


def test_a_narrower_refusal_is_an_exception_and_no_overlap() -> None:
    rows = row("A", "refused", kind="task", standing="listed") + row("B", "listed",
                                                                     standing="listed")  # fmt: skip
    assert codes(draft(rows=rows)) == []


def test_a_row_that_a_stronger_one_always_outweighs_never_decides() -> None:
    rows = row("A", "human_review") + row("B", "listed", standing="listed")
    (one,) = found(draft(rows=rows))
    assert (one.code, one.severity, one.line) == ("row.shadowed", "warning", 3)
    assert "A(rules.csv:2)" in one.zh


def test_a_row_that_several_stronger_ones_outweigh_together_never_decides() -> None:
    rows = "".join(row("A", "human_review", standing=s) for s in ("listed", "other_receiver"))
    rows += row("A", "human_review", standing="other_role") + row("A", "refused", standing="unread")
    rows += row("A", "refused", standing="near") + row("A", "refused", standing="off")
    rows += row("B", "listed", kind="app")
    shadowed = [p for p in found(draft(rows=rows)) if p.code == "row.shadowed"]
    assert [p.line for p in shadowed] == [8]
    assert shadowed[0].zh.count("A(rules.csv:") == 6


def test_a_row_is_not_hidden_by_one_that_may_be_lifted_or_is_not_always_in_force() -> None:
    rows = row("A", "refused") + row("B", "listed", standing="listed")
    rows += row("C", "exempt", kind="task")
    hidden = codes(draft(*TWO, rule("C"), rows=rows))
    assert "row.shadowed" in hidden
    lifting = draft(*TWO, rule("C", 'lifts = ["A"]'), rows=rows)
    assert "row.shadowed" not in codes(lifting)
    dated = draft(rule("A", "valid_from = 2027-01-01"), rule("B"), rule("C"), rows=rows)
    assert "row.shadowed" not in codes(dated)


def test_a_row_that_says_nothing_new_is_told() -> None:
    rows = row("A", "refused") + row("A", "refused", kind="app") + row("B", "listed", gate="file",
                                                                     kind="task")  # fmt: skip
    assert ("row.twice", 3) in [(p.code, p.line) for p in found(draft(rows=rows))]


@pytest.mark.parametrize(
    "facts",
    [
        {"ground": "none", "match": "exact"},
        {"ground": "R3", "match": "none"},
        {"kind": "task", "certificate": "negative"},
        {"duration": "temporary", "emergency": "declared"},
        {"kind": "certificate", "certificate": "none"},
    ],
)
def test_a_row_whose_facts_contradict_each_other_can_never_match(facts: dict[str, str]) -> None:
    rows = row("A", "human_review", **facts) + row("B", "listed", standing="listed")
    (one,) = [p for p in found(draft(rows=rows)) if p.code == "row.impossible"]
    assert (one.severity, one.line) == ("error", 2)
    assert "永远不会命中：" in one.zh


def test_only_a_person_answers_what_is_merely_near() -> None:
    rows = row("A", "refused", ground="R3", match="near") + row("B", "listed", standing="listed")
    assert ("row.near", 2) in [(p.code, p.line) for p in found(draft(rows=rows))]


def test_a_row_about_another_ground_than_its_rule_states_is_told() -> None:
    rows = row("A", "refused", ground="R3", match="exact") + row("B", "listed", standing="listed")
    assert codes(draft(rule("A", 'ground = "R4"'), rule("B"), rows=rows)) == ["row.ground"]
    assert codes(draft(rule("A", 'ground = "R3"'), rule("B"), rows=rows)) == []


def test_a_row_that_names_no_ground_is_asked_again_for_each() -> None:
    rows = row("A", "refused", ground="*", match="*") + row("B", "listed", standing="listed")
    assert "row.every_ground" in codes(draft(rows=rows))


# ---- rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("valid_from = 2026-05-01", "valid_to = 2026-04-30"), "rule.dates"),
        (("valid_to = 2025-12-31",), "rule.outside"),
        (('lifts = ["Z"]',), "rule.lifts"),
        (('replaces = ["Z"]',), "rule.replaces"),
        (('grade = "背景"',), "rule.off"),
        (('grade = "报道"',), "rule.reported"),
    ],
)
def test_what_a_rule_says_of_itself_is_looked_at(lines: tuple[str, ...], code: str) -> None:
    (one,) = [p for p in found(draft(rule("A", *lines), rule("B"))) if p.code == code]
    assert one.file == "pack.toml"
    text = draft(rule("A", *lines), rule("B"))["pack.toml"]
    assert text.splitlines()[one.line - 1] == 'id = "A"'


def test_off_grade_is_told_and_stops_nothing() -> None:
    problems = found(draft(rule("A", 'grade = "M"'), rule("B")))
    assert not failed(problems)
    assert "待核实" in problems[0].zh


def test_an_absolute_rule_is_lifted_by_nothing() -> None:
    files = draft(rule("A", "absolute = true"), rule("B", 'lifts = ["A"]'))
    assert "rule.lifts_absolute" in codes(files)


def test_a_rule_without_rows_and_a_row_without_rule_are_both_told_at_once() -> None:
    problems = found(draft(rows=row("A", "refused") + row("Z", "listed")))
    assert {p.en for p in problems if p.code == "format"} == {
        "rule Z has no clause in pack.toml", "rule B has no row in rules.csv",
    }  # fmt: skip


def test_what_a_pack_replaces_from_above_is_told() -> None:
    above = parent(rules="", identity=IDENTITY.replace('"small"', '"above"').replace(
        '"county"', '"city"'))  # fmt: skip
    own = draft(rule("C", 'replaces = ["A"]'), rows=row("C", "refused", standing="off"),
                identity=IDENTITY + 'parent = "above"\n')  # fmt: skip
    (one,) = [p for p in found(own, above) if p.code == "rule.replaced"]
    assert "上级规则 A 在本地由 C 代替" in one.zh


# ---- identity and parents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("effective_to = 2025-12-31", "pack.dates"),
        ("review_on = 2026-01-01", "pack.review"),
        ('parent = "nowhere"', "parent.missing"),
        ('parent = "small"', "parent.circle"),
    ],
)
def test_dates_and_parents_are_looked_at_where_they_stand(line: str, code: str) -> None:
    files = draft(identity=IDENTITY + line + "\n")
    (one,) = [p for p in found(files) if p.code == code]
    assert files["pack.toml"].splitlines()[one.line - 1] == line


def test_a_circle_of_parents_is_told_by_its_names() -> None:
    one = parent("one", identity=IDENTITY.replace('"small"', '"one"') + 'parent = "two"\n')
    two = parent("two", identity=IDENTITY.replace('"small"', '"two"') + 'parent = "one"\n')
    (told,) = [p for p in found(draft(identity=IDENTITY + 'parent = "one"\n'), one, two)
               if p.code == "parent.circle"]  # fmt: skip
    assert "one → two → one" in told.zh


def test_a_parent_stands_higher() -> None:
    level = parent("above", "county")
    assert "parent.level" in codes(draft(identity=IDENTITY + 'parent = "above"\n'), level)


def test_a_parent_is_of_the_place_around() -> None:
    other = IDENTITY.replace('"small"', '"above"').replace('"county"', '"city"')
    above = parent(identity=other.replace('"990102"', '"110100"'))
    assert codes(draft(identity=IDENTITY + 'parent = "above"\n'), above) == ["parent.place"]


def test_under_a_frozen_list_nothing_is_added() -> None:
    text = IDENTITY.replace('"small"', '"above"').replace('"county"', '"province"')
    above = parent(identity=text + "frozen = true\n")
    own = IDENTITY + 'parent = "above"\nlists = ["L"]\n'
    assert "frozen.lists" in codes(draft(identity=own), above)


def test_under_a_frozen_default_no_other_is_stated() -> None:
    text = IDENTITY.replace('"small"', '"above"').replace('"county"', '"province"')
    above = parent(identity=text.replace('"admission"', '"frozen"'))
    own = IDENTITY + 'parent = "above"\n'
    assert "frozen.default" in codes(draft(identity=own), above)
    silent = own.replace('default = "admission"\n', "")
    assert codes(draft(identity=silent), above) == []
    some = draft(identity=silent, below='\n[default_of]\nreport = "deny"\n')
    assert "frozen.default" in codes(some, above)


def test_a_chain_that_says_nothing_of_what_is_off_the_list_is_told() -> None:
    silent = IDENTITY.replace('default = "admission"\n', "")
    assert codes(draft(identity=silent)) == ["default.silent"]


# ---- flows and routes ---------------------------------------------------------------------------


def test_a_route_behind_one_that_takes_everything_is_never_taken() -> None:
    files = draft(routes_csv=ROUTES + "p,task,*,*,*,*,*,allow,way\n")
    (one,) = found(files)
    assert (one.code, one.file, one.line) == ("route.shadowed", "routes.csv", 3)


def test_routes_that_take_everything_together_leave_nothing_for_the_next() -> None:
    head = ROUTES.splitlines()[0] + "\n"
    both = "p,*,*,*,*,one_street,*,allow,way\np,*,*,*,*,several_streets,*,allow,way\n"
    assert codes(draft(routes_csv=head + both)) == []
    assert codes(draft(routes_csv=head + both + "p,*,*,*,*,*,*,allow,way\n")) == ["route.shadowed"]


def test_flows_without_a_route_bodies_without_a_name_or_a_use_are_told() -> None:
    other = FLOW.replace('"way"', '"byway"').replace('["street"]', '["mayor"]')
    body = '\n[bodies.idle]\nname = "闲"\nfunction = "idle"\nfamily = "county"\n'
    below = draft(flow=body + FLOW + other, identity=IDENTITY + 'parent = "above"\n')
    assert set(codes(below, parent())) == {"flow.unreached", "flow.body", "body.unused"}
    assert "flow.twice" in codes(draft(flow=FLOW + FLOW))


def test_a_flow_by_which_a_street_would_decide_its_own_request_is_told() -> None:
    alone = FLOW.replace('instead = "office"\n', "")
    assert codes(draft(flow=alone)) == ["flow.own_case"]
    assert codes(draft(flow=FLOW)) == [], "the office answers in its place"
    byway = alone.replace('"way"', '"byway"').replace('["street"]', '["office"]')
    first, rest = ROUTES.split("\n", 1)
    routed = ""
    for kind, told in (("street", True), ("township", False)):
        routed += f"p,*,{kind},*,*,*,*,allow,byway\n"
        files = draft(flow=alone + byway, routes_csv=f"{first}\n{routed}{rest}")
        assert ("flow.own_case" in codes(files)) is told, kind


def test_a_body_that_a_pack_above_defines_need_not_be_defined_again() -> None:
    mayor = '\n[bodies.mayor]\nname = "市长"\nfunction = "mayor"\nfamily = "city"\n'
    own = FLOW.replace('["street"]', '["mayor"]')
    below = draft(flow=own, identity=IDENTITY + 'parent = "above"\n')
    assert codes(below, parent(flow=mayor + own)) == []
    assert codes(below, parent()) == ["flow.body"]


def test_a_conference_of_a_body_that_nobody_defines_is_told() -> None:
    held = '\n[conference]\nbody = "mayor"\nquorum = 50\ncarried = 51\ngrade = "configured"\n'
    mayor = '\n[bodies.mayor]\nname = "市长会议"\nfunction = "mayor"\nfamily = "county"\n'
    identity = IDENTITY + 'parent = "above"\n'
    assert codes(draft(flow=held + FLOW, identity=identity), parent()) == ["setting.body"]
    assert codes(draft(flow=held + mayor + FLOW, identity=identity), parent()) == []
    with pytest.raises(PackError, match=r"\[conference\] body mayor is not in \[bodies\]"):
        load_pack(draft(flow=held + FLOW))


def test_a_change_by_a_flow_that_nobody_wrote_is_told() -> None:
    small = '\n[change]\nflow = "small"\ngrade = "configured"\n'
    with pytest.raises(PackError, match=r"\[change\] flow small is not in pack.toml"):
        load_pack(draft(flow=small + FLOW))


# ---- numbers ------------------------------------------------------------------------------------

QUOTA = """
[[quota]]
key = "boards"
rule = "{rule}"
kinds = ["signboard"]
per = "community"
period = "standing"
cap = {cap}
grade = "{grade}"
"""


@pytest.mark.parametrize(
    ("rule_id", "cap", "grade", "code"),
    [
        ("A", "4", "fictional", "quota.rule"), ("Z", "4", "fictional", "quota.unknown"),
        ("C", "4", "背景", "quota.off"), ("C", "0", "fictional", "quota.zero"),
    ],
)  # fmt: skip
def test_a_quota_names_a_rule_that_answers_it(
    rule_id: str, cap: str, grade: str, code: str
) -> None:
    rows = row("A", "refused", standing="off") + row("B", "listed", standing="listed")
    rows += row("C", "refused", ground="R15", match="exact")
    text = QUOTA.format(rule=rule_id, cap=cap, grade=grade)
    assert codes(draft(*TWO, rule("C"), rows=rows, below=text)) == [code]


def test_two_quotas_of_one_name_are_refused() -> None:
    rows = row("A", "refused", ground="R15", match="exact") + row("B", "listed")
    text = QUOTA.format(rule="A", cap=4, grade="fictional")
    assert "quota.twice" in codes(draft(rows=rows, below=text * 2))


def test_two_quotas_on_one_kind_name_one_rule() -> None:
    rows = row("A", "refused", ground="R15", match="exact")
    rows += row("C", "refused", ground="R15", match="exact") + row("B", "listed")
    one, other = (QUOTA.format(rule=r, cap=4, grade="fictional") for r in ("A", "C"))
    other = other.replace("boards", "plates")
    assert "quota.rules" in codes(draft(*TWO, rule("C"), rows=rows, below=one + other))
    assert "quota.rules" not in codes(draft(rows=rows, below=one + one.replace("boards", "plates")))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[[duration]]\nof = "temporary"\n', "duration.empty"),
        ('[[duration]]\nof = "temporary"\nend_required = true\n' * 2, "duration.twice"),
        ('[[band]]\nfact = "headcount"\nname = "few"\nleast = 0\n', "band.idle"),
        ('[[band]]\nfact = "headcount"\nname = "few"\nleast = 2\n', "band.gap"),
        ('[[band]]\nfact = "headcount"\nname = "few"\nleast = 0\n' * 2, "band.twice"),
    ],
)
def test_durations_and_bands_that_say_nothing_or_twice_are_told(text: str, code: str) -> None:
    assert code in codes(draft(below="\n" + text))


MODES = "# p,kind,eft,mode\np,task,allow,{}\np,task,allow,purchase\n"


def test_a_row_of_modes_behind_one_that_takes_everything_is_never_taken() -> None:
    bands = '\n[[band]]\nfact = "headcount"\nname = "few"\nleast = 0\n'
    twice = MODES.format("agreement")
    assert codes(draft(below=bands, modes_csv=twice)) == ["mode.shadowed"]
    assert codes(draft(below=bands, modes_csv=twice.rsplit("p,", 1)[0])) == []
    assert codes(draft(below=bands, modes_csv=MODES.format("purchse"))) == ["format"]


# ---- lists --------------------------------------------------------------------------------------

NAMED = IDENTITY + 'lists = ["YES", "NO"]\n'
YES, NO = 'polarity = "permitted"', 'polarity = "negative"'


def test_a_list_that_is_not_there_is_told() -> None:
    only = lists(("YES", YES, "甲证明"))
    assert [p.zh for p in found(draft(identity=NAMED), lists=only)] == ["没有清单 NO"]


def test_two_lists_of_one_pack_that_claim_one_title_both_ways_are_an_error() -> None:
    both = lists(("YES", YES, "甲证明/乙证明"), ("NO", NO, "甲证明"))
    (one,) = found(draft(identity=NAMED), lists=both)
    assert (one.code, one.severity) == ("list.opposed", "error")
    assert "甲证明" in one.zh
    assert "乙证明" not in one.zh


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        (YES + '\nkinds = ["task"]', NO),
        (YES + '\nreceivers = ["grid"]', NO + '\nreceivers = ["village_committee"]'),
        (YES + "\nvalid_to = 2026-01-31", NO + "\nvalid_from = 2026-02-01"),
        (YES + '\ncommunity_type = "urban"', NO + '\ncommunity_type = "agricultural"'),
        (YES, NO + "\nadvisory = true"),
    ],
    ids=["kind", "receiver", "period", "community type", "advisory"],
)
def test_lists_told_apart_do_not_oppose_each_other(yes: str, no: str) -> None:
    assert codes(draft(identity=NAMED), lists=lists(("YES", yes, "甲"), ("NO", no, "甲"))) == []


def test_a_statute_against_a_list_is_for_a_person_and_only_told() -> None:
    both = lists(("YES", YES + "\nstatutory = true", "甲"), ("NO", NO, "甲"))
    problems = found(draft(identity=NAMED), lists=both)
    assert [p.code for p in problems] == ["list.disputed"]
    assert not failed(problems)


# ---- the catalogue ------------------------------------------------------------------------------


def test_every_code_of_the_page_is_raised_by_the_program_and_no_other() -> None:
    room = PACKS.parent
    said = "".join(path.read_text("utf-8") for path in room.rglob("*.py"))
    assert [code for code in catalogue() if f'"{code}"' not in said] == []
    used = re.findall(r'problem\(\s*"([a-z_.]+)"', said)
    assert set(used) <= set(catalogue())


def test_a_large_table_is_checked_row_by_row() -> None:
    kinds = ("task", "app", "report", "ledger", "meeting")
    standings = ("listed", "other_receiver", "unread", "near", "off")
    lines = "".join(
        row("A", "refused", kind=k, standing=s, ground=f"R{n}", match="exact")
        for k in kinds for s in standings for n in range(1, 17)
    )  # fmt: skip
    last = row("B", "listed", standing="listed", kind="task", ground="R3", match="exact")
    problems = found(draft(rows=lines + last))
    assert [(p.code, p.line) for p in problems] == [("rows.opposed", 402)]


def _told(file: str) -> list[str]:
    """Every sentence of a strict reader, with X where a value goes in."""
    tree = ast.parse((PACKS.parent / file).read_text("utf-8"))
    inner = {id(p) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for p in n.values}
    said = [n for n in ast.walk(tree) if isinstance(n, (ast.JoinedStr, ast.Constant))
            if id(n) not in inner]  # fmt: skip
    texts = []
    for one in said:
        parts = one.values if isinstance(one, ast.JoinedStr) else [one]
        text = "".join(str(p.value) if isinstance(p, ast.Constant) else "X" for p in parts)
        texts.append(text)
    return texts


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("decision_table.py", "column X is needed"),
        ("loader.py", "rule X stands twice"),
        ("flows.py", "two steps bear the same key"),
        ("numbering.py", "numbering X: {serial} must stand in it once"),
    ],
)
def test_what_the_strict_reader_says_is_said_in_chinese_too(file: str, message: str) -> None:
    assert message in _told(file)
    whole = f"flow X: {message}" if file == "flows.py" else message
    told = from_error(PackError("pack.toml", 1, 1, whole))
    assert not told.zh.startswith("格式有误")
    assert told.mend


def test_a_sentence_without_a_chinese_one_is_still_told() -> None:
    told = from_error(PackError("pack.toml", 3, 1, "something new"))
    assert (told.zh, told.where) == ("格式有误：something new", "pack.toml:3:1")


def test_every_fault_of_a_flow_is_said_in_chinese_too() -> None:
    faults = [t for t in _told("flows.py") if " " in t and t[0].islower() and "\n" not in t]
    sentences = [t for t in faults if not t.startswith(("flow ", "what", "everything"))]
    assert len(sentences) > 8
    for fault in sentences:
        if fault in _docs("flows.py"):
            continue
        told = from_error(PackError("pack.toml", 1, 1, f"flow X: {fault}"))
        assert not told.zh.startswith("格式有误"), fault


def _docs(file: str) -> set[str]:
    tree = ast.parse((PACKS.parent / file).read_text("utf-8"))
    return {str(n.value.value) for n in ast.walk(tree)
            if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}  # fmt: skip
