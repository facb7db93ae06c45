"""只看自己的 own area only: over every operation of the document and everybody of the demo, no answer
tells what lies outside the reader's area or purpose, and none keeps back what lies within."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.api.operations import Operation
from registry.api.resources import RESOURCES
from registry.domain.exporting import OF_ONE, Form
from registry.policies.access import shipped
from tests.ownarea import grounds as standing
from tests.ownarea import placed, reach, sweeps, taken
from tests.ownarea.grounds import Grounds
from tests.ownarea.sweeps import NAMES, OTHERS, READ

WRITE = [o for o in OTHERS if o.method != "GET"]
UNHELD = {"province.office": "nobody of the demo holds this post"}
NONE_BY_LETTER = {
    "exceptions": "an exception is the whole county's, and letters are on communities"
}


@pytest.fixture(scope="module")
def grounds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    with standing.on_sqlite(sqlite_template, tmp_path_factory.mktemp("grounds")) as made:
        yield made


def test_every_resource_and_every_operation_has_its_line() -> None:
    assert set(reach.rules()) == set(RESOURCES)
    assert sorted(sweeps.rows()) == sorted(o.id for o in OTHERS)


def test_the_table_names_every_role_that_somebody_of_the_demo_has(grounds: Grounds) -> None:
    roles = {seat.role for r in grounds.people.values() for seat in r.seats}
    named = {role for rule in reach.rules().values() for role in rule.own | rule.area}
    assert named <= set(shipped("indexed").roles)
    assert roles - named == {"inspector"}, "a role that reads nothing at all"


def test_every_kind_of_record_lies_in_every_place(grounds: Grounds) -> None:
    for place, laid in grounds.world.placed.items():
        kinds = {type(r) for r in laid}
        missing = {r.name for r in RESOURCES.values() if r.record not in kinds | set(placed.GIVEN)}
        assert missing == {"events"}, place


def test_every_post_has_of_each_kind_a_row_to_read_and_one_kept_from_it(grounds: Grounds) -> None:
    wrong: list[Any] = []
    for name, rule in ((name, reach.rules()[name]) for name in NAMES):
        whole = len(grounds.records.all[RESOURCES[name].record])
        for role in sorted((rule.own | rule.area) - set(UNHELD)):
            who = [n for n, r in grounds.people.items() if role in {s.role for s in r.seats}]
            seen = [len(grounds.seen(n, name)) for n in who]
            if not (whole and max(seen, default=0) and min(seen) < whole):
                wrong.append((name, role, seen, whole))
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_an_inspector_has_a_row_of_what_a_letter_opens_and_none_of_what_none_does(
    grounds: Grounds, name: str
) -> None:
    projects = grounds.people["inspector"].projects
    assert {p.topic for p in projects} == set(reach.TOPICS)
    opened = any(reach.opens(project, name) for project in projects)
    shared = reach.rules()[name].purpose in ("all", "mine")
    seen = len(grounds.seen("inspector", name))
    assert bool(seen) == (opened and name not in NONE_BY_LETTER) or shared
    assert seen < len(grounds.records.all[RESOURCES[name].record]) or shared


@pytest.mark.parametrize("name", NAMES)
def test_a_list_shows_neither_more_nor_fewer(grounds: Grounds, name: str) -> None:
    assert sweeps.lists(grounds, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_finds_what_the_reader_sees_and_nothing_else(grounds: Grounds, name: str) -> None:
    assert sweeps.filters(grounds, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_cursor_of_somebody_else_opens_nothing(grounds: Grounds, name: str) -> None:
    assert sweeps.cursors(grounds, name) == []


@pytest.mark.parametrize("name", ["requests", "presences", "notices", "vouchers", "documents"])
def test_pages_of_seven_are_the_whole_and_no_more(grounds: Grounds, name: str) -> None:
    for who in ("dept2.clerk", "community2.head", "village.head"):
        _, found = sweeps.walk(grounds, who, f"/api/v1/{name}?limit=7")
        assert len(found) == len(set(found))
        assert set(found) == sweeps.expected(grounds, who, name)


@pytest.mark.parametrize("name", NAMES)
def test_counts_sums_changes_words_and_areas_are_of_what_is_seen(
    grounds: Grounds, name: str
) -> None:
    assert sweeps.counted(grounds, name) == []
    assert sweeps.changed(grounds, name) == []
    assert sweeps.words(grounds, name) == []
    assert sweeps.areas(grounds, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_lies_elsewhere_and_what_is_nowhere_are_told_alike(
    grounds: Grounds, name: str
) -> None:
    assert sweeps.records(grounds, name) == []


def test_what_one_may_see_is_shown_to_each(grounds: Grounds) -> None:
    assert sweeps.own(grounds) == []


@pytest.mark.parametrize("operation", READ, ids=lambda o: o.id)
def test_no_question_tells_of_what_lies_elsewhere(grounds: Grounds, operation: Operation) -> None:
    wrong, answered = sweeps.questions(grounds, operation)
    assert wrong == []
    assert answered & {200, 304} or operation.id in sweeps.OF_A_STATE, answered


@pytest.mark.parametrize("operation", WRITE, ids=lambda o: o.id)
def test_an_act_on_what_lies_elsewhere_is_answered_as_if_it_were_nowhere(
    grounds: Grounds, operation: Operation
) -> None:
    assert sweeps.acts(grounds, operation) == []


FORMS = list(OF_ONE)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_taken_away_holds_what_is_seen_and_nothing_else(grounds: Grounds, name: str) -> None:
    form = FORMS[NAMES.index(name) % len(FORMS)]
    assert taken.lists(grounds, name, (form,)) == []


@pytest.mark.parametrize("form", [Form.AUDIT_DB, Form.GIVING, Form.BEANCOUNT])
def test_a_whole_taken_away_holds_nothing_of_elsewhere(grounds: Grounds, form: Form) -> None:
    assert taken.wholes(grounds, form) == []


def test_a_file_that_somebody_else_ordered_is_none(grounds: Grounds) -> None:
    assert taken.jobs(grounds) == []


def test_by_sql_nothing_of_elsewhere_is_in_reach(grounds: Grounds) -> None:
    assert taken.asked_sql(grounds) == []


def test_receipts_proofs_and_the_log_are_for_those_whose_they_are(grounds: Grounds) -> None:
    assert taken.receipts(grounds) == []


def test_an_answer_kept_under_a_key_is_its_askers_alone(grounds: Grounds) -> None:
    assert taken.again(grounds) == []


def test_a_search_before_asking_names_nothing_that_was_filed(grounds: Grounds) -> None:
    assert taken.searched(grounds) == []


def test_the_public_sees_what_is_open_and_nothing_else(grounds: Grounds) -> None:
    assert taken.public(grounds) == []


def test_whom_a_complaint_is_about_reads_nothing_of_it(grounds: Grounds) -> None:
    assert taken.complaints(grounds) == []
