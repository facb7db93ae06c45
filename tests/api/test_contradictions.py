"""说法: what a form refuses is said in Chinese; what a money field takes has a Chinese name."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from registry.api.acts import ACTS
from registry.api.choices import choices
from registry.api.shapes import in_chinese

DOMAIN = Path("registry/domain")


def _contradictions() -> Iterator[str]:
    """What the types of the domain say of fields that contradict each other; figures as 1."""
    for path in sorted(DOMAIN.glob("*.py")):
        for made in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(made, ast.FunctionDef) and made.name == "__post_init__":
                for node in ast.walk(made):
                    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                        yield _told(node.exc.args[0])


def _told(argument: ast.expr) -> str:
    if isinstance(argument, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "1" for part in argument.values
        )
    return str(ast.literal_eval(argument))


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("reason", sorted(set(_contradictions())))
def test_every_contradiction_is_said_in_chinese(reason: str) -> None:
    assert _is_chinese(in_chinese(reason))


def _paths(form: Any, at: str = "$") -> Iterator[str]:
    for field in msgspec.structs.fields(form):
        here = f"{at}.{field.encode_name}"
        yield here
        inner = getattr(field.type, "__origin__", field.type)
        for held in (inner, *getattr(inner, "__args__", ())):
            if isinstance(held, type) and issubclass(held, msgspec.Struct):
                yield from _paths(held, here if held is inner else f"{here}[0]")


@pytest.mark.parametrize("act", [a for a in ACTS if a.money and a.command], ids=lambda a: a.act)
def test_every_word_that_a_money_field_takes_has_a_chinese_name(act: Any) -> None:
    nameless = {
        path: bare
        for path in _paths(act.command)
        if (bare := [value for value, name in choices(act.command, path) if not name])
    }
    assert nameless == {}
