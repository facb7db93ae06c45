"""docs/authzen.md: the call in it, run as it stands, answers what stands below it."""

import re
import subprocess
import sys

from registry.cli.serve import PEOPLE_FILE
from tests.docs.tour import ROOT, Served

PAGE = (ROOT / "docs" / "authzen.md").read_text("utf-8")
CALL = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.M | re.S)


def test_the_call_of_the_page_is_answered_as_the_page_says(served: Served) -> None:
    ((call, expected),) = CALL.findall(PAGE)
    people = (served.folder / PEOPLE_FILE).read_text("utf-8")
    (password,) = re.findall(r"^dept\.clerk\t(\S+)", people, re.M)
    done = subprocess.run(
        [sys.executable, "-c", call], env=served.environment | {"PASSWORD": password},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == expected
