"""内网安装包 builds one archive for networks without internet: wheels, hashes, source, docs.

Everything comes from the pinned list; nothing is built. The wheels fit the Python that makes the
bundle and its platform, and the archive says which.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
PINS = ROOT / "requirements" / "run.txt"


def version() -> str:
    """The version that pyproject.toml states."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def copy_source(target: Path) -> None:
    """Every file git knows, as it stands in the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        source, copy = ROOT / name, target / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)


def fetch_wheels(folder: Path) -> None:
    """Download each pin as a wheel, checked against the hash in the list."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    exact = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]
    subprocess.run([*pip, *exact, "-r", str(PINS), "-d", str(folder)], check=True)
    sums = [f"{_sha256(w)}  {w.name}\n" for w in sorted(folder.glob("*.whl"))]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
    (folder / "PYTHON").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n", "utf-8")


def pack(folder: Path, archive: Path) -> None:
    """One gzip'd tar whose members belong to nobody in particular."""
    archive.parent.mkdir(exist_ok=True)
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        tar.add(folder, arcname=folder.name, filter=_anonymous)
    archive.with_name(f"{archive.name}.sha256").write_text(
        f"{_sha256(archive)}  {archive.name}\n", "utf-8"
    )


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main() -> None:
    """Build ``dist/admission-registry-<version>.tar.gz`` and say what is in it."""
    name = f"admission-registry-{version()}"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        copy_source(folder)
        (folder / "wheels").mkdir()
        fetch_wheels(folder / "wheels")
        wheels = len(list((folder / "wheels").glob("*.whl")))
        archive = DIST / f"{name}.tar.gz"
        pack(folder, archive)
    size = archive.stat().st_size // 2**20
    print(f"{archive.relative_to(ROOT)}: {size} MiB, {wheels} wheels")


if __name__ == "__main__":
    main()
