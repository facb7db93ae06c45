"""文号 one number in all writings, printed in one."""

import pytest

from registry.domain.document_number import PAIRS, folded, printed, writings

PRINTED = "演民发〔2026〕1号"


@pytest.mark.parametrize("pair", PAIRS)
def test_a_number_is_printed_with_the_official_brackets_whatever_was_typed(pair: str) -> None:
    typed = f"演民发{pair[0]}2026{pair[1]}1号"
    assert printed(typed) == printed(f" 演民发 {pair[0]}２０２６{pair[1]} １ 号") == PRINTED
    assert typed in writings(PRINTED)
    assert folded(typed) == PRINTED


@pytest.mark.parametrize(
    "told", ["", "第503号令（2006年修订）", "演政办（试行）3号", "Order 5 (26)"]
)
def test_what_has_no_year_in_brackets_stays_as_it_was_typed(told: str) -> None:
    assert printed(told) == told


def test_brackets_that_hold_no_year_stay() -> None:
    assert printed("演民发[2026]1号（试行）") == "演民发〔2026〕1号（试行）"
