"""清理导出 what was made to be fetched is kept a while and no longer; what is being made is told by its
lock, whichever process makes it."""

import fcntl
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from registry.actions.office import Office
from registry.clock import instant_of

_LOCK = "lock"


def folder_of(office: Office) -> Path:
    """Where exports lie: a folder each job, and files on their way out."""
    return office.store.data_dir / "exports"


def held(job: Path) -> IO[bytes] | None:
    """The lock of a job's folder, till it is closed or the process ends; ``None`` = another's."""
    lock = (job / _LOCK).open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def made_now(job: Path) -> bool:
    """Whether somebody is making what belongs into a job's folder."""
    with suppress(FileNotFoundError):
        lock = held(job)
        if lock is None:
            return True
        lock.close()
    return False


def clear(office: Office) -> int:
    """Remove what was ordered longer ago than exports are kept; how many were removed."""
    folder, kept = folder_of(office), office.exports_kept
    if kept is None or not folder.is_dir():
        return 0
    before, removed = office.clock() - kept, 0
    for one in sorted(folder.iterdir()):
        # What waits to be named bears the name it will have, between a dot and an ending.
        at = instant_of(one.name.strip(".").partition(".")[0])
        if at is None or at >= before or (one.is_dir() and made_now(one)):
            continue
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
        removed += 1
    return removed
