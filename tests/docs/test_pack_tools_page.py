"""The page on the tools of a pack lists what the check tells, as the program has it."""

from tests.docs.pack_tools_page import PAGE, page


def test_the_page_lists_every_problem_as_the_program_tells_it() -> None:
    assert PAGE.read_text("utf-8") == page(), "renew it: python -m tests.docs.pack_tools_page"
