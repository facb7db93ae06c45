"""五个问题 five questions that an auditor asks, answered through ``registry.client``.

    python docs/examples/five_questions.py http://127.0.0.1:8000 auditor --since 1

The password is asked for, or taken from the first line of a file (``--password-file``). Nothing is
changed; every list stands in the order of names or numbers and ranks nobody.
"""

import argparse
import getpass
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from registry.client import Client, Kind
from registry.client.resources import (
    DECISIONS,
    EXPENDITURES,
    INDICATORS,
    PRESENCES,
    REQUESTS,
    STEPS,
    TASKS,
    VOUCHER_LINES,
)
from registry.domain.accounts import VoucherStage
from registry.domain.approval import DECIDING
from registry.domain.presence import PresenceState

PAID_OUT = ("expenditure", "advance", "dispatch")
"""Stages of a voucher by which money leaves for somebody."""
OUT = {VoucherStage.DISPATCH: 1, VoucherStage.REFUND: -1}
"""What a payer sends and what comes back; a reversal stands under the stage it takes back."""


class Paid(NamedTuple):
    """Who finally got how much, 分, in how many payments."""

    name: str
    kind: str
    payments: int
    fen: int


def who_got_the_money(client: Client) -> list[Paid]:
    """钱最终付给了谁: confirmed expenditures by payee; what was taken back is not among them."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in client.items(EXPENDITURES, {"limit": 500}):
        if one["state"] == "confirmed" and one["stage"] in PAID_OUT:
            sums[one["payee_name"], one["payee_kind"]].append(one["amount_fen"])
    return [Paid(*who, len(fens), sum(fens)) for who, fens in sorted(sums.items())]


class Budgeted(NamedTuple):
    """What a body paid of a year's money, net of what came back, and what its budget gave it, 分."""

    payer_id: str
    year: int
    dispatched_fen: int
    indicators_fen: int

    @property
    def within(self) -> bool:
        """Whether the budget covers what went out."""
        return self.dispatched_fen <= self.indicators_fen


def was_it_in_the_budget(client: Client) -> list[Budgeted]:
    """是否列入预算: what was sent beside the confirmed indicators, by payer and year."""
    paid: dict[tuple[str, int], int] = defaultdict(int)
    given: dict[tuple[str, int], int] = defaultdict(int)
    asked = {"stage.in": ",".join(OUT), "counted": True, "limit": 500}
    for line in client.items(VOUCHER_LINES, asked):
        paid[line.payer_id, line.year] += OUT[line.stage] * line.sign * line.amount_fen
    for one in client.items(INDICATORS, {"limit": 500}):
        if one.get("confirmed_by"):
            given[one["payer_id"], one["year"]] += one["amount_fen"]
    return [Budgeted(*key, paid[key], given[key]) for key in sorted(paid.keys() | given.keys())]


class Unregistered(NamedTuple):
    """Work that is there and was never admitted, or was entered after it had begun."""

    id: str
    title: str
    area_id: str
    why: str


def what_never_entered(client: Client) -> list[Unregistered]:
    """未经准入的事项: what communities carry without an admission, and what was entered late."""
    found = [
        Unregistered(p.id, p.title, p.area_id, "没有准入 no admission")
        for p in client.items(PRESENCES, {"limit": 500})
        if p.request_id is None and p.state is not PresenceState.EXITED
    ]
    late = [
        Unregistered(r.id, r.title, ",".join(r.filing.targets), "先办后录 entered late")
        for r in client.items(REQUESTS, {"limit": 500})
        if r.filing.late is not None
    ]
    return sorted(found) + sorted(late)


class Decided(NamedTuple):
    """Who decided what, and what speaks against it; ``doubts`` empty = nothing."""

    number: str
    title: str
    body: str
    person_id: str
    doubts: tuple[str, ...]


def who_decided(client: Client) -> list[Decided]:
    """谁决定的, 是否在审批链上: the deciding body must have had a deciding step, and whoever decided
    must not have worked on the filing."""
    found = []
    for decision in client.items(DECISIONS, {"limit": 500}):
        request = client.one(REQUESTS, decision.request_id)
        about = {"request_id": request.id, "limit": 500}
        deciding = {step.id for step in client.items(STEPS, about) if step.act in DECIDING}
        asked = {t.organisation_id for t in client.items(TASKS, about) if t.step_id in deciding}
        hands = {request.drafted_by, request.submitted_by, *request.worked_on_by}
        doubts = []
        if decision.organisation_id not in asked:
            doubts.append("不在审批链上 outside the chain")
        if decision.person_id in hands:
            doubts.append("自申自批 who worked on it decided it")
        found.append(Decided(decision.number, request.title, decision.body_name,
                             decision.person_id, tuple(doubts)))  # fmt: skip
    return sorted(found)


class Changed(NamedTuple):
    """What became of one record between two snapshots; an empty state = it was not there."""

    id: str
    title: str
    before: str
    after: str


def what_changed(client: Client, since: int | str, until: int | str | None = None) -> list[Changed]:
    """两个快照之间变了什么: requests and presences, by event numbers or instants."""
    kinds: tuple[Kind[Any], ...] = (REQUESTS, PRESENCES)
    changed = []
    for kind in kinds:
        for one in client.changes(kind, since, until):
            at = since if one.change == "went" else until
            record = client.one(kind, one.id, as_of=at)
            before = one.before.get("state", "" if one.change == "came" else record.state.value)
            after = one.after.get("state", "" if one.change == "went" else record.state.value)
            changed.append(Changed(one.id, record.title, before, after))
    return sorted(changed)


def told(client: Client, since: int | str) -> Iterator[str]:
    """The five answers, line by line."""
    yield "1. 钱最终付给了谁 Who finally got the money"
    for one in who_got_the_money(client):
        yield f"   {one.name} ({one.kind})  {one.payments} × = {one.fen / 100:.2f} 元"
    yield "2. 是否列入预算 Was it in the budget"
    for row in was_it_in_the_budget(client):
        word = "在指标内 within" if row.within else "超出指标 beyond"
        sums = f"{row.dispatched_fen / 100:.2f} / {row.indicators_fen / 100:.2f} 元"
        yield f"   {row.payer_id} {row.year}: {sums}  {word}"
    yield "3. 哪些从未准入 What never entered the register"
    for gap in what_never_entered(client):
        yield f"   {gap.title}  {gap.area_id}  {gap.why}"
    yield "4. 谁决定的, 是否在审批链上 Who decided, and was it in the chain"
    for said in who_decided(client):
        doubts = "; ".join(said.doubts) or "未见疑点 nothing seen"
        yield f"   {said.number} {said.title} {said.body} {said.person_id}  {doubts}"
    yield f"5. 快照 {since} 以来变了什么 What changed since snapshot {since}"
    for move in what_changed(client, since):
        yield f"   {move.title}: {move.before or '—'} → {move.after or '—'}"


def main() -> None:
    """Sign in and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("username")
    parser.add_argument("--password-file", type=Path)
    parser.add_argument("--since", default="1", help="event number or RFC 3339 instant")
    given = parser.parse_args()
    if given.password_file:
        password = given.password_file.read_text("utf-8").splitlines()[0]
    else:
        password = getpass.getpass("口令 password: ")
    with Client(given.address) as client:
        client.sign_in(given.username, password)
        for line in told(client, given.since):
            print(line)


if __name__ == "__main__":
    main()
