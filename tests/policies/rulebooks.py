"""规则册 made once for the tests of this room: example packs, their cases, small packs as text."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.admission import COLUMNS
from registry.domain.calendar import Calendar
from registry.domain.catalogue import MatterList
from registry.domain.filing import Filing
from registry.domain.matching import MatchIndex
from registry.domain.vocabulary import Gate, Level, OrganisationKind
from registry.policies.cases import NEUTRAL, Case, read_cases
from registry.policies.engine import HERE
from registry.policies.examples import packs, rulebook
from registry.policies.judge import Judgement, Rulebook
from registry.policies.lists import load_tuning
from registry.policies.loader import RULE_COLUMNS, load_pack
from registry.policies.measuring.facts import Matter
from registry.policies.measuring.gauges import observed
from registry.policies.overlay import Governing, Overlay
from registry.policies.pack import Pack
from registry.policies.standing import Lists

SEEDS = Path(__file__).parents[2] / "seeds"
DEMO, NATION = "demo-county", "cn-base"
PAID: dict[str, Any] = {
    "bases": [{"level": "policy", "title": "演示文件"}],
    "funding": [
        {"key": "F1", "mode": "transfer", "payer_id": "asking", "amount_fen": 100,
         "fiscal_year": 2026},
    ],
    "role": "assist",
}  # fmt: skip
"""Basis, payer and money in order: what is left to judge is the matter itself."""


@cache
def loaded() -> dict[str, Pack]:
    """Every example pack by id."""
    return packs()


@cache
def book(own: str, decider: str = "indexed") -> Rulebook:
    """The rulebook of an example pack over its parents."""
    return rulebook(own, loaded(), SEEDS, decider)


@cache
def cases(own: str) -> tuple[Case, ...]:
    """The cases of an example pack."""
    return tuple(read_cases(loaded()[own]))


def matter(on: date, gate: Gate = Gate.FILE, **fields: Any) -> Matter:
    """A matter of a county department; ``applicant_kind``, ``applicant_level``, ``state`` and
    ``payers`` beside the fields of its filing."""
    kind = fields.pop("applicant_kind", OrganisationKind.DEPARTMENT)
    level = fields.pop("applicant_level", Level.COUNTY)
    state, payers = fields.pop("state", {}), fields.pop("payers", {})
    plain = {"kind": "task", "title": "楼道灯具编号拍照"}
    return Matter(
        gate=gate, filing=msgspec.convert({**NEUTRAL, **plain, **fields}, Filing),
        applicant_kind=kind, applicant_level=level, applied=on, state=state, payers=payers,
    )  # fmt: skip


def on_one_day(on: date) -> Governing:
    """Applied, decided and entered on the same day."""
    return Governing(applied=on, decided=on, entered=on)


def judged(rules: Rulebook, on: date, gate: Gate = Gate.FILE, **fields: Any) -> Judgement:
    """The verdict on a matter whose three dates are one."""
    return rules.judge(matter(on, gate, **fields), on_one_day(on))


# ---- packs written in a test -------------------------------------------------------------------

HEADER = "# p," + ",".join(RULE_COLUMNS) + "\n"


def row(rule: str, outcome: str, **facts: str) -> str:
    """A line of rules.csv: ``*`` wherever no fact is given."""
    allowing = outcome in ("listed", "exempt", "needs_approval", "discretionary", "purchase",
                           "allowed")  # fmt: skip
    cells = [{"gate": "file", **facts}.get(column, "*") for column in COLUMNS]
    return ",".join(["p", *cells, "allow" if allowing else "deny", outcome, rule]) + "\n"


def rule(id: str, **fields: Any) -> dict[str, Any]:
    """A rule of pack.toml with a grade that decides."""
    return {"id": id, "clause": f"{id} 条", "grade": "全文", "sentence": "……", "sentence_en": "…",
            **fields}  # fmt: skip


def _value(value: Any) -> str:
    """A value as TOML writes it; JSON's strings, numbers and booleans are TOML's too."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return msgspec.json.encode(value).decode()


def _lines(table: dict[str, Any]) -> str:
    """Keys and values of one TOML table."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _tables(name: str, content: Any) -> str:
    """One table, or one for each entry of a list."""
    many = content if isinstance(content, list) else [content]
    head = f"[[{name}]]" if isinstance(content, list) else f"[{name}]"
    return "".join(f"{head}\n{_lines(one)}" for one in many)


def pack(id: str, rules: list[dict[str, Any]], rows: list[str], **fields: Any) -> Pack:
    """A pack from rules and lines; ``fields`` go to [pack], ``document`` beside it, ``modes`` and
    ``routes`` are the texts of modes.csv and routes.csv."""
    beside, modes = fields.pop("document", {}), fields.pop("modes", "")
    routes = fields.pop("routes", "")
    identity = {
        "id": id, "jurisdiction": "990102", "level": "county", "name": id, "name_en": id,
        "instrument": f"{id} 办法", "grade": "fictional", "effective_from": date(2020, 1, 1),
        **fields,
    }  # fmt: skip
    stated = {"pack": identity, **beside, "rule": rules}
    text = "".join(_tables(name, content) for name, content in stated.items())
    files = {"pack.toml": text, "rules.csv": HEADER + "".join(rows)}
    tables = {"modes.csv": modes, "routes.csv": routes}
    return load_pack(files | {name: text for name, text in tables.items() if text})


def book_of(*stacked: Pack, decider: str = "indexed", lists: Iterable[MatterList] = ()) -> Rulebook:
    """The rulebook of packs written in a test, the county's first, over the lists given."""
    held = list(lists)
    index = MatchIndex.build(held, load_tuning(HERE / "matching.toml"))
    calendar = observed(stacked, Calendar())
    return Rulebook(Overlay(list(stacked), decider), Lists(held, index), calendar)


def facts(rules: Rulebook, on: date, **fields: Any) -> dict[str, str]:
    """The facts of a matter with one receiver and no ground, by column."""
    return dict(zip(COLUMNS, rules.facts(matter(on, **fields)).vectors[0][1], strict=True))


def a_list(id: str, polarity: str, *items: dict[str, Any], **fields: Any) -> MatterList:
    """A list written in a test; an item needs no more than its id and title."""
    plain = {"basis": "演示条", "grade": "全文", "source": "tests"}
    whole = {
        "county": "990102", "id": id, "version": 1, "title": id, "polarity": polarity,
        "kinds": ["task"], "instrument": "演示", "grade": "全文", "source": "tests",
        "items": [{**plain, **item} for item in items], **fields,
    }  # fmt: skip
    return msgspec.convert(whole, MatterList)
