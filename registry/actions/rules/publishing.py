"""发布 a draft is brought in, and published by a second person once its exact bytes are proven.

Lists and calendars enter the store here too.
"""

from collections.abc import Iterable
from functools import cache
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.rules.packs import seen
from registry.actions.rules.signing import county_paths, sign_second
from registry.domain.calendar import CalendarYear, read_calendar_csv
from registry.domain.catalogue import MatterList
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.pack import (
    PackRun,
    PackState,
    PublishedPack,
    Ratification,
    missing_runs,
)
from registry.domain.records import NATION, Ident, Wire
from registry.domain.vocabulary import Grade
from registry.policies.drafting.lint_pack import check_identity
from registry.policies.drafting.skeleton import unfilled
from registry.policies.examples import PACKS
from registry.policies.loader import PackError, digest_of, load_pack, read_folder
from registry.policies.pack import Pack
from registry.store.counting import hold

BROKEN = declare(
    "pack.broken", RefusalKind.INVALID, "规则包有误：{file} 第 {line} 行第 {column} 列：{message}",
    "The pack is wrong at {file}:{line}:{column}: {message}", recorded=True,
)  # fmt: skip
FOREIGN = declare(
    "pack.jurisdiction", RefusalKind.INVALID, "规则包属于 {jurisdiction}，不属于本级",
    "The pack belongs to {jurisdiction}, not here.", recorded=True,
)  # fmt: skip
PUBLISHED = declare(
    "pack.published", RefusalKind.CONFLICT, "规则包已发布，不能再改", "A published pack is fixed.",
    recorded=True,
)  # fmt: skip
CELLS = declare(
    "import.cells", RefusalKind.INVALID, "表格有 {count} 处错误，未导入任何一行",
    "The sheet has {count} errors; no row was imported.", recorded=True,
)  # fmt: skip


UNPROVEN = declare(
    "pack.unproven", RefusalKind.INVALID, "规则包的现有内容尚未通过：{missing}",
    "These very bytes have not passed: {missing}.", recorded=True,
)  # fmt: skip
UNSOUND = declare(
    "pack.unsound", RefusalKind.INVALID, "规则包有 {count} 处须先改正：{first}",
    "The pack has {count} things to mend first: {first_en}", recorded=True,
)  # fmt: skip
UNFILLED = declare(
    "pack.unfilled", RefusalKind.INVALID, "规则包还有 {count} 处底稿文字没有改成本地的规定：{places}",
    "In {count} places the skeleton's own words still stand: {places}.", recorded=True,
)  # fmt: skip
PAPERS = declare(
    "pack.papers", RefusalKind.INVALID, "发布所需材料不齐：{missing}",
    "What publishing needs is not all there: {missing}.", recorded=True,
)  # fmt: skip
EVIDENCE = declare(
    "pack.document", RefusalKind.INVALID, "附件 {document} 不是本规则包的附件",
    "Document {document} was not uploaded for this pack.", recorded=True,
)  # fmt: skip
REPORTED = declare(
    "pack.reported", RefusalKind.INVALID, "以下规则只依据报道，须核对原文并明确确认后方可发布：{named}",
    "These rules rest on a report only; confirm them before they decide: {named}.", recorded=True,
)  # fmt: skip
EFFECTIVE = declare(
    "pack.effective", RefusalKind.INVALID, "施行日 {effective_from} 不行：{why}",
    "The first day {effective_from} will not do: {why_en}.", recorded=True,
)  # fmt: skip


class ProposeCommand(Wire, frozen=True, kw_only=True):
    """提交规则包草案."""

    files: Annotated[dict[str, str], msgspec.Meta(min_length=2, max_length=50)]
    document_number: Annotated[str, msgspec.Meta(max_length=80)] = ""


class PublishCommand(Wire, frozen=True, kw_only=True):
    """发布规则包."""

    document_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """文号 of the instrument; may have been given with the draft."""
    document_id: Ident | None = None
    """The instrument's file, uploaded for this pack."""
    ratification: Ratification | None = None
    confirm_reported: bool = False
    """The second signature under the rules that rest on a report only (报道)."""


def propose(desk: Desk, command: ProposeCommand) -> Answer:
    """Bring in a draft, or replace one; the strict loader refuses anything mistyped."""
    desk.authorise("pack.propose", paths=county_paths(desk))
    try:
        pack = load_pack(command.files)
    except PackError as error:
        raise Refusal(BROKEN, file=error.file, line=error.line, column=error.column,
                      message=error.message) from error  # fmt: skip
    identity = pack.document.pack
    if identity.jurisdiction != desk.unit.county:
        raise Refusal(FOREIGN, jurisdiction=identity.jurisdiction)
    held = desk.unit.maybe(PublishedPack, identity.id, lock=True)
    if held is not None and held.state is not PackState.PROPOSED:
        raise Refusal(PUBLISHED)
    made = PublishedPack(
        county=desk.unit.county, id=identity.id, name=identity.name, level=identity.level,
        state=PackState.PROPOSED, parent=identity.parent, digest=pack.digest,
        effective_from=identity.effective_from, effective_to=identity.effective_to,
        document_number=command.document_number, files=command.files,
        proposed_by=desk.actor.person_id,
        proposed_for=desk.on_behalf_of,
    )  # fmt: skip
    fields = {
        n: getattr(made, n) for n in made.__struct_fields__ if n not in ("county", "id", "version")
    }
    kept = desk.unit.add(made) if held is None else desk.unit.change(held, **fields)
    desk.about(kept)
    desk.pack = pack.digest
    return seen(desk, kept)


def publish(
    desk: Desk, id: str, version: int | None, command: PublishCommand | None = None
) -> Answer:
    """Put a proven draft in force: by another person than who proposed it, with its papers."""
    given = command or PublishCommand()
    held = desk.unit.get(PublishedPack, id, lock=True)
    desk.about(held)
    sign_second(desk, "pack.publish", held.proposed_by, held.proposed_for)
    if held.state is not PackState.PROPOSED:
        raise Refusal(PUBLISHED)
    desk.check_version(held, version)
    pack = load_pack(held.files)
    _check_sound(desk, pack, held)
    if missing := missing_runs(held, desk.unit.find(PackRun, pack_id=id)):
        raise Refusal(UNPROVEN, missing="、".join(kind.value for kind in missing))
    if places := unfilled(held.files):
        raise Refusal(UNFILLED, count=len(places), places="、".join(places))
    _check_day(desk, held)
    number = given.document_number or held.document_number
    _check_papers(desk, pack, msgspec.structs.replace(given, document_number=number))
    reported = [r.id for r in pack.document.rule if r.decides and r.grade is Grade.REPORTED]
    if reported and not given.confirm_reported:
        raise Refusal(REPORTED, named="、".join(reported))
    changed = desk.unit.change(
        held, state=PackState.PUBLISHED, published_by=desk.actor.person_id,
        document_number=number, document_id=given.document_id, ratification=given.ratification,
        confirmed=reported,
    )  # fmt: skip
    desk.about(changed)
    desk.pack = held.digest
    return seen(desk, changed)


def _check_sound(desk: Desk, pack: Pack, held: PublishedPack) -> None:
    """Parents and dates as they stand today: they may have changed since the check."""
    text, known = held.files["pack.toml"], desk.office.rulebooks.known(held.county)
    wrong = [p for p in check_identity(pack, text, known) if p.severity == "error"]
    if wrong:
        raise Refusal(UNSOUND, count=len(wrong), first=wrong[0].zh, first_en=wrong[0].en,
                      problems=msgspec.to_builtins(wrong))  # fmt: skip


def _check_day(desk: Desk, held: PublishedPack) -> None:
    """A pack may not reach back, except the first that a jurisdiction ever has: what was done
    before it was done under no rules of its own."""
    # Two packs published at once must not begin on one day: the second sees the first.
    hold(desk.unit.connection, desk.unit.county, "pack.publish")
    others = [
        p for p in desk.unit.find(PublishedPack)
        if p.id != held.id and p.state is not PackState.PROPOSED
    ]  # fmt: skip
    day = held.effective_from
    if any(p.effective_from == day for p in others):
        raise Refusal(EFFECTIVE, effective_from=day, why="本级已有规则包自同日施行",
                      why_en="another pack of this jurisdiction begins that day")  # fmt: skip
    if others and day < desk.today:
        raise Refusal(EFFECTIVE, effective_from=day, why="本级已有规则包，新包不得溯及既往",
                      why_en="a later pack may not reach back")  # fmt: skip


def _check_papers(desk: Desk, pack: Pack, given: PublishCommand) -> None:
    level = _ratifying(desk, pack)
    missing = [] if given.document_number.strip() else ["文号 document_number"]
    if given.document_id is None and not _known_text(pack):
        missing.append("红头文件 document_id")
    ratified = given.ratification.level if given.ratification else None
    if level is not None and ratified != level:
        missing.append(f"上级审定文件 ratification ({level})")
    if missing:
        raise Refusal(PAPERS, missing="、".join(missing))
    papers = [given.document_id, given.ratification.document_id if given.ratification else None]
    _check_documents(desk, pack.id, (paper for paper in papers if paper is not None))


def _check_documents(desk: Desk, pack_id: str, ids: Iterable[str]) -> None:
    for id in ids:
        found = desk.unit.maybe(Document, id)
        if found is None or (found.parent_kind, found.parent_id) != ("pack", pack_id):
            raise Refusal(EVIDENCE, document=id)


def _ratifying(desk: Desk, pack: Pack) -> str | None:
    """The level that must ratify: as the pack says, or the nearest pack above that ratifies what
    stands below it."""
    own = pack.document.pack
    if own.ratified_by not in (None, own.level):
        return own.ratified_by
    books, day = desk.office.rulebooks, own.effective_from
    higher = (p.document.pack for p in books.drafted(desk.unit.county, pack, day).overlay.packs[1:])
    return next((one.level for one in higher if one.ratified_by == one.level), None)


def _known_text(pack: Pack) -> bool:
    """Test material has no instrument, and the national base cites laws that everybody can read:
    as it was shipped, it needs no file."""
    identity = pack.document.pack
    return identity.fixture or (identity.jurisdiction == NATION and pack.digest in _shipped())


@cache
def _shipped() -> frozenset[str]:
    return frozenset(digest_of(read_folder(f)) for f in PACKS.iterdir() if f.is_dir())


def put_list(desk: Desk, one: MatterList) -> Answer:
    """Keep a list, as a first version or the next."""
    desk.authorise("list.import", paths=county_paths(desk))
    held = desk.unit.maybe(MatterList, one.id)
    if held is None:
        kept = desk.unit.add(one)
    else:
        fields = {
            n: getattr(one, n)
            for n in one.__struct_fields__
            if n not in ("county", "id", "version")
        }
        kept = desk.unit.change(held, **fields)
    desk.about(kept)
    return Answer(body={"id": kept.id, "items": len(kept.items)}, version=kept.version)


def put_calendar(desk: Desk, data: bytes) -> Answer:
    """Bring in a year's holiday table; provisional dates are recomputed by ``tick``."""
    desk.authorise("calendar.import", paths=county_paths(desk))
    table, errors = read_calendar_csv(data)
    if errors or table is None:
        raise Refusal(CELLS, count=len(errors), errors=msgspec.to_builtins(errors))
    held = desk.unit.maybe(CalendarYear, f"calendar.{table.year}")
    if held is None:
        kept = desk.unit.add(
            CalendarYear(county=desk.unit.county, id=f"calendar.{table.year}", year=table.year,
                         days=table.days)
        )  # fmt: skip
    else:
        kept = desk.unit.change(held, days=table.days)
    desk.about(kept)
    return Answer(body={"year": kept.year, "days": len(kept.days)}, version=kept.version)
