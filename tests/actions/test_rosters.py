"""花名册: bodies, people and posts from a sheet, added, corrected, ended; every bad cell at once."""

import io

import openpyxl
import pytest

from registry.actions.sheets import may
from registry.actions.staff.rosters import ACT, import_roster, read_roster
from registry.domain.errors import Refusal
from registry.domain.people import Organisation, Person, Post
from tests.actions import case

BODIES = "id,county,name,kind,level,area_code,telephone,valid_to\n"
PEOPLE = "username,name,county\n"
POSTS = "username,organisation_id,area_code,role,valid_from,valid_to\n"


def _sheet(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.strip().splitlines():
        book.active.append(line.split(","))
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _taken(hand, kind, text, **more):
    rows = read_roster(kind, "sheet", text if isinstance(text, bytes) else text.encode())
    keeper = "sec.admin" if kind == "posts" else "sys.admin"
    return hand(keeper).do(lambda d: import_roster(d, kind, rows, **more))


def _cells(act):
    with pytest.raises(Refusal) as found:
        act()
    assert found.value.code == "import.cells"
    return [(e["row"], e["column"]) for e in found.value.facts["errors"]]


@pytest.mark.parametrize("form", [str.encode, _sheet, lambda t: t.encode("gb18030")])
def test_a_body_comes_in_from_csv_or_a_workbook(one_hand, one_office, form):
    line = "o-new,990102,演示新局,department,county,990102,000-1234567,\n"
    told = _taken(one_hand, "organisations", form(BODIES + line))
    assert (told.added, told.changed, told.same) == (1, 0, 0)
    assert one_office.store.reader.get(Organisation, "990102", "o-new").name == "演示新局"


def test_a_row_that_is_there_is_corrected_and_one_that_says_nothing_new_is_left(one_hand):
    line = "o-new,990102,演示新局,department,county,990102,000-1234567,\n"
    _taken(one_hand, "organisations", BODIES + line)
    assert _taken(one_hand, "organisations", BODIES + line).same == 1
    told = _taken(one_hand, "organisations", BODIES + line.replace("4567", "9999"))
    assert told.changed == 1


def test_every_bad_cell_is_told_and_nothing_of_the_sheet_is_kept(one_hand, one_office):
    text = BODIES + (
        "o-good,990102,演示好局,department,county,990102,,\n"
        "o-far,990103,演示外县局,department,county,990103,,\n"
        "o-lost,990102,演示无处局,department,county,990102999999,,\n"
    )
    found = _cells(lambda: _taken(one_hand, "organisations", text))
    assert found == [(3, "county"), (4, "area_code")]
    assert one_office.store.reader.get(Organisation, "990102", "o-good") is None


def test_a_body_with_cases_is_neither_renamed_nor_ended_by_a_sheet(one_hand):
    case.drafted(one_hand)
    text = BODIES + "o-990102-civil,990102,演示县大民政局,department,county,990102,,\n"
    assert _cells(lambda: _taken(one_hand, "organisations", text)) == [(2, "name")]
    text = BODIES + "o-990102-civil,990102,演示县民政局,department,county,990102,,2026-12-31\n"
    assert _cells(lambda: _taken(one_hand, "organisations", text)) == [(2, "valid_to")]


def test_people_and_their_posts_come_in_and_a_post_ends_by_its_row(one_hand, one_office):
    told = _taken(one_hand, "people", PEOPLE + "new.clerk,演示新人,990102\n")
    assert told.accounts == ["new.clerk"]
    person = one_office.store.reader.person_named("new.clerk")
    assert person.must_change
    row = "new.clerk,o-990102-civil,990102,dept.clerk,2026-01-01,"
    assert _taken(one_hand, "posts", POSTS + row + "\n").added == 1
    assert _taken(one_hand, "posts", POSTS + row + "2026-02-01\n").changed == 1
    [post] = one_office.store.reader.find(Post, "990102", person_id=person.id)
    assert str(post.valid_to) == "2026-02-01"


def test_a_new_account_signs_in_only_once_it_has_a_password(one_hand, one_office):
    _taken(one_hand, "people", PEOPLE + "new.clerk,演示新人,990102\n", hashes={"new.clerk": "h"})
    assert one_office.store.reader.person_named("new.clerk").password_hash == "h"
    _taken(one_hand, "people", PEOPLE + "new.clerk,演示新名,990102\n", hashes={"new.clerk": "x"})
    held: Person = one_office.store.reader.person_named("new.clerk")
    assert (held.name, held.password_hash) == ("演示新名", "h")


def test_a_post_names_what_is_there(one_hand):
    text = POSTS + ("nobody.here,o-none,990102999999,king,2026-01-01,\n")
    found = _cells(lambda: _taken(one_hand, "posts", text))
    assert found == [(2, "username"), (2, "organisation_id"), (2, "area_code"), (2, "role")]


def test_nobody_is_put_in_a_post_of_the_machine(one_hand):
    text = POSTS + "dept.clerk,o-990102-civil,990102,system,2026-01-01,\n"
    assert _cells(lambda: _taken(one_hand, "posts", text)) == [(2, "role")]


def test_only_who_keeps_accounts_imports(one_hand, one_office):
    for username in ("dept.head", "county.office", "audit.admin"):
        with pytest.raises(Refusal) as found:
            may(one_office, one_hand(username).actor, ACT["people"])
        assert found.value.code == "access.forbidden"


def test_a_workbook_with_a_formula_is_refused_by_cell(one_hand):
    book = openpyxl.Workbook()
    for line in (PEOPLE.strip().split(","), ["new.clerk", "=1+1", "990102"]):
        book.active.append(line)
    page = io.BytesIO()
    book.save(page)
    found = _cells(lambda: _taken(one_hand, "people", page.getvalue()))
    assert [row for row, _ in found] == [2]


ZH_BODIES = "单位编号*,县（市、区）代码*,名称*,类别*,层级*,区划代码*,错误\n"
ZH_POSTS = "用户名*,单位编号*,区划代码*,岗位*,起始日期*,截止日期\n"


@pytest.mark.parametrize("form", [str.encode, _sheet, lambda t: t.encode("gb18030")])
def test_a_sheet_headed_as_its_template_is_comes_in_with_the_words_of_officials(
    one_hand, one_office, form
):
    text = ZH_BODIES + "o-new,990102,演示新局,政府部门,县区,990102,上次的错误\n"
    assert _taken(one_hand, "organisations", form(text)).added == 1
    kept = one_office.store.reader.get(Organisation, "990102", "o-new")
    assert (kept.kind, kept.level) == ("department", "county")
    text = ZH_POSTS + "dept.clerk,o-new,990102,部门负责人,2026-03-01,\n"
    assert _taken(one_hand, "posts", form(text)).added == 1
    [post] = one_office.store.reader.find(Post, "990102", organisation_id="o-new")
    assert post.role == "dept.head"


def test_what_is_wrong_is_told_by_the_names_that_the_sheet_bears(one_hand):
    text = ZH_BODIES + "o-new,990102,演示新局,局,县区,990102,\n"
    assert _cells(lambda: _taken(one_hand, "organisations", text)) == [(2, "类别")]
    text = ZH_BODIES + "o-new,990103,演示新局,政府部门,县区,990102,\n"
    assert _cells(lambda: _taken(one_hand, "organisations", text)) == [(2, "县（市、区）代码")]
    text = ZH_POSTS + "nobody.here,o-none,990102999999,国王,2026-01-01,\n"
    found = _cells(lambda: _taken(one_hand, "posts", text))
    assert found == [(2, "岗位")]
    text = ZH_POSTS + "nobody.here,o-none,990102999999,系统,2026-01-01,\n"
    assert _cells(lambda: _taken(one_hand, "posts", text)) == [(2, "岗位")]


def test_a_column_that_takes_one_of_a_few_words_tells_them(one_hand):
    with pytest.raises(Refusal) as found:
        _taken(one_hand, "organisations", ZH_BODIES + "o-new,990102,新局,局,县区,990102,\n")
    (told,) = found.value.facts["errors"]
    assert "只能填：党委部门、政府部门" in told["message"]
    assert "it takes 党委部门、政府部门" in told["message_en"]
