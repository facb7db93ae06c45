"""启动 from nothing to ready, and from yesterday's data to ready."""

import tempfile
import time
from pathlib import Path

from bench.figures import Board, Figure
from bench.programs import free_port, running, settings

SERVE = ["-m", "registry", "serve"]
COLD_GOAL, WARM_GOAL = 60.0, 2.0


def run(board: Board) -> None:
    """Print cold and warm start."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name) / "var"
        cold = _ready(folder)
        warm = min(_ready(folder) for _ in range(3))
    board.add(Figure(
        name="cold start", value=cold, unit="s", goal=COLD_GOAL, wants="less",
        scale="empty folder to /readyz: migration, seeds, demo county; packages installed",
    ))  # fmt: skip
    board.add(Figure(
        name="warm start", value=warm, unit="s", goal=WARM_GOAL, wants="less",
        scale="the same folder again to /readyz, best of three",
    ))  # fmt: skip


def _ready(folder: Path) -> float:
    port = free_port()
    began = time.perf_counter()
    with running(SERVE, port, settings(folder, port)):
        return time.perf_counter() - began
