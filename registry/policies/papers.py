"""公文用语 what papers say: the shipped wording, and a pack's own in its place, kind by kind.

A paragraph is a template: ``{name}`` is filled in with a fact of the paper; one with a fact that is
empty is left out whole, so that no paper says 「」.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec

from registry.domain.records import Wire

_PAGE = Path(__file__).with_name("papers.toml")


class Wording(Wire, frozen=True, kw_only=True):
    """公文用语 of one kind of paper; what a pack leaves out stays as shipped."""

    title: str | None = None
    to: str | None = None
    body: list[str] | None = None
    closing: list[str] | None = None
    signing: list[str] | None = None
    copies: str | None = None


class PaperRule(Wire, frozen=True, kw_only=True):
    """公文: the head of papers, and the words of each kind."""

    red_head: str | None = None
    """发文机关标志, e.g. ``{body}文件``; absent = none is printed."""
    of: dict[str, Wording] = {}


class Shipped(Wire, frozen=True, kw_only=True):
    """随附用语: the words of a kind, and the facts that may stand in them."""

    facts: list[str]
    title: str
    to: str = ""
    body: list[str] = []
    closing: list[str] = []
    signing: list[str] = []
    copies: str = ""


@cache
def shipped_words() -> dict[str, Shipped]:
    """The shipped wording by kind."""
    read = tomllib.loads(_PAGE.read_text("utf-8"))
    return {kind: msgspec.convert(said, Shipped) for kind, said in read.items()}


class Said(Wire, frozen=True, kw_only=True):
    """成文: the words of one paper, filled in."""

    title: str
    to: str
    body: list[str]
    closing: list[str]
    signing: list[str]
    copies: str
    red_head: str


def said(rules: Sequence[PaperRule | None], kind: str, facts: Mapping[str, str]) -> Said:
    """The words of a paper: those of the nearest pack that has any of its own, else as shipped.

    Args:
        rules: what each pack says of papers, the county's own first.
    """
    page = shipped_words()[kind]
    own = [rule for rule in rules if rule is not None]
    told: dict[str, Any] = {name: getattr(page, name) for name in _FIELDS}
    for rule in reversed(own):
        if kind in rule.of:
            given = {name: getattr(rule.of[kind], name) for name in _FIELDS}
            told |= {name: value for name, value in given.items() if value is not None}
    head = next((rule.red_head for rule in own if rule.red_head is not None), "")
    filled = {
        n: _filled(v, facts) if isinstance(v, list) else _one(v, facts) for n, v in told.items()
    }
    return msgspec.convert(filled | {"red_head": _one(head, facts)}, Said)


_FIELDS = tuple(Wording.__struct_fields__)


def _filled(templates: list[str], facts: Mapping[str, str]) -> list[str]:
    return [line for template in templates if (line := _one(template, facts))]


def _one(template: str, facts: Mapping[str, str]) -> str:
    """A template filled in; empty where a fact of it is."""
    names = _names(template)
    if any(not facts.get(name) for name in names):
        return ""
    return "".join(
        text + (facts[name] if name is not None else "")
        for text, name, _, _ in Formatter().parse(template)
    )


def _names(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def paper_faults(rule: PaperRule | None) -> Iterator[tuple[str, str]]:
    """Every word of a pack's papers that could not be printed: the text, and what is wrong."""
    if rule is None:
        return
    if rule.red_head is not None:
        yield from _template_faults("red_head", rule.red_head, ["body"])
    known = shipped_words()
    for kind, wording in rule.of.items():
        if kind not in known:
            yield kind, f"papers.of.{kind}: no such paper; one of: {' '.join(known)}"
            continue
        for name in _FIELDS:
            value = getattr(wording, name)
            for template in [value] if isinstance(value, str) else value or []:
                yield from _template_faults(f"{kind}.{name}", template, known[kind].facts)


def _template_faults(where: str, template: str, facts: list[str]) -> Iterator[tuple[str, str]]:
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        yield template, f"papers.{where}: {error}"
        return
    for _, name, width, conversion in parts:
        if name is not None and (name not in facts or width or conversion):
            yield template, f"papers.{where}: {{{name}}} is none of: {' '.join(facts)}"
