"""测算公式 kept with the money: submitted only where it gives the amount, shared by its figures."""

from datetime import date
from typing import Any

from registry.actions import judging
from registry.actions.granting import admitted as admitted_filing
from registry.actions.ledger.pledging import granted, pledged
from registry.actions.office import Answer
from registry.domain.approval import Decision
from registry.domain.budget import BudgetCode, CodeKind
from registry.domain.formula import TransferFormula
from registry.domain.funding import differing
from registry.domain.funds import VoucherLine
from registry.domain.grant import Grant
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.succession import Succession
from tests.actions import case, lived, owed
from tests.actions.case import Hands, accepted, admitted, drafted, examined, filing_of, submitted
from tests.actions.decided import carried, changed
from tests.actions.deciding_hands import decides
from tests.actions.refused import refused

THREE = [f"a-99010200100{n}" for n in (1, 2, 3)]
CODES = ["990102001001", "990102001002", "990102001003"]
HOUSEHOLDS = dict(zip(CODES, (500, 300, 201), strict=True))


def line(mode: str, amount_fen: int, **terms: Any) -> dict[str, Any]:
    """One funding line with a formula."""
    return {
        "key": "F1", "mode": mode, "payer_id": "o-990102-civil", "amount_fen": amount_fen,
        "fiscal_year": 2026, "formula": {"mode": mode, **terms},
    }  # fmt: skip


def by_household(amount_fen: int = 800_800, **terms: Any) -> dict[str, Any]:
    told = {"rate_fen": 800, "quantity": 1001, "unit": "户", "figures": HOUSEHOLDS, **terms}
    return line("transfer", amount_fen, **told)


def held(hand: Hands, request: Request) -> list[Presence]:
    reader = hand("auditor").office.store.reader
    return list(reader.find(Presence, "990102", request_id=request.id))


def in_the_books(hand: Hands, request: Request) -> dict[str, int]:
    """Granted by presence, 分, as posted."""
    lines = hand("auditor").office.store.reader.find(VoucherLine, "990102", request_id=request.id)
    return {id: fen for (id, _, _), fen in pledged(lines).items() if fen}


def precheck(hand: Hands, **changes: Any) -> Any:
    command = judging.PrecheckCommand(filing=filing_of(**changes))
    return hand("dept.clerk").do(lambda d: judging.precheck_answer(d, command))


# ---- E11: the amount is what the formula gives ---------------------------------------------------


def test_what_is_submitted_comes_to_what_its_formula_gives(hand: Hands) -> None:
    request = drafted(hand, targets=CODES, funding=[by_household(800_801)])
    with refused("funding.formula") as info:
        submitted(hand, request)
    assert (info.value.facts["amount_fen"], info.value.facts["reckoned_fen"]) == (800_801, 800_800)
    assert "E11" in info.value.detail and "8,008.01元" in info.value.detail
    assert "8.00元/户 × 1,001户 = 8,008.00元" in info.value.facts["formula_words"]


def test_a_draft_may_be_kept_half_reckoned_and_the_precheck_says_so(one_hand: Hands) -> None:
    found = precheck(one_hand, funding=[by_household(800_801)])
    assert {row["formula"] for row in found.facts} == {"differs"}
    assert found.deciding == ["DM-FORMULA"]
    drafted(one_hand, funding=[by_household(800_801)])


def test_figures_are_those_of_the_communities_asked(hand: Hands) -> None:
    request = drafted(hand, targets=CODES[:2], funding=[by_household()])
    with refused("funding.figures") as info:
        submitted(hand, request)
    assert "a-990102001003" in info.value.detail
    request = drafted(hand, targets=["990102001"], funding=[by_household()])
    with refused("funding.figures") as info:
        submitted(hand, request)
    assert "星鸢" in info.value.detail, "a community without a figure is named"


def test_figures_told_by_code_are_kept_by_id_and_no_stranger_is_among_them(hand: Hands) -> None:
    kept = drafted(hand, targets=CODES, funding=[by_household()]).filing.funding[0].formula
    assert isinstance(kept, TransferFormula)
    assert list(kept.figures) == THREE
    with refused("area.unknown"):
        drafted(hand, funding=[by_household(figures={"990102999999": 1001})])


# ---- each community by its own figure ------------------------------------------------------------


def test_each_community_is_granted_by_its_own_figure_in_presence_and_books(hand: Hands) -> None:
    request = admitted(hand, targets=CODES, funding=[by_household()])
    made = held(hand, request)
    assert [(p.area_id, p.share_fen) for p in made] == list(
        zip(THREE, (400_000, 240_000, 160_800), strict=True)
    )
    assert in_the_books(hand, request) == {p.id: p.share_fen for p in made}


def test_fewer_communities_are_granted_their_own_figures(hand: Hands) -> None:
    asked = drafted(hand, targets=CODES, funding=[by_household()])
    request = examined(hand, accepted(hand, submitted(hand, asked)))
    grant = Grant(areas=[THREE[0], THREE[2]])
    request = decides(
        hand, "street.head", request, order=case.approving.DecideCommand(reason="部分", grant=grant)
    )  # fmt: skip
    assert [p.share_fen for p in held(hand, request)] == [400_000, 160_800]
    seen: Any = hand("auditor").do(lambda d: Answer(body=admitted_filing(d, request)))
    (kept,) = seen.funding
    assert kept.amount_fen == 560_800 and not differing([kept])
    assert kept.formula.figures == {THREE[0]: 500, THREE[2]: 201}


def test_a_change_of_figures_moves_the_books_to_the_fen(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=CODES, funding=[by_household()])
    figures = dict(zip(CODES, (100, 300, 601), strict=True))
    carried(
        one_hand,
        changed(one_hand, request, targets=CODES, funding=[by_household(figures=figures)]),
    )
    made = held(one_hand, request)
    assert [p.share_fen for p in made] == [80_000, 240_000, 480_800]
    assert in_the_books(one_hand, request) == {p.id: p.share_fen for p in made}


def test_the_figure_of_a_place_that_is_no_more_is_its_heirs(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=CODES, funding=[by_household()])
    gone = Succession(
        county="990102", id="suc-1", reorganisation_id="reo-1", object_kind="area",
        object_id=THREE[0], successor_id="a-990102001006", effective_on=date(2026, 3, 2),
    )  # fmt: skip
    one_hand("auditor").do(lambda d: Answer(body=d.unit.add(gone)))
    seen: Any = one_hand("auditor").do(lambda d: Answer(body=admitted_filing(d, request)))
    assert seen.funding[0].formula.figures == {
        "a-990102001006": 500, THREE[1]: 300, THREE[2]: 201,
    }  # fmt: skip


def test_people_paid_by_the_body_that_sends_them_bring_communities_no_money(hand: Hands) -> None:
    seconded = {"persons": 2, "months": 3, "monthly_fen": 400_000, "assists": "只协助引路"}
    request = admitted(hand, funding=[line("secondment", 2_400_000, **seconded)])
    assert [p.share_fen for p in held(hand, request)] == [0]
    assert in_the_books(hand, request) == {}
    through = admitted(
        hand, title="另一件楼道灯具事项",
        funding=[line("secondment", 2_400_000, **seconded, wages="community")],
    )  # fmt: skip
    assert [p.share_fen for p in held(hand, through)] == [2_400_000]


def test_books_and_presences_are_reckoned_alike(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=CODES, funding=[by_household(rate_fen=7, per=3,
                       amount_fen=2_336)])  # fmt: skip
    made = held(one_hand, request)
    books = granted(request.filing, made)
    assert {id: fen for (id, _, _), fen in books.items()} == {p.id: p.share_fen for p in made}
    assert sum(p.share_fen for p in made) == 2_336
    assert one_hand("auditor").office.store.reader.find(Decision, "990102", request_id=request.id)


# ---- P27: a purchase -----------------------------------------------------------------------------


def bought(code: str) -> dict[str, Any]:
    terms = {
        "service": "楼道灯具清点", "directory_code": code, "budget_line": "示范预算项目",
        "method": "own", "limit_fen": 12_000,
        "provider": {"name": "演示服务社", "kind": "social_organisation", "ties": []},
    }  # fmt: skip
    return line("purchase", 10_000, rate_fen=250, quantity=40, unit="次", terms=terms)


def test_a_purchase_is_held_against_the_directory_of_its_year(hand: Hands) -> None:
    assert {r["purchase"] for r in precheck(hand, funding=[bought("B0201")]).facts} == {"ok"}
    listed = BudgetCode(
        county="990102", id="bc-1", year=2026, kind=CodeKind.DIRECTORY, code="A0101",
        name="社区公共设施巡查(示例)",
    )  # fmt: skip
    hand("county.office").do(lambda d: Answer(body=d.unit.add(listed)))
    found = precheck(hand, funding=[bought("B0201")])
    assert found.deciding == ["DM-PURCHASE-DIRECTORY"]
    assert found.measured["purchase"] == {"off_directory": ["F1"]}
    assert {r["purchase"] for r in precheck(hand, funding=[bought("A0101")]).facts} == {"ok"}


# ---- P26: paid by stage --------------------------------------------------------------------------


def test_a_stage_is_paid_once_it_is_accepted(one_hand: Hands) -> None:
    stages = [
        {"key": "s1", "name": "进场", "amount_fen": 30_000, "acceptance": "现场查看",
         "due_on": "2026-04-10"},
        {"key": "s2", "name": "完工", "amount_fen": 70_000, "acceptance": "抽查两成",
         "due_on": "2026-06-20"},
    ]  # fmt: skip
    work = lived.unpaid(one_hand, funding=[line("project", 100_000, stages=stages)])
    assert [row.due_fen for row in owed.arrears_of(one_hand, "auditor")] == [0]
    with refused("acceptance.stage"):
        lived.reported(one_hand, work, final=False, stages=["s9"])
    asked = lived.reported(one_hand, work, final=False, quantity=None, stages=["s1"])
    with refused("acceptance.stage"):
        lived.given(one_hand, asked, "passed", stages=["s9"])
    assert lived.given(one_hand, asked, "passed").stages == ["s1"]
    assert [row.due_fen for row in owed.arrears_of(one_hand, "auditor")] == [30_000]
    asked = lived.reported(one_hand, work, final=False, quantity=None, stages=["s2"])
    assert lived.given(one_hand, asked, "failed").stages == []
    assert [row.due_fen for row in owed.arrears_of(one_hand, "auditor")] == [30_000]
