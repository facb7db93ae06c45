"""规则包底稿: what `pack new` writes passes check and test as it is, and states no number."""

import re
from datetime import date

import msgspec
import pytest

from registry.policies.cases import run_cases
from registry.policies.drafting.coverage import missing_cases
from registry.policies.drafting.lint import check
from registry.policies.drafting.skeleton import SkeletonError, Start, skeleton
from registry.policies.examples import PACKS, rulebook
from registry.policies.lists import load_lists
from registry.policies.loader import load_pack, read_folder
from tests.policies.rulebooks import SEEDS, loaded


def start(**changed: str) -> Start:
    plain = {"id": "my-county", "jurisdiction": "990102", "parent": "cn-base", "level": "county"}
    return Start(**{**plain, **changed}, effective=date(2026, 3, 2))


@pytest.mark.parametrize("level", ["county", "city", "province"])
def test_a_skeleton_passes_check_without_a_word(level: str) -> None:
    files = skeleton(start(level=level))
    assert check(files, loaded(), load_lists(SEEDS / "lists")) == []


@pytest.mark.parametrize("parent", ["cn-base", "tianjin-2019", "huangshan-2015"])
def test_a_skeleton_passes_test_and_every_rule_has_both_cases(parent: str) -> None:
    pack = load_pack(skeleton(start(parent=parent)))
    results = run_cases(pack, rulebook(pack.id, loaded() | {pack.id: pack}, SEEDS))
    assert [r.failures for r in results if r.failures] == []
    assert missing_cases(pack, results) == []


def test_a_skeleton_states_no_number_of_its_own() -> None:
    text = skeleton(start())["pack.toml"]
    settings = [line for line in text.splitlines() if not line.startswith("#")]
    numbers = [n for line in settings for n in re.findall(r"=\s*(\d+)\s*(?:#.*)?$", line)]
    assert numbers == []


def test_every_file_of_a_skeleton_explains_itself_in_both_languages() -> None:
    for text in skeleton(start()).values():
        remarks = " ".join(line for line in text.splitlines() if "#" in line)
        assert re.search(r"[\u4e00-\u9fff]", remarks)
        assert re.search(r"[a-z]{4}", remarks)


def test_a_pack_may_begin_from_another_and_is_then_no_test_material() -> None:
    files = skeleton(start(id="ours", name="本县规则"), read_folder(PACKS / "demo-county"))
    pack = load_pack(files)
    assert (pack.id, pack.document.pack.name) == ("ours", "本县规则")
    assert (pack.document.pack.fixture, pack.document.pack.fictional) == (False, False)
    assert "demo-county" in files["pack.toml"].splitlines()[0]
    assert [p for p in check(files, loaded(), None) if p.severity == "error"] == []


def test_the_next_pack_of_a_place_begins_on_the_day_it_is_told() -> None:
    base = read_folder(PACKS / "demo-county")
    later = msgspec.structs.replace(start(id="demo-next"), redated=True)
    assert load_pack(skeleton(later, base)).document.pack.effective_from == date(2026, 3, 2)
    kept = load_pack(skeleton(start(id="demo-next"), base)).document.pack
    assert kept.effective_from == load_pack(base).document.pack.effective_from


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../up"}, {"id": ""}, {"id": "My County"}, {"id": "a" * 61},
        {"jurisdiction": "99010"}, {"jurisdiction": "abcdef"},
        {"name": 'x"\ndefault = "deny"'}, {"name": "换\n行"},
    ],
)  # fmt: skip
def test_a_name_no_pack_can_have_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(SkeletonError):
        skeleton(start(**wrong))
