"""事实计算 code computes facts: a filing, the lists and the pack's numbers become rows of named values.

Nothing is decided here. What the filing says alone is in ``filed``, what is held against a number
in ``measured``, what lists make of it in ``standing``; here they become rows.
"""

from collections.abc import Callable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any

from registry.domain.admission import COLUMNS, QUIET, Vector
from registry.domain.calendar import Calendar
from registry.domain.catalogue import ListItem
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.vocabulary import (
    GRADES_OFF,
    Gate,
    Kind,
    Level,
    OrganisationKind,
    Polarity,
    Receiver,
)
from registry.policies.measuring import measured, purchased
from registry.policies.measuring.filed import facts_of, grounds_said
from registry.policies.measuring.gauges import Gauges
from registry.policies.standing import (
    PERMITTING,
    Found,
    Lists,
    certificate,
    grounds_met,
    informing,
    joined,
    standing_of,
    statutory_of,
)

_in_order: Callable[[Mapping[str, str]], Vector] = itemgetter(*COLUMNS)


class Matter(Wire, frozen=True, kw_only=True):
    """待判事项: everything the facts are computed from, for one gate."""

    gate: Gate
    filing: Filing
    applicant_kind: OrganisationKind
    applicant_level: Level
    applied: date
    state: dict[str, str] = {}
    """Facts that come from the case and not from the filing: money, agreement, decision …"""
    paths: list[str] = []
    """Area paths of the targets: a list of one street is met only there."""
    grounds: dict[str, tuple[str, list[str]]] = {}
    """Grounds the register itself tells (R12 likeness, R15 quotas): exact or near, and why."""
    behind: dict[str, list[str]] = {}
    """Column of ``state`` → what in the register stands behind it."""
    payers: dict[str, OrganisationKind] = {}
    """Payer's organisation id → its kind."""
    directories: dict[int, list[str]] = {}
    """Fiscal year → codes of its 政府购买服务指导性目录, of the years that were imported."""
    measured: dict[str, Any] = {}
    """What the register counted behind ``state`` and ``grounds``, kept on the verdict."""


class Rows(Wire, frozen=True, kw_only=True):
    """事实行: one per receiver and ground, with the items behind them."""

    vectors: list[tuple[Receiver, Vector]]
    behind: dict[str, list[str]]
    """Fact column, or ground → ``id title`` of the list items behind it."""
    suggestions: list[str]
    basis: dict[str, str]
    """Fact column → the clause of the list item behind it (法定事项 cites its own statute)."""
    verifier: str = ""
    """核验单位 who verifies instead of the community, where the filing meets a certificate list."""
    measured: dict[str, Any] = {}
    """Numbers and tables behind the facts, e.g. the row that named the mode (P26)."""


def compute(matter: Matter, lists: Lists, calendar: Calendar, gauges: Gauges) -> Rows:
    """Every row of facts of a matter: per receiver, and once more per ground its text met."""
    filing = matter.filing
    found = lists.meet(filing, matter.applied, matter.paths)
    mode = measured.mode(filing, matter.applied, gauges)
    buying = purchased.purchase(filing, gauges.purchase, matter.directories)
    common = _common(matter, found, calendar, gauges) | {
        "mode_fit": mode.fit, "purchase": buying.word,
    }  # fmt: skip
    grounds = joined(joined(grounds_met(found, filing.kind), grounds_said(filing)), matter.grounds)
    behind: dict[str, list[str]] = {g: list(names) for g, (_, names) in grounds.items()}
    behind |= {column: list(names) for column, names in matter.behind.items()}
    behind |= {"purchase": buying.behind} if buying.behind else {}
    basis: dict[str, str] = {}
    vectors: list[tuple[Receiver, Vector]] = []
    for receiver in filing.receivers:
        standing, items = standing_of(found, filing, receiver)
        if standing == "off" and lists.unread(filing, receiver, matter.applied):
            standing = "unread"
        statutory, statutes = statutory_of(found, filing, receiver)
        _note(behind, basis, {"standing": items, "statutory": statutes})
        own = common | {
            "receiver": receiver.value, "standing": standing, "statutory": statutory,
            "term": measured.term(filing, receiver, gauges, calendar),
            "statutory_payer": measured.statutory_payer(
                filing, matter.payers, _sure(standing, items) + _sure(statutory, statutes)
            ),
        }  # fmt: skip
        for ground, match in [("none", "none"), *((g, m) for g, (m, _) in grounds.items())]:
            row = own | {"ground": ground, "match": match} | matter.state
            vectors.append((receiver, _in_order(row)))
    papers = found if filing.kind is Kind.CERTIFICATE else []
    _note(behind, basis, {"certificate": papers})
    basis |= _both_texts(papers) if common["certificate"] == "conflict" else {}
    verifiers = [_verifier(f.item) for f in found if f.item.verifier]
    return Rows(
        vectors=vectors, behind=behind, suggestions=informing(found), basis=basis,
        verifier=next(iter(verifiers), ""),
        measured=mode.told | buying.told | _how_issued(filing, found) | matter.measured,
    )  # fmt: skip


def _common(
    matter: Matter, found: list[Found], calendar: Calendar, gauges: Gauges
) -> dict[str, str]:
    """The columns that are the same for every receiver and ground."""
    filing = matter.filing
    return (
        QUIET
        | facts_of(filing)
        | {
            "gate": matter.gate.value,
            "applicant": matter.applicant_kind.value,
            "level": matter.applicant_level.value,
            "certificate": certificate(filing, found),
            "lead_time": measured.lead_time(filing, matter.applied, calendar, gauges.apply_ahead),
            "conditions": measured.conditions(filing, gauges.conditions),
            "purposes": measured.purposes(filing, gauges),
            "payer_kind": measured.payer_kind(filing, matter.payers),
            "money": "none",
            "agreement": "unsigned",
            "decision": "none",
        }
    )


def _sure(word: str, items: list[Found]) -> list[ListItem]:
    """The items that this receiver is surely met by; near ones and other receivers' say nothing."""
    return [f.item for f in items] if word in ("listed", "other_role", "yes") else []


def _verifier(item: ListItem) -> str:
    """Who verifies instead, marked where the text behind it was not read."""
    return item.verifier + ("（待核实）" if item.verifier_grade in GRADES_OFF else "")


_ISSUABLE = PERMITTING | {Polarity.DISCRETIONARY}
_ISSUING = ("purpose", "process", "form", "time_limit")


def _how_issued(filing: Filing, found: list[Found]) -> dict[str, Any]:
    """用途、流程、样式、时限 that the lists state for the very certificate asked for, item by item."""
    if filing.kind is not Kind.CERTIFICATE:
        return {}
    stated = {
        one.item.id: {name: text for name in _ISSUING if (text := getattr(one.item, name))}
        for one in found if one.how == "exact" and one.list.polarity in _ISSUABLE
    }  # fmt: skip
    told = [{"item": id, **words} for id, words in stated.items() if words]
    return {"certificate": told} if told else {}


def _both_texts(papers: list[Found]) -> dict[str, str]:
    """冲突两端: the statute that asks for the paper, then the list that bars it."""
    exact = [one for one in papers if one.how == "exact"]
    ordered = sorted(exact, key=lambda one: one.list.polarity is Polarity.NEGATIVE)
    return {"certificate": "；".join(dict.fromkeys(one.item.basis for one in ordered))}


def _note(
    behind: dict[str, list[str]], basis: dict[str, str], by_column: Mapping[str, list[Found]]
) -> None:
    for column, items in by_column.items():
        names = behind.setdefault(column, [])
        names.extend(n for f in items if (n := f"{f.item.id} {f.item.title}") not in names)
        if items:
            basis.setdefault(column, items[0].item.basis)
