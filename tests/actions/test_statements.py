"""资金报表: totals are the entries added up again; one snapshot, one set of bytes; nobody sees more."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.statements import printing, sheeting, stating
from registry.domain.closing import opened_by
from registry.domain.funds import Chain, VoucherLine, chain, flows
from registry.domain.presence import Presence
from registry.domain.statement import By, Statement, execution_of
from tests.actions import case, yearly
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.conftest import actor_of


def stated(office: Office, who: str = "auditor", **told: Any) -> Statement:
    query = msgspec.convert(told, stating.StatementQuery)
    return stating.state(office, actor_of(office, who), query)


@pytest.fixture
def busy(hand: Hands) -> None:
    """Two admissions in two communities and something from before; money in every account."""
    make(hand)


def make(hand: Hands) -> None:
    both = case.admitted(hand, targets=["990102001001", "990102001005"])
    case.funded(hand, case.presence_of(hand, both), 150_000)
    other = case.admitted(hand, title="院落节水巡查", content="协助民政部门巡查节水")
    case.funded(hand, case.presence_of(hand, other), 300_000, series="2")
    yearly.opened(hand)


KEYS = {
    By.ITEM: lambda line, _: line.request_id or "",
    By.COMMUNITY: lambda _, place: place.organisation_id,
    By.DEPARTMENT: lambda line, _: line.payer_id,
    By.YEAR: lambda line, _: str(line.year),
    By.PRESENCE: lambda line, _: line.presence_id,
}  # fmt: skip


@pytest.mark.parametrize("by", list(By))
def test_every_row_is_its_entries_added_up_by_hand(office: Office, busy: None, by: By) -> None:
    reader = office.store.reader
    places = {p.id: p for p in reader.find(Presence, "990102")}
    entries: dict[tuple[str, bool], list[VoucherLine]] = defaultdict(list)
    for line in reader.find(VoucherLine, "990102"):
        if line.counted:
            key = KEYS[by](line, places[line.presence_id])
            entries[key, opened_by(line.funding_key) is not None].append(line)
    told = stated(office, by=by.value)
    assert {(r.key, r.existing): r.chain for r in told.rows} == {
        key: chain(lines) for key, lines in entries.items()
    }
    new = [x for (_, old), lines in entries.items() if not old for x in lines]
    before = [x for (_, old), lines in entries.items() if old for x in lines]
    assert (told.total, told.total_existing) == (chain(new), chain(before))
    assert len(told.rows) == len(entries) > 0


@pytest.mark.parametrize("by", list(By))
def test_its_parts_are_the_whole_and_each_has_the_sums_of_all(
    office: Office, busy: None, by: By
) -> None:
    whole, parts = stated(office, by=by.value), []
    after: dict[str, str] = {}
    while not parts or parts[-1].next:
        parts.append(stated(office, by=by.value, limit=1, **after))
        after = {"after": parts[-1].next or ""}
    assert [row for part in parts for row in part.rows] == whole.rows
    assert whole.next is None
    assert {part.total == whole.total for part in parts} == {True}
    assert {part.total_existing == whole.total_existing for part in parts} == {True}
    with refused("query.cursor"):
        stated(office, by=by.value, after="0|nobody")


def test_what_was_there_before_is_in_no_sum_of_what_is_new(
    one_hand: Hands, one_office: Office
) -> None:
    yearly.opened(one_hand)
    told = stated(one_office)
    assert (told.total, told.total_existing.opening_fen) == (Chain(), 1_200_000)
    assert [(r.existing, r.chain.balance_fen) for r in told.rows] == [(True, 1_200_000)]


def test_a_snapshot_gives_the_same_bytes_whatever_happens_later(
    one_hand: Hands, one_office: Office
) -> None:
    make(one_hand)
    before = stated(one_office, by="presence")
    first = [form(before) for form in FORMS]
    later = case.admitted(one_hand, title="路面坑洞上报", content="协助民政部门上报坑洞")
    case.funded(one_hand, case.presence_of(one_hand, later), 100_000, series="3")
    again = stated(one_office, by="presence", as_of=str(before.snapshot))
    assert [form(again) for form in FORMS] == first
    assert stated(one_office, by="presence").total != before.total


FORMS = (
    msgspec.json.encode, sheeting.as_csv, lambda s: sheeting.as_csv(s, "gb18030"),
    sheeting.as_xlsx, printing.page,
)  # fmt: skip


def test_the_rate_of_execution_is_what_was_spent_of_what_was_approved() -> None:
    assert execution_of(Chain(approved_fen=8050, spent_fen=5667)) == "70.4%"
    assert execution_of(Chain(approved_fen=2000, spent_fen=1)) == "0.1%"
    assert execution_of(Chain(approved_fen=0, spent_fen=5)) == "—"


def test_a_community_sees_its_own_and_a_department_what_it_pays(
    one_hand: Hands, one_office: Office
) -> None:
    make(one_hand)
    home = stated(one_office, "community.head", by="community")
    assert [row.key for row in home.rows if not row.existing] == ["o-990102001001"]
    paid = stated(one_office, "dept.head", by="department")
    assert {row.key for row in paid.rows} == {"o-990102-civil"}
    assert stated(one_office, "dept2.head", by="item").rows == []
    with refused("access.reading"):
        stated(one_office, "sys.admin")


def test_communities_stand_in_the_order_of_their_codes(one_hand: Hands, one_office: Office) -> None:
    make(one_hand)
    rows = [row for row in stated(one_office, by="community").rows if not row.existing]
    assert [row.code for row in rows] == sorted(row.code for row in rows)
    assert len(rows) == 2


def test_an_area_nobody_knows_is_told(one_office: Office) -> None:
    with refused("statement.area"):
        stated(one_office, area="999999")


def test_an_area_narrows_it(one_hand: Hands, one_office: Office) -> None:
    make(one_hand)
    told = stated(one_office, by="community", area="990102001005")
    assert [row.code for row in told.rows] == ["990102001005"]


def test_the_csv_holds_the_same_totals_and_no_formula(one_hand: Hands, one_office: Office) -> None:
    make(one_hand)
    told = stated(one_office)
    risky = msgspec.structs.replace(
        told, rows=[msgspec.structs.replace(row, name="=HYPERLINK(1)") for row in told.rows]
    )
    raw = sheeting.as_csv(risky)
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    at = next(n for n, line in enumerate(lines) if line[0] == "编号")
    approved = lines[at].index("核定")
    body = [line for line in lines[at + 1 :] if line[1] not in (sheeting.NEW, sheeting.EXISTING)]
    assert {line[1][:2] for line in body if not line[1].startswith("（")} == {"'="}
    summed = sum(round(float(line[approved]) * 100) for line in body)
    (total,) = [line for line in lines if line[1:2] == [sheeting.NEW]]
    assert summed == told.total.approved_fen == round(float(total[approved]) * 100)
    assert sheeting.as_csv(risky, "gb18030").decode("gb18030") == raw.decode("utf-8-sig")


def test_the_workbook_holds_numbers_and_texts(one_hand: Hands, one_office: Office) -> None:
    from openpyxl import load_workbook

    make(one_hand)
    told = stated(one_office)
    book = load_workbook(io.BytesIO(sheeting.as_xlsx(told)))
    rows = list(book.active.iter_rows(values_only=True))
    (total,) = [row for row in rows if row[1] == sheeting.NEW]
    approved = sheeting.headings(told).index("核定")
    assert round(total[approved] * 100) == told.total.approved_fen
    assert zipfile.ZipFile(io.BytesIO(sheeting.as_xlsx(told))).testzip() is None


def test_the_page_loads_and_runs_nothing(one_hand: Hands, one_office: Office) -> None:
    make(one_hand)
    told = stated(one_office)
    risky = msgspec.structs.replace(told, title="<script>alert(1)</script>")
    page = printing.page(risky)
    assert "<script" not in page and "&lt;script" in page
    assert not re.search(r"(src|href|style)=", page)
    assert f"{told.county}-{told.snapshot}" in page
    assert "居财街管" in page


def test_no_amount_goes_missing_between_accounts(one_hand: Hands, one_office: Office) -> None:
    make(one_hand)
    held = one_office.store.reader.find(VoucherLine, "990102")
    assert sum(f.amount_fen for f in flows(held) if f.counted) > 0
    by = {b: stated(one_office, by=b.value) for b in By}
    assert len({msgspec.json.encode(s.total) for s in by.values()}) == 1
