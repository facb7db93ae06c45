"""No code for one place: what holds in one jurisdiction stands in its pack, not in the program."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.source import ROOM, modules, name

PACKS = ROOM / "policies" / "packs"
# National rules and demo material are named by their own tests and by the seeder's data.
NO_PLACE = {"000000"}
PROVINCES = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东"
    "|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)


@cache
def _identities() -> list[dict[str, str]]:
    """[pack] of every real place's pack."""
    read = (tomllib.loads(p.read_text("utf-8"))["pack"] for p in PACKS.glob("*/pack.toml"))
    return [p for p in read if p["jurisdiction"] not in NO_PLACE and not p.get("fictional")]


def _strings(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Where, and what, of every string that is not a docstring."""
    alone = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield f"{name(path)}:{node.lineno}", node.value


def _data() -> Iterator[tuple[str, str]]:
    """Where, and what, of every line of the program's own tables, remarks left out."""
    for path in sorted(ROOM.rglob("*.toml")) + sorted(ROOM.rglob("*.c[so][vn]*")):
        if PACKS not in path.parents:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                yield f"{name(path)}:{number}", line.partition("#")[0]


def _said() -> Iterator[tuple[str, str]]:
    for path, tree in modules():
        yield from _strings(path, tree)
    yield from _data()


def test_there_are_real_packs_and_words_to_look_through() -> None:
    assert len(_identities()) >= 10
    read = {at.rpartition(":")[0] for at, _ in _said()}
    assert {"registry/policies/judge.py", "registry/policies/words.toml"} <= read


def test_no_pack_of_a_place_is_named_in_the_program() -> None:
    ids = {pack["id"] for pack in _identities()}
    assert [f"{at} {text}" for at, text in _said() if any(id in text for id in ids)] == []


def test_no_code_of_a_place_is_named_in_the_program() -> None:
    codes = {pack["jurisdiction"] for pack in _identities()}
    found = [f"{at} {text}" for at, text in _said() if codes & set(re.findall(r"\d{6,}", text))]
    assert found == []


def test_no_place_is_named_in_the_program() -> None:
    own = re.compile("|".join(sorted({pack["name"][:2] for pack in _identities()})))
    found = [f"{at} {text}" for at, text in _said() if PROVINCES.search(text) or own.search(text)]
    assert found == []


def test_no_function_is_written_for_one_place() -> None:
    """Names of packs are place names in Latin letters: none stands in a name of the program."""
    places = {part for pack in _identities() for part in re.findall(r"[a-z]{4,}", pack["id"])}
    places -= {"city"}
    found = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and any(place in node.name.lower() for place in places)
    ]
    assert "beijing" in places
    assert found == []
