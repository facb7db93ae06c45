"""A county goes live from the command line: places, organisations, people, in production mode."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.cli import main
from registry.store.migrate import migrate

Run = Callable[..., tuple[int, str, str]]

ABOVE = "code,name\n990000,演示省\n990100,演示市\n990104,演示新县\n"
AREAS = (
    "community_code,community,street_code,street\n"
    "990104001001,甲演示社区居民委员会,990104001,甲演示街道\n"
)
BODIES = (
    "id,county,name,kind,level,area_code\n"
    "o-city-health,990100,演示市卫健委,department,city,990100\n"
    "o-civil,990104,演示新县民政局,department,county,990104\n"
    "o-001,990104,甲演示街道办事处,street,street,990104001\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Commands on a database that is empty but for its form."""
    monkeypatch.setenv("REGISTRY_MODE", "production")
    monkeypatch.setenv("REGISTRY_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("REGISTRY_DATABASE_URL", raising=False)
    migrate(f"sqlite:///{tmp_path / 'data' / 'registry.db'}")

    def command(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[str], str]:
    """A sheet of this text, as a file."""

    def written(text: str) -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        path.write_text(text, "utf-8")
        return str(path)

    return written


@pytest.fixture
def county(run: Run, sheet: Callable[[str], str]) -> Run:
    """A county with its places and organisations, nobody in it yet."""
    assert run("import", "jurisdictions", sheet(ABOVE))[0] == 0
    areas = ["import", "areas", sheet(AREAS), "--county", "990104", "--name", "演示新县"]
    assert run(*areas)[0] == 0
    assert run("import", "organisations", sheet(BODIES))[0] == 0
    return run


def test_the_first_person_needs_a_county(run: Run) -> None:
    add = ["user", "add", "first.one", "--name", "演示·某人", "--role", "sys.admin"]
    code, _, said = run(*add, "--organisation", "o-civil")
    assert (code, "registry import areas" in said) == (1, True)


def test_a_city_and_its_organisations_stand_above_the_county(
    county: Run, sheet: Callable[[str], str]
) -> None:
    assert "added: 0" in county("import", "jurisdictions", sheet(ABOVE))[1]
    added = [line for line in county("import", "organisations", sheet(BODIES))[1].splitlines()]
    assert [line[:6] for line in added] == ["990100", "990104"]
    assert all("added: 0" in line for line in added)


def test_a_county_that_came_without_its_city_is_not_moved_below_it(
    run: Run, sheet: Callable[[str], str]
) -> None:
    run("import", "areas", sheet(AREAS), "--county", "990104", "--name", "演示新县")
    code, _, said = run("import", "jurisdictions", sheet(ABOVE))
    assert (code, said.split(":")[0]) == (1, "import.above")


@pytest.mark.parametrize(
    "row",
    [
        "o-x,990104,某局,department,county,990199",
        "o-x,999999,某局,department,county,999999",
    ],
)
def test_an_organisation_of_a_place_nobody_imported_is_refused_with_its_whole_sheet(
    county: Run, sheet: Callable[[str], str], row: str
) -> None:
    head = "id,county,name,kind,level,area_code\n"
    good = f"o-good,{row[4:10]},某中心,institution,county,990104\n"
    code, _, said = county("import", "organisations", sheet(f"{head}{good}{row}\n"))
    assert (code, said.split(":")[0]) == (1, "import.cells")
    assert "area_code" in said
    add = ["user", "add", "new.one", "--name", "演示·某人", "--role", "dept.clerk"]
    assert county(*add, "--organisation", "o-good")[2].startswith("organisation.unknown")


def test_one_person_may_hold_two_posts_and_give_one_up(county: Run) -> None:
    add = ["user", "add", "two.posts", "--name", "演示·某人", "--role", "street.clerk"]
    assert county(*add, "--organisation", "o-001")[0] == 0
    grant = ["user", "grant", "two.posts", "--role", "street.head", "--organisation", "o-001"]
    code, said, _ = county(*grant)
    assert (code, said.split()[0]) == (0, "street.head")
    post = said.split()[1]
    assert county("user", "end", "two.posts", post, "--on", "2026-01-31")[0] == 0
    _, shown, _ = county("user", "show", "two.posts")
    assert [line.split()[1] for line in shown.splitlines()[1:]] == ["street.clerk", "street.head"]
    assert shown.splitlines()[2].endswith("2026-01-31")


def test_a_post_of_another_person_is_not_ended_by_mistake(county: Run) -> None:
    for name in ("one.person", "other.person"):
        add = ["user", "add", name, "--name", "演示·某人", "--role", "dept.clerk"]
        county(*add, "--organisation", "o-civil")
    post = county("user", "show", "one.person")[1].splitlines()[1].split()[0]
    code, _, said = county("user", "end", "other.person", post)
    assert (code, post in said) == (1, True)
    assert county("user", "show", "one.person")[1].rstrip().endswith("–")


def test_a_user_name_of_odd_letters_is_one_sentence(county: Run) -> None:
    add = ["user", "add", "张三", "--name", "演示·某人", "--role", "dept.clerk"]
    code, _, said = county(*add, "--organisation", "o-civil")
    assert (code, said.startswith("填写不符合要求")) == (1, True)


def test_a_sheet_that_is_not_there_is_named(run: Run) -> None:
    code, _, said = run("import", "organisations", "nowhere.csv")
    assert (code, said.strip()) == (1, "没有这个文件 no such file: nowhere.csv")
