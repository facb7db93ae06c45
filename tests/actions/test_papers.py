"""公文: every kind in every form says what is on record, to those who may read it, and no more."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from registry.actions.papers import docx, drawing, page, pdf
from registry.actions.papers.book import Letterhead
from registry.actions.papers.kinds import KINDS
from registry.domain.errors import Refusal
from registry.domain.paper import Grid, Paper
from registry.policies.loader import gather
from registry.policies.papers import shipped_words
from tests.actions.case import Hands, accepted, admitted, approved, drafted, submitted
from tests.actions.decided import decision_of
from tests.actions.flowed import files_with, flow, in_force
from tests.actions.papered import Told, edited, every, paper, plain, read, shown
from tests.actions.refused import refused
from tests.actions.reorganised import carried_out
from tests.conftest import MovingClock

BANNER = "演示数据 · 非涉密系统"
NOT_THEIRS = ("access.hidden", "access.reading", "access.elsewhere")


@pytest.fixture
def examples(one_hand: Hands) -> Iterator[dict[str, Told]]:
    office = one_hand("dept.clerk").office
    office.letterhead = Letterhead(BANNER, lambda code: ("https://demo.invalid/verify#", code))
    yield every(one_hand)


def test_every_kind_of_paper_says_what_is_on_record_in_every_form(
    one_hand: Hands, examples: dict[str, Told]
) -> None:
    assert set(examples) == {kind.word for kind in KINDS}
    for word, told in examples.items():
        made = paper(one_hand, word, told.id, told.by)
        assert paper(one_hand, word, told.id, told.by) == made, word
        sheet, text, alone = pdf.made(made), docx.made(made), page.made(made)
        assert (pdf.made(made), docx.made(made)) == (sheet, text), "the same paper, the same bytes"
        for form in (read(sheet), edited(text), shown(alone)):
            lost = [w for w in (made.title, BANNER, *told.words) if plain(w) not in form]
            assert lost == [], word
            assert "{" not in form and "None" not in form, word


def test_who_may_not_read_the_record_gets_no_paper(
    one_hand: Hands, examples: dict[str, Told]
) -> None:
    for word, told in examples.items():
        with pytest.raises(Refusal) as told_no:
            paper(one_hand, word, told.id, "other.office")
        assert told_no.value.code in NOT_THEIRS, word
    with refused("access.hidden"):
        paper(one_hand, "decision", examples["decision"].id, "dept2.head")
    with refused("access.hidden"):
        paper(one_hand, "no-such-paper", examples["decision"].id, "dept.head")


def test_a_record_has_no_paper_before_its_time(one_hand: Hands) -> None:
    request = admitted(one_hand)
    with refused("access.hidden"):
        paper(one_hand, "supplement", request.id, "dept.head")


def test_a_paper_of_the_past_bears_the_names_of_its_day(hand: Hands, clock: MovingClock) -> None:
    decision = decision_of(hand, admitted(hand))
    before = paper(hand, "decision", decision.id, "county.head")
    clock.at += timedelta(days=1)
    civil = {"id": "o-990102-civil", "name": "演示县民政和养老局"}
    carried_out(hand, kind="rename", object_kind="organisation", sources=[civil["id"]],
                successors=[civil], effective_on="2026-03-03")  # fmt: skip
    after = paper(hand, "decision", decision.id, "county.head")
    assert (
        (after.to, after.signed_by)
        == (before.to, before.signed_by)
        == ("演示县民政局", decision.body_name)
    )


# ------------------------------------------------------------------------------- what goes in

HOSTILE = '#eval("1") *粗* $x$ @ref <b>&amp;</b> =1+1 \\n {title} #include "/etc/passwd" //'


def sheet(**fields: Any) -> Paper:
    return msgspec.structs.replace(Paper(kind="decision", title="演示决定书"), **fields)


def test_nothing_in_a_record_is_a_command_of_the_layout() -> None:
    made = sheet(title=HOSTILE, paragraphs=[HOSTILE], to=HOSTILE, clauses=[HOSTILE],
                 grids=[Grid(headings=["甲", HOSTILE], rows=[["1", HOSTILE]])])  # fmt: skip
    for form in (read(pdf.made(made)), edited(docx.made(made)), shown(page.made(made))):
        assert form.count(plain(HOSTILE)) >= 5


def test_whatever_a_page_alone_says_is_text_wherever_it_stands() -> None:
    fields = ("title", "number", "number_zh", "red_head", "to", "signed_by", "copies", "banner",
              "qr_note", "reference", "record")  # fmt: skip
    lists = {"paragraphs": [HOSTILE], "clauses": [HOSTILE], "closing": [HOSTILE],
             "signing": [f"{HOSTILE}\t{HOSTILE}："], "notes": [HOSTILE], "qr": ["x"]}  # fmt: skip
    grids = [Grid(caption=HOSTILE, rows=[["<b>", "<b>"], ["<b>", "<b>"], [HOSTILE] * 3]),
             Grid(caption=HOSTILE, headings=[HOSTILE], rows=[[HOSTILE]])]  # fmt: skip
    for joined in (False, True):
        made = sheet(**dict.fromkeys(fields, HOSTILE), **lists, grids=grids, sheet=joined)
        text = page.made(made).decode()
        assert "<b>" not in text and text.count("&lt;b&gt;") >= 20


def test_a_character_the_font_lacks_is_a_box_and_named_in_a_note() -> None:
    made = sheet(
        paragraphs=["承办人：王\U0003134a、李𫍽、赵㛃"], grids=[Grid(rows=[["名", "\U0003134a"]])]
    )
    form = read(pdf.made(made))
    assert "王□、李𫍽、赵㛃" in form and "U+3134A" in form and "原字以电子记录为准" in form
    assert "王\U0003134a" in edited(docx.made(made)), "whoever edits it has fonts of their own"


def test_what_is_unseen_or_turns_the_order_is_not_printed() -> None:
    made = sheet(paragraphs=["正\u202e常\u200b文\ufeff字\x00\x0b\ud800"], to="演示\u2028单位")
    for form in (read(pdf.made(made)), edited(docx.made(made))):
        assert "正常文字" in form and "演示单位" in form


def test_a_long_paper_goes_over_pages_and_loses_nothing() -> None:
    text = "".join(f"第{n}句话说明情况。" for n in range(1_200))
    rows_ = [[str(n), f"第{n}项工作" * 9, "1,450.00"] for n in range(300)]
    grid = Grid(headings=["序号", "内容", "金额（元）"], rows=rows_, amounts=[2])
    made = sheet(paragraphs=[text, "长" * 10_000, "x" * 3_000], grids=[grid])
    data = pdf.made(made)
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) > 20 and "—1—" in plain(pages[0].extract_text())
    form = "".join(plain(p.extract_text()).replace(f"—{n}—", "") for n, p in enumerate(pages, 1))
    assert text in form and "第299项工作" in form and form.count("x") == 3_000


def test_every_character_of_the_shipped_words_has_a_sign() -> None:
    said = "".join(repr(msgspec.to_builtins(words)) for words in shipped_words().values())
    assert [c for c in said if ord(c) > 127 and not drawing.shown(c)] == []


# ---------------------------------------------------------------------- wording of a pack

OWN = """
[papers]
red_head = "{body}文件"
[papers.of.admitted]
title = "社区工作准入证"
body = ["{applicant}：“{title}”准予进入。", "本件由{ratified}审定。"]
copies = "演示县档案馆"
"""
DECIDES = {"key": "decide", "act": "decide", "bodies": ["street"]}


def test_a_pack_says_it_in_its_own_words_and_leaves_the_rest_as_shipped(one_hand: Hands) -> None:
    files = files_with(flow(DECIDES))
    in_force(one_hand, {**files, "pack.toml": files["pack.toml"] + OWN})
    request = approved(one_hand, accepted(one_hand, submitted(one_hand, drafted(one_hand))))
    made = paper(one_hand, "decision", decision_of(one_hand, request).id, "dept.head")
    assert made.title == "社区工作准入证" and made.red_head.endswith("街道办事处文件")
    assert made.paragraphs == ["演示县民政局：“楼道灯具编号拍照”准予进入。"], (
        "no sentence with a gap"
    )
    assert made.copies == "演示县档案馆" and made.to == "演示县民政局"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[papers.of.admited]\ntitle = "证"', "no such paper"),
        ('[papers.of.admitted]\ntitle = "{ttle}"', "{ttle} is none of"),
        ('[papers.of.admitted]\nbody = ["{title!r}"]', "{title} is none of"),
        ('[papers.of.admitted]\nbody = ["{title"]', "papers.admitted.body"),
        ('[papers]\nred_head = "{title}文件"', "papers.red_head"),
    ],
)
def test_a_pack_with_words_that_cannot_be_filled_in_is_refused(wrong: str, said: str) -> None:
    files = files_with(flow(DECIDES))
    _, errors = gather({**files, "pack.toml": files["pack.toml"] + "\n" + wrong})
    assert [e for e in errors if said in str(e)]
