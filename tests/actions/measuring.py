"""规则包 the demo county's own, with something more to measure, in force from the tests' first day."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, event

from registry.actions import judging
from registry.actions.judging import PrecheckCommand
from registry.actions.office import Call, Office
from registry.domain.admission import COLUMNS, Verdict
from registry.policies.loader import read_folder
from tests.actions import case
from tests.actions.enacting import PACKS, enacted

MEASURED = "demo-measured"


def with_more(toml: str, *rows: dict[str, str]) -> dict[str, str]:
    """The files of the demo pack with more TOML at its end and more lines in its table."""
    files = read_folder(PACKS / "demo-county")
    text = files["pack.toml"].replace('id = "demo-county"', f'id = "{MEASURED}"')
    text = text.replace("effective_from = 2025-01-01", "effective_from = 2026-03-02")
    rules = _table(files["rules.csv"], rows)
    kept = {name: text for name, text in files.items() if not name.startswith("cases/")}
    return kept | {"pack.toml": f"{text}\n{toml}\n", "rules.csv": rules}


def _table(text: str, rows: Sequence[dict[str, str]]) -> str:
    """A decision table with more lines, and with the columns that these name."""
    first, *lines = [line.split(",") for line in text.splitlines()]
    held = first[1:]
    named = {column for more in rows for column in more}
    columns = [*(c for c in COLUMNS if c in named or c in held), *held[-3:]]
    old = [dict(zip(held, line[1:], strict=True)) for line in lines if line[0] == "p"]
    made = [",".join(["p", *(one.get(c, "*") for c in columns)]) for one in [*old, *rows]]
    return "\n".join(["# p," + ",".join(columns), *made]) + "\n"


def in_force(office: Office, toml: str, *rows: dict[str, str]) -> None:
    """Publish it."""
    enacted(office, with_more(toml, *rows))


def rule(id: str, ground: str = "") -> str:
    """A rule of pack.toml that decides."""
    return (
        f'[[rule]]\nid = "{id}"\nground = "{ground}"\nclause = "演示县办法（虚构）"\n'
        'grade = "fictional"\nsentence = "……"\nsentence_en = "…"\n'
    )


def row(rule: str, outcome: str, **facts: str) -> dict[str, str]:
    """A line of rules.csv, any where no fact is given."""
    allowing = outcome in ("needs_approval", "listed", "allowed")
    return {"gate": "file", **facts, "eft": "allow" if allowing else "deny", "outcome": outcome,
            "rule": rule}  # fmt: skip


def asked(hand: Any, by: str = "dept.clerk", on: str | None = None, **changes: Any) -> Verdict:
    """The verdict on a filing, nothing recorded."""
    person = hand(by)
    command = PrecheckCommand(filing=case.filing_of(**changes))
    call = Call(actor=person.actor, county=person.county, act="precheck.ask")
    verdict: Verdict = person.office.ask(call, lambda d: judging.precheck_answer(d, command)).body
    return verdict


def grounds(verdict: Verdict) -> dict[str, str]:
    """Ground → how surely, of a verdict."""
    return {f["ground"]: f["match"] for f in verdict.facts if f["ground"] != "none"}


def behind(verdict: Verdict, rule: str) -> list[str]:
    """What stands behind a rule of a verdict."""
    return [item for hit in verdict.rules if hit.rule == rule for item in hit.items]


def plans(connection: Connection, work: Callable[[], object]) -> str:
    """How the engine would answer each query of ``work``, were its tables large."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, words: str, bound: Any, *_rest: Any) -> None:
        if words.startswith(("SELECT", "WITH")):
            asked.append((words, bound))

    event.listen(connection, "before_cursor_execute", note)
    work()
    event.remove(connection, "before_cursor_execute", note)
    lite = connection.dialect.name == "sqlite"
    if not lite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
    rows = [connection.exec_driver_sql(f"{explain} {w}", b).all() for w, b in asked]
    return "\n".join(str(row) for found in rows for row in found)
