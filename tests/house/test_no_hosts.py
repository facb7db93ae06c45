"""No hosts: the repository names no package registry and no machine it was written on."""

import re

from tests.house.source import name, tracked

# Put together here, so that this page does not contain what it forbids.
FORBIDDEN = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.n" + "pmjs",
    "deb.d" + "ebian.org",
    "mirrors." + "aliyun",
    "tuna.tsing" + "hua",
    "proxy.go" + "lang.org",
    "crates" + ".io",
    "/wo" + "rk/",
    "/fa" + "rm/",
    "/tmp/ba" + "sh_jobs",
    "/ro" + "ot/.pyenv",
    "/op" + "t/wheels",
]
PATTERN = re.compile("|".join(re.escape(f) for f in FORBIDDEN))
BINARY = {".png", ".jpg", ".ico", ".woff2", ".xlsx", ".docx", ".pdf", ".gz", ".db"}


def test_no_tracked_file_names_a_registry_host_or_a_foreign_path() -> None:
    found = [
        f"{name(path)}:{number}"
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if PATTERN.search(line)
    ]
    assert found == []


def test_no_tracked_file_holds_a_private_key_or_a_password_in_an_address() -> None:
    key = re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----")
    address = re.compile(r"postgresql://[^:\s$<{]+:[^@\s$<{…*]+@")
    found = [
        name(path)
        for path in tracked()
        if path.suffix not in BINARY
        for text in [path.read_bytes().decode("utf-8", "replace")]
        if key.search(text) or (address.search(text) and "tests" not in path.parts)
    ]
    assert found == []
