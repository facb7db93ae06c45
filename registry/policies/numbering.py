"""文号 templates of a pack: what may stand in one, which series it counts in, how a number reads.

The series is the template itself with area and body filled in： whoever writes the same text counts
on in the same series, in this pack or a later one, and no number comes twice.
"""

import re
from collections.abc import Collection
from string import Formatter

from registry.domain.approval import DecisionKind
from registry.domain.records import Wire
from registry.domain.serial import Paper

PLACEHOLDERS = ("year", "serial", "area", "body")
_WIDTH = re.compile(r"0[1-9]")
_BESIDE_DIGIT = re.compile(r"[0-9]\{serial|\{serial[^}]*\}[0-9]")


class Numbering(Wire, frozen=True, kw_only=True):
    """编号: ``{year}`` and ``{serial}`` are filled in; each template has a series of its own."""

    decision: str
    of: dict[str, str] = {}
    """Templates for one kind of decision (``admitted`` …), one body (``street`` …), or another
    paper (``slip`` …), which has no number where none is given."""


def fault_of(template: str) -> str:
    """What is wrong with a template; empty = nothing."""
    try:
        parts = [part for part in Formatter().parse(template) if part[1] is not None]
    except ValueError as error:
        return f"numbering {template!r}: {error}"
    for _, name, width, conversion in parts:
        if name not in PLACEHOLDERS or conversion:
            known = " ".join(f"{{{p}}}" for p in PLACEHOLDERS)
            return f"numbering {template!r}: {{{name}}} is none of: {known}"
        if width and (name != "serial" or not _WIDTH.fullmatch(width)):
            return f"numbering {template!r}: only {{serial}} takes a width, such as {{serial:04}}"
    if [name for _, name, _, _ in parts].count("serial") != 1:
        return f"numbering {template!r}: {{serial}} must stand in it once"
    if _BESIDE_DIGIT.search(template):
        return f"numbering {template!r}: a digit beside {{serial}} makes two numbers read alike"
    return ""


def numbering_faults(numbering: Numbering | None, bodies: Collection[str]) -> list[tuple[str, str]]:
    """Every template that cannot be used, or would never be: the template, and what is wrong.

    Args:
        bodies: keys of the bodies the pack knows.
    """
    if numbering is None:
        return []
    templates = (numbering.decision, *numbering.of.values())
    wrong = [(template, fault) for template in templates if (fault := fault_of(template))]
    known = {*bodies, *(kind.value for kind in (*DecisionKind, *Paper))}
    idle = [(template, key) for key, template in numbering.of.items() if key not in known]
    return wrong + [
        (template, f"numbering {key}: neither a kind of decision or paper nor a body of this pack")
        for template, key in idle
    ]


def template_for(numbering: Numbering, kind: DecisionKind, body: str) -> str:
    """The template for a decision: the body's own, else the kind's, else the common one."""
    return numbering.of.get(body) or numbering.of.get(kind.value) or numbering.decision


def yearly(template: str) -> bool:
    """Whether the series begins anew each year; without the year in it, it runs on."""
    return "{year}" in template


def series_of(template: str, *, area: str, body: str) -> str:
    """The series a template counts in, with area and body filled in and the width left out."""
    plain = re.sub(r"\{serial[^}]*\}", "{serial}", template)
    return plain.replace("{area}", area).replace("{body}", body)


def number_of(template: str, *, year: int, serial: int, area: str, body: str) -> str:
    """The number as it stands on the decision."""
    return template.format(year=year, serial=serial, area=area, body=body)
