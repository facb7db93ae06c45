"""The glossary: every word that travels on the wire stands on the page."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from registry.domain import (
    accounts,
    approval,
    auditing,
    funds,
    pack,
    paying,
    presence,
    request,
    vocabulary,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
NAMED = set(re.findall(r"`([^`]+)`", PAGE.read_text("utf-8")))
WORDS: list[type[StrEnum]] = [
    *(v for v in vars(vocabulary).values() if isinstance(v, type) and issubclass(v, StrEnum)),
    request.State, presence.PresenceState, approval.DecisionKind, approval.Quorum,
    approval.StepAct, approval.OnExpiry,
    accounts.VoucherStage, accounts.Account, funds.VoucherState, pack.PackState,
    pack.PackStage, pack.RunKind,
    pack.RunState, paying.PaymentState, paying.TreasuryState,
    auditing.FindingStage, auditing.ProjectKind, auditing.IssuedState,
]  # fmt: skip


@pytest.mark.parametrize("words", [w for w in WORDS if w is not StrEnum], ids=lambda w: w.__name__)
def test_every_word_of_the_wire_stands_in_the_glossary(words: type[StrEnum]) -> None:
    assert {word.value for word in words} - NAMED == set()


def test_a_word_that_is_missing_would_be_found() -> None:
    assert "no_such_word" not in NAMED
