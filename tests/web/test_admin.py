"""管理页: each administrator has their own part; what changes is seen before it is done."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.succession.inheriting import WAYS
from registry.domain.closing import YearClosing
from registry.domain.people import Organisation, Person, Post
from registry.domain.succession import Handover, Reorganisation
from registry.domain.vocabulary import OrganisationKind
from registry.policies.drafting.workbook import read_xlsx
from registry.store import backed
from registry.store.tables import BY_RECORD
from registry.web.admin import planned
from registry.web.named import OTHERS
from registry.web.tongue import words
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
COUNTY = "990102"
POSTS = "username,organisation_id,area_code,role,valid_from\n"


def held(office: Office, kind: Any, **equals: Any) -> list[Any]:
    return list(office.store.reader.find(kind, COUNTY, **equals))


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("sec.admin", "/admin/people", 200), ("audit.admin", "/admin/people", 200),
        ("sys.admin", "/admin/people", 403), ("dept.head", "/admin/people", 403),
        ("sec.admin", "/admin/sessions", 200), ("audit.admin", "/admin/sessions", 200),
        ("sys.admin", "/admin/sessions", 403), ("county.head", "/admin/sessions", 403),
        ("audit.admin", "/admin/sign-ins", 200), ("sys.admin", "/admin/sign-ins", 403),
        ("sys.admin", "/admin/import/people", 200), ("sec.admin", "/admin/import/people", 403),
        ("sec.admin", "/admin/import/posts", 200), ("audit.admin", "/admin/import/posts", 403),
        ("sys.admin", "/admin/checkup", 200), ("sec.admin", "/admin/checkup", 403),
        ("audit.admin", "/admin/checkup", 403), ("county.head", "/admin/checkup", 403),
        ("sys.admin", "/admin/settings", 200), ("county.head", "/admin/settings", 403),
        ("dept.clerk", "/admin/year?year=2025", 422),
        ("county.office", "/admin/year?year=2025", 200),
        ("dept.clerk", "/admin/roles/dept.clerk", 200), ("dept.clerk", "/admin", 200),
        ("dept.clerk", "/admin/roles/no.such", 404),
    ],
)  # fmt: skip
def test_each_sees_their_own_part_alone(seat: Seats, who: str, path: str, status: int) -> None:
    for language in ("zh", "en"):
        mark = "&" if "?" in path else "?"
        assert seat(who).get(f"{path}{mark}lang={language}").status_code == status


def test_the_security_administrator_signs_others_out_at_once(
    seat: Seats, one_office: Office
) -> None:
    clerk, admin = seat("dept.clerk"), seat("sec.admin")
    assert clerk.get("/desk").status_code == 200
    living = admin.get(f"/admin/people/{clerk.person.id}").text
    assert "192.0.2.7" in living
    gone = admin.post(
        "/admin/sessions", {"_token": token_of(admin), "person": clerk.person.id, "session": ""}
    )
    assert gone.status_code == 303
    assert clerk.get("/desk").status_code == 303
    assert "session.end" in [e.act for e in events(one_office)]


def test_who_reads_the_log_signs_nobody_out(seat: Seats) -> None:
    clerk, reader = seat("dept.clerk"), seat("audit.admin")
    assert 'action="/admin/sessions"' not in reader.get("/admin/sessions").text
    answer = reader.post(
        "/admin/sessions", {"_token": token_of(reader), "person": clerk.person.id, "session": ""}
    )
    assert answer.status_code == 403
    assert clerk.get("/desk").status_code == 200


def test_one_browser_is_signed_out_and_the_others_stay(seat: Seats) -> None:
    first, second, admin = seat("dept.clerk"), seat("dept.clerk"), seat("sec.admin")
    page = admin.get(f"/admin/people/{first.person.id}").text
    held_ids = [part.split('"')[0] for part in page.split('name="session" value="')[1:]]
    assert len(held_ids) == 2
    admin.post("/admin/sessions", {"_token": token_of(admin), "person": first.person.id,
                                   "session": held_ids[0]})  # fmt: skip
    assert sorted(s.get("/desk").status_code for s in (first, second)) == [200, 303]


def test_a_bad_day_in_the_log_is_told_beside_the_form(seat: Seats) -> None:
    reader = seat("audit.admin")
    assert reader.get("/admin/sign-ins?from=31.12.2025").status_code == 422
    assert reader.get("/admin/sign-ins?from=2026-02-01&to=2026-01-01").status_code == 422
    assert reader.get("/admin/sign-ins?username=&from=&to=").status_code == 200


def test_a_sheet_is_looked_at_before_a_row_of_it_is_kept(seat: Seats, one_office: Office) -> None:
    admin, before = seat("sec.admin"), len(held(one_office, Post))
    sheet = POSTS + "dept.clerk,o-990102-civil,990102,dept.head,2026-03-01\n"
    files = {"file": ("posts.csv", sheet.encode(), "text/csv")}
    path = "/admin/import/posts"
    seen = admin.post(path, {"_token": token_of(admin)}, files=files)
    assert seen.status_code == 200 and "o-990102-civil" in seen.text
    assert len(held(one_office, Post)) == before
    taken = admin.post(path, {"_token": token_of(admin), "sheet": sheet, "take": "1"})
    assert taken.status_code == 200, taken.text
    assert len(held(one_office, Post)) == before + 1


def test_every_bad_cell_is_told_and_the_sheet_comes_back_marked(
    seat: Seats, one_office: Office
) -> None:
    admin, before = seat("sec.admin"), len(held(one_office, Post))
    sheet = POSTS + "nobody,o-990102-civil,990102,dept.head,2026-03-01\n=1,o-1,990102,x,bad\n"
    path, token = "/admin/import/posts", token_of(admin)
    answer = admin.post(path, {"_token": token, "sheet": sheet, "take": "1"})
    assert answer.status_code == 422 and len(held(one_office, Post)) == before
    found = '[{"row":3,"column":"valid_from","message":"日期不对","message_en":"no date"}]'
    marked = admin.post(path + "/errors", {"_token": token, "sheet": sheet, "found": found})
    assert marked.headers["content-disposition"].startswith("attachment")
    lines = marked.text.splitlines()
    assert "起始日期 日期不对" in lines[2] and lines[2].startswith("'=1")
    junk = admin.post(path + "/errors", {"_token": token, "sheet": sheet, "found": "{"})
    assert junk.status_code == 200


def test_a_file_that_is_no_sheet_is_told_so(seat: Seats) -> None:
    admin = seat("sec.admin")
    for name, data in (("a.pdf", b"%PDF-1.7"), ("a.xlsx", b"PK\x03\x04junk"), ("a.csv", b"\xff\0")):
        files = {"file": (name, data, "application/octet-stream")}
        answer = admin.post("/admin/import/posts", {"_token": token_of(admin)}, files=files)
        assert answer.status_code == 422, name


def test_a_person_is_handed_over_from_the_list_of_what_they_hold(
    seat: Seats, one_office: Office
) -> None:
    head = seat("dept.head")
    clerk = one_office.store.reader.person_named("dept.clerk")
    assert isinstance(clerk, Person)
    path = f"/admin/handover/{clerk.id}"
    assert path in head.get("/admin/handover").text
    posts = [p.id for p in held(one_office, Post, person_id=clerk.id)]
    typed = {"reason": "moved", "to": head.person.id, "posts": posts, "freeze": ""}
    wrong = head.hand_in(path, **(typed | {"reason": ""}))
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text
    done = head.hand_in(path, **typed)
    assert done.status_code == 303 and done.headers["location"].startswith("/records/handovers/")
    assert [h.person_id for h in held(one_office, Handover)] == [clerk.id]


def test_a_head_hands_over_nobody_of_another_body(seat: Seats, one_office: Office) -> None:
    stranger = one_office.store.reader.person_named("street.clerk")
    assert isinstance(stranger, Person)
    assert seat("dept.head").get(f"/admin/handover/{stranger.id}").status_code in (403, 404)


def renaming(**more: str) -> dict[str, str]:
    return {
        "kind": "rename", "object_kind": "organisation", "sources": "o-990102-civil",
        "successors.0.id": "o-990102-civil", "successors.0.name": "演示县民政和社区局",
        "document_number": "演编〔2026〕1号", "document_title": "更名(演示)",
        "effective_on": "2026-01-01", **more,
    }  # fmt: skip


def test_a_reorganisation_is_planned_first_and_done_as_it_was_seen(
    seat: Seats, one_office: Office
) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    token = {"_token": token_of(head)}
    plan = head.post(path, token | renaming())
    assert plan.status_code == 200, plan.text
    assert "演示县民政局" in plan.text and "list_item<" not in plan.text
    assert not held(one_office, Reorganisation)
    digest = plan.text.split('name="_digest" value="')[1].split('"')[0]
    other = head.post(path, token | renaming(_run="1", _digest="0" * 64, _key="k-other-1"))
    assert other.status_code == 422 and not held(one_office, Reorganisation)
    done = head.post(path, token | renaming(_run="1", _digest=digest, _key="k-rename-1"))
    assert done.status_code == 303, done.text
    body = one_office.store.reader.get(Organisation, COUNTY, "o-990102-civil")
    assert body is not None and body.name == "演示县民政和社区局"


def test_the_office_may_see_the_plan_and_not_carry_it_out(seat: Seats) -> None:
    office, path = seat("county.office"), "/admin/reorganise"
    token = {"_token": token_of(office)}
    plan = office.post(path, token | renaming())
    assert plan.status_code == 200 and 'name="_run"' not in plan.text
    assert office.post(path, token | renaming(_run="1", _key="k-1")).status_code == 422


def test_nothing_typed_is_lost_where_a_reorganisation_is_told_wrongly(seat: Seats) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    token = {"_token": token_of(head)}
    wrong = head.post(path, token | renaming(effective_on="someday"))
    assert wrong.status_code == 422 and "演示县民政和社区局" in wrong.text
    more = head.post(path, token | renaming(_add="successors"))
    assert 'data-path="successors.1.id"' in more.text and "演示县民政和社区局" in more.text
    back = head.post(path, token | renaming(_edit="1"))
    assert back.status_code == 200 and "演编〔2026〕1号" in back.text


def test_a_new_body_needs_no_id_and_a_renamed_one_is_not_named_twice(
    seat: Seats, one_office: Office
) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    sent = {"_token": token_of(head)} | renaming()
    del sent["successors.0.id"]
    plan = head.post(path, sent)
    assert plan.status_code == 200 and "演示县民政和社区局" in plan.text
    split = sent | {"kind": "split", "successors.1.name": "演示新设局", "_heir": "0",
                    "successors.0.name": "演示另设局", "_rows.successors": "2"}  # fmt: skip
    plan = head.post(path, split)
    assert plan.status_code == 200, plan.text
    assert "演示新设局" in plan.text and "演示另设局" in plan.text
    digest = plan.text.split('name="_digest" value="')[1].split('"')[0]
    done = head.post(path, split | {"_run": "1", "_digest": digest, "_key": "k-split-1"})
    assert done.status_code == 303, done.text
    made = [o for o in held(one_office, Organisation) if o.name == "演示新设局"]
    assert len(made) == 1


def test_a_successor_is_found_by_a_word_and_nothing_typed_is_lost(seat: Seats) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    typed = {"_token": token_of(head)} | renaming(kind="merge")
    del typed["successors.0.id"]
    word = {"_find.successors.0.id": "城市管理", "_again": "f-successors.0.id"}
    found = head.post(path, typed | word)
    assert found.status_code == 200 and "演编〔2026〕1号" in found.text
    assert 'name="successors.0.id" value="o-990102-urban"' in found.text
    assert 'name="sources" value="o-990102-civil" checked' in found.text


def test_a_plan_tells_each_thing_once_and_by_name_alone(seat: Seats) -> None:
    """Two communities into a new one with a committee of its own: a post names the committee and
    the place, and is one post; neither the committee that is not there yet nor a kind of thing is
    told by its id."""
    head, path = seat("county.head"), "/admin/reorganise"
    typed = {
        "_token": token_of(head), "kind": "merge", "object_kind": "area",
        "sources": ["a-990102001001", "a-990102001002"],
        "successors.0.name": "演示合并社区", "successors.0.code": "990102001088",
        "successors.0.organisation_name": "演示合并社区居民委员会",
        "document_number": "演政发〔2026〕8号", "document_title": "合并社区（演示）",
        "effective_on": "2026-01-01",
    }  # fmt: skip
    plan = head.post(path, typed)
    assert plan.status_code == 200, plan.text
    rows = plan.text.split('aria-labelledby="rows"')[1]
    told = re.findall(r"<tr>.*?</tr>", rows, re.DOTALL)
    posts = re.findall(r"/records/posts/([^\"]+)", rows)
    assert posts and len(set(posts)) == len(posts)
    assert "演示合并社区居民委员会" in rows
    shown = re.sub(r"<[^>]+>", " ", rows)
    assert not re.findall(r"o-990102|a-990102|\btarget\b", shown), shown
    counted = re.search(r"共涉及 (\d+) 件", plan.text)
    assert counted and int(counted[1]) == len(told) - 1, "a figure with as many rows"
    digest = plan.text.split('name="_digest" value="')[1].split('"')[0]
    done = head.post(path, typed | {"_run": "1", "_digest": digest, "_key": "k-merge-1"})
    assert done.status_code == 303, done.text
    kept = head.get(done.headers["location"]).text.split("<main")[1].split("相关记录")[0]
    moved = re.sub(r"<[^>]+>", " ", kept)
    assert "演示合并社区" in moved and "任职" in moved
    assert not re.findall(r"[oa]-990102|Post|Organisation|target", moved), moved


def test_a_plan_of_a_day_to_come_is_not_offered_to_be_carried_out(seat: Seats) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    typed = {"_token": token_of(head)} | renaming()
    assert 'name="_run"' in head.post(path, typed).text
    later = head.post(path, typed | {"effective_on": "2027-01-01"})
    assert later.status_code == 200 and 'name="_run"' not in later.text
    assert "自 2027-01-01 起生效" in later.text


def test_every_kind_of_thing_that_is_inherited_has_a_name_on_the_plan() -> None:
    named = {f"admin.kind_{name}" for name in OTHERS} & words().keys()
    assert len(named) == len(OTHERS)
    kinds = {str(BY_RECORD[kind].name) for kind in WAYS}
    assert kinds <= planned.LISTS.keys() | OTHERS


def test_the_figures_of_a_plan_lead_to_the_rows_of_their_kind(seat: Seats) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    typed = {"_token": token_of(head)} | renaming(kind="merge")
    typed |= {"successors.0.id": "o-990102-urban", "successors.0.name": ""}
    whole = head.post(path, typed)
    kinds = set(re.findall(r'name="_only" value="([a-z_]+)"', whole.text))
    assert "post" in kinds
    posts = head.post(path, typed | {"_only": "post"})
    rows = posts.text.split('aria-labelledby="rows"')[1]
    assert "/records/posts/" in rows


def test_a_transfer_shows_all_that_could_go_and_moves_what_is_picked(
    seat: Seats, one_office: Office
) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    typed = {"_token": token_of(head)} | renaming(kind="transfer")
    typed |= {"successors.0.id": "o-990102-urban"}
    del typed["successors.0.name"]
    survey = head.post(path, typed)
    assert survey.status_code == 200 and 'name="_run"' not in survey.text
    things = re.findall(r'<select name="_to\.([^"]+)"', survey.text)
    assert things
    picked = {f"_to.{things[0]}": "o-990102-urban"}
    plan = head.post(path, typed | picked)
    digest = plan.text.split('name="_digest" value="')[1].split('"')[0]
    done = head.post(path, typed | picked | {"_run": "1", "_digest": digest, "_key": "k-transfer"})
    assert done.status_code == 303, done.text
    assert len(held(one_office, Reorganisation)) == 1


def test_a_place_that_is_renamed_asks_for_the_names_of_the_bodies_there(seat: Seats) -> None:
    head, path = seat("county.head"), "/admin/reorganise"
    assert 'name="object_kind" value="area"' in head.get(f"{path}?of=area").text
    typed = {"_token": token_of(head)} | renaming(
        object_kind="area", sources="a-990102001001", _again="f-sources"
    )
    del typed["successors.0.id"]
    page = head.post(path, typed)
    assert page.status_code == 200 and "successors.0.code" in page.text
    assert "successors.0.functions" not in page.text
    plan = head.post(path, {n: v for n, v in typed.items() if n != "_again"})
    assert plan.status_code == 200, plan.text


def test_a_year_is_rehearsed_by_looking_and_closed_by_finance(
    seat: Seats, one_office: Office
) -> None:
    finance, path = seat("finance.clerk"), "/admin/year?year=2025"
    page = finance.get(path)
    assert page.status_code == 200 and not held(one_office, YearClosing)
    assert 'name="organisation"' not in seat("county.office").get(path).text
    body = page.text.split('name="organisation" value="')[1].split('"')[0]
    typed = {"_token": token_of(finance), "_key": "k-2025", "organisation": body, "year": "2025"}
    done = finance.post("/admin/year", typed)
    assert done.status_code == 303, done.text
    assert [c.organisation_id for c in held(one_office, YearClosing)] == [body]
    assert finance.get("/admin/year?year=nonsense").status_code == 422


def test_no_community_is_ranked_at_the_turn_of_the_year(seat: Seats, one_office: Office) -> None:
    text = seat("county.office").get("/admin/year?year=2025").text
    names = [line.split("<")[0] for line in text.split('<td data-label="社区（村）">')[1:]]
    areas = {a.id: a.code for a in one_office.store.reader.find(_area(), COUNTY)}
    codes = {o.name: areas.get(o.area_id, "") for o in held(one_office, Organisation)}
    assert names and [codes[n] for n in names] == sorted(codes[n] for n in names)


def _area() -> Any:
    from registry.domain.areas import Area

    return Area


def test_the_check_up_says_what_is_amiss_and_by_which_command_it_is_mended(
    seat: Seats, one_office: Office
) -> None:
    one_office.failed["reminders"] += 1
    page = seat("sys.admin").get("/admin/checkup").text
    one_office.failed.clear()
    assert "未办成 1 次" in page and "<code>registry tick</code>" in page
    assert "migrations" in page and "MB" in page


def test_the_check_up_tells_how_old_the_newest_backup_is(seat: Seats, one_office: Office) -> None:
    admin, now, folder = seat("sys.admin"), one_office.clock(), one_office.store.data_dir
    assert "本机没有备份记录" in admin.get("/admin/checkup").text
    backed.note(folder, now - timedelta(hours=30))
    fresh = admin.get("/admin/checkup").text
    assert "最近一次 2026-03-01" in fresh and "1 天前" in fresh
    assert "<code>registry backup</code>" not in fresh
    one_office.backup_within = timedelta(days=2)
    assert "<code>registry backup</code>" not in admin.get("/admin/checkup").text
    backed.note(folder, now - timedelta(days=9))
    late = admin.get("/admin/checkup").text
    assert "9 天前" in late and "<code>registry backup</code>" in late
    one_office.backup_within = timedelta(days=9)
    assert "<code>registry backup</code>" not in admin.get("/admin/checkup").text


def token_of(one: Seat) -> str:
    return one.hidden("/me/password")["_token"]


def events(office: Office) -> list[Any]:
    from registry.store.reader import Page

    return list(office.store.reader.events([COUNTY], {}, Page(limit=200)))


def test_the_page_of_a_role_tells_which_posts_stand_apart_from_it(seat: Seats) -> None:
    admin = seat("sec.admin")
    told = admin.get("/admin/roles/audit.admin").text
    assert "系统管理员不得兼任安全审计员" in told and "安全审计员不办业务" in told
    assert "系统管理员不得兼任安全保密管理员" not in told
    assert "安全审计员不办业务" in admin.get("/admin/roles/dept.clerk").text


def test_a_sheet_that_joins_two_administrators_is_told_at_its_row(
    seat: Seats, one_office: Office
) -> None:
    admin, before = seat("sec.admin"), len(held(one_office, Post))
    sheet = POSTS + "sys.admin,o-990102-data,990102,audit.admin,2026-03-01\n"
    answer = admin.post(
        "/admin/import/posts", {"_token": token_of(admin), "sheet": sheet, "take": "1"}
    )
    assert answer.status_code == 422 and "系统管理员不得兼任安全审计员" in answer.text
    assert len(held(one_office, Post)) == before


def _sheets(data: bytes) -> dict[str, list[list[str]]]:
    """Every sheet of a workbook, as text."""
    grids, _ = read_xlsx("a.xlsx", data)
    return {grid.name: [row for _, row in grid.rows] for grid in grids}


def test_the_template_of_a_sheet_names_its_columns_in_chinese_and_the_words_it_takes(
    seat: Seats,
) -> None:
    for who, kind, title in (
        ("sys.admin", "areas", "区划表"), ("sys.admin", "organisations", "单位表"),
        ("sys.admin", "people", "人员表"), ("sec.admin", "posts", "任职表"),
    ):  # fmt: skip
        path = f"/admin/import/{kind}"
        assert f"{path}/template.xlsx" in seat(who).get(path).text
        found = _sheets(seat(who).get(f"{path}/template.xlsx").content)
        heads = [head.removesuffix("*") for head in found[title][0]]
        assert len(heads) == len(set(heads)) and not any(h.isascii() for h in heads), heads
        assert [line[0] for line in found["填写说明"][1:]] == heads
        assert ("县（市、区）代码" in heads) == ("本县填 990102" in str(found["填写说明"]))
    taken = _sheets(seat("sec.admin").get("/admin/import/posts/template.xlsx").content)["代码表"]
    assert any("部门经办人" in line for line in taken)
    assert any("演示县民政局" in line and "o-990102-civil" in line for line in taken)
    assert seat("audit.admin").get("/admin/import/posts/template.xlsx").status_code == 403


def test_a_sheet_is_filled_in_with_the_words_of_officials(seat: Seats, one_office: Office) -> None:
    admin, path = seat("sys.admin"), "/admin/import/organisations"
    sheet = ("单位编号*,县（市、区）代码*,名称*,类别*,层级*,区划代码*,错误\n"
             "o-990102-new,990102,演示县新设局,政府部门,县区,990102000000,上次的错误\n")  # fmt: skip
    files = {"file": ("bodies.csv", sheet.encode(), "text/csv")}
    seen = admin.post(path, {"_token": token_of(admin)}, files=files)
    assert seen.status_code == 200 and "政府部门" in seen.text and "单位编号" in seen.text
    kept = html.unescape(re.findall(r'name="sheet"[^>]*>\n(.*?)</textarea>', seen.text, re.S)[0])
    taken = admin.post(path, {"_token": token_of(admin), "sheet": kept, "take": "1"})
    assert taken.status_code == 200, taken.text
    body = one_office.store.reader.get(Organisation, "990102", "o-990102-new")
    assert body is not None and body.kind is OrganisationKind.DEPARTMENT


def test_a_word_that_a_column_does_not_take_is_told_with_those_it_takes(seat: Seats) -> None:
    admin, path = seat("sys.admin"), "/admin/import/organisations"
    sheet = ("单位编号,县（市、区）代码,名称,类别,层级,区划代码\n"
             "o-990102-new,990102,演示县新设局,局,县区,990102000000\n")  # fmt: skip
    files = {"file": ("bodies.csv", sheet.encode(), "text/csv")}
    answer = admin.post(path, {"_token": token_of(admin)}, files=files)
    assert answer.status_code == 422 and "只能填：党委部门、政府部门" in answer.text
    token = {"_token": token_of(admin), "sheet": "id,kind\no-1,department\n"}
    found = '[{"row":2,"column":"kind","message":"不对","message_en":"wrong"}]'
    marked = admin.post(path + "/errors", token | {"found": found}).text
    assert "单位编号,类别,错误" in marked and "o-1,政府部门,类别 不对" in marked


def test_the_log_names_what_was_acted_on_and_an_account_leads_to_the_sheet_of_posts(
    seat: Seats,
) -> None:
    log = seat("audit.admin").get("/records/events").text
    assert "规则包运行记录" in log and "packrun" not in log and "matterlist" not in log
    page = seat("sec.admin").get("/admin/people/person-dept.clerk").text
    assert "/admin/import/posts" in page
    assert "/admin/import/posts" not in seat("audit.admin").get(
        "/admin/people/person-dept.clerk"
    ).text  # fmt: skip
