"""成包 the files of a pack as one zip, and a zip as files: unpacked while counting, names checked.

Pure: bytes in, texts out.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from registry.policies.drafting.problems import Problem, problem

NAME = re.compile(r"pack\.toml|rules\.csv|routes\.csv|modes\.csv|cases/[A-Za-z0-9_\-]{1,60}\.toml")
"""What a file of a pack may be called."""
PARTS = 256
"""Parts of a zip that are looked at."""
UNPACKED = 8 * 1024 * 1024
"""The most that a zip may unpack to, bytes."""


def packed(files: Mapping[str, str]) -> bytes:
    """The files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            # A part without a time of its own: the same files make the same octets.
            archive.writestr(zipfile.ZipInfo(name), files[name].encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(name: str, data: bytes) -> tuple[dict[str, str], list[Problem]]:
    """The files of a zip, perhaps within one folder; or what keeps it from being read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(name, archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error,
            RuntimeError):  # fmt: skip
        return {}, [problem("file.not_zip", (name, 1, 1))]


def _read(name: str, archive: zipfile.ZipFile) -> tuple[dict[str, str], list[Problem]]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > PARTS:
        return {}, [problem("file.bomb", (name, 1, 1))]
    files: dict[str, str] = {}
    left = UNPACKED
    for part in parts:
        with archive.open(part) as inside:
            raw = inside.read(left + 1)
        left -= len(raw)
        if left < 0:
            return {}, [problem("file.bomb", (name, 1, 1))]
        own = _own(part.filename)
        if own is None:
            continue
        text = text_of(raw)
        if text is None:
            return {}, [problem("file.encoding", (part.filename, 1, 1))]
        files[own] = text
    if "pack.toml" not in files:
        return {}, [problem("file.not_zip", (name, 1, 1))]
    return files, []


def _own(path: str) -> str | None:
    """The name within the pack: with or without the folder it was packed in; else ``None``."""
    inner = path.partition("/")[2]
    return next((one for one in (path, inner) if NAME.fullmatch(one)), None)


def text_of(raw: bytes) -> str | None:
    """The text of a file; ``None`` where it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
