"""规则包比对: each change is told once, in words an official uses, with what held before."""

from typing import Any

import msgspec
import pytest

from registry.domain.catalogue import MatterList
from registry.policies.drafting.diff import Change, diff, diff_items
from registry.policies.loader import load_pack
from registry.policies.pack import Pack
from tests.policies.drafts import FLOW, IDENTITY, ROUTES, draft, lists, row, rule
from tests.policies.rulebooks import DEMO, NATION, loaded


def pack(**changed: Any) -> Pack:
    rules = changed.pop("rules", ())
    return load_pack(draft(*rules, **changed))


def changes(after: Pack, before: Pack | None = None) -> list[Change]:
    return diff(before or pack(), after, ({}, {}))


def only(after: Pack) -> Change:
    (change,) = changes(after)
    return change


def test_a_pack_against_itself_changes_nothing() -> None:
    for one in loaded().values():
        assert diff(one, one, ({}, {})) == []


def test_a_new_pack_changes_everything_and_says_so() -> None:
    told = diff(None, loaded()[DEMO], ({}, {}))
    assert told[0].zh == "新规则包：演示县事项准入规则（演示数据）"
    assert {"rule.added", "flow.added", "bodies.added", "route.added"} <= {c.code for c in told}


def test_two_packs_that_came_are_told_apart_in_both_languages() -> None:
    for change in diff(loaded()[NATION], loaded()[DEMO], ({}, {})):
        assert change.zh
        assert change.en
        assert not change.zh.isascii()


@pytest.mark.parametrize(
    ("line", "zh"),
    [
        ('default = "deny"', "清单外事项：以前“须申报准入”，现在“不得进入”"),
        ("effective_from = 2026-02-01", "施行日：以前“2026-01-01”，现在“2026-02-01”"),
        ('name = "大包"', "名称：以前“小包”，现在“大包”"),
    ],
)
def test_what_a_pack_says_of_itself_is_told_before_and_now(line: str, zh: str) -> None:
    field = line.split(" = ", maxsplit=1)[0]
    text = "".join(
        f"{line}\n" if old.startswith(f"{field} =") else f"{old}\n" for old in IDENTITY.splitlines()
    )
    assert only(pack(identity=text)).zh == zh


def test_a_rule_added_and_one_removed_are_told_with_clause_and_outcome() -> None:
    rows = row("A", "refused", standing="off") + row("C", "human_review", standing="unread")
    told = {c.code: c for c in changes(pack(rules=(rule("A"), rule("C")), rows=rows))}
    assert set(told) == {"rule.added", "rule.removed"}
    assert told["rule.added"].zh == "增加规则 C：C 说。结果：转人工。依据：C 条"
    assert told["rule.removed"].id == "B"


@pytest.mark.parametrize(
    ("line", "zh"),
    [
        ('stage = "warn"', "规则 A 的阶段：以前“施行”，现在“提示”"),
        ("valid_to = 2026-06-30", "规则 A 的失效日：以前“未规定”，现在“2026-06-30”"),
        ("absolute = true", "规则 A 的绝对禁止：以前“否”，现在“是”"),
    ],
)
def test_a_changed_rule_is_told_field_by_field(line: str, zh: str) -> None:
    assert only(pack(rules=(rule("A", line), rule("B")))).zh == zh


def test_a_row_that_answers_otherwise_is_told_by_its_facts() -> None:
    rows = row("A", "human_review", standing="off") + row("B", "listed", standing="listed")
    change = only(pack(rows=rows))
    assert change.code == "row.changed"
    assert change.zh.endswith(
        "清单地位=清单外、禁止情形=无、命中程度=无：以前“不通过”，现在“转人工”"
    )
    assert (change.before, change.now) == ("refused", "human_review")


def test_a_row_more_and_a_row_less_are_told() -> None:
    more = row("A", "refused", standing="off") + row("B", "listed", standing="listed")
    added = pack(rows=more + row("A", "refused", standing="near"))
    assert [c.code for c in changes(added)] == ["row.added"]
    assert [c.code for c in changes(pack(), added)] == ["row.removed"]


CLOCK = "\n[clock.decide_in]\ndays = {}\n"


def test_a_clock_given_changed_and_taken_away() -> None:
    ten, five = pack(below=CLOCK.format(10)), pack(below=CLOCK.format(5))
    assert changes(ten)[0].zh == "增加办理期限：10个工作日"
    assert changes(five, ten)[0].zh == "办理期限：以前“10个工作日”，现在“5个工作日”"
    assert changes(pack(), ten)[0].code == "setting.removed"


@pytest.mark.parametrize(
    ("below", "zh"),
    [
        ("[effects]\nrefusal_right = true\n", "增加未经准入的后果：社区拒绝权是"),
        ("[agreement]\nrequired = true\n", "增加协议：要求是"),
        (
            '[numbering]\ndecision = "虚构〔{year}〕{serial}号"\n',
            "增加编号：决定编号虚构〔{year}〕{serial}号",
        ),
        ('[default_of]\ncertificate = "deny"\n', "增加分类的清单外规则：certificate:不得进入"),
    ],
)
def test_a_setting_added_is_told_by_its_name(below: str, zh: str) -> None:
    assert only(pack(below="\n" + below)).zh == zh


def test_bodies_and_flows_are_told_by_their_names() -> None:
    body = '\n[bodies.bureau]\nname = "办公室"\nfunction = "office"\nfamily = "county"\n'
    told = changes(pack(flow=body + FLOW.replace('["street"]', '["bureau"]')))
    assert [c.code for c in told] == ["bodies.added", "flow.changed"]
    instead = "申请单位由上级代为office"
    was, now = f"街道(决定:street、{instead})", f"街道(决定:bureau、{instead})"
    assert told[1].zh == f"流程 way：以前“{was}”，现在“{now}”"


def test_routes_are_told_as_lines_and_their_order_by_itself() -> None:
    head, first = ROUTES.splitlines()
    second = "p,task,*,*,*,*,*,allow,way"
    added = pack(routes_csv=f"{head}\n{second}\n{first}\n")
    assert only(added).zh == "增加路径：事项类别=工作事项 → way"
    turned = pack(routes_csv=f"{head}\n{first}\n{second}\n")
    assert [c.code for c in changes(turned, added)] == ["route.order"]


def test_a_list_named_is_told_with_its_title_and_size() -> None:
    named = pack(identity=IDENTITY + 'lists = ["L"]\n')
    held = {one.id: one for one in lists(("L", 'polarity = "permitted"', "甲/乙"))}
    (change,) = diff(pack(), named, ({}, held))
    assert (change.code, change.zh) == ("list.added", "增加清单 L《L》，2项")
    (gone,) = diff(named, pack(), (held, held))
    assert gone.code == "list.removed"


def _list(titles: str) -> MatterList:
    (one,) = lists(("L", 'polarity = "permitted"', titles))
    return one


def test_items_added_taken_off_and_told_otherwise() -> None:
    told = list(diff_items(_list("甲/乙"), _list("甲/丙")))
    assert [c.zh for c in told] == ["清单 L 第 L-1 项《丙》的名称：以前“乙”，现在“丙”"]
    assert [c.code for c in diff_items(_list("甲"), _list("甲/乙"))] == ["item.added"]
    assert [c.code for c in diff_items(_list("甲/乙"), _list("甲"))] == ["item.removed"]


def test_the_items_of_a_list_that_stays_are_compared() -> None:
    named = pack(identity=IDENTITY + 'lists = ["L"]\n')
    (change,) = diff(named, named, ({"L": _list("甲")}, {"L": _list("甲/乙")}))
    assert change.zh == "清单 L 增加事项 L-1《乙》"


def test_changes_are_plain_data_for_programs() -> None:
    told = diff(None, loaded()[DEMO], ({}, {}))
    assert msgspec.json.decode(msgspec.json.encode(told), type=list[Change]) == told
