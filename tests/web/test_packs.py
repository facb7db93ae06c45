"""规则包编修页: a pack is written, proven, proposed and published from a browser, by two people."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from registry.actions.office import Office
from registry.actions.rejudging import running
from registry.domain.pack import PackStage, PackState, PublishedPack
from registry.policies import loader
from registry.policies.drafting import lines
from registry.policies.drafting.bundle import packed, unpacked
from registry.policies.drafting.settings import sections
from registry.policies.drafting.workbook import read_xlsx, write_xlsx
from registry.web.tongue import Tongue
from tests.actions.drafting import COUNTY, NEXT, next_year, stage
from tests.actions.enacting import proven
from tests.web.seated import Seat
from tests.web.test_case import admitted, do

Seats = Callable[[str], Seat]
ZIP, XLSX = "application/zip", "application/octet-stream"


def begun(seat: Seat, files: dict[str, str] | None = None) -> str:
    """A draft of next year's pack, from a zip; its id."""
    data = packed(files or next_year())
    told = {"file": ("pack.zip", BytesIO(data), ZIP)}
    answer = seat.post("/pack-drafts/new", seat.hidden("/packs"), files=told)
    assert answer.status_code == 303, answer.text
    return draft_of(answer)


def draft_of(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["location"]).query)["draft"][0]


def at(word: str, draft: str, **query: str) -> str:
    return f"/pack-drafts/{word}?draft={draft}" + "".join(f"&{n}={v}" for n, v in query.items())


def sent(seat: Seat, page: str, to: str, **typed: Any) -> Any:
    """A form of a page, sent where it says; what is no part of it left out."""
    held = {n: v for n, v in seat.hidden(page).items()}
    return seat.post(f"/pack-drafts/{to}", held | typed)


def test_a_draft_is_written_in_the_room_of_packs_and_who_acted_by_a_command_is_told_so(
    seat: Seats,
) -> None:
    clerk = seat("county.office")
    here = '<a href="/packs" aria-current="page">'
    assert here in clerk.get(at("one", begun(clerk))).text
    assert here not in clerk.get("/lists").text
    page = clerk.get("/packs/demo-county").text
    assert "服务器命令行（" in page and "cli:" not in page.partition("<main")[2]


def test_every_setting_that_a_shipped_pack_states_has_a_chinese_name() -> None:
    own = ("use.", "bodies.", "purchase.barred")
    """Their keys are the pack's own words."""
    raw = {
        (one.name, setting)
        for path in Path(loader.__file__).parent.glob("packs/*/pack.toml")
        for one in sections(path.read_text("utf-8")) if not one.name.startswith(own)
        for setting in [one.name, *(s.name for s in one.plain)]
        if setting not in ("top", "pack", "id")
        and not re.search("[\u4e00-\u9fff]", Tongue("zh").setting(setting))
    }  # fmt: skip
    assert raw == set()


def texts(seat: Seat, draft: str) -> dict[str, str]:
    answer = seat.get(at("files.zip", draft))
    assert answer.headers["content-type"] == ZIP
    files, wrong = unpacked("x.zip", answer.content)
    assert not wrong
    return files


def held(office: Office) -> PublishedPack:
    found = office.store.reader.get(PublishedPack, COUNTY, NEXT)
    assert found is not None
    return found


def test_a_pack_goes_from_draft_to_force_by_pages_alone_and_by_two_people(
    seat: Seats, one_office: Office
) -> None:
    clerk, head = seat("county.office"), seat("county.head")
    draft = begun(clerk)
    assert sent(clerk, at("test", draft), "redate").status_code == 303
    kept = {n: t for n, t in texts(clerk, draft).items() if not n.startswith("cases/")}
    assert kept == {n: t for n, t in next_year().items() if not n.startswith("cases/")}
    assert "变动" in clerk.get(at("diff", draft)).text
    assert (
        sent(clerk, at("propose", draft), "propose")
        .headers["location"]
        .startswith(f"/packs/{NEXT}")
    )
    page = clerk.get(f"/packs/{NEXT}").text
    assert "须由另一人发布" in page and "/do/pack.publish" not in page
    assert draft not in clerk.get("/packs").text, "what was proposed is no draft any more"
    hidden = clerk.hidden(f"/packs/{NEXT}")
    answer = clerk.post(f"/do/pack.check?id={NEXT}&next=/packs/{NEXT}", hidden)
    assert answer.headers["location"].startswith(f"/packs/{NEXT}")
    assert stage(one_office, NEXT) is PackStage.CHECKED
    assert f"/do/pack.publish?id={NEXT}" in head.get(f"/packs/{NEXT}").text
    refused = clerk.post(f"/do/pack.publish?id={NEXT}", hidden)
    assert refused.status_code == 422 and held(one_office).published_by is None


def test_a_proven_pack_is_published_with_its_paper_by_the_head(
    seat: Seats, one_office: Office, one_hand: Callable[[str], Any]
) -> None:
    clerk, head = seat("county.office"), seat("county.head")
    sent(clerk, at("propose", begun(clerk)), "propose")
    one_hand("county.office").do(lambda d: proven(d, NEXT))
    do(
        head,
        "pack.publish",
        NEXT,
        document_number="演发〔2026〕8号",
        _not_secret="true",
        files={"document_id": ("红头文件.pdf", b"%PDF-1.4 the instrument", "application/pdf")},
    )
    kept = held(one_office)
    assert (kept.state, kept.published_by) == (PackState.PUBLISHED, head.person.id)
    assert "演发〔2026〕8号" in clerk.get(f"/packs/{NEXT}").text


def test_a_simulation_is_told_on_the_page_of_the_pack_and_leads_to_its_rows(
    seat: Seats, one_office: Office, one_hand: Callable[[str], Any]
) -> None:
    admitted(seat, one_office)
    clerk = seat("county.office")
    closed = next_year()
    rows = lines.insert(
        closed["rules.csv"], 2,
        {"gate": "file", "kind": "task", "eft": "deny", "outcome": "refused", "rule": "DM-R4"},
        ("eft", "outcome", "rule"),
    )  # fmt: skip
    sent(clerk, at("propose", begun(clerk, closed | {"rules.csv": rows})), "propose")
    draft = held(one_office)
    run = one_hand("county.office").do(lambda d: running.begin_draft(d, draft))
    done = running.work_out(one_office, run, draft)
    page = clerk.get(f"/packs/{NEXT}").text
    assert "新增不通过" in page and f"/pack-runs/{done.id}/rows.csv" in page
    told = clerk.get(f"/pack-runs/{done.id}/rows.csv")
    assert told.headers["content-disposition"].startswith("attachment")
    assert "新增不通过" in told.text


def test_a_row_is_changed_moved_added_and_deleted_as_an_official_reads_it(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    table = at("table", draft, of="rules.csv")
    page = re.sub(r"<[^>]+>", " ", clerk.get(table).text)
    assert "关口：申报" in page and "须申报准入" in page
    row = at("row", draft, of="rules.csv", line="4")
    answer = sent(clerk, row, "row", **{"c.outcome": "human_review", "c.rule": "DM-R4",
                                        "c.gate": "file", "c.kind": "report"})  # fmt: skip
    assert answer.status_code == 303
    changed = lines.row_at(texts(clerk, draft)["rules.csv"], 4)
    assert changed is not None
    told = {c: w for c, w in changed.cells.items() if w != "*"}
    assert told == {"gate": "file", "kind": "report", "eft": "deny", "outcome": "human_review",
                    "rule": "DM-R4"}  # fmt: skip
    sent(clerk, table, "table", _up="4")
    assert lines.row_at(texts(clerk, draft)["rules.csv"], 3) is not None
    before = len(lines.rows(texts(clerk, draft)["rules.csv"]))
    sent(
        clerk,
        at("row", draft, of="rules.csv", line="3"),
        "row",
        **{"c.outcome": "refused", "c.rule": "DM-R4", "c.gate": "file", "_before": "1"},
    )
    assert len(lines.rows(texts(clerk, draft)["rules.csv"])) == before + 1
    sent(clerk, table, "table", _drop="3")
    assert len(lines.rows(texts(clerk, draft)["rules.csv"])) == before


def test_a_row_without_its_answer_says_so_and_keeps_what_was_chosen(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    answer = sent(clerk, at("row", draft, of="rules.csv", line="new"), "row", **{"c.kind": "app"})
    assert answer.status_code == 422
    assert 'href="#c-outcome"' in answer.text and '<option value="app" selected>' in answer.text


def test_settings_change_in_their_place_and_what_cannot_stand_is_told_beside_it(
    seat: Seats,
) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    text = texts(clerk, draft)["pack.toml"]
    heading = text.splitlines().index("[pack]") + 1
    day = next(n for n, line in enumerate(text.splitlines(), 1) if "effective_from" in line)
    page = at("settings", draft, section=str(heading))
    wrong = sent(clerk, page, "settings", **{f"s.{day}": "2027-02-30"})
    assert (
        wrong.status_code == 422 and f'href="#s-{day}"' in wrong.text and "2027-02-30" in wrong.text
    )
    assert sent(clerk, page, "settings", **{f"s.{day}": "2027-03-01"}).status_code == 303
    assert texts(clerk, draft)["pack.toml"] == text.replace("2027-01-01", "2027-03-01", 1)


def test_a_text_that_cannot_be_read_is_kept_and_each_error_leads_to_its_line(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    page = at("text", draft, file="pack.toml")
    assert sent(clerk, page, "text", text='[pack]\nid = "x\n').status_code == 303
    shown = clerk.get(page).text
    assert 'href="#l2"' in shown and 'id="l2"' in shown
    for word in ("one", "check", "test", "diff", "settings", "propose"):
        assert clerk.get(at(word, draft)).status_code == 200, word
    for name in ("rules.csv", "routes.csv", "modes.csv"):
        assert clerk.get(at("table", draft, of=name)).status_code == 200
    answer = sent(clerk, at("propose", draft), "propose")
    assert answer.status_code == 422 and "pack.toml" in answer.text


def test_two_tabs_do_not_write_over_each_other_and_what_was_typed_is_given_back(
    seat: Seats,
) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    page = at("text", draft, file="pack.toml")
    old = clerk.hidden(page)
    sent(clerk, at("table", draft, of="rules.csv"), "table", _drop="4")
    answer = clerk.post("/pack-drafts/text", old | {"text": "# typed in the other tab"})
    assert answer.status_code == 409 and "# typed in the other tab" in answer.text
    assert texts(clerk, draft)["pack.toml"] == next_year()["pack.toml"]


def test_a_workbook_goes_out_and_comes_back_and_one_error_changes_nothing(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    before = texts(clerk, draft)
    grids, wrong = read_xlsx("t.xlsx", clerk.get(at("tables.xlsx", draft)).content)
    assert not wrong
    assert brought(clerk, draft, "t.xlsx", write_xlsx(grids, {})).status_code == 303
    assert lines.rows(texts(clerk, draft)["rules.csv"]) and len(texts(clerk, draft)) == len(before)
    grids[0].rows[3][1][1] = "没有这个词"
    after = texts(clerk, draft)
    bad = brought(clerk, draft, "t.xlsx", write_xlsx(grids, {}))
    assert bad.status_code == 422 and "没有这个词" in bad.text and texts(clerk, draft) == after
    for name, data in (("a.xlsx", b"no workbook"), ("a.zip", b"PK"), ("x/y.toml", b"\xff"),
                       ("a.csv", b"\x00\x01"), ("a.exe", b"MZ")):  # fmt: skip
        assert brought(clerk, draft, name, data).status_code == 422, name
    assert texts(clerk, draft) == after


def brought(seat: Seat, draft: str, name: str, data: bytes) -> Any:
    told = {"file": (name, BytesIO(data), XLSX)}
    return seat.post("/pack-drafts/file", seat.hidden(at("one", draft)), files=told)


def test_nobody_writes_over_anothers_proposal_unseen(seat: Seats, one_office: Office) -> None:
    clerk = seat("county.office")
    first, second = begun(clerk), begun(clerk, next_year(("演示县", "演示甲县")))
    sent(clerk, at("propose", first), "propose")
    before = held(one_office).digest
    page = at("propose", second)
    asked = sent(clerk, page, "propose")
    assert asked.status_code == 409 and 'name="over"' in asked.text
    assert held(one_office).digest == before
    assert sent(clerk, page, "propose", over="true").status_code == 303
    assert held(one_office).digest != before


def test_a_proposal_is_gone_on_with_as_a_draft_of_ones_own(seat: Seats, one_office: Office) -> None:
    clerk = seat("county.office")
    sent(clerk, at("propose", begun(clerk)), "propose")
    hidden = clerk.hidden(f"/packs/{NEXT}")
    draft = draft_of(clerk.post("/pack-drafts/new", hidden | {"from": NEXT, "same": "1"}))
    sent(clerk, at("table", draft, of="rules.csv"), "table", _up="4")
    assert sent(clerk, at("propose", draft), "propose").status_code == 303
    assert held(one_office).version > 1


def test_a_draft_is_its_writers_alone_and_begun_by_those_who_propose(seat: Seats) -> None:
    draft = begun(seat("county.office"))
    for other in ("county.head", "dept.clerk", "auditor"):
        assert seat(other).get(at("one", draft)).status_code in (403, 404), other
    reader = seat("dept.clerk")
    assert "/pack-drafts/new" not in reader.get("/packs").text
    answer = reader.post("/pack-drafts/new", reader.hidden("/packs") | {"from": "", "id": "x"})
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize(
    "typed", [{"id": "没有"}, {"id": "ok-1", "effective_from": "明天"},
              {"id": "ok-1", "effective_from": "2027-01-01", "name": 'a"b'}]
)  # fmt: skip
def test_a_draft_that_cannot_be_named_says_why_and_keeps_what_was_typed(
    seat: Seats, typed: dict[str, str]
) -> None:
    clerk = seat("county.office")
    answer = clerk.post("/pack-drafts/new", clerk.hidden("/packs") | {"from": ""} | typed)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert f'value="{typed["id"]}"' in answer.text


def test_a_skeleton_and_a_pack_in_force_are_where_drafts_begin_in_either_language(
    seat: Seats,
) -> None:
    clerk = seat("county.office")
    for start, id in (("", "ok-1"), ("demo-county", "ok-2"), ("cn-base", "ok-3")):
        typed = {"from": start, "id": id, "name": "新规则", "effective_from": "2027-01-01"}
        draft = draft_of(clerk.post("/pack-drafts/new", clerk.hidden("/packs") | typed))
        for word in ("one", "check", "test", "diff", "settings"):
            for language in ("zh", "en"):
                page = clerk.get(at(word, draft, lang=language))
                assert page.status_code == 200 and "<h1>" in page.text, (start, word)
    assert clerk.get("/packs/cn-base?county=000000").status_code == 200


def test_a_draft_is_tried_on_the_cases_on_record_before_it_is_proposed(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    clerk = seat("county.office")
    closed = next_year()
    rows = lines.insert(
        closed["rules.csv"], 2,
        {"gate": "file", "kind": "task", "eft": "deny", "outcome": "refused", "rule": "DM-R4"},
        ("eft", "outcome", "rule"),
    )  # fmt: skip
    draft = begun(clerk, closed | {"rules.csv": rows})
    before = one_office.store.reader.head(COUNTY)
    page = clerk.get(at("simulate", draft)).text
    assert "新增不通过" in page and "楼道灯具编号拍照" in page and "全部试算" in page
    assert one_office.store.reader.head(COUNTY) == before
    assert held_nowhere(one_office)
    broken = sent(clerk, at("text", draft, file="pack.toml"), "text", text="[pack")
    assert broken.status_code == 303
    assert clerk.get(at("simulate", draft)).status_code == 200


def held_nowhere(office: Office) -> bool:
    return office.store.reader.get(PublishedPack, COUNTY, NEXT) is None


def test_a_text_typed_when_the_session_ended_comes_back_after_signing_in(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    page = at("text", draft, file="pack.toml")
    typed = clerk.hidden(page) | {"text": "# typed for an hour"}
    clerk.secret = "gone"
    answer = clerk.post("/pack-drafts/text", typed)
    assert answer.status_code == 401 and "# typed for an hour" in answer.text
