"""申报内容: what a filing must hold before it is submitted, and what it may never hold."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.filing import Filing, Letter, required_gaps

WHOLE: dict[str, Any] = {
    "kind": "task", "title": "楼道灯具编号拍照", "applicants": [{"organisation_id": "o1"}],
    "receivers": ["residents_committee"], "targets": ["990102001001"], "content": "登记楼道灯具",
    "standard": "一户不漏", "responsible_party": "演示县民政局", "duration": "phase",
    "starts_on": "2026-04-01", "ends_on": "2026-06-30",
}  # fmt: skip


def filing(**fields: Any) -> Filing:
    """The whole filing with some fields changed; ``None`` leaves a field out."""
    merged = {k: v for k, v in (WHOLE | fields).items() if v is not None}
    return msgspec.convert(merged, Filing)


def test_a_whole_filing_lacks_nothing() -> None:
    assert required_gaps(filing()) == []


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({"content": None}, "content"),
        ({"content": " \n"}, "content"),
        ({"responsible_party": None}, "responsible_party"),
        ({"standard": None}, "standard"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": None}, "ends_on"),
        ({"kind": "signboard"}, "signboard"),
        ({"kind": "certificate"}, "certificate"),
    ],
)
def test_a_required_field_left_out_is_named(fields: dict[str, Any], gap: str) -> None:
    assert required_gaps(filing(**fields)) == [gap]


def test_several_gaps_are_named_at_once_in_the_forms_order() -> None:
    bare = filing(content=None, responsible_party=None, standard=None, starts_on=None, ends_on=None)
    assert required_gaps(bare) == [
        "content", "responsible_party", "standard", "starts_on", "ends_on",
    ]  # fmt: skip


def test_only_a_long_term_matter_needs_no_end() -> None:
    for duration in ("phase", "temporary", "emergency"):
        assert required_gaps(filing(duration=duration, ends_on=None)) == ["ends_on"]
    assert required_gaps(filing(duration="long_term", ends_on=None)) == []


def test_a_draft_may_be_saved_half_done_but_not_without_its_bones() -> None:
    for bone in ("kind", "title", "applicants", "receivers", "targets"):
        with pytest.raises(msgspec.ValidationError, match=bone):
            filing(**{bone: None})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"ends_on": "2026-03-31"}, "ends_on is before starts_on"),
        ({"applicants": [{"organisation_id": "a"}, {"organisation_id": "b"}]}, "exactly one"),
        (
            {"applicants": [{"organisation_id": "a", "leading": True},
                            {"organisation_id": "b", "leading": True}]},
            "exactly one",
        ),
        (
            {"funding": [{"key": "K", "mode": "none", "amount_fen": 0, "fiscal_year": 2026}],
             "conditions": [{"key": "K", "what": "staff", "description": "两人"}]},
            "must differ",
        ),
        ({"title": "  "}, "title"),
        ({"title": "两\n行"}, "title"),
        ({"title": "有\x00空字符"}, "title"),
        ({"content": "有\x00空字符"}, "content"),
        ({"title": "长" * 201}, "title"),
        ({"receivers": []}, "receivers"),
        ({"receivers": ["everybody"]}, "receivers"),
        ({"targets": []}, "targets"),
        ({"urgent": True}, "urgent"),
        ({"headcount": -1}, "headcount"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
    ],
)  # fmt: skip
def test_a_filing_that_contradicts_itself_or_the_form_is_refused(
    fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=says):
        filing(**fields)


def test_a_matter_may_begin_and_end_on_one_day() -> None:
    day = filing(ends_on="2026-04-01")
    assert (day.starts_on, day.ends_on) == (date(2026, 4, 1), date(2026, 4, 1))


def test_the_leading_applicant_leads_wherever_it_stands() -> None:
    two = [{"organisation_id": "a"}, {"organisation_id": "b", "leading": True}]
    assert filing(applicants=two).leading == "b"
    assert filing(applicants=[{"organisation_id": "a"}]).leading == "a"


@pytest.mark.parametrize(
    "field", ["content", "standard", "process", "responsible_party", "required_forms"]
)
def test_what_is_asked_of_the_community_is_read_wherever_it_is_written(field: str) -> None:
    hidden = "由居委会出具健在证明"
    value: Any = [hidden] if field == "required_forms" else hidden
    assert hidden in filing(**{field: value}).text


def test_the_wording_of_a_board_and_of_a_certificate_is_read() -> None:
    board = {"wording": "某某工作站", "place": "outside_door"}
    assert "某某工作站" in filing(kind="signboard", signboard=board).text
    paper = {"demand": "收入证明", "demander": "bank"}
    assert "收入证明" in filing(kind="certificate", certificate=paper).text


LETTER = {
    "dated_on": "2026-03-01",
    "signed_by": "某某",
    "contact": "某某",
    "telephone": "000-0000001",
}


@pytest.mark.parametrize(
    "number", ["演民发〔2026〕1号", "演政办函〔2026〕12345号", "演民发(2026)1号", "演民发[2026]1号"]
)
def test_a_letters_number_is_taken_in_whatever_brackets_it_was_typed(number: str) -> None:
    assert msgspec.convert(LETTER | {"document_number": number}, Letter).document_number == number


@pytest.mark.parametrize(
    "number", ["演民发〔26〕1号", "〔2026〕1号", "演民发〔2026〕1", "演 民发〔2026〕1号"]
)  # fmt: skip
def test_any_other_form_of_number_is_refused(number: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="document_number"):
        msgspec.convert(LETTER | {"document_number": number}, Letter)
