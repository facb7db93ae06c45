"""待办用例 cases that are written and wait: counted in one line at the end of every test run."""

from collections import Counter

from registry.policies.cases import read_cases
from registry.policies.examples import packs


def pending_line() -> str:
    """``N cases pending: <issue>: n; …``, or an empty line's worth of nothing where none wait."""
    waiting = Counter(
        case.pending
        for pack in packs().values()
        for case in read_cases(pack)
        if case.expect is None
    )
    if not waiting:
        return ""
    told = "; ".join(f"{issue}: {count}" for issue, count in sorted(waiting.items()))
    return f"{waiting.total()} cases pending: {told}"
