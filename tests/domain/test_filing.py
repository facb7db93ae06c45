"""申报内容: what a filing may not say."""

import msgspec
import pytest

from registry.domain.document_number import PAIRS
from registry.domain.filing import Filing, LateEntry, LegalBasis, Letter
from registry.domain.funding import FundingLine


def test_a_basis_held_on_paper_carries_nothing_of_the_document():
    basis = msgspec.convert({"level": "policy", "held_on_paper_at": "机要室"}, LegalBasis)
    assert (basis.title, basis.document_number) == ("", "")


@pytest.mark.parametrize("told", [{"title": "某文件"}, {"document_number": "某〔2026〕1号"}])
def test_a_classified_title_or_number_beside_the_paper_is_refused(told):
    with pytest.raises(msgspec.ValidationError, match="held on paper"):
        msgspec.convert({"level": "policy", "held_on_paper_at": "机要室", **told}, LegalBasis)


def test_a_basis_that_says_nothing_is_refused():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"level": "policy"}, LegalBasis)


def test_an_amount_must_be_its_rate_times_its_quantity():
    line = {"key": "F1", "mode": "per_case", "rate_fen": 800, "quantity": 3, "fiscal_year": 2026}
    assert msgspec.convert({**line, "amount_fen": 2400}, FundingLine).amount_fen == 2400
    with pytest.raises(msgspec.ValidationError, match="rate"):
        msgspec.convert({**line, "amount_fen": 2401}, FundingLine)


def test_a_schedule_must_sum_to_its_amount():
    part = {"due_on": "2026-03-01", "amount_fen": 1}
    line = {"key": "F1", "mode": "transfer", "amount_fen": 3, "fiscal_year": 2026}
    with pytest.raises(msgspec.ValidationError, match="schedule"):
        msgspec.convert({**line, "schedule": [part, part]}, FundingLine)


@pytest.mark.parametrize(
    "number", ["演民发2026-1号", "演民发〔26〕1号", "〔2026〕1号", "演民发〔2026〕号"]
)
def test_a_letter_number_has_the_official_form(number):
    letter = {"dated_on": "2026-01-02", "signed_by": "甲", "contact": "乙"}
    letter["telephone"] = "000-0000001"
    for pair in PAIRS:
        good = {**letter, "document_number": f"演民发{pair[0]}2026{pair[1]}1号"}
        assert msgspec.convert(good, Letter).document_number.startswith("演")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**letter, "document_number": number}, Letter)


def test_an_instalment_of_nothing_is_no_instalment():
    line = {"key": "F1", "mode": "transfer", "amount_fen": 3, "fiscal_year": 2026}
    parts = [{"due_on": "2026-03-01", "amount_fen": n} for n in (0, 3)]
    with pytest.raises(msgspec.ValidationError, match="amount_fen"):
        msgspec.convert({**line, "schedule": parts}, FundingLine)


def test_all_lines_together_stay_within_the_greatest_amount():
    line = {"mode": "transfer", "amount_fen": 10**15, "fiscal_year": 2026}
    filing = {
        "kind": "task", "title": "演示", "applicants": [{"organisation_id": "o-1"}],
        "receivers": ["residents_committee"], "targets": ["990102"],
        "funding": [{**line, "key": key} for key in ("F1", "F2")],
    }  # fmt: skip
    with pytest.raises(msgspec.ValidationError, match="greatest amount"):
        msgspec.convert(filing, Filing)


def test_when_it_happened_is_told_with_its_offset():
    late = {"happened_at": "2026-03-01T10:00:00", "reason": "停电"}
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        msgspec.convert(late, LateEntry)
