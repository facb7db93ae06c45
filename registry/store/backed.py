"""最近备份 when an installation was last backed up: one line beside the database, and in no backup."""

from datetime import datetime
from pathlib import Path

NAME = "last-backup"


def note(data_dir: Path, at: datetime) -> None:
    """Keep the moment of a backup that is whole on its disk."""
    waiting = data_dir / f"{NAME}.part"
    waiting.write_text(at.isoformat(), encoding="ascii")
    waiting.replace(data_dir / NAME)


def last(data_dir: Path) -> datetime | None:
    """The moment of the last one; ``None`` = none was taken here, as far as is known."""
    try:
        found = datetime.fromisoformat((data_dir / NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return found if found.tzinfo else None
