"""表格 export and import: decision tables and lists as sheets, and sheets into a folder."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from registry.cli.entry import DONE, FAILED, CommandError
from registry.policies.drafting.grids import Grid, cell, read_csv, write_csv
from registry.policies.drafting.problems import Problem
from registry.policies.drafting.sheets import out, taken
from registry.policies.drafting.workbook import read_xlsx, write_xlsx
from registry.policies.lists import CATALOGUE

_OUR_KIND = frozenset({".toml", ".csv"})


def export(args: argparse.Namespace) -> int:
    """Write a folder's tables as one workbook or as CSV files."""
    sheets = out(_folder(args.folder))
    if args.xlsx is not None:
        args.xlsx.write_bytes(write_xlsx(sheets.grids, sheets.closed))
        print(f"已写 written: {args.xlsx} ({'、'.join(grid.name for grid in sheets.grids)})")
        return DONE
    args.csv.mkdir(parents=True, exist_ok=True)
    for grid in sheets.grids:
        (args.csv / f"{grid.name}.csv").write_bytes(write_csv(grid))
        print(f"已写 written: {args.csv / grid.name}.csv")
    return DONE


def take_in(args: argparse.Namespace) -> int:
    """Take sheets into a folder: every row, or none and each bad cell told."""
    grids, found = _grids(args.file)
    changed: Mapping[str, bytes] = {}
    if not found:
        changed, found = taken(grids, _folder(args.into))
    if found:
        _tell(found)
        print("什么也没有改动 nothing was changed", file=sys.stderr)
        return FAILED
    for name, raw in changed.items():
        _put(args.into / name, raw)
        print(f"已写 written: {args.into / name}")
    if (args.into / "pack.toml").is_file():
        print(f"下一步 next: registry pack check {args.into}")
    return DONE


def _grids(given: Path) -> tuple[list[Grid], list[Problem]]:
    """The sheets of a workbook, of one CSV file or of a folder of CSV files."""
    if given.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        return read_xlsx(given.name, given.read_bytes())
    grids: list[Grid] = []
    found: list[Problem] = []
    for path in sorted(given.glob("*.csv")) if given.is_dir() else [given]:
        grid, told, wrong = read_csv(path.name, path.read_bytes())
        if told:
            print(f"{path.name}: 读作 read as {told}")
        found += wrong
        grids += [grid] if grid is not None else []
    return grids, found


def _tell(found: list[Problem]) -> None:
    for one in found:
        where = one.where if Path(one.file).suffix in _OUR_KIND else cell(one)
        print(f"{where}: {one.zh}\n    {one.en}\n    → {one.mend} / {one.mend_en}", file=sys.stderr)


def _folder(folder: Path) -> dict[str, bytes]:
    """The files of a pack or of a folder of lists, as they are."""
    if not folder.is_dir():
        raise CommandError(f"没有这个文件夹 no such folder: {folder}")
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in _OUR_KIND
    }
    if "pack.toml" not in files and CATALOGUE not in files:
        raise CommandError(f"不是规则包，也不是清单文件夹 neither a pack nor lists: {folder}")
    return files


def _put(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(raw)
    beside.replace(path)
