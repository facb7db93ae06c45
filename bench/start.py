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
        folder, compiled = Path(name) / "var", Path(name) / "compiled"
        cold = _ready(folder, compiled)
        warm = min(_ready(folder, compiled) for _ in range(3))
    board.add(Figure(
        name="cold start", value=cold, unit="s", goal=COLD_GOAL, wants="less",
        scale="empty folder to /readyz: migration, seeds, demo county; packages installed",
    ))  # fmt: skip
    board.add(Figure(
        name="warm start", value=warm, unit="s", goal=WARM_GOAL, wants="less",
        scale="the same folder again to /readyz, compiled by the start before, best of three",
    ))  # fmt: skip


def _ready(folder: Path, compiled: Path) -> float:
    """Seconds to ready. What the first start compiles the next one finds, as where it is installed,
    whatever this machine says of its own files."""
    port = free_port()
    told = settings(folder, port) | {"PYTHONPYCACHEPREFIX": str(compiled)}
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with running(SERVE, port, told):
        return time.perf_counter() - began
