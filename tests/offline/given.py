"""What the tests of verify.py share: the program as a module, and what it says of files."""

import importlib.util
import shutil
import tempfile
from argparse import Namespace
from functools import cache
from pathlib import Path
from typing import Any

from tests.packages import to_folder

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "verify.py"


@cache
def program() -> Any:
    """verify.py, loaded from its file: it is in no package."""
    spec = importlib.util.spec_from_file_location("verify_offline", PROGRAM)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asked(*, key: Any = (), witness: Any = (), at_least: int | None = None) -> Namespace:
    return Namespace(key=list(key), witness=list(witness), at_least=at_least, entry=None)


def fault_of(path: Path, old: Path | None = None, **options: Any) -> Any:
    """The fault that is named, or none where all is verified."""
    try:
        said = program().check_package(asked(**options), str(path), old and str(old))
    except program().Fault as found:
        assert program().SENTENCES[found.kind][0] in str(found)
        return found
    assert said[0].startswith("核验通过 verified")
    return None


def kind_of(files: dict[str, bytes], **options: Any) -> str:
    """Kind of the fault in these files, or nothing."""
    folder = Path(tempfile.mkdtemp(prefix="package-"))
    try:
        found = fault_of(to_folder(files, folder), **options)
    finally:
        shutil.rmtree(folder)
    return found.kind if found else ""
