"""清单编修页: a list is revised, tried, proposed and published from a browser, by two people."""

import re
import threading
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from registry.actions.office import Office
from registry.domain.catalogue import MatterList
from registry.domain.edition import EditionState, ListEdition
from registry.domain.records import civil
from registry.domain.request import Request
from registry.policies.drafting.grids import write_csv
from registry.policies.drafting.workbook import read_xlsx, write_xlsx
from tests.actions.editing import COUNTY, LIST, listed, widened
from tests.web.seated import Seat
from tests.web.test_case import admitted, do, the_case, typed_filing

Seats = Callable[[str], Seat]
XLSX = "application/octet-stream"
FRESH = {"c.id": "DEMO-LST-99", "c.title": "楼道灯具编号拍照", "c.basis": "演示目录第99项",
         "c.grade": "fictional", "c.source": "演示"}  # fmt: skip


def begun(seat: Seat, **given: str) -> str:
    """A draft from the county's list, unless something else is given; its id."""
    told = seat.hidden("/lists") | ({"list": LIST, "title": ""} | given)
    answer = seat.post("/list-drafts/new", {n: v for n, v in told.items() if v})
    assert answer.status_code == 303, answer.text
    return draft_of(answer)


def draft_of(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["location"]).query)["draft"][0]


def at(word: str, draft: str, **query: str) -> str:
    return f"/list-drafts/{word}?draft={draft}" + "".join(f"&{n}={v}" for n, v in query.items())


def sent(seat: Seat, page: str, to: str, **typed: Any) -> Any:
    """A form of a page, sent where it says."""
    return seat.post(f"/list-drafts/{to}", seat.hidden(page) | typed)


def with_item(seat: Seat, draft: str, **changed: str) -> Any:
    page = at("row", draft, row="new")
    return sent(seat, page, "row", **(FRESH | changed))


def proposed(seat: Seat, office: Office, draft: str) -> str:
    """The draft proposed from today on; the id of its edition."""
    day = civil(office.clock()).isoformat()
    answer = sent(seat, at("propose", draft), "propose", effective_from=day)
    assert answer.status_code == 303, answer.text
    return urlsplit(answer.headers["location"]).path.rpartition("/")[2]


def published(seat: Seat, edition: str) -> None:
    do(
        seat, "list.publish", edition, document_number="演示发〔2026〕9号", _not_secret="true",
        files={"document_id": ("红头文件.pdf", b"%PDF-1.4 the instrument", "application/pdf")},
    )  # fmt: skip


def filed(seat: Seats, office: Office) -> Request:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    do(seat("dept.head"), "request.submit", the_case(office).id)
    return the_case(office)


def items(seat: Seat, draft: str) -> list[str]:
    grids, wrong = read_xlsx("x.xlsx", seat.get(at("items.xlsx", draft)).content)
    assert not wrong
    return [cells[0] for _, cells in grids[0].rows[2:]]


def brought(seat: Seat, draft: str, name: str, data: bytes) -> Any:
    told = {"file": (name, BytesIO(data), XLSX)}
    return seat.post("/list-drafts/file", seat.hidden(at("one", draft)), files=told)


def test_a_list_is_revised_on_pages_published_by_another_and_a_verdict_cites_the_new_item(
    seat: Seats, one_office: Office
) -> None:
    clerk, head = seat("county.office"), seat("county.head")
    draft = begun(clerk)
    assert with_item(clerk, draft).status_code == 303
    assert "楼道灯具编号拍照" in clerk.get(at("check", draft)).text
    edition = proposed(clerk, one_office, draft)
    page = clerk.get(f"/lists/{edition}").text
    assert "须由另一人发布" in page and "/do/list.publish" not in page
    assert draft not in clerk.get("/lists").text, "what was proposed is no draft any more"
    refused = clerk.post(f"/do/list.publish?id={edition}", clerk.hidden(f"/lists/{edition}"))
    assert refused.status_code in (403, 422)
    assert f"/do/list.publish?id={edition}" in head.get(f"/lists/{edition}").text
    form, paper = (
        f"/do/list.publish?id={edition}",
        ("红头文件.pdf", b"%PDF-1.4 x", "application/pdf"),
    )
    bare = head.hand_in(form)
    assert bare.status_code == 422 and "材料不齐" in bare.text
    mended = {"document_number": "演示发〔2026〕9号", "_not_secret": "true"}
    done = head.post(form, head.sent(bare) | mended, files={"document_id": paper})
    assert done.status_code == 303, "what was refused on record is mended and handed in at once"
    held = one_office.store.reader.get(ListEdition, COUNTY, edition)
    assert held is not None and held.state is EditionState.IN_FORCE
    assert (held.proposed_by, held.published_by) == (clerk.person.id, head.person.id)
    request = filed(seat, one_office)
    assert "DEMO-LST-99" in clerk.get(f"/records/verdicts/{request.verdict_id}").text
    assert "DEMO-LST-99" in clerk.get(f"/case/{request.id}").text


def test_the_cases_on_record_are_tried_against_a_draft_and_against_what_was_proposed(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    clerk = seat("county.office")
    draft = begun(clerk, list="DEMO-BARRED")
    with_item(clerk, draft, **{"c.ground": listed(one_office, "DEMO-BARRED").items[0].ground})
    before = one_office.store.reader.head(COUNTY)
    page = clerk.get(at("simulate", draft)).text
    assert "全部试算" in page and "新增不通过" in page and "楼道灯具编号拍照" in page
    assert one_office.store.reader.head(COUNTY) == before
    edition = proposed(clerk, one_office, draft)
    for role in ("county.office", "county.head"):
        assert "新增不通过" in seat(role).get(f"/lists/{edition}/simulate").text
    assert seat("dept.clerk").get(f"/lists/{edition}/simulate").status_code == 403


def test_a_trial_is_kept_on_record_and_its_cases_are_taken_away(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    clerk = seat("county.office")
    draft = begun(clerk, list="DEMO-BARRED")
    with_item(clerk, draft, **{"c.ground": listed(one_office, "DEMO-BARRED").items[0].ground})
    edition = proposed(clerk, one_office, draft)
    page = clerk.get(f"/lists/{edition}")
    form = re.search(r'action="(/do/list\.run[^"]+)"', page.text)
    assert form is not None
    assert clerk.post(unescape(form[1]), clerk.sent(page)).status_code == 303
    for thread in threading.enumerate():
        if thread.name.startswith("run-"):
            thread.join()
    page = clerk.get(f"/lists/{edition}").text
    assert "留存的试算" in page and "新增不通过" in page
    rows = re.search(r'href="(/pack-runs/[^"]+/rows\.csv)"', page)
    assert rows is not None
    assert "楼道灯具编号拍照" in clerk.get(rows[1]).content.decode("utf-8-sig")
    assert "/do/list.run" not in seat("dept.clerk").get(f"/lists/{edition}").text


def test_an_item_is_changed_moved_and_deleted_in_its_place(seat: Seats, one_office: Office) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    before = [one.id for one in listed(one_office).items]
    assert items(clerk, draft) == before
    row = at("row", draft, row="2")
    text = clerk.get(row).text
    assert listed(one_office).items[1].title in text
    held = listed(one_office).items[1]
    typed = {"c.id": held.id, "c.title": "改过的名称", "c.basis": held.basis,
             "c.grade": held.grade.value, "c.source": held.source}  # fmt: skip
    assert sent(clerk, row, "row", **typed).status_code == 303
    assert "改过的名称" in clerk.get(at("one", draft)).text
    sent(clerk, at("one", draft), "one", _up="2")
    assert items(clerk, draft)[:2] == [before[1], before[0]]
    sent(clerk, at("one", draft), "one", _down="1")
    sent(clerk, at("one", draft), "one", _drop="1")
    assert items(clerk, draft) == before[1:]
    with_item(clerk, draft)
    sent(clerk, at("row", draft, row="1"), "row", **(FRESH | {"c.id": "X-1", "_before": "1"}))
    assert items(clerk, draft) == ["X-1", *before[1:], "DEMO-LST-99"]


def test_two_hundred_items_are_found_by_words_of_any_column(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    rows = [[f"N-{n}", f"事项{n}号", "依据", "全文", "来源", "水务" if n % 50 == 0 else ""]
            for n in range(1, 201)]  # fmt: skip
    sheet = csv_of([["编号", "事项名称", "依据", "依据等级", "来源", "责任部门"], *rows])
    assert brought(clerk, draft, "清单.csv", sheet).status_code == 303
    page = clerk.get(at("one", draft)).text
    assert "事项100号" in page and "事项101号" not in page and "from=100" in page
    page = clerk.get(at("one", draft, q="水务 事项1")).text
    assert "事项100号" in page and "事项150号" in page and "事项200号" not in page
    assert "符合的 2 项" in page


def csv_of(rows: list[list[str]]) -> bytes:
    from registry.policies.drafting.grids import Grid

    return write_csv(Grid(name="x", rows=list(enumerate(rows, start=1))))


def test_an_item_that_cannot_be_read_says_why_keeps_what_was_typed_and_may_wait(
    seat: Seats,
) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    answer = with_item(clerk, draft, **{"c.basis": "", "c.grade": "没有这一级"})
    assert answer.status_code == 422
    assert 'href="#c-basis"' in answer.text and 'href="#c-grade"' in answer.text
    assert "楼道灯具编号拍照" in answer.text and "没有这一级" in answer.text
    assert with_item(clerk, draft, **{"c.basis": "", "_anyway": "1"}).status_code == 303
    check = clerk.get(at("check", draft)).text
    count = len(items(clerk, draft))
    assert f"row={count}" in check and "没有填写" in check
    answer = sent(clerk, at("propose", draft), "propose", effective_from="2026-12-01")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_new_list_is_written_from_nothing_and_says_that_no_rule_names_it(
    seat: Seats, one_office: Office
) -> None:
    clerk, head = seat("county.office"), seat("county.head")
    draft = begun(clerk, list="", title="新编清单(演示)")
    bad = sent(clerk, at("head", draft), "head", **{"c.title": "新编清单(演示)"})
    assert bad.status_code == 422 and 'href="#c-polarity"' in bad.text
    told = {"c.id": "DEMO-NEW", "c.title": "新编清单(演示)", "c.polarity": "assist",
            "c.kinds": ["task", "report"], "c.instrument": "演示文件", "c.grade": "fictional",
            "c.source": "演示", "c.items_read": "true"}  # fmt: skip
    assert sent(clerk, at("head", draft), "head", **told).status_code == 303
    with_item(clerk, draft, **{"c.id": "DEMO-NEW-1"})
    assert "没有引用清单 DEMO-NEW" in clerk.get(at("check", draft)).text
    edition = proposed(clerk, one_office, draft)
    published(head, edition)
    kept = one_office.store.reader.get(MatterList, COUNTY, "DEMO-NEW")
    assert kept is not None and [k.value for k in kept.kinds] == ["task", "report"]
    assert [one.id for one in kept.items] == ["DEMO-NEW-1"]


def test_a_sheet_goes_out_and_comes_back_and_one_error_changes_nothing(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    before = items(clerk, draft)
    grids, _ = read_xlsx("t.xlsx", clerk.get(at("items.xlsx", draft)).content)
    assert brought(clerk, draft, "t.xlsx", write_xlsx(grids, {})).status_code == 303
    assert items(clerk, draft) == before and "没有变动" in clerk.get(at("check", draft)).text
    grade = grids[0].rows[1][1].index("grade")
    grids[0].rows[3][1][grade] = "没有这一级"
    bad = brought(clerk, draft, "t.xlsx", write_xlsx(grids, {}))
    assert bad.status_code == 422 and "依据等级" in bad.text and items(clerk, draft) == before
    back = clerk.post("/list-drafts/errors", clerk.sent(bad) | {"back": held_in(bad.text)})
    told, _ = read_xlsx("t.xlsx", back.content)
    marked = [cells for _, cells in told[0].rows if "没有这一级" in cells]
    assert len(marked) == 1 and "依据等级" in marked[0][-1]
    for name, data in (("a.xlsx", b"no workbook"), ("a.csv", b"\x00\x01"), ("a.exe", b"MZ"),
                       ("b.csv", csv_of([["编号", "没有这一列"]]))):  # fmt: skip
        assert brought(clerk, draft, name, data).status_code == 422, name
    assert items(clerk, draft) == before


def held_in(page: str) -> str:
    from html import unescape

    text = page.split('<textarea name="back"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]
    return unescape(text)


def test_two_tabs_do_not_write_over_each_other(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    page = at("row", draft, row="1")
    old = clerk.hidden(page)
    sent(clerk, at("one", draft), "one", _drop="3")
    answer = clerk.post("/list-drafts/row", old | FRESH)
    assert answer.status_code == 409 and "楼道灯具编号拍照" in answer.text
    assert "DEMO-LST-99" not in items(clerk, draft)


def test_nobody_writes_over_anothers_proposal_unseen_and_it_is_gone_on_with_as_a_draft(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("county.office")
    first, second = begun(clerk), begun(clerk)
    with_item(clerk, first)
    with_item(clerk, second, **{"c.note": "另一稿"})
    edition = proposed(clerk, one_office, first)
    day = civil(one_office.clock()).isoformat()
    asked = sent(clerk, at("propose", second), "propose", effective_from=day)
    assert (
        asked.status_code == 409 and 'name="over"' in asked.text and f'value="{day}"' in asked.text
    )
    ticked = sent(clerk, at("propose", second), "propose", effective_from=day, over="true")
    assert ticked.status_code == 303
    held = one_office.store.reader.get(ListEdition, COUNTY, edition)
    assert held is not None and held.version == 2 and held.matters.items[-1].note == "另一稿"
    hidden = clerk.hidden(f"/lists/{edition}")
    draft = draft_of(clerk.post("/list-drafts/new", hidden | {"edition": edition}))
    with_item(clerk, draft, **{"c.id": "DEMO-LST-98", "c.title": "另一件"})
    assert proposed(clerk, one_office, draft) == edition


def test_a_draft_is_its_writers_alone_and_begun_by_those_who_propose(seat: Seats) -> None:
    draft = begun(seat("county.office"))
    for other in ("county.head", "dept.clerk", "auditor"):
        assert seat(other).get(at("one", draft)).status_code in (403, 404), other
    reader = seat("dept.clerk")
    assert "/list-drafts/new" not in reader.get("/lists").text
    answer = reader.post("/list-drafts/new", reader.hidden("/lists") | {"list": LIST})
    assert answer.status_code in (403, 404)


def test_what_was_proposed_is_withdrawn_with_its_reason(seat: Seats, one_office: Office) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    with_item(clerk, draft)
    edition = proposed(clerk, one_office, draft)
    do(clerk, "list.withdraw", edition, reason="文件尚未印发")
    assert "文件尚未印发" in clerk.get(f"/lists/{edition}").text
    assert edition not in clerk.get("/lists").text


def test_every_page_of_a_draft_is_there_in_either_language(seat: Seats, one_office: Office) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    with_item(clerk, draft)
    for language in ("zh", "en"):
        for word in ("one", "head", "check", "simulate", "propose"):
            page = clerk.get(at(word, draft, lang=language))
            assert page.status_code == 200 and "<h1>" in page.text, word
        for row in ("1", "new"):
            assert clerk.get(at("row", draft, row=row, lang=language)).status_code == 200
        assert clerk.get(f"/lists?lang={language}").status_code == 200
    assert clerk.get(at("row", draft, row="999")).status_code == 404
    edition = proposed(clerk, one_office, draft)
    for role in ("county.head", "auditor", "dept.clerk"):
        assert seat(role).get(f"/lists/{edition}?lang=en").status_code == 200


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "\u202eabc", "x" * 3000, "𠮷" * 50])
def test_what_was_typed_is_shown_and_runs_nothing(seat: Seats, typed: str) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    with_item(clerk, draft, **{"c.title": typed})
    page = clerk.get(at("one", draft)).text
    assert "<script>alert" not in page
    assert clerk.get(at("check", draft)).status_code == 200


def test_a_list_is_written_as_it_is_read(one_office: Office) -> None:
    from registry.policies.drafting.matter_text import read, text_of

    for one in one_office.store.reader.find(MatterList, COUNTY):
        found, wrong = read(text_of(one), COUNTY)
        assert not wrong
        assert found == msgspec.structs.replace(one, version=1, area="")
    assert widened(one_office) != listed(one_office)


def test_an_item_typed_when_the_session_ended_comes_back_after_signing_in(seat: Seats) -> None:
    clerk = seat("county.office")
    draft = begun(clerk)
    typed = clerk.hidden(at("row", draft, row="new")) | FRESH
    clerk.secret = "gone"
    answer = clerk.post("/list-drafts/row", typed)
    assert answer.status_code == 401 and "楼道灯具编号拍照" in answer.text
    assert typed["stamp"] in answer.text, "what came since is still told after signing in"
