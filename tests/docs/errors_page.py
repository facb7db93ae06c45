"""The page of errors, from the codes the program declares: ``python -m tests.docs.errors_page``."""

import importlib
import pkgutil
from pathlib import Path

import registry
from registry.api.problems import status_of
from registry.domain.errors import catalogue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
_SKIPPED = ("registry.__main__", "registry.store.migrations")
_HEAD = """# Errors 错误码

<!-- made by `python -m tests.docs.errors_page`; edit the declarations, not this page -->

A refusal 不予办理 is an answer, not a fault: one permanent code, one HTTP status, a sentence in
two languages. What stands in {braces} is filled from the answer's `facts`. **log** says whether the
refused act of a known person is kept in the county's log. The same table:
`GET /api/v1/errors`, `registry errors`.

| code | status | 中文 | English | log |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, in code order."""
    _import_all()
    return _HEAD + "".join(_line(code) for code in catalogue())


def _import_all() -> None:
    """Codes are declared where they are raised; only an imported room has declared its own."""
    for module in pkgutil.walk_packages(registry.__path__, "registry."):
        if not module.name.startswith(_SKIPPED):
            importlib.import_module(module.name)


def _line(code: str) -> str:
    _, zh, en, recorded = catalogue()[code]
    cells = [f"`{code}`", str(status_of(code)), _cell(zh), _cell(en), "✓" if recorded else ""]
    return f"| {' | '.join(cells)} |\n"


def _cell(sentence: str) -> str:
    return sentence.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
