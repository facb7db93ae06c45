"""规则包底稿 new, check, test, diff: what an officer does before a pack is published."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from registry.actions.seeding import SEEDS
from registry.cli.entry import DONE, FAILED, CommandError
from registry.cli.opening import opened, settings
from registry.clock import wall_clock
from registry.domain.catalogue import MatterList
from registry.domain.pack import PackState, PublishedPack
from registry.domain.records import civil
from registry.policies.cases import Result, run_cases
from registry.policies.drafting.coverage import SIDES_ZH, Missing, missing_cases
from registry.policies.drafting.diff import Change, diff, diff_lists
from registry.policies.drafting.lint import Problem, failed
from registry.policies.drafting.lint import check as problems_of
from registry.policies.drafting.skeleton import Start, skeleton
from registry.policies.examples import PACKS, packs, rulebook
from registry.policies.lists import CATALOGUE, load_lists
from registry.policies.loader import load_pack, read_folder
from registry.policies.pack import Pack

_SEVERITY = {"error": "错误 error", "warning": "注意 warning", "note": "说明 note"}
_INDENT = "    "


def new(args: argparse.Namespace) -> int:
    """Write a skeleton into a folder that is not there yet, or empty."""
    folder: Path = args.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"已经有东西，不覆盖 not empty, nothing was written: {folder}")
    start = Start(
        id=args.id, jurisdiction=args.jurisdiction, parent=args.parent, level=args.level,
        name=args.name, effective=args.effective_from or civil(wall_clock()),
        redated=args.effective_from is not None,
    )  # fmt: skip
    files = skeleton(start, _files_of(args.start) if args.start else None)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    print(f"已写 written: {folder}")
    for name in files:
        print(f"  {name}")
    print(f"下一步 next: registry pack check {folder} && registry pack test {folder}")
    return DONE


def check(args: argparse.Namespace) -> int:
    """Tell everything wrong with a folder; only errors make it fail."""
    files = _files(args.folder)
    found = problems_of(files, _known(args.parents), lists_with(args.lists))
    if args.json:
        print(msgspec.json.encode(found).decode())
    else:
        _tell(args.folder, files, found)
    return FAILED if failed(found) else DONE


def _tell(folder: Path, files: Mapping[str, str], found: Sequence[Problem]) -> None:
    for one in found:
        print(f"{one.where}: {_SEVERITY[one.severity]} [{one.code}]")
        for line in (one.zh, one.en, f"→ {one.mend}", f"→ {one.mend_en}"):
            print(f"{_INDENT}{line}")
    counts = {s: sum(p.severity == s for p in found) for s in _SEVERITY}
    told = ", ".join(f"{counts[s]} {_SEVERITY[s]}" for s in _SEVERITY)
    if failed(list(found)):
        print(f"{folder}: 有错误，须改正 to be mended; {told}")
        return
    pack = load_pack(files)
    size = f"{len(pack.rows)} rows, {len(pack.document.rule)} rules, {len(pack.cases)} cases"
    print(f"{pack.id}: 格式正确 well-formed; {size}; {told}; {pack.digest}")


def test(args: argparse.Namespace) -> int:
    """Run the cases of packs, and name the enforced rules that no case meets or none misses."""
    known = _known(args.parents)
    wanted = [load_pack(_files(folder)) for folder in args.folder]
    if not wanted and not args.all:
        raise CommandError("请给出文件夹，或用 --all / name a folder, or use --all")
    known |= {pack.id: pack for pack in wanted}
    tested = [*wanted, *(packs().values() if args.all else ())]
    failures = 0
    for pack in tested:
        results = run_cases(pack, rulebook(pack.id, known, SEEDS, lists=lists_with(args.lists)))
        failures += _results(pack, results, missing_cases(pack, results))
    return FAILED if failures else DONE


def _results(pack: Pack, results: Sequence[Result], missing: Sequence[Missing]) -> int:
    wrong = [r for r in results if r.failures]
    pending = [r for r in results if r.pending]
    passed = len(results) - len(wrong) - len(pending)
    print(f"{pack.id}: {passed} 通过 passed, {len(wrong)} 不符 failed, {len(pending)} 待办 pending")
    for result in wrong:
        for failure in result.failures:
            print(f"  {result.case}: {failure}")
    for one in missing:
        print(f"  {one.rule}: 缺少{SIDES_ZH[one.side]}用例 no {one.side} case")
    return len(wrong) + len(missing)


def compare(args: argparse.Namespace) -> int:
    """What the second pack, or folder of lists, changes against the first."""
    changes = _changes(args.before, args.after)
    if args.json:
        print(msgspec.json.encode(changes).decode())
        return DONE
    if not changes:
        print("没有变动" if not args.en else "nothing changed")
    for change in changes:
        print(change.en if args.en else change.zh)
    return DONE


def _changes(before: str, after: str) -> list[Change]:
    folders = [Path(before), Path(after)]
    if all((folder / CATALOGUE).is_file() for folder in folders):
        old, new = ({one.id: one for one in load_lists(folder)} for folder in folders)
        return diff_lists(old, new)
    lists = {one.id: one for one in lists_with(None)}
    packs_told = [load_pack(_files_of(word)) for word in (before, after)]
    return diff(packs_told[0], packs_told[1], (lists, lists))


def lists_with(folder: Path | None) -> list[MatterList]:
    """The lists that came with the program, and those of a folder in place of their like."""
    own = load_lists(folder) if folder is not None else []
    theirs = [one for one in load_lists(SEEDS / "lists") if one.id not in {o.id for o in own}]
    return [*theirs, *own]


def _known(folder: Path | None) -> dict[str, Pack]:
    """The packs that came with the program, and those of a folder, which may hold one or many."""
    known = packs()
    if folder is not None:
        if not folder.is_dir():
            raise CommandError(f"没有这个文件夹 no such folder: {folder}")
        single = (folder / "pack.toml").is_file()
        here = {p.id: p for p in (load_pack(read_folder(folder)),)} if single else packs(folder)
        known |= here
    return known


def _files(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise CommandError(f"没有这个文件夹 no such folder: {folder}")
    return read_folder(folder)


def _files_of(word: str) -> dict[str, str]:
    """The files of a pack named by folder, by the id of one that came, or of one published."""
    if Path(word).is_dir():
        return read_folder(Path(word))
    if (PACKS / word / "pack.toml").is_file():
        return read_folder(PACKS / word)
    with opened(settings()) as office:
        for county in office.store.reader.partitions():
            for held in office.store.reader.find(PublishedPack, county):
                if held.id == word and held.state is PackState.PUBLISHED:
                    return dict(held.files)
    raise CommandError(f"没有这个文件夹或规则包 no such folder or pack: {word}")
