"""预审说明: which rule decided and over which, what nearly matched, which dates count; never empty."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.vocabulary import Gate, Outcome
from registry.policies.explaining.explain import Explanation, Matched, explain
from registry.policies.explaining.remedy import Question
from registry.policies.overlay import Governing
from tests.policies.rulebooks import (
    DEMO,
    NATION,
    PAID,
    book,
    book_of,
    loaded,
    matter,
    on_one_day,
    pack,
    row,
    rule,
)

DAY = date(2026, 3, 2)


def _explained(rules: Any, *, on: date = DAY, **fields: Any) -> Explanation:
    waived = fields.pop("waived", {})
    dates = fields.pop("dates", on_one_day(on))
    return explain(rules, Question(matter=matter(on, **fields), dates=dates, waived=waived))


def _of(told: Explanation) -> dict[str, Matched]:
    return {m.rule: m for m in told.matched}


# ---- never empty -------------------------------------------------------------------------------


@pytest.mark.parametrize("default", ["deny", "frozen", "admission", "negative_only", None])
def test_where_no_rule_speaks_the_default_is_named_and_something_nearly_matched(
    default: str | None,
) -> None:
    stated = {"default": default} if default else {}
    silent = pack("p", [rule("GRID")], [row("GRID", "listed", receiver="grid")], **stated)
    told = _explained(book_of(silent))
    assert told.defaulted and told.deciding == [f"default.{default or 'none'}"]
    assert "没有规则作出决定" in told.default and told.default_en
    assert _of(told)[told.deciding[0]].standing == "decides"
    (near,) = told.nearly
    assert (near.rule, near.misses[0].column, near.misses[0].has, near.misses[0].wants) == (
        "GRID", "receiver", "residents_committee", "grid")  # fmt: skip


@pytest.mark.parametrize("name", sorted(loaded()))
def test_every_sentence_is_there_in_both_languages(name: str) -> None:
    told = _explained(book(name), on=loaded()[name].document.pack.effective_from, **PAID)
    pairs = [(told.sentence, told.sentence_en), (told.default, told.default_en),
             (told.ways.sentence, told.ways.sentence_en)]  # fmt: skip
    said: list[Any] = [*told.matched, *told.nearly, *told.nearest, *told.turns, *told.ways.ways]
    pairs += [(one.sentence, one.sentence_en) for one in said]
    assert all(zh.strip() and en.strip() for zh, en in pairs)


def test_a_gate_where_nothing_stands_in_the_way_is_explained_too() -> None:
    told = _explained(book(DEMO), gate=Gate.APPROVE, **PAID)
    assert told.outcome is Outcome.ALLOWED
    assert told.sentence and "只用于申报" in told.default and not told.missing


# ---- what decided, over what -------------------------------------------------------------------


def test_the_rule_that_decides_says_over_which_strength_the_others_lost() -> None:
    both = pack("p", [rule("STRONG"), rule("WEAK")],
                [row("STRONG", "refused"), row("WEAK", "needs_approval")])  # fmt: skip
    told = _of(_explained(book_of(both)))
    assert told["STRONG"].standing == "decides"
    assert told["WEAK"].standing == "weaker"
    assert "先于" in told["WEAK"].sentence and "goes before" in told["WEAK"].sentence_en


def test_an_absolute_refusal_is_told_from_a_liftable_one() -> None:
    both = pack("p", [rule("ABS", absolute=True), rule("SOFT")],
                [row("ABS", "refused"), row("SOFT", "refused")])  # fmt: skip
    told = _of(_explained(book_of(both)))
    assert "绝对禁止" in told["ABS"].sentence
    assert told["SOFT"].standing == "weaker" and "可以消除" in told["SOFT"].sentence


def test_what_is_lifted_names_the_exception_of_the_law() -> None:
    lifting = pack("p", [rule("BAN"), rule("LAW", lifts=["BAN"])],
                   [row("BAN", "refused"), row("LAW", "exempt")])  # fmt: skip
    ban = _of(_explained(book_of(lifting)))["BAN"]
    assert ban.standing == "lifted" and "LAW" in ban.sentence and "LAW" in ban.sentence_en


def test_what_is_waived_names_the_granted_exception() -> None:
    plain = pack("p", [rule("BAN"), rule("OK")], [row("BAN", "refused"), row("OK", "listed")])
    told = _explained(book_of(plain), waived={"BAN": "wvr-7"})
    assert told.outcome is Outcome.LISTED
    assert _of(told)["BAN"].standing == "waived" and "wvr-7" in _of(told)["BAN"].sentence


def test_a_rule_tried_out_is_shown_with_what_it_would_change() -> None:
    trial = pack("p", [rule("TRY", stage="dry_run"), rule("OK"), rule("W", stage="warn")],
                 [row("TRY", "refused"), row("OK", "listed"), row("W", "refused")])  # fmt: skip
    told = _explained(book_of(trial))
    assert (_of(told)["TRY"].standing, _of(told)["W"].standing) == ("dry_run", "warn")
    assert "试运行" in told.trial and "refused" in told.trial_en


def test_a_rule_whose_text_was_not_read_is_marked() -> None:
    unread = pack("p", [rule("U", grade="背景"), rule("OK")],
                  [row("U", "refused"), row("OK", "listed")])  # fmt: skip
    assert "待核实" in _of(_explained(book_of(unread)))["U"].sentence


# ---- what nearly matched -----------------------------------------------------------------------


def _distant(**facts: str) -> Explanation:
    far = pack(
        "p", [rule("FAR"), rule("OK")], [row("FAR", "human_review", **facts), row("OK", "refused")]
    )
    return _explained(book_of(far), role="assist", duration="phase")


def test_a_rule_one_or_two_facts_away_is_told_with_those_facts() -> None:
    assert [m.column for m in _distant(role="lead").nearly[0].misses] == ["role"]
    two = _distant(role="lead", duration="temporary").nearly[0]
    assert [m.column for m in two.misses] == ["role", "duration"]
    assert "社区角色" in two.sentence and "role is assist, not lead" in two.sentence_en


def test_a_rule_three_facts_away_is_not_near() -> None:
    assert _distant(role="lead", duration="temporary", basis="statute").nearly == []


def test_a_rule_of_another_gate_or_another_ground_is_not_near() -> None:
    assert _distant(gate="start").nearly == []
    assert _distant(ground="R3", match="exact").nearly == []


def test_what_nearly_matched_is_told_whether_enforced_or_not() -> None:
    tried = pack("p", [rule("TRY", stage="dry_run"), rule("OK")],
                 [row("TRY", "listed", role="lead"), row("OK", "refused")])  # fmt: skip
    assert [(n.rule, n.stage) for n in _explained(book_of(tried)).nearly] == [("TRY", "dry_run")]


def test_the_nearest_receiver_and_row_speak_for_a_rule() -> None:
    rows = [row("FAR", "listed", receiver="grid", role="lead"),
            row("FAR", "listed", receiver="village_committee", role="lead"),
            row("OK", "refused")]  # fmt: skip
    told = _explained(
        book_of(pack("p", [rule("FAR"), rule("OK")], rows)),
        receivers=["residents_committee", "village_committee"],
    )
    assert [(n.receiver, [m.column for m in n.misses]) for n in told.nearly] == [
        ("village_committee", ["role"])]  # fmt: skip


# ---- the nearest listed item -------------------------------------------------------------------


def test_the_nearest_listed_item_is_told_with_its_list_and_how_the_title_differs() -> None:
    told = _explained(book(DEMO), **{**PAID, "title": "节水宣传月活动"})
    item = next(i for i in told.nearest if i.title == "节水宣传")
    assert item.list and item.likeness >= 40
    assert (item.lacks, item.adds) == ("", "月活动")
    assert "不算改实质" in item.sentence


def test_how_to_get_away_from_a_barred_name_is_never_told() -> None:
    told = _explained(book(DEMO), **{**PAID, "title": "由社区实施行政处罚案件"})
    barring = [i for i in told.nearest if i.polarity not in ("assist", "permitted",
                                                             "self_governance")]  # fmt: skip
    assert all((i.lacks, i.adds) == ("", "") for i in barring)


def test_a_title_like_none_has_no_nearest_item() -> None:
    assert _explained(book(DEMO), **{**PAID, "title": "XYZZY 98765"}).nearest == []


# ---- dates -------------------------------------------------------------------------------------


def _dated(**fields: Any) -> Any:
    return book_of(pack(
        "p", [rule("NEW", valid_from=date(2026, 6, 1), **fields), rule("OK")],
        [row("NEW", "refused"), row("OK", "listed")],
    ))  # fmt: skip


def test_a_rule_that_comes_into_force_later_is_told_with_its_day() -> None:
    told = _explained(_dated())
    assert told.outcome is Outcome.LISTED
    turn = next(t for t in told.turns if t.date_of == "applied")
    assert (turn.from_, turn.outcome, turn.deciding) == (
        date(2026, 6, 1), Outcome.REFUSED, ["NEW"])  # fmt: skip
    assert "2026-06-01" in turn.sentence and "2026-06-01" in turn.sentence_en


def test_what_was_answered_before_a_rule_came_into_force_is_told_too() -> None:
    turn = next(iter(_explained(_dated(), on=date(2026, 7, 1)).turns))
    assert (turn.until, turn.outcome) == (date(2026, 5, 31), Outcome.LISTED)


def test_the_date_that_governs_a_rule_is_the_one_that_turns_it() -> None:
    dates = Governing(applied=DAY, decided=DAY, entered=date(2026, 7, 1))
    told = _explained(_dated(governed_by="entered"), dates=dates)
    assert told.outcome is Outcome.REFUSED
    assert {t.date_of for t in told.turns} == {"entered"}
    assert (_of(told)["NEW"].governed_by, _of(told)["NEW"].on) == ("entered", date(2026, 7, 1))


def test_the_national_law_of_2026_is_told_to_a_filing_before_it() -> None:
    fields = {**PAID, "funding": []}
    before = _explained(book(NATION), on=date(2025, 12, 1), **fields)
    turned = [t for t in before.turns if t.from_ == date(2026, 1, 1)]
    assert any("CN-R14-RC-2026" in t.deciding for t in turned)


def test_an_explanation_survives_the_wire() -> None:
    told = _explained(book(DEMO), **{**PAID, "funding": []})
    assert msgspec.json.decode(msgspec.json.encode(told), type=Explanation) == told
    assert told.missing
