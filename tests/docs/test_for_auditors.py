"""审计人员使用说明: what the page for auditors says to paste runs on a registry that has just begun, and
answers with something.
"""

import json
import re

import pytest

from tests.docs.tour import ROOT, Served

PAGE = ROOT / "docs" / "for-auditors.zh-CN.md"
_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def told(served: Served) -> str:
    """What the whole page prints, pasted."""
    before = f"API={served.base}/api/v1 PEOPLE={served.folder}/demo-people.txt\n"
    blocks = "\n".join(_BLOCK.findall(PAGE.read_text("utf-8")))
    done = served.run(before + blocks.replace("/tmp/", f"{served.folder}/"))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_whoever_has_just_begun_files_something_first(told: str) -> None:
    assert told.splitlines()[0] == "submitted"


def test_no_question_of_the_page_is_answered_with_nothing(told: str) -> None:
    read = json.JSONDecoder().raw_decode
    answers = [read(told, found.start())[0] for found in re.finditer(r'\{"items":', told)]
    assert answers and all(one["items"] for one in answers)
    assert '"seed":"演审通-1"' in told and re.search(r'"ids":\["req-', told), "a sample of nothing"
    assert "楼道灯具编号拍照" in told


def test_what_was_taken_away_is_verified(told: str) -> None:
    assert "核验通过 verified" in told
