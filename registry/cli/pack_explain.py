"""规则包说明 pack explain: why a filing is answered so under a pack, and what would let it pass."""

import argparse
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from registry.actions.seeding import SEEDS
from registry.cli.entry import DONE, CommandError
from registry.cli.pack_draft import lists_with
from registry.clock import wall_clock
from registry.domain.filing import Filing
from registry.domain.records import civil
from registry.domain.vocabulary import Gate, Level, OrganisationKind
from registry.policies.case import Case
from registry.policies.cases import NEUTRAL, read_cases
from registry.policies.examples import packs, rulebook
from registry.policies.explaining.explain import Explanation, Matched, explain
from registry.policies.explaining.remedy import Question, Way
from registry.policies.loader import load_pack, read_folder
from registry.policies.measuring.facts import Matter
from registry.policies.overlay import Governing
from registry.policies.pack import Pack

_NEAREST = 5
"""Rules that nearly matched: as many are printed; ``--json`` gives all."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The pack, and what is asked of it."""
    parser.add_argument("pack", help="文件夹或随附包编号 a folder, or a shipped pack's id")
    parser.add_argument("--parents", type=Path, help="上级规则包所在文件夹 a folder of packs above")
    parser.add_argument("--lists", type=Path, help="清单文件夹 a folder of lists")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--case", help="包内用例编号 one of its cases")
    asked.add_argument("--filing", type=Path, help="申报内容文件 a filing, .json or .toml")
    parser.add_argument("--applicant", default=OrganisationKind.DEPARTMENT.value,
                        choices=[k.value for k in OrganisationKind],
                        help="申请单位类别 kind of applicant")  # fmt: skip
    parser.add_argument("--level", default=Level.COUNTY.value, choices=[x.value for x in Level],
                        help="申请单位层级 level of the applicant")  # fmt: skip
    parser.add_argument("--on", type=date.fromisoformat, help="申报之日 day of filing; today")
    parser.add_argument("--en", action="store_true", help="英文 in English")
    parser.add_argument("--json", action="store_true", help="给程序读 for programs")


def run(args: argparse.Namespace) -> int:
    """Explain one case or filing."""
    pack, known = _pack(args)
    question = _of_case(pack, args.case) if args.case else _of_file(args)
    book = rulebook(pack.id, known, SEEDS, lists=lists_with(args.lists))
    told = explain(book, question)
    if args.json:
        print(msgspec.json.encode(told).decode())
    else:
        print("\n".join(_page(told, en=args.en)))
    return DONE


def _pack(args: argparse.Namespace) -> tuple[Pack, dict[str, Pack]]:
    known = packs() | (packs(args.parents) if args.parents else {})
    if args.pack in known:
        return known[args.pack], known
    if not Path(args.pack).is_dir():
        raise CommandError(f"没有这个规则包 no such pack or folder: {args.pack}")
    pack = load_pack(read_folder(Path(args.pack)))
    return pack, known | {pack.id: pack}


def _of_case(pack: Pack, id: str) -> Question:
    """A case as a question; facts that it pins are taken as the case states them."""
    case: Case | None = next((c for c in read_cases(pack) if c.id == id), None)
    if case is None:
        raise CommandError(f"{pack.id} 没有这个用例 has no case {id}")
    pinned = {k: v for k, v in case.facts.items() if k not in ("ground", "match")}
    grounds = {}
    if case.facts.get("ground", "none") != "none":
        grounds = {case.facts["ground"]: (case.facts.get("match", "exact"), list[str]())}
    matter = Matter(
        gate=case.gate, filing=msgspec.convert(NEUTRAL | case.request, Filing),
        applicant_kind=case.applicant.kind, applicant_level=case.applicant.level,
        applied=case.on, state=pinned, grounds=grounds,
    )  # fmt: skip
    dates = Governing(
        applied=case.on, decided=case.decided or case.on, entered=case.entered or case.on
    )
    return Question(matter=matter, dates=dates)


def _of_file(args: argparse.Namespace) -> Question:
    filing = _filing(args.filing)
    on = args.on or civil(wall_clock())
    matter = Matter(
        gate=Gate.FILE, filing=filing, applicant_kind=OrganisationKind(args.applicant),
        applicant_level=Level(args.level), applied=on,
    )  # fmt: skip
    entered = max(filing.starts_on or on, on)
    return Question(matter=matter, dates=Governing(applied=on, decided=on, entered=entered))


def _filing(path: Path) -> Filing:
    """A filing from a file; who asks and where may be left out.

    Raises:
        CommandError: not JSON or TOML, or not a filing, with the place.
    """
    try:
        text = path.read_text("utf-8")
        raw: dict[str, Any] = (
            msgspec.json.decode(text, type=dict) if path.suffix == ".json" else tomllib.loads(text)
        )
        return msgspec.convert(NEUTRAL | raw, Filing)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error


def _page(told: Explanation, *, en: bool) -> Iterator[str]:
    """The explanation as lines, Chinese unless asked otherwise."""
    yield told.sentence_en if en else told.sentence
    yield from _part("matched" if en else "命中的规则", told.matched, en=en)
    yield from _part("nearly matched" if en else "差一点命中", told.nearly[:_NEAREST], en=en)
    yield from _part("nearest item" if en else "最相近的清单事项", told.nearest, en=en)
    yield from _part("dates" if en else "日期的影响", told.turns, en=en)
    yield told.default_en if en else told.default
    if trial := told.trial_en if en else told.trial:
        yield trial
    if told.missing:
        yield f"{'still missing' if en else '尚未填写'}: {', '.join(told.missing)}"
    yield ("The way to yes: " if en else "通过办法：") + (
        told.ways.sentence_en if en else told.ways.sentence
    )
    for number, way in enumerate(told.ways.ways, start=1):
        yield f"  {number}. {way.sentence_en if en else way.sentence}"
        yield from _edits(way, en=en)


def _part(title: str, told: list[Any], *, en: bool) -> Iterator[str]:
    if told:
        yield f"{title}:"
        for one in told:
            rule = f"{one.rule} · " if isinstance(one, Matched) else ""
            yield f"  - {rule}{one.sentence_en if en else one.sentence}"


def _edits(way: Way, *, en: bool) -> Iterator[str]:
    for edit in way.edits:
        ask = edit.ask_en if en else edit.ask
        value = msgspec.json.encode(edit.value).decode()
        note = f"   ← {'fill in' if en else '须填写'}: {ask}" if ask else ""
        yield f"     {edit.path} = {value}{note}"
