"""待导入的流水 a statement that somebody looked at and has not brought in yet, kept beside the data for
an hour: it need not travel to the browser and back.

Whoever laid it there takes it from there, by its digest, and nobody else; it is no record and
stands in no backup.
"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from stat import S_IRWXU

from registry.actions.office import Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor

GONE = declare(
    "statement.gone", RefusalKind.MISSING,
    "看过的文件只保留一小时，请重新选择文件",
    "A file that was looked at is kept for an hour: choose it again.",
)  # fmt: skip
KEPT = timedelta(hours=1)
MOST = 16
"""Files kept at once; the oldest make room."""
FOLDER = "statements"


def lay(office: Office, actor: Actor, content: bytes) -> str:
    """Keep a file; its digest."""
    digest = hashlib.sha256(content).hexdigest()
    folder = office.store.data_dir / FOLDER
    folder.mkdir(mode=S_IRWXU, parents=True, exist_ok=True)
    _swept(office, folder)
    at = folder / _name(actor, digest)
    fresh = at.with_suffix(".part")
    fresh.write_bytes(content)
    now = office.clock().timestamp()
    os.utime(fresh, (now, now))
    fresh.replace(at)
    return digest


def take(office: Office, actor: Actor, digest: str) -> bytes:
    """The file of a digest, as the same person laid it.

    Raises:
        Refusal: ``statement.gone``.
    """
    folder = office.store.data_dir / FOLDER
    _swept(office, folder)
    try:
        content = (folder / _name(actor, digest)).read_bytes()
    except FileNotFoundError:
        raise Refusal(GONE) from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refusal(GONE)
    return content


def _name(actor: Actor, digest: str) -> str:
    said = f"{actor.county}\n{actor.person_id}\n{digest}"
    return hashlib.sha256(said.encode()).hexdigest()


def _swept(office: Office, folder: Path) -> None:
    """Take away what lay there too long, and the oldest where there are too many."""
    if not folder.is_dir():
        return
    before = (office.clock() - KEPT).timestamp()
    held = sorted((one.stat().st_mtime, one) for one in folder.iterdir() if one.is_file())
    late = [one for laid, one in held if laid < before]
    rest = [one for laid, one in held if laid >= before]
    for one in [*late, *rest[: max(0, len(rest) - MOST + 1)]]:
        one.unlink(missing_ok=True)
