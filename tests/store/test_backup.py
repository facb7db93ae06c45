"""Backup and restore: one consistent file, taken while acts go on, checked before use."""

import hashlib
import io
import os
import stat
import tarfile
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from registry.store.backup import MANIFEST, Manifest, backup
from registry.store.dump import BackupError, find_program
from registry.store.engine import gate, open_engine
from registry.store.restore import read_manifest, restore
from registry.store.store import Store
from tests.servers import fresh
from tests.store.ledger import AT, COUNTY, act, finding


def _seals(url: str) -> list[Any]:
    engine = open_engine(url, readonly=True)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT county, seq, leaf FROM event ORDER BY 1, 2")).all()
        rows += connection.execute(
            text("SELECT id, version, digest FROM finding ORDER BY 1, 2")
        ).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def _changed(archive: Path, name: str, content: bytes | None) -> Path:
    """The same archive with one member's bytes exchanged, or without it."""
    other = archive.with_name("other.tar")
    with tarfile.open(archive) as old, tarfile.open(other, "w") as new:
        for info in old.getmembers():
            stream = old.extractfile(info)
            assert stream is not None
            data = stream.read()
            if info.name == name:
                if content is None:
                    continue
                data, info.size = content, len(content)
            new.addfile(info, io.BytesIO(data))
    return other


def test_a_restored_backup_holds_every_event_row_and_document(
    county: Store, server: Any, tmp_path: Path
) -> None:
    archive, data = tmp_path / "b" / "registry.tar", tmp_path / "restored"
    manifest = backup(county, archive, AT)
    assert (manifest.missing, [(h.county, h.seq) for h in manifest.heads]) == ([], [(COUNTY, 5)])
    with fresh(data, server) as url:
        reports = restore(archive, data, url=url)
        assert [(r.fault, r.head, r.documents) for r in reports] == [(None, manifest.heads[0], 1)]
        assert _seals(url) == _seals(county.url)
        engine = open_engine(url)
        gate(engine)
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
            assert len(list(found)) == 1
        engine.dispose()


def test_the_guard_of_the_log_survives_a_restore(
    county: Store, server: Any, tmp_path: Path
) -> None:
    archive, data = tmp_path / "registry.tar", tmp_path / "restored"
    backup(county, archive, AT)
    with fresh(data, server) as url:
        restore(archive, data, url=url)
        engine = open_engine(url)
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.execute(text("DELETE FROM event"))
        engine.dispose()


def test_a_backup_taken_while_acts_go_on_is_one_moment(one_county: Store, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        number = 6
        while not stop.is_set():
            act(one_county, number, finding(f"w{number}"))
            number += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        manifests = [backup(one_county, tmp_path / f"{n}.tar", AT) for n in range(3)]
    finally:
        stop.set()
        worker.join()
    for number, manifest in enumerate(manifests):
        data = tmp_path / f"r{number}"
        (report,) = restore(tmp_path / f"{number}.tar", data)
        assert (report.fault, report.head) == (None, manifest.heads[0])


def test_only_the_owner_may_read_a_backup_and_what_was_restored(
    one_county: Store, tmp_path: Path
) -> None:
    archive, data = tmp_path / "registry.tar", tmp_path / "restored"
    backup(one_county, archive, AT)
    restore(archive, data)
    modes = {stat.S_IMODE(p.stat().st_mode) & 0o077 for p in [archive, *data.rglob("*")]}
    assert modes == {0}


def test_nothing_is_left_beside_a_backup(one_county: Store, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    backup(one_county, folder / "registry.tar", AT)
    assert [p.name for p in folder.iterdir()] == ["registry.tar"]


def test_a_backup_never_overwrites_another(one_county: Store, tmp_path: Path) -> None:
    archive = tmp_path / "registry.tar"
    archive.write_bytes(b"older")
    with pytest.raises(BackupError, match="exists already"):
        backup(one_county, archive, AT)
    assert archive.read_bytes() == b"older"


def test_a_lost_document_is_named_and_the_rest_is_kept(one_county: Store, tmp_path: Path) -> None:
    file = next(p for p in one_county.files.folder.rglob("*") if p.is_file())
    file.write_bytes(b"changed")
    manifest = backup(one_county, tmp_path / "registry.tar", AT)
    assert manifest.missing == [file.name]
    (report,) = restore(tmp_path / "registry.tar", tmp_path / "restored")
    assert report.fault is not None
    assert (report.fault.what, report.fault.detail) == ("document.changed", file.name)


@pytest.mark.parametrize("name", ["registry.db", MANIFEST])
def test_a_backup_with_a_member_missing_is_refused(
    one_county: Store, tmp_path: Path, name: str
) -> None:
    archive = tmp_path / "registry.tar"
    backup(one_county, archive, AT)
    with pytest.raises(BackupError):
        restore(_changed(archive, name, None), tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_backup_with_a_changed_byte_is_refused_and_nothing_stays(
    one_county: Store, tmp_path: Path
) -> None:
    archive = tmp_path / "registry.tar"
    backup(one_county, archive, AT)
    with tarfile.open(archive) as tar:
        stream = tar.extractfile("registry.db")
        assert stream is not None
        data = bytearray(stream.read())
    data[len(data) // 2] ^= 1
    with pytest.raises(BackupError, match="differs from its digest"):
        restore(_changed(archive, "registry.db", bytes(data)), tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_backup_cut_short_is_refused(one_county: Store, tmp_path: Path) -> None:
    archive = tmp_path / "registry.tar"
    backup(one_county, archive, AT)
    os.truncate(archive, archive.stat().st_size // 2)
    with pytest.raises(BackupError):
        restore(archive, tmp_path / "restored")


def test_a_log_rewritten_inside_a_backup_differs_from_its_manifest(
    one_county: Store, tmp_path: Path
) -> None:
    """Digests made anew do not help: the head in the manifest is that of the log as it was."""
    archive = tmp_path / "registry.tar"
    backup(one_county, archive, AT)
    manifest = read_manifest(archive)
    heads = [msgspec.structs.replace(manifest.heads[0], root="00" * 32)]
    forged = msgspec.json.encode(msgspec.structs.replace(manifest, heads=heads))
    (report,) = restore(_changed(archive, MANIFEST, forged), tmp_path / "restored")
    assert report.fault is not None
    assert report.fault.what == "log.kept"


def test_a_member_that_leads_outside_is_refused(one_county: Store, tmp_path: Path) -> None:
    archive = tmp_path / "registry.tar"
    backup(one_county, archive, AT)
    manifest = read_manifest(archive)
    content = b"outside"
    bad = msgspec.structs.replace(
        manifest.members[0], name="../outside", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    forged = msgspec.json.encode(
        msgspec.structs.replace(manifest, members=[bad, *manifest.members])
    )
    with pytest.raises(BackupError, match="leads outside"):
        restore(_changed(archive, MANIFEST, forged), tmp_path / "restored")
    assert not (tmp_path / "outside").exists()


def test_a_restore_into_a_full_data_directory_is_refused(one_county: Store, tmp_path: Path) -> None:
    archive, data = tmp_path / "registry.tar", tmp_path / "full"
    backup(one_county, archive, AT)
    data.mkdir()
    (data / "registry.db").write_bytes(b"records")
    with pytest.raises(BackupError, match="not empty"):
        restore(archive, data)
    assert (data / "registry.db").read_bytes() == b"records"


def test_a_backup_of_one_engine_does_not_go_into_another(one_county: Store, tmp_path: Path) -> None:
    archive = tmp_path / "registry.tar"
    backup(one_county, archive, AT)
    with pytest.raises(BackupError, match="cannot go into postgresql"):
        restore(archive, tmp_path / "restored", url="postgresql://somewhere/registry")


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"x" * 4096)
    with pytest.raises(BackupError):
        restore(tmp_path / "x.tar", tmp_path / "restored")


def test_a_backup_of_another_format_is_refused(one_county: Store, tmp_path: Path) -> None:
    archive = tmp_path / "registry.tar"
    manifest: Manifest = backup(one_county, archive, AT)
    later = msgspec.json.encode(msgspec.structs.replace(manifest, format=99))
    with pytest.raises(BackupError, match="format 99"):
        read_manifest(_changed(archive, MANIFEST, later))


def test_a_missing_client_program_is_said_and_not_guessed() -> None:
    assert find_program("pg_no_such_program") is None
