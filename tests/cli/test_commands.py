"""Commands: what an operator types, what is printed, and the exit code."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.actions.seeding import SEEDS
from registry.cli import main
from registry.cli.entry import COMMANDS
from registry.store.engine import open_engine
from registry.store.migrate import head
from registry.store.reader import Page, Reader

Run = Callable[..., tuple[int, str, str]]
PACKS = SEEDS.parent / "registry" / "policies" / "packs"


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with the seeded demo county, and the settings that lead to it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "registry.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(folder))
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def events(data: Path, act: str) -> list[tuple[str, str]]:
    engine = open_engine(f"sqlite:///{data / 'registry.db'}", readonly=True)
    reader = Reader(engine)
    found = reader.events(["990102", "000000"], {"act": act}, Page(limit=500))
    reader.close()
    return [(e.actor, e.outcome.value) for e in found]


def test_the_help_names_every_command_and_nothing_that_is_not_built(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    told = {line.split()[0] for line in said.splitlines() if line[:4] == " " * 4 and line[4] != " "}
    assert told == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert name in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["nonsense"], ["user"], ["audit", "verify", "--what"]])
def test_wrong_usage_ends_with_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_the_help_does_not_load_the_program() -> None:
    code = "import sys; from registry.cli.entry import main\ntry: main(['--help'])\n"
    code += "except SystemExit: pass\nassert 'sqlalchemy' not in sys.modules\n"
    code += "assert 'litestar' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_database_that_is_not_there_is_said_and_not_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    code, _, said = run("tick")
    assert (code, "registry migrate" in said) == (1, True)
    assert not (tmp_path / "none").exists()


def test_a_mistyped_setting_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_MODUS", "demo")
    code, _, said = run("migrate")
    assert (code, said.strip()) == (1, "没有这个设置 unknown setting: REGISTRY_MODUS")


def test_migrate_makes_the_database(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    code, said, _ = run("migrate")
    assert (code, (tmp_path / "new" / "registry.db").exists()) == (0, True)
    assert head() in said


def test_seeding_a_full_database_is_refused(run: Run, data: Path) -> None:
    code, _, said = run("seed", "--demo")
    assert (code, "已有记录" in said) == (1, True)


def test_demo_data_is_not_loaded_in_production(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_MODE", "production")
    monkeypatch.setenv("REGISTRY_SECRET_KEY", "s" * 40)
    assert run("seed", "--demo")[0] == 1


def test_ticking_twice_does_nothing_the_second_time(run: Run, data: Path) -> None:
    assert run("tick")[0] == 0
    assert run("tick")[1].strip().endswith("0")


def test_a_person_is_added_with_a_post_by_the_operator(run: Run, data: Path) -> None:
    add = ["user", "add", "new.clerk", "--name", "演示·新人", "--role", "street.clerk"]
    code, said, _ = run(*add, "--organisation", "o-990102001", "--county", "990102")
    assert (code, "new.clerk" in said, "只显示这一次" in said) == (0, True, True)
    ((actor, outcome),) = events(data, "person.create")
    assert actor.startswith("cli:")
    assert outcome == "done"


def test_a_user_name_is_given_once(run: Run, data: Path) -> None:
    add = ["user", "add", "dept.clerk", "--name", "演示·重名", "--role", "dept.clerk"]
    code, _, said = run(*add, "--organisation", "o-990102-civil", "--county", "990102")
    assert (code, said.split(":")[0]) == (1, "person.username")
    assert [outcome for _, outcome in events(data, "person.create")] == ["refused"]


@pytest.mark.parametrize("role", ["system", "cli", "emperor"])
def test_a_post_that_nobody_holds_cannot_be_granted(run: Run, data: Path, role: str) -> None:
    add = ["user", "add", "new.one", "--name", "演示·某人", "--role", role]
    code, _, said = run(*add, "--organisation", "o-990102-civil", "--county", "990102")
    assert (code, said.split(":")[0]) == (1, "post.role")


def test_a_weak_password_is_refused(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    code, _, said = run("user", "password", "dept.clerk", "--password-stdin")
    assert (code, said.split(":")[0]) == (1, "person.password")


def test_disabling_a_person_ends_their_tokens(run: Run, data: Path) -> None:
    code, token, _ = run("token", "issue", "dept.clerk")
    assert (code, len(token.strip()) > 30) == (0, True)
    assert run("user", "disable", "dept.clerk")[0] == 0
    engine = open_engine(f"sqlite:///{data / 'registry.db'}", readonly=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM token").scalar() == 0
    engine.dispose()
    assert len(events(data, "person.disable")) == 1


def test_a_token_is_not_in_the_log(run: Run, data: Path) -> None:
    _, token, _ = run("token", "issue", "dept.clerk")
    assert token.strip().encode() not in (data / "registry.db").read_bytes()
    assert [outcome for _, outcome in events(data, "token.issue")] == ["done"]


def test_an_unknown_user_is_said(run: Run, data: Path) -> None:
    assert run("user", "disable", "nobody")[0] == 1


def test_a_pack_that_came_is_well_formed(run: Run) -> None:
    code, said, _ = run("pack", "check", str(PACKS / "demo-county"))
    assert (code, "demo-county" in said) == (0, True)


def test_a_mistyped_pack_is_refused_with_its_place(run: Run, tmp_path: Path) -> None:
    for name in ("pack.toml", "rules.csv"):
        text = (PACKS / "demo-county" / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("deny,refused", "Deny,refused", 1), "utf-8")
    code, said, _ = run("pack", "check", str(tmp_path))
    assert (code, said.startswith("rules.csv:")) == (1, True)


def test_every_case_of_every_pack_passes(run: Run) -> None:
    code, said, _ = run("pack", "test", "--all")
    assert (code, " 0 不符" in said) == (0, True), said


def test_a_case_that_fails_ends_with_one(run: Run, tmp_path: Path) -> None:
    for path in (PACKS / "demo-county").rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(PACKS / "demo-county")
            target.parent.mkdir(exist_ok=True)
            text = path.read_text("utf-8").replace('outcome = "purchase"', 'outcome = "listed"')
            target.write_text(text, "utf-8")
    code, said, _ = run("pack", "test", str(tmp_path))
    assert (code, "应为「清单内" in said and "not listed" in said) == (1, True)


def test_published_packs_and_examples_are_listed(run: Run, data: Path) -> None:
    code, said, _ = run("pack", "list")
    assert (code, said.count("demo-county")) == (0, 2)


def test_a_calendar_is_brought_in_by_the_operator(run: Run, data: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "2027.csv"
    sheet.write_text("date,kind,name,source\n2027-01-01,off,元旦,虚构\n", "utf-8")
    code, said, _ = run("import", "calendar", str(sheet))
    assert (code, "2027" in said) == (0, True)


def test_a_wrong_cell_is_named_and_nothing_is_imported(
    run: Run, data: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "2027.csv"
    sheet.write_text("date,kind,name,source\n2027-01-01,holiday,元旦,虚构\n", "utf-8")
    code, _, said = run("import", "calendar", str(sheet))
    assert code == 1
    assert said.startswith("import.cells:")
    assert "2 kind" in said


def test_a_new_county_is_brought_in_with_its_bodies(run: Run, data: Path, tmp_path: Path) -> None:
    areas = tmp_path / "areas.csv"
    head = "community_code,community,street_code,street,community_type\n"
    areas.write_text(head + "990104001001,演示社区,990104001,演示街道,城市\n", "utf-8")
    words = ["import", "areas", str(areas), "--county", "990104", "--name", "演示新县"]
    code, said, _ = run(*words)
    assert (code, "2" in said) == (0, True), said
    bodies = tmp_path / "bodies.csv"
    head = "id,county,name,kind,level,area_code\n"
    bodies.write_text(head + "o-990104001,990104,演示街道办,street,street,990104001\n", "utf-8")
    assert run("import", "organisations", str(bodies))[0] == 0
    add = ["user", "add", "new.head", "--name", "演示·新主任", "--role", "street.head"]
    assert run(*add, "--organisation", "o-990104001", "--county", "990104")[0] == 0


def test_lists_are_brought_in(run: Run, data: Path) -> None:
    code, said, _ = run("import", "lists", str(SEEDS / "lists"))
    assert (code, "CN-ASSIST" in said) == (0, True)


def test_an_untouched_log_is_verified_and_its_heads_can_be_kept(run: Run, data: Path) -> None:
    code, said, _ = run("audit", "verify")
    assert code == 0
    head = next(line for line in said.splitlines() if "990102" in line).split()[1]
    assert run("audit", "verify", "--head", head)[0] == 0
    other = head[:-1] + ("0" if head[-1] != "0" else "1")
    code, said, _ = run("audit", "verify", "--county", "990102", "--head", other)
    assert (code, "log.kept" in said) == (1, True)


def test_a_changed_row_ends_the_verification_with_one(run: Run, data: Path) -> None:
    engine = open_engine(f"sqlite:///{data / 'registry.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_person_update")
        connection.exec_driver_sql("UPDATE person SET name = '改' WHERE id = 'person-dept.clerk'")
    engine.dispose()
    code, said, _ = run("audit", "verify")
    assert (code, "person person-dept.clerk v1" in said) == (1, True)
    assert run("doctor")[0] == 1


def test_a_backup_is_restored_elsewhere_and_is_sound(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "registry.tar"
    code, said, _ = run("backup", str(archive))
    assert (code, "990102:" in said) == (0, True)
    assert "backup: 最近一次" in run("doctor")[1]
    assert run("backup", str(archive))[0] == 1
    assert run("restore", str(archive))[0] == 1
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path / "elsewhere"))
    assert run("restore", str(archive))[0] == 0
    code, said, _ = run("doctor")
    assert (code, "backup: 本机没有备份记录" in said) == (0, True)


def test_a_sound_installation_passes_the_doctor(run: Run, data: Path) -> None:
    code, said, _ = run("doctor")
    assert (code, "FAIL" in said) == (0, False), said


def test_the_page_of_errors_names_codes_from_every_room(run: Run) -> None:
    code, said, _ = run("errors")
    assert code == 0
    for name in ("request.refused", "gate.refused", "sign_in.failed", "post.role"):
        assert f"\n{name}  " in f"\n{said}"


def test_an_unexpected_error_is_a_sentence_unless_debugging(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_args: object) -> int:
        raise RuntimeError("broken inside")

    monkeypatch.setattr("registry.cli.errors.run", broken)
    code, _, said = run("errors")
    assert (code, "Traceback" in said, "broken inside" in said) == (1, False, True)
    assert "Traceback" in run("errors", "--debug")[2]


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("REGISTRY_DATABASE_URL", "REGISTRY_CLOCK", "REGISTRY_MODE"):
        monkeypatch.delenv(name, raising=False)
    yield
