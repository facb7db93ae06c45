"""证明答复: a word for a paper is answered by the table alone, one of four; what is near suggests."""

from datetime import date
from typing import Any

import pytest

from registry.domain.certifying import ANSWERED, Certifying, Demander
from registry.domain.vocabulary import Outcome, Receiver
from registry.policies.certificates import ANY, Reply, Wanted, paper, reply
from registry.policies.judge import Rulebook
from tests.policies.rulebooks import DEMO, a_list, book, book_of, pack, row, rule

ON = date(2026, 3, 2)


def asked(words: str, rules: Rulebook | None = None, **known: Any) -> Reply:
    wanted = Wanted(words=words, on=ON, receivers=[Receiver.RESIDENTS_COMMITTEE], **known)
    return reply(rules or book(DEMO), wanted)


def test_every_outcome_of_the_table_is_one_of_the_four() -> None:
    assert set(ANSWERED) == set(Outcome)
    assert set(ANSWERED.values()) == set(Certifying)


@pytest.mark.parametrize(
    ("words", "answer", "title"),
    [
        ("收入证明", "must_not", "居民财产证明"), ("健在证明", "must_not", "健在证明"),
        ("居住证明", "must", "居住证明"),
        ("收养人婚姻状况和抚养教育能力证明", "must", "收养人婚姻状况和抚养教育能力证明"),
    ],
)  # fmt: skip
def test_a_name_that_a_list_prints_is_answered(words: str, answer: str, title: str) -> None:
    told = asked(words)
    assert (told.answer.value, told.papers[0].title) == (answer, title)
    assert told.papers[0].sure and told.clauses


@pytest.mark.parametrize(
    ("slang", "title"),
    [
        ("我妈是我妈", "亲属关系证明"), ("证明我妈是我妈", "亲属关系证明"), ("单身证明", "婚姻状况证明"),
        ("无房证明", "居民财产证明"), ("没死证明", "健在证明"), ("活人证明", "健在证明"),
        ("我是我证明", "居民身份信息证明"), ("没工作证明", "居民就业状况证明"),
        ("家庭困难证明", "居民财产证明"), ("没犯过事证明", "无犯罪记录证明"),
        ("没对象证明", "婚姻状况证明"), ("养狗证明", "居民养犬证明"),
    ],
)  # fmt: skip
def test_a_popular_name_suggests_a_paper_and_refuses_nothing(slang: str, title: str) -> None:
    told = asked(slang, demander=Demander.BANK)
    assert told.answer is Certifying.ASK
    assert title in {one.title for one in told.papers}
    assert not any(one.sure for one in told.papers)
    assert {one.answer for one in told.papers if one.title != "居民养犬证明"} <= {
        Certifying.MUST_NOT
    }


def test_who_verifies_is_told_and_marked_where_it_was_not_read() -> None:
    income, ill = asked("收入证明").papers[0], asked("疾病状况证明").papers[0]
    assert income.verifier and not income.verifier_unverified
    assert ill.verifier == "医疗机构" and ill.verifier_unverified


def test_an_answer_that_depends_on_who_demands_it_is_told_case_by_case() -> None:
    unknown = asked("社区志愿活动参与证明")
    assert unknown.answer is Certifying.ASK
    assert {(c.demander, c.basis, c.answer.value) for c in unknown.cases} == {
        ("public", ANY, "ask"), ("private", ANY, "discretion"), ("out_of_area", ANY, "discretion"),
    }  # fmt: skip
    assert asked("社区志愿活动参与证明", demander=Demander.SCHOOL).answer is Certifying.DISCRETION
    far = asked("社区志愿活动参与证明", demander=Demander.GOVERNMENT, out_of_area=True)
    assert far.answer is Certifying.DISCRETION


def test_what_is_on_no_list_depends_on_the_basis() -> None:
    unknown = asked("楼道灯具完好情况证明", demander=Demander.BANK)
    assert unknown.answer is Certifying.ASK and unknown.papers == []
    assert {c.basis: c.answer.value for c in unknown.cases} == {
        "statute": "ask", "policy": "ask", "none": "must_not",
    }  # fmt: skip
    assert asked("楼道灯具完好情况证明", basis="none").answer is Certifying.MUST_NOT


def test_a_statute_against_a_list_names_both_texts() -> None:
    told = asked("居民养犬证明")
    assert told.answer is Certifying.ASK and told.conflict is not None
    assert told.conflict.item_id == "CN-NEG-04"
    assert "演示省养犬管理条例" in told.conflict.statute and "20号" in told.conflict.clause


def test_only_what_the_table_says_of_papers_is_heard() -> None:
    """A pack that wants money of every filing wants none of a resident's question."""
    said = pack(
        "p", [rule("MONEY"), rule("PAPER")],
        [row("MONEY", "refused", funding="none"),
         row("PAPER", "listed", kind="certificate", certificate="retained")],
    )  # fmt: skip
    ok = a_list("OK", "permitted", {"id": "OK-1", "title": "居住证明"}, kinds=["certificate"])
    rules = book_of(said, lists=[ok])
    assert asked("居住证明", rules).answer is Certifying.MUST
    assert [h.rule for h in asked("居住证明", rules).rules] == ["PAPER"]
    assert asked("别的证明", rules).answer is Certifying.ASK


def test_the_table_alone_turns_the_answer() -> None:
    said = pack("p", [rule("PAPER")],
                [row("PAPER", "refused", kind="certificate", certificate="retained")])  # fmt: skip
    ok = a_list("OK", "permitted", {"id": "OK-1", "title": "居住证明"}, kinds=["certificate"])
    assert asked("居住证明", book_of(said, lists=[ok])).answer is Certifying.MUST_NOT


def test_an_item_is_found_by_its_id_while_it_stands() -> None:
    assert paper(book(DEMO), "CN-NEG-17", ON) == "居民财产证明"
    assert paper(book(DEMO), "CN-NEG-99", ON) == ""
    assert paper(book(DEMO), "DEMO-LIST-01", ON) == ""
