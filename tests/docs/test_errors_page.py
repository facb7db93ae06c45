"""The page of errors: every code the program declares, and no other."""

import re

from registry.domain.errors import catalogue
from tests.docs.errors_page import PAGE, page

AGAIN = "renew the page with: python -m tests.docs.errors_page"


def test_the_page_of_errors_is_what_the_program_declares() -> None:
    assert PAGE.read_text("utf-8") == page(), AGAIN


def test_every_code_has_a_status_and_a_sentence_in_two_languages() -> None:
    lines = [line for line in page().splitlines() if line.startswith("| `")]
    whole = re.compile(
        r"\| `[a-z_.]+` \| [45]\d\d \| .*[\u4e00-\u9fff].* \| .*[A-Za-z].* \| ✓? ?\|"
    )
    assert lines
    assert [line for line in lines if not whole.fullmatch(line)] == []


def test_no_refusal_tells_an_amount_in_fen() -> None:
    """Nobody at a counter reckons in 分: ``{left_fen:元}`` tells it in 元."""
    told = {code: (zh, en) for code, (_, zh, en, _) in catalogue().items()}
    assert {c for c, (zh, en) in told.items() if "_fen}" in zh or "_fen}" in en} == set()
