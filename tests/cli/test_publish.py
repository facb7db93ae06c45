"""Publishing at the machine: a folder is proposed and proven by one user, signed by another."""

import re
from pathlib import Path

import pytest

from registry.cli.opening import opened, settings
from registry.domain.pack import PackState, PublishedPack
from tests.cli.test_commands import Run, data, events, run

__all__ = ["data", "run"]
COUNTY, ID = "990102", "county-new"


@pytest.fixture
def folder(run: Run, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "pack"
    monkeypatch.setenv("LOGNAME", "first")
    code, _, said = run("pack", "new", str(made), "--id", ID, "--jurisdiction", COUNTY)
    assert code == 0, said
    for page in made.rglob("*.toml"):  # as an officer fills in what the skeleton leaves open
        page.write_text(
            re.sub("〔待[^〕]*〕", "演示规定（虚构）", page.read_text("utf-8")), "utf-8"
        )
    return made


def held() -> PublishedPack:
    with opened(settings()) as office:
        pack = office.store.reader.get(PublishedPack, COUNTY, ID)
    assert pack is not None
    return pack


def test_a_folder_becomes_a_draft_that_is_checked_tested_and_simulated_on_record(
    run: Run, folder: Path, data: Path
) -> None:
    code, told, said = run("pack", "propose", str(folder), "--number", "演示发〔2026〕7号")
    assert code == 0, told + said
    assert "simulate run-" in told
    assert "check 通过 passed" in told and "test 通过 passed" in told
    for act in ("pack.propose", "pack.check", "pack.test", "pack.simulate"):
        assert ("cli:first", "done") in events(data, act)


def test_what_is_wrong_with_a_draft_is_printed_and_ends_in_1(run: Run, folder: Path) -> None:
    page = folder / "pack.toml"
    page.write_text(page.read_text("utf-8").replace('parent = "cn-base"', 'parent = "nobody"'))
    code, told, said = run("pack", "propose", str(folder))
    assert code == 1
    assert "pack.toml:" in told and "nobody" in told + said


def test_another_system_user_publishes_it_with_its_file(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("pack", "propose", str(folder), "--number", "演示发〔2026〕7号")
    paper = tmp_path / "红头文件.pdf"
    paper.write_bytes(b"%PDF-1.4 demo")
    words = ("pack", "publish", ID, "--county", COUNTY, "--file", str(paper))
    assert run(*words)[2].startswith("document.unconfirmed")
    code, _, said = run(*words, "--not-secret")
    assert code == 1 and said.startswith("signature.same_person")
    monkeypatch.setenv("LOGNAME", "second")
    code, told, said = run(*words, "--not-secret")
    assert code == 0, told + said
    pack = held()
    assert pack.state is PackState.PUBLISHED and pack.document_id is not None
    assert (pack.proposed_by, pack.published_by) == ("cli:first", "cli:second")


def test_the_document_of_a_higher_body_is_hung_on_the_pack(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = folder / "pack.toml"
    page.write_text(
        page.read_text("utf-8").replace(
            'level = "county"', 'level = "county"\nratified_by = "city"'
        )
    )
    run("pack", "propose", str(folder), "--number", "演示发〔2026〕7号")
    monkeypatch.setenv("LOGNAME", "second")
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 demo")
    words = ["pack", "publish", ID, "--county", COUNTY, "--file", str(paper), "--not-secret"]
    assert run(*words)[2].startswith("pack.papers")
    given = [
        "--ratification",
        "city",
        "演示市人民政府",
        "演市批〔2026〕1号",
        "2026-03-01",
        str(paper),
    ]
    code, told, said = run(*words, *given)
    assert code == 0, told + said
    ratification = held().ratification
    assert ratification is not None and ratification.issuer == "演示市人民政府"


def test_what_is_not_there_is_not_published(run: Run, data: Path, tmp_path: Path) -> None:
    assert run("pack", "publish", "nobody", "--county", COUNTY)[0] == 1
    assert run("pack", "propose", str(tmp_path / "nowhere"))[0] == 1


def test_exceptions_are_listed_with_their_use(run: Run, data: Path) -> None:
    code, told, _ = run("exception", "list", "--county", COUNTY, "--honoured", "--unused")
    assert (code, told) == (0, "")
