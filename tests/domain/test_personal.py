"""个人信息: words for a paper that give away a resident are told from those that do not."""

import pytest

from registry.domain.personal import numbered, personal

PAPERS = ["收入证明", "婚姻状况证明", "居住证明"]


@pytest.mark.parametrize(
    "words",
    [
        "11010519900101123X 的证明", "居住证明 138-0013-8000", "电话:12345678", "１１０１０５１９９０",
        "张三收入证明", "王小明婚姻状况证明", "李某的困难证明", "刘先生的证明", "a@b.cn 收入证明",
    ],
)  # fmt: skip
def test_a_name_or_a_number_of_a_person_is_told(words: str) -> None:
    assert personal(words, PAPERS)


@pytest.mark.parametrize(
    "words",
    [
        "收入证明", "家庭收入证明", "单身证明", "金融机构要的收入证明", "2026年度居住证明", "房屋居住证明",
        "楼道灯具完好情况证明", "安全生产证明", "高龄补贴用的证明", "120急救证明",
    ],
)  # fmt: skip
def test_a_sort_of_paper_is_left_alone(words: str) -> None:
    assert not personal(words, PAPERS)


def test_a_longer_text_is_sent_back_for_numbers_and_addresses_alone() -> None:
    assert all(numbered(text) for text in ("回电 138-0000-0000", "写信到 a@example.org"))
    assert not any(numbered(text) for text in ("门口的老师说3月1日停水", "第12号楼三天没有热水"))


@pytest.mark.parametrize("words", ["2026-03-02 起每户填表", "2026.3.2 又来一次", "2026—03—02"])
def test_a_day_is_no_number_of_a_person(words: str) -> None:
    assert not numbered(words)


@pytest.mark.parametrize(
    "words", ["2026-03-02 13800138000", "2026-03-0213800138000", "19900101-02-03", "1990.01.011"]
)
def test_a_day_hides_no_number(words: str) -> None:
    assert numbered(words)
