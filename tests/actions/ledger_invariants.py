"""不变量 E1–E26: what must hold of the books after every step, re-added from rows in plain words.

Nothing here asks ``registry.domain.accounts``: a sum is made anew from debit, credit and amount.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from registry.actions.ledger import books
from registry.actions.ledger.books import FundsQuery
from registry.actions.office import Call, Office
from registry.domain.approval import Decision, DecisionKind
from registry.domain.budget import BudgetCode, Indicator
from registry.domain.closing import Clearance, YearClosing
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.people import Post
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.spending import Expenditure
from registry.store import tables
from registry.store.mapping import to_record
from tests.actions.second_ledger import SecondLedger
from tests.conftest import Hand

COUNTY = "990102"
MOST = 10**15
BEYOND = {"source", "carried", "opening", "lender"}
LIES = {"transit", "street", "community"}
STARTS = {"increase", "reallocate", "allot", "order", "advance"}
PAYING = {"allot", "order", "dispatch"}
MAY_CHANGE = {"version", "counted", "voided", "state", "confirmed_by", "confirmed_for",
              "confirmed_on", "voided_why", "payment_id"}  # fmt: skip
MONEY = (Voucher, VoucherLine, Expenditure, YearClosing, Clearance)
PACK = Path("registry/policies/packs/demo-county/pack.toml")
Rows = list[tuple[int, int | None, Any]]


class Books:
    """账 as the rows tell it: every version with the event it came by, and what stands now."""

    def __init__(self, office: Office, seen: dict[tuple[str, str, int], str]) -> None:
        self.office, self.seen = office, seen
        self.ever: dict[type[Any], Rows] = {}
        kinds = (*MONEY, Presence, Request, Decision, Indicator, BudgetCode, Post)
        with office.store.reader.connect() as connection:
            for kind in kinds:
                table = tables.BY_RECORD[kind]
                found = connection.execute(select(table).where(table.c.county == COUNTY))
                self.ever[kind] = [
                    (r["event_from"], r["event_to"], to_record(kind, r)) for r in found.mappings()
                ]
        self.lines: list[VoucherLine] = self.of(VoucherLine)
        self.vouchers: dict[str, Voucher] = {v.id: v for v in self.of(Voucher)}
        self.presences: dict[str, Presence] = {p.id: p for p in self.of(Presence)}
        self.counted = [line for line in self.lines if line.counted]
        self.began = {v.id: at for at, _, v in self.ever[Voucher] if v.version == 1}

    def of(self, kind: type[Any]) -> list[Any]:
        return [record for _, to, record in self.ever[kind] if to is None]

    def due(self) -> set[tuple[str, str]]:
        """(presence, funding line) of which both sides agreed once that something is due."""
        return {
            (c.presence_id, c.funding_key) for _, _, c in self.ever[Clearance]
            if c.agreed_on is not None and c.due_fen
        }  # fmt: skip

    def sums(self) -> dict[tuple[str, str, int, str, str], int]:
        """What stands in every account, by confirmed lines; empty ones left out."""
        found: dict[tuple[str, str, int, str, str], int] = defaultdict(int)
        for line in self.counted:
            for account, sign in ((line.debit, 1), (line.credit, -1)):
                split = line.indicator_id or "" if account == "allotted" else ""
                found[line.presence_id, line.funding_key, line.year, str(account), split] += (
                    sign * line.amount_fen
                )
        return {key: fen for key, fen in found.items() if fen}

    @staticmethod
    def indicator(office: Office, id: str) -> Indicator:
        found = office.store.reader.get(Indicator, COUNTY, id)
        assert found is not None
        return found


Check = Callable[[Books, SecondLedger], Iterator[str]]


def whole_fen(b: Books, _: SecondLedger) -> Iterator[str]:
    told = [(x.id, x.amount_fen) for x in (*b.lines, *b.of(Expenditure), *b.of(Indicator))]
    for id, fen in [*told, *((v.id, v.total_fen) for v in b.vouchers.values())]:
        if type(fen) is not int or not 1 <= fen <= MOST:
            yield f"{id}: {fen!r}"


def one_admission(b: Books, _: SecondLedger) -> Iterator[str]:
    admitted: dict[str, list[Any]] = defaultdict(list)
    for d in b.of(Decision):
        if d.kind is DecisionKind.ADMITTED:
            admitted[d.request_id].append(d.issued_on)
    due = b.due()
    for line in b.lines:
        place = b.presences[line.presence_id]
        if line.request_id != place.request_id or line.area_path != place.area_path:
            yield f"{line.id} is of another matter or place than its presence"
        if line.request_id is None:
            if line.stage not in ("opening", "carry_out", "carry_in", "surplus", "refund"):
                yield f"{line.id}: {line.stage} without an admission"
        elif not any(on <= line.dated_on for on in admitted[line.request_id]):
            yield f"{line.id} is dated before any admission"
        late = place.ends_on is not None and line.dated_on > place.ends_on
        # What both sides agreed is due is asked for after the end as well.
        late = late and not (line.stage in PAYING and (line.presence_id, line.funding_key) in due)
        # What is left of a matter that ended may be given to one that lives.
        late = late and not (line.stage == "reallocate" and line.credit == "pledged")
        if late and line.stage in STARTS and line.sign > 0:
            yield f"{line.id}: {line.stage} after the term"
        if not line.year or not line.payer_id:
            yield f"{line.id} has no year or no payer"


def payer_by_basis(b: Books, _: SecondLedger) -> Iterator[str]:
    funding = {(r.id, f.key): f.payer_id for r in b.of(Request) for f in r.filing.funding}
    for line in b.lines:
        wanted = funding.get((line.request_id, line.funding_key))
        if wanted is not None and line.payer_id != wanted:
            yield f"{line.id} is paid by {line.payer_id}, not {wanted}"
        if line.payer_id != b.vouchers[line.voucher_id].payer_id and line.sign > 0:
            yield f"{line.id} has another payer than its voucher"


def chain_falls(b: Books, _: SecondLedger) -> Iterator[str]:  # noqa: C901 - one rule
    """From stages alone, over all years of a line: what is carried over neither adds nor takes."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for x in b.counted:
        own, fen = sums[x.presence_id, x.funding_key], x.amount_fen
        if x.stage in ("pledge", "increase", "decrease", "reallocate"):
            own["approved"] += fen if x.debit == "pledged" else -fen
        if x.stage in ("order", "dispatch", "street_arrival", "community_arrival", "opening"):
            own[x.stage] += x.sign * fen
        if x.stage == "community_arrival":
            own["by street" if "street" in (x.debit, x.credit) else "direct"] += x.sign * fen
        if "spent" in (x.debit, x.credit):
            own["spent"] += fen if x.debit == "spent" else -fen
        if x.stage in ("surplus", "refund"):
            lay = x.credit if x.sign > 0 else x.debit
            own[f"out of {lay}"] += x.sign * fen
            goes = x.debit if x.sign > 0 else x.credit
            own["back" if goes in ("pledged", "allotted") else f"into {goes}"] += (
                x.sign * fen if x.stage == "refund" else 0
            )
    for key, s in sums.items():
        direct_pay = s["spent"] if b.presences[key[0]].custody == "direct_pay" else 0
        street = s["street_arrival"] + s["into street"]
        community = s["community_arrival"] + s["opening"]
        rungs = [
            ("核定", s["approved"] + s["opening"]),
            ("申请", s["order"] - s["back"] + s["opening"]),
            ("拨付", s["dispatch"] - s["back"] + s["opening"]),
        ]
        for (name, more), (after, less) in pairwise(rungs):
            if more < less:
                yield f"{key}: {after} {less} > {name} {more}"
        if s["dispatch"] < s["street_arrival"] + s["direct"] + direct_pay:
            yield f"{key}: more arrived than was sent: {dict(s)}"
        if street < s["by street"] + s["out of street"]:
            yield f"{key}: the street passed on what it had not: {dict(s)}"
        if community < s["spent"] - direct_pay + s["out of community"]:
            yield f"{key}: spent what was not there: {dict(s)}"


def each_stage_apart(b: Books, _: SecondLedger) -> Iterator[str]:
    for x in b.lines:
        v = b.vouchers[x.voucher_id]
        if x.stage != (v.reversed_stage or v.stage) or x.dated_on != v.dated_on:
            yield f"{x.id}: {x.stage} of {x.dated_on} on a voucher {v.stage} of {v.dated_on}"


def no_netting(b: Books, second: SecondLedger) -> Iterator[str]:
    for key, fen in b.sums().items():
        if fen < 0 and key[3] not in BEYOND:
            yield f"{key} stands at {fen}"
    for pot, fen in second.pots.items():
        if fen < second.leaving.get(pot, 0) and pot[3] not in (
            "budget",
            "next year",
            "before",
            "owed",
        ):
            yield f"{pot} holds {fen} and owes {second.leaving.get(pot, 0)} to what waits"


def conserved(b: Books, second: SecondLedger) -> Iterator[str]:  # noqa: C901 - one rule
    held = b.sums()
    if sum(held.values()):
        yield f"all accounts come to {sum(held.values())}"
    wanted = second.in_the_books()
    for key in sorted({*held, *wanted}):
        if held.get(key, 0) != wanted.get(key, 0):
            yield f"{key}: the books hold {held.get(key, 0)}, it must be {wanted.get(key, 0)}"
    person = Hand(b.office, "auditor")
    call = Call(actor=person.actor, county=COUNTY, act="voucher.read")
    requests = sorted({p.request_id for p in b.presences.values() if p.request_id})
    for request in requests[len(b.vouchers) % len(requests) :][:1]:
        told = books.of_request(b.office, call, FundsQuery(request_id=request))
        own: Counter[str] = Counter()
        for key, fen in held.items():
            if b.presences[key[0]].request_id == request:
                own[key[3]] += fen
        for name, account, sign in STATED:
            parts = sum(getattr(c.chain, name) for c in told.communities)
            if not getattr(told.total, name) == parts == sign * own[account]:
                yield f"{request} {name}: {getattr(told.total, name)}, {parts}, {own[account]}"
    for place in b.presences.values():
        granted = -sum(f for k, f in held.items() if k[0] == place.id and k[3] == "source")
        if place.request_id and not place.dropped and place.share_fen != granted:
            yield f"{place.id} says it is granted {place.share_fen}, the books say {granted}"


STATED = (
    ("approved_fen", "source", -1), ("transit_fen", "transit", 1), ("held_fen", "street", 1),
    ("balance_fen", "community", 1), ("spent_fen", "spent", 1), ("remitted_fen", "remitted", 1),
    ("advanced_fen", "advanced", 1),
)  # fmt: skip


def carried_once(b: Books, _: SecondLedger) -> Iterator[str]:  # noqa: C901 - one rule
    moved: Counter[tuple[str, str, int]] = Counter()
    for x in b.counted:
        if x.stage == "carry_out":
            moved[x.presence_id, x.funding_key, x.year + 1] += x.amount_fen
        if x.stage == "carry_in":
            moved[x.presence_id, x.funding_key, x.year] -= x.amount_fen
            if x.source_year is None or x.source_year >= x.year:
                yield f"{x.id} carries money of {x.source_year} into {x.year}"
    yield from (f"{key}: carried out and in differ by {fen}" for key, fen in moved.items() if fen)
    shut: dict[tuple[str, int], tuple[int, list[str]]] = {}
    for at, to, closed in b.ever[YearClosing]:
        if closed.version == 1:
            shut[closed.organisation_id, closed.year] = (at, [])
        if to is None:
            shut[closed.organisation_id, closed.year][1].extend(closed.vouchers)
    for x in b.lines:
        year = (b.presences[x.presence_id].organisation_id, x.year)
        if year in shut and b.began[x.voucher_id] > shut[year][0]:
            yield f"{x.id} was booked in {x.year} after that year was closed"
    for key, fen in b.sums().items():
        if (b.presences[key[0]].organisation_id, key[2]) in shut and key[3] in LIES | {"advanced"}:
            yield f"{key}: {fen} is left in a closed year"


def append_only(b: Books, _: SecondLedger) -> Iterator[str]:
    versions: dict[tuple[str, str, int], str] = {}
    first: dict[tuple[str, str], dict[str, Any]] = {}
    rows = ((k, r) for k in (Voucher, VoucherLine) for _, _, r in b.ever[k])
    for kind, record in sorted(rows, key=lambda one: one[1].version):
        told = {n: getattr(record, n) for n in record.__struct_fields__ if n not in MAY_CHANGE}
        versions[kind.__name__, record.id, record.version] = repr(record)
        if first.setdefault((kind.__name__, record.id), told) != told:
            yield f"{record.id}: version {record.version} says something else than the first"
    for key, said in b.seen.items():
        if versions.get(key) != said:
            yield f"{key} was rewritten or is gone"
    b.seen.update(versions)
    back: Counter[str] = Counter()
    held = {x.id: x for x in b.lines}
    for x in b.lines:
        if (x.sign < 0) is not bool(x.reverses):
            yield f"{x.id} takes back nothing by name"
        if x.reverses and not x.voided:
            back[x.reverses] += x.amount_fen
            of = held[x.reverses]
            if (x.debit, x.credit, x.key) != (of.credit, of.debit, of.key):
                yield f"{x.id} is not the other way round of {of.id}"
    yield from (f"{id} was taken back by {fen} and had {held[id].amount_fen}"
                for id, fen in back.items() if fen > held[id].amount_fen)  # fmt: skip


def two_hands(b: Books, _: SecondLedger) -> Iterator[str]:
    numbers = Counter((v.issuer_id, v.fiscal_year, v.number) for v in b.vouchers.values())
    yield from (f"number {n} stands {c} times" for n, c in numbers.items() if c > 1)
    for v in b.vouchers.values():
        if v.confirmed_by is not None and v.confirmed_by == v.recorded_by:
            yield f"{v.id}: recorded and confirmed by {v.recorded_by}"
        alone = v.stage in ("order", "pledge", "carry_out", "carry_in")
        if v.state == "confirmed" and v.confirmed_by is None and not alone:
            yield f"{v.id}: {v.stage} counts and nobody confirmed it"
    for x in b.lines:
        state = b.vouchers[x.voucher_id].state
        if (x.counted, x.voided) != (state == "confirmed", state == "voided"):
            yield f"{x.id} of a voucher {state}: counted={x.counted}, voided={x.voided}"


def gone_is_not_begun(b: Books, _: SecondLedger) -> Iterator[str]:
    """After a revocation or a leaving nothing is begun or sent but what a clearance has due."""
    ended: dict[str, int] = {}
    for kind, over in ((Request, "revoked"), (Presence, "exited")):
        for at, _to, r in b.ever[kind]:
            if r.state == over:
                ended[r.id] = min(at, ended.get(r.id, at))
    due = b.due()
    for x in b.lines:
        first = min(ended.get(id or "", 10**9) for id in (x.request_id, x.presence_id))
        after = b.began[x.voucher_id] > first
        gives = x.stage == "reallocate" and x.debit == "source"
        if x.stage in PAYING and (x.presence_id, x.funding_key) in due:
            continue
        if after and x.sign > 0 and x.stage in STARTS | {"dispatch"} and not gives:
            yield f"{x.id}: {x.stage} after the admission was revoked or the matter had left"


def uses_allowed(b: Books, _: SecondLedger) -> Iterator[str]:
    blocked = _blocked()
    for one in b.of(Expenditure):
        stands = b.vouchers[one.voucher_id].state == "confirmed"
        if stands and one.use in blocked and one.second_approver is None:
            yield f"{one.id}: {one.use} was paid without a second approver"


@cache
def _blocked() -> frozenset[str]:
    pack = tomllib.loads(PACK.read_text("utf-8"))
    return frozenset(word for rule in pack["use"] for word in rule["blocked"])


def codes_of_the_year(b: Books, _: SecondLedger) -> Iterator[str]:
    codes = {(c.year, c.code, c.name) for _, _, c in b.ever[BudgetCode]}
    budgets = {i.id: i for i in b.of(Indicator)}
    for i in budgets.values():
        if (i.year, i.functional_code, i.functional_name) not in codes:
            yield f"{i.id}: {i.functional_code} is no code of {i.year}"
    for x in b.lines:
        if x.indicator_id and budgets[x.indicator_id].year != x.year:
            yield f"{x.id} of {x.year} draws on an indicator of another year"


def moved_by_approval(b: Books, _: SecondLedger) -> Iterator[str]:  # noqa: C901 - one rule
    bodies = {(p.person_id, p.organisation_id) for p in b.of(Post)}
    sides: dict[tuple[str, int], int] = defaultdict(int)
    for x in b.lines:
        if x.stage == "reallocate":
            sides[x.voucher_id, x.year] += x.amount_fen * (1 if x.debit == "pledged" else -1)
    for (id, year), fen in sides.items():
        v = b.vouchers[id]
        if fen:
            yield f"{id}: in {year} {fen} more is received than given"
        if v.stage == "reallocate" and (v.document_id is None or not v.note.strip()):
            yield f"{id} rests on nothing"
        if (v.confirmed_by, v.issuer_id) in bodies:
            yield f"{id} was approved by the body that asked for it"
    split: Counter[str] = Counter()
    for x in b.lines:
        if x.stage == "allot" and not x.voided and (x.counted or x.sign > 0):
            split[x.indicator_id or ""] += x.sign * x.amount_fen
    for i in b.of(Indicator):
        if split[i.id] > i.amount_fen:
            yield f"{i.id}: {split[i.id]} is split of {i.amount_fen}"


class Invariant(NamedTuple):
    """One of E1–E26: what checks it here, or the test that keeps it."""

    kept: Check | str
    sentence: str


_A = "tests/actions/"
_DOOR = "test_work_begins_only_when_the_first_instalment_is_with_the_community"
_ONCE = "test_the_same_file_is_one_batch_and_the_same_line_has_one_effect"
_RATE = "test_the_rate_of_execution_is_what_was_spent_of_what_was_approved"
INVARIANTS: dict[int, Invariant] = {
    1: Invariant(whole_fen, "金额为整数分，1 至 10¹⁵"),
    2: Invariant(one_admission, "每笔属于一个有效准入、一个社区、一个付款单位、一个年度"),
    3: Invariant(
        _A + "test_funding.py::" + _DOOR,
        "先拨后办：首期款到位前不得启动",
    ),
    4: Invariant(payer_by_basis, "付款方随依据"),
    5: Invariant(chain_falls, "累计不得超过上一环节"),
    6: Invariant(each_stage_apart, "拨付与到账是两张凭证、两个日期"),
    7: Invariant(no_netting, "街道代管按社区、按事项分列，不得相抵"),
    8: Invariant(conserved, "收支守恒，合计等于分录之和"),
    9: Invariant(carried_once, "结转只有一次，已结转年度不再变动"),
    10: Invariant(
        _A + "test_statements.py::" + _RATE,
        "核定与到账并列，执行率 = 支出 ÷ 核定",
    ),
    11: Invariant(
        _A + "test_formulas.py::test_a_change_of_figures_moves_the_books_to_the_fen",
        "按标准计算的金额可按公式复算",
    ),
    12: Invariant(append_only, "只增不改，只以冲销更正"),
    13: Invariant(two_hands, "登记与确认为两人，凭证号不重复"),
    14: Invariant(
        _A + "test_reconciling.py::test_a_person_matches_parts_until_the_amounts_are_equal",
        "双方金额一致方为对账相符",
    ),
    15: Invariant(gone_is_not_begun, "撤销后不再新增，已有分录不变"),
    16: Invariant(
        "tests/domain/test_calendar.py::"
        "test_a_make_up_saturday_is_a_working_day_and_a_holiday_monday_is_not",
        "迟延按本地工作日历计算",
    ),
    17: Invariant(
        _A + "test_reconciling.py::" + _ONCE,
        "同一笔只有一次效果",
    ),
    18: Invariant(uses_allowed, "用途须在批准范围，禁止用途须第二人批准"),
    19: Invariant(codes_of_the_year, "科目为当年科目"),
    20: Invariant(moved_by_approval, "专款专用，调剂须另行批准；分解合计不超过指标"),
    21: Invariant(
        _A + "test_funding.py::test_what_is_not_admitted_gets_no_money_entry",
        "未准入的没有资金分录",
    ),
    22: Invariant(
        _A + "test_declining.py::test_nobody_but_the_community_has_a_later_word_on_its_refusal",
        "社区的不予承接，部门不能删除",
    ),
    23: Invariant(
        _A + "test_statements.py::test_a_snapshot_gives_the_same_bytes_whatever_happens_later",
        "公布数等于当时的账",
    ),
    24: Invariant(
        "tests/store/test_verify.py::test_an_untouched_county_is_verified_from_end_to_end",
        "全部历史可核对",
    ),
    25: Invariant(
        _A + "test_spending.py::test_the_full_account_is_kept_nowhere", "个人账户不留全号"
    ),
    26: Invariant(append_only, "资金记录不清除"),
}  # fmt: skip


def faults(books_: Books, second: SecondLedger, replayed: list[str]) -> list[str]:
    """Everything that must never be, with its number; empty = the books are sound."""
    found = [f"E17: {told}" for told in replayed]
    seen: set[Any] = set()
    for number, (kept, sentence) in INVARIANTS.items():
        if not isinstance(kept, str) and kept not in seen:
            seen.add(kept)
            found += [f"E{number} {sentence}: {told}" for told in kept(books_, second)]
    return found
