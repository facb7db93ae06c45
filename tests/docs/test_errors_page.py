"""The page of errors: every code the program declares, and no other."""

import re

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
