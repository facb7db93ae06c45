"""试算: the draft against the rules in force, case by case, counted and listed; no trace is left."""

import csv
from datetime import date
from typing import Any

import msgspec
import pytest

from bench.load import fill
from registry.actions.office import Office
from registry.actions.rejudging import restating
from registry.actions.rejudging.county_walk import Order
from registry.actions.rejudging.simulating import Simulated, order_of, simulate
from registry.domain.pack import PublishedPack
from registry.domain.request import Request
from registry.policies.simulation import Change, plain
from tests.actions.case import drafted, filing_of, submitted

COUNTY = "990102"


def draft_of(office: Office, *changes: tuple[str, str]) -> PublishedPack:
    """The county's pack with some words of pack.toml changed."""
    held = office.store.reader.get(PublishedPack, COUNTY, "demo-county")
    assert held is not None
    text = held.files["pack.toml"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return msgspec.structs.replace(held, files={**held.files, "pack.toml": text}, digest="draft")


DENY = ('default = "admission"', 'default = "deny"')
FEWER_LISTS = ('"DEMO-LIST", ', "")


def run(office: Office, *changes: tuple[str, str]) -> Simulated:
    return simulate(office, order_of(office, draft_of(office, *changes)))


def rows(office: Office, done: Simulated) -> list[dict[str, str]]:
    assert done.rows_sha256 is not None
    data = office.store.files.read(done.rows_sha256).decode("utf-8-sig")
    return list(csv.DictReader(data.splitlines()))


def test_the_same_pack_changes_nothing_and_lists_nothing(office: Office) -> None:
    fill(office, 60)
    done = run(office)
    assert done.summary.cases == {"same": 60}
    assert done.rows_sha256 is None


def test_what_the_draft_refuses_is_counted_by_department_community_and_kind(
    office: Office,
) -> None:
    fill(office, 120)
    done = run(office, DENY)
    told = done.summary
    refused = told.cases["newly_refused"]
    assert refused > 0
    assert sum(told.cases.values()) == told.total == 120
    for groups in (told.by_department, told.by_community, told.by_kind):
        assert sum(group.get("newly_refused", 0) for group in groups.values()) == refused
    listed = rows(office, done)
    changed = told.total - told.cases["same"]
    assert len(listed) == changed
    assert sum(int(row["涉及资金(分)"]) for row in listed) == sum(told.money_fen.values())
    assert {row["拟定结果"] for row in listed if row["变化"] == "新增不通过"} == {"refused"}


@pytest.mark.parametrize("changes", [(DENY,), (FEWER_LISTS,), (DENY, FEWER_LISTS)])
def test_kept_facts_give_what_reading_every_filing_anew_gives(
    one_office: Office, monkeypatch: pytest.MonkeyPatch, changes: tuple[Any, ...]
) -> None:
    fill(one_office, 150)
    first = run(one_office, *changes)
    monkeypatch.setattr(restating.Restater, "_same", lambda *_: False)
    second = run(one_office, *changes)
    assert second.summary.reused == 0
    assert msgspec.structs.replace(first.summary, reused=0) == second.summary
    assert first.rows_sha256 == second.rows_sha256


def test_kept_facts_are_used_only_while_the_lists_read_the_same(one_office: Office) -> None:
    fill(one_office, 60)
    assert run(one_office, DENY).summary.reused > 0
    assert run(one_office, DENY, FEWER_LISTS).summary.reused == 0


def test_a_filing_edited_since_its_refusal_is_read_anew(one_office: Office, one_hand: Any) -> None:
    from registry.actions import filing
    from registry.domain.errors import Refusal

    request = drafted(one_hand, funding=[])
    with pytest.raises(Refusal, match=r"request\.refused"):
        submitted(one_hand, request)
    held = one_office.store.reader.get(Request, COUNTY, request.id)
    assert held is not None
    assert run(one_office).summary.reused == 1
    edited = filing_of(funding=[], content="另写内容")
    one_hand("dept.clerk").do(lambda d: filing.edit(d, held.id, held.version, edited))
    assert run(one_office).summary.reused == 0


def test_simulating_leaves_no_trace_in_the_log(office: Office) -> None:
    fill(office, 30)
    before = {c: office.store.reader.head(c) for c in office.store.reader.partitions()}
    run(office, DENY)
    assert {c: office.store.reader.head(c) for c in office.store.reader.partitions()} == before


def test_a_pack_above_is_simulated_in_every_county_below(one_office: Office) -> None:
    fill(one_office, 40)
    base = one_office.store.reader.get(PublishedPack, "000000", "cn-base")
    assert base is not None
    order = order_of(one_office, base)
    assert COUNTY in order.counties
    assert len(order.counties) > 1
    assert simulate(one_office, order).summary.cases == {"same": 40}
    only = order_of(one_office, base, COUNTY)
    assert only.counties == [COUNTY]


def test_a_draft_is_asked_on_the_day_it_would_take_effect(one_office: Office) -> None:
    later = msgspec.structs.replace(draft_of(one_office), effective_from=date(2027, 1, 1))
    assert order_of(one_office, later).on == date(2027, 1, 1)


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+1", "-1", "@x", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(cell: str) -> None:
    assert plain(cell) == f"'{cell}"
    assert plain(f"社区{cell}") == f"社区{cell}"


def test_progress_counts_up_to_the_whole(one_office: Office) -> None:
    fill(one_office, 30)
    seen: list[tuple[int, int]] = []
    order = order_of(one_office, draft_of(one_office, DENY))
    simulate(one_office, order, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (30, 30)
    assert isinstance(order, Order)


def test_every_change_has_a_name() -> None:
    from registry.policies.simulation import CHANGE_ZH

    assert set(CHANGE_ZH) == set(Change)
