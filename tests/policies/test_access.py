"""权限表: the matrix is written down, every line of the table counts, a mistyped one is refused."""

from functools import cache
from itertools import product

import pytest

from registry.actions.between.hearing import SPEAKING
from registry.domain.areas import Relation
from registry.policies.access import TIES, Access, read_table
from registry.policies.engine import EngineError
from tests.policies.access_matrix import (
    GOLDEN,
    RELATIONS,
    answers,
    cells,
    inheriting,
    matrix,
    of_act,
    table,
)

LINES = table()
MATTERS = [line for line in LINES if cells(line)[0] == "p"]
ACCESS = Access()


def test_the_matrix_is_the_one_that_was_read_and_agreed() -> None:
    assert matrix(LINES) == GOLDEN.read_text("utf-8"), (
        "run `python -m tests.policies.access_matrix` and read the diff"
    )


def test_a_table_of_one_act_answers_as_the_whole_table() -> None:
    every = list(product(ACCESS.roles, ACCESS.acts, RELATIONS, TIES))
    for role, act, relation, tie in every[::163]:
        part = of_act(act, LINES).allows(role, act, relation, tie)
        assert part == ACCESS.allows(role, act, relation, tie), (role, act, relation, tie)


def _section(role: str, act: str, lines: tuple[str, ...]) -> list[str]:
    """What the matrix says of an act for a role and its heirs (of everybody, where it is ``*``)."""
    if not any(cells(line)[2] == act for line in lines):
        return []
    access = of_act(act, lines)
    roles = ACCESS.roles if role == "*" else sorted(inheriting(role, lines))
    return [row for one in roles for row in answers(access, one, act)]


@cache
def _whole(role: str, act: str) -> list[str]:
    return _section(role, act, LINES)


def _mutants(line: str) -> list[tuple[str, ...]]:
    at = LINES.index(line)
    turned = {"allow": "deny", "deny": "allow"}[cells(line)[-1]]
    flipped = line[: line.rindex(",")] + f", {turned}"
    return [(*LINES[:at], *LINES[at + 1 :]), (*LINES[:at], flipped, *LINES[at + 1 :])]


@pytest.mark.parametrize("act", sorted({cells(line)[2] for line in MATTERS}))
def test_every_line_removed_or_turned_round_changes_the_matrix(act: str) -> None:
    idle = []
    for line in (one for one in MATTERS if cells(one)[2] == act):
        role = cells(line)[1]
        before = _whole(role, act)
        idle += [line for mutant in _mutants(line) if _section(role, act, mutant) == before]
    assert idle == []


def test_a_line_of_inheritance_removed_takes_everything_from_the_heir() -> None:
    for line in (one for one in LINES if cells(one)[0] == "g"):
        _, heir, role = cells(line)
        without = tuple(one for one in LINES if one != line)
        held = {cells(one)[2] for one in MATTERS if cells(one)[1] == role}
        for act in held:
            assert answers(of_act(act, LINES), heir, act), (heir, act)
            assert answers(of_act(act, without), heir, act) == [], (heir, act)


def test_no_line_stands_twice() -> None:
    assert sorted(set(LINES)) == sorted(LINES)


def test_an_empty_field_meets_nothing() -> None:
    whole = ("auditor", "list.read", "own", "none")
    assert ACCESS.allows(*whole)
    for empty in range(4):
        asked = [word if at != empty else "" for at, word in enumerate(whole)]
        assert not ACCESS.allows(*asked)


def test_one_tie_that_forbids_is_enough() -> None:
    post = [("street.head", Relation.OWN)]
    assert ACCESS.may(post, "request.approve") == "street.head"
    assert ACCESS.may(post, "request.approve", ["recorded"]) == "street.head"
    assert ACCESS.may(post, "request.approve", ["recorded", "filed"]) is None


def test_of_several_posts_the_one_that_may_is_named() -> None:
    posts = [("community.worker", Relation.OWN), ("community.cashier", Relation.OWN)]
    assert ACCESS.may(posts, "voucher.community_arrival") == "community.cashier"
    assert ACCESS.may(posts, "request.approve") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "access.csv: an empty table would allow everything"),
        ("# nothing\n\n", "access.csv: an empty table would allow everything"),
        ("g, a, b\n", "access.csv: an empty table would allow everything"),
        ("q, a, b, own, *, allow\n", "access.csv:1: expected p,role,act,relation,tie,eft"),
        ("p, a, b, own, allow\n", "access.csv:1: expected p,role,act,relation,tie,eft"),
        ("p, a, b, own, *, allow, x\n", "access.csv:1: expected p,role,act,relation,tie,eft"),
        ("g, a\n", "access.csv:1: expected p,role,act,relation,tie,eft"),
        ("# c\np, a, b, near, *, allow\n", "access.csv:2: unknown relation or tie"),
        ("p, a, b, own, cousin, allow\n", "access.csv:1: unknown relation or tie"),
        ("p, a, b, own, *, Deny\n", "access.csv:1: a cell has a character"),
        ("p, a, b, own, *, denied\n", "access.csv:1: eft must be allow or deny"),
        ("p, a, b/../c, own, *, allow\n", "access.csv:1: a cell has a character"),
        ('p, a, "b\n", own, *, allow\n', "access.csv:1: a cell has a character"),
        ("p, , b, own, *, allow\n", "access.csv:1: a cell has a character"),
    ],
)
def test_a_mistyped_table_is_refused_naming_the_line(text: str, says: str) -> None:
    with pytest.raises(EngineError) as refused:
        read_table(text)
    assert str(refused.value).startswith(says)


def test_an_empty_table_is_refused_and_never_replaced_by_the_shipped_one() -> None:
    with pytest.raises(EngineError):
        Access("")


def test_whoever_may_speak_on_a_task_may_read_it() -> None:
    """Else it lies in their box and the case shows them neither the question nor a form."""
    own = {role: {act for act in ACCESS.acts if Relation.OWN in ACCESS.relations(role, act)}
           for role in ACCESS.roles}  # fmt: skip
    speaking = set(SPEAKING.values())
    assert [r for r, acts in own.items() if acts & speaking and "task.read" not in acts] == []


def test_every_act_has_a_name_an_official_reads() -> None:
    unnamed = [act for act in ACCESS.acts if ACCESS.named(act)[0] == act]
    assert unnamed == []
