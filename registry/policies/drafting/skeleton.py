"""规则包底稿 a new pack: a commented skeleton, or an existing pack under another name.

What it says is a placeholder to be changed by an officer; it states no number of its own.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template

from registry.domain.records import Wire

_FOLDER = Path(__file__).parent / "new_pack"
_ID = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,59}")
_CODE = re.compile(r"[0-9]{6}")
_OFFICE = {
    "county": "县（市、区）事项准入管理办公室〔待核 to be checked〕",
    "city": "市事项准入管理办公室〔待核 to be checked〕",
    "province": "省事项准入管理办公室〔待核 to be checked〕",
}


_UNFILLED = ("〔待填", "〔待核")


class SkeletonError(ValueError):
    """底稿有误: what was given cannot name a pack."""


class Start(Wire, frozen=True, kw_only=True):
    """底稿的身份."""

    id: str
    jurisdiction: str
    parent: str
    level: str
    effective: date
    name: str = ""
    redated: bool = False
    """Whether ``effective`` also takes the place of the first day of a pack begun from."""


def skeleton(start: Start, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Relative path → text of a new pack.

    Args:
        base: the files of a pack to begin from; ``None`` = the commented skeleton.

    Raises:
        SkeletonError: an id or a code that no pack can have.
    """
    if not _ID.fullmatch(start.id):
        raise SkeletonError(
            f"编号只用小写字母、数字和 - _ . / small letters, digits, - _ . only: {start.id}"
        )
    if not _CODE.fullmatch(start.jurisdiction):
        raise SkeletonError(f"区划代码是六位数字 / six digits: {start.jurisdiction}")
    if '"' in start.name or "\\" in start.name or not start.name.isprintable():
        raise SkeletonError("名称不能有引号、反斜线和控制字符 / no quotes or backslashes in a name")
    return _renamed(start, base) if base is not None else _fresh(start)


def unfilled(files: Mapping[str, str]) -> list[str]:
    """待填 where a skeleton's words still stand in for an officer's, as ``file:line``."""
    return [
        f"{name}:{number}"
        for name in sorted(files)
        for number, line in enumerate(files[name].splitlines(), start=1)
        if not line.lstrip().startswith("#") and any(mark in line for mark in _UNFILLED)
    ]


def _fresh(start: Start) -> dict[str, str]:
    words = {
        "id": start.id, "jurisdiction": start.jurisdiction, "level": start.level,
        "parent": start.parent, "prefix": start.id.upper(), "office": _OFFICE[start.level],
        "effective": start.effective.isoformat(),
        "name": start.name or "〔待填：规则包名称〕", "name_en": "to be filled in",
    }  # fmt: skip
    return {
        path.relative_to(_FOLDER).as_posix(): Template(path.read_text("utf-8")).substitute(words)
        for path in sorted(_FOLDER.rglob("*"))
        if path.is_file()
    }


def _renamed(start: Start, base: Mapping[str, str]) -> dict[str, str]:
    """Another pack's files, with an identity of their own."""
    text = base["pack.toml"]
    old = re.search(r'(?m)^id\s*=\s*"([^"]*)"', text)
    for field, value in (
        ("id", start.id), ("jurisdiction", start.jurisdiction), ("level", start.level),
        ("parent", start.parent), ("name", start.name),
    ):  # fmt: skip
        if value:
            text = re.sub(rf'(?m)^{field}\s*=\s*"[^"]*"', f'{field} = "{value}"', text, count=1)
    if start.redated:
        day = f"effective_from = {start.effective.isoformat()}"
        text = re.sub(r"(?m)^effective_from\s*=\s*[0-9-]+", day, text, count=1)
    # A copy is meant for a real place: it is no test material of ours any more.
    text = re.sub(r"(?m)^(fixture|fictional)\s*=\s*true\s*(#.*)?\n", "", text)
    origin = f"# 底稿取自 begun from: {old[1] if old else '?'}。逐条核对后再用 check every line before use.\n"
    return {**base, "pack.toml": origin + text}
