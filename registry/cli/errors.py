"""errors 错误码: every refusal the registry can answer, one line each."""

import argparse

import registry.actions.staff.staffing  # noqa: F401 - what only the command line calls
import registry.app  # noqa: F401 - with all that acts imported, every code is declared
from registry.api.entrance import error_page
from registry.cli.entry import DONE


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "同 GET /errors the same as GET /errors"


def run(_args: argparse.Namespace) -> int:
    """Print code, status, sentence in both languages."""
    for line in error_page().items:
        print(f"{line.code}  {line.status}  {line.detail}  {line.detail_en}")
    return DONE
