"""The list of what ``pack check`` tells, inside docs/pack-tools.md, made from the program's table:
``python -m tests.docs.pack_tools_page``."""

import re
from pathlib import Path

from registry.policies.drafting.problems import codes, sentences

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pack-tools.md"
_BEGIN = "<!-- made by `python -m tests.docs.pack_tools_page` -->\n"
_END = "<!-- end -->\n"


def page() -> str:
    """The whole page, with the table as the program has it."""
    lines = "".join(_line(code) for code in codes() if code != "format")
    table = "| code | | 中文 | how to mend it |\n|---|---|---|---|\n" + lines
    before, after = re.split(
        rf"{re.escape(_BEGIN)}.*?{re.escape(_END)}", PAGE.read_text("utf-8"), flags=re.DOTALL
    )
    return f"{before}{_BEGIN}\n{table}\n{_END}{after}"


def _line(code: str) -> str:
    said = sentences(code)
    return f"| `{code}` | {said['severity']} | {said['zh']} | {said['mend_en']} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
