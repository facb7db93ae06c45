"""权限矩阵 role × act × relation × tie → allow or deny, written out so that a change is read as a diff.

    python -m tests.policies.access_matrix        rewrites access_matrix.csv beside this file

Casbin asks every line of its table. A line about another act can never match, so each act is asked
of a table that holds only its own lines: the same answers in seconds (a test compares the two).
"""

from functools import cache
from pathlib import Path

from registry.domain.areas import Relation
from registry.policies.access import TIES, Access
from registry.policies.engine import HERE

GOLDEN = Path(__file__).with_name("access_matrix.csv")
HEAD = (
    "# Who may do which act to what: written by `python -m tests.policies.access_matrix`.\n"
    "# One line for a role, act and relation that is allowed in some case; what has no line is\n"
    "# denied. The columns after the relation say what binds the person to the object already.\n"
    f"role,act,relation,{','.join(TIES)}\n"
)
RELATIONS = tuple(r.value for r in Relation)


@cache
def table() -> tuple[str, ...]:
    """The lines of access.csv that say something."""
    text = (HERE / "access.csv").read_text("utf-8")
    return tuple(s for line in text.splitlines() if (s := line.strip()) and s[0] != "#")


@cache
def cells(line: str) -> tuple[str, ...]:
    """The cells of one line."""
    return tuple(cell.strip() for cell in line.split(","))


def inheriting(role: str, lines: tuple[str, ...]) -> set[str]:
    """The roles that hold what a role holds."""
    heirs = {c[1] for c in map(cells, lines) if c[0] == "g" and c[2] == role}
    return {role, *heirs, *(x for heir in heirs for x in inheriting(heir, lines))}


def of_act(act: str, lines: tuple[str, ...]) -> Access:
    """The decider over the lines about one act."""
    kept = [ln for ln in lines if (c := cells(ln))[0] == "g" or c[2] in (act, "*")]
    return Access("\n".join(kept))


def answers(access: Access, role: str, act: str) -> list[str]:
    """The lines of the matrix for one role and act."""
    found = []
    for relation in RELATIONS:
        told = ["allow" if access.allows(role, act, relation, tie) else "deny" for tie in TIES]
        if "allow" in told:
            found.append(",".join([role, act, relation, *told]))
    return found


def matrix(lines: tuple[str, ...]) -> str:
    """The whole matrix as it stands in the golden file."""
    whole = Access("\n".join(lines))
    deciders = {act: of_act(act, lines) for act in whole.acts}
    rows = [
        row
        for role in whole.roles
        for act in whole.acts
        for row in answers(deciders[act], role, act)
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(matrix(table()), "utf-8")
