"""Matching: one form for all writings, printed names decide, our own hints only suggest."""

from datetime import date
from pathlib import Path

import pytest

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.matching import Match, MatchIndex, normalise
from registry.domain.vocabulary import Grade, Kind, Polarity
from registry.domain.wording import Tuning
from registry.policies.engine import HERE
from registry.policies.lists import load_lists, load_tuning

SEEDS = Path(__file__).parents[2] / "seeds"
TUNING: Tuning = load_tuning(HERE / "matching.toml")
INDEX = MatchIndex.build(load_lists(SEEDS / "lists"), TUNING)


def found(title: str, text: str = "", kind: Kind = Kind.TASK) -> dict[str, Match]:
    return {m.item_id: m for m in INDEX.find(title, text, kind)}


@pytest.mark.parametrize(
    "written",
    [
        "招商引资",
        "招商引資",
        "招 商\u3000引 资",
        "招\u200b商\ufeff引资",
        "招·商-引【资】",
        "「招商引资」",
    ],
)
def test_one_form_stands_for_every_way_of_writing(written: str) -> None:
    assert normalise(written) == "招商引资"


def test_full_width_and_capital_letters_are_one_with_plain_ones() -> None:
    assert normalise("政务ＡＰＰ") == normalise("政务app") == normalise("政 务 A P P")


def test_normalising_twice_changes_nothing() -> None:
    once = normalise("協助　社區「矯正」①")
    assert normalise(once) == once


def test_a_printed_name_with_its_own_qualifier_is_exact() -> None:
    assert found("招商引资指标")["CN-BAR-01"].how == "exact"


def test_a_printed_name_inside_a_longer_title_is_exact() -> None:
    hit = found("2026年度社区招商引資指标分解表", kind=Kind.TARGET)["CN-BAR-01"]
    assert (hit.how, hit.where, hit.ground) == ("exact", "title", "R3")


def test_our_own_hint_is_never_more_than_near() -> None:
    assert found("协助做好引资线索摸排")["CN-BAR-01"].how == "near"


def test_enforcement_is_exact_only_where_the_community_is_made_answerable() -> None:
    assert found("社区作为责任主体开展拆迁拆违")["CN-BAR-05"].how == "exact"
    assert found("辖区拆违工作")["CN-BAR-05"].how == "near"


@pytest.mark.parametrize(
    "title", ["拆迁安置政策解读会", "一票否决有关规定知识讲座", "社区不再承担招商引资的说明"]
)
def test_talk_about_a_barred_thing_is_not_a_request_for_it(title: str) -> None:
    assert not found(title)


def test_a_harmless_title_does_not_hide_what_the_content_asks() -> None:
    hit = found("邻里节活动", "各社区完成招商引资指标两项")["CN-BAR-01"]
    assert (hit.how, hit.where) == ("exact", "text")


def test_talk_in_the_title_is_not_believed_when_the_content_asks() -> None:
    assert "CN-BAR-02" in found("协税护税政策宣传", "各社区完成二十户")


def test_a_certificate_is_found_by_the_alias_printed_in_the_list() -> None:
    hit = found("收入证明", kind=Kind.CERTIFICATE)["CN-NEG-17"]
    assert (hit.how, hit.title, hit.polarity) == ("exact", "居民财产证明", Polarity.NEGATIVE)


def test_a_certificate_by_its_popular_name_is_only_near() -> None:
    assert found("我妈是我妈证明", kind=Kind.CERTIFICATE)["CN-NEG-01"].how == "near"


def test_a_certificate_demanded_inside_a_task_is_found_but_only_near() -> None:
    hit = found("高龄津贴年审协助", "由居委会出具健在证明")["CN-NEG-10"]
    assert (hit.how, hit.where) == ("near", "text")


def test_a_statute_and_a_negative_list_are_both_shown() -> None:
    hits = found("正常死亡者死亡证明", kind=Kind.CERTIFICATE)
    assert hits["CN-NEG-11"].how == hits["HEN-CST-01"].how == "exact"


def test_a_changed_character_does_not_hide_a_printed_name() -> None:
    assert found("婚因状况证明", kind=Kind.CERTIFICATE)["CN-NEG-08"].how == "near"


def test_a_character_written_in_pieces_is_put_together() -> None:
    assert "CN-BAR-01" in found("扌召商引资任务")


def test_a_statutory_duty_is_exact_by_its_title_and_near_by_other_words() -> None:
    assert found("協助　社區矯正")["CN-AST-03"].how == "exact"
    assert found("社区矫正对象帮教")["CN-AST-03"].how == "near"


def test_a_list_of_other_kinds_is_not_asked() -> None:
    assert "CN-AST-03" not in found("协助社区矫正", kind=Kind.CERTIFICATE)


def test_a_departments_own_duty_is_exact_by_its_title() -> None:
    hit = found("食品经营许可现场核查")["DEMO-OWN-04"]
    assert (hit.how, hit.ground, hit.polarity) == ("exact", "R1", Polarity.OWN_DUTY)


def _list(grade: Grade, **dates: date) -> MatterList:
    item = ListItem(id="X-1", title="示例禁入", basis="某文", grade=grade, source="某处", **dates)
    return MatterList(
        county="000000", id="X", title="示例", polarity=Polarity.BARRED, kinds=[Kind.TASK],
        instrument="某文", grade=Grade.FULL, source="某处", items=[item],
    )  # fmt: skip


def test_a_row_that_was_not_read_is_never_exact() -> None:
    index = MatchIndex.build([_list(Grade.MEMORY)], TUNING)
    assert [m.how for m in index.find("示例禁入", "", Kind.TASK)] == ["near"]


def test_an_item_out_of_force_is_not_met() -> None:
    index = MatchIndex.build([_list(Grade.FULL, valid_from=date(2026, 1, 1))], TUNING)
    assert not index.find("示例禁入", "", Kind.TASK, date(2025, 12, 31))
    assert index.find("示例禁入", "", Kind.TASK, date(2026, 1, 1))


def test_a_certificate_that_may_be_issued_is_not_mistaken_for_a_barred_one() -> None:
    hits = found("居住证明", kind=Kind.CERTIFICATE)
    assert {m.polarity for m in hits.values()} == {Polarity.PERMITTED}


def test_an_empty_title_meets_nothing() -> None:
    assert INDEX.find("", "", Kind.TASK) == []


def test_each_item_is_answered_once_and_the_surest_first() -> None:
    hits = INDEX.find("招商引资指标", "完成招商引资指标", Kind.TASK)
    ids = [m.item_id for m in hits]
    assert len(ids) == len(set(ids))
    assert [m.how for m in hits] == sorted(m.how for m in hits)
