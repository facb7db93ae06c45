"""The six traps of pycasbin: each shown on the stock enforcers, and that ours is free of it."""

import threading
import time
from pathlib import Path

import casbin
import pytest
from casbin.fast_enforcer import FastEnforcer
from casbin.model import Model

from registry.policies.engine import EngineError, IndexedEnforcer

STAR = '(p.sub == "*" || r.sub == p.sub) && r.obj == p.obj'
MODEL = """[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = {matcher}
"""


@pytest.fixture
def files(tmp_path: Path):
    """A model with a matcher and its rows, as files Casbin reads."""

    def written(matcher: str, *rows: str) -> tuple[str, str]:
        model, policy = tmp_path / "model.conf", tmp_path / "policy.csv"
        model.write_text(MODEL.format(matcher=matcher))
        policy.write_text("\n".join(rows))
        return str(model), str(policy)

    return written


def _ours(matcher: str, *rows: list[str]) -> IndexedEnforcer:
    model = Model()
    model.load_model_from_text(MODEL.format(matcher=matcher))
    return IndexedEnforcer(model, rows)


# ---- 1. a row for everybody that an index by exact key never looks at --------------------------


def test_trap_1_a_deny_row_for_everybody_is_passed_over_by_the_fast_enforcer(files) -> None:
    both = files(STAR, "p, *, file, deny", "p, amy, file, allow")
    assert casbin.Enforcer(*both).enforce("amy", "file") is False
    assert FastEnforcer(*both, cache_key_order=[0, 1]).enforce("amy", "file") is True


def test_free_of_trap_1_a_deny_row_for_everybody_counts() -> None:
    ours = _ours(STAR, ["*", "file", "deny"], ["amy", "file", "allow"])
    assert ours.enforce("amy", "file") is False
    assert ours.matches(("amy", "file")) == [0, 1]


# ---- 2. the matcher's text is rewritten, the words in quotes too -------------------------------


def test_trap_2_a_literal_in_a_matcher_is_rewritten(files) -> None:
    stock = casbin.Enforcer(*files('r.sub != "a&&b" && r.obj == p.obj', "p, x, file, allow"))
    assert stock.enforce("a&&b", "file") is True, "the one sub that the matcher shuts out"


def test_free_of_trap_2_a_literal_is_refused_and_a_word_stays_as_written() -> None:
    with pytest.raises(EngineError, match=r'not supported: r_sub != "a'):
        _ours('r.sub != "a&&b" && r.obj == p.obj', ["x", "file", "allow"])
    ours = _ours(STAR, ["a&&b", "file", "deny"], ["a and b", "file", "allow"])
    assert ours.enforce("a&&b", "file") is False
    assert ours.enforce("a and b", "file") is True


# ---- 3. a refusal without a reason -------------------------------------------------------------


def test_trap_3_refused_by_no_rule_explains_nothing(files) -> None:
    stock = casbin.Enforcer(*files(STAR, "p, amy, file, allow"))
    assert stock.enforce_ex("bob", "file") == (False, [])


def test_free_of_trap_3_a_refusal_is_explained() -> None:
    ours = _ours(STAR, ["amy", "file", "allow"], ["*", "book", "deny"])
    assert ours.enforce_ex("bob", "file") == (False, ["no row matches sub=bob, obj=file"])
    silent, refused = ours.explain("bob", "file"), ours.explain("amy", "book")
    assert (silent.allowed, silent.rows, silent.reason) == (
        False, [], "no row matches sub=bob, obj=file",
    )  # fmt: skip
    assert (refused.allowed, refused.rows) == (False, [["*", "book", "deny"]])


# ---- 4. rows changed while somebody asks -------------------------------------------------------


def test_trap_4_two_who_ask_the_fast_enforcer_at_once_meet_in_one_filter(files) -> None:
    matcher = "r.sub == p.sub && r.obj == p.obj && other(r.sub)"
    stock = FastEnforcer(*files(matcher, "p, amy, file, allow", "p, bob, file, allow"),
                         cache_key_order=[0])  # fmt: skip

    def other(sub: str) -> bool:
        if sub == "amy":  # while amy's question is answered, bob's comes and goes
            asking = threading.Thread(target=stock.enforce, args=("bob", "file"))
            asking.start()
            asking.join()
        return True

    stock.add_function("other", other)
    with pytest.raises(AttributeError, match="'set' object has no attribute 'values'"):
        stock.enforce("amy", "file")


def test_free_of_trap_4_a_table_in_use_is_never_changed() -> None:
    ours = _ours(STAR, ["amy", "file", "allow"])
    changes = [
        lambda: ours.add_policy("bob", "file", "allow"),
        lambda: ours.add_policies([["bob", "file", "allow"]]),
        lambda: ours.remove_policy("amy", "file", "allow"),
        lambda: ours.update_policy(["amy", "file", "allow"], ["bob", "file", "allow"]),
        ours.load_policy, ours.clear_policy, lambda: ours.enable_enforce(False),
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(EngineError, match="replaced whole, never changed"):
            change()
    assert ours.enforce("amy", "file") is True and ours.enforce("bob", "file") is False


def test_free_of_trap_4_tables_are_swapped_while_eight_ask() -> None:
    tables = [
        _ours(STAR, ["amy", "file", "allow"], ["*", "one", "allow"]),
        _ours(STAR, ["amy", "file", "deny"], ["*", "two", "allow"]),
    ]
    held, stop = {"now": tables[0]}, threading.Event()
    told: list[tuple[bool, bool]] = []

    def ask() -> None:
        while not stop.is_set():
            table = held["now"]
            told.append((table.enforce("amy", "file"), table.enforce("amy", "one")))

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for thread in asking:
        thread.start()
    for turn in range(100):
        held["now"] = tables[turn % 2]
        time.sleep(0.001)
    stop.set()
    for thread in asking:
        thread.join()
    assert set(told) == {(True, True), (False, False)}


# ---- 5. one short row --------------------------------------------------------------------------


def test_trap_5_one_short_row_makes_every_question_fail(files) -> None:
    stock = casbin.Enforcer(*files(STAR, "p, amy, file, allow", "p, bob, file"))
    for asked in (("bob", "file"), ("zoe", "book")):
        with pytest.raises(RuntimeError, match="invalid policy size"):
            stock.enforce(*asked)


def test_free_of_trap_5_a_short_row_is_refused_when_the_table_is_made() -> None:
    with pytest.raises(EngineError, match="row 2: 2 cells where 3 are needed"):
        _ours(STAR, ["amy", "file", "allow"], ["bob", "file"])
    with pytest.raises(EngineError, match="row 1: 4 cells where 3 are needed"):
        _ours(STAR, ["amy", "file", "allow", "more"])


# ---- 6. a number as text, a field that is not there --------------------------------------------


class _Person:
    age = "17"


def test_trap_6_a_number_as_text_or_a_missing_field_is_an_exception(tmp_path: Path) -> None:
    model, policy = tmp_path / "model.conf", tmp_path / "policy.csv"
    model.write_text(MODEL.format(matcher="eval(p.sub) && r.obj == p.obj"))
    policy.write_text("p, r.sub.age > 18, file, allow")
    stock = casbin.Enforcer(str(model), str(policy))
    with pytest.raises(TypeError):
        stock.enforce(_Person(), "file")
    with pytest.raises(Exception, match="age"):
        stock.enforce(object(), "file")


def test_free_of_trap_6_a_wrong_question_is_refused_with_its_reason() -> None:
    with pytest.raises(EngineError, match=r"not supported: eval\(p_sub\)"):
        _ours("eval(p.sub) && r.obj == p.obj", ["r.sub.age > 18", "file", "allow"])
    ours = _ours(STAR, ["5", "file", "allow"], ["*", "open", "allow"])
    assert ours.enforce("5", "file") is True
    for asked, reason in (
        ((5, "file"), "sub is no text: 5"),
        ((_Person, "open"), "sub is no text"),
        ((None, "open"), "sub is no text: None"),
        (("5",), "1 facts where 2 are asked"),
        (("5", "file", "more"), "3 facts where 2 are asked"),
    ):
        told = ours.explain(*asked)
        assert (ours.enforce(*asked), told.allowed, told.rows) == (False, False, [])
        assert told.reason.startswith(reason)


# ---- more that is known of Casbin --------------------------------------------------------------


def test_an_empty_table_would_allow_an_empty_question_and_is_refused() -> None:
    with pytest.raises(EngineError, match="an empty table would allow everything"):
        _ours(STAR)


def test_a_chain_of_roles_longer_than_casbin_follows_is_refused_by_name() -> None:
    text = MODEL.format(matcher="g(r.sub, p.sub) && r.obj == p.obj").replace(
        "[policy_effect]", "[role_definition]\ng = _, _\n[policy_effect]"
    )

    def made(steps: int) -> IndexedEnforcer:
        model = Model()
        model.load_model_from_text(text)
        links = [[f"r{n}", f"r{n + 1}"] for n in range(steps)]
        return IndexedEnforcer(model, [[f"r{steps}", "file", "allow"]], {"g": links})

    assert made(9).enforce("r0", "file") is True
    assert casbin.Enforcer.enforce(made(9), "r0", "file") is True
    with pytest.raises(EngineError, match="g: r0 stands more than 9 roles below"):
        made(10)


def test_roles_that_go_round_in_a_circle_are_followed_once() -> None:
    model = Model()
    model.load_model_from_text(
        MODEL.format(matcher="g(r.sub, p.sub) && r.obj == p.obj").replace(
            "[policy_effect]", "[role_definition]\ng = _, _\n[policy_effect]"
        )
    )
    ring = [["a", "b"], ["b", "c"], ["c", "a"]]
    ours = IndexedEnforcer(model, [["c", "file", "allow"]], {"g": ring})
    for who in ("a", "b", "c", "d"):
        assert ours.enforce(who, "file") == casbin.Enforcer.enforce(ours, who, "file")
