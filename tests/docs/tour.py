"""A page's commands, as a reader would paste them: the bash blocks between its tour marks."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
_TOUR = re.compile(r"^<!-- tour -->$(.*?)^<!-- /tour -->$", re.M | re.S)
_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.M | re.S)


class Served:
    """A serving registry and how the tour's variables name it."""

    def __init__(self, port: int, folder: Path) -> None:
        self.base, self.folder = f"http://127.0.0.1:{port}", folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")},
            "BASE": self.base, "DATA": str(folder), "PYTHON": sys.executable,
        }  # fmt: skip
        self.settings = {
            "REGISTRY_MODE": "demo", "REGISTRY_PORT": str(port), "REGISTRY_DATA_DIR": str(folder),
        }  # fmt: skip

    def run(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Feed commands to bash line by line, as pasting does; the first failure ends it."""
        return subprocess.run(
            ["bash", "-eu", "-o", "pipefail"], input=commands, cwd=ROOT, env=self.environment,
            capture_output=True, text=True, timeout=150, check=False,
        )  # fmt: skip


def commands(page: Path) -> str:
    """Every command of the tour, in order; empty where the page has none."""
    tours = _TOUR.findall(page.read_text("utf-8"))
    return "\n".join(block for tour in tours for block in _BLOCK.findall(tour))
