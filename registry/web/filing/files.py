"""附件随申报 files that come to a draft together with it: those of an earlier request, or those of a
zip beside a sheet; each once, however often it is sent."""

import io
import zipfile
from typing import NamedTuple

import msgspec

from registry.actions import attaching, reading
from registry.actions.attaching import AttachCommand
from registry.actions.office import fingerprint
from registry.actions.reading import ListQuery
from registry.api.documents import LIMIT
from registry.api.serving import aside, perform
from registry.domain.document import Document, DocumentType
from registry.domain.errors import Refusal
from registry.web.filing.workbook import Told
from registry.web.visit import Visit

MOST = 200
"""Files of one zip, or of one request."""
LARGEST = 3 * LIMIT
"""Octets of a zip's files, unpacked."""
_UTF8 = 0x800
"""Of an entry: its name is UTF-8; else it was written by the code page of whoever packed it."""


class Bound(NamedTuple):
    """一个附件 that is to come along."""

    name: str
    type: DocumentType
    data: bytes


async def hung(visit: Visit, request_id: str, file: Bound, key: str) -> None:
    """A file becomes a document of a request, under a key of its own.

    Raises:
        Refusal: ``document.…``, as any upload.
    """
    command = AttachCommand(
        parent_kind="request", parent_id=request_id, type=file.type, name=file.name,
        not_secret=visit.field("_not_secret") == "true",
    )  # fmt: skip
    call = visit.call(visit.actor(), "document.upload")
    mark = fingerprint("document.upload", msgspec.to_builtins(command))
    call = msgspec.structs.replace(call, key=key, fingerprint=mark)
    stored = await aside(attaching.keep, visit.office, call, command, file.data)
    await perform(visit.office, call, lambda desk: attaching.attach(desk, command, stored))


def of_request(visit: Visit, request_id: str) -> list[Document]:
    """The documents of an earlier request that the person may read, none that another replaced."""
    equals = {"parent_kind": "request", "parent_id": request_id}
    query = ListQuery(limit=MOST, equals=equals, county=visit.county)
    try:
        held = reading.page(visit.office, visit.actor(), Document, query).items
    except Refusal:
        return []
    return [one for one in held if one.replaced_by is None]


async def copied(visit: Visit, documents: list[Document], to: str, key: str) -> list[Refusal]:
    """Documents hung on another request as well; those that were refused."""
    refused: list[Refusal] = []
    for at, one in enumerate(documents):
        try:
            _, data = await aside(attaching.content, visit.office, visit.actor(), one.id)
            await hung(visit, to, Bound(one.name, one.type, data), f"{key}-d{at}")
        except Refusal as no:
            refused.append(no)
    return refused


def unpacked(data: bytes) -> tuple[dict[str, bytes], list[Told]]:
    """The files of a zip by their names, folders left out; or why it is not taken.

    Nothing is unpacked beyond what its directory may say, and a directory that lies is found out.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = [one for one in packed.infolist() if not one.is_dir()]
            if len(entries) > MOST or sum(one.file_size for one in entries) > LARGEST:
                return {}, [_TOO_MUCH]
            return _read(packed, entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return {}, [Told("附件不是能打开的 zip 文件", "The attachments are no zip that opens")]


_TOO_MUCH = Told(
    f"附件压缩包超过 {MOST} 个文件，或者解开后超过 {LARGEST >> 20} MB",
    f"The zip holds more than {MOST} files, or more than {LARGEST >> 20} MB unpacked",
)


def _read(
    packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> tuple[dict[str, bytes], list[Told]]:
    found: dict[str, bytes] = {}
    for one in entries:
        name = _named(one)
        if name in found:
            return {}, [Told(f"压缩包里有两个「{name}」", f"Two files are called {name}")]
        with packed.open(one) as held:
            found[name] = held.read(one.file_size + 1)
        if len(found[name]) != one.file_size:
            return {}, [_TOO_MUCH]
    return found, []


def _named(entry: zipfile.ZipInfo) -> str:
    """Its name without folders, as whoever packed it wrote it."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        octets = name.encode("cp437", "replace")
        for code in ("utf-8", "gbk"):
            try:
                name = octets.decode(code)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").rpartition("/")[2]
