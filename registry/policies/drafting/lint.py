"""规则包检查 everything wrong with a pack at once: where, what, how to mend it.

Start at ``check``. A pack that cannot be read at all still tells every line that cannot be read.
"""

from collections.abc import Mapping, Sequence

from registry.domain.catalogue import MatterList
from registry.policies.drafting.lint_lists import check_lists
from registry.policies.drafting.lint_pack import (
    ancestors,
    check_flows,
    check_identity,
    check_numbers,
    check_rules,
)
from registry.policies.drafting.lint_rows import check_rows
from registry.policies.drafting.problems import Problem, failed, from_error, in_order
from registry.policies.loader import gather
from registry.policies.pack import Pack

__all__ = ["Problem", "check", "failed", "lint"]


def check(
    files: Mapping[str, str], known: Mapping[str, Pack], lists: Sequence[MatterList] | None
) -> list[Problem]:
    """Every problem of a pack, the errors first.

    Args:
        files: relative path → text of the pack's files.
        known: packs by id among which its parents are looked for.
        lists: every list there is; ``None`` = lists are not looked at.
    """
    pack, errors = gather(files)
    found = [from_error(error) for error in errors]
    if pack is not None:
        found += lint(pack, files["pack.toml"], known, lists=lists)
    return in_order(found)


def lint(
    pack: Pack, text: str, known: Mapping[str, Pack], *, lists: Sequence[MatterList] | None
) -> list[Problem]:
    """What is odd about a pack that could be read; ``text`` is its pack.toml."""
    above, _ = ancestors(pack, known)
    lifted = {
        name for p in (pack, *above) for r in p.document.rule if r.decides for name in r.lifts
    }  # fmt: skip
    found = [
        *check_identity(pack, text, known),
        *check_rules(pack, text, above),
        *check_rows(pack, lifted),
        *check_flows(pack, text, above),
        *check_numbers(pack, text),
    ]
    if lists is not None:
        found += check_lists(pack, text, above, lists)
    return found
