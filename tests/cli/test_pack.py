"""pack: what an officer types to write, check, test and compare a pack, and to use sheets."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from registry.actions.seeding import SEEDS
from registry.cli import main
from registry.policies.examples import PACKS

Run = Callable[..., tuple[int, str, str]]
OWN = "zhengzhou-erqi"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A pack that came, copied to where an officer may change it."""
    return Path(shutil.copytree(PACKS / OWN, tmp_path / "copy"))


def texts(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


# ---- new, check, test ---------------------------------------------------------------------------


def test_a_new_pack_passes_check_and_test_as_it_is(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    code, said, _ = run("pack", "new", folder, "--id", "mine", "--jurisdiction", "990102")
    assert (code, "pack.toml" in said) == (0, True)
    code, said, _ = run("pack", "check", folder)
    assert (code, "0 错误 error, 0 注意 warning" in said) == (0, True), said
    code, said, _ = run("pack", "test", folder)
    assert (code, "缺少" in said) == (0, False), said


def test_a_new_pack_never_writes_over_what_is_there(run: Run, copy: Path) -> None:
    before = texts(copy)
    code, _, said = run("pack", "new", copy, "--id", "mine", "--jurisdiction", "990102")
    assert (code, "不覆盖" in said) == (1, True)
    assert texts(copy) == before


def test_a_new_pack_may_begin_from_another(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    words = ("pack", "new", folder, "--id", "mine", "--jurisdiction", "990102", "--from", OWN)
    assert run(*words)[0] == 0
    assert run("pack", "check", folder)[0] == 0


def test_an_id_no_pack_can_have_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    code, _, said = run("pack", "new", tmp_path / "x", "--id", "A B", "--jurisdiction", "990102")
    assert (code, "编号" in said, "unexpected" in said) == (1, True, False)
    assert not (tmp_path / "x").exists()


def test_check_tells_everything_with_place_and_mend_and_ends_with_one(run: Run, copy: Path) -> None:
    for name, old, new in (
        ("rules.csv", "deny,refused", "Deny,refused"), ("pack.toml", 'level = "county"',
                                                        'level = "parish"'),
    ):  # fmt: skip
        path = copy / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    code, said, _ = run("pack", "check", copy)
    assert code == 1
    assert {line.split(":")[0] for line in said.splitlines() if "错误 error [" in line} == {
        "pack.toml", "rules.csv",
    }  # fmt: skip
    assert said.count("→") >= 4


def test_warnings_do_not_make_check_fail(run: Run) -> None:
    code, said, _ = run("pack", "check", PACKS / "cn-base")
    assert (code, "注意 warning [row.shadowed]" in said) == (0, True)


def test_check_answers_programs_too(run: Run, copy: Path) -> None:
    code, said, _ = run("pack", "check", copy, "--json")
    found = json.loads(said)
    assert code == 0
    assert {"code", "severity", "file", "line", "column", "zh", "en", "mend", "mend_en"} <= set(
        found[0]
    )


def test_parents_are_found_in_a_folder_of_ones_own(run: Run, tmp_path: Path) -> None:
    above, below = tmp_path / "packs" / "above", tmp_path / "below"
    new = ("--jurisdiction", "990102")
    run("pack", "new", above, "--id", "above", "--level", "city", *new)
    run("pack", "new", below, "--id", "below", "--parent", "above", *new)
    assert "parent.missing" in run("pack", "check", below)[1]
    for parents in (tmp_path / "packs", above):
        assert run("pack", "check", below, "--parents", parents)[0] == 0
        assert run("pack", "test", below, "--parents", parents)[0] == 0


def test_a_rule_without_a_case_is_named_and_ends_with_one(run: Run, copy: Path) -> None:
    shutil.rmtree(copy / "cases")
    code, said, _ = run("pack", "test", copy)
    assert code == 1
    assert "EQ-OFF: 缺少命中的用例 no passing case" in said
    assert "EQ-OFF: 缺少不命中的用例 no failing case" in said


def test_every_rule_of_every_pack_that_came_has_both_cases(run: Run) -> None:
    code, said, _ = run("pack", "test", "--all")
    assert (code, "缺少" in said) == (0, False), said


@pytest.mark.parametrize("what", ["check", "export"])
def test_a_folder_that_is_not_there_is_said(run: Run, tmp_path: Path, what: str) -> None:
    more = ["--csv", str(tmp_path)] if what == "export" else []
    code, _, said = run("pack", what, tmp_path / "nowhere", *more)
    assert (code, "没有这个文件夹" in said) == (1, True)


# ---- diff ---------------------------------------------------------------------------------------


def test_diff_speaks_to_an_official(run: Run, copy: Path) -> None:
    path = copy / "pack.toml"
    text = path.read_text("utf-8").replace('default = "admission"', 'default = "deny"')
    path.write_text(text, "utf-8")
    said = "清单外事项：以前“须申报准入”，现在“不得进入”\n"
    assert run("pack", "diff", OWN, copy) == (0, said, "")
    assert run("pack", "diff", OWN, copy, "--en")[1].startswith("default: before admission")
    assert json.loads(run("pack", "diff", OWN, copy, "--json")[1])[0]["id"] == "default"
    assert run("pack", "diff", copy, copy)[1] == "没有变动\n"


def test_diff_compares_two_folders_of_lists(run: Run, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS / "lists", tmp_path / "lists"))
    page = folder / "DEMO-LIST.csv"
    page.write_text(page.read_text("utf-8").replace("居务公开栏更新", "居务公开更新", 1), "utf-8")
    code, said, _ = run("pack", "diff", SEEDS / "lists", folder)
    assert (code, len(said.splitlines())) == (0, 1)
    assert "以前“居务公开栏更新”，现在“居务公开更新”" in said


def test_lists_of_ones_own_are_looked_up_in_a_folder(run: Run, tmp_path: Path) -> None:
    copy, folder = tmp_path / "mine", tmp_path / "lists"
    folder.mkdir()
    run("pack", "new", copy, "--id", "mine", "--jurisdiction", "990102")
    (folder / "OUR.csv").write_text(
        "id,title,basis,grade,source\nO-1,河道水位观测记录,办法,fictional,虚构\n"
    )
    (folder / "lists.toml").write_text(
        '[[list]]\nid = "OUR"\njurisdiction = "990102"\ntitle = "甲"\npolarity = "assist"\n'
        'kinds = ["task"]\ninstrument = "办法"\ngrade = "fictional"\nsource = "虚构"\n'
        'file = "OUR.csv"\n', "utf-8",
    )  # fmt: skip
    text = (copy / "pack.toml").read_text("utf-8")
    (copy / "pack.toml").write_text(text.replace('# lists = ["…"]', 'lists = ["OUR"]'), "utf-8")
    assert "没有清单 OUR" in run("pack", "check", copy)[1]
    assert run("pack", "check", copy, "--lists", folder)[0] == 0
    code, said, _ = run("pack", "test", copy, "--lists", folder)
    assert code == 0, said


# ---- sheets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_sheets_go_out_and_come_back_as_they_were(
    run: Run, copy: Path, tmp_path: Path, form: str
) -> None:
    before, sheet = texts(copy), tmp_path / ("t.xlsx" if form == "xlsx" else "sheets")
    assert run("pack", "export", copy, f"--{form}", sheet)[0] == 0
    (copy / "routes.csv").unlink()
    code, said, _ = run("pack", "import", sheet, "--into", copy)
    assert (code, "rules.csv" in said) == (0, True)
    assert texts(copy) == before


def test_a_bad_sheet_changes_nothing_and_names_the_cell(
    run: Run, copy: Path, tmp_path: Path
) -> None:
    before, sheet = texts(copy), tmp_path / "t.xlsx"
    run("pack", "export", copy, "--xlsx", sheet)
    book = load_workbook(sheet)
    book["规则"]["B3"], book["规则"]["B4"] = "大门", "=1+1"
    book.save(sheet)
    code, _, said = run("pack", "import", sheet, "--into", copy)
    assert (code, "规则!B4: 这一格是公式" in said, "什么也没有改动" in said) == (1, True, True)
    assert texts(copy) == before


def test_which_encoding_was_read_is_told(run: Run, copy: Path, tmp_path: Path) -> None:
    sheets = tmp_path / "sheets"
    run("pack", "export", copy, "--csv", sheets)
    page = sheets / "规则.csv"
    page.write_bytes(page.read_bytes().decode("utf-8-sig").encode("gb18030"))
    before = texts(copy)
    code, said, _ = run("pack", "import", page, "--into", copy)
    assert (code, "读作 read as GB18030" in said) == (0, True)
    assert texts(copy) == before


def test_lists_go_out_and_come_back_as_they_were(run: Run, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS / "lists", tmp_path / "lists"))
    before = texts(folder)
    assert run("pack", "export", folder, "--csv", tmp_path / "out")[0] == 0
    assert run("pack", "import", tmp_path / "out", "--into", folder)[0] == 0
    assert texts(folder) == before


def test_a_folder_that_is_neither_a_pack_nor_lists_takes_nothing(
    run: Run, copy: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    code, _, said = run("pack", "import", copy / "rules.csv", "--into", empty)
    assert (code, "不是规则包" in said) == (1, True)
    assert list(empty.iterdir()) == []
