"""dictionary 数据字典: every resource and field the registry gives out, as a table or as CSV."""

import argparse
import sys

from registry.api.dictionary import as_csv, dictionary
from registry.cli.entry import DONE


def arguments(parser: argparse.ArgumentParser) -> None:
    """One switch."""
    parser.add_argument("--csv", action="store_true", help="CSV (UTF-8, 带 BOM) for a spreadsheet")


def run(args: argparse.Namespace) -> int:
    """Print it; no database is needed."""
    if args.csv:
        sys.stdout.write(as_csv())
        return DONE
    for resource in dictionary().resources:
        print(f"{resource.zh} {resource.name}")
        for field in resource.fields:
            codes = " ".join(f"{c.value}={c.zh}" for c in field.codes)
            unit = f" {field.unit}" if field.unit else ""
            print(f"  {field.name:24} {field.zh}  {field.type}{unit}  {codes}".rstrip())
    return DONE
