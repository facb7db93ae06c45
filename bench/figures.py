"""数字 one measured figure: what it is, at what scale, against what, and whether that is the goal."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

LATEST = Path(__file__).with_name("latest.json")
_THOUSAND = 1_000


@dataclass(frozen=True, kw_only=True)
class Figure:
    """一项数字. ``scale`` says at how many rows or facts; without it the number means little."""

    name: str
    value: float
    unit: str
    scale: str
    baseline: float | None = None
    """The same work by the plain means named in ``scale``, in the same run and unit."""
    turns: tuple[float, ...] = ()
    """Ratios of single turns, where both were measured in turns: their middle is the ratio."""
    goal: float | None = None
    """Of the ratio where there is a baseline, else of the value."""
    wants: Literal["more", "less"] = "more"

    @property
    def ratio(self) -> float | None:
        """How many times better than the baseline: above one is better."""
        if self.baseline is None:
            return None
        if self.turns:
            return median(self.turns)
        if self.wants == "more":
            return self.value / self.baseline
        return self.baseline / self.value

    @property
    def verdict(self) -> str:
        """``ok`` or ``short``; ``-`` where nothing is aimed at."""
        if self.goal is None:
            return "-"
        if self.ratio is not None:
            return "ok" if self.ratio >= self.goal else "short"
        met = self.value >= self.goal if self.wants == "more" else self.value <= self.goal
        return "ok" if met else "short"

    def line(self) -> str:
        """``name  value  unit  baseline  ratio  goal  ok|short``, then the scale."""
        cells = (
            f"{self.name:<34}", f"{_short(self.value):>10}", f"{self.unit:<11}",
            f"{_short(self.baseline):>10}", f"{_short(self.ratio):>8}", f"{_short(self.goal):>7}",
            f"{self.verdict:<5}", f"# {self.scale}",
        )  # fmt: skip
        return "  ".join(cells)


HEADER = (
    f"{'name':<34}  {'value':>10}  {'unit':<11}  {'baseline':>10}  {'ratio':>8}  {'goal':>7}  "
    f"{'':<5}  # scale"
)


@dataclass
class Board:
    """数字板: prints each figure as it comes and keeps all for ``latest.json``."""

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        """Print and keep one figure."""
        self.figures.append(figure)
        print(figure.line(), flush=True)

    def note(self, text: str) -> None:
        """Say something about the run; kept with the figures."""
        self.notes.append(text)
        print(f"# {text}", flush=True)

    def keep(self, path: Path = LATEST) -> None:
        """Write ``latest.json``."""
        told = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "notes": self.notes,
            "figures": [
                {**asdict(f), "ratio": f.ratio, "verdict": f.verdict} for f in self.figures
            ],
        }
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def machine() -> str:
    """The machine in one line: cores, memory, Python, and how busy it was before we came."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB, {platform.machine()}, "
        f"Python {platform.python_version()}, load before {os.getloadavg()[0]:.1f}"
    )


def at_share(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return float(statistics.median(values))


def _short(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= _THOUSAND else f"{value:.3g}"
